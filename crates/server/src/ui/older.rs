//! Add older records: what was created before sync was enabled, taken into the queue by a range of dates.

use askama::Template;
use axum::extract::{Query, RawQuery, State};
use axum::response::{Html, Redirect};
use bookferry_store::{BulkMove, OlderSeen, OlderTotal, OlderTwin, RecordFilter, Selection};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Posted, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::frame::{Frame, Section};
use super::moment::Day;
use super::money::{amount, count, counted, sum};
use super::moves::{carry_out, take_back, undoable};
use super::notice::{Notice, told};
use super::page_error::PageError;
use super::sentence::Sentence;
use crate::App;

/// Of those that seem to be in QuickBooks, so many of each kind are listed.
const TWINS_SHOWN: u32 = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
}

#[derive(Template)]
#[template(path = "older.html")]
struct OlderPage {
    frame: Frame,
    notice: Option<Notice>,
    undo_at: Option<i64>,
    wanted: Wanted,
    /// A date that cannot be read.
    fault: Option<Sentence>,
    rows: Vec<TotalRow>,
    /// How many would be added, and their sum.
    fresh: String,
    fresh_count: u64,
    fresh_sum: String,
    /// With those that seem to be in QuickBooks.
    every: String,
    every_sum: String,
    twin_count: u64,
    twins_told: String,
    twins: Vec<TwinRow>,
    twins_left: u64,
    /// What QuickBooks itself answered it has.
    seen: Vec<SeenRow>,
    /// How many it was not asked about yet.
    unasked: Option<String>,
    seen_until: i64,
    is_enabled: bool,
}

struct TotalRow {
    label: &'static str,
    count: String,
    sum: String,
    twin_count: String,
    twin_sum: String,
}

struct SeenRow {
    seen: OlderSeen,
    name: String,
    day: Option<Day>,
    amount: String,
}

struct TwinRow {
    twin: OlderTwin,
    name: String,
    day: Day,
    amount: String,
}

/// The kinds that can be chosen, by their word in the address.
const KINDS: [(&str, &str); 3] = [("", "Invoices and payments"), ("invoice", "Invoices"), ("payment", "Payments")];

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let frame = Frame::load(&app, &desk, Section::Submissions).await?;
    let (company, store) = (desk.company_id(), app.store());
    let read = read(&wanted);
    let fault = read.as_ref().err().map(|fault| Sentence::new(fault));
    let (mut totals, mut twins, mut seen, mut unasked) = (Vec::new(), Vec::new(), Vec::new(), 0);
    if let Ok(filter) = &read {
        totals = store.older_totals(company, filter).await?;
        twins = store.older_twins(company, filter, TWINS_SHOWN).await?;
        seen = store.older_seen(company, filter, TWINS_SHOWN).await?;
        unasked = store.older_unasked_count(company, filter).await?;
    }
    // Of which both is known, what Bookferry itself submitted says more.
    seen.retain(|seen| !twins.iter().any(|twin| twin.id == seen.id));
    let all = |part: fn(&OlderTotal) -> u64| totals.iter().map(|(_, total)| part(total)).sum::<u64>();
    let twin_count = all(|total| total.twins.count);
    let fresh_count = all(|total| total.found.count).saturating_sub(twin_count);
    let every_sum = totals.iter().map(|(_, total)| total.found.sum_e5).fold(0, i64::saturating_add);
    let twin_sum = totals.iter().map(|(_, total)| total.twins.sum_e5).fold(0, i64::saturating_add);
    let undo = undoable(&app, &desk).await?.filter(|last| last.deed == "add_older");
    let today = frame.now.to_zoned(desk.company().settings.time_zone.rules()).date();
    let page = OlderPage {
        notice: Notice::read(&query.unwrap_or_default()),
        undo_at: undo.map(|last| last.at.as_microsecond()),
        fault,
        rows: totals.iter().map(|(kind, total)| TotalRow::of(*kind, total)).collect(),
        fresh: counted(fresh_count, "record", "records"),
        fresh_count,
        fresh_sum: sum(every_sum.saturating_sub(twin_sum)),
        every: counted(fresh_count + twin_count, "record", "records"),
        every_sum: sum(every_sum),
        twins_left: twin_count.saturating_sub(u64::try_from(twins.len() + seen.len()).unwrap_or(u64::MAX)),
        seen: seen.into_iter().map(|seen| SeenRow::of(seen, today)).collect(),
        unasked: (unasked > 0).then(|| counted(unasked, "record", "records")),
        twin_count,
        twins_told: counted(twin_count, "record seems", "records seem"),
        twins: twins.into_iter().map(|twin| TwinRow::of(twin, today)).collect(),
        seen_until: frame.now.as_microsecond(),
        is_enabled: desk.company().sync_enabled_at.is_some(),
        wanted,
        frame,
    };
    Ok(Html(page.render()?))
}

/// Adds what the page showed, without what came in or changed since.
pub(super) async fn add(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let wanted = Wanted::of(&form);
    let seen_until = form.get("seen_until").and_then(|micros| micros.parse().ok());
    let seen_until =
        seen_until.and_then(|micros| Timestamp::from_microsecond(micros).ok()).ok_or(PageError::Unreadable)?;
    let filter = read(&wanted).map_err(|_| PageError::Unreadable)?;
    let filter = RecordFilter { statuses: vec![Status::HeldBack], ..filter };
    let selection = if form.get("twins").is_some() {
        Selection::Matching { filter, except: Vec::new(), seen_until: Some(seen_until) }
    } else {
        Selection::WithoutTwins { filter, seen_until: Some(seen_until) }
    };
    let noted = Some((desk.signed_in.person.id, "add_older"));
    let moved = carry_out(&app, &desk, &[selection], BulkMove::AddOlder, noted).await?;
    Ok(Redirect::to(&format!("{}?{}", desk.path("older"), told(&wanted.query(), "add_older", moved, 0, None))))
}

/// Marks what is in QuickBooks, or has QuickBooks asked again.
pub(super) async fn decide(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let wanted = Wanted::of(&form);
    if let Some(which) = form.get("already") {
        let shown: Vec<&str> = if which == "shown" { form.all("shown").collect() } else { vec![which] };
        return mark_already(&app, &desk, &wanted, &shown).await;
    }
    app.store().ask_about_older_again(desk.company_id()).await?;
    Ok(Redirect::to(&format!("{}?{}", desk.path("older"), wanted.query())))
}

/// One of those that QuickBooks has, or all that are shown, are what they seem to be.
async fn mark_already(app: &App, desk: &Desk, wanted: &Wanted, which: &[&str]) -> Result<Redirect, PageError> {
    let filter = read(wanted).map_err(|_| PageError::Unreadable)?;
    let (store, company, now) = (app.store(), desk.company_id(), app.clock().now());
    let mut marked = 0;
    for older in store.older_seen(company, &filter, TWINS_SHOWN).await? {
        if !which.contains(&older.id.to_string().as_str()) {
            continue;
        }
        let (txn_id, edit_sequence) = (older.seen.txn_id, older.seen.edit_sequence);
        let posted = Posted { txn_id, edit_sequence, revision: older.revision };
        store.apply_event(company, older.id, Event::AlreadyInQuickBooks(posted), None, &desk.actor(), now).await?;
        marked += 1;
    }
    let view = told(&wanted.query(), "already_in_quickbooks", marked, 0, None);
    Ok(Redirect::to(&format!("{}?{view}", desk.path("older"))))
}

pub(super) async fn undo(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let told = take_back(&app, &desk, &form, "").await?;
    Ok(Redirect::to(&format!("{}?{told}", desk.path("older"))))
}

impl Wanted {
    fn of(form: &Form) -> Self {
        let field = |name| form.get(name).unwrap_or("").to_owned();
        Self { kind: field("kind"), from: field("from"), to: field("to") }
    }

    fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("kind", &self.kind), ("from", &self.from), ("to", &self.to)])
            .finish()
    }
}

/// An empty date is no bound.
fn read(wanted: &Wanted) -> Result<RecordFilter, String> {
    let date = |text: &str| match text.trim() {
        "" => Ok(None),
        text => {
            text.parse::<Date>().map(Some).map_err(|_| format!("\u{201c}{text}\u{201d} is no date such as 2026-01-31."))
        }
    };
    let (from, to) = (date(&wanted.from)?, date(&wanted.to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err("The first date lies after the last.".to_owned());
    }
    let kinds = wanted.kind.parse::<RecordKind>().map_or_else(|_| Vec::new(), |kind| vec![kind]);
    Ok(RecordFilter { kinds, from, to, ..RecordFilter::default() })
}

impl TotalRow {
    fn of(kind: RecordKind, total: &OlderTotal) -> Self {
        let label = match kind {
            RecordKind::Invoice => "Invoices",
            RecordKind::Payment => "Payments",
        };
        Self {
            label,
            count: count(total.found.count),
            sum: sum(total.found.sum_e5),
            twin_count: count(total.twins.count),
            twin_sum: sum(total.twins.sum_e5),
        }
    }
}

impl SeenRow {
    fn of(seen: OlderSeen, today: Date) -> Self {
        Self {
            name: format!("{} {}", seen.kind.as_str(), seen.number),
            day: seen.seen.date.map(|date| Day { date, today }),
            amount: seen.seen.amount.map(|total| amount(total.e5())).unwrap_or_default(),
            seen,
        }
    }
}

impl TwinRow {
    fn of(twin: OlderTwin, today: Date) -> Self {
        Self {
            name: format!("{} {}", twin.kind.as_str(), twin.number),
            day: Day { date: twin.date, today },
            amount: amount(twin.amount.e5()),
            twin,
        }
    }
}
