//! One request: who answers it, and with which status.

use super::answer::{self, Portion};
use super::books::Books;
use super::document;
use super::entry;
use super::facts;
use super::kind::Kind;
use super::node::Node;
use super::payment::{self, Received};
use super::query::{self, Found, Iterators, Wanted};
use super::refusal::Refusal;
use super::removal;
use super::txns::{Txn, TxnKind};

/// What a request came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) children: Vec<Node>,
    pub(crate) attributes: Vec<(&'static str, String)>,
}

impl Outcome {
    fn of(children: Vec<Node>) -> Self {
        Self { code: 0, message: "Status OK".to_owned(), children, attributes: Vec::new() }
    }

    pub(crate) fn refused(refusal: Refusal) -> Self {
        Self { code: refusal.code, message: refusal.message, ..Self::default() }
    }
}

/// Whether a request changes the company file.
pub(crate) fn is_write(request: &Node) -> bool {
    let word = request.name.strip_suffix("Rq").unwrap_or(&request.name);
    word.ends_with("Add") || word.ends_with("Mod") || matches!(word, "TxnVoid" | "TxnDel" | "ListDel")
}

/// Executes one request; a refusal leaves everything as it was.
pub(crate) fn execute(books: &mut Books, request: &mut Node, iterators: &mut Iterators, session: u64) -> Outcome {
    let last_ref_number = books.company.last_ref_number;
    dispatch(books, request, iterators, session).unwrap_or_else(|refusal| {
        books.company.last_ref_number = last_ref_number;
        Outcome::refused(refusal)
    })
}

fn dispatch(
    books: &mut Books,
    request: &mut Node,
    iterators: &mut Iterators,
    session: u64,
) -> Result<Outcome, Refusal> {
    let name = request.name.clone();
    let word = name.strip_suffix("Rq").unwrap_or_default();
    match word {
        "HostQuery" => return Ok(Outcome::of(vec![facts::host()])),
        "CompanyQuery" => return Ok(Outcome::of(vec![facts::company(books, request)])),
        "PreferencesQuery" => return Ok(Outcome::of(vec![facts::preferences(books)])),
        "TxnVoid" => return removal::void(books, request).map(Outcome::of),
        "TxnDel" => return removal::delete(books, request).map(Outcome::of),
        "TxnDeletedQuery" | "ListDeletedQuery" => {
            return removal::deleted(books, request, word == "TxnDeletedQuery").map(deleted);
        }
        _ => {}
    }
    if let Some(what) = word.strip_suffix("Query") {
        return query(books, request, what, iterators, session).map(found);
    }
    let portion = Portion::of_write(request);
    let body = request.children.first_mut().ok_or_else(|| Refusal::missing(word))?;
    if let Some(what) = word.strip_suffix("Add") {
        return add(books, what, body, &portion);
    }
    if let Some(what) = word.strip_suffix("Mod") {
        return modify(books, what, body, &portion);
    }
    Err(unsupported())
}

fn query(books: &Books, request: &Node, what: &str, iterators: &mut Iterators, session: u64) -> Result<Found, Refusal> {
    if let Some(kind) = TxnKind::named(what) {
        return query::query_txns(books, request, kind, iterators, session);
    }
    let wanted = match what {
        "Item" => Wanted { list: Kind::ItemService.list(), kind: None },
        "Terms" => Wanted { list: Kind::StandardTerms.list(), kind: None },
        _ => {
            let kind = Kind::named(what).ok_or_else(unsupported)?;
            Wanted { list: kind.list(), kind: Some(kind) }
        }
    };
    query::query_entries(books, request, wanted, iterators, session)
}

fn add(books: &mut Books, what: &str, body: &mut Node, portion: &Portion) -> Result<Outcome, Refusal> {
    let Some(kind) = TxnKind::named(what) else {
        let kind = Kind::named(what).ok_or_else(unsupported)?;
        let entry = entry::add(books, kind, body)?;
        books.enter_entry(entry.clone());
        return Ok(Outcome::of(vec![answer::entry(books, &entry, portion)]));
    };
    if kind == TxnKind::ReceivePayment {
        let received = payment::add(books, body)?;
        return Ok(enter_payment(books, received, body, portion));
    }
    let drafted = document::add(books, kind, body)?;
    let credits = payment::credits_of_document(books, body, &drafted.txn)?;
    define_macro(books, body, &drafted.txn.txn_id);
    let txn_id = drafted.txn.txn_id.clone();
    books.enter_txn(drafted.txn);
    credits.iter().for_each(|credit| books.use_credit(credit));
    Ok(written(books, &txn_id, drafted.rate_was_ignored, portion))
}

fn modify(books: &mut Books, what: &str, body: &Node, portion: &Portion) -> Result<Outcome, Refusal> {
    let Some(kind) = TxnKind::named(what) else {
        let kind = Kind::named(what).ok_or_else(unsupported)?;
        let list_id = body.text_of("ListID").unwrap_or_default();
        let old = books.lists.of(kind.list()).by_id(list_id).filter(|entry| entry.kind == kind);
        let old = old.ok_or_else(|| Refusal::object_not_found(list_id))?.clone();
        check_edit_sequence(&old.node, body)?;
        let entry = entry::modify(books, &old, body)?;
        books.enter_entry(entry.clone());
        return Ok(Outcome::of(vec![answer::entry(books, &entry, portion)]));
    };
    let txn_id = body.text_of("TxnID").unwrap_or_default();
    let old = books.txns.get(txn_id).filter(|txn| txn.kind == kind);
    let old: Txn = old.ok_or_else(|| Refusal::object_not_found(txn_id))?.clone();
    check_edit_sequence(&old.node, body)?;
    if books.company.is_closed_on(old.date) {
        return Err(Refusal::closed_books());
    }
    if kind == TxnKind::ReceivePayment {
        let received = payment::modify(books, &old, body)?;
        return Ok(enter_payment(books, received, body, portion));
    }
    let drafted = document::modify(books, &old, body)?;
    let credits = payment::credits_of_document(books, body, &drafted.txn)?;
    books.enter_txn(drafted.txn);
    credits.iter().for_each(|credit| books.use_credit(credit));
    Ok(written(books, &old.txn_id, drafted.rate_was_ignored, portion))
}

fn enter_payment(books: &mut Books, received: Received, body: &Node, portion: &Portion) -> Outcome {
    let mut outcome = Outcome::of(Vec::new());
    if let Some(txn) = received.txn {
        let txn_id = txn.txn_id.clone();
        define_macro(books, body, &txn_id);
        let before: Vec<String> = books.ledger.links_from(&txn_id).map(|(charge, _)| charge.to_owned()).collect();
        before.iter().for_each(|charge| books.unlink(&txn_id, charge));
        books.enter_txn(txn);
        for (charge, link) in received.links {
            books.link(&txn_id, &charge, link);
        }
        received.credits.iter().for_each(|credit| books.use_credit(credit));
        outcome = written(books, &txn_id, false, portion);
    } else {
        received.credits.iter().for_each(|credit| books.use_credit(credit));
    }
    outcome
}

fn written(books: &Books, txn_id: &str, rate_was_ignored: bool, portion: &Portion) -> Outcome {
    let ret = books.txns.get(txn_id).map(|txn| answer::txn(books, txn, portion));
    let outcome = Outcome::of(ret.into_iter().collect());
    if !rate_was_ignored {
        return outcome;
    }
    let message = "A line has both a rate and an amount; the rate was ignored.".to_owned();
    Outcome { code: document::RATE_IGNORED, message, ..outcome }
}

fn define_macro(books: &mut Books, body: &Node, txn_id: &str) {
    if let Some(name) = body.attribute("defMacro") {
        books.macros.insert(name.to_owned(), txn_id.to_owned());
    }
}

fn check_edit_sequence(stored: &Node, given: &Node) -> Result<(), Refusal> {
    let edit_sequence = given.text_of("EditSequence").unwrap_or_default();
    if stored.text_of("EditSequence") == Some(edit_sequence) { Ok(()) } else { Err(Refusal::stale(edit_sequence)) }
}

fn found(found: Found) -> Outcome {
    let mut outcome = Outcome::of(found.objects);
    outcome.attributes.extend(found.count.map(|count| ("retCount", count.to_string())));
    if let Some((id, remaining)) = found.iterator {
        outcome.attributes.push(("iteratorRemainingCount", remaining.to_string()));
        outcome.attributes.push(("iteratorID", id));
    }
    if let Some(missing) = found.missing {
        outcome.code = 500;
        outcome.message = format!(
            "The query request has not been fully completed. There was a required element (\"{missing}\") \
             that could not be found in QuickBooks."
        );
    } else if !found.is_any {
        nothing_found(&mut outcome);
    }
    outcome
}

fn deleted(objects: Vec<Node>) -> Outcome {
    let mut outcome = Outcome::of(objects);
    if outcome.children.is_empty() {
        nothing_found(&mut outcome);
    }
    outcome
}

fn nothing_found(outcome: &mut Outcome) {
    outcome.code = 1;
    outcome.message = "A query request did not find a matching object in QuickBooks".to_owned();
}

fn unsupported() -> Refusal {
    Refusal::new(1030, "This request is not supported by this version of QuickBooks.")
}
