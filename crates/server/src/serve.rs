use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::{TcpListener, TcpStream};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::problem::{Problem, Slug};
use crate::{App, api, metrics, slow_body, soap, ui, worker};

/// How long requests under way may still take once the server is told to stop.
const GRACE: Duration = Duration::from_secs(8);

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the server could not go on listening")]
    Listen(#[source] std::io::Error),
}

/// Everything the server answers.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics::tell))
        .merge(soap::routes())
        .nest("/api/v1", api::routes(app.clone()))
        .merge(ui::routes())
        .layer(from_fn(slow_body::limit))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .with_state(app)
}

/// Serves until `stop` resolves, then lets requests under way finish.
pub async fn serve(
    listener: TcpListener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let (stopping, mut stopped) = tokio::sync::watch::channel(false);
    let live = app.clone();
    let signal = async move {
        stop.await;
        live.live().close();
        let _ = stopping.send(true);
    };
    let working = tokio::spawn(worker::run(app.clone(), stopped.clone()));
    let service = router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener.tap_io(answer_at_once), service).with_graceful_shutdown(signal);
    let deadline = async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
        grace().await;
    };
    let result = tokio::select! {
        result = server => result.map_err(ServeError::Listen),
        () = deadline => Ok(()),
    };
    working.abort();
    app.store().close().await;
    result
}

/// Without this the system holds a small reply back until the one before it was acknowledged.
fn answer_at_once(connection: &mut TcpStream) {
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(error = &error as &dyn std::error::Error, "replies on a connection may be delayed");
    }
}

#[expect(clippy::disallowed_methods, reason = "the operator waits for the server to end; nothing else is waited for")]
async fn grace() {
    tokio::time::sleep(GRACE).await;
}

/// Whether the database can be written to, which is what all other answers depend on.
async fn readyz(State(app): State<App>) -> Result<&'static str, (StatusCode, &'static str)> {
    match app.store().check_writable().await {
        Ok(()) => Ok("ready\n"),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the database is not ready");
            Err((StatusCode::SERVICE_UNAVAILABLE, "the database cannot be written to\n"))
        }
    }
}

/// The last resort: a panic is a bug of ours, and the other requests know nothing of it.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse;
    tracing::error!("a request handler panicked");
    Problem::new(Slug::Internal, "This is a fault of the server; it has been noted.").into_response()
}
