//! The legend of the statuses, and what to press where. Public: the `.qwc` file names it as the page for support.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, Redirect};
use bookferry_sync::submission::Status;

use super::assets::Assets;
use super::desk::{Desk, companies_of};
use super::frame::{Frame, Section};
use super::new_company::may_add;
use super::page_error::PageError;
use super::qwc::RUN_EVERY_MINUTES;
use super::row::Mark;
use super::session::SignedIn;
use crate::App;

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    legend: Vec<(Mark, &'static str)>,
    every: u32,
}

#[derive(Template)]
#[template(path = "help_public.html")]
struct PublicHelpPage {
    assets: Assets,
    legend: Vec<(Mark, &'static str)>,
    every: u32,
}

pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Html<String>, PageError> {
    let frame = Frame::load(&app, &desk, Section::Help).await?;
    Ok(Html(HelpPage { frame, legend: legend(), every: RUN_EVERY_MINUTES }.render()?))
}

pub(super) async fn show_to_anybody() -> Result<Html<String>, PageError> {
    Ok(Html(PublicHelpPage { assets: Assets, legend: legend(), every: RUN_EVERY_MINUTES }.render()?))
}

/// The first company's queue.
pub(super) async fn home(State(app): State<App>, headers: HeaderMap) -> Result<Redirect, PageError> {
    let signed_in = SignedIn::of(&app, &headers).await?.ok_or(PageError::SignIn { next: "/".to_owned() })?;
    let companies = companies_of(&app, &signed_in).await?;
    let Some(first) = companies.first() else {
        return if may_add(&signed_in) { Ok(Redirect::to("/companies/new")) } else { Err(PageError::NotFound) };
    };
    Ok(Redirect::to(&format!("/companies/{}/submissions", first.id)))
}

fn legend() -> Vec<(Mark, &'static str)> {
    Status::ALL.into_iter().map(|status| (Mark(status), meaning(status))).collect()
}

const fn meaning(status: Status) -> &'static str {
    match status {
        Status::Unsent => "Handed over by your application. Nothing happens until somebody marks it ready.",
        Status::ReadyToSync => {
            "Released. It goes across in the next visit, unless its note says that it waits for another record."
        }
        Status::Sending => "In the visit that is running. QuickBooks’ answer is awaited.",
        Status::Unconfirmed => {
            "QuickBooks’ answer got lost. The next visit asks QuickBooks about it before anything is sent again."
        }
        Status::Submitted => "QuickBooks has it. The record’s page shows its TxnID.",
        Status::NeedsAttention => {
            "Somebody has to decide. The tab Needs Attention says what happened and what can be done."
        }
        Status::Excluded => {
            "Somebody decided not to send it, or it was voided before it was sent. Include brings it back."
        }
        Status::HeldBack => "Created before sync was enabled. It stays outside the queue until somebody adds it.",
    }
}
