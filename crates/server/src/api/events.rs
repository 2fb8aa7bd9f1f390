//! What happened to the company's records, in order, for an application that asks now and then instead of being called.

use axum::Json;
use axum::extract::{RawQuery, State};
use bookferry_store::{Happening, ToldDigest};
use bookferry_sync::digest::{Digest, WaitingCause};
use bookferry_sync::id::RecordId;
use jiff::Timestamp;
use serde::Serialize;

use super::key::Caller;
use super::list::read_limit;
use super::parameters::Parameters;
use super::record::HistoryJson;
use crate::App;
use crate::problem::Problem;

#[derive(Serialize)]
pub(super) struct EventsJson {
    data: Vec<EventJson>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct EventJson {
    /// Serves as a cursor, too: what came after it.
    id: String,
    record_id: RecordId,
    kind: &'static str,
    external_id: String,
    #[serde(flatten)]
    happened: HistoryJson,
}

/// A page of them, oldest first. An event that was told is told again in the same words, and none comes before it later.
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<EventsJson>, Problem> {
    let mut parameters = Parameters::read(query.as_deref(), &["cursor", "limit"], &[]);
    let after: i64 = parameters.parse("cursor", "a \"next_cursor\" or the id of an event, as it came").unwrap_or(0);
    let limit = read_limit(&mut parameters);
    parameters.finish()?;
    let mut events = app.store().events(caller.company, after, limit.saturating_add(1)).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_more = events.len() > shown;
    events.truncate(shown);
    let data: Vec<EventJson> = events.into_iter().map(EventJson::from).collect();
    let next_cursor = data.last().filter(|_| is_more).map(|last| last.id.clone());
    Ok(Json(EventsJson { data, next_cursor }))
}

/// One event as webhooks carry it: the same as in a page.
pub(crate) fn event_json(happening: Happening) -> Result<String, serde_json::Error> {
    serde_json::to_string(&EventJson::from(happening))
}

/// What webhooks carry beside events.
#[derive(Serialize)]
struct NoticeJson<'a> {
    id: &'a str,
    /// `records_wait`, `connector_silent` or `other_books`.
    notice: &'static str,
    at: Timestamp,
    text: String,
    /// The page on which something can be done about it.
    url: &'a str,
    /// Of records that wait: how many, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    causes: Option<&'a [WaitingCause]>,
}

pub(crate) fn notice_json(id: &str, told: &ToldDigest, url: &str) -> Result<String, serde_json::Error> {
    let ToldDigest { digest, made_at, .. } = told;
    let (waiting, causes) = match digest {
        Digest::RecordsWait { waiting, causes } => (Some(*waiting), Some(causes.as_slice())),
        Digest::ConnectorSilent { .. } | Digest::OtherBooks { .. } => (None, None),
    };
    let text = digest.text();
    serde_json::to_string(&NoticeJson { id, notice: digest.kind(), at: *made_at, text, url, waiting, causes })
}

impl From<Happening> for EventJson {
    fn from(happening: Happening) -> Self {
        let Happening { line, kind, external_id } = happening;
        Self {
            id: line.seq.to_string(),
            record_id: line.record_id,
            kind: kind.as_str(),
            external_id,
            happened: HistoryJson::from(line),
        }
    }
}
