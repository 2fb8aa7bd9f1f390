use jiff::ToSpan;

use crate::company_file::Books;
use crate::company_file::address;
use crate::company_file::kind::List;
use crate::company_file::lists::ListEntry;
use crate::company_file::node::Node;
use crate::company_file::refusal::Refusal;
use crate::company_file::txns::TxnKind;

/// What must hold of the fields that are given, in an Add and in a Mod.
pub(crate) fn check(books: &Books, given: &Node) -> Result<(), Refusal> {
    if let Some(date) = given.text_of("TxnDate").and_then(|date| date.parse().ok())
        && books.company.is_closed_on(date)
    {
        return Err(Refusal::closed_books());
    }
    for name in ["BillAddress", "ShipAddress"] {
        given.child(name).map_or(Ok(()), address::check)?;
    }
    if let Some(account) = given.ref_id("ARAccountRef")
        && books.account_type(account) != Some("AccountsReceivable")
    {
        let name = given.child("ARAccountRef").and_then(|reference| reference.text_of("FullName")).unwrap_or_default();
        return Err(Refusal::wrong_reference("Account", name, "A/R account"));
    }
    check_links(given)
}

/// Fills in what an Add leaves to QuickBooks.
pub(crate) fn fill_in(books: &mut Books, kind: TxnKind, node: &mut Node, given: &Node) -> Result<(), Refusal> {
    let customer_id = node.ref_id("CustomerRef").ok_or_else(|| Refusal::missing("CustomerRef"))?.to_owned();
    if node.child("TxnDate").is_none() {
        node.set_text("TxnDate", books.today().to_string());
        check(books, node)?;
    }
    match given.child("RefNumber") {
        Some(_) => books.note_ref_number(node.text_of("RefNumber").unwrap_or_default()),
        None => node.set_text("RefNumber", books.next_ref_number()),
    }
    if node.child("ARAccountRef").is_none() {
        let account = books.account_of_type("AccountsReceivable").ok_or_else(|| Refusal::missing("ARAccountRef"))?;
        node.children.push(Node::with("ARAccountRef", account.as_reference()));
    }
    let customer = books.lists.customer(&customer_id).cloned();
    let customer = customer.ok_or_else(|| Refusal::missing("CustomerRef"))?;
    for name in ["TermsRef", "SalesRepRef", "BillAddress", "ShipAddress"] {
        if node.child(name).is_none()
            && let Some(own) = customer.node.child(name)
        {
            node.children.push(own.clone());
        }
    }
    if books.company.charges_sales_tax {
        fill_in_tax(books, node, &customer);
    } else {
        node.children.retain(|child| child.name != "CustomerSalesTaxCodeRef");
    }
    for (name, value) in [("IsPending", "false"), ("IsToBePrinted", "true"), ("IsToBeEmailed", "false")] {
        if node.child(name).is_none() {
            node.set_text(name, value);
        }
    }
    if kind == TxnKind::Invoice && node.child("IsFinanceCharge").is_none() {
        node.set_text("IsFinanceCharge", "false");
    }
    complete(books, node, &customer)
}

/// The same after a Mod: dates and addresses follow what was changed.
pub(crate) fn fill_in_again(books: &Books, kind: TxnKind, node: &mut Node, given: &Node) -> Result<(), Refusal> {
    let customer_id = node.ref_id("CustomerRef").ok_or_else(|| Refusal::missing("CustomerRef"))?;
    let customer = books.lists.customer(customer_id).ok_or_else(|| Refusal::missing("CustomerRef"))?.clone();
    if node.child("TxnDate").is_none() {
        node.set_text("TxnDate", books.today().to_string());
    }
    let moves_due_date = given.child("TermsRef").is_some() || given.child("TxnDate").is_some();
    if moves_due_date && given.child("DueDate").is_none() && kind == TxnKind::Invoice {
        node.children.retain(|child| child.name != "DueDate");
    }
    complete(books, node, &customer)
}

fn complete(books: &Books, node: &mut Node, customer: &ListEntry) -> Result<(), Refusal> {
    if node.child("DueDate").is_none() {
        let due = due_date(books, node);
        node.set_text("DueDate", due);
    }
    if node.child("ShipDate").is_none() {
        let date = node.text_of("TxnDate").unwrap_or_default().to_owned();
        node.set_text("ShipDate", date);
    }
    if node.is_true("IsToBeEmailed") && customer.node.text_of("Email").is_none() {
        return Err(Refusal::bad_property(
            "IsToBeEmailed",
            "true",
            "The customer does not have a valid e-mail address.",
        ));
    }
    address::set_block(node, "BillAddress", "BillAddressBlock");
    address::set_block(node, "ShipAddress", "ShipAddressBlock");
    Ok(())
}

/// The date plus the days of the terms, if there are any.
fn due_date(books: &Books, node: &Node) -> String {
    let date = node.text_of("TxnDate").unwrap_or_default();
    let terms = node.ref_id("TermsRef").and_then(|terms| books.lists.of(List::Terms).by_id(terms));
    let days: Option<i64> = terms.and_then(|terms| terms.node.text_of("StdDueDays")?.parse().ok());
    match (date.parse::<jiff::civil::Date>(), days) {
        (Ok(day), Some(days)) => day.saturating_add(days.min(100_000).days()).to_string(),
        _ => date.to_owned(),
    }
}

fn fill_in_tax(books: &Books, node: &mut Node, customer: &ListEntry) {
    if node.child("ItemSalesTaxRef").is_none() {
        let own = customer.node.child("ItemSalesTaxRef").cloned();
        let default = || {
            let item = books.lists.of(List::Items).by_full_name(&books.company.default_sales_tax_item)?;
            Some(Node::with("ItemSalesTaxRef", item.as_reference()))
        };
        node.children.extend(own.or_else(default));
    }
    if node.child("CustomerSalesTaxCodeRef").is_none() {
        let own = customer.node.child("SalesTaxCodeRef").map(|code| code.children.clone());
        let default = || {
            let code = books.lists.of(List::SalesTaxCodes).by_full_name(&books.company.default_taxable_code)?;
            Some(code.as_reference())
        };
        let code = own.or_else(default);
        node.children.extend(code.map(|code| Node::with("CustomerSalesTaxCodeRef", code)));
    }
}

/// Links to estimates and sales orders, of which this company has none.
fn check_links(given: &Node) -> Result<(), Refusal> {
    let mut linked: Vec<&str> = given.texts_of("LinkToTxnID").collect();
    let line_links = given.children.iter().filter(|child| super::is_line(&child.name));
    linked.extend(line_links.filter_map(|line| line.child("LinkToTxn")?.text_of("TxnID")));
    let Some(first) = linked.first() else {
        return Ok(());
    };
    let is_double = given.texts_of("LinkToTxnID").filter(|id| id == first).count() > 1;
    Err(if is_double {
        Refusal::new(3177, format!("The object \"{first}\" is linked more than once in the request."))
    } else {
        Refusal::object_not_found(first)
    })
}
