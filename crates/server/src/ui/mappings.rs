//! What the application's names stand for: suggestions to confirm, mappings to change, and both as CSV.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{Html, Redirect};
use bookferry_store::{Choice, ChosenEntry, MappingLine};
use bookferry_sync::likeness::{Suggester, likely};
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::mapping::{LISTS_NAMED, mapping_key};
use form_urlencoded::Serializer;
use jiff::Timestamp;
use serde::Deserialize;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::frame::{Frame, Section};
use super::lists::label;
use super::mapping_csv::{self, Imported, LineError};
use super::moment::Ago;
use super::money::counted;
use super::notice::Notice;
use super::page_error::PageError;
use crate::App;

const NAMES_SHOWN: u32 = 25;
const MAPPINGS_SHOWN: u32 = 50;
const ENTRIES_SHOWN: u32 = 50;
const SUGGESTIONS: usize = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    list: String,
    /// Part of a name.
    q: String,
    /// The name after which the page of unmapped names begins, and that of the mappings.
    after: String,
    mapped_after: String,
    /// The name that an entry is chosen for, and part of the entry's.
    name: String,
    find: String,
    done: String,
    n: u64,
}

#[derive(Template)]
#[template(path = "mappings.html")]
struct MappingsPage {
    frame: Frame,
    notice: Option<Notice>,
    lists: Vec<ListPill>,
    list: &'static str,
    noun: &'static str,
    q: String,
    is_read: bool,
    may_create: bool,
    unmapped: Vec<Unmapped>,
    /// Whether anything is chosen that could be confirmed at once.
    is_any_likely: bool,
    next_unmapped: Option<String>,
    choosing: Option<Choosing>,
    mappings: Vec<Mapped>,
    next_mapped: Option<String>,
    is_first: bool,
    import: Import,
}

struct ListPill {
    word: &'static str,
    label: &'static str,
    is_current: bool,
}

struct Unmapped {
    name: String,
    /// Why QuickBooks cannot have an entry of this name.
    taken: Option<String>,
    suggestions: Vec<Suggested>,
}

struct Suggested {
    list_id: String,
    full_name: String,
    percent: u8,
    is_likely: bool,
}

/// An entry is being chosen for this name.
struct Choosing {
    name: String,
    find: String,
    entries: Vec<ListEntry>,
}

struct Mapped {
    name: String,
    /// What it is called now, or was called last.
    entry: String,
    /// What has to be looked at, or is worth knowing.
    note: Option<String>,
    is_problem: bool,
    by: String,
    at: Ago,
}

#[derive(Default)]
struct Import {
    text: String,
    errors: Vec<LineError>,
    more: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    page(&app, &desk, &wanted, Import::default()).await
}

/// Confirms one suggestion or all that are chosen, takes an entry that was looked for, or removes a mapping.
pub(super) async fn change(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Redirect, PageError> {
    let list = named_list(form.get("list").unwrap_or("")).ok_or(PageError::Unreadable)?;
    if let Some(name) = form.get("remove") {
        let removed = app.store().unmap_name(desk.company_id(), list, name).await?;
        return Ok(back(&desk, list, "removed", u64::from(removed)));
    }
    let choices = choices(&form, list)?;
    let count = u64::try_from(choices.len()).unwrap_or(u64::MAX);
    if choices.is_empty() {
        return Ok(back(&desk, list, "nothing", 0));
    }
    match app.store().map_names(desk.company_id(), &choices, &desk.actor(), app.clock().now()).await? {
        Ok(()) => Ok(back(&desk, list, "mapped", count)),
        Err(_) => Ok(back(&desk, list, "gone", 0)),
    }
}

/// Takes mappings in from a CSV text, all of them or none.
pub(super) async fn import(State(app): State<App>, DeskForm { desk, form }: DeskForm) -> Result<Imported, PageError> {
    let list = named_list(form.get("list").unwrap_or("")).ok_or(PageError::Unreadable)?;
    // A file counts before what stands in the box.
    let file = form.get("file").filter(|text| !text.trim().is_empty());
    let text = file.or(form.get("csv")).unwrap_or("");
    let mut errors = match mapping_csv::read(text) {
        Ok(lines) if lines.is_empty() => return Ok(Imported::Done(back(&desk, list, "nothing_in_it", 0))),
        Ok(lines) => {
            let choices: Vec<Choice> = lines.iter().map(|line| line.choice.clone()).collect();
            let mapped = app.store().map_names(desk.company_id(), &choices, &desk.actor(), app.clock().now()).await?;
            let Err(refused) = mapped else {
                let count = u64::try_from(choices.len()).unwrap_or(u64::MAX);
                return Ok(Imported::Done(back(&desk, list, "mapped", count)));
            };
            refused.into_iter().filter_map(|(place, why)| Some(lines.get(place)?.refused(why))).collect()
        }
        Err(errors) => errors,
    };
    let more = errors.len().saturating_sub(mapping_csv::ERRORS_SHOWN);
    errors.truncate(mapping_csv::ERRORS_SHOWN);
    let more = (more > 0).then(|| counted(u64::try_from(more).unwrap_or(u64::MAX), "more line", "more lines"));
    let wanted = Wanted { list: list.as_str().to_owned(), done: "not_imported".to_owned(), ..Wanted::default() };
    page(&app, &desk, &wanted, Import { text: text.to_owned(), errors, more }).await.map(Imported::Refused)
}

async fn page(app: &App, desk: &Desk, wanted: &Wanted, import: Import) -> Result<Html<String>, PageError> {
    let list = named_list(&wanted.list).unwrap_or(ListKind::Customer);
    let (store, company, now) = (app.store(), desk.company_id(), app.clock().now());
    let q = wanted.q.trim();
    let after = Some(mapping_key(list, &wanted.after)).filter(|after| !after.as_str().is_empty());
    let mut names = store.unmapped_names(company, list, q, after.as_ref(), NAMES_SHOWN + 1).await?;
    let next_unmapped = cut(&mut names, NAMES_SHOWN).cloned();
    let mapped_after = Some(mapping_key(list, &wanted.mapped_after)).filter(|after| !after.as_str().is_empty());
    let mut mappings = store.mappings(company, list, q, mapped_after.as_ref(), MAPPINGS_SHOWN + 1).await?;
    let next_mapped = cut(&mut mappings, MAPPINGS_SHOWN).map(|line| line.name.clone());
    let stands = store.list_stands(company, now).await?;
    let unmapped = suggest(app, desk, list, names).await?;
    let page = MappingsPage {
        frame: Frame::load(app, desk, Section::Lists).await?,
        notice: notice(wanted, list),
        lists: LISTS_NAMED.into_iter().map(|it| ListPill::of(it, list)).collect(),
        list: list.as_str(),
        noun: list.noun(),
        q: q.to_owned(),
        is_read: stands.iter().any(|stand| stand.list == list && stand.read_at.is_some()),
        may_create: desk.company().settings.may_create(list) && list != ListKind::Account,
        is_any_likely: unmapped.iter().any(|name| name.suggestions.iter().any(|it| it.is_likely)),
        unmapped,
        next_unmapped,
        choosing: choosing(app, desk, list, wanted).await?,
        mappings: mappings.into_iter().map(|line| Mapped::of(line, now)).collect(),
        next_mapped,
        is_first: after.is_none() && mapped_after.is_none(),
        import,
    };
    Ok(Html(page.render()?))
}

async fn suggest(app: &App, desk: &Desk, list: ListKind, names: Vec<String>) -> Result<Vec<Unmapped>, PageError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let given: Vec<&str> = names.iter().map(String::as_str).collect();
    let entries = app.store().entries_like(desk.company_id(), list, &given).await?;
    let suggester = Suggester::new(&entries);
    let taken = taken(app, desk, list, &names).await?;
    let unmapped = |name: String| {
        let suggestions = suggester.suggest(&name, SUGGESTIONS);
        let likely = likely(&suggestions);
        let suggested = |it: &bookferry_sync::likeness::Suggestion<'_>| Suggested {
            list_id: it.entry.list_id.clone(),
            full_name: it.entry.full_name.clone(),
            percent: it.likeness.percent(),
            is_likely: likely.as_ref() == Some(it),
        };
        let taken = taken.get(&mapping_key(list, &name).first_part()).map(|other| {
            let inactive = if other.is_active { "" } else { ", inactive" };
            format!("the name of a QuickBooks {}{inactive}", other.list.noun())
        });
        Unmapped { suggestions: suggestions.iter().map(suggested).collect(), taken, name }
    };
    Ok(names.into_iter().map(unmapped).collect())
}

/// Who has the names in the lists that share their names with this one.
async fn taken(
    app: &App,
    desk: &Desk,
    list: ListKind,
    names: &[String],
) -> Result<HashMap<NameKey, ListEntry>, PageError> {
    let firsts: BTreeSet<NameKey> = names.iter().map(|name| mapping_key(list, name).first_part()).collect();
    let its_own: Vec<(ListKind, NameKey)> = firsts.iter().map(|first| (list, first.clone())).collect();
    let shared = list.names_shared_with().iter();
    let others: Vec<(ListKind, NameKey)> =
        shared.flat_map(|&other| firsts.iter().map(move |first| (other, first.clone()))).collect();
    let mut taken: HashMap<NameKey, ListEntry> = HashMap::new();
    for entry in app.store().entries_of(desk.company_id(), others.iter()).await? {
        taken.insert(NameKey::of(&entry.full_name), entry);
    }
    // What stands under an entry of the list itself takes nobody's name.
    for entry in app.store().entries_of(desk.company_id(), its_own.iter()).await? {
        taken.remove(&NameKey::of(&entry.full_name));
    }
    Ok(taken)
}

async fn choosing(app: &App, desk: &Desk, list: ListKind, wanted: &Wanted) -> Result<Option<Choosing>, PageError> {
    if wanted.name.trim().is_empty() {
        return Ok(None);
    }
    let find = wanted.find.trim();
    let store = app.store();
    let mut entries = if find.is_empty() {
        // What is like it stands on top; what is not has to be looked for.
        let like = store.entries_like(desk.company_id(), list, &[wanted.name.as_str()]).await?;
        let suggestions = Suggester::new(&like).suggest(&wanted.name, SUGGESTIONS);
        suggestions.into_iter().map(|suggestion| suggestion.entry.clone()).collect()
    } else {
        Vec::new()
    };
    let found = store.list_entries(desk.company_id(), list, find, None, ENTRIES_SHOWN).await?;
    let found: Vec<ListEntry> = found.into_iter().filter(|entry| entry.is_active && !entries.contains(entry)).collect();
    entries.extend(found);
    Ok(Some(Choosing { name: wanted.name.clone(), find: find.to_owned(), entries }))
}

/// The names of the form with the entries chosen for them; of one row alone, where its own button was pressed.
fn choices(form: &Form, list: ListKind) -> Result<Vec<Choice>, PageError> {
    let choice = |name: &str, list_id: &str| Choice {
        list,
        name: name.to_owned(),
        entry: ChosenEntry::ListId(list_id.to_owned()),
    };
    if let Some(list_id) = form.get("use") {
        let name = form.get("name").ok_or(PageError::Unreadable)?;
        return Ok(vec![choice(name, list_id)]);
    }
    let rows = form.all("name").zip(form.all("entry")).enumerate();
    let only: Option<usize> = form.get("only").map(str::parse).transpose().map_err(|_| PageError::Unreadable)?;
    Ok(rows
        .filter(|(place, (_, list_id))| !list_id.is_empty() && only.is_none_or(|only| only == *place))
        .map(|(_, (name, list_id))| choice(name, list_id))
        .collect())
}

/// The last that is shown, where there is more.
fn cut<T>(lines: &mut Vec<T>, shown: u32) -> Option<&T> {
    let shown = usize::try_from(shown).unwrap_or(usize::MAX);
    let is_more = lines.len() > shown;
    lines.truncate(shown);
    lines.last().filter(|_| is_more)
}

pub(super) fn named_list(word: &str) -> Option<ListKind> {
    word.parse().ok().filter(|list| LISTS_NAMED.contains(list))
}

fn back(desk: &Desk, list: ListKind, done: &str, count: u64) -> Redirect {
    let mut query = Serializer::new(String::new());
    query.append_pair("list", list.as_str()).append_pair("done", done).append_pair("n", &count.to_string());
    Redirect::to(&desk.path(&format!("lists/mappings?{}", query.finish())))
}

fn notice(wanted: &Wanted, list: ListKind) -> Option<Notice> {
    let noun = list.noun();
    let (text, is_warning) = match wanted.done.as_str() {
        "mapped" => {
            let names = counted(wanted.n, "name stands", "names stand");
            let told = format!(
                "{names} for what you chose. Records that waited for that go across once you press Retry under Needs \
                 Attention."
            );
            (told, false)
        }
        "removed" if wanted.n > 0 => ("The mapping was removed. The name stands for itself again.".to_owned(), false),
        "removed" => ("There is no such mapping any more.".to_owned(), true),
        "nothing" => (format!("Nothing was chosen. Choose the {noun} first that a name stands for."), true),
        "nothing_in_it" => ("No line of it says what a name stands for. Nothing was changed.".to_owned(), true),
        "gone" => {
            let told =
                format!("The {noun} is not in QuickBooks any more, or inactive. Nothing was changed; choose another.");
            (told, true)
        }
        "not_imported" => ("Nothing was imported. Correct the lines named below and import it again.".to_owned(), true),
        _ => return None,
    };
    Some(Notice { text, is_warning, since: None, others: Vec::new() })
}

impl ListPill {
    fn of(list: ListKind, current: ListKind) -> Self {
        Self { word: list.as_str(), label: label(list), is_current: list == current }
    }
}

impl Mapped {
    fn of(line: MappingLine, now: Timestamp) -> Self {
        let noun = line.list.noun();
        let (note, is_problem) = match &line.entry {
            None => (Some(format!("QuickBooks does not have this {noun} any more. Choose another.")), true),
            Some(entry) if !entry.is_active => {
                (Some("Inactive in QuickBooks. Make it active there, or choose another.".to_owned()), true)
            }
            Some(entry) if entry.full_name != line.chosen_name => {
                (Some(format!("Called “{}” when it was chosen.", line.chosen_name)), false)
            }
            Some(_) => (None, false),
        };
        let entry = line.entry.map_or(line.chosen_name, |entry| entry.full_name);
        Self { name: line.name, entry, note, is_problem, by: line.chosen_by, at: Ago { at: line.chosen_at, now } }
    }
}
