//! Webhooks on the page of people and keys: an administrator adds and removes endpoints, and has one tried again.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bookferry_store::WebhookLine;
use bookferry_sync::id::WebhookId;
use jiff::Timestamp;

use super::desk::Desk;
use super::form::DeskForm;
use super::moment::Ago;
use super::page_error::PageError;
use super::people::{Shown, page, require_admin, told};
use crate::App;
use crate::webhook::{AddWebhookError, AddedWebhook, UnusableAddress, add_webhook};

pub(super) struct WebhookRow {
    pub(super) id: WebhookId,
    pub(super) url: String,
    pub(super) created: Ago,
    pub(super) delivered: Option<Ago>,
    pub(super) trouble: Option<Trouble>,
}

pub(super) struct Trouble {
    pub(super) text: String,
    pub(super) since: Ago,
    /// Whether nothing is tried any more until somebody says so.
    pub(super) is_off: bool,
}

pub(super) async fn rows(app: &App, desk: &Desk, now: Timestamp) -> Result<Vec<WebhookRow>, PageError> {
    let lines = app.store().webhooks(desk.company_id()).await?;
    Ok(lines.into_iter().map(|line| row(line, now)).collect())
}

fn row(line: WebhookLine, now: Timestamp) -> WebhookRow {
    let WebhookLine { id, url, created_at, delivered_at, failing_since, trouble, off_since, .. } = line;
    let trouble = trouble.zip(failing_since).map(|(text, since)| Trouble {
        text,
        since: Ago { at: since, now },
        is_off: off_since.is_some(),
    });
    WebhookRow {
        id,
        url,
        created: Ago { at: created_at, now },
        delivered: delivered_at.map(|at| Ago { at, now }),
        trouble,
    }
}

pub(super) async fn change(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    require_admin(&desk)?;
    let (company, actor, now) = (desk.company_id(), desk.actor(), app.clock().now());
    let chosen = || form.get("webhook").and_then(|id| id.parse::<WebhookId>().ok()).ok_or(PageError::Unreadable);
    match form.get("deed") {
        Some("add") => add(&app, &desk, form.get("url").unwrap_or("")).await,
        Some("remove") => {
            let was_there = app.store().remove_webhook(company, chosen()?, &actor, now).await?;
            Ok(told(&desk, if was_there { "webhook_removed" } else { "webhook_gone" }))
        }
        Some("try_again") => {
            let is_there = app.store().try_webhook_again(company, chosen()?, &actor, now).await?;
            Ok(told(&desk, if is_there { "webhook_tried" } else { "webhook_gone" }))
        }
        _ => Err(PageError::Unreadable),
    }
}

async fn add(app: &App, desk: &Desk, url: &str) -> Result<Response, PageError> {
    let word =
        match add_webhook(app.store(), app.entropy(), desk.company_id(), url, &desk.actor(), app.clock().now()).await {
            Ok(added) => return show_secret(app, desk, &added).await,
            Err(AddWebhookError::Address(UnusableAddress::Scheme)) => "webhook_scheme",
            Err(AddWebhookError::Address(UnusableAddress::User)) => "webhook_user",
            Err(AddWebhookError::Address(UnusableAddress::Unreadable | UnusableAddress::Long)) => "webhook_address",
            Err(AddWebhookError::Many) => "webhook_many",
            Err(AddWebhookError::Taken) => "webhook_taken",
            Err(AddWebhookError::Store(error)) => return Err(error.into()),
        };
    Ok(told(desk, word))
}

async fn show_secret(app: &App, desk: &Desk, added: &AddedWebhook) -> Result<Response, PageError> {
    tracing::info!(company.id = %desk.company_id(), webhook.id = %added.id, "a webhook was added");
    let shown = Shown {
        label: "The secret of the new webhook".to_owned(),
        secret: added.secret.reveal(),
        note: "It is shown this once. Whoever receives the events proves by it that they come from here. Copy it now.",
    };
    Ok(page(app, desk, None, Some(shown)).await?.into_response())
}
