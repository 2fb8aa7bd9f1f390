use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use bookferry_store::Actor;
use bookferry_sync::id::{ApiKeyId, CompanyId};

use crate::problem::{Problem, Slug};
use crate::{App, SecretHash};

/// Longer than any key of ours, so that nobody has us hash a header of a megabyte.
const KEY_LENGTH_MAX: usize = 256;

/// An application that showed a key. It sees the one company of the key and no other.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    pub(super) company: CompanyId,
    key: ApiKeyId,
    is_read_only: bool,
}

impl Caller {
    /// For the history of what it moves.
    pub(super) fn actor(&self) -> Actor {
        Actor::new(self.key.to_string(), "api")
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if let Some(caller) = parts.extensions.get::<Self>() {
            return Ok(caller.clone());
        }
        // A missing key is looked up as well: it takes as long and reads the same as a wrong one.
        let hash = SecretHash::of(bearer(&parts.headers).unwrap_or(""));
        let key = app.store().api_key_by_hash(&hash.0, app.clock().now()).await?;
        let key = key.ok_or_else(|| {
            tracing::info!("a call without a valid API key was refused");
            unauthorized()
        })?;
        let caller = Self { company: key.company_id, key: key.id, is_read_only: key.read_only };
        // Whoever asks next about the same request need not look it up again.
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// A caller whose key may write.
#[derive(Debug, Clone)]
pub(super) struct Writer(pub(super) Caller);

impl FromRequestParts<App> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        if caller.is_read_only {
            let detail = "This key was made with --read-only; nothing was changed.";
            return Err(Problem::new(Slug::ReadOnlyKey, detail)
                .fix("operator", "Make a key that may write: bookferry key add --company ID"));
        }
        Ok(Self(caller))
    }
}

fn unauthorized() -> Problem {
    Problem::new(Slug::Unauthorized, "Send the key as \"Authorization: Bearer KEY\".")
        .fix("operator", "Make a key: bookferry key add --company ID")
}

/// The key, if exactly one `Authorization: Bearer` was sent.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    let key = key.trim();
    (scheme.eq_ignore_ascii_case("bearer") && key.len() <= KEY_LENGTH_MAX).then_some(key)
}
