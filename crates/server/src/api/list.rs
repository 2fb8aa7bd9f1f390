//! The records of a company, a page at a time, and how many there are.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bookferry_store::{Cursor, Sort, SortBy};
use bookferry_sync::submission::Status;
use serde::Serialize;
use serde_json::{Map, Value};

use super::etag;
use super::filter;
use super::key::Caller;
use super::parameters::Parameters;
use super::record_json::RecordJson;
use crate::App;
use crate::problem::Problem;

/// The most records of a page, and as many as there are without `limit`.
const LIMIT_MAX: u32 = 200;
const LIMIT_DEFAULT: u32 = 50;

/// Newest first by the record's own date: the one order that an index gives for any number of records.
const SORT: Sort = Sort { by: SortBy::Date, ascending: false };

#[derive(Serialize)]
pub(super) struct ListJson {
    data: Vec<RecordJson>,
    next_cursor: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<ListJson>, Problem> {
    let known = [filter::NAMES.as_slice(), &["cursor", "limit"]].concat();
    let mut parameters = Parameters::read(query.as_deref(), &known, &["status"]);
    let filter = filter::of(&mut parameters);
    let cursor = read_cursor(&mut parameters);
    let limit = read_limit(&mut parameters);
    parameters.finish()?;
    let page = app.store().records(caller.company, &filter, SORT, cursor.as_ref(), limit).await?;
    let waiting: Vec<_> = page.lines.iter().filter(|line| line.blockers > 0).map(|line| line.id).collect();
    let awaited = if waiting.is_empty() { Vec::new() } else { app.store().waits_for(caller.company, &waiting).await? };
    Ok(Json(ListJson {
        data: page.lines.iter().map(|line| RecordJson::of(line, &awaited)).collect(),
        next_cursor: page.next.map(|next| URL_SAFE_NO_PAD.encode(next.to_string())),
    }))
}

/// How many records every status has.
pub(super) async fn summary(State(app): State<App>, caller: Caller, headers: HeaderMap) -> Result<Response, Problem> {
    let summary = app.store().summary(caller.company).await?;
    let counts = Status::ALL.map(|status| (status.as_str().to_owned(), Value::from(summary.of_status(status).count)));
    etag::answer(&headers, &Map::from_iter(counts))
}

fn read_cursor(parameters: &mut Parameters) -> Option<Cursor> {
    let text = parameters.text("cursor")?;
    let decoded = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let cursor = decoded.and_then(|text| Cursor::parse(&text, SORT.by).ok());
    if cursor.is_none() {
        let message = "This is no cursor. Send a \"next_cursor\" as it came, with the same filter.";
        parameters.fault("cursor", "bad_value", message.to_owned());
    }
    cursor
}

pub(super) fn read_limit(parameters: &mut Parameters) -> u32 {
    let what = format!("a number from 1 to {LIMIT_MAX}");
    let limit = parameters.parse("limit", &what).unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        parameters.fault("limit", "out_of_range", format!("Send {what}."));
    }
    limit
}
