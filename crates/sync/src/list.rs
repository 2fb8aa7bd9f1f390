//! QuickBooks' lists as Bookferry knows them.

use serde::{Deserialize, Serialize};

use crate::facts::EntryFacts;
use crate::record::UnknownWord;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    #[serde(rename = "customers")]
    Customer,
    #[serde(rename = "vendors")]
    Vendor,
    #[serde(rename = "employees")]
    Employee,
    #[serde(rename = "other_names")]
    OtherName,
    #[serde(rename = "items")]
    Item,
    #[serde(rename = "accounts")]
    Account,
    Terms,
    #[serde(rename = "payment_methods")]
    PaymentMethod,
    #[serde(rename = "sales_tax_codes")]
    SalesTaxCode,
    #[serde(rename = "sales_tax_items")]
    SalesTaxItem,
    #[serde(rename = "classes")]
    Class,
    #[serde(rename = "templates")]
    Template,
}

impl ListKind {
    pub const ALL: [Self; 12] = [
        Self::Customer,
        Self::Vendor,
        Self::Employee,
        Self::OtherName,
        Self::Item,
        Self::Account,
        Self::Terms,
        Self::PaymentMethod,
        Self::SalesTaxCode,
        Self::SalesTaxItem,
        Self::Class,
        Self::Template,
    ];

    /// As stored, as in the API and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customers",
            Self::Vendor => "vendors",
            Self::Employee => "employees",
            Self::OtherName => "other_names",
            Self::Item => "items",
            Self::Account => "accounts",
            Self::Terms => "terms",
            Self::PaymentMethod => "payment_methods",
            Self::SalesTaxCode => "sales_tax_codes",
            Self::SalesTaxItem => "sales_tax_items",
            Self::Class => "classes",
            Self::Template => "templates",
        }
    }

    /// The other lists that share one name space with it: a name of theirs is not its own to take (qbxml.md section 7).
    pub const fn names_shared_with(self) -> &'static [Self] {
        match self {
            Self::Customer => &[Self::Vendor, Self::Employee, Self::OtherName],
            Self::Item => &[Self::SalesTaxItem],
            Self::Vendor
            | Self::Employee
            | Self::OtherName
            | Self::Account
            | Self::Terms
            | Self::PaymentMethod
            | Self::SalesTaxCode
            | Self::SalesTaxItem
            | Self::Class
            | Self::Template => &[],
        }
    }

    /// One entry, in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Vendor => "vendor",
            Self::Employee => "employee",
            Self::OtherName => "other name",
            Self::Item => "item",
            Self::Account => "account",
            Self::Terms => "terms",
            Self::PaymentMethod => "payment method",
            Self::SalesTaxCode => "sales tax code",
            Self::SalesTaxItem => "sales tax item",
            Self::Class => "class",
            Self::Template => "template",
        }
    }

    /// The verb behind the noun: terms are, everything else is.
    pub const fn is(self) -> &'static str {
        if matches!(self, Self::Terms) { "are" } else { "is" }
    }

    /// The noun with what stands before it where one is chosen anew.
    pub fn another(self) -> String {
        if matches!(self, Self::Terms) { "other terms".to_owned() } else { format!("another {}", self.noun()) }
    }
}

impl std::str::FromStr for ListKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|list| list.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// An entry of a QuickBooks list, as last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListEntry {
    pub list: ListKind,
    pub full_name: String,
    pub list_id: String,
    pub is_active: bool,
    #[serde(default)]
    pub facts: EntryFacts,
}

/// How QuickBooks compares names: without regard to case, surrounding blanks or their number (qbxml.md sections 5, 7).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NameKey(String);

impl NameKey {
    /// `name` is a full name; the blanks around its colons do not count.
    pub fn of(name: &str) -> Self {
        let mut key = String::with_capacity(name.len());
        for (index, part) in name.split(':').enumerate() {
            if index > 0 {
                key.push(':');
            }
            let mut words = String::with_capacity(part.len());
            push_words(&mut words, part);
            key.push_str(&words.to_lowercase());
        }
        Self(key)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the entry at the top: the customer of a job.
    #[must_use]
    pub fn first_part(&self) -> Self {
        Self(self.0.split(':').next().unwrap_or_default().to_owned())
    }
}

/// The words of `text` with one blank between them.
pub(crate) fn push_words(to: &mut String, text: &str) {
    for (index, word) in text.split_whitespace().enumerate() {
        if index > 0 {
            to.push(' ');
        }
        to.push_str(word);
    }
}
