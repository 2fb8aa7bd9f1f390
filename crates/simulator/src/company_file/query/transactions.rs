use super::{Found, Iterators, ModifiedRange, Selected, deliver, lies_within, matches};
use crate::company_file::Books;
use crate::company_file::answer::{self, Portion};
use crate::company_file::kind::List;
use crate::company_file::node::Node;
use crate::company_file::refusal::Refusal;
use crate::company_file::removal::bad_date;
use crate::company_file::txns::{Txn, TxnKind};

/// Answers a query for transactions of one kind.
pub(crate) fn query(
    books: &Books,
    request: &Node,
    kind: TxnKind,
    iterators: &mut Iterators,
    session: u64,
) -> Result<Found, Refusal> {
    let show = |request: &Node, id: &str| {
        let txn = books.txns.get(id)?;
        let mut portion = Portion::asked_by(request);
        // A payment's applications are its lines and links at once.
        portion.lines |= portion.linked && kind == TxnKind::ReceivePayment;
        Some(answer::txn(books, txn, &portion))
    };
    deliver(request, iterators, session, |request| select(books, request, kind), show)
}

fn select(books: &Books, request: &Node, kind: TxnKind) -> Result<Selected, Refusal> {
    let is_name = |child: &&Node| matches!(&*child.name, "TxnID" | "RefNumber" | "RefNumberCaseSensitive");
    let names: Vec<&Node> = request.children.iter().filter(is_name).collect();
    if !names.is_empty() {
        return Ok(named(books, &names, kind));
    }
    let modified = request.child("ModifiedDateRangeFilter").cloned().unwrap_or_default();
    let modified = ModifiedRange::of(books, &modified)?;
    let dates = DateRange::of(request)?;
    let customers = customers(books, request.child("EntityFilter"))?;
    let paid = request.text_of("PaidStatus").unwrap_or("All");
    let is_asked_for = |txn: &&Txn| {
        txn.kind == kind
            && modified.holds(txn.time_modified())
            && dates.holds(txn)
            && customers.as_ref().is_none_or(|customers| customers.contains(&txn.customer_id))
            && matches(request.child("RefNumberFilter"), "RefNumber", txn.ref_number())
            && lies_within(request.child("RefNumberRangeFilter"), "FromRefNumber", "ToRefNumber", txn.ref_number())
            && is_in_account(request.child("AccountFilter"), txn)
            && (paid == "All" || (books.ledger.open_amount(&txn.txn_id) == 0) == (paid == "PaidOnly"))
    };
    Ok(Selected::Filtered { ids: books.txns.iter().filter(is_asked_for).map(|txn| txn.txn_id.clone()).collect() })
}

fn named(books: &Books, names: &[&Node], kind: TxnKind) -> Selected {
    let mut ids: Vec<String> = Vec::new();
    let mut missing = None;
    for name in names {
        let text = name.text.trim();
        let found: Vec<String> = match &*name.name {
            "TxnID" => {
                books.txns.get(text).into_iter().filter(|txn| txn.kind == kind).map(|txn| txn.txn_id.clone()).collect()
            }
            element => books
                .txns
                .by_ref_number(text)
                .filter(|txn| txn.kind == kind && (element == "RefNumber" || txn.ref_number() == text))
                .map(|txn| txn.txn_id.clone())
                .collect(),
        };
        if found.is_empty() {
            missing = missing.or_else(|| Some(text.to_owned()));
        }
        ids.extend(found);
    }
    Selected::Named { ids, missing }
}

/// The customers that an EntityFilter lets through; a customer that does not exist is an error of its own.
fn customers(books: &Books, filter: Option<&Node>) -> Result<Option<Vec<String>>, Refusal> {
    let Some(filter) = filter else {
        return Ok(None);
    };
    let names = books.lists.of(List::Names);
    let mut customers = Vec::new();
    for wanted in &filter.children {
        let text = wanted.text.trim();
        let found = if wanted.name.starts_with("ListID") { names.by_id(text) } else { names.by_full_name(text) };
        let entry = found.ok_or_else(|| Refusal::bad_reference("Entity", text, "EntityFilter"))?;
        if wanted.name.ends_with("WithChildren") {
            customers.extend(books.lists.family(List::Names, &entry.list_id));
        } else {
            customers.push(entry.list_id.clone());
        }
    }
    Ok(Some(customers))
}

fn is_in_account(filter: Option<&Node>, txn: &Txn) -> bool {
    let Some(filter) = filter else {
        return true;
    };
    let account = txn.node.child("ARAccountRef");
    filter.children.iter().any(|wanted| {
        let element = if wanted.name.starts_with("ListID") { "ListID" } else { "FullName" };
        let own = account.and_then(|account| account.text_of(element)).unwrap_or_default();
        own.eq_ignore_ascii_case(wanted.text.trim())
    })
}

struct DateRange {
    from: Option<jiff::civil::Date>,
    to: Option<jiff::civil::Date>,
}

impl DateRange {
    fn of(request: &Node) -> Result<Self, Refusal> {
        let Some(filter) = request.child("TxnDateRangeFilter") else {
            return Ok(Self { from: None, to: None });
        };
        if filter.text_of("DateMacro").is_some_and(|date_macro| date_macro != "All") {
            return Err(Refusal::not_processed("DateMacro"));
        }
        let date = |name: &str| filter.text_of(name).map(|text| text.parse().map_err(|_| bad_date(text))).transpose();
        let range = Self { from: date("FromTxnDate")?, to: date("ToTxnDate")? };
        match (range.from, range.to) {
            (Some(from), Some(to)) if from > to => Err(Refusal::new(3030, "The From date is after the To date.")),
            _ => Ok(range),
        }
    }

    fn holds(&self, txn: &Txn) -> bool {
        self.from.is_none_or(|from| txn.date >= from) && self.to.is_none_or(|to| txn.date <= to)
    }
}
