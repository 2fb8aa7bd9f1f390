//! Every answer fits the vendor's schema, where that is at hand.

use std::path::PathBuf;
use std::process::Command;

use crate::desk::{Desk, SERVICE};
use crate::documents::{invoice, line};
use crate::payments::{applied, payment};

#[expect(clippy::disallowed_methods, reason = "where the vendor's schema lies is the developer's business")]
fn schema() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data");
    let folder = std::env::var_os("BOOKFERRY_QBXML_SCHEMA").map_or_else(beside, PathBuf::from);
    let schema = folder.join("qbxmlops130.xsd");
    schema.is_file().then_some(schema)
}

#[test]
fn answers_are_valid() {
    let (Some(schema), true) = (schema(), Command::new("xmllint").arg("--version").output().is_ok()) else {
        println!("skipped: no schema");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let documents = documents();
    let mut command = Command::new("xmllint");
    command.args(["--nonet", "--noout", "--schema"]).arg(schema);
    for (number, document) in documents.iter().enumerate() {
        let path = folder.path().join(format!("{number}.xml"));
        std::fs::write(&path, document).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}\n{}", String::from_utf8_lossy(&output.stderr), documents.join("\n"));
}

#[test]
fn answers_are_read_by_the_typed_messages() {
    for document in documents() {
        let set = bookferry_qbxml::message_set::MessageSetRs::from_xml(&document).unwrap();
        let unreadable = set
            .responses
            .iter()
            .find(|rs| matches!(rs.answer, bookferry_qbxml::message_set::Answer::Unreadable { .. }));
        assert_eq!(unreadable, None, "{document}");
    }
}

/// One answer at least of every kind that has something in it.
fn documents() -> Vec<String> {
    let mut desk = Desk::new();
    desk.file.change_company(|company| company.closing_date = Some("2020-12-31".parse().unwrap())).unwrap();
    desk.file
        .write_file_id("{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}", "{11111111-2222-3333-4444-555555555555}")
        .unwrap();
    let account = "<AccountRef><FullName>Sales Discounts</FullName></AccountRef>";
    for (kind, fields) in [
        ("ItemDiscount", format!("<Name>Ten</Name><DiscountRatePercent>10</DiscountRatePercent>{account}")),
        ("ItemSubtotal", "<Name>Sum</Name>".to_owned()),
        ("ItemPayment", "<Name>Paid</Name>".to_owned()),
        ("ItemGroup", "<Name>Kit</Name><ItemGroupLine><ItemRef><FullName>Glass</FullName></ItemRef><Quantity>2</Quantity></ItemGroupLine>".to_owned()),
        ("ItemSalesTaxGroup", "<Name>Both</Name><ItemSalesTaxRef><FullName>State Tax</FullName></ItemSalesTaxRef>".to_owned()),
    ] {
        desk.file.add_entry(kind, &fields, desk.now).unwrap();
    }
    let send = |desk: &mut Desk, requests: &str| {
        desk.process("onError=\"continueOnError\" newMessageSetID=\"s\" oldMessageSetID=\"s\"", requests).xml
    };
    let address = "<BillAddress><Addr1>Anna &amp; Co</Addr1><City>Salinas</City><State>CA</State><PostalCode>93901</PostalCode></BillAddress>";
    let inventory = "<IncomeAccountRef><FullName>Services</FullName></IncomeAccountRef><COGSAccountRef><FullName>Cost of Goods Sold</FullName></COGSAccountRef><AssetAccountRef><FullName>Inventory Asset</FullName></AssetAccountRef>";
    let adds = [
        format!("<CustomerAddRq requestID=\"1\"><CustomerAdd><Name>House</Name><ParentRef><FullName>Anna</FullName></ParentRef>{address}<Phone>1</Phone><TermsRef><FullName>Net 30</FullName></TermsRef></CustomerAdd></CustomerAddRq>"),
        format!("<ItemNonInventoryAddRq><ItemNonInventoryAdd><Name>Rubber</Name>{SERVICE}</ItemNonInventoryAdd></ItemNonInventoryAddRq>"),
        format!("<ItemInventoryAddRq><ItemInventoryAdd><Name>Wiper</Name>{inventory}</ItemInventoryAdd></ItemInventoryAddRq>"),
        "<AccountAddRq><AccountAdd><Name>Sales</Name><AccountType>Income</AccountType></AccountAdd></AccountAddRq>".to_owned(),
        "<StandardTermsAddRq><StandardTermsAdd><Name>Net 7</Name><StdDueDays>7</StdDueDays></StandardTermsAdd></StandardTermsAddRq>".to_owned(),
        "<PaymentMethodAddRq><PaymentMethodAdd><Name>Giro</Name></PaymentMethodAdd></PaymentMethodAddRq>".to_owned(),
    ];
    let mut documents = vec![send(&mut desk, &adds.concat())];
    desk.process("onError=\"continueOnError\" oldMessageSetID=\"s\"", "");
    let group = "<InvoiceLineGroupAdd><ItemGroupRef><FullName>Kit</FullName></ItemGroupRef></InvoiceLineGroupAdd>";
    let lines = [line("Glass", "<Quantity>2</Quantity>"), line("Sum", ""), group.to_owned(), line("Ten", "")].concat();
    let id = desk.ok(&invoice(address, &lines)).text("InvoiceRet/TxnID").to_owned();
    desk.ok(&payment("20.00", &applied(&id, "10.00")));
    let memo = "<CreditMemoAddRq><CreditMemoAdd><CustomerRef><FullName>Anna</FullName></CustomerRef><CreditMemoLineAdd><ItemRef><FullName>Labor</FullName></ItemRef></CreditMemoLineAdd></CreditMemoAdd></CreditMemoAddRq>";
    desk.ok(memo);
    let gone = desk.ok(&invoice("", &lines)).text("InvoiceRet/TxnID").to_owned();
    let queries = [
        "<HostQueryRq/><PreferencesQueryRq/><CompanyQueryRq><OwnerID>{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}</OwnerID></CompanyQueryRq>".to_owned(),
        "<CustomerQueryRq iterator=\"Start\" metaData=\"MetaDataAndResponseData\"><MaxReturned>1</MaxReturned></CustomerQueryRq><CustomerQueryRq/>".to_owned(),
        "<ItemQueryRq/><AccountQueryRq/><TermsQueryRq/><StandardTermsQueryRq/><PaymentMethodQueryRq/><SalesTaxCodeQueryRq/>".to_owned(),
        "<ItemSalesTaxQueryRq/><TemplateQueryRq/><ClassQueryRq/>".to_owned(),
        "<InvoiceQueryRq><IncludeLineItems>true</IncludeLineItems><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>".to_owned(),
        "<ReceivePaymentQueryRq><IncludeLineItems>true</IncludeLineItems></ReceivePaymentQueryRq><CreditMemoQueryRq/>".to_owned(),
        format!("<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{gone}</TxnID></TxnVoidRq>"),
        format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{gone}</TxnID></TxnDelRq>"),
        "<TxnDeletedQueryRq><TxnDelType>Invoice</TxnDelType></TxnDeletedQueryRq>".to_owned(),
    ];
    documents.extend(queries.map(|requests| desk.process("onError=\"continueOnError\"", &requests).xml));
    documents
}
