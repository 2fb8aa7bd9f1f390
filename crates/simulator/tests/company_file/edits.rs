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
