//! The setup of a company: what connects QuickBooks to it, step by step, and what is still missing.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_qbxml::value::Amount;
use bookferry_sync::company::{Release, Settings};
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::Status;
use bookferry_sync::tax_difference::TaxDifference;

use super::books::BooksBox;
use super::choices::{self, Choices};
use super::connector_codes::CodesBox;
use super::desk::Desk;
use super::form::DeskForm;
use super::frame::{Frame, Section};
use super::money::counted;
use super::new_company::may_add;
use super::page_error::PageError;
use super::qwc::RUN_EVERY_MINUTES;
use super::rules::Rules;
use super::steps::{Known, Steps, progress};
use super::timing::Timing;
use crate::{App, Secret};

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage {
    frame: Frame,
    company: String,
    user_name: String,
    service_url: String,
    qwc_trouble: Option<String>,
    steps: Steps,
    progress: String,
    choices: Choices,
    choices_told: bool,
    chosen: String,
    rules: Rules,
    rules_told: bool,
    tax_difference: String,
    /// What is shown this one time.
    password: Option<Secret>,
    /// By which the form for a new password knows the one it replaces.
    password_mark: String,
    told: Option<&'static str>,
    release: &'static str,
    held_back: Option<String>,
    missing: Vec<&'static str>,
    may_add: bool,
    every: u32,
    codes: CodesBox,
    books_box: BooksBox,
    timing: Timing,
}

/// Parts of the page that are not as they are stored.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub(super) timing: Option<Timing>,
    pub(super) choices: Option<Choices>,
    pub(super) rules: Option<Rules>,
    /// Made a moment ago, and shown this once.
    pub(super) password: Option<Secret>,
}

const TOLD: [(&str, &str); 5] = [
    ("rules", "Saved. It holds for what comes in, and for what goes, from now on."),
    ("enabled", "Sync is enabled. What your application creates from now on enters the queue."),
    ("no_books", "Nothing was changed: the company file is not connected yet."),
    ("chosen", "Saved. It holds from the next message set on."),
    ("password_stale", "No new password was made: somebody has made one since you looked."),
];

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    require_admin(&desk)?;
    Ok(Html(page(&app, &desk, Filled::default(), &query.unwrap_or_default()).await?))
}

/// Whoever reloads a page that a form of the setup led to.
pub(super) async fn go_on(desk: Desk) -> Redirect {
    Redirect::to(&desk.path("setup"))
}

/// Makes a new password for the Web Connector, unless somebody else has made one since the page was shown.
pub(super) async fn make_password(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    require_admin(&desk)?;
    if form.get("known") != Some(mark(&desk.connection.password_hash).as_str()) {
        return Ok(Redirect::to(&desk.path("setup?told=password_stale#connect")).into_response());
    }
    let password = Secret::generate(app.entropy(), "");
    let now = app.clock().now();
    app.store().set_password(desk.company_id(), &password.hash().0, &desk.actor(), now).await?;
    tracing::info!(company.id = %desk.company_id(), "a new password for the Web Connector was made");
    let connection = app.store().connection(desk.company_id()).await?.ok_or(PageError::NotFound)?;
    let desk = Desk { connection, ..desk };
    let filled = Filled { password: Some(password), ..Filled::default() };
    Ok(Html(page(&app, &desk, filled, "").await?).into_response())
}

/// Takes what may be created in QuickBooks.
pub(super) async fn choose(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    require_admin(&desk)?;
    let settings = &desk.company().settings;
    match choices::read(&form, settings) {
        Ok(settings) => {
            app.store().update_settings(desk.company_id(), &settings, &desk.actor(), app.clock().now()).await?;
            tracing::info!(company.id = %desk.company_id(), "what may be created in QuickBooks was changed");
            Ok(Redirect::to(&desk.path("setup?told=chosen#company")).into_response())
        }
        Err(faults) => {
            let choices = Some(Choices::of(settings).refused(&form, faults));
            let page = page(&app, &desk, Filled { choices, ..Filled::default() }, "").await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response())
        }
    }
}

/// From this moment on new records enter the queue.
pub(super) async fn enable(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let desk = form.desk;
    require_admin(&desk)?;
    if desk.company().books.is_none() {
        return Ok(Redirect::to(&desk.path("setup?told=no_books#enable")));
    }
    let now = app.clock().now();
    app.store().enable_sync(desk.company_id(), now, &desk.actor(), now).await?;
    tracing::info!(company.id = %desk.company_id(), "sync was enabled");
    Ok(Redirect::to(&desk.path("setup?told=enabled#enable")))
}

/// The page with its forms as they are, or as somebody filled them in.
pub(super) async fn page(app: &App, desk: &Desk, filled: Filled, query: &str) -> Result<String, PageError> {
    let frame = Frame::load(app, desk, Section::Setup).await?;
    let (company, now) = (desk.company(), frame.now);
    let visits = app.store().visits(company.id, None, 1).await?;
    let lists = app.store().list_stands(company.id, now).await?;
    let visit = visits.first().map(|line| &line.visit);
    let steps = Steps::of(&Known { connection: &desk.connection, visit, lists: &lists, now });
    let held_back = frame.summary.of_status(Status::HeldBack).count;
    let word = |name: &str| {
        let mut fields = form_urlencoded::parse(query.as_bytes());
        fields.find(|(known, _)| known == name).map(|(_, word)| word.into_owned())
    };
    let timing = filled.timing.unwrap_or_else(|| Timing::of(&company.settings, now).saved(query == "saved=1"));
    let page = SetupPage {
        company: company.name.clone(),
        user_name: desk.connection.user_name.clone(),
        service_url: format!("{}/qbwc", app.public_url()),
        qwc_trouble: super::qwc::trouble(app, desk),
        progress: progress(&steps),
        steps,
        choices_told: filled.choices.is_some(),
        choices: filled.choices.unwrap_or_else(|| Choices::of(&company.settings)),
        chosen: told_creates(&company.settings),
        rules_told: filled.rules.is_some(),
        rules: filled.rules.unwrap_or_else(|| Rules::of(&company.settings)),
        tax_difference: told_tax_difference(&company.settings.tax_difference),
        password: filled.password,
        password_mark: mark(&desk.connection.password_hash),
        told: word("told").and_then(|told| TOLD.into_iter().find(|(known, _)| *known == told)).map(|(_, text)| text),
        release: match company.settings.release {
            Release::Manual => "New records wait until somebody marks them ready.",
            Release::Automatic => "New records are marked ready as they come in.",
        },
        held_back: (held_back > 0).then(|| counted(held_back, "record is", "records are")),
        missing: missing(desk),
        may_add: may_add(&desk.signed_in),
        every: RUN_EVERY_MINUTES,
        codes: CodesBox::of(word("code").as_deref()),
        books_box: BooksBox::of(desk, &app.store().notices(company.id).await?, query),
        timing: timing.sent_to(desk.path("setup"), &frame.form_token),
        frame,
    };
    Ok(page.render()?)
}

fn told_creates(settings: &Settings) -> String {
    let list = |list: &ListKind| {
        let kind = (*list == ListKind::Item).then(|| format!(" (as {})", settings.created_items.kind.nouns()));
        format!("{}{}", list.as_str().replace('_', " "), kind.unwrap_or_default())
    };
    let creates: Vec<String> = settings.create.iter().map(list).collect();
    if creates.is_empty() { "nothing".to_owned() } else { creates.join(", ") }
}

fn told_tax_difference(rule: &TaxDifference) -> String {
    let amount = |cents: &i64| Amount::from_cents(*cents).unwrap_or_default();
    match rule {
        TaxDifference::Attention => "waits for somebody to look at it".to_owned(),
        TaxDifference::Accept { cents } => format!("is accepted up to {}", amount(cents)),
        TaxDifference::Adjust { cents, item } => {
            format!("is brought to the item \u{201c}{item}\u{201d} up to {}", amount(cents))
        }
    }
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

/// Tells one password's hash from another's, and nothing about either.
fn mark(password_hash: &[u8]) -> String {
    password_hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

fn require_admin(desk: &Desk) -> Result<(), PageError> {
    if desk.signed_in.is_admin() { Ok(()) } else { Err(PageError::NotAllowed) }
}
