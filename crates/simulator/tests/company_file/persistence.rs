use bookferry_simulator::company_file::CompanyFile;
use jiff::Timestamp;

use crate::desk::{Desk, NOON, SERVICE};
use crate::documents::{invoice, line};
use crate::payments::{applied, payment};

const EVERYTHING: [&str; 8] = [
    "<CustomerQueryRq><ActiveStatus>All</ActiveStatus></CustomerQueryRq>",
    "<ItemQueryRq><ActiveStatus>All</ActiveStatus></ItemQueryRq>",
    "<AccountQueryRq/>",
    "<InvoiceQueryRq><IncludeLineItems>true</IncludeLineItems><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>",
    "<ReceivePaymentQueryRq><IncludeLineItems>true</IncludeLineItems></ReceivePaymentQueryRq>",
    "<TxnDeletedQueryRq><TxnDelType>Invoice</TxnDelType></TxnDeletedQueryRq>",
    "<CompanyQueryRq><OwnerID>{57f3b9b6-86f1-4fcc-b1ff-966de1813d20}</OwnerID></CompanyQueryRq>",
    "<PreferencesQueryRq/>",
];

fn everything(desk: &mut Desk) -> String {
    desk.process("onError=\"continueOnError\"", &EVERYTHING.concat()).xml
}

fn noon() -> Timestamp {
    NOON.parse().unwrap()
}

#[test]
fn a_file_that_is_opened_again_answers_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("company.qbsim");
    let mut desk = Desk::with(CompanyFile::open(&path, "Kept", noon()).unwrap(), noon());
    desk.ok("<CustomerAddRq><CustomerAdd><Name>Anna</Name><Notes>M&#252;ller &amp; \"Co\"</Notes></CustomerAdd></CustomerAddRq>");
    desk.ok(&format!(
        "<ItemServiceAddRq><ItemServiceAdd><Name>Glass</Name>{SERVICE}</ItemServiceAdd></ItemServiceAddRq>"
    ));
    let ids: Vec<String> =
        (0..4).map(|_| desk.ok(&invoice("", &line("Glass", ""))).text("InvoiceRet/TxnID").to_owned()).collect();
    desk.ok(&payment("150.00", &[applied(&ids[2], "100.00"), applied(&ids[0], "20.00")].concat()));
    desk.ok(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{}</TxnID></TxnDelRq>", ids[3]));
    desk.file
        .write_file_id("{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}", "{11111111-2222-3333-4444-555555555555}")
        .unwrap();
    let set = "onError=\"continueOnError\" newMessageSetID=\"kept\"";
    let stored = desk.process(set, &invoice("", &line("Glass", ""))).xml;
    let (before, report) = (everything(&mut desk), desk.file.report());
    drop(desk);

    let mut again = Desk::with(CompanyFile::open(&path, "Another name", noon()).unwrap(), noon());
    assert_eq!(everything(&mut again), before);
    assert_eq!(again.file.report(), report);
    assert_eq!(again.process(set, &invoice("", &line("Glass", ""))).xml, stored);
    let new = again.ok(&invoice("", &line("Glass", "")));
    assert!(!before.contains(&format!(">{}<", new.text("InvoiceRet/TxnID"))), "ids go on where they ended");
}

#[test]
fn a_backup_is_a_copy_of_its_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("company.qbsim"), folder.path().join("backup.qbsim"));
    let mut desk = Desk::with(CompanyFile::open(&path, "Kept", noon()).unwrap(), noon());
    let set = "onError=\"continueOnError\" newMessageSetID=\"later\"";
    assert!(desk.file.back_up_to(&copy).unwrap());
    desk.process(set, "<CustomerAddRq><CustomerAdd><Name>Anna</Name></CustomerAdd></CustomerAddRq>");
    let restored = CompanyFile::open(&copy, "", noon()).unwrap();
    assert_eq!((restored.report().customers, restored.stored_state_count()), (0, 0));
    assert_eq!((desk.file.report().customers, desk.file.stored_state_count()), (1, 1));
    assert!(!desk.file.snapshot().back_up_to(&copy).unwrap(), "what is in memory has no file to copy");
}

#[test]
fn what_is_no_company_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.txt");
    std::fs::write(&path, "Dear Sir or Madam, this is not a company file at all.".repeat(100)).unwrap();
    assert!(CompanyFile::open(&path, "", noon()).is_err());
}
