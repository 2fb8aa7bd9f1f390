//! What waits for a person, by cause, with the buttons that mend it.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Html;
use bookferry_qbxml::status::{Who, Written};
use bookferry_store::{AttentionGroup, RecordContent, RecordLine, Store, Waiting};
use bookferry_sync::cause::{Cause, Entry, NameTrouble, Remedy, explain};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::submission::{Attention, State as SubmissionState};
use jiff::Timestamp;

use super::desk::Desk;
use super::frame::{Frame, Section};
use super::mend::undoable;
use super::moment::Ago;
use super::money::{counted, sum};
use super::notice::Notice;
use super::page_error::PageError;
use super::row::{Row, rows};
use crate::App;

/// Rows shown of each cause; the buttons reach the others too.
const ROWS_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "attention.html")]
struct AttentionPage {
    frame: Frame,
    notice: Option<Notice>,
    causes: Vec<CauseGroup>,
    total: String,
    seen_until: i64,
    undo: Option<Undo>,
    /// What is out of the way, with the day on which it comes back.
    snoozed: Vec<(Row, String)>,
}

/// What the person mended last.
struct Undo {
    label: String,
    at: i64,
}

struct CauseGroup {
    attention: String,
    cause_code: String,
    title: String,
    why: String,
    who: &'static str,
    /// Whether anything of it may stand in QuickBooks by that errand.
    written: &'static str,
    /// "QuickBooks code 3140", or a word of ours.
    code: String,
    records: String,
    count: u64,
    sum: String,
    sum_e5: i64,
    oldest: Ago,
    rows: Vec<Row>,
    /// "312 more like these", where not all are shown.
    more: Option<String>,
    remedies: Vec<Remedy>,
}

/// What can be done with every record that waits.
const ALWAYS: [Remedy; 3] = [Remedy::Snooze, Remedy::Assign, Remedy::Comment];

impl CauseGroup {
    fn buttons(&self) -> impl Iterator<Item = &Remedy> {
        self.remedies.iter().chain(&ALWAYS)
    }

    /// The list in which a name lacks its entry: what all its names stand for can be said under Mappings.
    fn unmapped_list(&self) -> Option<&'static str> {
        NameTrouble::of_code(&self.cause_code).map(|(list, _)| list.as_str())
    }

    /// What is unconfirmed is decided record by record, after a look into QuickBooks: a wrong word here would post it twice.
    fn is_unconfirmed(&self) -> bool {
        self.attention == "unconfirmed"
    }
}

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let frame = Frame::load(&app, &desk, Section::NeedsAttention).await?;
    let groups = app.store().attention_groups(desk.company_id(), frame.now).await?;
    let waiting: u64 = groups.iter().map(|group| group.total.count).sum();
    let waiting_e5: i64 = groups.iter().map(|group| group.total.sum_e5).sum();
    let mut causes = Vec::with_capacity(groups.len());
    for group in groups {
        let waiting =
            Waiting { attention: group.attention.clone(), cause_code: group.cause_code.clone(), seen_until: frame.now };
        let records = app.store().waiting(desk.company_id(), &waiting, 0, ROWS_MAX).await?;
        let lines: Vec<RecordLine> = records.into_iter().map(|RecordContent { line, .. }| line).collect();
        causes.push(cause_group(app.store(), desk.company_id(), group, &lines, frame.now).await?);
    }
    let undo = undoable(&app, &desk).await?.map(|(remedy, last)| Undo {
        label: format!(
            "{}, {}",
            remedy.label().trim_end_matches('\u{2026}'),
            counted(last.record_count, "record", "records")
        ),
        at: last.at.as_microsecond(),
    });
    let snoozed = app.store().snoozed(desk.company_id(), frame.now, ROWS_MAX).await?;
    let (lines, until): (Vec<RecordLine>, Vec<Timestamp>) = snoozed.into_iter().unzip();
    let snoozed = rows(app.store(), desk.company_id(), &lines, frame.now).await?;
    let until = until.into_iter().map(|until| until.strftime("%Y-%m-%d").to_string());
    let page = AttentionPage {
        snoozed: snoozed.into_iter().zip(until).collect(),
        undo,
        notice: Notice::read(query.as_deref().unwrap_or("")),
        total: format!("{} for somebody · {}", counted(waiting, "record waits", "records wait"), sum(waiting_e5)),
        seen_until: frame.now.as_microsecond(),
        causes,
        frame,
    };
    Ok(Html(page.render()?))
}

async fn cause_group(
    store: &Store,
    company: CompanyId,
    group: AttentionGroup,
    lines: &[RecordLine],
    now: Timestamp,
) -> Result<CauseGroup, PageError> {
    let entry = entry_of(&group, lines);
    let mut rows = rows(store, company, lines, now).await?;
    let ids: Vec<RecordId> = lines.iter().map(|line| line.id).collect();
    let cared = store.cared(company, &ids, now).await?;
    for (row, line) in rows.iter_mut().zip(lines) {
        let assignee = cared.get(&line.id).and_then(|cared| cared.assignee.as_ref());
        let whose = assignee.map(|assignee| format!("{assignee}\u{2019}s business. ")).unwrap_or_default();
        row.note = format!("{whose}{}", own_note(line));
    }
    let more = group.total.count.saturating_sub(u64::try_from(lines.len()).unwrap_or(u64::MAX));
    let text = group.cause_text.as_deref().unwrap_or_default();
    Ok(CauseGroup {
        title: match &entry {
            Some(entry) => entry.title.trim_end_matches('.').to_owned(),
            None => text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.').to_owned(),
        },
        why: entry.as_ref().map(|entry| format!("{} {}", entry.why, entry.advice)).unwrap_or_default(),
        who: who(entry.as_ref()),
        written: written(entry.as_ref()),
        code: group.cause_code.as_deref().map(told_code).unwrap_or_default(),
        records: counted(group.total.count, "record", "records"),
        count: group.total.count,
        sum: sum(group.total.sum_e5),
        sum_e5: group.total.sum_e5,
        oldest: Ago { at: group.oldest, now },
        rows,
        more: (more > 0).then(|| counted(more, "more like this", "more like these")),
        remedies: remedies(&group.attention, entry.as_ref()),
        attention: group.attention,
        cause_code: group.cause_code.unwrap_or_default(),
    })
}

/// What the catalogue says; what the application changed has no cause, and stands there by its own word.
fn entry_of(group: &AttentionGroup, lines: &[RecordLine]) -> Option<Entry> {
    let said = lines.first().and_then(cause).map(|cause| cause.detail.as_str()).unwrap_or_default();
    explain(group.cause_code.as_deref().unwrap_or(&group.attention), said)
}

/// The buttons of a cause that go with what waits.
pub(super) fn remedies(attention: &str, entry: Option<&Entry>) -> Vec<Remedy> {
    let possible = |remedy: &Remedy| match attention {
        "error" => !matches!(remedy, Remedy::SendChange | Remedy::NotInQuickBooks),
        "updated" | "voided" | "differs" => {
            !matches!(remedy, Remedy::Retry | Remedy::Resend | Remedy::NotInQuickBooks | Remedy::AlreadyInQuickBooks)
        }
        "gone" => matches!(remedy, Remedy::KeepQuickBooks | Remedy::Exclude),
        _ => false,
    };
    let mut remedies: Vec<Remedy> =
        entry.map(|entry| entry.remedies.iter().copied().filter(possible).collect()).unwrap_or_default();
    if remedies.is_empty() && attention == "error" {
        remedies = vec![Remedy::Retry, Remedy::Exclude];
    }
    remedies
}

/// What a row adds to the heading: QuickBooks' own words, or what of this record the cause is about.
fn own_note(line: &RecordLine) -> String {
    let changed = match attention_of(line) {
        Some(Attention::Error { changed_since: true, .. }) => "Changed since. ",
        _ => "",
    };
    let said = cause(line).map(|cause| {
        let is_quickbooks_own = cause.code.starts_with("qb_") && !cause.detail.is_empty();
        if is_quickbooks_own { &cause.detail } else { &cause.text }
    });
    format!("{changed}{}", said.map(String::as_str).unwrap_or_default())
}

fn told_code(code: &str) -> String {
    match code.strip_prefix("qb_") {
        Some(number) => format!("QuickBooks code {number}"),
        None => code.to_owned(),
    }
}

pub(super) const fn who(entry: Option<&Entry>) -> &'static str {
    match entry {
        None => "You can mend this",
        Some(entry) => match entry.who {
            Who::Bookkeeper | Who::Nobody => "You can mend this",
            Who::QuickBooksAdministrator => "The QuickBooks administrator",
            Who::Developer => "Your application\u{2019}s developer",
            Who::Operator => "Whoever runs the server",
        },
    }
}

pub(super) const fn written(entry: Option<&Entry>) -> &'static str {
    match entry {
        None => "",
        Some(entry) => match entry.written {
            Written::No => "Nothing was written.",
            Written::Yes => "",
            Written::Unknown => "It may be in QuickBooks.",
        },
    }
}

fn cause(line: &RecordLine) -> Option<&Cause> {
    attention_of(line).and_then(|attention| match attention {
        Attention::Error { cause, .. }
        | Attention::Unconfirmed { cause, .. }
        | Attention::Differs { cause, .. }
        | Attention::Gone { cause, .. } => Some(cause),
        Attention::Updated { .. } => None,
    })
}

const fn attention_of(line: &RecordLine) -> Option<&Attention> {
    match &line.state {
        SubmissionState::NeedsAttention(attention) => Some(attention),
        SubmissionState::HeldBack
        | SubmissionState::Unsent
        | SubmissionState::ReadyToSync(_)
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Submitted(_)
        | SubmissionState::Excluded { .. } => None,
    }
}
