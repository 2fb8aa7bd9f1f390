use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error of the API, as RFC 9457 has it: what went wrong, whether trying again helps, and what would mend it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    retryable: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    /// Every fault of the body, each with the place it is at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<PointedFault>,
}

/// Something that somebody can do about it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Fix {
    /// `application`, `bookkeeper` or `operator`.
    pub(crate) actor: &'static str,
    pub(crate) action: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct PointedFault {
    /// RFC 6901, into the body.
    pub(crate) pointer: String,
    pub(crate) code: String,
    pub(crate) message: String,
}

/// Problem types are stable slugs; the list is a snapshot in the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slug {
    BadJson,
    InvalidRecord,
    InvalidParameter,
    BodyTooLarge,
    Unauthorized,
    ReadOnlyKey,
    NotFound,
    MethodNotAllowed,
    NotPossible,
    UnsupportedMediaType,
    IdempotencyKeyReused,
    Unavailable,
    Internal,
}

impl Slug {
    const fn parts(self) -> (&'static str, StatusCode, &'static str, bool) {
        match self {
            Self::BadJson => ("bad-json", StatusCode::BAD_REQUEST, "The body is not readable", false),
            Self::InvalidRecord => ("invalid-record", StatusCode::UNPROCESSABLE_ENTITY, "The record has faults", false),
            Self::InvalidParameter => {
                ("invalid-parameter", StatusCode::BAD_REQUEST, "A parameter is not usable", false)
            }
            Self::BodyTooLarge => ("body-too-large", StatusCode::PAYLOAD_TOO_LARGE, "The body is too large", false),
            Self::Unauthorized => ("unauthorized", StatusCode::UNAUTHORIZED, "The API key is missing or wrong", false),
            Self::ReadOnlyKey => ("read-only-key", StatusCode::FORBIDDEN, "This API key may only read", false),
            Self::NotFound => ("not-found", StatusCode::NOT_FOUND, "There is no such thing here", false),
            Self::MethodNotAllowed => {
                ("method-not-allowed", StatusCode::METHOD_NOT_ALLOWED, "This address does not take that method", false)
            }
            Self::NotPossible => ("not-possible", StatusCode::CONFLICT, "The record's status does not allow this", false),
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another type", false)
            }
            Self::IdempotencyKeyReused => (
                "idempotency-key-reused",
                StatusCode::UNPROCESSABLE_ENTITY,
                "This Idempotency-Key came with another request before",
                false,
            ),
            Self::Unavailable => {
                ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "The database cannot be reached just now", true)
            }
            Self::Internal => ("internal", StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong here", true),
        }
    }
}

impl Problem {
    pub(crate) fn new(slug: Slug, detail: impl Into<String>) -> Self {
        let (word, status, title, retryable) = slug.parts();
        Self {
            kind: format!("/problems/{word}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            retryable,
            fixes: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub(crate) fn fix(mut self, actor: &'static str, action: impl Into<String>) -> Self {
        self.fixes.push(Fix { actor, action: action.into() });
        self
    }

    pub(crate) fn errors(mut self, errors: Vec<PointedFault>) -> Self {
        self.errors = errors;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_later = status == StatusCode::SERVICE_UNAVAILABLE;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if retry_later {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
