//! The errors of QuickBooks' request processor, which end a message set or a whole visit (qbxml.md section 13).
//!
//! The codes are shared with many other products, so only look up what came in the Web Connector's `hresult`.

mod catalogue;

use std::str::FromStr;

use crate::status::Who;

/// A code such as `0x80040400`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hresult(pub u32);

/// What is known about a code (qbxml.md section 13), in sentences for the bookkeeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub code: Hresult,
    /// Who must act.
    pub who: Who,
    pub what: &'static str,
    pub why: &'static str,
    pub what_to_do: &'static str,
}

impl Entry {
    /// What happened, what to do, and who must act.
    pub fn told(&self) -> String {
        let Self { what, what_to_do, who, .. } = self;
        match who {
            Who::Nobody => format!("{what} {what_to_do}"),
            Who::Bookkeeper | Who::QuickBooksAdministrator | Who::Operator | Who::Developer => {
                format!("{what} {what_to_do} Who must act: {}.", who.in_words())
            }
        }
    }
}

/// A text that is no code. An empty one means that there was no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the code of an error of QuickBooks'")]
pub struct NotAnHresult {
    pub text: String,
}

/// Everything that is known, by code.
pub fn entries() -> &'static [Entry] {
    catalogue::ENTRIES
}

/// `None` for codes that no source explains.
pub fn find(code: Hresult) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.code == code)
}

impl Hresult {
    /// The request did not fit the schema, so QuickBooks executed nothing of it. No other code promises that.
    pub const XML_NOT_ACCEPTED: Self = Self(0x8004_0400);

    /// QuickBooks could not be reached: when a visit opens it, or amid a message set (web-connector.md section 7).
    pub const NO_ACCESS: Self = Self(0x8004_0401);

    /// Whether it is certain that QuickBooks executed nothing of the message set that met this code.
    pub fn nothing_was_executed(self) -> bool {
        self == Self::XML_NOT_ACCEPTED
    }
}

impl std::fmt::Display for Hresult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

/// Reads hexadecimal in any case, with or without `0x`, and the negative decimal that some programs print.
impl FromStr for Hresult {
    type Err = NotAnHresult;

    fn from_str(text: &str) -> Result<Self, NotAnHresult> {
        let trimmed = text.trim();
        let hexadecimal = trimmed.strip_prefix("0x").or_else(|| trimmed.strip_prefix("0X"));
        let code = if trimmed.starts_with('-') {
            trimmed.parse::<i32>().map(i32::cast_unsigned)
        } else {
            u32::from_str_radix(hexadecimal.unwrap_or(trimmed), 16)
        };
        code.map(Self).map_err(|_| NotAnHresult { text: text.to_owned() })
    }
}
