//! QuickBooks' lists, as far as visits have learnt them.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use serde::Deserialize;

use super::desk::Desk;
use super::frame::{Frame, Section};
use super::money::counted;
use super::page_error::PageError;
use crate::App;

const PAGE_ROWS: u32 = 100;
/// Names that a search looks through.
const SEARCHED_MAX: u32 = 20_000;

#[derive(Deserialize)]
pub(super) struct Wanted {
    list: Option<String>,
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

#[derive(Template)]
#[template(path = "lists.html")]
struct ListsPage {
    frame: Frame,
    lists: Vec<ListTab>,
    list: &'static str,
    q: String,
    entries: Vec<ListEntry>,
    /// The name that the next page begins after.
    next: Option<String>,
    is_first: bool,
    found: Option<String>,
}

struct ListTab {
    word: &'static str,
    label: &'static str,
    is_current: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let list: ListKind = wanted.list.as_deref().and_then(|word| word.parse().ok()).unwrap_or(ListKind::Customer);
    let q = wanted.q.trim();
    let (entries, found) = if q.is_empty() {
        let after = Some(NameKey::of(&wanted.after)).filter(|after| !after.as_str().is_empty());
        (app.store().list_entries(desk.company_id(), list, after.as_ref(), PAGE_ROWS + 1).await?, None)
    } else {
        let mut entries = app.store().list_entries(desk.company_id(), list, None, SEARCHED_MAX).await?;
        let wanted = q.to_lowercase();
        entries.retain(|entry| entry.full_name.to_lowercase().contains(&wanted));
        let found = counted(u64::try_from(entries.len()).unwrap_or(u64::MAX), "name found", "names found");
        (entries, Some(found))
    };
    let mut page = ListsPage {
        frame: Frame::load(&app, &desk, Section::Lists).await?,
        lists: ListKind::ALL.into_iter().map(|kind| tab(kind, list)).collect(),
        list: list.as_str(),
        q: q.to_owned(),
        entries,
        next: None,
        is_first: wanted.after.is_empty(),
        found,
    };
    let shown = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    if page.entries.len() > shown {
        page.entries.truncate(shown);
        page.next = page.entries.last().filter(|_| q.is_empty()).map(|entry| entry.full_name.clone());
    }
    Ok(Html(page.render()?))
}

fn tab(kind: ListKind, current: ListKind) -> ListTab {
    let label = match kind {
        ListKind::Customer => "Customers",
        ListKind::Item => "Items",
        ListKind::Account => "Accounts",
        ListKind::Terms => "Terms",
        ListKind::PaymentMethod => "Payment methods",
        ListKind::SalesTaxCode => "Sales tax codes",
        ListKind::SalesTaxItem => "Sales tax items",
        ListKind::Class => "Classes",
    };
    ListTab { word: kind.as_str(), label, is_current: kind == current }
}
