//! Which records of a company are meant, by the same names in an address and in a body.

use std::str::FromStr;

use bookferry_store::RecordFilter;
use bookferry_sync::submission::Status;
use jiff::civil::Date;

use super::parameters::Parameters;

pub(super) const NAMES: [&str; 6] = ["kind", "status", "q", "customer", "from", "to"];
pub(super) const KIND: &str = "\"invoice\" or \"payment\"";
pub(super) const STATUS: &str = "one of the eight statuses, such as \"needs_attention\"";
pub(super) const DAY: &str = "a day like \"2026-11-02\"";

/// Takes the filter out of an address's parameters.
pub(super) fn of(parameters: &mut Parameters) -> RecordFilter {
    RecordFilter {
        kinds: parameters.parse("kind", KIND).into_iter().collect(),
        statuses: each_once(parameters.parse_all("status", STATUS)),
        text: parameters.text("q").map(str::to_owned),
        customer: parameters.text("customer").map(str::to_owned),
        from: parameters.parse("from", DAY).map(|Day(date)| date),
        to: parameters.parse("to", DAY).map(|Day(date)| date),
        ..RecordFilter::default()
    }
}

/// The store walks every status it is given, so a repeated one would show its records twice.
pub(super) fn each_once(mut statuses: Vec<Status>) -> Vec<Status> {
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// A day as the contract writes it; jiff reads more forms of ISO 8601.
pub(super) struct Day(pub(super) Date);

/// A text that is no day.
#[derive(Debug)]
pub(super) struct NoDay;

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        text.parse().ok().filter(|date: &Date| date.to_string() == text).map(Self).ok_or(NoDay)
    }
}
