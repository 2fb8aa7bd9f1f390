//! What people did: by person, by day, by record.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use bookferry_store::{CompanyDeed, CompanyDeedKind, Deed, DeedFilter, PersonDeed, PersonDeedKind, RecordFilter, Sort};
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::Status;
use form_urlencoded::Serializer;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::desk::Desk;
use super::frame::{Frame, Section, role};
use super::moment::{Ago, ClockTime};
use super::page_error::PageError;
use super::people;
use super::record_past::spelled_out;
use super::row::Mark;
use crate::App;

const PAGE_ROWS: u32 = 100;
/// Records whose deeds are shown together, where several bear what was searched for.
const RECORDS_MAX: u32 = 200;
/// Changes to the company and to people are few; who wants more than these names the days.
const OTHER_ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "deed_log.html")]
struct DeedLogPage {
    frame: Frame,
    people: BTreeSet<String>,
    wanted: Wanted,
    fault: Option<&'static str>,
    rows: Vec<DeedRow>,
    older: Option<String>,
    /// What was changed about the company, and for administrators what about people.
    other_rows: Vec<OtherRow>,
}

enum Other {
    Company(CompanyDeed),
    Person(PersonDeed),
}

struct OtherRow {
    when: Ago,
    at: ClockTime,
    actor: String,
    told: String,
}

struct DeedRow {
    when: Ago,
    at: ClockTime,
    actor: String,
    event: String,
    status: Option<Mark>,
    record_id: RecordId,
    name: String,
    customer: String,
    reason: String,
}

/// As in the address.
#[derive(Debug, Default)]
struct Wanted {
    person: String,
    from: String,
    to: String,
    q: String,
    after: Option<(Timestamp, i64)>,
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let wanted = Wanted::read(query.as_deref().unwrap_or(""));
    let company = desk.company_id();
    let days = day_bounds(&wanted.from, &wanted.to);
    let mut deeds = Vec::new();
    if let Some((from, before)) = days {
        let filter = DeedFilter {
            actor: Some(wanted.person.clone()).filter(|person| !person.is_empty()),
            from,
            before,
            records: records(&app, &desk, &wanted.q).await?,
        };
        deeds = app.store().deeds(company, &filter, wanted.after, PAGE_ROWS + 1).await?;
    }
    let shown = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    let has_more = deeds.len() > shown;
    deeds.truncate(shown);
    let older = deeds.last().filter(|_| has_more).map(|deed| wanted.query_after(deed));
    let mut others = match days {
        Some(days) => company_deeds(&app, &desk, &wanted, days).await?.into_iter().map(Other::Company).collect(),
        None => Vec::new(),
    };
    if let Some(days) = days.filter(|_| desk.signed_in.is_admin()) {
        others.extend(person_deeds(&app, &desk, &wanted, days).await?.into_iter().map(Other::Person));
    }
    others.sort_by_key(|other| std::cmp::Reverse(other.at()));
    let people = app.store().people(desk.company().organization_id).await?;
    let mut people: BTreeSet<String> = people.into_iter().map(|person| person.email).collect();
    people.extend(Some(wanted.person.clone()).filter(|person| !person.is_empty()));
    let frame = Frame::load(&app, &desk, Section::History).await?;
    let page = DeedLogPage {
        other_rows: others.into_iter().map(|other| OtherRow::of(other, frame.now)).collect(),
        rows: deeds.into_iter().map(|deed| DeedRow::of(deed, frame.now)).collect(),
        fault: days.is_none().then_some("One of the days cannot be understood. A day looks like 2026-11-20."),
        people,
        wanted,
        older,
        frame,
    };
    Ok(Html(page.render()?))
}

/// None where a record is searched for.
async fn company_deeds(
    app: &App,
    desk: &Desk,
    wanted: &Wanted,
    (from, before): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<CompanyDeed>, PageError> {
    if !wanted.q.is_empty() || wanted.after.is_some() {
        return Ok(Vec::new());
    }
    let mut deeds = app.store().company_deeds(desk.company_id(), from, before, OTHER_ROWS).await?;
    deeds.retain(|deed| wanted.person.is_empty() || deed.actor == wanted.person);
    Ok(deeds)
}

/// As far as they concern people whom the administrator sees; none where a record is searched for.
async fn person_deeds(
    app: &App,
    desk: &Desk,
    wanted: &Wanted,
    (from, before): (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<PersonDeed>, PageError> {
    if !wanted.q.is_empty() || wanted.after.is_some() {
        return Ok(Vec::new());
    }
    let seen = people::people(app, desk).await?;
    let mut deeds = app.store().person_deeds(desk.company().organization_id, from, before, OTHER_ROWS).await?;
    deeds.retain(|deed| seen.iter().any(|person| person.id == deed.person_id));
    deeds.retain(|deed| wanted.person.is_empty() || [&deed.actor, &deed.email].contains(&&wanted.person));
    Ok(deeds)
}

/// From the first day's beginning to the last day's end (UTC); `None` where one cannot be understood.
pub(super) fn day_bounds(from: &str, to: &str) -> Option<(Option<Timestamp>, Option<Timestamp>)> {
    let begin = |date: Date| date.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp());
    let from = if from.is_empty() { None } else { Some(begin(from.parse().ok()?)?) };
    let to = if to.is_empty() { None } else { Some(begin(to.parse::<Date>().ok()?.checked_add(1.day()).ok()?)?) };
    Some((from, to))
}

/// The records that bear this text, in any status; `None` where none is asked for.
async fn records(app: &App, desk: &Desk, text: &str) -> Result<Option<Vec<RecordId>>, PageError> {
    if text.is_empty() {
        return Ok(None);
    }
    let filter = RecordFilter { text: Some(text.to_owned()), ..RecordFilter::default() };
    let page = app.store().records(desk.company_id(), &filter, Sort::default(), None, RECORDS_MAX).await?;
    Ok(Some(page.lines.iter().map(|line| line.id).collect()))
}

impl Wanted {
    fn read(query: &str) -> Self {
        let mut wanted = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim().to_owned();
            match name.as_ref() {
                "person" => wanted.person = value,
                "from" => wanted.from = value,
                "to" => wanted.to = value,
                "q" => wanted.q = value,
                "after" => wanted.after = place(&value),
                _ => {}
            }
        }
        wanted
    }

    fn query_after(&self, last: &Deed) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("person", &self.person), ("from", &self.from), ("to", &self.to), ("q", &self.q)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("after", &format!("{}-{}", last.at.as_microsecond(), last.seq)).finish()
    }

    const fn is_narrowed(&self) -> bool {
        !(self.person.is_empty() && self.from.is_empty() && self.to.is_empty() && self.q.is_empty())
    }
}

fn place(text: &str) -> Option<(Timestamp, i64)> {
    let (at, seq) = text.split_once('-')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, seq.parse().ok()?))
}

impl Other {
    const fn at(&self) -> Timestamp {
        match self {
            Self::Company(deed) => deed.at,
            Self::Person(deed) => deed.at,
        }
    }
}

impl OtherRow {
    fn of(other: Other, now: Timestamp) -> Self {
        let (at, told) = (other.at(), told(&other));
        let (Other::Company(CompanyDeed { actor, .. }) | Other::Person(PersonDeed { actor, .. })) = other;
        Self { when: Ago { at, now }, at: ClockTime { at, now }, actor, told }
    }
}

fn told(other: &Other) -> String {
    match other {
        Other::Company(deed) => match deed.kind {
            CompanyDeedKind::Added => "Added the company".to_owned(),
            CompanyDeedKind::SyncEnabled => "Enabled sync".to_owned(),
            CompanyDeedKind::Password => "Made a new password for the Web Connector".to_owned(),
            CompanyDeedKind::Settings => format!("Changed the company\u{2019}s rules: {}", deed.detail),
        },
        Other::Person(deed) => {
            let PersonDeed { email, from_role, to_role, .. } = deed;
            match deed.kind {
                PersonDeedKind::Role => format!("Changed {email} from {} to {}", role(*from_role), role(*to_role)),
                PersonDeedKind::Disabled => format!("Disabled {email}, {}", role(*to_role)),
                PersonDeedKind::Enabled => format!("Enabled {email}, {}", role(*to_role)),
            }
        }
    }
}

impl DeedRow {
    fn of(deed: Deed, now: Timestamp) -> Self {
        let name = if deed.number.is_empty() { "(no number)".to_owned() } else { deed.number };
        Self {
            when: Ago { at: deed.at, now },
            at: ClockTime { at: deed.at, now },
            actor: deed.actor,
            event: spelled_out(&deed.event),
            status: deed.to_status.parse::<Status>().ok().map(Mark),
            record_id: deed.record_id,
            name: format!("{} {name}", deed.kind.as_str()),
            customer: deed.customer,
            reason: deed.reason.unwrap_or_default(),
        }
    }
}
