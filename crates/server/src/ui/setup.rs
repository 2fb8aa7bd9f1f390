//! What connects QuickBooks to this company, and what is still missing.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use bookferry_sync::company::Release;

use super::books::BooksBox;
use super::desk::Desk;
use super::frame::{Frame, Section};
use super::moment::ClockTime;
use super::page_error::PageError;
use super::timing::Timing;
use crate::App;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    frame: Frame,
    company: String,
    user_name: String,
    service_url: String,
    qwc_trouble: Option<String>,
    enabled_at: Option<ClockTime>,
    release: &'static str,
    creates: String,
    missing: Vec<&'static str>,
    books_box: BooksBox,
    timing: Timing,
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    if !desk.signed_in.is_admin() {
        return Err(PageError::NotAllowed);
    }
    let query = query.unwrap_or_default();
    let saved = query == "saved=1";
    let timing = Timing::of(&desk.company().settings, app.clock().now()).saved(saved);
    Ok(Html(page(&app, &desk, timing, &query).await?))
}

/// The page with the form as it is, or as somebody filled it in.
pub(super) async fn page(app: &App, desk: &Desk, timing: Timing, query: &str) -> Result<String, PageError> {
    let frame = Frame::load(app, desk, Section::Setup).await?;
    let company = desk.company();
    let creates: Vec<&str> = company.settings.create.iter().map(|list| list.as_str()).collect();
    let page = SetupPage {
        company: company.name.clone(),
        user_name: desk.connection.user_name.clone(),
        service_url: format!("{}/qbwc", app.public_url()),
        qwc_trouble: super::qwc::trouble(app, desk),
        enabled_at: company.sync_enabled_at.map(|at| ClockTime { at, now: frame.now }),
        release: match company.settings.release {
            Release::Manual => "New records wait until somebody marks them ready.",
            Release::Automatic => "New records are marked ready as they come in.",
        },
        creates: if creates.is_empty() { "nothing".to_owned() } else { creates.join(", ").replace('_', " ") },
        missing: missing(desk),
        books_box: BooksBox::of(desk, &app.store().notices(company.id).await?, query),
        timing: timing.sent_to(desk.path("setup"), &frame.form_token),
        frame,
    };
    Ok(page.render()?)
}

fn missing(desk: &Desk) -> Vec<&'static str> {
    let company = desk.company();
    let mut missing = Vec::new();
    if desk.connection.last_heard_at.is_none() {
        missing.push("The Web Connector has never called. Follow the steps below on the computer with QuickBooks.");
    } else if company.books.is_none() {
        missing.push(
            "The Web Connector has called, but no visit has read the company file yet. Press Update Selected there.",
        );
    }
    if company.sync_enabled_at.is_none() {
        missing.push("Sync is not enabled, so everything that is handed over is held back.");
    }
    missing
}
