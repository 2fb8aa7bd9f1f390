//! What the buttons above the grid do to the selected records.

use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::{BulkMove, Cursor, RecordFilter, Selection, Sort, SortBy, Store};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use super::form::{DeskForm, Form};
use super::notice::{UNDO_MAX, nothing_selected, told};
use super::page_error::PageError;
use super::view::View;
use crate::App;

const PAGE_ROWS: u32 = 1_000;

/// What a form selects: each part is moved by a statement of its own, at the same instant.
struct Selected {
    parts: Vec<Selection>,
    count: u64,
}

pub(super) async fn move_selected(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let view = View::read(form.get("view").unwrap_or(""));
    let deed = form.get("deed").unwrap_or("");
    let bulk = bulk_move(deed).ok_or(PageError::Unreadable)?;
    let selected = selected(app.store(), desk.company_id(), &form, &view).await?;
    let path = desk.path("submissions");
    if selected.count == 0 {
        return Ok(Redirect::to(&format!("{path}?{}", nothing_selected(&view.query_here()))));
    }
    let now = app.clock().now();
    let mut moved = 0;
    for part in &selected.parts {
        moved += app.store().move_records(desk.company_id(), part, bulk, &desk.actor(), now).await?;
    }
    let left = selected.count.saturating_sub(moved);
    let told = told(&view.query_here(), deed, moved, left, now.as_microsecond());
    Ok(Redirect::to(&format!("{path}?{told}")))
}

/// Takes a bulk action back, as far as its records are still as it left them.
pub(super) async fn undo(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let view = View::read(form.get("view").unwrap_or(""));
    let deed = form.get("deed").unwrap_or("");
    let at = form.get("at").and_then(|at| at.parse().ok()).and_then(|at| Timestamp::from_microsecond(at).ok());
    let number = form.get("n").and_then(|number| number.parse::<u64>().ok());
    let (Some((status, bulk)), Some(at), Some(number)) = (undoing(deed), at, number) else {
        return Err(PageError::Unreadable);
    };
    let ids = moved_at(app.store(), desk.company_id(), status, at).await?;
    let selection = Selection::Ids(ids);
    let now = app.clock().now();
    let undone = app.store().move_records(desk.company_id(), &selection, bulk, &desk.actor(), now).await?;
    let left = number.saturating_sub(undone);
    let told = told(&view.query_here(), &format!("undo_{deed}"), undone, left, now.as_microsecond());
    Ok(Redirect::to(&format!("{}?{told}", desk.path("submissions"))))
}

pub(super) fn bulk_move(deed: &str) -> Option<BulkMove> {
    match deed {
        "ready" => Some(BulkMove::MarkReady),
        "unsent" => Some(BulkMove::MarkUnsent),
        "exclude" => Some(BulkMove::Exclude),
        "include" => Some(BulkMove::Include),
        "add_older" => Some(BulkMove::AddOlder),
        "retry" => Some(BulkMove::Retry),
        "keep_quickbooks" => Some(BulkMove::KeepQuickBooks),
        _ => None,
    }
}

/// The status that a move led to, and the move that leads back.
fn undoing(deed: &str) -> Option<(Status, BulkMove)> {
    match deed {
        "ready" => Some((Status::ReadyToSync, BulkMove::MarkUnsent)),
        "unsent" => Some((Status::Unsent, BulkMove::MarkReady)),
        "exclude" => Some((Status::Excluded, BulkMove::Include)),
        _ => None,
    }
}

/// All that match, or whole groups of it, or single records. "All that match" is what the filter of the page admits
/// now, without what changed or came in since the page was made: nobody releases what they have not seen.
async fn selected(store: &Store, company: CompanyId, form: &Form, view: &View) -> Result<Selected, PageError> {
    let except: Vec<RecordId> = form.all("except").filter_map(|id| id.parse().ok()).collect();
    let seen_until = form.get("seen_until").and_then(|micros| micros.parse().ok());
    let seen_until = seen_until.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let kinds: Vec<RecordKind> = if form.get("everything").is_some() {
        RecordKind::ALL.to_vec()
    } else {
        form.all("group").filter_map(|kind| kind.parse().ok()).collect()
    };
    let mut selected = Selected { parts: Vec::new(), count: 0 };
    if !kinds.is_empty() {
        if !view.is_usable() || seen_until.is_none() {
            return Err(PageError::Unreadable);
        }
        let filter = RecordFilter { kinds: kinds.clone(), ..view.filter() };
        let totals = store.totals(company, &filter).await?;
        let excepted = u64::try_from(except.len()).unwrap_or(u64::MAX);
        selected.count += totals.iter().map(|(_, total)| total.count).sum::<u64>().saturating_sub(excepted);
        selected.parts.push(Selection::Matching { filter, except, seen_until });
    }
    let mut ids: Vec<RecordId> = Vec::new();
    for kind in RecordKind::ALL.into_iter().filter(|kind| !kinds.contains(kind)) {
        let (one, shown) = match kind {
            RecordKind::Invoice => ("invoice", "shown_invoices"),
            RecordKind::Payment => ("payment", "shown_payments"),
        };
        let page = if form.get("page").is_some() { form.get(shown).unwrap_or("") } else { "" };
        ids.extend(form.all(one).chain(page.split(' ')).filter_map(|id| id.parse::<RecordId>().ok()));
    }
    ids.sort_unstable();
    ids.dedup();
    if !ids.is_empty() {
        selected.count += u64::try_from(ids.len()).unwrap_or(u64::MAX);
        selected.parts.push(Selection::Ids(ids));
    }
    Ok(selected)
}

/// The records that last changed at exactly this instant, which only those of one move have in common.
async fn moved_at(
    store: &Store,
    company: CompanyId,
    status: Status,
    at: Timestamp,
) -> Result<Vec<RecordId>, PageError> {
    let filter = RecordFilter { statuses: vec![status], ..RecordFilter::default() };
    let sort = Sort { by: SortBy::Changed, ascending: false };
    let mut cursor = Cursor::parse(&format!("{}:{}", i64::MAX, at.as_microsecond()), sort.by).ok();
    let mut ids = Vec::new();
    while let Some(after) = cursor {
        let page = store.records(company, &filter, sort, Some(&after), PAGE_ROWS).await?;
        let before = ids.len();
        ids.extend(page.lines.iter().take_while(|line| line.changed_at == at).map(|line| line.id));
        let is_over = ids.len() - before < page.lines.len();
        cursor = page.next.filter(|_| !is_over && u64::try_from(ids.len()).is_ok_and(|found| found < UNDO_MAX));
    }
    Ok(ids)
}
