//! How Bookferry treats QuickBooks: the part of the setup that an administrator changes in a form.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_sync::company::{RecordsPerMessageSet, Settings};
use bookferry_sync::time_zone::ZoneName;
use bookferry_sync::visit_limit::VisitLimit;
use jiff::Timestamp;

use super::form::{DeskForm, Form};
use super::page_error::PageError;
use super::setup::{self, Filled};
use crate::App;

/// The fields as they stand in the form, whether they can be taken or not.
#[derive(Debug, Template)]
#[template(path = "timing.html")]
pub(super) struct Timing {
    form_token: String,
    action: String,
    saved: bool,
    target_seconds: String,
    records: String,
    time_zone: String,
    quiet_hours: String,
    limit_records: String,
    limit_minutes: String,
    /// What the clock in the company's time zone shows.
    wall_clock: String,
    zones: Vec<String>,
    faults: Vec<Fault>,
}

/// A field that cannot be taken, and what to do about it.
#[derive(Debug)]
struct Fault {
    field: &'static str,
    label: &'static str,
    text: String,
}

/// Takes the form: all of it, or nothing and every fault at once.
pub(super) async fn save(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    if !desk.signed_in.is_admin() {
        return Err(PageError::NotAllowed);
    }
    let settings = &desk.company().settings;
    match read(&form, settings) {
        Ok(settings) => {
            app.store().update_settings(desk.company_id(), &settings, &desk.actor(), app.clock().now()).await?;
            tracing::info!(company.id = %desk.company_id(), "the settings for visits were changed");
            Ok(Redirect::to(&desk.path("setup?saved=1#timing")).into_response())
        }
        Err(faults) => {
            let now = app.clock().now();
            let given = Timing { faults, ..Timing::of(settings, now) }.with(&form);
            let filled = Filled { timing: Some(given), ..Filled::default() };
            let page = setup::page(&app, &desk, filled, "").await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
    }
}

impl Timing {
    pub(super) fn of(settings: &Settings, now: Timestamp) -> Self {
        let number = |limit: Option<std::num::NonZeroU32>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        let quiet_hours = &settings.quiet_hours;
        Self {
            form_token: String::new(),
            action: String::new(),
            saved: false,
            target_seconds: settings.target_seconds.get().to_string(),
            records: settings.records_per_message_set.get().to_string(),
            time_zone: settings.time_zone.to_string(),
            quiet_hours: if quiet_hours.is_empty() {
                String::new()
            } else {
                quiet_hours.to_string().replace("; ", "\n")
            },
            limit_records: number(settings.visit_limit.records),
            limit_minutes: number(settings.visit_limit.minutes),
            wall_clock: settings.time_zone.wall_clock(now, now),
            zones: ZoneName::all(),
            faults: Vec::new(),
        }
    }

    /// On a page that says, once, that it was saved.
    pub(super) fn saved(self, saved: bool) -> Self {
        Self { saved, ..self }
    }

    /// Where the form goes, and the proof that it is ours.
    pub(super) fn sent_to(self, action: String, form_token: &str) -> Self {
        Self { action, form_token: form_token.to_owned(), ..self }
    }

    /// As the person filled it in.
    fn with(mut self, form: &Form) -> Self {
        for (name, place) in [
            ("target_seconds", &mut self.target_seconds),
            ("records", &mut self.records),
            ("time_zone", &mut self.time_zone),
            ("quiet_hours", &mut self.quiet_hours),
            ("limit_records", &mut self.limit_records),
            ("limit_minutes", &mut self.limit_minutes),
        ] {
            *place = form.get(name).unwrap_or("").to_owned();
        }
        self
    }

    fn fault(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.text.as_str())
    }
}

fn read(form: &Form, before: &Settings) -> Result<Settings, Vec<Fault>> {
    let mut faults = Vec::new();
    let field = |name| form.get(name).unwrap_or("").trim();
    let target_seconds = field("target_seconds").parse();
    let time_zone = field("time_zone").parse();
    let quiet_hours = field("quiet_hours").parse();
    let records = records(field("records"));
    let limit_records = limit(field("limit_records"), "records");
    let limit_minutes = limit(field("limit_minutes"), "minutes");
    let settings = Settings {
        target_seconds: taken(target_seconds, "target_seconds", "Seconds for a message set", &mut faults),
        records_per_message_set: taken(records, "records", "Records in a message set, at most", &mut faults),
        time_zone: taken(time_zone, "time_zone", "Time zone", &mut faults),
        quiet_hours: taken(quiet_hours, "quiet_hours", "Quiet hours", &mut faults),
        visit_limit: VisitLimit {
            records: taken(limit_records, "limit_records", "A visit ends after so many records", &mut faults).records,
            minutes: taken(limit_minutes, "limit_minutes", "A visit ends after so many minutes", &mut faults).minutes,
        },
        ..before.clone()
    };
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
}

fn taken<T: Default, E: std::fmt::Display>(
    parsed: Result<T, E>,
    field: &'static str,
    label: &'static str,
    faults: &mut Vec<Fault>,
) -> T {
    parsed.unwrap_or_else(|error| {
        faults.push(Fault { field, label, text: error.to_string() });
        T::default()
    })
}

fn records(text: &str) -> Result<RecordsPerMessageSet, String> {
    let records: usize = text.parse().map_err(|_| {
        format!("a message set takes from 1 to {} records, not \u{201c}{text}\u{201d}", RecordsPerMessageSet::MAX.get())
    })?;
    RecordsPerMessageSet::try_from(records).map_err(|error| error.to_string())
}

/// An empty field is no limit.
fn limit(text: &str, unit: &str) -> Result<VisitLimit, String> {
    if text.is_empty() {
        return Ok(VisitLimit::default());
    }
    format!("{text} {unit}").parse().map_err(|_| {
        format!(
            "a visit ends after 1 to {} {unit}, not after \u{201c}{text}\u{201d}; leave it empty for no limit",
            VisitLimit::MAX
        )
    })
}
