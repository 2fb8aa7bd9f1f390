use std::time::Duration;

use axum::http::Uri;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::address::is_public;

/// How long one delivery may take, from the look-up of the name to the end of the answer.
pub(crate) const DELIVERY_MAX: Duration = Duration::from_secs(15);
/// What is read of an answer, which nobody looks at: enough to use the connection again.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;

/// Posts deliveries. Follows no redirect and uses no proxy, so that what is connected to is what was checked.
#[derive(Debug, Clone)]
pub(crate) struct WebhookClient {
    agent: Agent,
}

/// One delivery, as it goes over the wire.
pub(crate) struct Delivery<'a> {
    pub(crate) url: &'a str,
    pub(crate) id: &'a str,
    pub(crate) seconds: i64,
    pub(crate) signature: &'a str,
    pub(crate) body: &'a str,
}

/// Why the endpoint did not take a delivery.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undelivered {
    /// It wants nothing any more: HTTP 410.
    #[error("it answered that it is gone for good (HTTP 410)")]
    Gone,
    #[error("it answered HTTP {0}")]
    Status(u16),
    #[error("it answered HTTP {0}, which leads elsewhere; nothing is followed")]
    Redirect(u16),
    #[error("it did not answer within {} seconds", DELIVERY_MAX.as_secs())]
    Late,
    #[error("its name is not known")]
    UnknownHost,
    #[error("it stands in a private network, where the operator allows no deliveries")]
    Private,
    #[error("it is not on this machine, and so must be reached by https://")]
    Plain,
    #[error("no safe connection was made")]
    Unsafe,
    #[error("no connection was made, or it broke")]
    Connection,
    #[error("the event could not be written down; this is a fault of the server")]
    Unwritable,
}

impl WebhookClient {
    pub(crate) fn new(allows_private: bool) -> Self {
        let config = Config::builder()
            .proxy(None)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .timeout_global(Some(DELIVERY_MAX))
            .user_agent(concat!("Bookferry/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver = Checked { names: DefaultResolver::default(), allows_private };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver) }
    }

    /// Blocks for [`DELIVERY_MAX`] at most.
    pub(crate) fn post(&self, delivery: &Delivery<'_>) -> Result<(), Undelivered> {
        let answer = self
            .agent
            .post(delivery.url)
            .header("content-type", "application/json")
            .header("webhook-id", delivery.id)
            .header("webhook-timestamp", delivery.seconds.to_string())
            .header("webhook-signature", delivery.signature)
            .send(delivery.body)
            .map_err(|error| Undelivered::from(&error))?;
        let status = answer.status().as_u16();
        // The status has come, so that the rest decides about nothing.
        let _ = answer.into_body().into_with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        match status {
            200..=299 => Ok(()),
            300..=399 => Err(Undelivered::Redirect(status)),
            410 => Err(Undelivered::Gone),
            _ => Err(Undelivered::Status(status)),
        }
    }
}

impl From<&Error> for Undelivered {
    #[expect(clippy::wildcard_enum_match_arm, reason = "ureq's errors may grow, and all others come to the same")]
    fn from(error: &Error) -> Self {
        match error {
            Error::Other(other) if other.is::<PrivateAddress>() => Self::Private,
            Error::Other(other) if other.is::<PlainAddress>() => Self::Plain,
            Error::Timeout(_) => Self::Late,
            Error::HostNotFound => Self::UnknownHost,
            Error::Tls(_) | Error::Rustls(_) => Self::Unsafe,
            _ => Self::Connection,
        }
    }
}

/// Looks names up, and lets through only addresses that may be connected to. ureq connects to these and no others.
#[derive(Debug)]
struct Checked {
    names: DefaultResolver,
    allows_private: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the address is private")]
struct PrivateAddress;

#[derive(Debug, thiserror::Error)]
#[error("the address is not of this machine, and the connection would not be encrypted")]
struct PlainAddress;

impl Resolver for Checked {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let is_plain = uri.scheme_str() != Some("https");
        let mut checked = self.empty();
        for &address in found.iter() {
            let ip = address.ip();
            if !self.allows_private && !is_public(ip) {
                return Err(Error::Other(Box::new(PrivateAddress)));
            }
            if is_plain && !ip.is_loopback() {
                return Err(Error::Other(Box::new(PlainAddress)));
            }
            checked.push(address);
        }
        if checked.is_empty() { Err(Error::HostNotFound) } else { Ok(checked) }
    }
}
