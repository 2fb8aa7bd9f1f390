//! The `.qwc` file that a person opens in the Web Connector. It holds no secret: the password is typed in there.

use axum::extract::{Path, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use bookferry_qbwc::qwc::{Qwc, QwcSettings, RunEvery};
use bookferry_store::Connection;
use bookferry_sync::digest::CALLS_EVERY_MINUTES;
use bookferry_sync::id::CompanyId;
use uuid::Uuid;

use super::desk::Desk;
use super::page_error::PageError;
use crate::App;

/// How often the Web Connector is asked to call.
pub(super) const RUN_EVERY_MINUTES: u32 = CALLS_EVERY_MINUTES;

type Download = ([(HeaderName, HeaderValue); 2], String);

const HEADERS: [(HeaderName, HeaderValue); 2] = [
    (header::CONTENT_TYPE, HeaderValue::from_static("application/x-qwc")),
    (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"bookferry.qwc\"")),
];

pub(super) async fn download(State(app): State<App>, desk: Desk) -> Result<Download, PageError> {
    Ok((HEADERS, document(&app, &desk.connection)?))
}

/// For whoever was told the address: nobody guesses a company's id.
pub(super) async fn download_by_address(
    State(app): State<App>,
    Path(file): Path<String>,
) -> Result<Download, PageError> {
    let id = file.strip_suffix(".qwc").and_then(|id| id.parse::<CompanyId>().ok()).ok_or(PageError::NotFound)?;
    let connection = app.store().connection(id).await?.ok_or(PageError::NotFound)?;
    Ok((HEADERS, document(&app, &connection)?))
}

fn document(app: &App, connection: &Connection) -> Result<String, PageError> {
    let url = app.public_url();
    let mut settings = QwcSettings::new(
        "Bookferry",
        &format!("{url}/qbwc"),
        &format!("{url}/help"),
        &connection.user_name,
        id(&connection.owner_id)?,
        id(&connection.file_id)?,
    );
    settings.app_display_name = Some(format!("Bookferry: {}", connection.company.name));
    settings.run_every = Some(RunEvery::Minutes(RUN_EVERY_MINUTES));
    Ok(Qwc::new(settings).map_err(PageError::NoQwc)?.encode())
}

fn id(stored: &str) -> Result<Uuid, PageError> {
    Uuid::parse_str(stored).map_err(|_| PageError::NotFound)
}

/// Why the file cannot be made, for an administrator to read before pressing the link.
pub(super) fn trouble(app: &App, desk: &Desk) -> Option<String> {
    match document(app, &desk.connection) {
        Ok(_) => None,
        Err(PageError::NoQwc(reason)) => Some(reason.to_string()),
        Err(_) => Some("the stored OwnerID or FileID is no GUID".to_owned()),
    }
}
