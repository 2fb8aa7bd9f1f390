//! The JSON API of the application, under `/api/v1`.
//!
//! A key belongs to one company, and every statement below carries that company: what belongs to another is answered as
//! what is not there. Cookies mean nothing here, so no browser can be made to call it for somebody.

mod batch;
mod body;
mod etag;
mod events;
mod filter;
mod hand_over;
mod json;
mod key;
mod lines;
mod list;
mod mend;
mod moves;
mod once;
mod parameters;
mod record;
mod record_json;
mod resolve;
mod selection;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};

use crate::App;
use crate::problem::{Problem, Slug};
pub(crate) use events::{event_json, notice_json};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest `X-Request-Id` that is sent back.
const REQUEST_ID_LENGTH_MAX: usize = 128;

pub(crate) fn routes(app: App) -> Router<App> {
    Router::new()
        .route(
            "/invoices/{external_id}",
            put(hand_over::put_invoice).get(hand_over::get_invoice).delete(hand_over::void_invoice),
        )
        .route(
            "/payments/{external_id}",
            put(hand_over::put_payment).get(hand_over::get_payment).delete(hand_over::void_payment),
        )
        .route("/records", get(list::list))
        .route("/records/batch", post(batch::take))
        .route("/records/ready", post(moves::ready))
        .route("/records/unready", post(moves::unready))
        .route("/records/exclude", post(moves::exclude))
        .route("/records/include", post(moves::include))
        .route("/records/retry", post(moves::retry))
        .route("/records/{id}", get(record::get))
        .route("/records/{id}/resolve", post(resolve::resolve))
        .route("/summary", get(list::summary))
        .route("/events", get(events::list))
        .route("/openapi.json", get(openapi))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app, once::once))
        .layer(middleware::from_fn(mark))
}

/// Needs no key: it holds nothing of anybody's.
async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], include_str!("api/openapi.json"))
}

async fn not_found() -> Problem {
    Problem::new(Slug::NotFound, "There is no such address. The integrator's guide lists them.")
}

async fn method_not_allowed() -> Problem {
    Problem::new(Slug::MethodNotAllowed, "This address takes the methods that the header Allow lists.")
}

/// Sends the caller's `X-Request-Id` back, and keeps answers out of shared caches.
async fn mark(request: Request, next: Next) -> Response {
    bookferry_crash::request_arrives();
    let operation = if bookferry_crash::IS_ARMED { operation(&request) } else { None };
    let id = request.headers().get(REQUEST_ID).filter(|id| id.len() <= REQUEST_ID_LENGTH_MAX).cloned();
    let mut response = next.run(request).await.into_response();
    if let Some(operation) = operation {
        bookferry_crash::before_reply(&operation);
    }
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if let Some(id) = id {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// The name of a request that changes something, such as `put_invoices`, in the list of crash points.
fn operation(request: &Request) -> Option<String> {
    if request.method().is_safe() {
        return None;
    }
    let path = request.extensions().get::<MatchedPath>()?.as_str().trim_start_matches("/api/v1");
    let words = path.split('/').filter(|word| !word.is_empty() && !word.starts_with('{'));
    Some(words.fold(request.method().as_str().to_ascii_lowercase(), |name, word| name + "_" + word))
}
