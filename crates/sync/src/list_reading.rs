//! Reading QuickBooks' lists in the background of visits: whole once, later what changed, in portions between which a visit
//! may be cut off.
//!
//! People are served by it: mappings, preflight and search know the lists before a record names an entry. A name that a
//! record needs and that was not read is looked up all the same, so nothing that crosses depends on it.

use bookferry_qbxml::message::select::{ByName, NameRangeFilter};
use bookferry_qbxml::message_set::{Answer, Iteration, MessageSetId, MessageSetRq, Rs};
use bookferry_qbxml::status::{Class, explain};
use bookferry_qbxml::value::{DateTime, Line};
use jiff::{SignedDuration, Span, Timestamp, civil};
use serde::{Deserialize, Serialize};

use crate::list::{ListEntry, ListKind};
use crate::outcome::shown;
use crate::plan::message_set;
use crate::request::{Portion, deleted, read};

/// The lists that are read, each by a query of its own; tax items come with the items.
pub const LISTS_READ: [ListKind; 11] = [
    ListKind::Account,
    ListKind::Terms,
    ListKind::PaymentMethod,
    ListKind::SalesTaxCode,
    ListKind::Class,
    ListKind::Template,
    ListKind::Vendor,
    ListKind::Employee,
    ListKind::OtherName,
    ListKind::Item,
    ListKind::Customer,
];
/// How many entries an iterator gives at a time (qbxml.md section 7 has 100 to 500).
const PORTION: i64 = 500;
/// With more than this still to come, a list is read in parts by name, so that what was read survives a visit that is cut off.
const REMAINING_MAX: i64 = 5_000;
/// The names at which the parts meet. QuickBooks takes both ends in, and an entry that is read twice does no harm.
const BOUNDS: [&str; 26] = [
    "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T", "U", "V", "W",
    "X", "Y", "Z",
];
/// How often what changed is asked for.
pub const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// When a list is tried again that QuickBooks did not give.
pub const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// QuickBooks remembers for 90 days what was deleted; after this long a list is read whole.
const WHOLE_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(80 * 24);

/// Where the reading of a list stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListReading {
    pub list: ListKind,
    /// When it was last read to its end.
    pub read_at: Option<Timestamp>,
    /// The newest change that was seen, by QuickBooks' own clock.
    pub newest_change: Option<civil::DateTime>,
    /// Where a long list is being read in parts: the next of them.
    pub part: Option<usize>,
}

/// A question about a list, and what its answer goes on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListQuestion {
    pub list: ListKind,
    pub asks: Asks,
    /// The newest change that was seen so far.
    pub newest_change: Option<civil::DateTime>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// The first portion of the whole list, or of a part of it.
    Whole { part: Option<usize> },
    /// The first portion of what changed since.
    Changed { since: civil::DateTime },
    /// What was deleted since.
    Deleted { since: civil::DateTime },
    /// What an iterator has left.
    More { iterator_id: String, part: Option<usize>, is_whole: bool },
}

/// What an answer showed of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub entries: Vec<ListEntry>,
    /// The ListIDs of entries that are gone.
    pub deleted: Vec<String>,
    pub then: Then,
}

/// What follows from an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    Ask(ListQuestion),
    /// The list is read to its end. What a whole reading did not show is not there.
    Done {
        newest_change: Option<civil::DateTime>,
        is_whole: bool,
    },
    /// Which entries are gone is all that was asked.
    Nothing,
    /// QuickBooks did not give it, in its own words.
    Trouble(String),
}

/// What to ask about the lists that are due.
pub fn begin(due: &[ListReading], now: Timestamp) -> Vec<ListQuestion> {
    let mut questions = Vec::new();
    for reading in due {
        let ListReading { list, newest_change, part, .. } = *reading;
        let ask = |asks| ListQuestion { list, asks, newest_change };
        match reading.since(now) {
            Some(since) => {
                questions.push(ask(Asks::Changed { since }));
                questions.push(ask(Asks::Deleted { since }));
            }
            None => questions.push(ask(Asks::Whole { part })),
        }
    }
    questions.retain(|question| question.request().is_some());
    questions
}

/// All questions in one message set, which QuickBooks need not remember.
pub fn ask(questions: &[ListQuestion], id: MessageSetId) -> MessageSetRq {
    let requests = questions.iter().filter_map(ListQuestion::request).collect();
    let mut set = MessageSetRq { new_message_set_id: None, ..message_set(id, None, requests) };
    for (rq, question) in set.requests.iter_mut().zip(questions) {
        rq.iteration = question.iteration();
    }
    set
}

/// Reads the answer to a question; `None` where there is none.
pub fn take(question: &ListQuestion, rs: Option<&Rs>) -> Shown {
    let trouble = |text: &str| Shown { entries: Vec::new(), deleted: Vec::new(), then: Then::Trouble(text.to_owned()) };
    let Some(rs) = rs else { return trouble("QuickBooks did not answer the question.") };
    // Nothing found is 1 for a filter and 500 for names (qbxml.md section 7).
    if !matches!(rs.status.code, 0 | 1 | 500) && explain(&rs.status).class != Class::Warning {
        return trouble(&rs.status.message);
    }
    if let Asks::Deleted { .. } = question.asks {
        let Answer::ListDeletedQuery(answer) = &rs.answer else {
            return trouble("QuickBooks answered something else.");
        };
        let deleted = answer.list_deleted_ret.iter().map(|gone| gone.list_id.to_string()).collect();
        return Shown { entries: Vec::new(), deleted, then: Then::Nothing };
    }
    let shown = entries(question.list, &rs.answer);
    let newest = shown.iter().filter_map(|(_, changed)| *changed).chain(question.newest_change).max();
    let then = question.then(rs, newest);
    Shown { entries: shown.into_iter().map(|(entry, _)| entry).collect(), deleted: Vec::new(), then }
}

/// Tax items stand among the items.
fn entries(list: ListKind, answer: &Answer) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    let mut found = shown(list, answer);
    if list == ListKind::Item {
        found.extend(shown(ListKind::SalesTaxItem, answer));
    }
    found
}

impl ListReading {
    pub const fn new(list: ListKind) -> Self {
        Self { list, read_at: None, newest_change: None, part: None }
    }

    /// From when on changes are asked for; `None` to read the whole list. A day is taken off, since entries may have changed
    /// while the list was read.
    fn since(&self, now: Timestamp) -> Option<civil::DateTime> {
        // Templates have no filter at all.
        if self.part.is_some() || self.list == ListKind::Template {
            return None;
        }
        self.read_at.filter(|&read_at| now.duration_since(read_at) < WHOLE_AGAIN_AFTER)?;
        self.newest_change?.checked_sub(Span::new().days(1)).ok()
    }
}

impl ListQuestion {
    /// The lists whose entries the answer may show.
    pub fn lists(&self) -> impl Iterator<Item = ListKind> + use<> {
        let beside = (self.list == ListKind::Item).then_some(ListKind::SalesTaxItem);
        std::iter::once(self.list).chain(beside)
    }

    fn request(&self) -> Option<bookferry_qbxml::message_set::Request> {
        let max_returned = is_iterated(self.list).then_some(PORTION);
        let portion = match &self.asks {
            Asks::Whole { part } => Portion { max_returned, name: part.and_then(names), ..Portion::default() },
            Asks::Changed { since } => {
                Portion { max_returned, changed_since: Some(DateTime::from(*since)), ..Portion::default() }
            }
            Asks::Deleted { since } => return deleted(self.list, DateTime::from(*since)),
            Asks::More { .. } => Portion { max_returned, ..Portion::default() },
        };
        Some(read(self.list, portion))
    }

    fn iteration(&self) -> Option<Iteration> {
        match &self.asks {
            Asks::Deleted { .. } => None,
            Asks::More { iterator_id, .. } => Some(Iteration::Continue(iterator_id.clone())),
            Asks::Whole { .. } | Asks::Changed { .. } => is_iterated(self.list).then_some(Iteration::Start),
        }
    }

    fn then(&self, rs: &Rs, newest_change: Option<civil::DateTime>) -> Then {
        let (part, is_whole) = match self.asks {
            Asks::Whole { part } => (part, true),
            Asks::More { part, is_whole, .. } => (part, is_whole),
            Asks::Changed { .. } | Asks::Deleted { .. } => (None, false),
        };
        let ask = |asks| Then::Ask(Self { list: self.list, asks, newest_change });
        let remaining = rs.iterator_remaining_count.unwrap_or(0);
        match &rs.iterator_id {
            // What this iterator has left is left to it.
            Some(_) if remaining > REMAINING_MAX && self.asks == (Asks::Whole { part: None }) => {
                ask(Asks::Whole { part: Some(0) })
            }
            Some(iterator_id) if remaining > 0 => ask(Asks::More { iterator_id: iterator_id.clone(), part, is_whole }),
            _ => match part.map(|part| part + 1).filter(|&next| next <= BOUNDS.len()) {
                Some(next) => ask(Asks::Whole { part: Some(next) }),
                None => Then::Done { newest_change, is_whole },
            },
        }
    }
}

/// The names of a part, from the one before the first bound to the one after the last.
fn names(part: usize) -> Option<ByName> {
    let bound = |index: Option<usize>| {
        index.and_then(|index| BOUNDS.get(index)).and_then(|bound| Line::new("Name", *bound).ok())
    };
    Some(ByName::Range(NameRangeFilter { from_name: bound(part.checked_sub(1)), to_name: bound(Some(part)) }))
}

/// The other lists come whole (qbxml.md section 7).
const fn is_iterated(list: ListKind) -> bool {
    matches!(list, ListKind::Customer | ListKind::Vendor | ListKind::Item)
}
