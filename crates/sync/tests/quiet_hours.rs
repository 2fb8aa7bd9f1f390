//! Quiet hours by the clock on the company's wall, also on the days on which it changes.

use bookferry_sync::quiet_hours::QuietHours;
use bookferry_sync::time_zone::ZoneName;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

#[test]
fn hours_are_quiet_on_their_days_and_say_when_they_end() {
    let hours = "Mon-Fri 09:00-12:00; Mon-Fri 13:00-18:00; Sat 22:00-06:00";
    for (at, until) in [
        ("2026-11-02T08:59:59-05:00", None),
        ("2026-11-02T09:00:00-05:00", Some("2026-11-02T12:00:00-05:00")),
        ("2026-11-02T11:59:59-05:00", Some("2026-11-02T12:00:00-05:00")),
        ("2026-11-02T12:30:00-05:00", None),
        ("2026-11-06T17:00:00-05:00", Some("2026-11-06T18:00:00-05:00")),
        ("2026-11-07T10:00:00-05:00", None),
        ("2026-11-07T23:00:00-05:00", Some("2026-11-08T06:00:00-05:00")),
        ("2026-11-08T05:59:00-05:00", Some("2026-11-08T06:00:00-05:00")),
        ("2026-11-09T05:59:00-05:00", None),
    ] {
        assert_eq!(until_in_new_york(hours, at), until.map(instant), "{at}");
    }
}

#[test]
fn ranges_that_touch_are_one_quiet() {
    let hours = "daily 09:00-12:00; Mon-Fri 12:00-18:00; Wed-Thu 17:00-24:00; Fri 00:00-01:00";
    assert!(hours.parse::<QuietHours>().is_err(), "“daily” is no day");
    let hours = "09:00-12:00; Mon-Fri 12:00-18:00; Wed-Thu 17:00-24:00; Fri 00:00-01:00";
    let thursday = "2026-11-05T10:00:00-05:00";
    assert_eq!(until_in_new_york(hours, thursday), Some(instant("2026-11-06T01:00:00-05:00")));
}

/// On March 8, 2026, New York goes from 02:00 to 03:00.
#[test]
fn an_hour_that_is_skipped_is_never_quiet() {
    assert_eq!(
        until_in_new_york("01:00-02:30", "2026-03-08T01:30:00-05:00"),
        Some(instant("2026-03-08T03:00:00-04:00")),
        "it ends with the hour that never comes"
    );
    assert_eq!(until_in_new_york("02:15-02:45", "2026-03-08T01:59:59-05:00"), None);
    assert_eq!(until_in_new_york("02:15-02:45", "2026-03-08T03:00:00-04:00"), None);
    assert_eq!(
        until_in_new_york("Sat 22:00-06:00", "2026-03-07T23:00:00-05:00"),
        Some(instant("2026-03-08T06:00:00-04:00")),
        "that night lasts seven hours"
    );
}

/// On November 1, 2026, New York has the hour from 01:00 to 02:00 twice.
#[test]
fn an_hour_that_comes_twice_is_quiet_twice() {
    let first_half = "00:30-01:30";
    for (at, until) in [
        ("2026-11-01T01:10:00-04:00", Some("2026-11-01T01:30:00-04:00")),
        ("2026-11-01T01:40:00-04:00", None),
        ("2026-11-01T01:10:00-05:00", Some("2026-11-01T01:30:00-05:00")),
        ("2026-11-01T01:30:00-05:00", None),
    ] {
        assert_eq!(until_in_new_york(first_half, at), until.map(instant), "{at}");
    }
    assert_eq!(
        until_in_new_york("00:30-03:00", "2026-11-01T01:40:00-04:00"),
        Some(instant("2026-11-01T03:00:00-05:00")),
        "three and a half hours"
    );
}

#[test]
fn they_are_read_as_people_write_them_and_kept_in_one_way() {
    for (given, kept) in [
        ("none", "none"),
        ("", "none"),
        ("9:00-12:00", "Mon-Sun 09:00-12:00"),
        ("monday – friday 09:00 – 12:00\nSat 10:00-11:00", "Mon-Fri 09:00-12:00; Sat 10:00-11:00"),
        ("Mon, Wed, Thu, Fri 09:00-24:00;", "Mon,Wed-Fri 09:00-24:00"),
        ("Sat-Mon 22:00-06:00", "Mon,Sat,Sun 22:00-06:00"),
    ] {
        let hours: QuietHours = given.parse().unwrap_or_else(|error| panic!("{given}: {error}"));
        assert_eq!(hours.to_string(), kept);
        let json = serde_json::to_string(&hours).expect("text");
        assert_eq!(serde_json::from_str::<QuietHours>(&json).expect("hours"), hours);
    }
    for (given, told) in [
        ("at night", "“at night” is no range"),
        ("Mon-Fry 09:00-12:00", "“Fry” is no day"),
        ("Mon 9-12", "“9” is no time"),
        ("Mon 09:00-25:00", "“25:00” is no time"),
        ("Mon +9:00-12:00", "“+9:00” is no time"),
        ("Mon 09:00-09:00", "begins and ends at the same time"),
        ("Mon-Sun 00:00-24:00", "leave no time for a visit"),
        ("06:00-18:00; 18:00-06:00", "leave no time for a visit"),
    ] {
        let error = given.parse::<QuietHours>().expect_err(given).to_string();
        assert!(error.contains(told), "{given}: {error}");
    }
}

const ZONES: [&str; 5] = ["America/New_York", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

proptest! {
    /// From `now` to its end every minute is quiet, and the end is not.
    #[test]
    fn quiet_lasts_until_its_end(
        zone in 0..ZONES.len(),
        ranges in prop::collection::vec((0_u16..1440, 1_u16..1440, 0_usize..7, 0_usize..7), 1..4),
        minute in 0_i64..(366 * 1440),
    ) {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let written: Vec<String> = ranges.iter().map(|&(from, length, first, last)| {
            let to = (from + length) % 1440;
            format!("{}-{} {:02}:{:02}-{:02}:{:02}", DAYS[first], DAYS[last], from / 60, from % 60, to / 60, to % 60)
        }).collect();
        let Ok(hours) = written.join("; ").parse::<QuietHours>() else { return Ok(()) };
        prop_assert_eq!(hours.to_string().parse::<QuietHours>(), Ok(hours.clone()));
        let zone = ZONES[zone].parse::<ZoneName>().expect("a zone").rules();
        let now = instant("2026-01-01T00:00:00Z") + SignedDuration::from_mins(minute);
        let Some(until) = hours.until(&zone, now) else { return Ok(()) };
        prop_assert!(hours.until(&zone, until).is_none());
        let mut at = now;
        while at < until {
            prop_assert_eq!(hours.until(&zone, at), Some(until), "at {}", at);
            at += SignedDuration::from_mins(97);
        }
    }
}

fn until_in_new_york(hours: &str, at: &str) -> Option<Timestamp> {
    let zone: TimeZone = "America/New_York".parse::<ZoneName>().expect("a zone").rules();
    hours.parse::<QuietHours>().expect("quiet hours").until(&zone, instant(at))
}

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}
