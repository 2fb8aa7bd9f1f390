//! `Idempotency-Key`: a request that is sent again, since its answer got lost, is done no second time and is answered the same.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bookferry_store::{KeptAnswer, RequestStart};
use bookferry_sync::id::CompanyId;
use http_body_util::BodyExt;
use sha2::{Digest, Sha256};

use super::key::Writer;
use super::lines::BATCH_BYTES_MAX;
use super::moves::MovedJson;
use crate::App;
use crate::problem::{PointedFault, Problem, Slug};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

const KEY_LENGTH_MAX: usize = 255;

/// The key of the request that is being worked off, for whoever commits something that must know it.
#[derive(Debug, Clone)]
pub(super) struct RequestKey(pub(super) String);

/// Marks the answer to a request that was done in part, and may be sent again for the rest of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct DoneInPart;

/// What a request is, for telling it from another: its address and its body.
#[derive(Debug, Clone)]
struct Fingerprint(Arc<Mutex<Sha256>>);

/// Works a POST that bears a key off once. Whatever changed nothing leaves the key free.
pub(super) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    match begin(&app, &mut parts).await {
        Err(problem) => problem.into_response(),
        Ok((company, key, start)) => {
            let fingerprint = Fingerprint::of(&parts);
            let body = fingerprint.read_along(body);
            match start {
                RequestStart::Anew => {
                    parts.extensions.insert(RequestKey(key.clone()));
                    let request = Request::from_parts(parts, body);
                    // Whoever sent it may have gone; what was begun is still brought to its end.
                    let work = tokio::spawn(work_off(app, company, key, fingerprint, request, next));
                    work.await.unwrap_or_else(|error| Problem::fault_of_ours(&error).into_response())
                }
                RequestStart::UnderWay => under_way().into_response(),
                RequestStart::Moved(changed) => replayed(Json(MovedJson { changed }).into_response()),
                RequestStart::Answered(kept) => replay(kept, &fingerprint, body).await,
            }
        }
    }
}

async fn begin(app: &App, parts: &mut Parts) -> Result<(CompanyId, String, RequestStart), Problem> {
    let Writer(caller) = Writer::from_request_parts(parts, app).await?;
    let key = read_key(&parts.headers)?;
    let start = app.store().begin_request(caller.company, &key, app.clock().now()).await?;
    Ok((caller.company, key, start))
}

fn read_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (sent.next(), sent.next()) {
        (Some(key), None) => key.to_str().unwrap_or(""),
        _ => "",
    };
    if (1..=KEY_LENGTH_MAX).contains(&key.len()) {
        return Ok(key.to_owned());
    }
    let message = format!("Send one key of 1 to {KEY_LENGTH_MAX} visible characters of ASCII, such as a UUID.");
    let fault = PointedFault::in_parameter(IDEMPOTENCY_KEY.as_str(), "bad_value", message);
    let detail = "The header Idempotency-Key is not usable; nothing was changed.";
    Err(Problem::new(Slug::InvalidParameter, detail).errors(vec![fault]))
}

async fn work_off(
    app: App,
    company: CompanyId,
    key: String,
    fingerprint: Fingerprint,
    request: Request,
    next: Next,
) -> Response {
    let answered = keep(&app, company, &key, &fingerprint, next.run(request).await).await;
    answered.unwrap_or_else(IntoResponse::into_response)
}

/// Keeps the answer of what was done; the answer of what was not is never kept, so that it can be tried again.
async fn keep(
    app: &App,
    company: CompanyId,
    key: &str,
    fingerprint: &Fingerprint,
    response: Response,
) -> Result<Response, Problem> {
    if !response.status().is_success() || response.extensions().get::<DoneInPart>().is_some() {
        app.store().forget_request(company, key).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = body.collect().await.map_err(|error| Problem::fault_of_ours(&error))?.to_bytes();
    let content_type = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kept = KeptAnswer {
        fingerprint: fingerprint.finish(),
        status: parts.status.as_u16(),
        content_type: content_type.to_owned(),
        body: body.to_vec(),
    };
    app.store().answer_request(company, key, &kept).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

async fn replay(kept: KeptAnswer, fingerprint: &Fingerprint, body: Body) -> Response {
    let is_whole = read_whole(body).await;
    if !is_whole || fingerprint.finish() != kept.fingerprint {
        return key_reused().into_response();
    }
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let mut response = (status, kept.body).into_response();
    if let Ok(content_type) = HeaderValue::from_str(&kept.content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    replayed(response)
}

/// Reads a body for its fingerprint, and keeps nothing of it. A longer one than any that was answered is another.
async fn read_whole(mut body: Body) -> bool {
    let mut received: u64 = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        let length = frame.data_ref().map_or(0, |data| u64::try_from(data.len()).unwrap_or(u64::MAX));
        received = received.saturating_add(length);
        if received > BATCH_BYTES_MAX {
            return false;
        }
    }
    true
}

fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn under_way() -> Problem {
    let detail = "A request with this Idempotency-Key is being worked off. Send this one again in a few seconds.";
    Problem::new(Slug::RequestUnderWay, detail)
}

fn key_reused() -> Problem {
    let detail = "Another request had this Idempotency-Key before. Nothing was changed.";
    Problem::new(Slug::KeyReused, detail)
        .fix("application", "Make a new key for each request, and send it again only with the very same body.")
}

impl Fingerprint {
    fn of(parts: &Parts) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(parts.uri.path().as_bytes());
        hasher.update([0]);
        hasher.update(parts.uri.query().unwrap_or("").as_bytes());
        hasher.update([0]);
        Self(Arc::new(Mutex::new(hasher)))
    }

    /// The same body, whose bytes go into the fingerprint as they are read.
    fn read_along(&self, body: Body) -> Body {
        let fingerprint = self.clone();
        Body::new(body.map_frame(move |frame| {
            if let Some(data) = frame.data_ref() {
                fingerprint.0.lock().unwrap_or_else(PoisonError::into_inner).update(data);
            }
            frame
        }))
    }

    fn finish(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize().to_vec()
    }
}

/// The key of a handler's request, if it has one.
pub(super) type KeyOfRequest = Option<Extension<RequestKey>>;
