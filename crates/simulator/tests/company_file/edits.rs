//! What a person does between visits, in words.

use bookferry_simulator::company_file::{CompanyFile, SetupError};
use jiff::Timestamp;

use crate::desk::{Desk, NOON};

fn now() -> Timestamp {
    NOON.parse().unwrap()
}

fn edited(edits: &[&str]) -> Desk {
    let mut file = CompanyFile::sample("Test Company", now());
    for edit in edits {
        does(&mut file, edit);
    }
    Desk::with(file, now())
}

fn does(file: &mut CompanyFile, edit: &str) {
    file.edit(&edit.parse().unwrap(), now()).unwrap_or_else(|error| panic!("{edit}: {error}"));
}

/// Status and message of what QuickBooks does not let its own user do either.
fn refused(desk: &mut Desk, edit: &str) -> (i32, String) {
    match desk.file.edit(&edit.parse().unwrap(), now()) {
        Err(SetupError::Refused { code, message }) => (code, message),
        Err(error) => (0, error.to_string()),
        Ok(()) => panic!("{edit} was done"),
    }
}

#[test]
fn entries_of_every_kind_are_added_renamed_deactivated_and_deleted() {
    let mut desk = edited(&["add item Glass"]);
    for kind in bookferry_simulator::company_file::Edit::kinds() {
        for deed in ["add KIND New KIND", "rename KIND New KIND to Old KIND", "deactivate KIND Old KIND"] {
            does(&mut desk.file, &deed.replace("KIND", kind));
        }
        assert!(refused(&mut desk, &format!("add {kind} Old {kind}")).0 == 3100, "{kind}: an inactive name is taken");
        does(&mut desk.file, &format!("activate {kind} Old {kind}"));
        does(&mut desk.file, &format!("delete {kind} Old {kind}"));
        assert!(refused(&mut desk, &format!("delete {kind} Old {kind}")).1.starts_with("there is no "), "{kind}");
    }
    does(&mut desk.file, "add customer Anna");
    does(&mut desk.file, "add customer Anna:House");
    let rs = desk.ok("<CustomerQueryRq><FullName>Anna:House</FullName></CustomerQueryRq>");
    assert_eq!(rs.text("CustomerRet/ParentRef/FullName"), "Anna");
}

#[test]
fn documents_are_added_changed_paid_voided_and_deleted() {
    let mut desk = edited(&[
        "add customer Anna",
        "add item Glass",
        "add invoice 1042 for Anna of 125.00 on 2026-11-01",
        "pay invoice 1042 25.00",
        "change invoice 1042 memo Bay 3",
        "add payment 881 for Anna of 10.00",
    ]);
    let query = "<InvoiceQueryRq><RefNumber>1042</RefNumber></InvoiceQueryRq>";
    let rs = desk.ok(query);
    let texts = ["TxnDate", "Subtotal", "BalanceRemaining", "Memo"]
        .map(|name| rs.text(&format!("InvoiceRet/{name}")).to_owned());
    assert_eq!(texts, ["2026-11-01", "125.00", "100.00", "Bay 3"]);
    assert_eq!(refused(&mut desk, "delete item Glass").0, 3160);
    assert_eq!(refused(&mut desk, "pay invoice 1042 100.01").0, 3210);
    does(&mut desk.file, "close books 2026-11-01");
    assert_eq!(refused(&mut desk, "void invoice 1042").0, 3171);
    does(&mut desk.file, "open books");
    does(&mut desk.file, "void invoice 1042");
    assert_eq!(desk.ok(query).text("InvoiceRet/Subtotal"), "0.00");
    does(&mut desk.file, "delete invoice 1042");
    does(&mut desk.file, "delete payment 881");
    assert_eq!(refused(&mut desk, "void invoice 1042"), (0, "there is no invoice \"1042\"".to_owned()));
    for _ in 0..2 {
        does(&mut desk.file, "add invoice 7 for Anna of 1.00");
    }
    assert_eq!(refused(&mut desk, "void invoice 7"), (0, "there are several: invoice \"7\"".to_owned()));
}

#[test]
fn amounts_are_changed_before_sales_tax_and_with_what_is_paid() {
    let mut desk = edited(&[
        "add customer Anna",
        "add item Glass",
        "add invoice 1042 for Anna of 125.00",
        "add invoice 1043 for Anna of 50.00",
        "change invoice 1042 amount 250.00",
    ]);
    let open = |desk: &mut Desk, number: &str| {
        let rs = desk.ok(&format!("<InvoiceQueryRq><RefNumber>{number}</RefNumber></InvoiceQueryRq>"));
        ["Subtotal", "BalanceRemaining"].map(|name| rs.text(&format!("InvoiceRet/{name}")).to_owned())
    };
    assert_eq!(open(&mut desk, "1042"), ["250.00", "250.00"]);
    let invoices = ["1042", "1043"].map(|number| {
        desk.ok(&format!("<InvoiceQueryRq><RefNumber>{number}</RefNumber></InvoiceQueryRq>"))
            .text("InvoiceRet/TxnID")
            .to_owned()
    });
    let applied: String = invoices
        .iter()
        .zip(["100.00", "50.00"])
        .map(|(id, paid)| {
            format!("<AppliedToTxnAdd><TxnID>{id}</TxnID><PaymentAmount>{paid}</PaymentAmount></AppliedToTxnAdd>")
        })
        .collect();
    desk.ok(&format!(
        "<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>\
         <RefNumber>881</RefNumber><TotalAmount>150.00</TotalAmount>{applied}</ReceivePaymentAdd></ReceivePaymentAddRq>"
    ));
    does(&mut desk.file, "change payment 881 amount 120.00");
    assert_eq!(
        (open(&mut desk, "1042"), open(&mut desk, "1043")),
        (owned(["250.00", "150.00"]), owned(["50.00", "30.00"]))
    );
    does(&mut desk.file, "change payment 881 amount 500.00");
    assert_eq!(desk.file.report().transactions["ReceivePayment"].open, "380.00", "what is more stays credit");
}

fn owned(texts: [&str; 2]) -> [String; 2] {
    texts.map(str::to_owned)
}

#[test]
fn what_names_a_merged_entry_names_the_one_that_stays() {
    let mut desk = edited(&[
        "add customer Smith",
        "add customer Smith, John",
        "add customer Smith, John:Car",
        "add item Glass",
        "add item Glass pane",
        "add invoice 1042 for Smith of 125.00",
        "pay invoice 1042 25.00",
    ]);
    let smith =
        desk.ok("<CustomerQueryRq><FullName>Smith</FullName></CustomerQueryRq>").text("CustomerRet/ListID").to_owned();
    assert!(refused(&mut desk, "merge customer Smith, John into Smith").1.contains("stand below"));
    assert!(refused(&mut desk, "merge customer Smith into Smith").1.contains("with itself"));
    assert!(refused(&mut desk, "merge item Glass into Smith").1.starts_with("there is no "), "of another list");
    let before = desk.ok("<InvoiceQueryRq><RefNumber>1042</RefNumber></InvoiceQueryRq>");
    does(&mut desk.file, "merge customer Smith into Smith, John");
    does(&mut desk.file, "merge item Glass into Glass pane");
    let after = desk
        .ok("<InvoiceQueryRq><RefNumber>1042</RefNumber><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>");
    let names = ["CustomerRef/FullName", "InvoiceLineRet/ItemRef/FullName", "BalanceRemaining"];
    let shown = names.map(|name| after.text(&format!("InvoiceRet/{name}")).to_owned());
    assert_eq!(shown, ["Smith, John", "Glass pane", "100.00"]);
    assert_eq!(after.text("InvoiceRet/EditSequence"), before.text("InvoiceRet/EditSequence"));
    let john = desk.ok("<CustomerQueryRq><FullName>Smith, John</FullName></CustomerQueryRq>");
    assert_eq!(john.text("CustomerRet/Balance"), "100.00");
    assert_eq!(desk.ask("<CustomerQueryRq><FullName>Smith</FullName></CustomerQueryRq>").code, 500);
    let gone = desk.ok("<ListDeletedQueryRq><ListDelType>Customer</ListDelType></ListDeletedQueryRq>");
    assert_eq!(gone.texts("ListDeletedRet/ListID"), [smith.as_str()]);
    does(&mut desk.file, "pay invoice 1042 100.00");
}

#[test]
fn preferences_are_switched() {
    let mut desk = edited(&["switch on classes", "switch off sales-tax"]);
    let company = desk.file.company();
    assert_eq!((company.uses_classes, company.charges_sales_tax), (true, false));
    for edit in ["switch off classes", "switch on sales-tax"] {
        does(&mut desk.file, edit);
    }
    let company = desk.file.company();
    assert_eq!((company.uses_classes, company.charges_sales_tax), (false, true));
}
