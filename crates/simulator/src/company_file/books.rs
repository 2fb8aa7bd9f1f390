use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::company::Company;
use super::ids::Ids;
use super::kind::{Kind, List};
use super::ledger::{Ledger, Link, Posting, Side};
use super::lists::{ListEntry, Lists};
use super::node::Node;
use super::payment::CreditUse;
use super::refusal::Refusal;
use super::txns::{Txn, TxnKind, Txns};

/// The content of a company file, and what the message set at hand has changed of it.
#[derive(Debug, Clone)]
pub(crate) struct Books {
    pub(crate) company: Company,
    pub(crate) lists: Lists,
    pub(crate) txns: Txns,
    pub(crate) ledger: Ledger,
    pub(crate) ids: Ids,
    pub(crate) deleted: BTreeMap<String, Deleted>,
    pub(crate) now: Timestamp,
    /// Ids by the names under which this message set defined them.
    pub(crate) macros: HashMap<String, String>,
    pub(crate) changed: BTreeSet<Key>,
}

/// What has changed, to be written to disk.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Company,
    Ids,
    Entry(Kind, String),
    Txn(TxnKind, String),
    /// Money and the charge that it pays.
    Link(String, String),
    Deleted(String),
    StoredSet(String),
}

/// A trace of something deleted, for TxnDeletedQuery and ListDeletedQuery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deleted {
    pub(crate) is_txn: bool,
    /// `Invoice`, `Customer`, …
    pub(crate) word: String,
    pub(crate) id: String,
    pub(crate) time_created: String,
    pub(crate) time_deleted: String,
    pub(crate) deleted_at: Timestamp,
    /// `RefNumber` or `FullName`.
    pub(crate) name: String,
}

impl Books {
    pub(crate) fn new(company: Company, now: Timestamp) -> Self {
        Self {
            company,
            lists: Lists::default(),
            txns: Txns::default(),
            ledger: Ledger::default(),
            ids: Ids::default(),
            deleted: BTreeMap::new(),
            now,
            macros: HashMap::new(),
            changed: BTreeSet::from([Key::Company, Key::Ids]),
        }
    }

    pub(crate) fn stamp(&self) -> String {
        self.company.local_time.stamp(self.now)
    }

    pub(crate) fn today(&self) -> jiff::civil::Date {
        self.company.local_time.date(self.now)
    }

    pub(crate) fn enter_entry(&mut self, entry: ListEntry) {
        self.changed.insert(Key::Entry(entry.kind, entry.list_id.clone()));
        self.lists.put(entry);
    }

    /// Enters a transaction, new or changed. Where it came down below what is applied, the latest applications shrink.
    pub(crate) fn enter_txn(&mut self, txn: Txn) {
        self.changed.insert(Key::Txn(txn.kind, txn.txn_id.clone()));
        let side = if txn.kind == TxnKind::Invoice { Side::Charge } else { Side::Credit };
        let posting = Posting { customer_id: txn.customer_id.clone(), side, total: txn.total };
        self.ledger.post(&txn.txn_id, posting);
        self.shrink_links(&txn.txn_id, side);
        self.txns.put(txn);
    }

    pub(crate) fn link(&mut self, credit: &str, charge: &str, link: Link) {
        self.changed.insert(Key::Link(credit.to_owned(), charge.to_owned()));
        self.ledger.link(credit, charge, link);
    }

    pub(crate) fn unlink(&mut self, credit: &str, charge: &str) {
        self.changed.insert(Key::Link(credit.to_owned(), charge.to_owned()));
        self.ledger.unlink(credit, charge);
    }

    /// Adds to what a credit already pays of a charge.
    pub(crate) fn use_credit(&mut self, used: &CreditUse) {
        let before = self.ledger.link_of(&used.credit, &used.charge).unwrap_or(Link { amount: 0, discount: 0 });
        self.link(&used.credit, &used.charge, Link { amount: before.amount + used.amount, ..before });
    }

    /// Frees whatever pays it or it pays.
    pub(crate) fn unlink_all(&mut self, txn_id: &str) {
        for (credit, charge) in self.links_of(txn_id) {
            self.unlink(&credit, &charge);
        }
    }

    pub(crate) fn delete_txn(&mut self, txn_id: &str) -> Option<Deleted> {
        self.unlink_all(txn_id);
        let txn = self.txns.remove(txn_id)?;
        self.ledger.remove(txn_id);
        self.changed.insert(Key::Txn(txn.kind, txn_id.to_owned()));
        let created = txn.node.text_of("TimeCreated").unwrap_or_default();
        Some(self.note_deleted(true, txn.kind.word(), txn_id, created, txn.ref_number()))
    }

    pub(crate) fn delete_entry(&mut self, list: List, list_id: &str) -> Option<Deleted> {
        let entry = self.lists.remove(list, list_id)?;
        self.changed.insert(Key::Entry(entry.kind, list_id.to_owned()));
        let created = entry.node.text_of("TimeCreated").unwrap_or_default();
        Some(self.note_deleted(false, entry.kind.word(), list_id, created, &entry.full_name))
    }

    /// The id in a child that may be a macro of this message set.
    pub(crate) fn txn_id_of(&self, node: &Node, name: &str) -> Result<String, Refusal> {
        let child = node.child(name).ok_or_else(|| Refusal::missing(name))?;
        match child.attribute("useMacro") {
            Some(used) => self.macros.get(used).cloned().ok_or_else(|| Refusal::macro_unknown(used)),
            None => Ok(child.text.trim().to_owned()),
        }
    }

    pub(crate) fn account_type(&self, list_id: &str) -> Option<&str> {
        self.lists.of(List::Accounts).by_id(list_id)?.node.text_of("AccountType")
    }

    pub(crate) fn account_of_type(&self, account_type: &str) -> Option<&ListEntry> {
        let mut active = self.lists.of(List::Accounts).iter().filter(|account| account.is_active);
        active.find(|account| account.node.text_of("AccountType") == Some(account_type))
    }

    pub(crate) fn undeposited_funds(&self) -> Option<&ListEntry> {
        let mut accounts = self.lists.of(List::Accounts).iter();
        accounts.find(|account| account.node.text_of("SpecialAccountType") == Some("UndepositedFunds"))
    }

    pub(crate) fn next_ref_number(&mut self) -> String {
        self.company.last_ref_number += 1;
        self.changed.insert(Key::Company);
        self.company.last_ref_number.to_string()
    }

    /// The next number follows the highest that was given.
    pub(crate) fn note_ref_number(&mut self, ref_number: &str) {
        let number = ref_number.parse().ok().filter(|number: &i64| *number < 100_000_000);
        if let Some(number) = number.filter(|number| *number > self.company.last_ref_number) {
            self.company.last_ref_number = number;
            self.changed.insert(Key::Company);
        }
    }

    /// What a customer owes with all their jobs, in cents.
    pub(crate) fn total_balance(&self, customer_id: &str) -> i64 {
        self.lists.family(List::Names, customer_id).iter().map(|member| self.ledger.balance(member)).sum()
    }

    fn links_of(&self, txn_id: &str) -> Vec<(String, String)> {
        let to = self.ledger.links_to(txn_id).map(|(credit, _)| (credit.to_owned(), txn_id.to_owned()));
        let from = self.ledger.links_from(txn_id).map(|(charge, _)| (txn_id.to_owned(), charge.to_owned()));
        to.chain(from).collect()
    }

    fn shrink_links(&mut self, txn_id: &str, side: Side) {
        let links = self.links_of(txn_id);
        let mut excess = match side {
            Side::Charge => -self.ledger.open_amount(txn_id),
            Side::Credit => -self.ledger.unused_amount(txn_id),
        };
        for (credit, charge) in links.into_iter().rev() {
            if excess <= 0 {
                return;
            }
            let Some(link) = self.ledger.link_of(&credit, &charge) else {
                continue;
            };
            let cut = excess.min(link.amount);
            excess -= cut;
            if cut < link.amount || link.discount > 0 {
                self.link(&credit, &charge, Link { amount: link.amount - cut, ..link });
            } else {
                self.unlink(&credit, &charge);
            }
        }
    }

    fn note_deleted(&mut self, is_txn: bool, word: &str, id: &str, created: &str, name: &str) -> Deleted {
        let deleted = Deleted {
            is_txn,
            word: word.to_owned(),
            id: id.to_owned(),
            time_created: created.to_owned(),
            time_deleted: self.stamp(),
            deleted_at: self.now,
            name: name.to_owned(),
        };
        let key = format!("{word}/{id}");
        self.changed.insert(Key::Deleted(key.clone()));
        self.deleted.insert(key, deleted.clone());
        deleted
    }
}
