use bookferry_store::{Actor, Error as StoreError, NewWebhook, Store, WEBHOOKS_MAX};
use bookferry_sync::id::{CompanyId, WebhookId};
use jiff::Timestamp;

use super::address::{UnusableAddress, check_address};
use super::secret::WebhookSecret;
use crate::EntropySource;

/// A webhook that was just added; nothing tells its secret again.
#[derive(Debug)]
pub struct AddedWebhook {
    pub id: WebhookId,
    /// The address as it is kept.
    pub url: String,
    pub secret: WebhookSecret,
}

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum AddWebhookError {
    #[error(transparent)]
    Address(#[from] UnusableAddress),
    #[error("the company has {WEBHOOKS_MAX} webhooks, which is as many as there can be")]
    Many,
    #[error("the company has a webhook at this address already")]
    Taken,
    #[error("the webhook could not be kept")]
    Store(#[source] StoreError),
}

/// Has what happens to the company's records from now on posted to `address`.
pub async fn add_webhook(
    store: &Store,
    entropy: &EntropySource,
    company_id: CompanyId,
    address: &str,
    actor: &Actor,
    now: Timestamp,
) -> Result<AddedWebhook, AddWebhookError> {
    let url = check_address(address)?;
    let (id, secret) = (WebhookId::new(now, &entropy.id()), WebhookSecret::generate(entropy));
    let new = NewWebhook { id, company_id, url: &url, secret: secret.bytes() };
    match store.add_webhook(&new, actor, now).await {
        Ok(true) => Ok(AddedWebhook { id, url, secret }),
        Ok(false) => Err(AddWebhookError::Many),
        Err(StoreError::Exists { .. }) => Err(AddWebhookError::Taken),
        Err(error) => Err(AddWebhookError::Store(error)),
    }
}
