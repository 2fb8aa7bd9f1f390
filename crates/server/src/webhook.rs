//! Webhooks: what happened is posted to the application, signed as the Standard Webhooks specification has it.

mod address;
mod client;
mod secret;
mod signature;

pub(crate) use address::host_of;
pub use address::{UnusableAddress, check_address};
pub(crate) use client::{Delivery, Undelivered, WebhookClient};
pub use secret::WebhookSecret;
pub(crate) use signature::sign;
