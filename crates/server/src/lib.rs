//! The server: SOAP for the Web Connector, JSON for the application, pages for people, over one [`App`].
//!
//! This is the edge: here are the clock, the randomness and the sockets; every rule is in `sync`, every statement in
//! `store`. A request is authenticated, turned into one transaction, and answered after the commit. Start with
//! [`App`] and [`router`]; `soap/visit.rs` is the way an invoice takes.

mod api;
mod app;
mod clock;
mod company;
mod entropy;
mod mail;
mod metrics;
mod preflight;
mod problem;
mod secret;
mod serve;
mod slow_body;
mod soap;
mod ui;
mod webhook;
mod worker;

pub use app::App;
pub use clock::Clock;
pub use company::{AddedCompany, add_company};
pub use entropy::EntropySource;
pub use mail::{Mailer, MailerError};
pub use metrics::MetricsReaders;
pub use secret::{PASSWORD_CHARACTERS, Secret, SecretHash, hash_password};
pub use serve::{ServeError, router, serve};
pub use webhook::{AddWebhookError, AddedWebhook, UnusableAddress, WebhookSecret, add_webhook};
pub use worker::{deliver_webhooks, tell_people};
