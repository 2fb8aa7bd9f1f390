//! How many requests go into the next message set, so that QuickBooks is busy with it for about as long as the company
//! wants, whatever the machine, the company file and the people at work in it make of that.
//!
//! Only what was measured counts: what a request took, smoothed over the last sets. From one set to the next the size grows
//! by 1.6 at most and shrinks to no less than 0.4, so that one slow answer, or a clock that jumps, spoils nothing for long.
//! Once a set has taken too long, the size grows by less, so that a QuickBooks that is slow now and then is met gently.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::company::RecordsPerMessageSet;

/// What is known of QuickBooks' speed; carried from visit to visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// What a request takes QuickBooks, smoothed, in microseconds.
    request_us: u64,
    /// Whether a set has ever taken longer than it should.
    was_late: bool,
    /// How many records the next set takes at most, since a set of twice as many was refused as a whole.
    records_max: Option<usize>,
    measured_at: Option<Timestamp>,
    /// The QuickBooks that was measured, as it calls itself; empty where it did not say.
    quickbooks: String,
}

/// How long QuickBooks may be busy with one message set: from 1 to 120 seconds; 5 unless the company chooses otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct TargetSeconds(u32);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the time for a message set is a whole number of seconds from 1 to {max}, not \u{201c}{given}\u{201d}",
    max = TargetSeconds::MAX
)]
pub struct NotATarget {
    given: String,
}

/// What a request is taken to last before anything was measured: ten of them fill the usual five seconds.
const REQUEST_US_AT_FIRST: u64 = 500_000;
/// What differs more than this from what was known counts as if it differed so much.
const SURPRISE_MAX: u64 = 4;
/// After so long the company may have another machine: it is no more taken to be fast.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Pace {
    /// How many requests a message set may hold.
    pub const REQUESTS_MAX: usize = 200;

    /// What of it still holds when a visit finds this QuickBooks: nothing of another version, and after a month's pause
    /// only what is slower than a first guess.
    pub fn resumed(self, quickbooks: &str, now: Timestamp) -> Self {
        let quickbooks_is_known = !quickbooks.is_empty() && !self.quickbooks.is_empty();
        if quickbooks_is_known && quickbooks != self.quickbooks {
            return Self { quickbooks: quickbooks.to_owned(), ..Self::default() };
        }
        let quickbooks = if quickbooks.is_empty() { self.quickbooks } else { quickbooks.to_owned() };
        let is_stale = self.measured_at.is_some_and(|at| now.duration_since(at) > REMEMBERED_FOR);
        if is_stale {
            let request_us = self.request_us.max(REQUEST_US_AT_FIRST);
            return Self { request_us, was_late: self.was_late, quickbooks, ..Self::default() };
        }
        Self { quickbooks, ..self }
    }

    /// How many requests fill the time, from 1 to [`Pace::REQUESTS_MAX`].
    pub fn requests(&self, target: TargetSeconds) -> usize {
        let requests = target.as_us() / self.request_us.max(1);
        usize::try_from(requests).unwrap_or(Self::REQUESTS_MAX).clamp(1, Self::REQUESTS_MAX)
    }

    /// How many records to plan the next set from; what they need created counts among its requests.
    pub fn records(&self, target: TargetSeconds, company_max: RecordsPerMessageSet) -> usize {
        self.requests(target).min(company_max.get()).min(self.records_max.unwrap_or(usize::MAX)).max(1)
    }

    /// QuickBooks took a set of so many requests, by the server's clock from the reply that handed it out to the call that
    /// brought the answer. A clock that was set back meanwhile measured nothing.
    pub fn answered(&mut self, requests: usize, took: SignedDuration, target: TargetSeconds, now: Timestamp) {
        self.records_max =
            self.records_max.map(|records| records.saturating_mul(2)).filter(|&it| it < Self::REQUESTS_MAX);
        let (Ok(took_us), Ok(count)) = (u64::try_from(took.as_micros()), u64::try_from(requests.max(1))) else {
            return;
        };
        let measured_us = took_us / count;
        // Each set costs something whatever is in it, so that a small one says little against the speed of large ones.
        let is_small = requests.saturating_mul(2) < self.requests(target);
        if is_small && took_us <= target.as_us() && measured_us > self.request_us {
            return;
        }
        self.was_late |= took_us > target.as_us();
        let known_us = self.request_us;
        let measured_us = measured_us.clamp(known_us / SURPRISE_MAX, known_us.saturating_mul(SURPRISE_MAX));
        let middle_us = known_us.midpoint(measured_us);
        let request_us = if self.was_late && measured_us < known_us { known_us.midpoint(middle_us) } else { middle_us };
        // No more is remembered than makes a difference, or the size would follow a change only after several sets.
        self.request_us = request_us.clamp(target.as_us() / Self::REQUESTS_MAX as u64, target.as_us());
        self.measured_at = Some(now);
    }

    /// QuickBooks refused a set of `records` as a whole, or broke down over it: half of them next, until the culprit stands
    /// alone.
    pub fn refused(&mut self, records: usize) {
        self.records_max = Some((records / 2).max(1));
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            request_us: REQUEST_US_AT_FIRST,
            was_late: false,
            records_max: None,
            measured_at: None,
            quickbooks: String::new(),
        }
    }
}

impl TargetSeconds {
    pub const MAX: u32 = 120;

    pub const fn get(self) -> u32 {
        self.0
    }

    const fn as_us(self) -> u64 {
        self.0 as u64 * 1_000_000
    }
}

impl Default for TargetSeconds {
    fn default() -> Self {
        Self(5)
    }
}

impl TryFrom<u32> for TargetSeconds {
    type Error = NotATarget;

    fn try_from(seconds: u32) -> Result<Self, NotATarget> {
        if (1..=Self::MAX).contains(&seconds) {
            Ok(Self(seconds))
        } else {
            Err(NotATarget { given: seconds.to_string() })
        }
    }
}

impl From<TargetSeconds> for u32 {
    fn from(seconds: TargetSeconds) -> Self {
        seconds.get()
    }
}

impl std::str::FromStr for TargetSeconds {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let given = || NotATarget { given: text.to_owned() };
        text.trim().parse::<u32>().map_err(|_| given())?.try_into()
    }
}
