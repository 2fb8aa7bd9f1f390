//! One record by its id, with everything that was ever written about it.

use axum::extract::{FromRequestParts, Path, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use bookferry_store::{Attempt, HistoryLine, Revision};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::Content;
use jiff::Timestamp;
use serde::Serialize;

use super::etag;
use super::hand_over::whole;
use super::key::Caller;
use super::record_json::{self, RecordJson};
use crate::App;
use crate::problem::Problem;

/// The record's id in the address. A text that is no id names nothing, as an id of another company does.
pub(super) struct Id(pub(super) RecordId);

#[derive(Serialize)]
struct RecordWithPastJson {
    #[serde(flatten)]
    record: RecordJson,
    /// Each newest first.
    revisions: Vec<RevisionJson>,
    attempts: Vec<AttemptJson>,
    history: Vec<HistoryJson>,
}

#[derive(Serialize)]
struct RevisionJson {
    number: i64,
    voided: bool,
    created_at: Timestamp,
    actor: String,
    /// Whether a person corrected it in the Sync Manager.
    made_here: bool,
    #[serde(serialize_with = "record_json::content")]
    content: Content,
}

#[derive(Serialize)]
struct AttemptJson {
    revision: i64,
    /// `add`, `mod` or `void`.
    errand: String,
    request_id: String,
    sent_at: Timestamp,
    settled_at: Option<Timestamp>,
    outcome: Option<String>,
    status_code: Option<i64>,
    status_message: Option<String>,
    txn_id: Option<String>,
}

#[derive(Serialize)]
pub(super) struct HistoryJson {
    at: Timestamp,
    actor: String,
    from: String,
    event: String,
    from_status: Option<String>,
    to_status: String,
    reason: Option<String>,
}

pub(super) async fn get(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let view = app.store().record(caller.company, id).await?.ok_or_else(Problem::not_found)?;
    let record = RecordWithPastJson {
        record: whole(&app, &caller, view.record).await?,
        revisions: view.revisions.into_iter().map(RevisionJson::from).collect(),
        attempts: view.attempts.into_iter().map(AttemptJson::from).collect(),
        history: view.history.into_iter().map(HistoryJson::from).collect(),
    };
    etag::answer(&headers, &record)
}

impl FromRequestParts<App> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path: Result<Path<String>, _> = Path::from_request_parts(parts, app).await;
        let id = path.ok().and_then(|Path(id)| id.parse().ok());
        id.map(Self).ok_or_else(Problem::not_found)
    }
}

impl From<Revision> for RevisionJson {
    fn from(revision: Revision) -> Self {
        let Revision { number, content, voided, created_at, actor, made_here } = revision;
        Self { number, voided, created_at, actor, made_here, content }
    }
}

impl From<Attempt> for AttemptJson {
    fn from(attempt: Attempt) -> Self {
        Self {
            revision: attempt.revision,
            errand: attempt.errand,
            request_id: attempt.request_id,
            sent_at: attempt.sent_at,
            settled_at: attempt.settled_at,
            outcome: attempt.outcome,
            status_code: attempt.status_code,
            status_message: attempt.status_message,
            txn_id: attempt.txn_id,
        }
    }
}

impl From<HistoryLine> for HistoryJson {
    fn from(line: HistoryLine) -> Self {
        Self {
            at: line.at,
            actor: line.actor,
            from: line.from_where,
            event: line.event,
            from_status: line.from_status,
            to_status: line.to_status,
            reason: line.reason,
        }
    }
}
