//! How far a company's setup is. Everything is derived from what is stored, so that it can be left and taken up anywhere.

use askama::Template;
use bookferry_store::{Connection, ListStand, Visit};
use bookferry_sync::company::Company;
use jiff::Timestamp;

use super::moment::Ago;
use super::money::{count, counted};

/// The steps that are awaited, each with its sentence.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) call: Step,
    pub(super) books: Step,
    pub(super) lists: Step,
    pub(super) names: Step,
    pub(super) enable: Step,
}

/// The line under a step's heading, replaced by itself whenever anything happens.
#[derive(Debug, Template)]
#[template(path = "step.html")]
pub(super) struct Step {
    key: &'static str,
    pub(super) state: StepState,
    told: String,
    when: Option<Ago>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepState {
    Done,
    /// What is waited for now.
    Awaited,
    /// An earlier step comes first.
    Later,
    /// Somebody has to do something first.
    Trouble,
}

/// What the steps are derived from.
pub(super) struct Known<'a> {
    pub(super) connection: &'a Connection,
    /// The newest.
    pub(super) visit: Option<&'a Visit>,
    pub(super) lists: &'a [ListStand],
    pub(super) now: Timestamp,
}

impl Steps {
    pub(super) fn of(known: &Known<'_>) -> Self {
        let call = call(known);
        let books = books(known);
        let lists = lists(known);
        let names = names(lists.state);
        let enable = enable(&known.connection.company, books.state, known.now);
        Self { call, books, lists, names, enable }
    }

    /// Of the four that count: what is awaited by itself, and enabling.
    pub(super) fn done_count(&self) -> usize {
        let counted = [&self.call, &self.books, &self.lists, &self.enable];
        counted.into_iter().filter(|step| step.state == StepState::Done).count()
    }

    pub(super) fn may_enable(&self) -> bool {
        self.enable.state == StepState::Awaited
    }
}

impl Step {
    fn new(key: &'static str, state: StepState, told: impl Into<String>) -> Self {
        Self { key, state, told: told.into(), when: None }
    }

    fn at(self, at: Timestamp, now: Timestamp) -> Self {
        Self { when: Some(Ago { at, now }), ..self }
    }
}

impl StepState {
    const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Awaited => "awaited",
            Self::Later => "later",
            Self::Trouble => "trouble",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Awaited => "Next",
            Self::Later => "Later",
            Self::Trouble => "Not yet",
        }
    }

    /// In the sprite of every page.
    const fn icon(self) -> &'static str {
        match self {
            Self::Done => "ready_to_sync",
            Self::Awaited => "sending",
            Self::Later => "unsent",
            Self::Trouble => "needs_attention",
        }
    }
}

fn call(known: &Known<'_>) -> Step {
    let step = |state, told: &str| Step::new("call", state, told);
    let connection = known.connection;
    match (connection.last_heard_at, connection.last_refused_at) {
        (heard, Some(refused)) if heard.is_none_or(|heard| heard < refused) => step(
            StepState::Trouble,
            "The Web Connector came with a wrong password. The person at the QuickBooks computer types it in again, in the \
             Web Connector’s list; if it is lost, make a new one in step 2. Last tried",
        )
        .at(refused, known.now),
        (Some(heard), _) => step(StepState::Done, "The Web Connector has called with the right password, last").at(heard, known.now),
        (None, _) => step(StepState::Awaited, "The Web Connector’s first call is awaited; this page shows it by itself."),
    }
}

fn books(known: &Known<'_>) -> Step {
    let company = &known.connection.company;
    let step = |state, told: String| Step::new("books", state, told);
    if let Some(books) = &company.books {
        let name = if books.company_name.is_empty() { "a company file" } else { &books.company_name };
        let told = [name, &books.company_file, &books.quickbooks];
        let told = told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        return step(StepState::Done, format!("Connected to {told}."));
    }
    let trouble = known.visit.and_then(|visit| visit.trouble.as_deref().map(|trouble| (trouble, visit.last_call_at)));
    match trouble {
        Some((trouble, at)) => step(StepState::Trouble, format!("{trouble} Last tried")).at(at, known.now),
        None if known.connection.last_heard_at.is_some() => {
            step(StepState::Awaited, "The first visit reads which company file is open in QuickBooks.".to_owned())
        }
        None => step(StepState::Later, "The first visit reads which company file is open in QuickBooks.".to_owned()),
    }
}

fn lists(known: &Known<'_>) -> Step {
    let of_all = known.lists.len();
    let read = known.lists.iter().filter(|list| list.read_at.is_some()).count();
    let entries = count(known.lists.iter().map(|list| list.entry_count).sum());
    let step = |state, told: String| Step::new("lists", state, told);
    let latest = known.lists.iter().filter_map(|list| list.read_at).max();
    let refused = known.lists.iter().find_map(|list| list.trouble.as_deref());
    match (latest, refused) {
        (Some(latest), None) if read == of_all => {
            step(StepState::Done, format!("All {of_all} lists are read: {entries} names, last")).at(latest, known.now)
        }
        (_, Some(refused)) => step(
            StepState::Trouble,
            format!(
                "{read} of {of_all} lists are read. QuickBooks did not give the others: {refused} A later visit tries \
                 again by itself; records can go all the same."
            ),
        ),
        (Some(_), None) => {
            step(StepState::Awaited, format!("{read} of {of_all} lists are read, {entries} names so far."))
        }
        (None, None) if known.connection.company.books.is_some() => {
            step(StepState::Awaited, "The visit reads the lists once it has nothing else to do.".to_owned())
        }
        (None, None) => step(
            StepState::Later,
            "Customers, items, accounts and the other lists are read in the first visit.".to_owned(),
        ),
    }
}

fn names(lists: StepState) -> Step {
    let told = "Look through them now, or later when a record names something that QuickBooks has under another name.";
    match lists {
        StepState::Done => Step::new("names", StepState::Awaited, format!("Nothing has to be done here. {told}")),
        StepState::Awaited | StepState::Later | StepState::Trouble => Step::new("names", StepState::Later, told),
    }
}

fn enable(company: &Company, books: StepState, now: Timestamp) -> Step {
    let step = |state, told: &str| Step::new("enable", state, told);
    match company.sync_enabled_at {
        Some(at) => step(StepState::Done, "New records enter the queue. Sync was enabled").at(at, now),
        None if books == StepState::Done => step(
            StepState::Awaited,
            "Records that your application creates from this moment on enter the queue. Older ones are held back.",
        ),
        None => step(
            StepState::Later,
            "It can be enabled once the company file is connected. Until then every record is held back.",
        ),
    }
}

/// "2 of 4 steps are done."
pub(super) fn progress(steps: &Steps) -> String {
    format!("{} of {} are done.", steps.done_count(), counted(4, "step", "steps"))
}
