//! Customer payments, and what they and credits are applied to.

use super::Books;
use super::kind::List;
use super::ledger::{Link, Side};
use super::money;
use super::node::Node;
use super::refusal::Refusal;
use super::txns::{Txn, TxnKind};

/// A payment that passed all rules and is not entered yet.
pub(crate) struct Received {
    /// `None` where only credits are applied: QuickBooks makes the links and no transaction (qbXML notes, section 10.4).
    pub(crate) txn: Option<Txn>,
    /// What the payment pays, in the order of the request.
    pub(crate) links: Vec<(String, Link)>,
    /// What other credits pay on this occasion.
    pub(crate) credits: Vec<CreditUse>,
}

/// Part of a credit memo or earlier payment that pays a charge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CreditUse {
    pub(crate) credit: String,
    pub(crate) charge: String,
    pub(crate) amount: i64,
}

pub(crate) fn add(books: &mut Books, given: &Node) -> Result<Received, Refusal> {
    let mut given = given.clone();
    super::reference::resolve(&mut given, &books.lists, books.company.features(), "ReceivePayment")?;
    let mut node = Node::new(TxnKind::ReceivePayment.ret());
    for child in given.children.iter().filter(|child| !is_application(&child.name)) {
        node.set(child.clone());
    }
    fill_in(books, &mut node, given.child("RefNumber").is_some())?;
    let total = money::cents(&node, "TotalAmount").unwrap_or(0);
    let payer = Payer::of(books, &node, None)?;
    let (mut links, credits) = payer.applications(given.children_named("AppliedToTxnAdd"), total)?;
    if given.is_true("IsAutoApply") {
        links = payer.apply_automatically(total);
    }
    set_discount_accounts(&mut node, &given, &links, books);
    if total == 0 && links.is_empty() {
        if credits.is_empty() {
            return Err(Refusal::empty_transaction("payment"));
        }
        return Ok(Received { txn: None, links, credits });
    }
    let now = books.now;
    node.set_text("TxnID", books.ids.txn_id(now));
    node.set_text("TxnNumber", books.ids.txn_number().to_string());
    node.set_text("TimeCreated", books.stamp());
    finish(books, node, total, links, credits)
}

pub(crate) fn modify(books: &mut Books, old: &Txn, given: &Node) -> Result<Received, Refusal> {
    let mut given = given.clone();
    super::reference::resolve(&mut given, &books.lists, books.company.features(), "ReceivePayment")?;
    let mut node = old.node.clone();
    for child in given.children.iter().filter(|child| !is_application(&child.name)) {
        if !matches!(&*child.name, "TxnID" | "EditSequence") {
            node.set(child.clone());
        }
    }
    fill_in(books, &mut node, true)?;
    let total = money::cents(&node, "TotalAmount").unwrap_or(0);
    let payer = Payer::of(books, &node, Some(&old.txn_id))?;
    let wanted: Vec<&Node> = given.children_named("AppliedToTxnMod").collect();
    check_order(books, &old.txn_id, &wanted)?;
    let (links, credits) = if wanted.is_empty() {
        let kept: Vec<(String, Link)> =
            books.ledger.links_from(&old.txn_id).map(|(charge, link)| (charge.to_owned(), link)).collect();
        payer.check_sum(&kept, total)?;
        if node.ref_id("CustomerRef") != Some(old.customer_id.as_str()) && !kept.is_empty() {
            return Err(Refusal::new(3170, "The customer of a payment that is applied cannot be changed."));
        }
        (kept, Vec::new())
    } else {
        payer.applications(wanted.into_iter(), total)?
    };
    if !given.children_named("AppliedToTxnMod").all(|applied| applied.child("DiscountAccountRef").is_none()) {
        set_discount_accounts(&mut node, &given, &links, books);
    }
    finish(books, node, total, links, credits)
}

/// Credits that a document is given at once (`SetCredit` of an invoice).
pub(crate) fn credits_of_document(books: &Books, given: &Node, txn: &Txn) -> Result<Vec<CreditUse>, Refusal> {
    let payer = Payer::of(books, &txn.node, None)?;
    let mut open = txn.total;
    let credits = given.children_named("SetCredit").map(|set| {
        let credit = payer.credit(set, &txn.txn_id)?;
        open -= credit.amount;
        if open < 0 { Err(Refusal::overpaid(&money::amount(credit.amount))) } else { Ok(credit) }
    });
    credits.collect()
}

/// What money pays, and what other credits pay on the same occasion.
type Applications = (Vec<(String, Link)>, Vec<CreditUse>);

/// Who pays, and from which account receivable.
struct Payer<'a> {
    books: &'a Books,
    /// The customer and their jobs: a customer's payment may pay its jobs' invoices.
    customers: Vec<String>,
    account_id: String,
    /// The payment that is changed, whose own links do not count.
    changed: Option<&'a str>,
}

impl<'a> Payer<'a> {
    fn of(books: &'a Books, node: &Node, changed: Option<&'a str>) -> Result<Self, Refusal> {
        let customer_id = node.ref_id("CustomerRef").ok_or_else(|| Refusal::missing("CustomerRef"))?;
        let account_id = node.ref_id("ARAccountRef").unwrap_or_default().to_owned();
        Ok(Self { books, customers: books.lists.family(List::Names, customer_id), account_id, changed })
    }

    fn applications<'n>(&self, applied: impl Iterator<Item = &'n Node>, total: i64) -> Result<Applications, Refusal> {
        let mut links: Vec<(String, Link)> = Vec::new();
        let mut credits = Vec::new();
        for application in applied {
            let charge = self.charge(&self.books.txn_id_of(application, "TxnID")?)?;
            if links.iter().any(|(known, _)| *known == charge.txn_id) {
                return Err(Refusal::new(3177, format!("The object \"{}\" is linked twice.", charge.txn_id)));
            }
            let amount = money::cents(application, "PaymentAmount").unwrap_or(0);
            let discount = money::cents(application, "DiscountAmount").unwrap_or(0);
            if amount < 0 || discount < 0 {
                return Err(Refusal::overpaid(&money::amount(amount.min(discount))));
            }
            if discount > 0 && application.child("DiscountAccountRef").is_none() {
                return Err(Refusal::missing("DiscountAccountRef"));
            }
            let set: Vec<CreditUse> = application
                .children_named("SetCredit")
                .map(|set| self.credit(set, &charge.txn_id))
                .collect::<Result<_, _>>()?;
            let by_credit: i64 = set.iter().map(|credit| credit.amount).sum();
            if amount + discount + by_credit > self.open_amount(&charge.txn_id) {
                return Err(Refusal::overpaid(&money::amount(amount)));
            }
            if amount != 0 || discount != 0 {
                links.push((charge.txn_id.clone(), Link { amount, discount }));
            }
            credits.extend(set);
        }
        self.check_sum(&links, total)?;
        Ok((links, credits))
    }

    fn check_sum(&self, links: &[(String, Link)], total: i64) -> Result<(), Refusal> {
        let sum: i64 = links.iter().map(|(_, link)| link.amount).sum();
        if sum > total {
            let says = "The amounts applied add up to more than the amount of the payment.";
            return Err(Refusal::bad_property("TotalAmount", &money::amount(total), says));
        }
        Ok(())
    }

    /// An invoice that is open, of the payer's, in the same account.
    fn charge(&self, txn_id: &str) -> Result<&'a Txn, Refusal> {
        let not_found = || Refusal::object_not_found(txn_id);
        let txn = self.books.txns.get(txn_id).filter(|txn| txn.kind == TxnKind::Invoice).ok_or_else(not_found)?;
        if self.open_amount(txn_id) <= 0 || !self.customers.contains(&txn.customer_id) {
            return Err(not_found());
        }
        if txn.node.ref_id("ARAccountRef") != Some(self.account_id.as_str()) {
            let account = txn.node.child("ARAccountRef").and_then(|account| account.text_of("FullName"));
            return Err(Refusal::wrong_reference("Account", account.unwrap_or_default(), "payment"));
        }
        Ok(txn)
    }

    fn credit(&self, set: &Node, charge: &str) -> Result<CreditUse, Refusal> {
        let credit = self.books.txn_id_of(set, "CreditTxnID")?;
        let amount = money::cents(set, "AppliedAmount").unwrap_or(0);
        let ledger = &self.books.ledger;
        let posting = ledger.posting(&credit).filter(|posting| posting.side == Side::Credit);
        let posting = posting.filter(|posting| self.customers.contains(&posting.customer_id));
        if posting.is_none() {
            return Err(Refusal::object_not_found(&credit));
        }
        if amount <= 0 || amount > ledger.unused_amount(&credit) {
            let says = "The amount of credit applied exceeds the credit that is available.";
            return Err(Refusal::bad_property("AppliedAmount", &money::amount(amount), says));
        }
        Ok(CreditUse { credit, charge: charge.to_owned(), amount })
    }

    fn open_amount(&self, charge: &str) -> i64 {
        let ledger = &self.books.ledger;
        let own = self.changed.and_then(|payment| ledger.link_of(payment, charge));
        ledger.open_amount(charge) + own.map_or(0, |link| link.amount + link.discount)
    }

    /// First a transaction that is open by exactly this amount, else the oldest first.
    fn apply_automatically(&self, total: i64) -> Vec<(String, Link)> {
        let mut open: Vec<&Txn> = self.books.txns.iter().filter(|txn| self.charge(&txn.txn_id).is_ok()).collect();
        open.sort_by_key(|txn| (self.open_amount(&txn.txn_id) != total, txn.date, txn.number));
        let mut left = total;
        let mut links = Vec::new();
        for txn in open {
            let amount = left.min(self.open_amount(&txn.txn_id));
            if amount > 0 {
                links.push((txn.txn_id.clone(), Link { amount, discount: 0 }));
                left -= amount;
            }
        }
        links
    }
}

fn fill_in(books: &mut Books, node: &mut Node, has_ref_number: bool) -> Result<(), Refusal> {
    if node.ref_id("CustomerRef").is_none() {
        return Err(Refusal::missing("CustomerRef"));
    }
    if node.child("TxnDate").is_none() {
        node.set_text("TxnDate", books.today().to_string());
    }
    let date = node.text_of("TxnDate").and_then(|date| date.parse().ok());
    if date.is_some_and(|date| books.company.is_closed_on(date)) {
        return Err(Refusal::closed_books());
    }
    if !has_ref_number {
        // Payments are not numbered by QuickBooks: an absent check number stays absent.
        node.children.retain(|child| child.name != "RefNumber");
    }
    let total = money::cents(node, "TotalAmount").unwrap_or(0);
    if total < 0 {
        return Err(Refusal::bad_property("TotalAmount", &money::amount(total), "The amount must not be negative."));
    }
    node.set_text("TotalAmount", money::amount(total));
    for (name, account_type) in [("ARAccountRef", "AccountsReceivable"), ("DepositToAccountRef", "")] {
        if node.child(name).is_none() {
            let account = match account_type {
                "" => books.undeposited_funds(),
                account_type => books.account_of_type(account_type),
            };
            let account = account.ok_or_else(|| Refusal::missing(name))?.as_reference();
            node.children.push(Node::with(name, account));
        }
    }
    check_accounts(books, node)
}

fn check_accounts(books: &Books, node: &Node) -> Result<(), Refusal> {
    let account_type = |name: &str| node.ref_id(name).and_then(|account| books.account_type(account));
    let called = |name: &str| node.child(name).and_then(|account| account.text_of("FullName")).unwrap_or_default();
    if account_type("ARAccountRef") != Some("AccountsReceivable") {
        return Err(Refusal::wrong_reference("Account", called("ARAccountRef"), "A/R account"));
    }
    if !matches!(account_type("DepositToAccountRef"), Some("Bank" | "OtherCurrentAsset")) {
        return Err(Refusal::wrong_reference("Account", called("DepositToAccountRef"), "deposit account"));
    }
    Ok(())
}

/// The applications that are kept must not change places.
fn check_order(books: &Books, txn_id: &str, wanted: &[&Node]) -> Result<(), Refusal> {
    let stored: Vec<&str> = books.ledger.links_from(txn_id).map(|(charge, _)| charge).collect();
    let places = wanted.iter().filter_map(|applied| {
        let wanted = applied.text_of("TxnID")?;
        stored.iter().position(|charge| *charge == wanted)
    });
    if places.is_sorted() { Ok(()) } else { Err(Refusal::lines_out_of_order()) }
}

/// Remembers to which account each discount goes; amounts are the ledger's.
fn set_discount_accounts(node: &mut Node, given: &Node, links: &[(String, Link)], books: &Books) {
    node.children.retain(|child| child.name != "AppliedToTxnRet");
    for application in given.children.iter().filter(|child| child.name.starts_with("AppliedToTxn")) {
        let charge = books.txn_id_of(application, "TxnID").unwrap_or_default();
        let discount = links.iter().find(|(known, link)| *known == charge && link.discount != 0);
        if let (Some(_), Some(account)) = (discount, application.child("DiscountAccountRef")) {
            let children = vec![Node::leaf("TxnID", charge), account.clone()];
            node.children.push(Node::with("AppliedToTxnRet", children));
        }
    }
}

fn finish(
    books: &mut Books,
    mut node: Node,
    total: i64,
    links: Vec<(String, Link)>,
    credits: Vec<CreditUse>,
) -> Result<Received, Refusal> {
    let now = books.now;
    node.set_text("TimeModified", books.stamp());
    node.set_text("EditSequence", books.ids.edit_sequence(now));
    node.arrange(TxnKind::ReceivePayment.order());
    let txn = Txn::from_node(TxnKind::ReceivePayment, node, total);
    let txn = txn.ok_or_else(|| Refusal::new(1000, "There has been an internal error."))?;
    Ok(Received { txn: Some(txn), links, credits })
}

fn is_application(name: &str) -> bool {
    matches!(name, "IsAutoApply" | "AppliedToTxnAdd" | "AppliedToTxnMod" | "CreditCardTxnInfo" | "CreditCardTxnInfoMod")
}
