//! Why a record waits under Needs Attention, and what mends it.
//!
//! A [`Cause`] stands with its record. What is said about all records of one cause, who must act and which buttons mend it is
//! in the catalogue: [`explain`] looks a code up, [`catalogue()`] lists everything.

mod catalogue;
mod hresults;
mod names;
mod own;
mod remedy;
mod statuses;

use serde::{Deserialize, Serialize};

pub use catalogue::{Entry, Place, catalogue, explain};
pub use names::{NameTrouble, named};
pub use remedy::Remedy;

/// A cause: what groups records under Needs Attention, and the sentence a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Stable, machine-readable: `qb_3140` for a status code of QuickBooks, a word such as `customer_missing` for our own.
    pub code: String,
    /// What happened and what to do, in the bookkeeper's words.
    pub text: String,
    /// What QuickBooks itself said, or which field is meant; may be empty.
    pub detail: String,
}

impl Cause {
    pub fn new(code: impl Into<String>, text: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code: code.into(), text: text.into(), detail: detail.into() }
    }
}
