//! Instants as people read them. The exact time is always in the title; the script turns it into the reader's zone.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// "8 min ago", as a `<time>` element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ago {
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

/// "14:03 UTC", with the day where it is not today; as a `<time>` element.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClockTime {
    pub(super) at: Timestamp,
    pub(super) now: Timestamp,
}

/// "Nov 20", with the year where it is not the present one; as a `<time>` element.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) today: Date,
}

/// "1 min 4 s".
#[derive(Debug, Clone, Copy)]
pub(super) struct Took(pub(super) i64);

impl HtmlSafe for Ago {}
impl HtmlSafe for ClockTime {}
impl HtmlSafe for Day {}

impl fmt::Display for Ago {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = utc(self.at);
        write!(f, "<time datetime=\"{}Z\" title=\"{} UTC\">", at.strftime("%Y-%m-%dT%H:%M:%S"), exact(self.at))?;
        write!(f, "{}</time>", self.told())
    }
}

impl Ago {
    /// Without the element.
    pub(super) fn told(self) -> String {
        match self.now.duration_since(self.at).as_secs() {
            ..60 => "just now".to_owned(),
            seconds @ 60..3_600 => format!("{} min ago", seconds / 60),
            seconds @ 3_600..86_400 => format!("{} h ago", seconds / 3_600),
            86_400..172_800 => "yesterday".to_owned(),
            seconds @ 172_800..2_592_000 => format!("{} days ago", seconds / 86_400),
            _ => utc(self.at).strftime("%b %-d, %Y").to_string(),
        }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = utc(self.at);
        let format = if at.date() == today(self.now) { "%H:%M" } else { "%b %-d, %H:%M" };
        write!(f, "<time data-clock datetime=\"{}Z\" ", at.strftime("%Y-%m-%dT%H:%M:%S"))?;
        write!(f, "title=\"{} UTC\">{} UTC</time>", exact(self.at), at.strftime(format))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = if self.date.year() == self.today.year() { "%b %-d" } else { "%b %-d, %Y" };
        write!(f, "<time datetime=\"{0}\" title=\"{0}\">{1}</time>", self.date, self.date.strftime(format))
    }
}

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds @ ..60 => write!(f, "{seconds} s"),
            seconds @ 60..3_600 => write!(f, "{} min {} s", seconds / 60, seconds % 60),
            seconds => write!(f, "{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        }
    }
}

pub(super) fn today(now: Timestamp) -> Date {
    utc(now).date()
}

fn exact(at: Timestamp) -> String {
    utc(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn utc(at: Timestamp) -> jiff::civil::DateTime {
    TimeZone::UTC.to_datetime(at)
}

#[cfg(test)]
mod tests {
    use super::{Ago, Took};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn times_are_told_as_people_tell_them() {
        let at: Timestamp = "2026-11-20T14:03:05Z".parse().expect("an instant");
        let told = |seconds| Ago { at, now: at + SignedDuration::from_secs(seconds) }.to_string();
        assert_eq!(
            told(485),
            "<time datetime=\"2026-11-20T14:03:05Z\" title=\"2026-11-20 14:03:05 UTC\">8 min ago</time>"
        );
        for (seconds, words) in [
            (-5, ">just now<"),
            (59, ">just now<"),
            (3_600, ">1 h ago<"),
            (86_400, ">yesterday<"),
            (172_800, ">2 days ago<"),
            (4_000_000, ">Nov 20, 2026<"),
        ] {
            assert!(told(seconds).contains(words), "{seconds} s: {}", told(seconds));
        }
        assert_eq!([4, 64, 7_260].map(|seconds| Took(seconds).to_string()), ["4 s", "1 min 4 s", "2 h 1 min"]);
    }
}
