//! Voiding, deleting, and the traces of what was deleted.

use jiff::ToSpan;

use super::Books;
use super::books::{Deleted, Key};
use super::node::Node;
use super::refusal::Refusal;
use super::txns::{Txn, TxnKind};

/// How far back the deleted queries reach (qbXML notes, section 7).
const DELETED_DAYS: i64 = 90;

pub(crate) fn void(books: &mut Books, request: &Node) -> Result<Vec<Node>, Refusal> {
    let old = named(books, request, "TxnVoidType")?;
    if books.company.is_closed_on(old.date) {
        return Err(Refusal::closed_books());
    }
    let voided = super::document::void(books, &old)?;
    books.unlink_all(&old.txn_id);
    let mut answer = vec![Node::leaf("TxnVoidType", old.kind.word()), Node::leaf("TxnID", old.txn_id)];
    for name in ["TimeCreated", "TimeModified", "RefNumber"] {
        answer.extend(voided.node.child(name).cloned());
    }
    books.enter_txn(voided);
    Ok(answer)
}

pub(crate) fn delete(books: &mut Books, request: &Node) -> Result<Vec<Node>, Refusal> {
    let old = named(books, request, "TxnDelType")?;
    if books.company.is_closed_on(old.date) {
        return Err(Refusal::deleted_in_closed_books());
    }
    let deleted = books.delete_txn(&old.txn_id).ok_or_else(|| Refusal::object_not_found(&old.txn_id))?;
    let mut answer = vec![
        Node::leaf("TxnDelType", deleted.word),
        Node::leaf("TxnID", deleted.id),
        Node::leaf("TimeDeleted", deleted.time_deleted),
    ];
    if !deleted.name.is_empty() {
        answer.push(Node::leaf("RefNumber", deleted.name));
    }
    Ok(answer)
}

/// The answer to TxnDeletedQuery or ListDeletedQuery.
pub(crate) fn deleted(books: &Books, request: &Node, is_txn: bool) -> Result<Vec<Node>, Refusal> {
    let (type_name, ret, id_name, name_name) = if is_txn {
        ("TxnDelType", "TxnDeletedRet", "TxnID", "RefNumber")
    } else {
        ("ListDelType", "ListDeletedRet", "ListID", "FullName")
    };
    let range = request.child("DeletedDateRangeFilter");
    let point = |name: &str, at_end: bool| {
        let text = range.and_then(|range| range.text_of(name))?;
        Some(books.company.local_time.filter_point(text, at_end).ok_or_else(|| bad_date(text)))
    };
    let from = point("FromDeletedDate", false).transpose()?;
    let to = point("ToDeletedDate", true).transpose()?;
    if from.is_some() && to.is_some() && from > to {
        return Err(Refusal::new(3030, "The From date is after the To date."));
    }
    let wanted: Vec<&str> = request.texts_of(type_name).collect();
    let oldest = books.now.saturating_sub((DELETED_DAYS * 24).hours()).unwrap_or(books.now);
    let is_asked_for = |deleted: &&Deleted| {
        let clock = deleted.time_deleted.get(..19).unwrap_or_default();
        deleted.is_txn == is_txn
            && deleted.deleted_at >= oldest
            && wanted.contains(&deleted.word.as_str())
            && from.as_deref().is_none_or(|from| clock >= from)
            && to.as_deref().is_none_or(|to| clock <= to)
    };
    let mut found: Vec<&Deleted> = books.deleted.values().filter(is_asked_for).collect();
    found.sort_by_key(|deleted| deleted.deleted_at);
    Ok(found.into_iter().map(|deleted| as_ret(deleted, ret, [type_name, id_name, name_name])).collect())
}

/// Forgets traces that are too old to be asked for.
pub(crate) fn forget_old(books: &mut Books) {
    let oldest = books.now.saturating_sub((DELETED_DAYS * 24).hours()).unwrap_or(books.now);
    let old: Vec<String> =
        books.deleted.iter().filter(|(_, deleted)| deleted.deleted_at < oldest).map(|(key, _)| key.clone()).collect();
    for key in old {
        books.deleted.remove(&key);
        books.changed.insert(Key::Deleted(key));
    }
}

pub(crate) fn bad_date(text: &str) -> Refusal {
    Refusal::new(3020, format!("There was an error when converting the date value \"{text}\"."))
}

fn named(books: &Books, request: &Node, type_name: &str) -> Result<Txn, Refusal> {
    let txn_id = request.text_of("TxnID").unwrap_or_default();
    let kind = request.text_of(type_name).and_then(TxnKind::named);
    let txn = books.txns.get(txn_id).filter(|txn| Some(txn.kind) == kind);
    txn.cloned().ok_or_else(|| Refusal::object_not_found(txn_id))
}

fn as_ret(deleted: &Deleted, ret: &'static str, names: [&'static str; 3]) -> Node {
    let [type_name, id_name, name_name] = names;
    let mut node = Node::with(
        ret,
        vec![
            Node::leaf(type_name, deleted.word.clone()),
            Node::leaf(id_name, deleted.id.clone()),
            Node::leaf("TimeCreated", deleted.time_created.clone()),
            Node::leaf("TimeDeleted", deleted.time_deleted.clone()),
        ],
    );
    if !deleted.name.is_empty() {
        node.children.push(Node::leaf(name_name, deleted.name.clone()));
    }
    node
}
