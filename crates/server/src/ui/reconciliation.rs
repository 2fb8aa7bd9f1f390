//! Reconciliation: what was submitted beside what QuickBooks has, and when the one was last held against the other.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::{NIGHTLY, Reconciliation};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::desk::Desk;
use super::form::DeskForm;
use super::frame::{Frame, Section};
use super::moment::Ago;
use super::money::{count, counted};
use super::page_error::PageError;
use super::reconciled_sums::{Month, OneDay, first_day};
use super::sentence::Sentence;
use crate::App;

/// So many of them are shown, the newest first.
const SHOWN: u32 = 30;

/// As in the address; a month or a day that cannot be read is as good as none.
#[derive(Deserialize, Default)]
pub(super) struct Wanted {
    #[serde(default)]
    asked: Option<u8>,
    #[serde(default)]
    month: String,
    #[serde(default)]
    day: String,
}

#[derive(Template)]
#[template(path = "reconciliation.html")]
struct ReconciliationPage {
    frame: Frame,
    is_asked: bool,
    /// A date that cannot be read.
    fault: Option<Sentence>,
    open: Option<Open>,
    month: Month,
    over: Vec<Over>,
}

#[derive(Template)]
#[template(path = "reconciliation_day.html")]
struct DayPage {
    frame: Frame,
    day: OneDay,
}

/// The one that goes on.
struct Open {
    what: String,
    compared: String,
    differing: String,
    trouble: Option<String>,
}

struct Over {
    finished: Ago,
    what: String,
    asked_by: String,
    compared: String,
    differing: String,
    is_differing: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    if let Ok(date) = wanted.day.parse::<Date>() {
        let frame = Frame::load(&app, &desk, Section::Lists).await?;
        let day = OneDay::load(&app, &desk, date, frame.now).await?;
        return Ok(Html(DayPage { frame, day }.render()?));
    }
    page(&app, &desk, &wanted, None).await
}

/// Has the next visits compare what was submitted, from a date on.
pub(super) async fn ask(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Response, PageError> {
    let from_date = match form.get("from").map(str::trim).filter(|from| !from.is_empty()).map(str::parse::<Date>) {
        None => None,
        Some(Ok(date)) => Some(date),
        Some(Err(_)) => {
            let fault = Sentence::new("Write the date as year, month and day, such as 2026-11-02.");
            return Ok(page(&app, &desk, &Wanted::default(), Some(fault)).await?.into_response());
        }
    };
    let asked_by = &desk.signed_in.person.email;
    app.store().reconcile(desk.company_id(), from_date, asked_by, app.clock().now()).await?;
    Ok(Redirect::to(&desk.path("lists/reconciliation?asked=1")).into_response())
}

async fn page(app: &App, desk: &Desk, wanted: &Wanted, fault: Option<Sentence>) -> Result<Html<String>, PageError> {
    let now = app.clock().now();
    let all = app.store().reconciliations(desk.company_id(), SHOWN).await?;
    let page = ReconciliationPage {
        frame: Frame::load(app, desk, Section::Lists).await?,
        is_asked: wanted.asked.is_some(),
        fault,
        open: all.iter().find(|it| it.finished_at.is_none()).map(Open::of),
        month: Month::load(app, desk, first_day(&wanted.month), now).await?,
        over: all.iter().filter_map(|it| Over::of(it, now)).collect(),
    };
    Ok(Html(page.render()?))
}

impl Open {
    fn of(open: &Reconciliation) -> Self {
        Self {
            what: what(open),
            compared: counted(open.compared, "document", "documents"),
            differing: count(open.differing),
            trouble: open.trouble.clone(),
        }
    }
}

impl Over {
    fn of(over: &Reconciliation, now: Timestamp) -> Option<Self> {
        Some(Self {
            finished: Ago { at: over.finished_at?, now },
            what: what(over),
            asked_by: if over.asked_by == NIGHTLY { "Every night".to_owned() } else { over.asked_by.clone() },
            compared: count(over.compared),
            differing: count(over.differing),
            is_differing: over.differing > 0,
        })
    }
}

fn what(of: &Reconciliation) -> String {
    match (of.since, of.from_date) {
        (Some(since), _) => format!("Changed or deleted in QuickBooks since {}", since.strftime("%Y-%m-%d %H:%M")),
        (None, Some(from)) => format!("Everything dated {from} or later"),
        (None, None) => "Everything that was submitted".to_owned(),
    }
}
