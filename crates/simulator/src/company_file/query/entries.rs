use super::{Found, Iterators, ModifiedRange, Selected, deliver, lies_within, matches};
use crate::company_file::Books;
use crate::company_file::answer::{self, Portion};
use crate::company_file::kind::{Kind, List};
use crate::company_file::lists::ListEntry;
use crate::company_file::money;
use crate::company_file::node::Node;
use crate::company_file::refusal::Refusal;

/// A list, or the entries of one kind in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) list: List,
    pub(crate) kind: Option<Kind>,
}

/// Answers a query for a list's entries.
pub(crate) fn query(
    books: &Books,
    request: &Node,
    wanted: Wanted,
    iterators: &mut Iterators,
    session: u64,
) -> Result<Found, Refusal> {
    let show = |request: &Node, id: &str| {
        let entry = books.lists.of(wanted.list).by_id(id)?;
        Some(answer::entry(books, entry, &Portion::asked_by(request)))
    };
    deliver(request, iterators, session, |request| select(books, request, wanted), show)
}

fn select(books: &Books, request: &Node, wanted: Wanted) -> Result<Selected, Refusal> {
    let catalog = books.lists.of(wanted.list);
    let names: Vec<&Node> =
        request.children.iter().filter(|child| matches!(&*child.name, "ListID" | "FullName")).collect();
    if !names.is_empty() {
        let mut ids = Vec::new();
        let mut missing = None;
        for name in names {
            let text = name.text.trim();
            let found = if name.name == "ListID" { catalog.by_id(text) } else { catalog.by_full_name(text) };
            match found.filter(|entry| wanted.accepts(entry.kind)) {
                Some(entry) => ids.push(entry.list_id.clone()),
                None => missing = missing.or_else(|| Some(text.to_owned())),
            }
        }
        return Ok(Selected::Named { ids, missing });
    }
    let range = ModifiedRange::of(books, request)?;
    let active = request.text_of("ActiveStatus").unwrap_or("ActiveOnly");
    let is_asked_for = |entry: &&ListEntry| {
        wanted.accepts(entry.kind)
            && (active == "All" || entry.is_active == (active == "ActiveOnly"))
            && range.holds(entry.node.text_of("TimeModified").unwrap_or_default())
            && matches(request.child("NameFilter"), "Name", &entry.full_name)
            && lies_within(request.child("NameRangeFilter"), "FromName", "ToName", &entry.full_name)
            && is_among(request, "AccountType", entry)
            && is_among(request, "PaymentMethodType", entry)
            && has_balance(books, request.child("TotalBalanceFilter"), entry)
            && is_of_class(request.child("ClassFilter"), entry)
    };
    Ok(Selected::Filtered { ids: catalog.iter().filter(is_asked_for).map(|entry| entry.list_id.clone()).collect() })
}

impl Wanted {
    fn accepts(self, kind: Kind) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind)
    }
}

/// Whether the entry's own element is one of those the request names, if it names any.
fn is_among(request: &Node, name: &str, entry: &ListEntry) -> bool {
    let mut wanted = request.texts_of(name).peekable();
    wanted.peek().is_none() || wanted.any(|wanted| entry.node.text_of(name) == Some(wanted))
}

fn has_balance(books: &Books, filter: Option<&Node>, entry: &ListEntry) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let limit = money::cents(filter, "Amount").unwrap_or(0);
    let balance = books.total_balance(&entry.list_id);
    match filter.text_of("Operator") {
        Some("LessThan") => balance < limit,
        Some("LessThanEqual") => balance <= limit,
        Some("GreaterThan") => balance > limit,
        Some("GreaterThanEqual") => balance >= limit,
        _ => balance == limit,
    }
}

fn is_of_class(filter: Option<&Node>, entry: &ListEntry) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let class = entry.node.child("ClassRef");
    filter.children.iter().any(|wanted| {
        let element = if wanted.name.starts_with("ListID") { "ListID" } else { "FullName" };
        class.and_then(|class| class.text_of(element)) == Some(wanted.text.trim())
    })
}
