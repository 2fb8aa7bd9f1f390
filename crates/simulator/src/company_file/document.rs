//! Invoices and credit memos: what QuickBooks fills in and computes.

mod fields;
mod line;
mod tax;

use super::Books;
use super::money::{self, CENTS_MAX};
use super::node::Node;
use super::pricing::{Above, TooLarge};
use super::refusal::Refusal;
use super::txns::{Txn, TxnKind};

/// A document that passed all rules and is not entered yet.
pub(crate) struct Drafted {
    pub(crate) txn: Txn,
    /// A rate was ignored since an amount was given too.
    pub(crate) rate_was_ignored: bool,
}

/// The status of a document whose rates were ignored. The code is unverified; the class (a warning) is documented.
pub(crate) const RATE_IGNORED: i32 = 530;

/// Makes a new document of an Add.
pub(crate) fn add(books: &mut Books, kind: TxnKind, given: &mut Node) -> Result<Drafted, Refusal> {
    super::reference::resolve(given, &books.lists, books.company.features(), &capital(kind))?;
    fields::check(books, given)?;
    let mut node = Node::new(kind.ret());
    for child in &given.children {
        if !is_line(&child.name) && !is_link(&child.name) {
            node.set(child.clone());
        }
    }
    fields::fill_in(books, kind, &mut node, given)?;
    let ignored = enter_lines(books, kind, &mut node, line::added(books, kind, given)?)?;
    if !node.children.iter().any(|child| is_line(&child.name)) {
        return Err(Refusal::empty_transaction(kind.spoken()));
    }
    let now = books.now;
    node.set_text("TxnID", books.ids.txn_id(now));
    node.set_text("TxnNumber", books.ids.txn_number().to_string());
    node.set_text("TimeCreated", books.stamp());
    for line in node.children.iter_mut().filter(|child| is_line(&child.name)) {
        line::number(line, books);
    }
    finish(books, kind, node, ignored)
}

/// Changes a document as a Mod says: what is left out stays, what is empty is cleared, lines are replaced if any is given
/// (qbXML notes, section 7).
pub(crate) fn modify(books: &mut Books, old: &Txn, modification: &Node) -> Result<Drafted, Refusal> {
    let kind = old.kind;
    let mut given = modification.clone();
    super::reference::resolve(&mut given, &books.lists, books.company.features(), &capital(kind))?;
    fields::check(books, &given)?;
    let mut node = old.node.clone();
    for child in &given.children {
        let is_key = matches!(&*child.name, "TxnID" | "EditSequence");
        if !is_key && !is_line(&child.name) && !is_link(&child.name) {
            node.set(child.clone());
        }
    }
    fields::fill_in_again(books, kind, &mut node, &given)?;
    if node.ref_id("CustomerRef") != Some(old.customer_id.as_str()) && books.ledger.is_linked(&old.txn_id) {
        return Err(Refusal::new(
            3170,
            "The customer of a transaction that payments are applied to cannot be changed.",
        ));
    }
    let lines = line::modified(books, kind, &old.node, &given)?;
    node.children.retain(|child| !is_line(&child.name));
    let ignored = enter_lines(books, kind, &mut node, lines)?;
    if !node.children.iter().any(|child| is_line(&child.name)) {
        return Err(Refusal::empty_transaction(kind.spoken()));
    }
    for line in node.children.iter_mut().filter(|child| is_line(&child.name)) {
        line::number(line, books);
    }
    finish(books, kind, node, ignored)
}

/// Keeps the document with zero amounts (qbXML notes, section 10.10).
pub(crate) fn void(books: &mut Books, old: &Txn) -> Result<Txn, Refusal> {
    let mut node = old.node.clone();
    for line in node.children.iter_mut().filter(|child| is_line(&child.name)) {
        line::void(line);
    }
    let memo = node.text_of("Memo").unwrap_or_default();
    let memo = if memo.starts_with("VOID:") { memo.to_owned() } else { format!("VOID: {memo}").trim_end().to_owned() };
    node.set_text("Memo", memo);
    node.set_text("Subtotal", money::amount(0));
    if node.child("SalesTaxTotal").is_some() {
        node.set_text("SalesTaxTotal", money::amount(0));
    }
    if old.kind == TxnKind::CreditMemo {
        node.set_text("TotalAmount", money::amount(0));
    }
    finish(books, old.kind, node, false).map(|drafted| drafted.txn)
}

/// What a stored document comes to.
pub(crate) fn total(node: &Node) -> i64 {
    if node.is_true("IsPending") {
        return 0;
    }
    money::cents(node, "Subtotal").unwrap_or(0) + money::cents(node, "SalesTaxTotal").unwrap_or(0)
}

/// Prices the lines, computes the tax, and sets the document's sums.
fn enter_lines(books: &Books, kind: TxnKind, node: &mut Node, lines: Vec<line::Draft>) -> Result<bool, Refusal> {
    let too_large = |TooLarge| Refusal::new(3101, "The resulting amount is too large.");
    let mut above = Above::default();
    let mut sums = tax::Sums::default();
    let mut ignored = false;
    for draft in lines {
        let entered = draft.enter(books, kind, node, &mut above, &mut sums).map_err(too_large)?;
        ignored |= entered.rate_was_ignored;
        node.children.push(entered.node);
    }
    let percent = tax::percent(books, node);
    let tax = super::pricing::tax(sums.taxable, percent).map_err(too_large)?;
    let total =
        sums.subtotal.checked_add(tax).filter(|total| total.abs() <= CENTS_MAX).ok_or(TooLarge).map_err(too_large)?;
    node.set_text("Subtotal", money::amount(sums.subtotal));
    if books.company.charges_sales_tax {
        node.set_text("SalesTaxPercentage", money::number(percent));
        node.set_text("SalesTaxTotal", money::amount(tax));
    }
    if kind == TxnKind::CreditMemo {
        node.set_text("TotalAmount", money::amount(total));
    }
    Ok(ignored)
}

fn finish(books: &mut Books, kind: TxnKind, mut node: Node, rate_was_ignored: bool) -> Result<Drafted, Refusal> {
    let now = books.now;
    node.set_text("TimeModified", books.stamp());
    node.set_text("EditSequence", books.ids.edit_sequence(now));
    node.arrange(kind.order());
    let total = total(&node);
    let txn =
        Txn::from_node(kind, node, total).ok_or_else(|| Refusal::new(1000, "There has been an internal error."))?;
    Ok(Drafted { txn, rate_was_ignored })
}

/// As the kind stands in errors about references: `Invoice`.
fn capital(kind: TxnKind) -> String {
    kind.word().to_owned()
}

/// Whether an element is a line or a group of lines, in a request or an answer.
pub(crate) fn is_line(name: &str) -> bool {
    name.contains("Line") && (name.ends_with("Add") || name.ends_with("Mod") || name.ends_with("Ret"))
}

/// Whether an element ties the document to another.
fn is_link(name: &str) -> bool {
    matches!(name, "SetCredit" | "LinkToTxnID" | "LinkedTxn" | "AppliedToTxnRet")
}
