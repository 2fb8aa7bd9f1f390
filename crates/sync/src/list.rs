//! QuickBooks' lists as Bookferry knows them.

use std::borrow::Cow;

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
        Self::of_single_blanked(&single_blanked(name))
    }

    pub(crate) fn of_single_blanked(name: &str) -> Self {
        if name.is_ascii() {
            return Self(name.to_ascii_lowercase());
        }
        // By its parts, since a letter may be another at the end of a word.
        let parts: Vec<String> = name.split(':').map(str::to_lowercase).collect();
        Self(parts.join(":"))
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

/// A full name with one blank between the words of each part, and none around its colons. Most names are written so.
pub(crate) fn single_blanked(name: &str) -> Cow<'_, str> {
    if is_single_blanked(name) {
        return Cow::Borrowed(name);
    }
    let mut blanked = String::with_capacity(name.len());
    for (index, part) in name.split(':').enumerate() {
        if index > 0 {
            blanked.push(':');
        }
        for (index, word) in part.split_whitespace().enumerate() {
            if index > 0 {
                blanked.push(' ');
            }
            blanked.push_str(word);
        }
    }
    Cow::Owned(blanked)
}

fn is_single_blanked(name: &str) -> bool {
    let mut before = ':';
    for character in name.chars() {
        let is_misplaced = match character {
            ' ' => matches!(before, ' ' | ':'),
            ':' => before == ' ',
            other => other.is_whitespace(),
        };
        if is_misplaced {
            return false;
        }
        before = character;
    }
    before != ' '
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn names_are_the_words_of_their_parts_whether_they_had_to_be_written_anew_or_not(
            name in "[ :aA\u{e4}\u{c4}\u{3a3}\t\u{a0}]{0,12}",
        ) {
            let words = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
            let parts: Vec<String> = name.split(':').map(words).collect();
            prop_assert_eq!(single_blanked(&name), parts.join(":"));
            let lowered: Vec<String> = parts.iter().map(|part| part.to_lowercase()).collect();
            let key = NameKey::of(&name);
            prop_assert_eq!(key.as_str(), lowered.join(":"));
        }
    }
}
