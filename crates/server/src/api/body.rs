//! Reading a request's body within a limit.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http_body_util::BodyExt;
use serde_json::Value;

use super::json;
use crate::App;
use crate::problem::{Problem, Slug};

/// The most bytes of a body other than a batch: an invoice of 2,000 lines has about 400,000.
pub(super) const BODY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// How much of a body that is too large is still read. A client that is cut off while it sends never sees the answer.
const DRAINED_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A body of one JSON text.
pub(super) struct JsonBody(pub(super) Value);

impl FromRequest<App> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        check_type(request.headers(), &["application/json"])?;
        let announced = announced_length(request.headers());
        let bytes = read(request.into_body(), announced).await?;
        json::parse(&bytes).map(Self)
    }
}

/// Refuses a `Content-Type` other than these, in UTF-8.
pub(super) fn check_type(headers: &HeaderMap, types: &[&str]) -> Result<(), Problem> {
    let sent = headers.get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
    let is_right = sent.is_some_and(|sent| {
        let mut parts = sent.split(';').map(str::trim);
        parts.next().is_some_and(|sent| types.iter().any(|known| known.eq_ignore_ascii_case(sent)))
            && parts.all(|parameter| {
                let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
                !name.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
            })
    });
    if is_right {
        return Ok(());
    }
    let detail = format!("Send the body with \"Content-Type: {}\", in UTF-8.", types.join("\" or \""));
    Err(Problem::new(Slug::UnsupportedMediaType, detail))
}

/// What `Content-Length` says, if it says anything.
pub(super) fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

pub(super) fn too_large(bytes_max: usize) -> Problem {
    Problem::new(Slug::BodyTooLarge, format!("The body has more than {bytes_max} bytes. Nothing was stored."))
        .fix("application", "Send many records through POST /api/v1/records/batch, in several requests.")
}

pub(super) fn broken_off() -> Problem {
    Problem::new(Slug::BadJson, "The body broke off before its end, or came too slowly.")
}

async fn read(mut body: Body, announced: Option<u64>) -> Result<Vec<u8>, Problem> {
    if announced.is_some_and(|length| length > DRAINED_BYTES_MAX) {
        return Err(too_large(BODY_BYTES_MAX));
    }
    let mut bytes = Vec::new();
    let mut received: u64 = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| broken_off())?;
        let Ok(data) = frame.into_data() else { continue };
        received = received.saturating_add(u64::try_from(data.len()).unwrap_or(u64::MAX));
        if bytes.len().saturating_add(data.len()) <= BODY_BYTES_MAX && received <= BODY_BYTES_MAX as u64 {
            bytes.extend_from_slice(&data);
        } else if received > DRAINED_BYTES_MAX {
            break;
        }
    }
    if received > BODY_BYTES_MAX as u64 { Err(too_large(BODY_BYTES_MAX)) } else { Ok(bytes) }
}
