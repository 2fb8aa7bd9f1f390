//! Crossings per day as bars, drawn here.

use bookferry_store::Crossings;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::moment::today;
use super::money::{count, counted};

pub(super) const DAYS: i64 = 14;
const BAR_WIDTH: u32 = 30;
const GAP: u32 = 8;
const HEIGHT: u64 = 72;

/// In units of its own box.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) bars: Vec<Bar>,
    pub(super) width: u32,
    pub(super) told: String,
}

#[derive(Debug)]
pub(super) struct Bar {
    pub(super) x: u32,
    pub(super) middle: u32,
    pub(super) y: u64,
    pub(super) height: u64,
    pub(super) attention_height: u64,
    pub(super) count: String,
    pub(super) day: String,
    pub(super) told: String,
}

/// The moment from which the chart shows days.
pub(super) fn since(now: Timestamp) -> Timestamp {
    now.checked_sub((24 * DAYS).hours()).unwrap_or(now)
}

impl Chart {
    /// `None` while nothing has crossed in these days.
    pub(super) fn of(crossings: &[Crossings], now: Timestamp) -> Option<Self> {
        let days: Vec<Date> = (0..DAYS).rev().filter_map(|ago| today(now).checked_sub(ago.days()).ok()).collect();
        let figures: Vec<(Date, u64, u64)> = days
            .into_iter()
            .map(|date| {
                let found = crossings.iter().find(|crossings| day_of(crossings) == Some(date));
                (date, found.map_or(0, |found| found.submitted), found.map_or(0, |found| found.attention))
            })
            .collect();
        let most =
            figures.iter().map(|(_, submitted, attention)| submitted + attention).max().filter(|most| *most > 0)?;
        let scaled = |value: u64| (value.saturating_mul(HEIGHT) / most).max(u64::from(value > 0) * 2);
        let mut x = 0;
        let mut bars = Vec::with_capacity(figures.len());
        for (date, submitted, attention) in &figures {
            let (height, attention_height) = (scaled(*submitted), scaled(*attention));
            let told = format!(
                "{}: {} submitted, {} attention",
                date.strftime("%b %-d"),
                count(*submitted),
                counted(*attention, "needed", "needed")
            );
            bars.push(Bar {
                x,
                middle: x + BAR_WIDTH / 2,
                y: HEIGHT.saturating_sub(height),
                height,
                attention_height,
                count: if *submitted > 0 { count(*submitted) } else { String::new() },
                day: date.strftime("%-d").to_string(),
                told,
            });
            x += BAR_WIDTH + GAP;
        }
        let all: u64 = figures.iter().map(|(_, submitted, _)| submitted).sum();
        let told = format!("Submitted in the last {DAYS} days: {}", count(all));
        Some(Self { bars, width: x - GAP, told })
    }
}

fn day_of(crossings: &Crossings) -> Option<Date> {
    Date::new(1970, 1, 1).ok()?.checked_add(crossings.day.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::{Chart, HEIGHT};
    use bookferry_store::Crossings;
    use jiff::Timestamp;

    #[test]
    fn the_highest_day_fills_the_chart_and_a_small_one_is_still_seen() {
        let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
        let day = now.as_second() / 86_400;
        let crossings =
            [Crossings { day: day - 1, submitted: 1, attention: 0 }, Crossings { day, submitted: 990, attention: 10 }];
        let chart = Chart::of(&crossings, now).expect("a chart");
        let last: Vec<_> = chart.bars.iter().rev().take(3).map(|bar| (bar.height, bar.told.as_str())).collect();
        assert_eq!(
            last,
            [
                (HEIGHT * 99 / 100, "Nov 22: 990 submitted, 10 needed attention"),
                (2, "Nov 21: 1 submitted, 0 needed attention"),
                (0, "Nov 20: 0 submitted, 0 needed attention")
            ]
        );
        assert_eq!(chart.told, "Submitted in the last 14 days: 991");
        assert!(Chart::of(&[], now).is_none());
    }
}
