//! One record by the name its application gave it: handing it over, reading it, voiding it.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bookferry_store::{HandOver, HandedOver, Outcome, RecordContent};
use bookferry_sync::company::Company;
use bookferry_sync::id::RecordId;
use bookferry_sync::intake;
use bookferry_sync::record::{DEFAULT_CURRENCY, RecordKind};
use serde::Serialize;

use super::body::JsonBody;
use super::etag;
use super::key::{Caller, Writer};
use super::record_json::RecordJson;
use crate::App;
use crate::preflight::findings_of;
use crate::problem::{PointedFault, Problem, Slug};

/// The name in the address by which the application knows the record.
pub(super) struct ExternalId(String);

/// A record, and what the hand-over did to it.
#[derive(Serialize)]
struct HandedOverJson {
    outcome: &'static str,
    #[serde(flatten)]
    record: RecordJson,
}

pub(super) async fn put_invoice(
    State(app): State<App>,
    writer: Writer,
    id: ExternalId,
    body: JsonBody,
) -> Result<Response, Problem> {
    put(&app, &writer.0, RecordKind::Invoice, &id.0, &body).await
}

pub(super) async fn put_payment(
    State(app): State<App>,
    writer: Writer,
    id: ExternalId,
    body: JsonBody,
) -> Result<Response, Problem> {
    put(&app, &writer.0, RecordKind::Payment, &id.0, &body).await
}

pub(super) async fn get_invoice(
    State(app): State<App>,
    caller: Caller,
    id: ExternalId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    etag::answer(&headers, &read(&app, &caller, RecordKind::Invoice, &id.0).await?)
}

pub(super) async fn get_payment(
    State(app): State<App>,
    caller: Caller,
    id: ExternalId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    etag::answer(&headers, &read(&app, &caller, RecordKind::Payment, &id.0).await?)
}

pub(super) async fn void_invoice(State(app): State<App>, writer: Writer, id: ExternalId) -> Result<Response, Problem> {
    void(&app, &writer.0, RecordKind::Invoice, &id.0).await
}

pub(super) async fn void_payment(State(app): State<App>, writer: Writer, id: ExternalId) -> Result<Response, Problem> {
    void(&app, &writer.0, RecordKind::Payment, &id.0).await
}

/// The caller's company.
pub(super) async fn company_of(app: &App, caller: &Caller) -> Result<Company, Problem> {
    app.store().company(caller.company).await?.ok_or_else(Problem::not_found)
}

pub(super) const fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Created => "created",
        Outcome::Changed => "changed",
        Outcome::Unchanged => "unchanged",
    }
}

/// A record with its content and preflight.
pub(super) async fn whole(app: &App, caller: &Caller, record: RecordContent) -> Result<RecordJson, Problem> {
    let company = company_of(app, caller).await?;
    let awaited = if record.line.blockers > 0 {
        app.store().waits_for(caller.company, &[record.line.id]).await?
    } else {
        Vec::new()
    };
    let preflight = findings_of(app, &company, &record).await?;
    Ok(RecordJson::of(&record.line, &awaited).with_content(record, preflight))
}

async fn put(
    app: &App,
    caller: &Caller,
    kind: RecordKind,
    external_id: &str,
    JsonBody(body): &JsonBody,
) -> Result<Response, Problem> {
    let named = intake::external_id(external_id);
    let content = match (named, intake::content(kind, body, DEFAULT_CURRENCY)) {
        (Ok(()), Ok(content)) => content,
        (named, content) => {
            let faults = named.err().into_iter().chain(content.err().into_iter().flat_map(intake::Faults::into_vec));
            return Err(Problem::faulty(faults.map(PointedFault::from).collect()));
        }
    };
    let now = app.clock().now();
    let id_if_new = RecordId::new(now, &app.entropy().id());
    let given = [HandOver { id_if_new, external_id, content: &content }];
    let taken = app.store().hand_over(caller.company, &given, &caller.actor(), now).await?;
    let taken = taken.first().ok_or_else(|| Problem::new(Slug::Internal, "The record was not stored."))?;
    handed_over(app, caller, kind, external_id, taken).await
}

async fn read(app: &App, caller: &Caller, kind: RecordKind, external_id: &str) -> Result<RecordJson, Problem> {
    let record = app.store().record_by_external_id(caller.company, kind, external_id).await?;
    whole(app, caller, record.ok_or_else(Problem::not_found)?).await
}

async fn void(app: &App, caller: &Caller, kind: RecordKind, external_id: &str) -> Result<Response, Problem> {
    if intake::external_id(external_id).is_err() {
        return Err(Problem::not_found());
    }
    let now = app.clock().now();
    let voided = app.store().void(caller.company, kind, external_id, &caller.actor(), now).await?;
    handed_over(app, caller, kind, external_id, &voided.ok_or_else(Problem::not_found)?).await
}

async fn handed_over(
    app: &App,
    caller: &Caller,
    kind: RecordKind,
    external_id: &str,
    taken: &HandedOver,
) -> Result<Response, Problem> {
    let record = read(app, caller, kind, external_id).await?;
    let status = if taken.outcome == Outcome::Created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(HandedOverJson { outcome: outcome_word(taken.outcome), record })).into_response())
}

impl FromRequestParts<App> for ExternalId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, app).await;
        path.map(|Path(id)| Self(id)).map_err(|_| {
            let message = "The external_id in the address is not UTF-8, percent-encoded.";
            let fault = PointedFault::in_parameter("external_id", "not_utf8", message);
            Problem::new(Slug::InvalidParameter, message).errors(vec![fault])
        })
    }
}
