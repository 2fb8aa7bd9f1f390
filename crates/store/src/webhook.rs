//! Webhooks: where a company's events are delivered, how far each endpoint has come, and which server is at it.
//!
//! The events are the lines of history; an endpoint has a place in them, as a reader of the API has.

use bookferry_sync::id::{CompanyId, WebhookId};
use bookferry_sync::notice::Notice;
use jiff::Timestamp;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Actor;

/// How many endpoints a company can have.
pub const WEBHOOKS_MAX: u64 = 10;

#[derive(Debug, Clone)]
pub struct NewWebhook<'a> {
    pub id: WebhookId,
    pub company_id: CompanyId,
    pub url: &'a str,
    pub secret: &'a [u8; 32],
}

/// An endpoint as people see it; its secret is not told again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookLine {
    pub id: WebhookId,
    pub url: String,
    pub created_at: Timestamp,
    pub created_by: String,
    pub delivered_at: Option<Timestamp>,
    /// Since when nothing was taken, and what came instead the last time.
    pub failing_since: Option<Timestamp>,
    pub trouble: Option<String>,
    pub due_at: Timestamp,
    pub off_since: Option<Timestamp>,
}

/// An endpoint that one server has to itself until `until`.
#[derive(Clone)]
pub struct ClaimedWebhook {
    pub id: WebhookId,
    pub company_id: CompanyId,
    pub url: String,
    pub secret: Vec<u8>,
    /// The company's epoch: what was delivered before a restore can have had the same numbers.
    pub epoch: i64,
    /// The last event that the endpoint took, and the last digest.
    pub delivered_seq: i64,
    pub delivered_digest_seq: i64,
    pub failing_since: Option<Timestamp>,
    pub failure_count: i64,
    pub until: Timestamp,
}

statements! {
    INSERT = both("webhook.insert",
        "INSERT INTO webhook (id, company_id, url, secret, created_us, created_by, delivered_seq,
             delivered_digest_seq, due_us)
         VALUES ($1, $2, $3, $4, $5, $6,
             (SELECT COALESCE(MAX(seq), 0) FROM history WHERE company_id = $2),
             (SELECT COALESCE(MAX(seq), 0) FROM digest WHERE company_id = $2 AND recipient = ''), $5)");
    COUNT = both("webhook.count", "SELECT COUNT(*) AS webhooks FROM webhook WHERE company_id = $1");
    OF_COMPANY = both("webhook.of_company",
        "SELECT id, url, created_us, created_by, delivered_us, failing_since_us, trouble, due_us, off_us
         FROM webhook WHERE company_id = $1 ORDER BY created_us, id");
    DELETE = both("webhook.delete", "DELETE FROM webhook WHERE company_id = $1 AND id = $2");
    SWITCH_ON = both("webhook.switch_on",
        "UPDATE webhook SET off_us = NULL, due_us = $3, failing_since_us = NULL, failure_count = 0, trouble = NULL
         WHERE company_id = $1 AND id = $2");
    COUNT_OFF = both("webhook.count_off",
        "SELECT COUNT(*) AS webhooks FROM webhook WHERE company_id = $1 AND off_us IS NOT NULL");
    /// Both what is due and what another server has is skipped before the history is asked, so that idle endpoints cost
    /// one look into an index.
    DUE = both("webhook.due",
        "SELECT w.id FROM webhook AS w
         WHERE w.off_us IS NULL AND w.due_us <= $1 AND (w.claimed_until_us IS NULL OR w.claimed_until_us <= $1)
             AND (EXISTS (SELECT 1 FROM history AS h WHERE h.company_id = w.company_id AND h.seq > w.delivered_seq)
                 OR EXISTS (SELECT 1 FROM digest AS d WHERE d.company_id = w.company_id AND d.recipient = ''
                     AND d.seq > w.delivered_digest_seq))
         ORDER BY w.due_us, w.id LIMIT +$2");
    CLAIM = both("webhook.claim",
        "UPDATE webhook SET claimed_until_us = $2
         WHERE id = $1 AND off_us IS NULL AND due_us <= $3 AND (claimed_until_us IS NULL OR claimed_until_us <= $3)");
    FIND_CLAIMED = both("webhook.find_claimed",
        "SELECT w.id, w.company_id, w.url, w.secret, w.delivered_seq, w.delivered_digest_seq, w.failing_since_us, w.failure_count,
             company.epoch
         FROM webhook AS w JOIN company ON company.id = w.company_id WHERE w.id = $1 AND w.claimed_until_us = $2");
    DELIVERED = both("webhook.delivered",
        "UPDATE webhook SET delivered_seq = $3, delivered_digest_seq = $4, delivered_us = $5, claimed_until_us = $6,
             failing_since_us = NULL, failure_count = 0, trouble = NULL
         WHERE id = $1 AND claimed_until_us = $2");
    RELEASE = both("webhook.release",
        "UPDATE webhook SET claimed_until_us = NULL WHERE id = $1 AND claimed_until_us = $2");
    FAILED = both("webhook.failed",
        "UPDATE webhook SET claimed_until_us = NULL, failing_since_us = COALESCE(failing_since_us, $3),
             failure_count = failure_count + 1, trouble = $4, due_us = $5, off_us = $6
         WHERE id = $1 AND claimed_until_us = $2");
}

impl Store {
    /// Delivers there what happens from now on. `false` if the company has [`WEBHOOKS_MAX`] already;
    /// [`Error::Exists`](crate::Error::Exists) if it has this one.
    pub async fn add_webhook(&self, new: &NewWebhook<'_>, actor: &Actor, now: Timestamp) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        // Everything of one company is written in turn, and the place in its history is that of a moment.
        transaction.lock_company(new.company_id).await?;
        let row = transaction.row(&COUNT, values![new.company_id]).await?;
        if row.map_or(Ok(0), |row| row.count("webhooks"))? >= WEBHOOKS_MAX {
            return Ok(false);
        }
        let values = values![new.id, new.company_id, new.url, new.secret, now, actor.who.as_str()];
        transaction.execute_exactly(1, &INSERT, values).await?;
        transaction.commit("webhook.add").await?;
        Ok(true)
    }

    /// The company's endpoints, oldest first.
    pub async fn webhooks(&self, company: CompanyId) -> Result<Vec<WebhookLine>> {
        self.database.rows(&OF_COMPANY, values![company]).await?.iter().map(WebhookLine::read).collect()
    }

    /// Whether there was such an endpoint. What is on its way there arrives.
    pub async fn remove_webhook(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        let removed = transaction.execute(&DELETE, values![company, webhook]).await?;
        transaction.end_webhook_off(company, actor, now).await?;
        transaction.commit("webhook.remove").await?;
        Ok(removed > 0)
    }

    /// Somebody says that the endpoint works again: it is tried at once. Answers whether there is such an endpoint.
    pub async fn try_webhook_again(
        &self,
        company: CompanyId,
        webhook: WebhookId,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        let switched = transaction.execute(&SWITCH_ON, values![company, webhook, now]).await?;
        transaction.end_webhook_off(company, actor, now).await?;
        transaction.commit("webhook.try_again").await?;
        Ok(switched > 0)
    }

    /// The endpoints that something is to be delivered to and no server is at, those that waited longest first.
    pub async fn due_webhooks(&self, now: Timestamp, limit: u32) -> Result<Vec<WebhookId>> {
        let rows = self.database.rows(&DUE, values![now, i64::from(limit)]).await?;
        rows.iter().map(|row| row.parse("id")).collect()
    }

    /// Takes the endpoint for one server, until then. `None` if another was faster.
    pub async fn claim_webhook(
        &self,
        webhook: WebhookId,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<ClaimedWebhook>> {
        let mut transaction = self.database.begin().await?;
        if transaction.execute(&CLAIM, values![webhook, until, now]).await? == 0 {
            return Ok(None);
        }
        let row = transaction.row(&FIND_CLAIMED, values![webhook, until]).await?;
        let claimed = row.map(|row| ClaimedWebhook::read(&row, until)).transpose()?;
        transaction.commit("webhook.claim").await?;
        Ok(claimed)
    }

    /// The endpoint took everything up to that event and that digest; it stays claimed, until then. `false` if the claim is over.
    pub async fn note_delivered(
        &self,
        claimed: &mut ClaimedWebhook,
        (seq, digest_seq): (i64, i64),
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let values = values![claimed.id, claimed.until, seq, digest_seq, now, until];
        let noted = self.database.execute(&DELIVERED, values).await?;
        if noted > 0 {
            claimed.delivered_seq = seq;
            claimed.delivered_digest_seq = digest_seq;
            claimed.failing_since = None;
            claimed.failure_count = 0;
            claimed.until = until;
        }
        Ok(noted > 0)
    }

    /// Nothing is left to be delivered there.
    pub async fn release_webhook(&self, claimed: &ClaimedWebhook) -> Result<()> {
        self.database.execute(&RELEASE, values![claimed.id, claimed.until]).await.map(drop)
    }

    /// The endpoint did not take the next event. It is tried again at `next`; without one it is switched off, and
    /// everybody is told.
    pub async fn note_undelivered(
        &self,
        claimed: &ClaimedWebhook,
        host: &str,
        trouble: &str,
        next: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        let off = next.is_none().then_some(now);
        let values = values![claimed.id, claimed.until, now, trouble, next.unwrap_or(now), off];
        let noted = transaction.execute(&FAILED, values).await?;
        if noted > 0 && next.is_none() {
            let notice = Notice::WebhookOff { host: host.to_owned(), trouble: trouble.to_owned() };
            transaction.open_notice(claimed.company_id, &notice, now).await?;
        }
        transaction.commit("webhook.failed").await
    }
}

impl Transaction {
    async fn end_webhook_off(&mut self, company: CompanyId, actor: &Actor, now: Timestamp) -> Result<()> {
        let row = self.row(&COUNT_OFF, values![company]).await?;
        if row.map_or(Ok(0), |row| row.count("webhooks"))? == 0 {
            self.close_notices(company, Notice::WEBHOOK_OFF, actor, now).await?;
        }
        Ok(())
    }
}

impl WebhookLine {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            url: row.text("url")?,
            created_at: row.instant("created_us")?,
            created_by: row.text("created_by")?,
            delivered_at: row.optional_instant("delivered_us")?,
            failing_since: row.optional_instant("failing_since_us")?,
            trouble: row.optional_text("trouble")?,
            due_at: row.instant("due_us")?,
            off_since: row.optional_instant("off_us")?,
        })
    }
}

impl ClaimedWebhook {
    fn read(row: &Row, until: Timestamp) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            company_id: row.parse("company_id")?,
            url: row.text("url")?,
            secret: row.blob("secret")?,
            epoch: row.integer("epoch")?,
            delivered_seq: row.integer("delivered_seq")?,
            delivered_digest_seq: row.integer("delivered_digest_seq")?,
            failing_since: row.optional_instant("failing_since_us")?,
            failure_count: row.integer("failure_count")?,
            until,
        })
    }
}

impl std::fmt::Debug for ClaimedWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClaimedWebhook").field("id", &self.id).field("until", &self.until).finish_non_exhaustive()
    }
}
