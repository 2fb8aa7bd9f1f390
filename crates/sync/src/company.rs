//! A company: one QuickBooks company file with its own queue, and the rules it has chosen.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::created_items::CreatedItems;
use crate::epoch::Epoch;
use crate::id::{CompanyId, OrganizationId};
use crate::list::{ListKind, NameKey};
use crate::pace::TargetSeconds;
use crate::quiet_hours::QuietHours;
use crate::record::RecordKind;
use crate::tax_difference::TaxDifference;
use crate::time_zone::ZoneName;
use crate::visit_limit::VisitLimit;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    pub id: CompanyId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub settings: Settings,
    /// Records that the application created before this moment are held back; `None` before sync is enabled.
    pub sync_enabled_at: Option<Timestamp>,
    /// The company file this connection is bound to, from the first visit on.
    pub books: Option<Books>,
    /// The latest, if a backup was ever restored.
    pub epoch: Option<Epoch>,
}

/// What a company has chosen. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub release: Release,
    /// The lists in which Bookferry may create what a record names and QuickBooks lacks.
    pub create: Vec<ListKind>,
    /// The income account that created items post to; itself created where it is missing.
    pub income_account: String,
    /// As what items are created.
    pub created_items: CreatedItems,
    /// How many records at most go into a message set, which is how long QuickBooks may be busy with one.
    pub records_per_message_set: RecordsPerMessageSet,
    /// How long QuickBooks may be busy with one message set; the [`pace`](crate::pace) follows it.
    pub target_seconds: TargetSeconds,
    /// Where the clock hangs by which the quiet hours are told.
    pub time_zone: ZoneName,
    /// When QuickBooks is left alone.
    pub quiet_hours: QuietHours,
    /// How much one visit does at most.
    pub visit_limit: VisitLimit,
    /// What becomes of an invoice for which QuickBooks computes another tax.
    pub tax_difference: TaxDifference,
    /// What becomes of a record that the application changes after QuickBooks had it.
    pub changes: Changes,
    /// What becomes in QuickBooks of an invoice that the application voids.
    pub voids: Voids,
    /// Entries that a person wants created though `create` does not allow it; kept apart, and filled in where it is planned.
    #[serde(skip)]
    pub wanted: BTreeSet<(ListKind, NameKey)>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            release: Release::Manual,
            create: vec![ListKind::Customer, ListKind::Item],
            income_account: "Sales".to_owned(),
            created_items: CreatedItems::default(),
            records_per_message_set: RecordsPerMessageSet::default(),
            target_seconds: TargetSeconds::default(),
            time_zone: ZoneName::default(),
            quiet_hours: QuietHours::default(),
            visit_limit: VisitLimit::default(),
            tax_difference: TaxDifference::default(),
            changes: Changes::default(),
            voids: Voids::default(),
            wanted: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// The end of the quiet hours that `now` lies in; `None` where QuickBooks may be visited.
    pub fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        if self.quiet_hours.is_empty() {
            return None;
        }
        self.quiet_hours.until(&self.time_zone.rules(), now)
    }

    /// Whether this very entry may be created.
    pub(crate) fn may_create_entry(&self, entry: &(ListKind, NameKey)) -> bool {
        let makes_an_item = || self.wanted.iter().any(|(list, _)| *list == ListKind::Item);
        self.may_create(entry.0) || self.wanted.contains(entry) || (entry.0 == ListKind::Account && makes_an_item())
    }

    pub fn may_create(&self, list: ListKind) -> bool {
        match list {
            ListKind::Account => self.create.contains(&ListKind::Item),
            ListKind::Customer | ListKind::Item | ListKind::Terms | ListKind::PaymentMethod => {
                self.create.contains(&list)
            }
            ListKind::Vendor
            | ListKind::Employee
            | ListKind::OtherName
            | ListKind::SalesTaxCode
            | ListKind::SalesTaxItem
            | ListKind::Class
            | ListKind::Template => false,
        }
    }
}

/// From 1 to 200; 100 unless the company chooses otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "usize", into = "usize")]
pub struct RecordsPerMessageSet(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a message set takes from 1 to {max} records, not {0}", max = RecordsPerMessageSet::MAX.get())]
pub struct TooManyOrNone(usize);

impl RecordsPerMessageSet {
    pub const MAX: Self = Self(200);

    pub const fn get(self) -> usize {
        self.0
    }
}

impl Default for RecordsPerMessageSet {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<usize> for RecordsPerMessageSet {
    type Error = TooManyOrNone;

    fn try_from(records: usize) -> Result<Self, TooManyOrNone> {
        if (1..=Self::MAX.get()).contains(&records) { Ok(Self(records)) } else { Err(TooManyOrNone(records)) }
    }
}

impl From<RecordsPerMessageSet> for usize {
    fn from(records: RecordsPerMessageSet) -> Self {
        records.get()
    }
}

/// Whether new records wait for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    #[default]
    Manual,
    Automatic,
}

/// Whether what the application changes after QuickBooks had it waits for a person. What it voids always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    #[default]
    Attention,
    /// It crosses by itself, unless somebody touched the document in QuickBooks since.
    Send,
}

/// What becomes in QuickBooks of an invoice that the application voids, once a person has sent the change. A payment can only be
/// deleted there (qbxml.md section 10.10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voids {
    /// It stays, with amounts of zero.
    #[default]
    Void,
    /// It is gone; QuickBooks' audit trail tells of it.
    Delete,
}

impl Voids {
    /// What is done to a document of this kind, as in "deletes it".
    pub const fn deletes(self, kind: RecordKind) -> bool {
        matches!((self, kind), (Self::Delete, _) | (_, RecordKind::Payment))
    }
}

/// What is known of the company file: which one it is, and the preferences that decide how a record is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Books {
    pub company_name: String,
    /// The path by which the Web Connector opened it.
    pub company_file: String,
    /// The FileID found in the company file, where there is one.
    pub file_id: Option<String>,
    /// Whether QuickBooks told its preferences; what follows from them is a guess otherwise.
    pub preferences_known: bool,
    /// The code for taxable lines; `None` while sales tax is switched off.
    pub taxable_code: Option<String>,
    pub non_taxable_code: Option<String>,
    pub uses_classes: bool,
    pub closing_date: Option<jiff::civil::Date>,
    pub multi_currency: bool,
    /// The QuickBooks that has them open, by its name and version; empty where it did not say.
    pub quickbooks: String,
    /// The highest qbXML version QuickBooks speaks, and no higher than ours.
    pub qbxml_major: u8,
    pub qbxml_minor: u8,
}

/// By what books are told from others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BooksIdentity {
    pub company_name: String,
    pub company_file: String,
    pub file_id: Option<String>,
}

impl Books {
    /// Books of which nothing else is known yet.
    pub fn of(identity: &BooksIdentity) -> Self {
        Self {
            company_name: identity.company_name.clone(),
            company_file: identity.company_file.clone(),
            file_id: identity.file_id.clone(),
            ..Self::default()
        }
    }

    pub fn identity(&self) -> BooksIdentity {
        BooksIdentity {
            company_name: self.company_name.clone(),
            company_file: self.company_file.clone(),
            file_id: self.file_id.clone(),
        }
    }

    /// Whether sales tax is switched on, as far as is known.
    pub(crate) const fn may_charge_sales_tax(&self) -> bool {
        self.taxable_code.is_some() || !self.preferences_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_set_takes_from_1_to_200_records() {
        let settings = |records: &str| {
            serde_json::from_str::<Settings>(&format!(r#"{{"records_per_message_set":{records}}}"#))
                .map(|settings| settings.records_per_message_set.get())
        };
        assert_eq!((settings("1").ok(), settings("200").ok()), (Some(1), Some(200)));
        for refused in ["0", "201", "-1", "\"many\""] {
            assert!(settings(refused).is_err(), "{refused}");
        }
        assert_eq!(serde_json::from_str::<Settings>("{}").ok(), Some(Settings::default()));
        assert_eq!(Settings::default().records_per_message_set.get(), 100);
    }
}
