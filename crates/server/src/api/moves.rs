//! Moving many records at once. A record that cannot be moved so stays as it is and is not counted; neither is one of
//! another company.

use axum::Json;
use axum::extract::State;
use bookferry_store::BulkMove;
use serde::Serialize;

use super::body::JsonBody;
use super::key::Writer;
use super::once::KeyOfRequest;
use super::selection;
use crate::App;
use crate::problem::Problem;

#[derive(Serialize)]
pub(super) struct MovedJson {
    pub(super) changed: u64,
}

type Moved = Result<Json<MovedJson>, Problem>;

pub(super) async fn ready(app: State<App>, writer: Writer, key: KeyOfRequest, body: JsonBody) -> Moved {
    move_all(app, writer, key, body, BulkMove::MarkReady).await
}

pub(super) async fn unready(app: State<App>, writer: Writer, key: KeyOfRequest, body: JsonBody) -> Moved {
    move_all(app, writer, key, body, BulkMove::MarkUnsent).await
}

pub(super) async fn exclude(app: State<App>, writer: Writer, key: KeyOfRequest, body: JsonBody) -> Moved {
    move_all(app, writer, key, body, BulkMove::Exclude).await
}

pub(super) async fn include(app: State<App>, writer: Writer, key: KeyOfRequest, body: JsonBody) -> Moved {
    move_all(app, writer, key, body, BulkMove::Include).await
}

pub(super) async fn retry(app: State<App>, writer: Writer, key: KeyOfRequest, body: JsonBody) -> Moved {
    move_all(app, writer, key, body, BulkMove::Retry).await
}

async fn move_all(
    State(app): State<App>,
    Writer(caller): Writer,
    key: KeyOfRequest,
    JsonBody(body): JsonBody,
    bulk: BulkMove,
) -> Moved {
    let selection = selection::read(&body)?;
    let (store, company, actor, now) = (app.store(), caller.company, caller.actor(), app.clock().now());
    let changed = match &key {
        None => store.move_records(company, &selection, bulk, &actor, now).await?,
        Some(key) => store.move_records_for_request(company, &key.0.0, &selection, bulk, &actor, now).await?,
    };
    Ok(Json(MovedJson { changed }))
}
