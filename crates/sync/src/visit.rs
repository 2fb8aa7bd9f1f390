//! What a visit remembers from one call to the next, beside the protocol's own session.

use bookferry_qbxml::message_set::MessageSetId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::company::RecordsPerMessageSet;
use crate::id::MessageSetKey;
use crate::plan::Sent;

/// A plain value, saved with the session in the transaction of each step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitState {
    /// How many records go into the next message set. Halved when QuickBooks refuses a set as a whole, until the culprit
    /// stands alone; doubled again by each set that goes through.
    pub records_per_set: usize,
    /// What the company allowed when the visit began.
    pub records_per_set_max: RecordsPerMessageSet,
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

impl VisitState {
    pub const fn new(records_per_set_max: RecordsPerMessageSet) -> Self {
        Self {
            records_per_set: records_per_set_max.get(),
            records_per_set_max,
            settled: None,
            inquiry: None,
            ready_at_start: 0,
        }
    }

    /// QuickBooks took a set as a whole.
    pub fn set_went_through(&mut self) {
        self.records_per_set = self.records_per_set.saturating_mul(2).min(self.records_per_set_max.get());
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

/// How long a visit may be silent before it counts as dead, so that another may take over and ask about what it left
/// behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Between an answer taken and the next request the Web Connector pauses for nothing.
    pub silence: SignedDuration,
    /// What QuickBooks may take for a record of a message set, on a slow machine with somebody at work in it. While it
    /// works, the Web Connector is silent for as long as that takes (web-connector.md section 9).
    pub per_record: SignedDuration,
}

impl Lease {
    /// Whether it has run out for a visit whose last call came then, and which owes the answer about that many records.
    pub fn has_run_out(self, last_call: Timestamp, awaited_records: Option<u64>, now: Timestamp) -> bool {
        let records = i32::try_from(awaited_records.unwrap_or(0)).unwrap_or(i32::MAX);
        let work = self.per_record.checked_mul(records).unwrap_or(SignedDuration::MAX);
        now.duration_since(last_call) > self.silence.saturating_add(work)
    }
}

impl Default for Lease {
    /// A minute, and two seconds a record.
    fn default() -> Self {
        Self { silence: SignedDuration::from_secs(60), per_record: SignedDuration::from_secs(2) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_set_is_halved_and_grows_back_to_what_the_company_allows() {
        let max = RecordsPerMessageSet::try_from(12).expect("12 is allowed");
        let mut state = VisitState::new(max);
        let mut sizes = vec![state.records_per_set];
        for records in [12, 6, 1] {
            state.set_was_refused(records);
            sizes.push(state.records_per_set);
        }
        for _ in 0..5 {
            state.set_went_through();
            sizes.push(state.records_per_set);
        }
        assert_eq!(sizes, [12, 6, 3, 1, 2, 4, 8, 12, 12]);
    }

    #[test]
    fn a_lease_outlasts_the_work_on_what_was_sent() {
        let lease = Lease::default();
        let after = |seconds| Timestamp::from_second(seconds).expect("a moment");
        let has_run_out = |awaited, seconds| lease.has_run_out(after(0), awaited, after(seconds));
        assert!(!has_run_out(None, 60) && has_run_out(None, 61));
        assert!(!has_run_out(Some(100), 260) && has_run_out(Some(100), 261));
        assert!(!has_run_out(Some(u64::MAX), 1_000_000_000));
        let none = Lease { silence: SignedDuration::ZERO, per_record: SignedDuration::ZERO };
        assert!(none.has_run_out(after(0), Some(100), after(1)));
    }
}
