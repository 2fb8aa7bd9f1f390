//! What waits for a person, by cause, with the buttons that mend it.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{Html, Redirect};
use bookferry_qbxml::status::{Severity, Status as QbStatus, explain};
use bookferry_store::{AttentionGroup, RecordFilter, RecordLine, Selection, Sort, SortBy, Store};
use bookferry_sync::cause::Cause;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::{Attention, State as Standing, Status};
use jiff::Timestamp;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::frame::{Frame, Section};
use super::mappings::named_list;
use super::moment::Ago;
use super::money::{counted, sum};
use super::moves::bulk_move;
use super::notice::{Notice, nothing_selected, told};
use super::page_error::PageError;
use super::row::{Row, rows};
use crate::App;

/// Rows shown of each cause; the buttons reach the others too.
const ROWS_MAX: u32 = 50;
const LINES_MAX: u32 = 1_000;

#[derive(Template)]
#[template(path = "attention.html")]
struct AttentionPage {
    frame: Frame,
    notice: Option<Notice>,
    causes: Vec<CauseGroup>,
    total: String,
    seen_until: i64,
}

struct CauseGroup {
    attention: String,
    cause_code: String,
    title: String,
    why: String,
    who: &'static str,
    /// "QuickBooks code 3140", or a word of ours.
    code: String,
    records: String,
    sum: String,
    oldest: Ago,
    rows: Vec<Row>,
    /// "312 more like these", where not all are shown.
    more: Option<String>,
    deeds: &'static [Deed],
}

impl CauseGroup {
    /// The list in which a name lacks its entry: what it stands for can be said under Mappings.
    fn unmapped_list(&self) -> Option<&'static str> {
        let of = |ending| self.cause_code.strip_suffix(ending).and_then(named_list).map(ListKind::as_str);
        ["_missing", "_mapping_gone", "_inactive"].into_iter().find_map(of)
    }

    fn is_unconfirmed(&self) -> bool {
        self.attention == "unconfirmed"
    }
}

/// A button.
#[derive(Debug, PartialEq, Eq)]
struct Deed {
    word: &'static str,
    label: &'static str,
}

const RETRY: Deed = Deed { word: "retry", label: "Retry" };
const SEND: Deed = Deed { word: "send_change", label: "Send the change" };
const KEEP: Deed = Deed { word: "keep_quickbooks", label: "Keep QuickBooks’ version" };
const EXCLUDE: Deed = Deed { word: "exclude", label: "Do not send" };

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let frame = Frame::load(&app, &desk, Section::NeedsAttention).await?;
    let groups = app.store().attention_groups(desk.company_id()).await?;
    let mut causes = Vec::with_capacity(groups.len());
    for group in groups {
        let lines = lines_of(app.store(), desk.company_id(), &group.attention, group.cause_code.as_deref()).await?;
        causes.push(cause_group(app.store(), desk.company_id(), group, &lines, frame.now).await?);
    }
    let waiting = frame.summary.of_status(Status::NeedsAttention);
    let page = AttentionPage {
        notice: Notice::read(query.as_deref().unwrap_or("")),
        total: format!(
            "{} for somebody · {}",
            counted(waiting.count, "record waits", "records wait"),
            sum(waiting.sum_e5)
        ),
        seen_until: frame.now.as_microsecond(),
        causes,
        frame,
    };
    Ok(Html(page.render()?))
}

pub(super) async fn act(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let path = desk.path("attention");
    let deed = form.get("deed").unwrap_or("");
    let bulk = bulk_move(deed).ok_or(PageError::Unreadable)?;
    let Some((selection, count)) = selected(app.store(), desk.company_id(), &form).await? else {
        return Ok(Redirect::to(&format!("{path}?{}", nothing_selected(""))));
    };
    let now = app.clock().now();
    let moved = app.store().move_records(desk.company_id(), &selection, bulk, &desk.actor(), now).await?;
    let told = told("", deed, moved, count.saturating_sub(moved), None);
    Ok(Redirect::to(&format!("{path}?{told}")))
}

/// The ticked records, or all of the cause; with how many they are.
async fn selected(store: &Store, company: CompanyId, form: &Form) -> Result<Option<(Selection, u64)>, PageError> {
    let ids = if form.get("everything").is_some() {
        let cause_code = form.get("cause_code").filter(|code| !code.is_empty());
        if let Some(cause_code) = cause_code {
            let filter = RecordFilter { cause_code: Some(cause_code.to_owned()), ..waiting() };
            let seen_until = form.get("seen_until").and_then(|micros| micros.parse().ok());
            let seen_until = seen_until.and_then(|micros| Timestamp::from_microsecond(micros).ok());
            let seen_until = Some(seen_until.ok_or(PageError::Unreadable)?);
            let count = store.totals(company, &filter).await?.iter().map(|(_, total)| total.count).sum();
            return Ok(Some((Selection::Matching { filter, except: Vec::new(), seen_until }, count)));
        }
        let lines = lines_of(store, company, form.get("attention").unwrap_or(""), None).await?;
        lines.iter().map(|line| line.id).collect()
    } else {
        form.all("id").filter_map(|id| id.parse().ok()).collect::<Vec<RecordId>>()
    };
    let count = u64::try_from(ids.len()).unwrap_or(u64::MAX);
    Ok((count > 0).then_some((Selection::Ids(ids), count)))
}

fn waiting() -> RecordFilter {
    RecordFilter { statuses: vec![Status::NeedsAttention], ..RecordFilter::default() }
}

/// Records that wait for one reason, oldest first.
async fn lines_of(
    store: &Store,
    company: CompanyId,
    attention: &str,
    cause_code: Option<&str>,
) -> Result<Vec<RecordLine>, PageError> {
    let filter = RecordFilter { cause_code: cause_code.map(str::to_owned), ..waiting() };
    let sort = Sort { by: SortBy::Changed, ascending: true };
    let mut lines = store.records(company, &filter, sort, None, LINES_MAX).await?.lines;
    lines.retain(|line| word_of(line) == Some(attention));
    Ok(lines)
}

async fn cause_group(
    store: &Store,
    company: CompanyId,
    group: AttentionGroup,
    lines: &[RecordLine],
    now: Timestamp,
) -> Result<CauseGroup, PageError> {
    let (shown, _) = lines.split_at(lines.len().min(usize::try_from(ROWS_MAX).unwrap_or(usize::MAX)));
    let (title, why) = sentences(&group, lines);
    let mut rows = rows(store, company, shown, now).await?;
    if is_said_of_all(&group, lines) {
        for (row, line) in rows.iter_mut().zip(shown) {
            row.note = own_note(line);
        }
    }
    let more = group.total.count.saturating_sub(u64::try_from(shown.len()).unwrap_or(u64::MAX));
    Ok(CauseGroup {
        title,
        why,
        who: who(&group),
        code: group.cause_code.as_deref().map(told_code).unwrap_or_default(),
        records: counted(group.total.count, "record", "records"),
        sum: sum(group.total.sum_e5),
        oldest: Ago { at: group.oldest, now },
        rows,
        more: (more > 0).then(|| counted(more, "more like this", "more like these")),
        deeds: deeds(&group.attention),
        attention: group.attention,
        cause_code: group.cause_code.unwrap_or_default(),
    })
}

/// The heading and what stands below it. What is said of one record is not said of all of them.
fn sentences(group: &AttentionGroup, lines: &[RecordLine]) -> (String, String) {
    match group.attention.as_str() {
        "updated" => {
            return (
                "Changed in your application after they were sent".to_owned(),
                "QuickBooks still has what was sent. Make the change there by hand, then keep QuickBooks’ version."
                    .to_owned(),
            );
        }
        "voided" => {
            return (
                "Voided in your application after they were sent".to_owned(),
                "QuickBooks still has them. Void them there by hand, then keep QuickBooks’ version.".to_owned(),
            );
        }
        _ => {}
    }
    let text = group.cause_text.as_deref().unwrap_or("");
    let is_common = is_said_of_all(group, lines);
    match text.split_once(". ") {
        Some((what, why)) if is_common => (what.to_owned(), why.to_owned()),
        _ if is_common && !text.is_empty() => (text.trim_end_matches('.').to_owned(), String::new()),
        _ => {
            (spelled_out(group.cause_code.as_deref().unwrap_or("")), "Each row says what is wrong with it.".to_owned())
        }
    }
}

/// Whether all records of the group have the same to say.
fn is_said_of_all(group: &AttentionGroup, lines: &[RecordLine]) -> bool {
    lines.iter().all(|line| cause(line).map(|cause| &cause.text) == group.cause_text.as_ref())
}

/// What a row adds to the heading: QuickBooks' own words.
fn own_note(line: &RecordLine) -> String {
    let changed = match attention_of(line) {
        Some(Attention::Error { changed_since: true, .. }) => "Changed since. ",
        _ => "",
    };
    // The detail of a cause of ours is the place of a field.
    let said = cause(line).map(|cause| cause.detail.as_str()).filter(|detail| !detail.starts_with('/')).unwrap_or("");
    format!("{changed}{said}")
}

/// `number_too_long` becomes "Number too long".
fn spelled_out(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut characters = words.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => "They need attention".to_owned(),
    }
}

fn told_code(code: &str) -> String {
    match code.strip_prefix("qb_") {
        Some(number) => format!("QuickBooks code {number}"),
        None => code.to_owned(),
    }
}

fn who(group: &AttentionGroup) -> &'static str {
    let code = group.cause_code.as_deref().and_then(|code| code.strip_prefix("qb_")?.parse::<i64>().ok());
    match code.map(|code| explain(&QbStatus { code, severity: Severity::Error, message: String::new() }).who.as_str()) {
        None | Some("bookkeeper" | "nobody") => "You can mend this",
        Some("operator") => "Whoever runs the server",
        Some("QuickBooks administrator") => "The QuickBooks administrator",
        Some(_) => "Your application’s developer",
    }
}

/// Only what the state machine allows, and what can be carried. What is unconfirmed is decided record by record, after a
/// look into QuickBooks: a wrong word here would post it twice.
fn deeds(attention: &str) -> &'static [Deed] {
    match attention {
        "error" => &[RETRY, EXCLUDE],
        "updated" | "voided" => &[SEND, KEEP, EXCLUDE],
        "differs" => &[KEEP, SEND],
        _ => &[],
    }
}

fn word_of(line: &RecordLine) -> Option<&'static str> {
    attention_of(line).map(|attention| match attention {
        Attention::Error { .. } => "error",
        Attention::Unconfirmed { .. } => "unconfirmed",
        Attention::Updated { voided: false, .. } => "updated",
        Attention::Updated { voided: true, .. } => "voided",
        Attention::Differs { .. } => "differs",
    })
}

fn cause(line: &RecordLine) -> Option<&Cause> {
    attention_of(line).and_then(|attention| match attention {
        Attention::Error { cause, .. } | Attention::Unconfirmed { cause, .. } | Attention::Differs { cause, .. } => {
            Some(cause)
        }
        Attention::Updated { .. } => None,
    })
}

const fn attention_of(line: &RecordLine) -> Option<&Attention> {
    match &line.state {
        Standing::NeedsAttention(attention) => Some(attention),
        Standing::HeldBack
        | Standing::Unsent
        | Standing::ReadyToSync(_)
        | Standing::Sending { .. }
        | Standing::Unconfirmed { .. }
        | Standing::Submitted(_)
        | Standing::Excluded { .. } => None,
    }
}
