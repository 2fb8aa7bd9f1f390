//! The one place where QuickBooks' answer to a record becomes a decision.

use bookferry_qbxml::status::{Class, Status, explain};
use jiff::{SignedDuration, Timestamp};

use crate::cause::Cause;

/// How often a record is sent before a locked or busy QuickBooks becomes somebody's business.
pub const ATTEMPTS_MAX: i64 = 5;

/// The pause after the first busy answer; it doubles with each further one. A visit comes every ten minutes anyway, so the
/// first pauses only keep the record out of the same visit's next message sets.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_mins(2);
const PAUSE_DOUBLINGS_MAX: u32 = 6;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// QuickBooks did it, perhaps with a warning.
    Accept {
        warning: Option<String>,
    },
    Refuse(Cause),
    /// Later again, not before `at`.
    Postpone {
        at: Timestamp,
    },
}

/// `attempts` counts this attempt and those before it.
pub fn decide(status: &Status, attempts: i64, now: Timestamp) -> Decision {
    let explanation = explain(status);
    match explanation.class {
        Class::Ok => Decision::Accept { warning: None },
        Class::Warning => Decision::Accept { warning: Some(status.message.clone()) },
        Class::Busy if attempts < ATTEMPTS_MAX => Decision::Postpone { at: pause_after(attempts, now) },
        Class::Busy | Class::Stale | Class::MendAndRetry | Class::Fatal => Decision::Refuse(cause(status)),
    }
}

/// When to try again after the `attempts`-th attempt.
pub fn pause_after(attempts: i64, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(PAUSE_DOUBLINGS_MAX);
    let pause = PAUSE_FIRST.saturating_mul(2_i32.saturating_pow(doublings));
    now.checked_add(pause).unwrap_or(now)
}

/// What a refusal of QuickBooks means to the bookkeeper.
pub fn cause(status: &Status) -> Cause {
    let explanation = explain(status);
    let text = format!("{} {}", explanation.what, explanation.what_to_do);
    Cause::new(format!("qb_{}", status.code), text, status.message.clone())
}
