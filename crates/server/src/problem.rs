use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bookferry_store::Error as StoreError;
use bookferry_sync::intake::Fault;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    /// The name of a parameter of the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    code: String,
    message: String,
}

impl PointedFault {
    pub(crate) fn at(pointer: impl Into<String>, code: &str, message: impl Into<String>) -> Self {
        Self { pointer: Some(pointer.into()), parameter: None, code: code.to_owned(), message: message.into() }
    }

    pub(crate) fn in_parameter(name: &str, code: &str, message: impl Into<String>) -> Self {
        let parameter = Some(name.to_owned());
        Self { pointer: None, parameter, code: code.to_owned(), message: message.into() }
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
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
    RequestUnderWay,
    KeyReused,
    UnsupportedMediaType,
    Unavailable,
    StorageFull,
    Internal,
}

impl Slug {
    #[cfg(test)]
    const ALL: [Self; 15] = [
        Self::BadJson,
        Self::InvalidRecord,
        Self::InvalidParameter,
        Self::BodyTooLarge,
        Self::Unauthorized,
        Self::ReadOnlyKey,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotPossible,
        Self::RequestUnderWay,
        Self::KeyReused,
        Self::UnsupportedMediaType,
        Self::Unavailable,
        Self::StorageFull,
        Self::Internal,
    ];

    const fn parts(self) -> (&'static str, StatusCode, &'static str, bool) {
        match self {
            Self::BadJson => ("bad-json", StatusCode::BAD_REQUEST, "The body is not readable", false),
            Self::InvalidRecord => {
                ("invalid-record", StatusCode::UNPROCESSABLE_ENTITY, "What was sent has faults", false)
            }
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
            Self::NotPossible => {
                ("not-possible", StatusCode::CONFLICT, "The record's status does not allow this", false)
            }
            Self::RequestUnderWay => {
                ("request-under-way", StatusCode::CONFLICT, "The same request is being worked off", true)
            }
            Self::KeyReused => {
                ("key-reused", StatusCode::UNPROCESSABLE_ENTITY, "This key belongs to another request", false)
            }
            Self::UnsupportedMediaType => {
                ("unsupported-media-type", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is of another type", false)
            }
            Self::Unavailable => {
                ("unavailable", StatusCode::SERVICE_UNAVAILABLE, "The database cannot be reached just now", true)
            }
            Self::StorageFull => {
                ("storage-full", StatusCode::INSUFFICIENT_STORAGE, "The disk of the server is full", true)
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

    /// The same for what belongs to somebody else as for what is not there.
    pub(crate) fn not_found() -> Self {
        Self::new(Slug::NotFound, "Nothing with this name or id is there for this key.")
    }

    /// What was sent has these faults.
    pub(crate) fn faulty(errors: Vec<PointedFault>) -> Self {
        let count = if errors.len() == 1 { "one fault".to_owned() } else { format!("{} faults", errors.len()) };
        Self::new(Slug::InvalidRecord, format!("Nothing was changed, because of {count} in what was sent."))
            .fix("application", "Correct every place that errors[] points at, and send it again.")
            .errors(errors)
    }

    /// Notes what went wrong, with its chain; the caller learns that it is not his doing.
    pub(crate) fn fault_of_ours(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a request failed");
        Self::new(Slug::Internal, "This is a fault of the server; it has been noted.")
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

impl From<Fault> for PointedFault {
    fn from(fault: Fault) -> Self {
        Self::at(fault.pointer, fault.code, fault.message)
    }
}

impl From<StoreError> for Problem {
    /// What is not the caller's doing is logged here, with its chain; the caller learns only whether to try again.
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Unavailable(_) | StoreError::Busy(_) | StoreError::Overtaken { .. } => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the database did not answer in time");
                Self::new(Slug::Unavailable, "Nothing was changed. Send the same request again in a few seconds.")
            }
            StoreError::Full(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the database cannot be written to");
                Self::new(Slug::StorageFull, "Nothing was changed. Send the same request again once there is room.")
                    .fix("operator", "Make room on the disk that holds the database.")
            }
            StoreError::Conflict { source, .. } => Self::new(Slug::NotPossible, format!("{source}.")),
            StoreError::Stale { .. } => {
                Self::new(Slug::NotPossible, "The record was changed meanwhile. Read it again.")
            }
            StoreError::Missing { .. } => Self::not_found(),
            StoreError::Unstorable { field } => {
                let message = format!("The field {field} holds the character U+0000. Send it without.");
                Self::new(Slug::InvalidRecord, message)
            }
            StoreError::Exists { .. }
            | StoreError::Inconsistent { .. }
            | StoreError::RowCount { .. }
            | StoreError::Refused { .. }
            | StoreError::Json(_)
            | StoreError::Address(_)
            | StoreError::Migration(_) => Self::fault_of_ours(&error),
            // The enum may grow.
            _ => Self::fault_of_ours(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_later = self.retryable && status.is_client_error() || status == StatusCode::SERVICE_UNAVAILABLE;
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

#[cfg(test)]
mod tests {
    use super::{Problem, Slug};

    #[test]
    fn problem_types_are_stable() {
        let lines = Slug::ALL.map(|slug| {
            let problem = Problem::new(slug, "");
            let retry = if problem.retryable { "retryable" } else { "final" };
            format!("{} {} {retry}: {}", problem.status, problem.kind, problem.title)
        });
        insta::assert_snapshot!(lines.join("\n"), @r"
        400 /problems/bad-json final: The body is not readable
        422 /problems/invalid-record final: What was sent has faults
        400 /problems/invalid-parameter final: A parameter is not usable
        413 /problems/body-too-large final: The body is too large
        401 /problems/unauthorized final: The API key is missing or wrong
        403 /problems/read-only-key final: This API key may only read
        404 /problems/not-found final: There is no such thing here
        405 /problems/method-not-allowed final: This address does not take that method
        409 /problems/not-possible final: The record's status does not allow this
        409 /problems/request-under-way retryable: The same request is being worked off
        422 /problems/key-reused final: This key belongs to another request
        415 /problems/unsupported-media-type final: The body is of another type
        503 /problems/unavailable retryable: The database cannot be reached just now
        507 /problems/storage-full retryable: The disk of the server is full
        500 /problems/internal retryable: Something went wrong here
        ");
    }
}
