//! What all queries have in common: filters, portions, iterators, counts.

mod entries;
mod transactions;

pub(crate) use entries::{Wanted, query as query_entries};
pub(crate) use transactions::query as query_txns;

use std::collections::HashMap;

use super::Books;
use super::node::Node;
use super::refusal::Refusal;
use super::removal::bad_date;

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Found {
    pub(crate) objects: Vec<Node>,
    /// What was named and is not there.
    pub(crate) missing: Option<String>,
    pub(crate) count: Option<usize>,
    pub(crate) iterator: Option<(String, usize)>,
    /// Whether there was anything at all: status 1 if not.
    pub(crate) is_any: bool,
}

/// Iterators live as long as the session that began them (qbXML notes, section 7).
#[derive(Debug, Clone, Default)]
pub(crate) struct Iterators {
    running: HashMap<String, Running>,
    begun: u64,
}

#[derive(Debug, Clone)]
struct Running {
    request: String,
    /// What is left, the next one last.
    ids: Vec<String>,
    elements: Node,
}

/// Which objects a query is about, by their ids.
pub(crate) enum Selected {
    Named { ids: Vec<String>, missing: Option<String> },
    Filtered { ids: Vec<String> },
}

/// Cuts what was selected into the portion that is asked for, and shows each object of it.
pub(crate) fn deliver(
    request: &Node,
    iterators: &mut Iterators,
    session: u64,
    select: impl FnOnce(&Node) -> Result<Selected, Refusal>,
    show: impl Fn(&Node, &str) -> Option<Node>,
) -> Result<Found, Refusal> {
    let limit = request.text_of("MaxReturned").and_then(|limit| limit.parse::<usize>().ok());
    let iteration = request.attribute("iterator");
    if iteration.is_some_and(|iteration| iteration != "Stop") && limit.is_none() {
        return Err(Refusal::missing("MaxReturned"));
    }
    match iteration {
        Some("Continue") => return iterators.resume(request, limit.unwrap_or(0), show),
        Some("Stop") => {
            iterators.running.remove(request.attribute("iteratorID").unwrap_or_default());
            return Ok(Found { is_any: true, ..Found::default() });
        }
        Some(_) | None => {}
    }
    let (mut ids, missing) = match select(request)? {
        Selected::Named { ids, missing } => (ids, missing),
        Selected::Filtered { ids } => (ids, None),
    };
    let is_any = !ids.is_empty() || missing.is_some();
    let meta_data = request.attribute("metaData").unwrap_or("NoMetaData");
    let count = (meta_data != "NoMetaData").then_some(ids.len());
    if meta_data == "MetaDataOnly" {
        return Ok(Found { missing, count, is_any, ..Found::default() });
    }
    if iteration.is_some() {
        ids.reverse();
        let running = Running { request: request.name.to_string(), ids, elements: request.clone() };
        let id = iterators.begin(session, running);
        let found = iterators.next(&id, limit.unwrap_or(0), show);
        return Ok(Found { count, is_any, ..found });
    }
    ids.truncate(limit.unwrap_or(usize::MAX));
    let objects = ids.iter().filter_map(|id| show(request, id)).collect();
    Ok(Found { objects, missing, count, iterator: None, is_any })
}

impl Iterators {
    fn begin(&mut self, session: u64, running: Running) -> String {
        self.begun += 1;
        let id = format!("{{{:08x}-0000-4000-8000-{:012x}}}", session & 0xffff_ffff, self.begun);
        self.running.insert(id.clone(), running);
        id
    }

    fn resume(
        &mut self,
        request: &Node,
        limit: usize,
        show: impl Fn(&Node, &str) -> Option<Node>,
    ) -> Result<Found, Refusal> {
        let id = request.attribute("iteratorID").unwrap_or_default().to_owned();
        match self.running.get(&id) {
            Some(running) if running.request == request.name => Ok(self.next(&id, limit, show)),
            Some(_) | None => Err(Refusal::object_not_found(&id)),
        }
    }

    fn next(&mut self, id: &str, limit: usize, show: impl Fn(&Node, &str) -> Option<Node>) -> Found {
        let Some(running) = self.running.get_mut(id) else {
            return Found::default();
        };
        let next = running.ids.split_off(running.ids.len().saturating_sub(limit));
        // The elements asked for are those of the query that began it.
        let objects = next.iter().rev().filter_map(|id| show(&running.elements, id)).collect();
        let remaining = running.ids.len();
        if remaining == 0 {
            self.running.remove(id);
        }
        Found { objects, iterator: Some((id.to_owned(), remaining)), is_any: true, ..Found::default() }
    }
}

/// A range of points in time, as texts of the local clock.
pub(crate) struct ModifiedRange {
    from: Option<String>,
    to: Option<String>,
}

impl ModifiedRange {
    /// From `FromModifiedDate` and `ToModifiedDate` below `place`. Both are inclusive.
    pub(crate) fn of(books: &Books, place: &Node) -> Result<Self, Refusal> {
        let point = |name: &str, at_end: bool| {
            let text = place.text_of(name)?;
            Some(books.company.local_time.filter_point(text, at_end).ok_or_else(|| bad_date(text)))
        };
        let range = Self {
            from: point("FromModifiedDate", false).transpose()?,
            to: point("ToModifiedDate", true).transpose()?,
        };
        match (&range.from, &range.to) {
            (Some(from), Some(to)) if from > to => Err(Refusal::new(3030, "The From date is after the To date.")),
            _ => Ok(range),
        }
    }

    pub(crate) fn holds(&self, time_modified: &str) -> bool {
        let clock = time_modified.get(..19).unwrap_or_default();
        self.from.as_deref().is_none_or(|from| clock >= from) && self.to.as_deref().is_none_or(|to| clock <= to)
    }
}

/// Whether a text fits `MatchCriterion` and the text below `filter`; in any case of letters.
pub(crate) fn matches(filter: Option<&Node>, element: &str, text: &str) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let (text, part) = (text.to_lowercase(), filter.text_of(element).unwrap_or_default().to_lowercase());
    match filter.text_of("MatchCriterion") {
        Some("StartsWith") => text.starts_with(&part),
        Some("EndsWith") => text.ends_with(&part),
        _ => text.contains(&part),
    }
}

/// Whether a text lies between two others, in any case of letters.
pub(crate) fn lies_within(filter: Option<&Node>, from: &str, to: &str, text: &str) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let text = text.to_lowercase();
    filter.text_of(from).is_none_or(|from| text >= from.to_lowercase())
        && filter.text_of(to).is_none_or(|to| text <= to.to_lowercase())
}
