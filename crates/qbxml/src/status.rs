//! What QuickBooks says about a request, and what that means.
//!
//! The catalogue classifies: [`explain()`] tells what happened, who must act and whether something was written. Whether a
//! request is sent again, and when, is decided elsewhere.

mod catalogue;
mod explain;

pub use catalogue::{Class, Codes, Entry, Who, Written, entries};
pub use explain::{Explanation, explain};

/// The outcome of one request, as its `…Rs` states it (qbxml.md section 12). What a code means tells
/// [`explain()`]; the severity alone tells nothing, QuickBooks has sent refusals as `Info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub code: i64,
    pub severity: Severity,
    /// QuickBooks' own words, in the language of that QuickBooks.
    pub message: String,
}

impl Status {
    pub fn ok() -> Self {
        Self { code: 0, severity: Severity::Info, message: "Status OK".to_owned() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Info,
    Warn,
    Error,
}

impl Severity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "Info",
            Self::Warn => "Warn",
            Self::Error => "Error",
        }
    }

    /// The severity that goes with a code by its range (qbxml.md section 12).
    pub fn of_code(code: i64) -> Self {
        match code {
            0..500 => Self::Info,
            500..1000 => Self::Warn,
            _ => Self::Error,
        }
    }

    pub(crate) fn parse(text: &str, code: i64) -> Self {
        [Self::Info, Self::Warn, Self::Error]
            .into_iter()
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text))
            .unwrap_or_else(|| Self::of_code(code))
    }
}
