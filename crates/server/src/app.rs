use std::sync::Arc;

use bookferry_store::Store;
use bookferry_sync::digest::CALLS_EVERY_MINUTES;
use bookferry_sync::visit::Lease;
use jiff::SignedDuration;
use tokio::sync::Semaphore;

use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::ui::{Live, Throttle, Underway};
use crate::webhook::WebhookClient;
use crate::{Clock, EntropySource, MetricsReaders};

/// What every request handler shares. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    parts: Arc<Parts>,
    visit_lease: Lease,
    calls_every: SignedDuration,
    metrics_readers: MetricsReaders,
    webhook_client: WebhookClient,
    mailer: Option<Mailer>,
}

#[derive(Debug)]
struct Parts {
    store: Store,
    clock: Clock,
    entropy: EntropySource,
    public_url: String,
    hashing: Semaphore,
    throttle: Throttle,
    live: Live,
    underway: Underway,
    metrics: Metrics,
}

/// Password hashes at the same time. Each takes 19 MiB, so that a flood of sign-ins cannot take the memory.
const PASSWORD_HASHES_MAX: usize = 2;

impl App {
    /// `public_url` is where people and the Web Connector find the server, without a slash at its end.
    pub fn new(store: Store, clock: Clock, entropy: EntropySource, public_url: &str) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        let hashing = Semaphore::new(PASSWORD_HASHES_MAX);
        let (throttle, live, underway, metrics) = Default::default();
        let parts = Parts { store, clock, entropy, public_url, hashing, throttle, live, underway, metrics };
        Self {
            parts: Arc::new(parts),
            visit_lease: Lease::default(),
            calls_every: SignedDuration::from_mins(i64::from(CALLS_EVERY_MINUTES)),
            metrics_readers: MetricsReaders::default(),
            webhook_client: WebhookClient::new(false),
            mailer: None,
        }
    }

    /// Takes dead visits over after this lease instead of the usual one.
    pub fn with_visit_lease(mut self, visit_lease: Lease) -> Self {
        self.visit_lease = visit_lease;
        self
    }

    /// Expects Web Connectors to call so often, and not as a `.qwc` file tells them to.
    pub const fn with_calls_every(mut self, calls_every: SignedDuration) -> Self {
        self.calls_every = calls_every;
        self
    }

    /// Lets others read `/metrics` than callers on the same machine.
    pub const fn with_metrics_readers(mut self, readers: MetricsReaders) -> Self {
        self.metrics_readers = readers;
        self
    }

    /// Lets webhooks go to addresses of this machine, by http too, and of the network that it stands in.
    pub fn with_private_webhooks(mut self) -> Self {
        self.webhook_client = WebhookClient::new(true);
        self
    }

    /// Tells people by e-mail what waits, as far as they want it.
    pub fn with_mailer(mut self, mailer: Mailer) -> Self {
        self.mailer = Some(mailer);
        self
    }

    pub fn store(&self) -> &Store {
        &self.parts.store
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.parts.clock
    }

    pub(crate) fn entropy(&self) -> &EntropySource {
        &self.parts.entropy
    }

    pub(crate) fn public_url(&self) -> &str {
        &self.parts.public_url
    }

    pub(crate) const fn visit_lease(&self) -> Lease {
        self.visit_lease
    }

    /// The pause between the calls of a Web Connector that is left alone.
    pub(crate) const fn calls_every(&self) -> SignedDuration {
        self.calls_every
    }

    pub(crate) const fn webhook_client(&self) -> &WebhookClient {
        &self.webhook_client
    }

    /// None where no mail server is known.
    pub(crate) const fn mailer(&self) -> Option<&Mailer> {
        self.mailer.as_ref()
    }

    /// Held while a password is hashed or verified.
    pub(crate) fn hashing(&self) -> &Semaphore {
        &self.parts.hashing
    }

    /// Slows down who guesses passwords at the sign-in page.
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.parts.throttle
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.parts.metrics
    }

    pub(crate) const fn metrics_readers(&self) -> MetricsReaders {
        self.metrics_readers
    }

    /// The pages that listen for news.
    pub(crate) fn live(&self) -> &Live {
        &self.parts.live
    }

    /// The moves of very many records that are going on.
    pub(crate) fn underway(&self) -> &Underway {
        &self.parts.underway
    }
}
