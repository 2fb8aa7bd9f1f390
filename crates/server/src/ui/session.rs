//! Who is signed in: a cookie with a generated secret, kept as its hash.

use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Method;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bookferry_store::{Actor, Person, Role, WebSession};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::page_error::PageError;
use crate::{App, Secret, SecretHash};

/// A session ends after this long without a request, and after the second whatever happens.
const IDLE_MAX: SignedDuration = SignedDuration::from_hours(12);
pub(super) const AGE_MAX: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The person who sends the request.
#[derive(Debug)]
pub(super) struct SignedIn {
    pub(super) person: Person,
    /// Stands in every form of this session, and is worth nothing outside it.
    pub(super) form_token: String,
    pub(super) id_hash: SecretHash,
}

impl SignedIn {
    pub(super) fn actor(&self) -> Actor {
        Actor::new(self.person.email.as_str(), "sync_manager")
    }

    pub(super) fn may_write(&self) -> bool {
        match self.person.role {
            Role::Admin | Role::Bookkeeper => true,
            Role::Viewer => false,
        }
    }

    pub(super) fn is_admin(&self) -> bool {
        self.person.role == Role::Admin
    }

    /// The session of the cookie, unless it has ended.
    pub(super) async fn of(app: &App, headers: &HeaderMap) -> Result<Option<Self>, PageError> {
        let Some(id) = cookie(headers, cookie_name(app)) else { return Ok(None) };
        let id_hash = SecretHash::of(id);
        let Some(session) = live_session(app, &id_hash).await? else { return Ok(None) };
        if !is_by_itself(headers) {
            app.store().note_session_used(&id_hash.0, session.last_used_at, app.clock().now()).await?;
        }
        Ok(Some(Self { person: session.person, form_token: form_token(id), id_hash }))
    }

    /// The person of a session that was there before, unless it has ended.
    pub(super) async fn of_session(app: &App, id_hash: &SecretHash) -> Result<Option<Person>, PageError> {
        Ok(live_session(app, id_hash).await?.map(|session| session.person))
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        if let Some(signed_in) = Self::of(app, &parts.headers).await? {
            return Ok(signed_in);
        }
        // Within the routes of a company, the request's own address has lost its beginning.
        let address = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(address)| address);
        let next = match (&parts.method, address.path_and_query()) {
            _ if is_by_itself(&parts.headers) => String::new(),
            (&Method::GET, Some(path)) => path.to_string(),
            _ => "/".to_owned(),
        };
        Err(PageError::SignIn { next })
    }
}

async fn live_session(app: &App, id_hash: &SecretHash) -> Result<Option<WebSession>, PageError> {
    let now = app.clock().now();
    let Some(session) = app.store().web_session(&id_hash.0, now).await? else { return Ok(None) };
    if now.duration_since(session.last_used_at) > IDLE_MAX {
        app.store().delete_web_session(&id_hash.0).await?;
        return Ok(None);
    }
    Ok(Some(session))
}

/// Whether the page asks, and nobody who sits before it: that is no use of the session, and wants no sign-in page.
fn is_by_itself(headers: &HeaderMap) -> bool {
    headers.contains_key(super::REFRESH)
        || headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"text/event-stream")
}

/// The `Set-Cookie` of a new session. `__Host-` binds it to this host and to https; at a plain address it cannot be used.
pub(super) fn set_cookie(app: &App, id: &Secret) -> Option<HeaderValue> {
    let age = AGE_MAX.as_secs();
    HeaderValue::try_from(format!("{}={}; {}; Max-Age={age}", cookie_name(app), id.reveal(), attributes(app))).ok()
}

pub(super) fn clear_cookie(app: &App) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{}=; {}; Max-Age=0", cookie_name(app), attributes(app))).ok()
}

fn is_https(app: &App) -> bool {
    app.public_url().starts_with("https://")
}

fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-bookferry" } else { "bookferry" }
}

fn attributes(app: &App) -> &'static str {
    if is_https(app) { "Path=/; HttpOnly; SameSite=Lax; Secure" } else { "Path=/; HttpOnly; SameSite=Lax" }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(known, value)| (known == name && !value.is_empty()).then_some(value))
}

/// Only who has the cookie can make it; it does not tell the cookie.
fn form_token(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::new().chain_update("bookferry form\n").chain_update(id).finalize())
}
