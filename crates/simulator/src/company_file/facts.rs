//! What QuickBooks says of itself, of the company and of its preferences.

use super::Books;
use super::kind::List;
use super::node::Node;

/// The versions of qbXML that this QuickBooks takes.
const VERSIONS: [&str; 19] = [
    "1.0", "1.1", "2.0", "2.1", "3.0", "4.0", "4.1", "5.0", "6.0", "7.0", "8.0", "9.0", "10.0", "11.0", "12.0", "13.0",
    "14.0", "15.0", "16.0",
];

pub(crate) fn is_supported(version: &str) -> bool {
    VERSIONS.contains(&version)
}

pub(crate) fn host() -> Node {
    let mut host = Node::with(
        "HostRet",
        vec![
            Node::leaf("ProductName", "Simulated QuickBooks Enterprise Solutions 24.0"),
            Node::leaf("MajorVersion", "34"),
            Node::leaf("MinorVersion", "0"),
            Node::leaf("Country", "US"),
        ],
    );
    host.children.extend(VERSIONS.map(|version| Node::leaf("SupportedQBXMLVersion", version)));
    host.children.push(Node::leaf("IsAutomaticLogin", "false"));
    host.children.push(Node::leaf("QBFileMode", "SingleUser"));
    host
}

/// Data extensions come back only for the owners that are asked for.
pub(crate) fn company(books: &Books, request: &Node) -> Node {
    let company = &books.company;
    let mut node = Node::with(
        "CompanyRet",
        vec![
            Node::leaf("IsSampleCompany", "false"),
            Node::leaf("CompanyName", company.name.clone()),
            Node::leaf("LegalCompanyName", company.name.clone()),
            Node::leaf("FirstMonthFiscalYear", "January"),
            Node::leaf("FirstMonthIncomeTaxYear", "January"),
        ],
    );
    for owner_id in request.texts_of("OwnerID") {
        let owner_id = owner_id.to_ascii_uppercase();
        if let Some(file_id) = company.file_ids.get(&owner_id) {
            let extension = vec![
                Node::leaf("OwnerID", owner_id),
                Node::leaf("DataExtName", "FileID"),
                Node::leaf("DataExtType", "STR255TYPE"),
                Node::leaf("DataExtValue", file_id.clone()),
            ];
            node.children.push(Node::with("DataExtRet", extension));
        }
    }
    node
}

pub(crate) fn preferences(books: &Books) -> Node {
    let company = &books.company;
    let truth = |name: &'static str, value: bool| Node::leaf(name, if value { "true" } else { "false" });
    let mut accounting = vec![
        truth("IsUsingAccountNumbers", false),
        truth("IsRequiringAccounts", true),
        truth("IsUsingClassTracking", company.uses_classes),
        truth("IsUsingAuditTrail", true),
        truth("IsAssigningJournalEntryNumbers", true),
    ];
    accounting.extend(company.closing_date.map(|date| Node::leaf("ClosingDate", date.to_string())));
    let purchases = vec![
        truth("IsUsingInventory", true),
        Node::leaf("DaysBillsAreDue", "10"),
        truth("IsAutomaticallyUsingDiscounts", false),
    ];
    let sales = vec![
        truth("IsTrackingReimbursedExpensesAsIncome", false),
        truth("IsAutoApplyingPayments", company.applies_payments_automatically),
    ];
    let mut groups = vec![
        Node::with("AccountingPreferences", accounting),
        Node::with("MultiCurrencyPreferences", vec![truth("IsMultiCurrencyOn", false)]),
        Node::with("PurchasesAndVendorsPreferences", purchases),
        Node::with("SalesAndCustomersPreferences", sales),
    ];
    groups.extend(sales_tax(books));
    let rights = vec![truth("IsAutomaticLoginAllowed", false), truth("IsPersonalDataAccessAllowed", false)];
    groups.push(Node::with("CurrentAppAccessRights", rights));
    Node::with("PreferencesRet", groups)
}

/// Absent where the company charges no sales tax.
fn sales_tax(books: &Books) -> Option<Node> {
    let company = &books.company;
    let entry = |list: List, name: &str| books.lists.of(list).by_full_name(name).map(|entry| entry.as_reference());
    if !company.charges_sales_tax {
        return None;
    }
    Some(Node::with(
        "SalesTaxPreferences",
        vec![
            Node::with("DefaultItemSalesTaxRef", entry(List::Items, &company.default_sales_tax_item)?),
            Node::leaf("PaySalesTax", "Monthly"),
            Node::with("DefaultTaxableSalesTaxCodeRef", entry(List::SalesTaxCodes, &company.default_taxable_code)?),
            Node::with(
                "DefaultNonTaxableSalesTaxCodeRef",
                entry(List::SalesTaxCodes, &company.default_non_taxable_code)?,
            ),
        ],
    ))
}
