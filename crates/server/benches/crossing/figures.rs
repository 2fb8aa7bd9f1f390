#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::time::Duration;

use crate::ROUNDS;

/// What one visit, or one row of polls, came to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) calls: usize,
    pub(crate) records: usize,
    /// Inside HTTP calls.
    pub(crate) in_calls: Duration,
    /// With what the simulated QuickBooks and Web Connector did between them.
    pub(crate) whole: Duration,
}

/// Rounds of ours, each with the bare server's that followed it.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pairs: Vec<(Round, Round)>,
}

/// What is measured on one database.
pub(crate) struct Table {
    database: &'static str,
    pub(crate) one_to_a_set: Pairs,
    pub(crate) hundred_to_a_set: Pairs,
    /// The same rounds of ours, beside the bare server that writes rows for each record.
    pub(crate) hundred_to_a_set_with_rows: Pairs,
    /// And beside the one whose rows can be found in the orders of a page.
    pub(crate) hundred_to_a_set_for_pages: Pairs,
    pub(crate) idle: Pairs,
}

impl Pairs {
    pub(crate) fn add(&mut self, ours: Round, bare: Round) {
        self.pairs.push((ours, bare));
    }

    fn print(&self, what: &str, per_second: fn(&Round) -> f64) {
        if self.pairs.is_empty() {
            return;
        }
        let figures: Vec<(f64, f64)> =
            self.pairs.iter().map(|(ours, bare)| (per_second(ours), per_second(bare))).collect();
        let ratios = sorted(figures.iter().map(|(ours, bare)| bare / ours));
        let ours = sorted(figures.iter().map(|(ours, _)| *ours));
        let bare = sorted(figures.iter().map(|(_, bare)| *bare));
        println!(
            "  {what:<46} {:>10.0} {:>12.0} {:>7.2}  {:.2}–{:.2}",
            median(&ours),
            median(&bare),
            median(&ratios),
            ratios.first().copied().unwrap_or(f64::NAN),
            ratios.last().copied().unwrap_or(f64::NAN),
        );
    }
}

impl Table {
    pub(crate) fn new(database: &'static str) -> Self {
        Self {
            database,
            one_to_a_set: Pairs::default(),
            hundred_to_a_set: Pairs::default(),
            hundred_to_a_set_with_rows: Pairs::default(),
            hundred_to_a_set_for_pages: Pairs::default(),
            idle: Pairs::default(),
        }
    }

    pub(crate) fn print(&self) {
        println!("{} (medians of {ROUNDS} rounds, a second)", self.database);
        println!("  {:<46} {:>10} {:>12} {:>7}  from–to", "", "Bookferry", "bare server", "ratio");
        self.one_to_a_set.print("SOAP calls, one record to a set", calls_a_second);
        self.hundred_to_a_set.print("records, a hundred to a set", records_a_second);
        self.hundred_to_a_set_with_rows.print("the same, bare server with rows", records_a_second);
        self.hundred_to_a_set_for_pages.print("the same, with rows that pages can read", records_a_second);
        self.idle.print("calls of idle polls", calls_a_second);
        let whole = |pairs: &Pairs| {
            let rates = pairs.pairs.iter().map(|(ours, _)| ours.records as f64 / ours.whole.as_secs_f64());
            median(&sorted(rates))
        };
        println!(
            "  with the simulated QuickBooks' own work: {:.0} records, a hundred to a set; {:.0} records, one to a set",
            whole(&self.hundred_to_a_set),
            whole(&self.one_to_a_set),
        );
    }
}

fn calls_a_second(round: &Round) -> f64 {
    round.calls as f64 / round.in_calls.as_secs_f64()
}

fn records_a_second(round: &Round) -> f64 {
    round.records as f64 / round.in_calls.as_secs_f64()
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
