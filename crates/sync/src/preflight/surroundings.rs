use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::value::Amount;

use crate::list::{ListKind, NameKey};
use crate::mapping::Mappings;
use crate::plan::{Knowledge, Known};
use crate::record::RecordKind;
use crate::sales_tax::Entries;
use crate::submission::Status;

/// What is known around a number of records, loaded for all of them at once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Surroundings {
    /// The lists that were read to their end: of these alone it is known what they lack.
    pub lists_read: BTreeSet<ListKind>,
    /// The entries that the records name, as last read.
    pub known: Known,
    /// The mappings of the records' names; what is held against the surroundings has them applied.
    pub mappings: Mappings,
    /// By a record's kind and external_id: another with the same number for the same customer.
    pub namesakes: BTreeMap<(RecordKind, String), Namesake>,
    /// By the external_ids of a payment and an invoice that it goes to.
    pub invoices: BTreeMap<(String, String), PaidInvoice>,
}

/// Another record with the same number for the same customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namesake {
    pub external_id: String,
    pub status: Status,
}

/// An invoice that a payment goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidInvoice {
    pub number: String,
    pub customer: String,
    pub total: Amount,
    pub status: Status,
    /// Whether its newest revision voids it.
    pub voided: bool,
    /// What payments that were handed over earlier take of it, in hundred-thousandths.
    pub paid_before_e5: i64,
}

impl Entries for Around<'_> {
    fn knowledge(&self, key: &(ListKind, NameKey)) -> Option<&Knowledge> {
        Around::knowledge(self, key)
    }
}

/// One record among its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    pub external_id: &'a str,
    pub surroundings: &'a Surroundings,
}

impl<'a> Around<'a> {
    pub(super) fn namesake(&self, kind: RecordKind) -> Option<&'a Namesake> {
        self.surroundings.namesakes.get(&(kind, self.external_id.to_owned()))
    }

    /// The invoice by its external_id, which this payment goes to.
    pub(super) fn invoice(&self, invoice: &str) -> Option<&'a PaidInvoice> {
        self.surroundings.invoices.get(&(self.external_id.to_owned(), invoice.to_owned()))
    }

    /// What is known of a name; `None` where its list was not read to its end.
    pub(super) fn knowledge(&self, key: &(ListKind, NameKey)) -> Option<&'a Knowledge> {
        if !self.surroundings.lists_read.contains(&key.0) {
            return None;
        }
        Some(self.surroundings.known.get(key).unwrap_or(&Knowledge::Absent))
    }
}
