//! The XML both ways of one record's part in a message set, without that of its neighbours.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use bookferry_sync::id::{MessageSetKey, RecordId};

use super::desk::Desk;
use super::frame::{Frame, Section};
use super::page_error::PageError;
use super::xml_text::{indented, of_request};
use crate::App;

#[derive(Template)]
#[template(path = "attempt.html")]
struct AttemptPage {
    frame: Frame,
    record: RecordId,
    message_set: MessageSetKey,
    request_id: String,
    request: Option<String>,
    response: Option<String>,
    is_answered: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let record: RecordId = named(&names, "record")?;
    let key: MessageSetKey = named(&names, "message_set")?;
    let attempt = app.store().attempt(desk.company_id(), key, record).await?.ok_or(PageError::NotFound)?;
    let set = app.store().message_set(desk.company_id(), key).await?.ok_or(PageError::NotFound)?;
    let shown = |xml: &str| of_request(xml, &attempt.request_id).map(indented);
    let page = AttemptPage {
        record,
        message_set: key,
        request: shown(&set.request_xml),
        response: set.response_xml.as_deref().and_then(shown),
        is_answered: set.response_xml.is_some(),
        request_id: attempt.request_id,
        frame: Frame::load(&app, &desk, Section::Submissions).await?,
    };
    Ok(Html(page.render()?))
}

fn named<T: std::str::FromStr>(names: &HashMap<String, String>, name: &str) -> Result<T, PageError> {
    names.get(name).and_then(|text| text.parse().ok()).ok_or(PageError::NotFound)
}
