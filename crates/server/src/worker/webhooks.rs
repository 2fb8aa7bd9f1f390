//! Delivers events to webhooks: each endpoint in order and by one server at a time, all of them beside one another.

use std::time::Duration;

use bookferry_store::{ClaimedWebhook, Error, Happening, ToldDigest};
use bookferry_sync::id::WebhookId;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use tokio::time::MissedTickBehavior;

use crate::App;
use crate::api::{event_json, notice_json};
use crate::webhook::{Delivery, Undelivered, host_of, sign};

/// How long an event can lie before it is seen.
const EVERY: Duration = Duration::from_secs(2);
/// Endpoints that one server delivers to at the same time.
const AT_ONCE_MAX: u32 = 16;
/// Events that are read from the history at once, and digests.
const AT_ONCE: u32 = 50;
/// After so many the place is written down; what is not is delivered again by whoever comes after a crash.
const NOTED_EVERY: usize = 10;
/// How long a server has an endpoint to itself without a sign of life: several times what a delivery may take.
const LEASE: SignedDuration = SignedDuration::from_secs(180);
/// After that much of it another might think the endpoint free by the time the answer comes.
const LEASE_USED_MAX: SignedDuration = SignedDuration::from_secs(120);
/// How long is waited after each failure in a row; then always the last.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_secs(30),
    SignedDuration::from_mins(2),
    SignedDuration::from_mins(10),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(3),
];
/// An endpoint that took nothing for so long is switched off until somebody says that it works again.
const FAILING_MAX: SignedDuration = SignedDuration::from_hours(72);

/// What is posted at once.
enum Parcel {
    Event(Happening),
    Digest(ToldDigest),
}

impl Parcel {
    /// The place in the history and in the digests once this is taken.
    const fn after(&self, (seq, digest_seq): (i64, i64)) -> (i64, i64) {
        match self {
            Self::Event(event) => (event.line.seq, digest_seq),
            Self::Digest(told) => (seq, told.seq),
        }
    }
}

/// Looks again and again whether something is to be delivered.
pub(super) async fn run(app: &App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut under_way = FuturesUnordered::new();
    loop {
        tokio::select! {
            _ = tick.tick() => {
                let free = AT_ONCE_MAX.saturating_sub(u32::try_from(under_way.len()).unwrap_or(AT_ONCE_MAX));
                match app.store().due_webhooks(app.clock().now(), free).await {
                    Ok(due) => under_way.extend(due.into_iter().map(|webhook| told(app, webhook))),
                    Err(error) => warn(&error),
                }
            }
            Some(()) = under_way.next() => {}
        }
    }
}

/// One round, to its end: delivers whatever is due.
pub(super) async fn deliver_due(app: &App) -> Result<(), Error> {
    for webhook in app.store().due_webhooks(app.clock().now(), AT_ONCE_MAX).await? {
        deliver(app, webhook).await?;
    }
    Ok(())
}

async fn told(app: &App, webhook: WebhookId) {
    if let Err(error) = deliver(app, webhook).await {
        warn(&error);
    }
}

fn warn(error: &Error) {
    tracing::warn!(error = error as &dyn std::error::Error, "events could not be delivered; tried again later");
}

async fn deliver(app: &App, webhook: WebhookId) -> Result<(), Error> {
    let now = app.clock().now();
    let Some(mut claimed) = app.store().claim_webhook(webhook, now + LEASE, now).await? else { return Ok(()) };
    loop {
        let digests = app.store().digests_after(claimed.company_id, claimed.delivered_digest_seq, AT_ONCE).await?;
        let events = app.store().events(claimed.company_id, claimed.delivered_seq, AT_ONCE).await?;
        if digests.is_empty() && events.is_empty() {
            return app.store().release_webhook(&claimed).await;
        }
        let digests = digests.into_iter().map(Parcel::Digest);
        if !deliver_some(app, &mut claimed, digests.chain(events.into_iter().map(Parcel::Event))).await? {
            return Ok(());
        }
    }
}

/// Whether the endpoint took all of them, and is still this server's.
async fn deliver_some(
    app: &App,
    claimed: &mut ClaimedWebhook,
    parcels: impl Iterator<Item = Parcel>,
) -> Result<bool, Error> {
    let mut taken = (claimed.delivered_seq, claimed.delivered_digest_seq);
    for (index, parcel) in parcels.enumerate() {
        let since_noted = claimed.until.duration_until(app.clock().now()) + LEASE;
        let is_to_note = index % NOTED_EVERY == NOTED_EVERY - 1 || since_noted > LEASE_USED_MAX;
        if is_to_note && !note(app, claimed, taken).await? {
            return Ok(false);
        }
        let after = parcel.after(taken);
        match post(app, claimed, parcel).await {
            Ok(()) => taken = after,
            Err(why) => {
                let noted = (claimed.delivered_seq, claimed.delivered_digest_seq);
                let is_ours = taken == noted || note(app, claimed, taken).await?;
                if is_ours {
                    give_up(app, claimed, &why).await?;
                }
                return Ok(false);
            }
        }
    }
    note(app, claimed, taken).await
}

async fn note(app: &App, claimed: &mut ClaimedWebhook, taken: (i64, i64)) -> Result<bool, Error> {
    let now = app.clock().now();
    app.store().note_delivered(claimed, taken, now + LEASE, now).await
}

async fn post(app: &App, claimed: &ClaimedWebhook, parcel: Parcel) -> Result<(), Undelivered> {
    let seconds = app.clock().now().as_second();
    let (id, body) = match parcel {
        Parcel::Event(event) => (format!("evt_{}_{}", claimed.epoch, event.line.seq), event_json(event)),
        Parcel::Digest(told) => {
            let id = format!("ntc_{}_{}", claimed.epoch, told.seq);
            let page = format!("{}/companies/{}/{}", app.public_url(), claimed.company_id, told.digest.page());
            (id.clone(), notice_json(&id, &told, &page))
        }
    };
    let body = body.map_err(|_| Undelivered::Unwritable)?;
    let signature = sign(&claimed.secret, &id, seconds, &body).ok_or(Undelivered::Unwritable)?;
    let (client, url) = (app.webhook_client().clone(), claimed.url.clone());
    let posted = tokio::task::spawn_blocking(move || {
        client.post(&Delivery { url: &url, id: &id, seconds, signature: &signature, body: &body })
    });
    posted.await.unwrap_or(Err(Undelivered::Connection))
}

async fn give_up(app: &App, claimed: &ClaimedWebhook, why: &Undelivered) -> Result<(), Error> {
    let now = app.clock().now();
    let next = next_try(claimed, why, now);
    let trouble = why.to_string();
    tracing::info!(
        company.id = %claimed.company_id, webhook.id = %claimed.id, trouble, is_off = next.is_none(),
        "a webhook's endpoint did not take an event"
    );
    app.store().note_undelivered(claimed, &host_of(&claimed.url), &trouble, next, now).await
}

/// `None` where it is switched off instead.
fn next_try(claimed: &ClaimedWebhook, why: &Undelivered, now: Timestamp) -> Option<Timestamp> {
    let is_over = claimed.failing_since.is_some_and(|since| since.duration_until(now) >= FAILING_MAX);
    if is_over || matches!(why, Undelivered::Gone) {
        return None;
    }
    let failures = usize::try_from(claimed.failure_count).unwrap_or(usize::MAX);
    let [.., longest] = PAUSES;
    Some(now + PAUSES.get(failures).copied().unwrap_or(longest))
}
