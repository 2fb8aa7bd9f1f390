//! How much one visit does at most.

use std::num::NonZeroU32;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Written as `500 records, 30 minutes`, either alone, or `none`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitLimit {
    pub records: Option<NonZeroU32>,
    pub minutes: Option<NonZeroU32>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a visit's limit is a number from 1 to {max} of records, of minutes, or of both, not \u{201c}{given}\u{201d}; write \
     500 records, 30 minutes; or none",
    max = VisitLimit::MAX
)]
pub struct NotALimit {
    given: String,
}

impl VisitLimit {
    /// Of either.
    pub const MAX: u32 = 1_000_000;

    /// How many records the visit may still send.
    pub fn records_left(self, sent: i64) -> usize {
        let Some(limit) = self.records else { return usize::MAX };
        usize::try_from(i64::from(limit.get()).saturating_sub(sent)).unwrap_or(0)
    }

    /// Whether a visit that has sent so many records is to end. One that has sent none goes on, whatever the clock says:
    /// looking up names may take long, and the next visit would have to begin with it again.
    pub fn is_reached(self, sent: i64, opened_at: Timestamp, now: Timestamp) -> bool {
        let is_late =
            |minutes: NonZeroU32| now.duration_since(opened_at) >= SignedDuration::from_mins(i64::from(minutes.get()));
        sent > 0 && (self.records_left(sent) == 0 || self.minutes.is_some_and(is_late))
    }
}

impl std::fmt::Display for VisitLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.records, self.minutes) {
            (None, None) => f.write_str("none"),
            (Some(records), None) => write!(f, "{records} records"),
            (None, Some(minutes)) => write!(f, "{minutes} minutes"),
            (Some(records), Some(minutes)) => write!(f, "{records} records, {minutes} minutes"),
        }
    }
}

impl std::str::FromStr for VisitLimit {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let unreadable = || NotALimit { given: text.trim().to_owned() };
        let mut limit = Self::default();
        if text.trim().eq_ignore_ascii_case("none") {
            return Ok(limit);
        }
        for part in text.split(',') {
            let (number, word) = part.trim().split_once(char::is_whitespace).ok_or_else(unreadable)?;
            let number: NonZeroU32 = number.parse().map_err(|_| unreadable())?;
            let place = match word.trim() {
                "record" | "records" => &mut limit.records,
                "minute" | "minutes" => &mut limit.minutes,
                _ => return Err(unreadable()),
            };
            if number.get() > Self::MAX || place.replace(number).is_some() {
                return Err(unreadable());
            }
        }
        Ok(limit)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::VisitLimit;

    #[test]
    fn a_limit_is_read_as_it_is_written() {
        for text in ["none", "500 records", "30 minutes", "500 records, 30 minutes"] {
            assert_eq!(text.parse::<VisitLimit>().map(|limit| limit.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "500", "0 records", "1000001 minutes", "5 records, 6 records", "5 hours", "-1 records"] {
            assert!(text.parse::<VisitLimit>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_visit_ends_at_its_limit_but_never_before_it_sent_something() {
        let limit: VisitLimit = "500 records, 30 minutes".parse().expect("a limit");
        let opened = Timestamp::UNIX_EPOCH;
        let after = |minutes| opened + SignedDuration::from_mins(minutes);
        assert!(!limit.is_reached(499, opened, after(29)) && limit.is_reached(500, opened, opened));
        assert!(limit.is_reached(1, opened, after(30)) && !limit.is_reached(0, opened, after(300)));
        assert!(!limit.is_reached(1, opened, after(-30)), "a clock that was set back ends nothing");
        assert!(!VisitLimit::default().is_reached(i64::MAX, opened, after(100_000)));
        assert_eq!((limit.records_left(0), limit.records_left(499), limit.records_left(501)), (500, 1, 0));
    }
}
