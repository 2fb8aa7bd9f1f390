//! Times of the week at which QuickBooks is left alone, by the clock on the company's wall.
//!
//! A range that ends before it begins goes on into the next day, and belongs to the day on which it began. Where the clocks
//! change, the wall decides: an hour that is skipped is never quiet, one that comes twice is quiet twice.

mod text;

use jiff::civil::{DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

pub use text::NotQuietHours;

/// Written as `Mon-Fri 09:00-12:00; Sat 10:00-14:00`, or `none`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct QuietHours {
    ranges: Vec<Range>,
}

/// Minutes of the day, on some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range {
    days: Days,
    from: u16,
    /// Not included; at most 1440, and not above `from` where the range ends on the next day.
    to: u16,
}

/// A bit for each day, from Monday on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days(u8);

const MINUTES_A_DAY: u16 = 24 * 60;
/// A stretch of quiet ends within the week, or never.
const DAYS_AHEAD: i32 = 8;

impl QuietHours {
    pub const fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The end of the quiet that `now` lies in; `None` where QuickBooks may be visited.
    pub fn until(&self, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
        if !self.is_quiet(zone, now) {
            return None;
        }
        let local = zone.to_datetime(now);
        let mut changes: Vec<Timestamp> = (-1..DAYS_AHEAD).flat_map(|day| self.ends_of(zone, local, day)).collect();
        let clock_changes = zone.following(now).map(|change| change.timestamp());
        changes.extend(
            clock_changes
                .take_while(|&at| at < now.saturating_add((24 * i64::from(DAYS_AHEAD)).hours()).unwrap_or(now)),
        );
        changes.into_iter().filter(|&at| at > now && !self.is_quiet(zone, at)).min()
    }

    fn is_quiet(&self, zone: &TimeZone, at: Timestamp) -> bool {
        let local = zone.to_datetime(at);
        let minute = minute_of(local.time());
        self.ranges.iter().any(|range| range.holds(local.date().weekday(), minute))
    }

    /// Whether there is no minute of the week left for a visit.
    fn is_always(&self) -> bool {
        let quiet = |day, minute| self.ranges.iter().any(|range| range.holds(day, minute));
        WEEK.into_iter().all(|day| (0..MINUTES_A_DAY).all(|minute| quiet(day, minute)))
    }

    /// The instants at which a range can end on the day so many days from `local`: two, where that hour comes twice.
    fn ends_of(&self, zone: &TimeZone, local: DateTime, day: i32) -> Vec<Timestamp> {
        let Ok(midnight) = local.date().checked_add(day.days()).map(|date| date.to_datetime(Time::midnight())) else {
            return Vec::new();
        };
        let ends = self.ranges.iter().filter_map(|range| midnight.checked_add(i64::from(range.to).minutes()).ok());
        ends.flat_map(|end| {
            let instants = zone.to_ambiguous_timestamp(end);
            [instants.earlier(), instants.later()].into_iter().flatten()
        })
        .collect()
    }
}

impl Range {
    fn holds(self, day: Weekday, minute: u16) -> bool {
        if self.from < self.to {
            return self.days.holds(day) && (self.from..self.to).contains(&minute);
        }
        (self.days.holds(day) && minute >= self.from) || (self.days.holds(day.previous()) && minute < self.to)
    }
}

impl Days {
    fn holds(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

fn minute_of(time: Time) -> u16 {
    u16::try_from(i16::from(time.hour()) * 60 + i16::from(time.minute())).unwrap_or(0)
}
