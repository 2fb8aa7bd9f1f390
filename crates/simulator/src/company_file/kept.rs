//! The company file on disk: which row says what.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::books::{Books, Deleted, Key};
use super::company::Company;
use super::document;
use super::kind::Kind;
use super::ledger::Link;
use super::lists::ListEntry;
use super::money;
use super::node::Node;
use super::storage::{Changes, Storage, StorageError, StoredObject};
use super::stored_sets::{StoredSet, StoredSets};
use super::txns::{Txn, TxnKind};

/// What a file held.
pub(crate) struct Loaded {
    pub(crate) books: Books,
    pub(crate) stored_sets: StoredSets,
}

/// Opens a file; `None` where it is new and empty.
pub(crate) fn open(path: &Path, now: Timestamp) -> Result<(Storage, Option<Loaded>), StorageError> {
    let mut storage = Storage::open(path)?;
    let loaded = load(&mut storage, now)?;
    Ok((storage, loaded))
}

/// Reads everything anew, as after a failed write.
pub(crate) fn load(storage: &mut Storage, now: Timestamp) -> Result<Option<Loaded>, StorageError> {
    let objects = storage.load()?;
    if objects.is_empty() {
        return Ok(None);
    }
    let mut loaded = Loaded { books: Books::new(Company::named(""), now), stored_sets: StoredSets::default() };
    let mut entries = BTreeMap::new();
    let mut links = BTreeMap::new();
    for object in &objects {
        let taken = take(object, &mut loaded, &mut entries, &mut links);
        taken.map_err(|reason| storage.damaged(object, &reason))?;
    }
    // Ids count up, so their order is that of creation.
    entries.into_values().for_each(|entry: ListEntry| loaded.books.enter_entry(entry));
    for (credit, charge, link) in links.into_values() {
        loaded.books.link(&credit, &charge, link);
    }
    loaded.books.changed.clear();
    Ok(Some(loaded))
}

/// What to write of the changes so far.
pub(crate) fn changes(books: &Books, stored_sets: &StoredSets) -> Changes {
    let mut changes = Changes::default();
    for key in &books.changed {
        let (kind, id) = name(key);
        match body(books, stored_sets, key) {
            Some(body) => changes.put.push(StoredObject { kind, id, body }),
            None => changes.gone.push((kind, id)),
        }
    }
    changes
}

fn name(key: &Key) -> (String, String) {
    match key {
        Key::Company => ("company".to_owned(), String::new()),
        Key::Ids => ("ids".to_owned(), String::new()),
        Key::Entry(kind, id) => (kind.word().to_owned(), id.clone()),
        Key::Txn(kind, id) => (kind.word().to_owned(), id.clone()),
        Key::Link(credit, charge) => ("link".to_owned(), format!("{credit}|{charge}")),
        Key::Deleted(id) => ("deleted".to_owned(), id.clone()),
        Key::StoredSet(id) => ("message_set".to_owned(), id.clone()),
    }
}

/// `None` for what is gone.
fn body(books: &Books, stored_sets: &StoredSets, key: &Key) -> Option<String> {
    match key {
        Key::Company => serde_json::to_string(&books.company).ok(),
        Key::Ids => serde_json::to_string(&books.ids).ok(),
        Key::Entry(kind, id) => books.lists.of(kind.list()).by_id(id).map(|entry| entry.node.to_xml()),
        Key::Txn(_, id) => books.txns.get(id).map(|txn| txn.node.to_xml()),
        Key::Link(credit, charge) => {
            let link = books.ledger.link_of(credit, charge)?;
            let place = books.ledger.place_of(credit, charge)?;
            Some(format!("{place} {} {}", link.amount, link.discount))
        }
        Key::Deleted(id) => serde_json::to_string(books.deleted.get(id)?).ok(),
        Key::StoredSet(id) => serde_json::to_string(stored_sets.get(id)?).ok(),
    }
}

type Links = BTreeMap<u64, (String, String, Link)>;

fn take(
    object: &StoredObject,
    loaded: &mut Loaded,
    entries: &mut BTreeMap<String, ListEntry>,
    links: &mut Links,
) -> Result<(), String> {
    let json = |error: serde_json::Error| error.to_string();
    let books = &mut loaded.books;
    match object.kind.as_str() {
        "company" => books.company = serde_json::from_str(&object.body).map_err(json)?,
        "ids" => books.ids = serde_json::from_str(&object.body).map_err(json)?,
        "deleted" => {
            let deleted: Deleted = serde_json::from_str(&object.body).map_err(json)?;
            books.deleted.insert(object.id.clone(), deleted);
        }
        "message_set" => {
            let set: StoredSet = serde_json::from_str(&object.body).map_err(json)?;
            loaded.stored_sets.store(&object.id, set);
        }
        "link" => {
            let (place, link) = link(object).ok_or("its form is wrong")?;
            links.insert(place, link);
        }
        word => {
            let node = Node::from_xml(&object.body).map_err(|error| error.to_string())?;
            if let Some(kind) = TxnKind::named(word) {
                books.enter_txn(txn(kind, node).ok_or("it is incomplete")?);
            } else {
                let kind = Kind::named(word).ok_or("its kind is unknown")?;
                let entry = ListEntry::from_node(kind, node).ok_or("it is incomplete")?;
                entries.insert(entry.list_id.clone(), entry);
            }
        }
    }
    Ok(())
}

fn txn(kind: TxnKind, node: Node) -> Option<Txn> {
    let total = match kind {
        TxnKind::Invoice | TxnKind::CreditMemo => document::total(&node),
        TxnKind::ReceivePayment => money::cents(&node, "TotalAmount").unwrap_or(0),
    };
    Txn::from_node(kind, node, total)
}

fn link(object: &StoredObject) -> Option<(u64, (String, String, Link))> {
    let (credit, charge) = object.id.split_once('|')?;
    let mut numbers = object.body.split(' ');
    let place = numbers.next()?.parse().ok()?;
    let link = Link { amount: numbers.next()?.parse().ok()?, discount: numbers.next()?.parse().ok()? };
    Some((place, (credit.to_owned(), charge.to_owned(), link)))
}
