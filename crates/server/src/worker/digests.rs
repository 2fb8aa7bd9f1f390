//! Tells people who do not look: what came to wait, whose Web Connector is silent, and where other books came. What is told
//! is written down first; then letters are sent, and webhooks find it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use bookferry_store::{AttentionGroup, Audience, ClaimedLetter, Error};
use bookferry_sync::cause::explain;
use bookferry_sync::digest::{Digest, WaitingCause, silent_after};
use bookferry_sync::id::CompanyId;
use bookferry_sync::notice::Notice;
use jiff::{SignedDuration, Timestamp};
use tokio::time::MissedTickBehavior;

use crate::App;
use crate::mail::{Letter, Mailer, Unsent};

/// How long it takes at most until something is told.
const EVERY: Duration = Duration::from_secs(60);
/// Letters that are sent in one round.
const LETTERS_MAX: u32 = 100;
/// How long a server has for one letter; several times what the mail server may take for its answers.
const LEASE: SignedDuration = SignedDuration::from_mins(10);
/// How long is waited after the mail server was not there; after the last a letter is given up.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(4),
    SignedDuration::from_hours(8),
    SignedDuration::from_hours(12),
];

pub(super) async fn run(app: &App) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = tell_due(app).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "people could not be told; tried again later");
        }
    }
}

/// One round: whatever is to be told now is written down and sent.
pub(super) async fn tell_due(app: &App) -> Result<(), Error> {
    let now = app.clock().now();
    app.store().note_silence(now - silent_after(), now).await?;
    make_digests(app, now).await?;
    if let Some(mailer) = app.mailer() {
        let trouble = "the server stopped while it was being sent; nobody knows whether it arrived";
        app.store().give_abandoned_letters_up(trouble, now).await?;
        for seq in app.store().due_letters(now, LETTERS_MAX).await? {
            send(app, mailer, seq).await?;
        }
    }
    Ok(())
}

async fn make_digests(app: &App, now: Timestamp) -> Result<(), Error> {
    let sends_mail = app.mailer().is_some();
    let mut waiting: HashMap<CompanyId, Option<Digest>> = HashMap::new();
    for audience in app.store().waiting_audiences(sends_mail, now).await? {
        let digest = match waiting.entry(audience.company_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let groups = app.store().attention_groups(audience.company_id, now).await?;
                // Where everything is snoozed, nobody is to be told.
                unknown.insert((!groups.is_empty()).then(|| records_wait(&groups)))
            }
        };
        if let Some(digest) = digest {
            make(app, &audience, digest, now).await?;
        }
    }
    for (audience, notice) in app.store().noticed_audiences(sends_mail).await? {
        let digest = match notice {
            Notice::OtherBooks { books, .. } => Digest::OtherBooks { books },
            Notice::ConnectorSilent { last_heard } => Digest::ConnectorSilent { last_heard },
            Notice::Restored { .. } | Notice::Rebound { .. } | Notice::WebhookOff { .. } | Notice::MailLost { .. } => {
                continue;
            }
        };
        make(app, &audience, &digest, now).await?;
    }
    Ok(())
}

async fn make(app: &App, audience: &Audience, digest: &Digest, now: Timestamp) -> Result<(), Error> {
    if app.store().make_digest(audience, digest, now).await? {
        tracing::info!(company.id = %audience.company_id, kind = digest.kind(), "people are told");
    }
    Ok(())
}

fn records_wait(groups: &[AttentionGroup]) -> Digest {
    let cause = |group: &AttentionGroup| {
        let code = group.cause_code.as_deref().unwrap_or(&group.attention);
        let title = explain(code, "")
            .map_or_else(|| "Another reason".to_owned(), |entry| entry.title.trim_end_matches('.').to_owned());
        WaitingCause { title, records: group.total.count }
    };
    Digest::RecordsWait {
        waiting: groups.iter().map(|group| group.total.count).sum(),
        causes: groups.iter().map(cause).collect(),
    }
}

async fn send(app: &App, mailer: &Mailer, seq: i64) -> Result<(), Error> {
    let now = app.clock().now();
    let Some(claimed) = app.store().claim_letter(seq, now + LEASE, now).await? else { return Ok(()) };
    let letter = letter(&claimed, app.public_url(), now);
    let mailer = mailer.clone();
    let sent = tokio::task::spawn_blocking(move || mailer.send(letter)).await;
    let sent = sent.unwrap_or_else(|_| Err(Unsent::Lost("the server could not write it".to_owned())));
    let now = app.clock().now();
    let tried = usize::try_from(claimed.tries).unwrap_or(usize::MAX).saturating_sub(1);
    match (sent, PAUSES.get(tried)) {
        (Ok(()), _) => app.store().note_letter_sent(&claimed, now).await,
        (Err(Unsent::Later(trouble)), Some(&pause)) => {
            tracing::info!(company.id = %claimed.company_id, trouble, "a letter is sent later");
            app.store().put_letter_off(&claimed, now + pause, &trouble).await
        }
        (Err(Unsent::Later(trouble) | Unsent::Lost(trouble)), _) => {
            tracing::warn!(company.id = %claimed.company_id, trouble, "a letter was given up");
            app.store().give_letter_up(&claimed, &trouble, now).await
        }
    }
}

fn letter(claimed: &ClaimedLetter, public_url: &str, at: Timestamp) -> Letter {
    let ClaimedLetter { seq, company_id, company_name, epoch, email, digest, .. } = claimed;
    let text = format!(
        "{}\n\n{public_url}/companies/{company_id}/{}\n\n--\nBookferry, for {company_name}. How often you are told:\n\
         {public_url}/password#mail\n",
        digest.text(),
        digest.page()
    );
    let subject = digest.subject(company_name).replace(['\r', '\n'], " ");
    Letter { id: format!("bookferry-{company_id}-{epoch}-{seq}"), to: email.clone(), subject, text, at }
}
