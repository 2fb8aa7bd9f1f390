//! What was submitted beside what QuickBooks had when it was last looked at: of a month by day, of a day by customer.

use bookferry_store::{Compared, Differing};
use bookferry_sync::reconciliation::Difference;
use bookferry_sync::record::RecordKind;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::desk::Desk;
use super::moment::{Ago, today};
use super::money::{amount, count, counted, sum};
use super::page_error::PageError;
use super::row::{Mark, Row, plural};
use crate::App;

/// Customers of one day that are shown, those with a difference first; the CSV has all.
pub(super) const CUSTOMERS_MAX: usize = 300;
/// Documents of one day that differ and are shown.
pub(super) const DIFFERING_MAX: u32 = 200;

/// The days of one month.
#[derive(Debug)]
pub(super) struct Month {
    /// "November 2026".
    pub(super) title: String,
    /// "2026-11".
    pub(super) word: String,
    pub(super) earlier: String,
    pub(super) later: Option<String>,
    pub(super) rows: Vec<SumRow>,
    pub(super) totals: Vec<SumRow>,
}

/// The customers of one day.
#[derive(Debug)]
pub(super) struct OneDay {
    pub(super) date: Date,
    pub(super) month: String,
    pub(super) rows: Vec<SumRow>,
    pub(super) totals: Vec<SumRow>,
    /// How many customers there are, where not all are shown.
    pub(super) customers_of: Option<String>,
    pub(super) documents: Vec<Document>,
    /// Whether there are more than those.
    pub(super) has_more: bool,
}

#[derive(Debug)]
pub(super) struct SumRow {
    /// A date, or a customer.
    pub(super) label: String,
    pub(super) kind: &'static str,
    pub(super) submitted: String,
    pub(super) there: String,
    /// By how much what is there is more than what was submitted, of what has been looked at.
    pub(super) difference: Option<String>,
    /// "2 amount changed", ….
    pub(super) differences: Vec<String>,
    pub(super) waiting: Option<String>,
    pub(super) paid_there: Option<String>,
    pub(super) unseen: Option<String>,
}

/// One that is not as it was sent.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) row: Row,
    pub(super) mark: Mark,
    pub(super) differences: String,
    pub(super) sent: String,
    pub(super) there: Option<String>,
    pub(super) seen: Ago,
}

impl Month {
    /// The month that holds this day; without one, that of the newest document.
    pub(super) async fn load(app: &App, desk: &Desk, day: Option<Date>, now: Timestamp) -> Result<Self, PageError> {
        let (store, company) = (app.store(), desk.company_id());
        let newest = store.newest_submitted_date(company).await?.unwrap_or_else(|| today(now));
        let first = day.unwrap_or(newest).first_of_month();
        let days = store.compared_by_day(company, first, first.last_of_month()).await?;
        let rows = days.iter().map(|((date, kind), compared)| SumRow::of(date.to_string(), *kind, compared));
        Ok(Self {
            title: first.strftime("%B %Y").to_string(),
            word: word(first),
            earlier: word(first.saturating_sub(1.month())),
            later: (first < newest.max(today(now)).first_of_month()).then(|| word(first.saturating_add(1.month()))),
            rows: rows.collect(),
            totals: totals(days.iter().map(|((_, kind), compared)| (*kind, compared))),
        })
    }
}

impl OneDay {
    pub(super) async fn load(app: &App, desk: &Desk, date: Date, now: Timestamp) -> Result<Self, PageError> {
        let (store, company) = (app.store(), desk.company_id());
        let customers = store.compared_by_customer(company, date, date).await?;
        let totals = totals(customers.iter().map(|((_, _, kind), compared)| (*kind, compared)));
        let all = customers.len();
        let mut shown: Vec<_> = customers.into_iter().collect();
        if all > CUSTOMERS_MAX {
            shown.sort_by_key(|(_, compared)| compared.differing == 0);
            shown.truncate(CUSTOMERS_MAX);
        }
        let mut documents = store.differing(company, date, date, DIFFERING_MAX + 1).await?;
        let has_more = documents.len() > usize::try_from(DIFFERING_MAX).unwrap_or(usize::MAX);
        documents.truncate(usize::try_from(DIFFERING_MAX).unwrap_or(usize::MAX));
        Ok(Self {
            date,
            month: word(date),
            rows: shown.into_iter().map(|((_, customer, kind), it)| SumRow::of(customer, kind, &it)).collect(),
            totals,
            customers_of: (all > CUSTOMERS_MAX).then(|| count(u64::try_from(all).unwrap_or(u64::MAX))),
            documents: documents.iter().map(|differing| Document::of(differing, now)).collect(),
            has_more,
        })
    }
}

impl SumRow {
    fn of(label: String, kind: RecordKind, of: &Compared) -> Self {
        let some = |number: u64| (number > 0).then(|| count(number));
        let difference_e5 = of.there_e5.saturating_sub(of.submitted_e5.saturating_sub(of.unseen_e5));
        let told = |(difference, number): (&Difference, &u64)| format!("{} {}", count(*number), difference.label());
        Self {
            label,
            kind: plural(kind),
            submitted: counted_sum(of.submitted, of.submitted_e5),
            there: counted_sum(of.there, of.there_e5),
            difference: (difference_e5 != 0).then(|| sum(difference_e5)),
            differences: of.differences.iter().map(told).collect(),
            waiting: (of.waiting > 0).then(|| counted(of.waiting, "waits", "wait")),
            paid_there: (of.paid_there > 0).then(|| counted_sum(of.paid_there, of.paid_there_e5)),
            unseen: some(of.unseen),
        }
    }
}

impl Document {
    fn of(differing: &Differing, now: Timestamp) -> Self {
        let labels: Vec<&str> = differing.differences.iter().map(|difference| difference.label()).collect();
        Self {
            row: Row::of(&differing.line, None, now),
            mark: Mark(differing.line.state.status()),
            differences: labels.join(", "),
            sent: amount(differing.sent_e5),
            there: differing.there_e5.map(amount),
            seen: Ago { at: differing.seen_at, now },
        }
    }
}

/// The first day of a month that is written "2026-11".
pub(super) fn first_day(month: &str) -> Option<Date> {
    format!("{month}-01").parse().ok()
}

fn word(date: Date) -> String {
    date.strftime("%Y-%m").to_string()
}

/// A row for each kind that there is.
fn totals<'a>(of: impl Iterator<Item = (RecordKind, &'a Compared)>) -> Vec<SumRow> {
    let mut sums = RecordKind::ALL.map(|kind| (kind, Compared::default()));
    for (kind, compared) in of {
        for (_, sum) in sums.iter_mut().filter(|(known, _)| *known == kind) {
            sum.and(compared);
        }
    }
    let all = sums.iter().filter(|(_, sum)| *sum != Compared::default());
    all.map(|(kind, sum)| SumRow::of(String::new(), *kind, sum)).collect()
}

fn counted_sum(number: u64, e5: i64) -> String {
    format!("{} \u{b7} {}", count(number), sum(e5))
}
