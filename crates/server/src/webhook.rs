//! Webhooks: what happened is posted to the application, signed as the Standard Webhooks specification has it.

mod add;
mod address;
mod client;
mod secret;
mod signature;

pub use add::{AddWebhookError, AddedWebhook, add_webhook};
pub use address::UnusableAddress;
pub(crate) use address::host_of;
pub(crate) use client::{Delivery, Undelivered, WebhookClient};
pub use secret::WebhookSecret;
pub(crate) use signature::sign;
