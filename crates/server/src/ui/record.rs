//! One record: what it says, what QuickBooks would say to it, and everything that happened to it.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, Redirect};
use bookferry_qbxml::value::TxnId;
use bookferry_store::{Cared, Error as StoreError, HistoryLine, Looked, Mended, RecordContent, RecordView};
use bookferry_sync::cause::{Entry, Remedy, explain};
use bookferry_sync::id::RecordId;
use bookferry_sync::preflight::Severity;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Attention, Event, Posted, State as SubmissionState, Status};
use bookferry_sync::submission_row::StateRow;

use super::attention::{remedies, who, written};
use super::dependency::Dependencies;
use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::frame::{Frame, Section};
use super::moment::{Ago, Day, today};
use super::money;
use super::notice::{Notice, nothing_done, told};
use super::page_error::PageError;
use super::record_past::{AttemptRow, HistoryRow, RevisionRow};
use super::row::{Mark, Row, name, rows};
use super::three_columns::ThreeColumns;
use crate::App;
use crate::preflight::findings_of;

/// Invoices of a payment that are looked up for their links.
const LINKED_MAX: usize = 50;

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    frame: Frame,
    notice: Option<Notice>,
    row: Row,
    external_id: String,
    version: i64,
    content: Content,
    voided: bool,
    day: Day,
    due: Option<Day>,
    created: Ago,
    posted: Option<Posted>,
    /// Whether a new revision would first have to be carried across.
    is_behind: bool,
    /// What the application did to it after somebody released it.
    changed_since: Option<String>,
    findings: Vec<Warning>,
    applied: Vec<Applied>,
    /// Each with its word, its label, and what it will do where that is not in its label.
    deeds: Vec<(&'static str, &'static str, Option<&'static str>)>,
    may_be_there: bool,
    /// What is known about the cause it waits for.
    about: Option<About>,
    /// Buttons that lead to a page of their own.
    remedies: Vec<Remedy>,
    undo: Option<Undo>,
    columns: Option<ThreeColumns>,
    tree: Option<Dependencies>,
    care: Cared,
    /// What was said of its being in QuickBooks, and what a visit found.
    looked: Option<Looked>,
    attempts: Vec<AttemptRow>,
    revisions: Vec<RevisionRow>,
    history: Vec<HistoryRow>,
}

/// A cause in the words of the catalogue.
struct About {
    title: String,
    why: String,
    who: &'static str,
}

/// The last mending, while it can be taken back.
struct Undo {
    label: String,
    actor: String,
    at: i64,
}

struct Warning {
    what: &'static str,
    message: String,
    is_refusal: bool,
}

/// The other end of a payment for an invoice.
struct Applied {
    /// "invoice 1042"
    name: String,
    id: Option<RecordId>,
    amount: String,
    status: Option<Mark>,
}

pub(super) async fn show(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let id = record_id(&names)?;
    let view = app.store().record(desk.company_id(), id).await?.ok_or(PageError::NotFound)?;
    let frame = Frame::load(&app, &desk, Section::Submissions).await?;
    let applied = applied(&app, &desk, &view.record).await?;
    let findings = warnings(&app, &desk, &view.record).await?;
    let row = rows(app.store(), desk.company_id(), std::slice::from_ref(&view.record.line), frame.now).await?.pop();
    let undo = app.store().last_mending(desk.company_id(), id).await?.map(Undo::of);
    let columns = ThreeColumns::of(&app, &desk, &view).await?;
    let tree = Dependencies::of(&app, &desk, &view.record).await?;
    let care = app.store().cared(desk.company_id(), &[id], frame.now).await?.remove(&id).unwrap_or_default();
    let looked = app.store().looked(desk.company_id(), id).await?;
    let page = RecordPage {
        undo,
        columns,
        tree,
        care,
        looked,
        notice: Notice::read(query.as_deref().unwrap_or("")),
        ..page(frame, view, row.ok_or(PageError::NotFound)?, applied, findings)
    };
    Ok(Html(page.render()?))
}

/// Moves the record, unless somebody changed it since the page was made.
pub(super) async fn act(
    State(app): State<App>,
    Path(names): Path<HashMap<String, String>>,
    form: DeskForm,
) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let id = record_id(&names)?;
    let path = desk.path(&format!("records/{id}"));
    let back = |query: String| Ok(Redirect::to(&format!("{path}?{query}")));
    let view = app.store().record(desk.company_id(), id).await?.ok_or(PageError::NotFound)?;
    let deed = form.get("deed").unwrap_or("");
    let Some(event) = event(deed, &form, view.record.line.revision)? else { return back(nothing_done("no_txn_id")) };
    let version = form.get("version").and_then(|version| version.parse().ok()).ok_or(PageError::Unreadable)?;
    let now = app.clock().now();
    match app.store().apply_event(desk.company_id(), id, event, Some(version), &desk.actor(), now).await {
        Ok(_) => back(told("", deed, 1, 0, None)),
        Err(StoreError::Stale { .. }) => back(nothing_done("stale")),
        Err(StoreError::Conflict { .. }) => back(nothing_done("not_possible")),
        Err(error) => Err(error.into()),
    }
}

fn record_id(names: &HashMap<String, String>) -> Result<RecordId, PageError> {
    names.get("record").and_then(|id| id.parse().ok()).ok_or(PageError::NotFound)
}

/// `None` where the TxnID is missing or no TxnID.
fn event(deed: &str, form: &Form, revision: i64) -> Result<Option<Event>, PageError> {
    if deed != "already_in_quickbooks" {
        return simple_events()
            .into_iter()
            .find(|(word, ..)| *word == deed)
            .map(|(_, _, event)| Some(event))
            .ok_or(PageError::Unreadable);
    }
    let txn_id = TxnId::new(form.get("txn_id").unwrap_or("").trim()).ok().filter(|id| !id.as_str().is_empty());
    Ok(txn_id.map(|id| {
        // A change to it would first have to ask QuickBooks for the EditSequence.
        Event::AlreadyInQuickBooks(Posted { txn_id: id.to_string(), edit_sequence: String::new(), revision })
    }))
}

/// What a person can do with one press: word, label, event.
fn simple_events() -> [(&'static str, &'static str, Event); 9] {
    [
        ("ready", "Mark Ready to Sync", Event::MarkReady),
        ("retry", "Retry", Event::Retry),
        ("not_in_quickbooks", "Not in QuickBooks: send again", Event::NotInQuickBooks),
        ("send_change", "Send the change", Event::SendChange),
        ("keep_quickbooks", "Keep QuickBooks’ version", Event::KeepQuickBooks),
        ("unsent", "Mark Unsent", Event::MarkUnsent),
        ("include", "Include", Event::Include),
        ("add_older", "Add to the queue", Event::AddOlder),
        ("exclude", "Do not send", Event::Exclude),
    ]
}

/// The invoices that a payment goes to, or the payments that go to an invoice.
async fn applied(app: &App, desk: &Desk, record: &RecordContent) -> Result<Vec<Applied>, PageError> {
    let company = desk.company_id();
    let mut applied = Vec::new();
    if record.line.kind == RecordKind::Invoice {
        for payment in app.store().payments_of(company, &record.line.external_id).await? {
            applied.push(Applied {
                name: format!("payment {}", payment.number),
                id: Some(payment.id),
                amount: money::amount(payment.amount_e5),
                status: Some(Mark(payment.status)),
            });
        }
    }
    for (index, part) in record.content.applied_to().iter().enumerate() {
        let invoice = if index < LINKED_MAX {
            app.store().record_by_external_id(company, RecordKind::Invoice, &part.invoice).await?
        } else {
            None
        };
        applied.push(Applied {
            name: invoice.as_ref().map_or_else(|| format!("invoice {}", part.invoice), |invoice| name(&invoice.line)),
            id: invoice.as_ref().map(|invoice| invoice.line.id),
            amount: money::amount(part.amount.e5()),
            status: invoice.map(|invoice| Mark(invoice.line.state.status())),
        });
    }
    Ok(applied)
}

fn page(frame: Frame, view: RecordView, row: Row, applied: Vec<Applied>, findings: Vec<Warning>) -> RecordPage {
    let RecordView { record, revisions, attempts, history } = view;
    let now = frame.now;
    let state = &record.line.state;
    let is_allowed = |event: Event| state.clone().apply(event).is_ok();
    let unknown = Posted { txn_id: String::new(), edit_sequence: String::new(), revision: 0 };
    RecordPage {
        notice: None,
        deeds: simple_events()
            .into_iter()
            .filter(|(_, _, event)| is_allowed(event.clone()))
            .map(|(word, label, _)| (word, label, word.parse().ok().map(Remedy::preview)))
            .collect(),
        may_be_there: is_allowed(Event::AlreadyInQuickBooks(unknown)),
        about: entry_of(state).as_ref().map(About::of),
        remedies: remedies_of(state),
        undo: None,
        columns: None,
        tree: None,
        care: Cared::default(),
        looked: None,
        changed_since: changed_since(state, &history),
        findings,
        day: Day { date: record.content.date(), today: today(now) },
        due: match &record.content {
            Content::Invoice(invoice) => invoice.due_date.map(|date| Day { date, today: today(now) }),
            Content::Payment(_) => None,
        },
        created: Ago { at: record.line.created_at, now },
        is_behind: state.posted().is_some_and(|posted| posted.revision < record.line.revision),
        posted: state.posted().cloned(),
        external_id: record.line.external_id.clone(),
        version: record.line.version,
        voided: record.voided,
        attempts: attempts.into_iter().map(|attempt| AttemptRow::of(attempt, &frame)).collect(),
        revisions: RevisionRow::all(&revisions, &frame),
        history: history.iter().map(|line| HistoryRow::of(line, &frame)).collect(),
        content: record.content,
        row,
        applied,
        frame,
    }
}

/// What the catalogue says of the cause that a record waits for.
fn entry_of(state: &SubmissionState) -> Option<Entry> {
    let SubmissionState::NeedsAttention(attention) = state else { return None };
    match attention {
        Attention::Error { cause, .. }
        | Attention::Unconfirmed { cause, .. }
        | Attention::Differs { cause, .. }
        | Attention::Gone { cause, .. } => explain(&cause.code, &cause.detail),
        Attention::Updated { voided, .. } => explain(if *voided { "voided" } else { "updated" }, ""),
    }
}

/// The buttons beside those that act at once: what the cause calls for, and corrections for what has not left yet.
fn remedies_of(state: &SubmissionState) -> Vec<Remedy> {
    let mut remedies: Vec<Remedy> = match state {
        SubmissionState::NeedsAttention(attention) => {
            let word = StateRow::from(state).attention.unwrap_or_default();
            let mut remedies = remedies(&word, entry_of(state).as_ref());
            remedies.extend([Remedy::Snooze, Remedy::Assign]);
            let is_correctable = !matches!(
                attention,
                Attention::Unconfirmed { .. } | Attention::Updated { voided: true, .. } | Attention::Gone { .. }
            );
            if is_correctable && !remedies.contains(&Remedy::Correct) {
                remedies.push(Remedy::Correct);
            }
            remedies
        }
        SubmissionState::HeldBack | SubmissionState::Unsent | SubmissionState::ReadyToSync(_) => vec![Remedy::Correct],
        SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Submitted(_)
        | SubmissionState::Excluded { .. } => Vec::new(),
    };
    remedies.push(Remedy::Comment);
    // Those have a place of their own on this page.
    remedies.retain(|remedy| remedy.asks_first() && !matches!(remedy, Remedy::Exclude | Remedy::AlreadyInQuickBooks));
    remedies
}

/// The newest change after the release that a record waits by, as its history tells it.
fn changed_since(state: &SubmissionState, history: &[HistoryLine]) -> Option<String> {
    let ready = Status::ReadyToSync.as_str();
    let since = history.iter().take_while(|line| line.from_status.as_deref() == Some(ready) && line.to_status == ready);
    let mut changes = since.filter(|line| line.event == Event::Revised.name());
    changes.next().filter(|_| state.status() == Status::ReadyToSync)?.reason.clone()
}

/// What QuickBooks would refuse or change; of no interest once it has the record.
async fn warnings(app: &App, desk: &Desk, record: &RecordContent) -> Result<Vec<Warning>, PageError> {
    if record.line.state.posted().is_some() {
        return Ok(Vec::new());
    }
    let findings = findings_of(app, desk.company(), record).await?.into_iter().map(|finding| Warning {
        what: match finding.severity {
            Severity::WillBeRefused => "QuickBooks would refuse this",
            Severity::WillBeChanged => "QuickBooks would change this",
            Severity::Warning => "Look at this first",
            Severity::Note => "Worth knowing",
        },
        message: finding.message,
        is_refusal: finding.severity == Severity::WillBeRefused,
    });
    Ok(findings.collect())
}

impl About {
    fn of(entry: &Entry) -> Self {
        Self {
            title: entry.title.clone().into_owned(),
            why: format!("{} {} {}", entry.why, entry.advice, written(Some(entry))),
            who: who(Some(entry)),
        }
    }
}

impl Undo {
    fn of(mended: Mended) -> Self {
        let remedy = mended.deed.parse::<Remedy>();
        let label = remedy.map_or("Mended", Remedy::label).trim_end_matches('\u{2026}').to_owned();
        Self { label, actor: mended.actor, at: mended.at.as_microsecond() }
    }
}

impl RecordPage {
    /// Whether the catalogue says no less than the note.
    fn is_told(&self) -> bool {
        self.about.as_ref().is_some_and(|about| about.title.trim_end_matches('.') == self.row.note)
    }

    fn kind(&self) -> &'static str {
        match self.content {
            Content::Invoice(_) => "Invoice",
            Content::Payment(_) => "Payment",
        }
    }

    /// On one line, as on an envelope.
    fn address(&self) -> String {
        let Some(address) = &self.content.customer().billing_address else { return String::new() };
        let parts = [
            &address.line1,
            &address.line2,
            &address.line3,
            &address.city,
            &address.state,
            &address.postal_code,
            &address.country,
        ];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Columns that no line fills are left out.
    fn has_class(&self) -> bool {
        matches!(&self.content, Content::Invoice(invoice) if invoice.lines.iter().any(|line| line.class.is_some()))
    }

    fn has_tax(&self) -> bool {
        matches!(&self.content, Content::Invoice(invoice) if invoice.lines.iter().any(|line| line.taxable.is_some()))
    }
}
