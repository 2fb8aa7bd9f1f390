//! A company: one QuickBooks company file with its own queue, and the rules it has chosen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{CompanyId, OrganizationId};
use crate::list::ListKind;

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
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            release: Release::Manual,
            create: vec![ListKind::Customer, ListKind::Item],
            income_account: "Sales".to_owned(),
        }
    }
}

impl Settings {
    pub fn may_create(&self, list: ListKind) -> bool {
        match list {
            ListKind::Account => self.create.contains(&ListKind::Item),
            ListKind::Customer | ListKind::Item | ListKind::Terms | ListKind::PaymentMethod => {
                self.create.contains(&list)
            }
            ListKind::SalesTaxCode | ListKind::SalesTaxItem | ListKind::Class => false,
        }
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
    /// The highest qbXML version QuickBooks speaks, and no higher than ours.
    pub qbxml_major: u8,
    pub qbxml_minor: u8,
}

impl Books {
    /// Whether sales tax is switched on, as far as is known.
    pub const fn may_charge_sales_tax(&self) -> bool {
        self.taxable_code.is_some() || !self.preferences_known
    }
}
