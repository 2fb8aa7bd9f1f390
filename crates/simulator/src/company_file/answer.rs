//! How entries and transactions are answered.

use super::Books;
use super::kind::Kind;
use super::ledger::Link;
use super::lists::ListEntry;
use super::money;
use super::node::Node;
use super::txns::{Txn, TxnKind};

/// How much of an object is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Portion {
    pub(crate) lines: bool,
    pub(crate) linked: bool,
    /// Only these elements, where any are named; unknown names are ignored (qbXML notes, section 7).
    pub(crate) elements: Vec<String>,
}

impl Portion {
    /// Everything, as in the answer to an Add.
    pub(crate) const WHOLE: Self = Self { lines: true, linked: true, elements: Vec::new() };

    pub(crate) fn asked_by(request: &Node) -> Self {
        Self {
            lines: request.is_true("IncludeLineItems"),
            linked: request.is_true("IncludeLinkedTxns"),
            elements: request.texts_of("IncludeRetElement").map(str::to_owned).collect(),
        }
    }

    /// Add and Mod take no switches, only names of elements.
    pub(crate) fn of_write(request: &Node) -> Self {
        Self { elements: Self::asked_by(request).elements, ..Self::WHOLE }
    }

    fn cut(&self, mut node: Node) -> Node {
        if !self.elements.is_empty() {
            node.children.retain(|child| self.elements.iter().any(|name| *name == child.name));
        }
        node
    }
}

pub(crate) fn entry(books: &Books, entry: &ListEntry, portion: &Portion) -> Node {
    let mut computed = Vec::new();
    if entry.kind == Kind::Customer {
        computed.push(Node::leaf("Balance", money::amount(books.ledger.balance(&entry.list_id))));
        computed.push(Node::leaf("TotalBalance", money::amount(books.total_balance(&entry.list_id))));
    }
    portion.cut(merged(&entry.node, computed, entry.kind.order(), |_| true))
}

pub(crate) fn txn(books: &Books, txn: &Txn, portion: &Portion) -> Node {
    let computed = match txn.kind {
        TxnKind::Invoice => invoice(books, txn, portion),
        TxnKind::CreditMemo => credit_memo(books, txn, portion),
        TxnKind::ReceivePayment => payment(books, txn, portion),
    };
    let stored = |child: &Node| match txn.kind {
        TxnKind::ReceivePayment => child.name != "AppliedToTxnRet",
        TxnKind::Invoice | TxnKind::CreditMemo => portion.lines || !super::document::is_line(&child.name),
    };
    portion.cut(merged(&txn.node, computed, txn.kind.order(), stored))
}

fn invoice(books: &Books, txn: &Txn, portion: &Portion) -> Vec<Node> {
    let applied = books.ledger.applied_to(&txn.txn_id);
    let open = txn.total - applied;
    let is_paid = open == 0 && !txn.node.is_true("IsPending");
    let mut computed = vec![
        // What was applied counts negative, as our notes on InvoiceRet say (unverified there).
        Node::leaf("AppliedAmount", money::amount(-applied)),
        Node::leaf("BalanceRemaining", money::amount(open)),
        Node::leaf("IsPaid", if is_paid { "true" } else { "false" }),
    ];
    if portion.linked {
        let links = books.ledger.links_to(&txn.txn_id);
        computed.extend(links.filter_map(|(credit, link)| linked(books, credit, -(link.amount + link.discount))));
    }
    computed
}

fn credit_memo(books: &Books, txn: &Txn, portion: &Portion) -> Vec<Node> {
    let mut computed = vec![Node::leaf("CreditRemaining", money::amount(books.ledger.unused_amount(&txn.txn_id)))];
    if portion.linked {
        let links = books.ledger.links_from(&txn.txn_id);
        computed.extend(links.filter_map(|(charge, link)| linked(books, charge, link.amount)));
    }
    computed
}

fn payment(books: &Books, txn: &Txn, portion: &Portion) -> Vec<Node> {
    let mut computed = vec![
        Node::leaf("UnusedPayment", money::amount(books.ledger.unused_amount(&txn.txn_id))),
        Node::leaf("UnusedCredits", money::amount(0)),
    ];
    if portion.lines {
        let links = books.ledger.links_from(&txn.txn_id);
        computed.extend(links.filter_map(|(charge, link)| applied_to(books, txn, charge, link)));
    }
    computed
}

fn applied_to(books: &Books, payment: &Txn, charge: &str, link: Link) -> Option<Node> {
    let txn = books.txns.get(charge)?;
    let mut node = Node::with("AppliedToTxnRet", identity(txn));
    node.set_text("BalanceRemaining", money::amount(books.ledger.open_amount(charge)));
    node.set_text("Amount", money::amount(link.amount));
    if link.discount != 0 {
        node.set_text("DiscountAmount", money::amount(link.discount));
        let mut remembered = payment.node.children_named("AppliedToTxnRet");
        let account = remembered.find(|applied| applied.text_of("TxnID") == Some(charge));
        node.children.extend(account.and_then(|applied| applied.child("DiscountAccountRef").cloned()));
    }
    Some(node)
}

fn linked(books: &Books, txn_id: &str, amount: i64) -> Option<Node> {
    let mut node = Node::with("LinkedTxn", identity(books.txns.get(txn_id)?));
    node.set_text("LinkType", "AMTTYPE");
    node.set_text("Amount", money::amount(amount));
    Some(node)
}

fn identity(txn: &Txn) -> Vec<Node> {
    let mut children = vec![
        Node::leaf("TxnID", txn.txn_id.clone()),
        Node::leaf("TxnType", txn.kind.word()),
        Node::leaf("TxnDate", txn.date.to_string()),
    ];
    children.extend(txn.node.child("RefNumber").cloned());
    children
}

/// The stored elements, which are in order, with the computed ones among them.
fn merged(stored: &Node, computed: Vec<Node>, order: &[&str], keeps: impl Fn(&Node) -> bool) -> Node {
    let mut node = Node { name: stored.name.clone(), ..Node::default() };
    node.children.reserve(stored.children.len() + computed.len());
    let mut rest = stored.children.iter().peekable();
    for name in order {
        let is_here =
            |child: &&Node| child.name == *name || (name.ends_with("LineRet") && child.name.ends_with("LineGroupRet"));
        while let Some(child) = rest.next_if(is_here) {
            if keeps(child) {
                node.children.push(child.clone());
            }
        }
        node.children.extend(computed.iter().filter(|child| child.name == *name).cloned());
    }
    node
}
