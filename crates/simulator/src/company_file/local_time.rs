use jiff::civil::{self, DateTime, Weekday};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// The clock of the PC that QuickBooks runs on.
///
/// QuickBooks writes the time of that clock, which follows daylight saving, with an offset that does not (qbXML notes,
/// section 6.1). The rule of daylight saving is that of the United States.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalTime {
    /// Hours from UTC outside daylight saving, for example -8.
    pub standard_offset_hours: i8,
    pub has_daylight_saving: bool,
}

impl LocalTime {
    pub(crate) const PACIFIC: Self = Self { standard_offset_hours: -8, has_daylight_saving: true };

    /// As QuickBooks writes it: `2026-07-01T09:30:00-08:00` at half past nine in summer.
    pub(crate) fn stamp(self, now: Timestamp) -> String {
        let sign = if self.standard_offset_hours < 0 { '-' } else { '+' };
        format!("{}{sign}{:02}:00", self.clock(now), self.standard_offset_hours.unsigned_abs())
    }

    pub(crate) fn date(self, now: Timestamp) -> civil::Date {
        self.clock(now).date()
    }

    /// What a point of a query's filter means on this clock; `None` if it is not a date and time. A date alone is its
    /// first second, or its last where `at_end`.
    pub(crate) fn filter_point(self, text: &str, at_end: bool) -> Option<String> {
        let text = text.trim();
        let Some((date, time)) = text.split_once('T') else {
            let date: civil::Date = text.parse().ok()?;
            return Some(if at_end { date.at(23, 59, 59, 0) } else { date.at(0, 0, 0, 0) }.to_string());
        };
        let date: civil::Date = date.parse().ok()?;
        let offset_at = time.find(['+', '-']);
        let (clock, offset) = offset_at.map_or((time, None), |at| (&time[..at], Some(&time[at..])));
        let mut parts = clock.split(':').map(|part| part.parse::<i8>().ok());
        let (hour, minute, second) =
            (parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
        let stated = DateTime::from_parts(date, civil::Time::new(hour, minute, second, 0).ok()?);
        let shift = offset.map_or(Some(0), |offset| self.minutes_from(offset))?;
        Some(stated.checked_add(i64::from(shift).minutes()).ok()?.to_string())
    }

    /// Minutes from a clock at that offset to this one, both without daylight saving.
    fn minutes_from(self, offset: &str) -> Option<i32> {
        let (sign, digits) = offset.split_at_checked(1)?;
        let (hours, minutes) = digits.split_once(':')?;
        let size = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
        let given = if sign == "-" { -size } else { size };
        Some(i32::from(self.standard_offset_hours) * 60 - given)
    }

    fn clock(self, now: Timestamp) -> DateTime {
        let offset = jiff::tz::Offset::from_hours(self.standard_offset_hours).unwrap_or(jiff::tz::Offset::UTC);
        let standard = offset.to_datetime(Timestamp::from_second(now.as_second()).unwrap_or(now));
        if self.has_daylight_saving && is_daylight_saving(standard) {
            return standard.checked_add(1.hour()).unwrap_or(standard);
        }
        standard
    }
}

/// From the second Sunday of March to the first of November, two o'clock each.
fn is_daylight_saving(standard: DateTime) -> bool {
    let sunday = |month: i8, nth: i8| {
        let first = civil::Date::new(standard.year(), month, 1).ok()?;
        first.nth_weekday_of_month(nth, Weekday::Sunday).ok()
    };
    match (sunday(3, 2), sunday(11, 1)) {
        // On the standard clock, the end comes an hour earlier than on the wall.
        (Some(begin), Some(end)) => standard >= begin.at(2, 0, 0, 0) && standard < end.at(1, 0, 0, 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::LocalTime;

    #[test]
    fn summer_has_its_clock_and_winter_s_offset() {
        let stamp = |text: &str| LocalTime::PACIFIC.stamp(text.parse().unwrap());
        assert_eq!(stamp("2026-01-15T20:00:00Z"), "2026-01-15T12:00:00-08:00");
        assert_eq!(stamp("2026-07-15T20:00:00.5Z"), "2026-07-15T13:00:00-08:00");
        assert_eq!(stamp("2026-03-08T09:59:59Z"), "2026-03-08T01:59:59-08:00");
        assert_eq!(stamp("2026-03-08T10:00:00Z"), "2026-03-08T03:00:00-08:00");
        assert_eq!(stamp("2026-11-01T08:59:59Z"), "2026-11-01T01:59:59-08:00");
        assert_eq!(stamp("2026-11-01T09:00:00Z"), "2026-11-01T01:00:00-08:00");
    }

    #[test]
    fn filter_points_are_read_on_the_same_clock() {
        let point = |text, at_end| LocalTime::PACIFIC.filter_point(text, at_end);
        assert_eq!(point("2026-07-15T13:00:00-08:00", false).as_deref(), Some("2026-07-15T13:00:00"));
        assert_eq!(point("2026-07-15T13:00:00", false).as_deref(), Some("2026-07-15T13:00:00"));
        assert_eq!(point("2026-07-15T13:00", false).as_deref(), Some("2026-07-15T13:00:00"));
        assert_eq!(point("2026-07-15T21:00:00+00:00", false).as_deref(), Some("2026-07-15T13:00:00"));
        assert_eq!(point("2026-07-15", true).as_deref(), Some("2026-07-15T23:59:59"));
        assert_eq!(point("yesterday", true), None);
    }
}
