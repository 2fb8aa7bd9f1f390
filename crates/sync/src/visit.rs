//! What a visit remembers from one call to the next, beside the protocol's own session.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::message_set::MessageSetId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::change::Reread;
use crate::id::{MessageSetKey, RecordId};
use crate::list_reading::ListQuestion;
use crate::look::Asked;
use crate::pace::Pace;
use crate::plan::Sent;
use crate::reconciliation::Question;
use crate::record::RecordKind;

/// A plain value, saved with the session in the transaction of each step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitState {
    /// How many records go into the next message set. The company's next visit goes on from it.
    #[serde(default)]
    pub pace: Pace,
    /// A set whose answer is kept: QuickBooks may forget it with the next set that writes.
    pub settled: Option<MessageSetId>,
    /// Whether a message set may be unsettled: at the visit's beginning, and once an answer has left something open.
    pub may_be_unsettled: bool,
    /// What the request that was handed out last asks, if it is none of the planner's sets.
    pub inquiry: Option<Inquiry>,
    /// The id that the inquiry left under; its answer names it.
    pub inquiry_id: Option<MessageSetId>,
    /// Records that were ready when the visit began, for the percentage.
    pub ready_at_start: u64,
    /// Records that this visit looked for in QuickBooks, or of which a person said it, and which are not there. What an
    /// earlier visit did not find counts for nothing.
    #[serde(default)]
    pub not_there: BTreeSet<RecordId>,
    /// Message sets about whose records QuickBooks was too busy to tell: the next visit asks again.
    #[serde(default)]
    pub put_off: BTreeSet<MessageSetKey>,
    /// Documents that this visit has read, and not changed since.
    #[serde(default)]
    pub reread: BTreeMap<RecordId, Reread>,
    /// Records that this visit has looked at for a person, whether or not QuickBooks told.
    #[serde(default)]
    pub looked_at: BTreeSet<RecordId>,
    /// Payments that wanted to pay more than is open: what is open of their invoices is read before the visit ends.
    #[serde(default)]
    pub overpaying: BTreeSet<RecordId>,
    /// What the lists that are being read are asked next.
    #[serde(default)]
    pub list_questions: Vec<ListQuestion>,
    /// What the reconciliation that goes on is asked next.
    #[serde(default)]
    pub reconciliation_questions: Vec<Question>,
    /// How many portions of it this visit has asked for.
    #[serde(default)]
    pub portions_reconciled: u32,
    /// About how many older records QuickBooks was asked.
    #[serde(default)]
    pub older_asked: u32,
    /// Why the visit ends though there may be more to do.
    #[serde(default)]
    pub ending: Option<Ending>,
}

/// Why a visit ends before everything is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The company's limit for a visit is reached.
    Limit,
    /// Quiet hours have begun, which end at this time by the company's clock.
    QuietHours { until: String },
    /// Something went wrong, in words for the person who mends it.
    Trouble { text: String },
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
    LookUp {
        message_set: MessageSetKey,
        lost: Vec<Sent>,
        /// Whether it goes under the set's own id, so that the set cannot be executed any more.
        is_fence: bool,
        /// Where QuickBooks' parser did not take the set: its words.
        refusal: Option<Refusal>,
        qbxml: String,
    },
    /// Whether records that are about to be added are in QuickBooks already, as they may be after a restored backup.
    Search { sought: Vec<Sent>, qbxml: String },
    /// What stands in QuickBooks of records that changed since they were sent, by their TxnIDs.
    Reread { asked: Vec<(RecordId, RecordKind, String)>, qbxml: String },
    /// What a person says is there, and how documents stand that a person decides about.
    Look { asked: Asked, qbxml: String },
    /// Whether records from before sync was enabled are in QuickBooks already.
    Older { asked: Vec<Sent>, qbxml: String },
    /// QuickBooks' lists, a portion of each.
    Lists { questions: Vec<ListQuestion>, qbxml: String },
    /// What QuickBooks has now of what was submitted.
    Reconciliation { questions: Vec<Question>, qbxml: String },
    /// Nothing; the visit was promised a request and there is none left to make.
    Nothing { qbxml: String },
}

/// Why QuickBooks did not read a message set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub hresult: String,
    /// What it means, and what to do.
    pub text: String,
}

impl Inquiry {
    /// The exact text that left.
    pub fn qbxml(&self) -> &str {
        match self {
            Self::Books { qbxml }
            | Self::Recovery { qbxml, .. }
            | Self::LookUp { qbxml, .. }
            | Self::Search { qbxml, .. }
            | Self::Reread { qbxml, .. }
            | Self::Look { qbxml, .. }
            | Self::Older { qbxml, .. }
            | Self::Lists { qbxml, .. }
            | Self::Reconciliation { qbxml, .. }
            | Self::Nothing { qbxml } => qbxml,
        }
    }
}

impl VisitState {
    pub const fn new(pace: Pace) -> Self {
        Self {
            pace,
            settled: None,
            may_be_unsettled: true,
            inquiry: None,
            inquiry_id: None,
            ready_at_start: 0,
            not_there: BTreeSet::new(),
            put_off: BTreeSet::new(),
            reread: BTreeMap::new(),
            looked_at: BTreeSet::new(),
            overpaying: BTreeSet::new(),
            list_questions: Vec::new(),
            reconciliation_questions: Vec::new(),
            portions_reconciled: 0,
            older_asked: 0,
            ending: None,
        }
    }

    /// Settled of ready, from 0 to 99.
    pub fn percent(&self, settled: u64) -> u8 {
        let ready = self.ready_at_start.max(settled).max(1);
        u8::try_from(settled.saturating_mul(100) / ready).unwrap_or(99).min(99)
    }
}

/// What the Web Connector shows at the end of a visit, and its history keeps; `waiting` records could have gone too.
pub fn closing_words(submitted: i64, attention: i64, waiting: u64, ending: Option<&Ending>) -> String {
    let sent = match (submitted, attention) {
        (0, 0) => "Nothing was sent".to_owned(),
        (sent, 0) => format!("{sent} sent"),
        (sent, 1) => format!("{sent} sent, 1 needs attention"),
        (sent, attention) => format!("{sent} sent, {attention} need attention"),
    };
    let waits = if waiting == 1 { "waits" } else { "wait" };
    match ending {
        None => format!("{sent}."),
        Some(Ending::Limit | Ending::QuietHours { .. }) if waiting == 0 => format!("{sent}."),
        Some(Ending::Limit) => format!("{sent}, {waiting} {waits} for the next visit."),
        Some(Ending::QuietHours { until }) => {
            format!("{sent}, {waiting} {waits} until the quiet hours end at {until}.")
        }
        Some(Ending::Trouble { text }) if submitted == 0 && attention == 0 => text.clone(),
        Some(Ending::Trouble { text }) => format!("{sent}. {text}"),
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
    ///
    /// A last call that lies as far ahead was noted before the clock was set back. How long ago it was cannot be told, and
    /// a visit that is taken over too early costs a question to QuickBooks, one that is never taken over the whole queue.
    pub fn has_run_out(self, last_call: Timestamp, awaited_records: Option<u64>, now: Timestamp) -> bool {
        let records = i32::try_from(awaited_records.unwrap_or(0)).unwrap_or(i32::MAX);
        let work = self.per_record.checked_mul(records).unwrap_or(SignedDuration::MAX);
        now.duration_since(last_call).abs() > self.silence.saturating_add(work)
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
    fn a_visit_that_ends_early_says_how_many_wait() {
        let quiet = Ending::QuietHours { until: "18:00".to_owned() };
        let trouble = Ending::Trouble { text: "A dialog is open in QuickBooks.".to_owned() };
        for ((submitted, attention, waiting), ending, words) in [
            ((0, 0, 0), None, "Nothing was sent."),
            ((214, 1, 0), None, "214 sent, 1 needs attention."),
            ((214, 0, 86), Some(&Ending::Limit), "214 sent, 86 wait for the next visit."),
            ((214, 0, 0), Some(&Ending::Limit), "214 sent."),
            ((3, 2, 1), Some(&quiet), "3 sent, 2 need attention, 1 waits until the quiet hours end at 18:00."),
            ((0, 0, 5), Some(&trouble), "A dialog is open in QuickBooks."),
            ((7, 0, 5), Some(&trouble), "7 sent. A dialog is open in QuickBooks."),
        ] {
            assert_eq!(closing_words(submitted, attention, waiting, ending), words);
        }
    }

    #[test]
    fn a_lease_outlasts_the_work_on_what_was_sent() {
        let lease = Lease::default();
        let after = |seconds| Timestamp::from_second(seconds).expect("a moment");
        let has_run_out = |awaited, seconds| lease.has_run_out(after(0), awaited, after(seconds));
        assert!(!has_run_out(None, 60) && has_run_out(None, 61));
        assert!(!has_run_out(Some(100), 260) && has_run_out(Some(100), 261));
        assert!(!has_run_out(Some(u64::MAX), 1_000_000_000));
        let back = |seconds| lease.has_run_out(after(seconds), None, after(0));
        assert!(!back(60) && back(61), "a clock that was set back must not keep a dead visit alive");
        let none = Lease { silence: SignedDuration::ZERO, per_record: SignedDuration::ZERO };
        assert!(none.has_run_out(after(0), Some(100), after(1)));
    }
}
