//! Moving many records at once. A record that cannot be moved so stays as it is and is not counted; neither is one of
//! another company.

use axum::Json;
use axum::extract::State;
use bookferry_store::BulkMove;
use serde::Serialize;

use super::body::JsonBody;
use super::key::Writer;
use super::selection;
use crate::App;
use crate::problem::Problem;

#[derive(Serialize)]
pub(super) struct MovedJson {
    changed: u64,
}

type Moved = Result<Json<MovedJson>, Problem>;

pub(super) async fn ready(app: State<App>, writer: Writer, body: JsonBody) -> Moved {
    move_all(app, writer, body, BulkMove::MarkReady).await
}

pub(super) async fn unready(app: State<App>, writer: Writer, body: JsonBody) -> Moved {
    move_all(app, writer, body, BulkMove::MarkUnsent).await
}

pub(super) async fn exclude(app: State<App>, writer: Writer, body: JsonBody) -> Moved {
    move_all(app, writer, body, BulkMove::Exclude).await
}

pub(super) async fn include(app: State<App>, writer: Writer, body: JsonBody) -> Moved {
    move_all(app, writer, body, BulkMove::Include).await
}

pub(super) async fn retry(app: State<App>, writer: Writer, body: JsonBody) -> Moved {
    move_all(app, writer, body, BulkMove::Retry).await
}

async fn move_all(State(app): State<App>, Writer(caller): Writer, JsonBody(body): JsonBody, bulk: BulkMove) -> Moved {
    let selection = selection::read(&body)?;
    let now = app.clock().now();
    let changed = app.store().move_records(caller.company, &selection, bulk, &caller.actor(), now).await?;
    Ok(Json(MovedJson { changed }))
}
