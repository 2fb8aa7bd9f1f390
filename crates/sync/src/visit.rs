//! What a visit remembers from one call to the next, beside the protocol's own session.

use bookferry_qbxml::message_set::MessageSetId;
use serde::{Deserialize, Serialize};

use crate::id::MessageSetKey;
use crate::plan::Sent;

/// Records in a message set, at most.
pub const RECORDS_PER_SET_MAX: usize = 100;

/// A plain value, saved with the session in the transaction of each step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitState {
    /// How many records go into the next message set. Halved when QuickBooks refuses a set as a whole, until the culprit
    /// stands alone; doubled again by each set that goes through.
    pub records_per_set: usize,
    /// A set whose answer is kept: QuickBooks may forget it with the next set that writes.
    pub settled: Option<MessageSetId>,
    /// What the request that was handed out last asks, if it is none of the planner's sets.
    pub inquiry: Option<Inquiry>,
    /// Records that were ready when the visit began, for the percentage.
    pub ready_at_start: u64,
}

/// A request that only asks, and changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inquiry {
    /// Which company file this is and how it is set up, where the Web Connector did not tell.
    Books { qbxml: String },
    /// What became of a message set whose answer never came.
    Recovery { message_set: MessageSetKey, qbxml: String },
    /// Whether the records of such a set are in QuickBooks.
    LookUp { message_set: MessageSetKey, lost: Vec<Sent>, qbxml: String },
    /// Nothing; the visit was promised a request and there is none left to make.
    Nothing { qbxml: String },
}

impl Inquiry {
    /// The exact text that left.
    pub fn qbxml(&self) -> &str {
        match self {
            Self::Books { qbxml }
            | Self::Recovery { qbxml, .. }
            | Self::LookUp { qbxml, .. }
            | Self::Nothing { qbxml } => qbxml,
        }
    }
}

impl Default for VisitState {
    fn default() -> Self {
        Self { records_per_set: RECORDS_PER_SET_MAX, settled: None, inquiry: None, ready_at_start: 0 }
    }
}

impl VisitState {
    /// QuickBooks took a set as a whole.
    pub fn set_went_through(&mut self) {
        self.records_per_set = self.records_per_set.saturating_mul(2).min(RECORDS_PER_SET_MAX);
    }

    /// QuickBooks refused a set of `records` as a whole.
    pub fn set_was_refused(&mut self, records: usize) {
        self.records_per_set = (records / 2).max(1);
    }

    /// Settled of ready, from 0 to 99.
    pub fn percent(&self, settled: u64) -> u8 {
        let ready = self.ready_at_start.max(settled).max(1);
        u8::try_from(settled.saturating_mul(100) / ready).unwrap_or(99).min(99)
    }
}
