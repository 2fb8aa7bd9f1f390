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
/// No record is put off by more. One that seems to be was put off by a clock that was wrong.
pub const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(2 << PAUSE_DOUBLINGS_MAX);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// QuickBooks did it, perhaps with a warning.
    Accept {
        warning: Option<String>,
    },
    Refuse(Cause),
    /// Later again, not before `at`; `because` is a sentence for the bookkeeper.
    Postpone {
        at: Timestamp,
        because: String,
    },
}

/// `attempts` counts this attempt and those before it.
pub fn decide(status: &Status, attempts: i64, now: Timestamp) -> Decision {
    let explanation = explain(status);
    match explanation.class {
        Class::Ok => Decision::Accept { warning: None },
        Class::Warning => Decision::Accept { warning: Some(status.message.clone()) },
        Class::Busy if attempts < ATTEMPTS_MAX => {
            Decision::Postpone { at: pause_after(attempts, now), because: explanation.what }
        }
        Class::Busy => Decision::Refuse(given_up(status, attempts)),
        Class::Stale | Class::MendAndRetry | Class::Fatal => Decision::Refuse(cause(status)),
    }
}

/// When to try again after the `attempts`-th attempt.
pub fn pause_after(attempts: i64, now: Timestamp) -> Timestamp {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(PAUSE_DOUBLINGS_MAX);
    let pause = PAUSE_FIRST.saturating_mul(2_i32.saturating_pow(doublings));
    now.checked_add(pause).unwrap_or(now)
}

/// Nobody tries again by itself any more, so that the usual advice would be wrong.
fn given_up(status: &Status, attempts: i64) -> Cause {
    let text = format!(
        "{} Bookferry has tried {attempts} times. Close the window in QuickBooks that shows it, or wait until the other \
         program is done, then press Retry.",
        explain(status).what
    );
    Cause { text, ..cause(status) }
}

/// What a refusal of QuickBooks means to the bookkeeper.
pub fn cause(status: &Status) -> Cause {
    let explanation = explain(status);
    let text = format!("{} {}", explanation.what, explanation.what_to_do);
    Cause::new(format!("qb_{}", status.code), text, status.message.clone())
}

#[cfg(test)]
mod tests {
    use bookferry_qbxml::status::Severity;

    use super::*;

    fn status(code: i64, message: &str) -> Status {
        Status { code, severity: Severity::Error, message: message.to_owned() }
    }

    #[test]
    fn a_busy_quickbooks_is_tried_again_after_growing_pauses_and_then_becomes_somebodys_business() {
        let locked = status(3180, "The list could not be locked. It is in use by another user.");
        for busy in [status(3175, "in use"), status(3176, "in use"), locked] {
            let pause = |attempts| match decide(&busy, attempts, Timestamp::UNIX_EPOCH) {
                Decision::Postpone { at, because } => {
                    assert!(because.contains("in QuickBooks"), "{because}");
                    Some(at.as_second() / 60)
                }
                Decision::Accept { .. } | Decision::Refuse(_) => None,
            };
            assert_eq!((1..=5).map(pause).collect::<Vec<_>>(), [Some(2), Some(4), Some(8), Some(16), None]);
            let Decision::Refuse(cause) = decide(&busy, ATTEMPTS_MAX, Timestamp::UNIX_EPOCH) else { panic!("no end") };
            assert!(cause.text.contains("tried 5 times") && cause.text.contains("press Retry"), "{}", cause.text);
        }
    }
}
