//! Records: invoices and payments as the application hands them over.
//!
//! The JSON is part of the contract. What is stored is the canonical form that [`Content::to_json`] writes, so two
//! hand-overs of the same content compare equal byte by byte.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use bookferry_qbxml::value::{Amount, Price, Quantity};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    Invoice,
    Payment,
}

impl RecordKind {
    pub const ALL: [Self; 2] = [Self::Invoice, Self::Payment];

    /// As stored and as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invoice => "invoice",
            Self::Payment => "payment",
        }
    }
}

impl std::str::FromStr for RecordKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// A word that is none of a fixed list, met where only ours should stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word that is known here")]
pub struct UnknownWord(pub String);

/// What a record says, whichever kind it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Invoice(Invoice),
    Payment(Payment),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    pub date: Date,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    pub customer: Customer,
    pub lines: Vec<Line>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales_tax: Option<SalesTax>,
    #[serde(with = "decimal")]
    pub total: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub po_number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billing_address: Option<Address>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line1: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line2: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line3: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// One line of an invoice. A line without an item is text only and has no amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_decimal")]
    pub quantity: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "optional_decimal")]
    pub rate: Option<Price>,
    #[serde(with = "decimal")]
    pub amount: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxable: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesTax {
    pub item: String,
    #[serde(with = "decimal")]
    pub amount: Amount,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    pub date: Date,
    pub customer: Customer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    #[serde(with = "decimal")]
    pub amount: Amount,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applied_to: Vec<AppliedTo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_to: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// How much of a payment goes to an invoice, which is named by its `external_id`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedTo {
    pub invoice: String,
    #[serde(with = "decimal")]
    pub amount: Amount,
}

impl Content {
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Invoice(_) => RecordKind::Invoice,
            Self::Payment(_) => RecordKind::Payment,
        }
    }

    pub fn number(&self) -> &str {
        match self {
            Self::Invoice(invoice) => &invoice.number,
            Self::Payment(payment) => &payment.number,
        }
    }

    pub const fn date(&self) -> Date {
        match self {
            Self::Invoice(invoice) => invoice.date,
            Self::Payment(payment) => payment.date,
        }
    }

    pub const fn customer(&self) -> &Customer {
        match self {
            Self::Invoice(invoice) => &invoice.customer,
            Self::Payment(payment) => &payment.customer,
        }
    }

    /// The invoice's total, or the payment's amount.
    pub const fn amount(&self) -> Amount {
        match self {
            Self::Invoice(invoice) => invoice.total,
            Self::Payment(payment) => payment.amount,
        }
    }

    pub const fn created_at(&self) -> Option<Timestamp> {
        match self {
            Self::Invoice(invoice) => invoice.created_at,
            Self::Payment(payment) => payment.created_at,
        }
    }

    /// ISO 4217; the only one carried is the company's home currency.
    pub fn currency(&self) -> &str {
        let currency = match self {
            Self::Invoice(invoice) => &invoice.currency,
            Self::Payment(payment) => &payment.currency,
        };
        currency.as_deref().unwrap_or(DEFAULT_CURRENCY)
    }

    /// The invoices that a payment goes to; none for an invoice.
    pub fn applied_to(&self) -> &[AppliedTo] {
        match self {
            Self::Invoice(_) => &[],
            Self::Payment(payment) => &payment.applied_to,
        }
    }

    /// The lines of an invoice; none for a payment.
    pub fn lines(&self) -> &[Line] {
        match self {
            Self::Invoice(invoice) => &invoice.lines,
            Self::Payment(_) => &[],
        }
    }

    /// The canonical text that is stored.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Invoice(invoice) => serde_json::to_string(invoice),
            Self::Payment(payment) => serde_json::to_string(payment),
        }
    }

    /// Reads what [`to_json`](Self::to_json) wrote. Outside input goes through `intake` instead, which finds all faults.
    pub fn from_json(kind: RecordKind, json: &str) -> Result<Self, serde_json::Error> {
        match kind {
            RecordKind::Invoice => serde_json::from_str(json).map(Self::Invoice),
            RecordKind::Payment => serde_json::from_str(json).map(Self::Payment),
        }
    }
}

pub const DEFAULT_CURRENCY: &str = "USD";

/// The hash by which a repeated hand-over is known: of the canonical JSON, without `created_at`, which an application may
/// leave out the second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    pub fn of(content: &Content) -> Result<Self, serde_json::Error> {
        let mut content = content.clone();
        match &mut content {
            Content::Invoice(invoice) => invoice.created_at = None,
            Content::Payment(payment) => payment.created_at = None,
        }
        Ok(Self(Sha256::digest(content.to_json()?.as_bytes()).into()))
    }
}

/// Decimals stand in JSON as strings, exactly.
mod decimal {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};
    use std::fmt::{self, Display};
    use std::marker::PhantomData;
    use std::str::FromStr;

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        deserializer.deserialize_str(Text(PhantomData))
    }

    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err: Display>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }
}

mod optional_decimal {
    use super::decimal;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::{fmt::Display, str::FromStr};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        let value: Option<Decimal<T>> = Option::deserialize(deserializer)?;
        Ok(value.map(|Decimal(value)| value))
    }

    #[derive(Deserialize)]
    #[serde(transparent, bound = "T: FromStr<Err: Display>")]
    struct Decimal<T>(#[serde(with = "decimal")] T);
}
