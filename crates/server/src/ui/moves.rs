//! What the buttons above the grid do to the selected records.

use axum::extract::State;
use axum::response::Redirect;
use bookferry_store::{BulkMove, LastMove, PersonsMove, Pulse, RecordFilter, Selection, Store};
use bookferry_sync::id::{CompanyId, PersonId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::notice::{nothing_selected, nothing_to_undo, told};
use super::page_error::PageError;
use super::view::View;
use crate::App;

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
    let noted = undoing(deed).map(|_| (desk.signed_in.person.id, deed));
    let moved = carry_out(&app, &desk, &selected.parts, bulk, noted).await?;
    let left = selected.count.saturating_sub(moved);
    let seen = form.get("pulse").and_then(|pulse| pulse.parse().ok()).filter(|_| left > 0);
    let told = told(&view.query_here(), deed, moved, left, seen.map(|pulse: Pulse| pulse.history_seq));
    Ok(Redirect::to(&format!("{path}?{told}")))
}

/// Moves what is selected, while every page of the company shows how far it is. Returns how many were moved.
pub(super) async fn carry_out(
    app: &App,
    desk: &Desk,
    parts: &[Selection],
    bulk: BulkMove,
    noted: Option<(PersonId, &str)>,
) -> Result<u64, PageError> {
    let (company, actor, at) = (desk.company_id(), desk.actor(), app.clock().now());
    let wanted = PersonsMove { company, parts, bulk, actor: &actor, noted, at };
    let going = app.underway().begin(company, &desk.signed_in.person.email, bulk);
    Ok(app.store().move_for_person(wanted, |moved, of| going.tell(moved, of)).await?)
}

/// Takes the person's last bulk action back, as far as its records are still as it left them.
pub(super) async fn undo(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    let DeskForm { desk, form } = form;
    let view = View::read(form.get("view").unwrap_or(""));
    let told = take_back(&app, &desk, &form, &view.query_here()).await?;
    Ok(Redirect::to(&format!("{}?{told}", desk.path("submissions"))))
}

/// Takes back what the form names, and returns the query of the page that tells it.
pub(super) async fn take_back(app: &App, desk: &Desk, form: &Form, view: &str) -> Result<String, PageError> {
    let (person, company) = (desk.signed_in.person.id, desk.company_id());
    let at = form.get("at").and_then(|at| at.parse::<i64>().ok()).ok_or(PageError::Unreadable)?;
    let last = app.store().last_move(person, company).await?.filter(|last| last.at.as_microsecond() == at);
    let Some((last, (status, bulk))) = last.and_then(|last| undoing(&last.deed).map(|way| (last, way))) else {
        return Ok(nothing_to_undo(view));
    };
    let selection = Selection::MovedAt { status, at: last.at };
    let undone = carry_out(app, desk, &[selection], bulk, None).await?;
    app.store().forget_last_move(person, company).await?;
    let left = last.record_count.saturating_sub(undone);
    Ok(told(view, &format!("undo_{}", last.deed), undone, left, None))
}

/// The person's last bulk action, while anything of it can still be taken back.
pub(super) async fn undoable(app: &App, desk: &Desk) -> Result<Option<LastMove>, PageError> {
    let company = desk.company_id();
    let Some(last) = app.store().last_move(desk.signed_in.person.id, company).await? else { return Ok(None) };
    let Some((status, _)) = undoing(&last.deed) else { return Ok(None) };
    let is_anything_left = app.store().is_anything_moved_at(company, status, last.at).await?;
    Ok(Some(last).filter(|_| is_anything_left))
}

pub(super) fn bulk_move(deed: &str) -> Option<BulkMove> {
    match deed {
        "ready" => Some(BulkMove::MarkReady),
        "unsent" => Some(BulkMove::MarkUnsent),
        "exclude" => Some(BulkMove::Exclude),
        "include" => Some(BulkMove::Include),
        "add_older" => Some(BulkMove::AddOlder),
        "retry" => Some(BulkMove::Retry),
        "send_change" => Some(BulkMove::SendChange),
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
        "add_older" => Some((Status::Unsent, BulkMove::HoldBack)),
        _ => None,
    }
}

/// All that match, or whole groups of it, or single records. "All that match" is what the filter of the page admits
/// now, without what changed or came in since the page was made: nobody releases what they have not seen.
async fn selected(store: &Store, company: CompanyId, form: &Form, view: &View) -> Result<Selected, PageError> {
    let except: Vec<RecordId> = form.all("except").filter_map(|id| id.parse().ok()).collect();
    let seen_until = instant(form, "seen_until");
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
        let shows_all = form.get("page").is_some() || form.all("shown_group").any(|shown| shown == kind.as_str());
        let page = if shows_all { form.get(shown).unwrap_or("") } else { "" };
        ids.extend(form.all(one).chain(page.split(' ')).filter_map(|id| id.parse::<RecordId>().ok()));
    }
    ids.sort_unstable();
    ids.dedup();
    if !ids.is_empty() {
        selected.count += u64::try_from(ids.len()).unwrap_or(u64::MAX);
        let until = instant(form, "shown_until").ok_or(PageError::Unreadable)?;
        selected.parts.push(Selection::Shown { ids, until });
    }
    Ok(selected)
}

/// Of a field in microseconds.
fn instant(form: &Form, name: &str) -> Option<Timestamp> {
    form.get(name).and_then(|micros| micros.parse().ok()).and_then(|micros| Timestamp::from_microsecond(micros).ok())
}
