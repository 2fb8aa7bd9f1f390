//! The names of a cause, with the entries of QuickBooks' lists that they may stand for.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_store::ListStand;
use bookferry_sync::likeness::{Suggester, likely};
use bookferry_sync::list::{ListKind, NameKey};

use super::desk::Desk;
use super::mend::Picked;
use super::page_error::PageError;
use super::remedy_form::names_picked;
use crate::App;

/// Names shown; of a cause with more, the rest is left for the next time.
const NAMES_MAX: usize = 50;
const SUGGESTIONS: usize = 5;

pub(super) struct NameRow {
    pub(super) list: &'static str,
    pub(super) noun: &'static str,
    pub(super) name: String,
    /// The entry that had this name until somebody renamed it there: ListID and name.
    pub(super) renamed: Option<(String, String)>,
    /// Ranked, the likeliest first: ListID, name, and how like it is in percent.
    pub(super) suggestions: Vec<(String, String, u8)>,
    /// The ListID of the one that only differs in how it is written.
    pub(super) likely: String,
    /// Whether QuickBooks' list is known to its end.
    pub(super) is_read: bool,
}

pub(super) async fn names(app: &App, desk: &Desk, picked: &Picked) -> Result<Vec<NameRow>, PageError> {
    let (store, company) = (app.store(), desk.company_id());
    let stands = store.list_stands(company, app.clock().now()).await?;
    let picked: Vec<(ListKind, String)> = names_picked(app, desk, picked).await?.into_iter().take(NAMES_MAX).collect();
    let mut rows = Vec::with_capacity(picked.len());
    let mut lists: Vec<ListKind> = picked.iter().map(|(list, _)| *list).collect();
    lists.sort_unstable();
    lists.dedup();
    let renamed = renamed(app, desk, &picked).await?;
    for list in lists {
        let names: Vec<&str> = picked.iter().filter(|(of, _)| *of == list).map(|(_, name)| name.as_str()).collect();
        let entries = store.entries_like(company, list, &names).await?;
        let suggester = Suggester::new(&entries);
        let is_read = stands.iter().any(|stand: &ListStand| stand.list == list && stand.read_at.is_some());
        for name in names {
            let renamed = renamed.get(&(list, NameKey::of(name))).cloned();
            let mut suggestions = suggester.suggest(name, SUGGESTIONS);
            suggestions.retain(|it| renamed.as_ref().is_none_or(|(list_id, _)| it.entry.list_id != *list_id));
            rows.push(NameRow {
                list: list.as_str(),
                noun: list.noun(),
                name: name.to_owned(),
                likely: likely(&suggestions).map(|it| it.entry.list_id.clone()).unwrap_or_default(),
                renamed,
                suggestions: suggestions
                    .iter()
                    .map(|it| (it.entry.list_id.clone(), it.entry.full_name.clone(), it.likeness.percent()))
                    .collect(),
                is_read,
            });
        }
    }
    Ok(rows)
}

/// Of these names those that an entry had until somebody renamed it, with that entry.
async fn renamed(
    app: &App,
    desk: &Desk,
    names: &[(ListKind, String)],
) -> Result<BTreeMap<(ListKind, NameKey), (String, String)>, PageError> {
    let (store, company) = (app.store(), desk.company_id());
    let names: BTreeSet<(ListKind, NameKey)> = names.iter().map(|(list, name)| (*list, NameKey::of(name))).collect();
    let gone = store.gone_entries(company, names.iter()).await?.into_iter();
    Ok(gone.filter_map(|entry| Some(((entry.list, entry.name), (entry.list_id, entry.now_called?)))).collect())
}
