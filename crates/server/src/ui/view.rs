//! What somebody looks at in Submissions: filters, order and place, all of it in the address.

use bookferry_qbxml::value::Amount;
use bookferry_store::{Cursor, RecordFilter, Sort, SortBy};
use bookferry_sync::submission::Status;
use form_urlencoded::Serializer;
use jiff::civil::Date;

/// Shown when nothing else is asked for: what waits, and what is on its way.
const USUAL: [Status; 4] = [Status::Unsent, Status::ReadyToSync, Status::Sending, Status::Unconfirmed];

#[derive(Debug, Clone, Default)]
pub(super) struct View {
    pub(super) statuses: Vec<Status>,
    pub(super) text: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) amount_min: String,
    pub(super) amount_max: String,
    pub(super) sort: Sort,
    pub(super) place: Place,
    /// Whether somebody wants to wait for the count; of this page alone, so not part of its query.
    pub(super) wants_count: bool,
    /// What cannot be understood, in sentences. Such a view shows nothing, lest it show more than was asked for.
    pub(super) faults: Vec<String>,
    parsed: Parsed,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Start,
    After(Cursor),
    Before(Cursor),
}

#[derive(Debug, Clone, Default)]
struct Parsed {
    from: Option<Date>,
    to: Option<Date>,
    amount_min: Option<Amount>,
    amount_max: Option<Amount>,
}

impl View {
    pub(super) fn read(query: &str) -> Self {
        let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        let mut view = Self {
            statuses: fields
                .iter()
                .filter(|(name, _)| name == "status")
                .filter_map(|(_, word)| word.parse().ok())
                .collect(),
            text: get("q"),
            from: get("from"),
            to: get("to"),
            amount_min: get("min"),
            amount_max: get("max"),
            sort: Sort { by: sort_of(&get("sort")).unwrap_or_default(), ascending: get("order") == "asc" },
            ..Self::default()
        };
        view.wants_count = get("count") == "1";
        view.place = place(view.sort.by, &get("after"), &get("before"));
        if get("filtered").is_empty() && view.statuses.is_empty() {
            view.statuses = USUAL.to_vec();
        }
        view.parse();
        view
    }

    pub(super) fn filter(&self) -> RecordFilter {
        RecordFilter {
            statuses: self.statuses.clone(),
            text: Some(self.text.clone()).filter(|text| !text.is_empty()),
            from: self.parsed.from,
            to: self.parsed.to,
            amount_min: self.parsed.amount_min,
            amount_max: self.parsed.amount_max,
            ..RecordFilter::default()
        }
    }

    /// Whether the filter says what to show; without a status it would admit every one of them.
    pub(super) fn is_usable(&self) -> bool {
        self.faults.is_empty() && !self.statuses.is_empty()
    }

    /// Whether anything but the usual statuses is asked for.
    pub(super) fn is_narrowed(&self) -> bool {
        self.statuses != USUAL
            || [&self.text, &self.from, &self.to, &self.amount_min, &self.amount_max]
                .iter()
                .any(|text| !text.is_empty())
    }

    pub(super) fn shows(&self, status: Status) -> bool {
        self.statuses.contains(&status)
    }

    /// The filters and the order as a query, without the place.
    pub(super) fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        query.append_pair("filtered", "1");
        for status in &self.statuses {
            query.append_pair("status", status.as_str());
        }
        let texts = [
            ("q", &self.text),
            ("from", &self.from),
            ("to", &self.to),
            ("min", &self.amount_min),
            ("max", &self.amount_max),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            query.append_pair(name, text);
        }
        if self.sort != Sort::default() {
            query.append_pair("sort", sort_word(self.sort.by));
            query.append_pair("order", if self.sort.ascending { "asc" } else { "desc" });
        }
        query.finish()
    }

    /// [`query_here`](Self::query_here) as the fields of a form.
    pub(super) fn fields_here(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query_here().as_bytes()).into_owned().collect()
    }

    /// The same place too.
    pub(super) fn query_here(&self) -> String {
        match &self.place {
            Place::Start => self.query(),
            Place::After(cursor) => self.query_at("after", cursor),
            Place::Before(cursor) => self.query_at("before", cursor),
        }
    }

    /// The same place, counted however long it takes.
    pub(super) fn query_counted(&self) -> String {
        Serializer::new(self.query_here()).append_pair("count", "1").finish()
    }

    pub(super) fn query_at(&self, side: &str, cursor: &Cursor) -> String {
        Serializer::new(self.query()).append_pair(side, &cursor.to_string()).finish()
    }

    /// The view a click on a column's heading leads to.
    pub(super) fn sorted_by(&self, by: SortBy) -> Self {
        let ascending = if self.sort.by == by { !self.sort.ascending } else { by_nature(by) };
        Self { sort: Sort { by, ascending }, place: Place::Start, ..self.clone() }
    }

    fn parse(&mut self) {
        self.parsed = Parsed {
            from: parse(&self.from, "The first date", &mut self.faults),
            to: parse(&self.to, "The last date", &mut self.faults),
            amount_min: parse(&self.amount_min.replace(',', ""), "The lowest amount", &mut self.faults),
            amount_max: parse(&self.amount_max.replace(',', ""), "The highest amount", &mut self.faults),
        };
    }
}

fn parse<T: std::str::FromStr>(text: &str, what: &str, faults: &mut Vec<String>) -> Option<T> {
    let parsed = text.parse().ok();
    if parsed.is_none() && !text.is_empty() {
        faults.push(format!("{what} cannot be understood: {text}."));
    }
    parsed
}

fn place(by: SortBy, after: &str, before: &str) -> Place {
    match (Cursor::parse(after, by), Cursor::parse(before, by)) {
        (Ok(cursor), _) => Place::After(cursor),
        (Err(_), Ok(cursor)) => Place::Before(cursor),
        (Err(_), Err(_)) => Place::Start,
    }
}

const fn sort_word(by: SortBy) -> &'static str {
    match by {
        SortBy::Date => "date",
        SortBy::Number => "number",
        SortBy::Customer => "customer",
        SortBy::Amount => "amount",
        SortBy::Status => "status",
        SortBy::Created => "created",
        SortBy::Changed => "changed",
    }
}

/// The order by the column of this name; `None` where there is none.
pub(super) fn sort_of(column: &str) -> Option<SortBy> {
    SortBy::ALL.into_iter().find(|&by| sort_word(by) == column)
}

/// Names are read from A on, and statuses from the first on; the rest is asked for from the top.
const fn by_nature(by: SortBy) -> bool {
    match by {
        SortBy::Customer | SortBy::Status => true,
        SortBy::Date | SortBy::Number | SortBy::Amount | SortBy::Created | SortBy::Changed => false,
    }
}

#[cfg(test)]
mod tests {
    use super::View;
    use bookferry_sync::submission::Status;

    #[test]
    fn an_address_without_filters_shows_what_waits_and_what_is_on_its_way() {
        let view = View::read("");
        assert_eq!(view.query(), "filtered=1&status=unsent&status=ready_to_sync&status=sending&status=unconfirmed");
        assert!(!view.is_narrowed());
        assert!(!view.shows(Status::Submitted));
    }

    #[test]
    fn every_filter_survives_its_way_through_the_address() {
        let query = "filtered=1&status=submitted&q=M%C3%BCller+%26+Co&from=2026-11-01&to=2026-11-30&min=10&max=1%2C000.50\
                     &sort=customer&order=asc&after=7%3AHarbor+Fleet";
        let view = View::read(query);
        assert_eq!(view.query_here(), query);
        assert_eq!(view.filter().text.as_deref(), Some("Müller & Co"));
        assert_eq!(view.filter().amount_max.map(|amount| amount.to_string()).as_deref(), Some("1000.50"));
    }

    #[test]
    fn a_filter_that_cannot_be_understood_shows_nothing() {
        let view = View::read("from=yesterday");
        assert_eq!(view.faults, ["The first date cannot be understood: yesterday."]);
        assert!(!view.is_usable());
        assert!(!View::read("filtered=1").is_usable());
    }
}
