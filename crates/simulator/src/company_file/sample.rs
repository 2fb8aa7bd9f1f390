//! What a company file holds when it is made for a rehearsal.

use jiff::Timestamp;

use super::Books;
use super::company::Company;
use super::entry;
use super::kind::Kind;
use super::node::Node;

/// A company in the United States with the lists that QuickBooks itself sets up: accounts, terms, payment methods, tax
/// codes and a tax item of 8 %.
pub(crate) fn books(name: &str, now: Timestamp) -> Books {
    let mut books = Books::new(Company::named(name), now);
    for (account, account_type, special) in [
        ("Checking", "Bank", ""),
        ("Accounts Receivable", "AccountsReceivable", "AccountsReceivable"),
        ("Undeposited Funds", "OtherCurrentAsset", "UndepositedFunds"),
        ("Inventory Asset", "OtherCurrentAsset", "InventoryAssets"),
        ("Sales Tax Payable", "OtherCurrentLiability", "SalesTaxPayable"),
        ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
        ("Services", "Income", ""),
        ("Sales Discounts", "Income", ""),
        ("Cost of Goods Sold", "CostOfGoodsSold", "CostOfGoodsSold"),
        ("Supplies", "Expense", ""),
    ] {
        let fields = [("Name", account), ("AccountType", account_type), ("SpecialAccountType", special)];
        add(&mut books, Kind::Account, &fields);
    }
    for (name, is_taxable, desc) in [("Tax", "true", "Taxable Sales"), ("Non", "false", "Non-Taxable Sales")] {
        add(&mut books, Kind::SalesTaxCode, &[("Name", name), ("IsTaxable", is_taxable), ("Desc", desc)]);
    }
    for (name, days) in [("Due on receipt", "0"), ("Net 15", "15"), ("Net 30", "30"), ("Net 60", "60")] {
        add(&mut books, Kind::StandardTerms, &[("Name", name), ("StdDueDays", days)]);
    }
    for (name, method) in [
        ("Cash", "Cash"),
        ("Check", "Check"),
        ("American Express", "AmericanExpress"),
        ("Discover", "Discover"),
        ("MasterCard", "MasterCard"),
        ("Visa", "Visa"),
        ("E-Check", "ECheck"),
    ] {
        add(&mut books, Kind::PaymentMethod, &[("Name", name), ("PaymentMethodType", method)]);
    }
    add(&mut books, Kind::Template, &[("Name", "Intuit Product Invoice"), ("TemplateType", "Invoice")]);
    add(&mut books, Kind::Vendor, &[("Name", "State Board of Equalization")]);
    let tax = [("Name", "State Tax"), ("ItemDesc", "Sales Tax"), ("TaxRate", "8.0")];
    add(&mut books, Kind::ItemSalesTax, &tax);
    let out_of_state =
        [("Name", "Out of State"), ("ItemDesc", "Out-of-state sale, exempt from sales tax"), ("TaxRate", "0.0")];
    add(&mut books, Kind::ItemSalesTax, &out_of_state);
    books
}

/// Adds an entry of the set-up, whose names are known to be free.
fn add(books: &mut Books, kind: Kind, fields: &[(&'static str, &str)]) {
    let given =
        fields.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| Node::leaf(name, *text)).collect();
    if let Ok(entry) = entry::add(books, kind, &Node::with("Add", given)) {
        books.enter_entry(entry);
    }
}
