use serde::{Deserialize, Serialize};

use super::local_time::LocalTime;
use super::reference::Features;

/// The company and its preferences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    pub name: String,
    /// Where the file lies, as QuickBooks on Windows would say.
    pub path: String,
    pub local_time: LocalTime,
    /// Transactions on or before it cannot be written (3171).
    pub closing_date: Option<jiff::civil::Date>,
    pub uses_classes: bool,
    pub charges_sales_tax: bool,
    /// The name of the tax item for customers without one of their own.
    pub default_sales_tax_item: String,
    pub default_taxable_code: String,
    pub default_non_taxable_code: String,
    pub applies_payments_automatically: bool,
    /// The FileIDs that Web Connectors wrote, by their OwnerID in capitals.
    pub file_ids: std::collections::BTreeMap<String, String>,
    /// The number of the last document of each kind, for those that come without one.
    pub last_ref_number: i64,
}

impl Company {
    /// A company in California with sales tax and without classes.
    pub fn named(name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            path: format!("C:\\Users\\Public\\Documents\\Intuit\\QuickBooks\\{name}.QBW"),
            name,
            local_time: LocalTime::PACIFIC,
            closing_date: None,
            uses_classes: false,
            charges_sales_tax: true,
            default_sales_tax_item: "State Tax".to_owned(),
            default_taxable_code: "Tax".to_owned(),
            default_non_taxable_code: "Non".to_owned(),
            applies_payments_automatically: false,
            file_ids: std::collections::BTreeMap::new(),
            last_ref_number: 0,
        }
    }

    pub(crate) const fn features(&self) -> Features {
        Features { classes: self.uses_classes, sales_tax: self.charges_sales_tax }
    }

    pub(crate) fn is_closed_on(&self, date: jiff::civil::Date) -> bool {
        self.closing_date.is_some_and(|closing| date <= closing)
    }
}
