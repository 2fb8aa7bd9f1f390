//! QuickBooks' lists, as far as visits have learnt them.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use bookferry_store::ListStand;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use jiff::Timestamp;
use serde::Deserialize;

use super::desk::Desk;
use super::form::DeskForm;
use super::frame::{Frame, Section};
use super::moment::Ago;
use super::money::count;
use super::page_error::PageError;
use crate::App;

const PAGE_ROWS: u32 = 100;

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
    stand: Stand,
}

struct ListTab {
    word: &'static str,
    label: &'static str,
    count: String,
    is_current: bool,
}

/// How far the list is read.
struct Stand {
    read_at: Option<Ago>,
    /// What the next visit does about it.
    next: Option<&'static str>,
    trouble: Option<String>,
    is_due: bool,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let list: ListKind = wanted.list.as_deref().and_then(|word| word.parse().ok()).unwrap_or(ListKind::Customer);
    let q = wanted.q.trim();
    let after = Some(NameKey::of(&wanted.after)).filter(|after| !after.as_str().is_empty());
    let entries = app.store().list_entries(desk.company_id(), list, q, after.as_ref(), PAGE_ROWS + 1).await?;
    let now = app.clock().now();
    let stands = app.store().list_stands(desk.company_id(), now).await?;
    let mut page = ListsPage {
        frame: Frame::load(&app, &desk, Section::Lists).await?,
        stand: Stand::of(stands.iter().find(|stand| stand.list == list), now),
        lists: stands.iter().map(|stand| tab(stand, list)).collect(),
        list: list.as_str(),
        q: q.to_owned(),
        entries,
        next: None,
        is_first: wanted.after.is_empty(),
    };
    let shown = usize::try_from(PAGE_ROWS).unwrap_or(usize::MAX);
    if page.entries.len() > shown {
        page.entries.truncate(shown);
        page.next = page.entries.last().map(|entry| entry.full_name.clone());
    }
    Ok(Html(page.render()?))
}

/// Has the next visit read the lists, whenever they were read last.
pub(super) async fn read_again(State(app): State<App>, form: DeskForm) -> Result<Redirect, PageError> {
    app.store().read_lists_again(form.desk.company_id()).await?;
    Ok(Redirect::to(&form.desk.path("lists")))
}

impl Stand {
    fn of(stand: Option<&ListStand>, now: Timestamp) -> Self {
        let read_at = stand.and_then(|stand| stand.read_at);
        let is_due = stand.is_none_or(|stand| stand.is_due);
        let next = match stand.map(|stand| (stand.part, stand.trouble.is_some())) {
            Some((Some(_), _)) => Some("It is being read, a part at a time; the next visit goes on."),
            Some((None, true)) if !is_due => Some("A visit in an hour tries again."),
            _ if is_due => Some("The next visit reads it."),
            _ => None,
        };
        let trouble = stand.and_then(|stand| stand.trouble.clone());
        Self { read_at: read_at.map(|at| Ago { at, now }), next, trouble, is_due }
    }
}

fn tab(stand: &ListStand, current: ListKind) -> ListTab {
    let label = label(stand.list);
    let is_current = stand.list == current;
    ListTab { word: stand.list.as_str(), label, count: count(stand.entry_count), is_current }
}

pub(super) const fn label(list: ListKind) -> &'static str {
    match list {
        ListKind::Customer => "Customers",
        ListKind::Vendor => "Vendors",
        ListKind::Employee => "Employees",
        ListKind::OtherName => "Other names",
        ListKind::Item => "Items",
        ListKind::Account => "Accounts",
        ListKind::Terms => "Terms",
        ListKind::PaymentMethod => "Payment methods",
        ListKind::SalesTaxCode => "Sales tax codes",
        ListKind::SalesTaxItem => "Sales tax items",
        ListKind::Class => "Classes",
        ListKind::Template => "Templates",
    }
}
