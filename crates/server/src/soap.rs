//! The Web Connector's side: `/qbwc`, and what its calls do.
//!
//! A call is decoded, stepped in one transaction, committed, and only then answered. GET answers 200, since the Web
//! Connector checks the certificate that way before its first call (web-connector.md section 8.3).

mod authenticate;
mod lists;
mod look;
mod lost_changes;
mod next;
mod older;
mod operation;
mod reconciliation;
mod reread;
mod search;
mod step;
mod take;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bookferry_qbwc::{Call, Fault, Reply, wsdl};

use crate::App;

/// The largest call taken, an answer of QuickBooks included. Look-ups are kept far below it.
const CALL_BYTES_MAX: usize = 32 << 20;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/qbwc", get(describe).post(call).layer(DefaultBodyLimit::max(CALL_BYTES_MAX)))
}

async fn describe(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    bookferry_crash::request_arrives();
    if query.is_some_and(|query| query.eq_ignore_ascii_case("wsdl")) {
        return xml(StatusCode::OK, wsdl(&format!("{}/qbwc", app.public_url())));
    }
    "Bookferry listens here for the QuickBooks Web Connector.\n".into_response()
}

async fn call(State(app): State<App>, body: Result<Bytes, BytesRejection>) -> Response {
    bookferry_crash::request_arrives();
    match answer(&app, body).await {
        Ok(reply) => xml(StatusCode::OK, reply.encode()),
        Err(fault) => xml(StatusCode::INTERNAL_SERVER_ERROR, fault.encode()),
    }
}

async fn answer(app: &App, body: Result<Bytes, BytesRejection>) -> Result<Reply, Fault> {
    let body =
        body.map_err(|_| Fault::client("The call is larger than the server takes, came too slowly, or broke off."))?;
    let body = str::from_utf8(&body).map_err(|_| Fault::client("The call is not UTF-8."))?;
    let call = Call::decode(body).map_err(|error| error.fault())?;
    let operation = call.operation().name();
    let result = match &call {
        Call::ServerVersion { .. } => Ok(Reply::ServerVersion(server_version())),
        Call::GetServerVersion { .. } => Ok(Reply::GetServerVersion(server_version())),
        Call::ClientVersion { .. } => Ok(Reply::ClientVersion(bookferry_qbwc::ClientVersionVerdict::Accepted)),
        Call::Authenticate { user_name, password } => authenticate::authenticate(app, user_name, password).await,
        Call::SendRequestXml { .. }
        | Call::ReceiveResponseXml { .. }
        | Call::ConnectionError { .. }
        | Call::GetLastError { .. }
        | Call::CloseConnection { .. }
        | Call::GetInteractiveUrl { .. }
        | Call::InteractiveRejected { .. }
        | Call::InteractiveDone { .. }
        | Call::IsInteractiveDone { .. } => step::step(app, &call).await,
    };
    bookferry_crash::before_reply(operation);
    result.map_err(|error| {
        tracing::error!(operation, error = &error as &dyn std::error::Error, "a call of the Web Connector failed");
        Fault::server(error.told())
    })
}

/// Why a call could not be answered. What the person at the desk is told holds nothing of the cause.
#[derive(Debug, thiserror::Error)]
enum SoapError {
    #[error("the database failed")]
    Store(#[from] bookferry_store::Error),
    #[error("a session could not be read or written")]
    Session(#[source] serde_json::Error),
    #[error("the session was answered out of turn")]
    Protocol(#[from] bookferry_qbwc::ResumeError),
}

impl SoapError {
    fn told(&self) -> &'static str {
        match self {
            Self::Store(bookferry_store::Error::Full(_)) => {
                "The disk of Bookferry's server is full; nothing was lost. Ask whoever runs it to make room. \
                 The next visit after that goes on."
            }
            Self::Store(error) if error.is_retryable() => "Bookferry's database is busy. The next visit tries again.",
            Self::Store(_) | Self::Session(_) | Self::Protocol(_) => {
                "Bookferry could not answer. Its log says why; nothing was lost."
            }
        }
    }
}

fn server_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}
