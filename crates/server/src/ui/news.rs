//! Tells a page that something happened, as server-sent events. What happened the page reads for itself.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::header::{HeaderMap, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use bookferry_store::Pulse;
use futures_util::stream;

use super::desk::{Desk, sees};
use super::live::Listener;
use super::session::SignedIn;
use crate::App;

/// So often a listener is told that the connection stands, and looks whether its session does.
const QUIET_MAX: Duration = Duration::from_secs(20);
/// How long the browser waits before it comes again.
const RETRY: Duration = Duration::from_secs(2);
const COME_AGAIN_SECONDS: &str = "30";

struct Listening {
    app: App,
    desk: Desk,
    listener: Listener,
    /// What the page shows already.
    known: Option<Pulse>,
}

/// `since` is the pulse of the page that asks; a browser that comes again says instead what it heard last.
pub(super) async fn listen(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Response {
    let Some(listener) = Listener::join(&app, desk.company_id(), &desk.signed_in.id_hash) else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, COME_AGAIN_SECONDS)]).into_response();
    };
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let since = || {
        let query = query.unwrap_or_default();
        let since = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "since");
        since.and_then(|(_, pulse)| pulse.parse().ok())
    };
    let listening = Listening { app, desk, listener, known: last.or_else(since) };
    let events = stream::unfold(listening, |mut listening| async {
        let event = listening.next().await?;
        Some((Ok::<_, Infallible>(event), listening))
    });
    // Proxies that collect an answer before they pass it on are asked not to.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    ([unbuffered], Sse::new(events)).into_response()
}

impl Listening {
    /// `None` ends the stream: the server stops, or the session has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let woken = tokio::time::timeout(QUIET_MAX, self.listener.beats.changed()).await;
            if matches!(woken, Ok(Err(_))) || !self.may_listen().await {
                return None;
            }
            if woken.is_err() {
                return Some(Event::default().comment("still here"));
            }
            let pulse = self.listener.beats.borrow_and_update().pulse;
            if let Some(pulse) = pulse.filter(|_| pulse != self.known) {
                self.known = Some(pulse);
                // An event without data is none to a browser.
                return Some(Event::default().event("news").id(pulse.to_string()).retry(RETRY).data("news"));
            }
        }
    }

    async fn may_listen(&self) -> bool {
        let signed_in = SignedIn::of_session(&self.app, &self.desk.signed_in.id_hash).await;
        matches!(signed_in, Ok(Some(person)) if sees(&person, self.desk.company()))
    }
}
