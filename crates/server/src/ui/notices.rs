//! The strip under the connection: what everybody at a company's pages is told until it is over or somebody took note.

use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::NoticeLine;
use bookferry_sync::company::BooksIdentity;
use bookferry_sync::notice::Notice;
use jiff::Timestamp;

use super::form::DeskForm;
use super::moment::ClockTime;
use super::money::{count, counted};
use super::page_error::PageError;
use crate::App;

/// One notice in words.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) headline: String,
    pub(super) when_label: &'static str,
    pub(super) when: ClockTime,
    pub(super) text: String,
    /// Where something can be done about it, and what that is called.
    pub(super) remedy: Option<Remedy>,
    /// By which it is put away; `None` for one that ends by itself.
    pub(super) seq: Option<i64>,
}

#[derive(Debug)]
pub(super) struct Remedy {
    pub(super) place: &'static str,
    pub(super) label: &'static str,
}

impl Told {
    pub(super) fn of(line: &NoticeLine, is_admin: bool, now: Timestamp) -> Self {
        match &line.notice {
            Notice::OtherBooks { books, why } => Self {
                headline: format!("The Web Connector came with other books: {}.", name(books)),
                when_label: "Last at",
                when: ClockTime { at: line.last_at, now },
                text: other_books(line.times, books, why, is_admin),
                remedy: is_admin.then_some(Remedy { place: "setup#books", label: "Compare the books" }),
                seq: None,
            },
            Notice::Restored { backup_at, held, asked } => Self {
                headline: "A backup was restored.".to_owned(),
                when_label: "It was made at",
                when: ClockTime { at: *backup_at, now },
                text: restored(*held, *asked),
                remedy: review(*held),
                seq: Some(line.seq),
            },
            Notice::Rebound { to, held, unconfirmed, .. } => Self {
                headline: format!("This company goes into other books now: {}.", name(to)),
                when_label: "Since",
                when: ClockTime { at: line.last_at, now },
                text: rebound(*held, *unconfirmed),
                remedy: review(*held),
                seq: Some(line.seq),
            },
            Notice::WebhookOff { host, trouble } => Self {
                headline: format!("Nothing is delivered to {host} any more."),
                when_label: "Since",
                when: ClockTime { at: line.last_at, now },
                text: webhook_off(trouble, is_admin),
                remedy: is_admin.then_some(Remedy { place: "people#webhooks", label: "See the webhook" }),
                seq: None,
            },
            Notice::ConnectorSilent { last_heard } => Self {
                headline: "Records wait, and the Web Connector does not call.".to_owned(),
                when_label: "Last heard at",
                when: ClockTime { at: *last_heard, now },
                text: SILENT.to_owned(),
                remedy: is_admin.then_some(Remedy { place: "setup", label: "See the connection" }),
                seq: None,
            },
            Notice::MailLost { email, trouble } => Self {
                headline: format!("A letter to {email} was not sent."),
                when_label: "Last at",
                when: ClockTime { at: line.last_at, now },
                text: format!(
                    "It is not sent again: {trouble}. What it would have told stands here; whoever runs the server has to \
                     look at its mail settings."
                ),
                remedy: None,
                seq: Some(line.seq),
            },
        }
    }
}

const SILENT: &str = "See whether the computer with QuickBooks is on, and the Web Connector runs with Auto-Run. This ends \
                      by itself when it calls.";

fn webhook_off(trouble: &str, is_admin: bool) -> String {
    let what_to_do = if is_admin {
        "Have it mended, then press Try again; everything that happened meanwhile is delivered then."
    } else {
        "An administrator has to have it mended, and to say so; what happened meanwhile is delivered then."
    };
    format!("The webhook did not take what happened here, for days or for good: {trouble}. {what_to_do}")
}

fn review(held: u64) -> Option<Remedy> {
    (held > 0).then_some(Remedy { place: "submissions?filtered=1&status=unsent", label: "Review what was held" })
}

fn other_books(times: i64, books: &BooksIdentity, why: &str, is_admin: bool) -> String {
    let times = match times {
        1 => String::new(),
        times => format!("It came {} times.", count(u64::try_from(times).unwrap_or(0))),
    };
    let what_to_do = if is_admin {
        "Open the right company file in QuickBooks; or, if these are the right books, bind the company to them."
    } else {
        "Open the right company file in QuickBooks; if these are the right books, an administrator has to say so."
    };
    format!("{times} It was opened from {}. Nothing was sent, since {why}. {what_to_do}", path(books))
        .trim_start()
        .to_owned()
}

fn restored(held: u64, asked: u64) -> String {
    let mut text = "What was handed over since must be handed over again.".to_owned();
    if held > 0 {
        let held = counted(held, "released record is", "released records are");
        text.push_str(&format!(" {held} Unsent again: check, and mark ready what is to go."));
    }
    if asked > 0 {
        let asked = counted(asked, "record", "records");
        text.push_str(&format!(" QuickBooks is asked about {asked} on the way."));
    }
    text.push_str(" Nothing is sent twice: records are looked for in QuickBooks before they are added.");
    text
}

fn rebound(held: u64, unconfirmed: u64) -> String {
    let mut text = "What was submitted before stays in the old books.".to_owned();
    if held > 0 {
        let held = counted(held, "released record is", "released records are");
        text.push_str(&format!(" {held} Unsent again: check, and mark ready what is to go."));
    }
    if unconfirmed > 0 {
        let unconfirmed = counted(unconfirmed, "record was", "records were");
        text.push_str(&format!(" {unconfirmed} on the way to the old books and need attention."));
    }
    text
}

pub(super) fn name(books: &BooksIdentity) -> &str {
    if books.company_name.is_empty() { "a company file that tells no name" } else { &books.company_name }
}

pub(super) fn path(books: &BooksIdentity) -> &str {
    if books.company_file.is_empty() { "a path that was not told" } else { &books.company_file }
}

/// Somebody has taken note.
pub(super) async fn close(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Redirect, PageError> {
    let seq = form.get("notice").and_then(|seq| seq.parse().ok()).ok_or(PageError::Unreadable)?;
    app.store().close_notice(desk.company_id(), seq, &desk.actor(), app.clock().now()).await?;
    Ok(Redirect::to(&desk.path("submissions")))
}
