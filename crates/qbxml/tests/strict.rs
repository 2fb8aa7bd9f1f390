//! Requests are read to the letter; the error says where.

use bookferry_qbxml::element::ReadError;
use bookferry_qbxml::message_set::MessageSetRq;

const HEAD: &str = r#"<?xml version="1.0"?><?qbxml version="13.0"?>"#;
const ADD: &str = "QBXML/QBXMLMsgsRq/InvoiceAddRq/InvoiceAdd";

fn read(requests: &str) -> Result<(), ReadError> {
    let document = format!("{HEAD}<QBXML><QBXMLMsgsRq onError=\"stopOnError\">{requests}</QBXMLMsgsRq></QBXML>");
    MessageSetRq::from_xml(&document).map(|_| ())
}

/// An invoice with these children after its customer.
fn invoice(children: &str) -> Result<(), ReadError> {
    read(&format!(
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>Ada</FullName></CustomerRef>{children}</InvoiceAdd></InvoiceAddRq>"
    ))
}

fn misplaced(path: &str, name: &str) -> Result<(), ReadError> {
    Err(ReadError::Misplaced { path: path.to_owned(), name: name.to_owned() })
}

fn path_of_value(result: Result<(), ReadError>) -> String {
    match result {
        Err(ReadError::Value { path, .. }) => path,
        other => panic!("not a wrong value: {other:?}"),
    }
}

#[test]
fn what_the_schema_admits_is_read() {
    invoice("<TxnDate>2026-11-02</TxnDate><Memo/>").unwrap();
    invoice("<TxnDate/><RefNumber>12345678901</RefNumber><IsPending>1</IsPending>").unwrap();
    invoice("<InvoiceLineAdd><Rate>1.12345</Rate><Amount>-1.50</Amount></InvoiceLineAdd>").unwrap();
    invoice("<InvoiceLineAdd><Amount>7</Amount></InvoiceLineAdd>").unwrap();
}

#[test]
fn order_counts() {
    assert_eq!(invoice("<Memo>a</Memo><TxnDate>2026-11-02</TxnDate>"), misplaced(ADD, "TxnDate"));
    assert_eq!(
        invoice("<InvoiceLineAdd><Amount>1.00</Amount><Rate>1</Rate></InvoiceLineAdd>"),
        misplaced(&format!("{ADD}/InvoiceLineAdd"), "Rate")
    );
    assert_eq!(
        read("<TermsQueryRq><IncludeRetElement>Name</IncludeRetElement><ListID>1-1</ListID></TermsQueryRq>"),
        misplaced("QBXML/QBXMLMsgsRq/TermsQueryRq", "ListID")
    );
    assert_eq!(
        read("<TermsQueryRq><ActiveStatus>All</ActiveStatus><MaxReturned>5</MaxReturned></TermsQueryRq>"),
        misplaced("QBXML/QBXMLMsgsRq/TermsQueryRq", "MaxReturned")
    );
}

#[test]
fn unknown_repeated_and_excluding_elements_are_refused() {
    assert_eq!(invoice("<Mood>good</Mood>"), misplaced(ADD, "Mood"));
    assert_eq!(invoice("<Memo>a</Memo><Memo>b</Memo>"), misplaced(ADD, "Memo"));
    assert_eq!(
        invoice("<InvoiceLineAdd><Rate>1</Rate><RatePercent>2</RatePercent></InvoiceLineAdd>"),
        misplaced(&format!("{ADD}/InvoiceLineAdd"), "RatePercent")
    );
    assert_eq!(read("<WishAddRq/>"), misplaced("QBXML/QBXMLMsgsRq", "WishAddRq"));
}

#[test]
fn what_is_demanded_must_stand_there() {
    let missing = |path: &str, element: &str| {
        Err(ReadError::Missing { path: format!("QBXML/QBXMLMsgsRq/{path}"), element: element.to_owned() })
    };
    assert_eq!(read("<InvoiceAddRq/>"), missing("InvoiceAddRq", "InvoiceAdd"));
    assert_eq!(read("<InvoiceAddRq><InvoiceAdd/></InvoiceAddRq>"), missing("InvoiceAddRq/InvoiceAdd", "CustomerRef"));
    assert_eq!(
        read("<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef/></ReceivePaymentAdd></ReceivePaymentAddRq>"),
        missing("ReceivePaymentAddRq/ReceivePaymentAdd", "one of IsAutoApply AppliedToTxnAdd")
    );
    assert_eq!(
        read("<CreditMemoAddRq><CreditMemoAdd><CustomerRef/></CreditMemoAdd></CreditMemoAddRq>"),
        missing("CreditMemoAddRq/CreditMemoAdd", "one of CreditMemoLineAdd CreditMemoLineGroupAdd")
    );
}

#[test]
fn lengths_and_forms_are_checked() {
    assert_eq!(path_of_value(invoice("<RefNumber>123456789012</RefNumber>")), format!("{ADD}/RefNumber"));
    assert_eq!(path_of_value(invoice("<TxnDate>20261102</TxnDate>")), format!("{ADD}/TxnDate"));
    assert_eq!(path_of_value(invoice("<TxnDate>2026-02-30</TxnDate>")), format!("{ADD}/TxnDate"));
    assert_eq!(path_of_value(invoice("<IsPending>yes</IsPending>")), format!("{ADD}/IsPending"));
    let line = |child: &str| path_of_value(invoice(&format!("<InvoiceLineAdd>{child}</InvoiceLineAdd>")));
    assert_eq!(line("<Amount>1.5</Amount>"), format!("{ADD}/InvoiceLineAdd/Amount"));
    assert_eq!(line("<Amount>1,500.00</Amount>"), format!("{ADD}/InvoiceLineAdd/Amount"));
    assert_eq!(line("<Rate>1.123456</Rate>"), format!("{ADD}/InvoiceLineAdd/Rate"));
    assert_eq!(line("<Quantity>12345678901</Quantity>"), format!("{ADD}/InvoiceLineAdd/Quantity"));
    for from in ["2026-11-02T10:00:00Z", "2026-11-02T10:00:00.5", "2026-11-02 10:00:00", "2026-11-02T10:00+01:00"] {
        let query = format!("<TermsQueryRq><FromModifiedDate>{from}</FromModifiedDate></TermsQueryRq>");
        assert_eq!(path_of_value(read(&query)), "QBXML/QBXMLMsgsRq/TermsQueryRq/FromModifiedDate", "{from}");
    }
}

#[test]
fn attributes_are_checked() {
    let at = "QBXML/QBXMLMsgsRq";
    assert_eq!(path_of_value(read("<CustomerQueryRq iterator=\"Bogus\"/>")), format!("{at}/CustomerQueryRq/@iterator"));
    assert_eq!(
        path_of_value(read("<CustomerQueryRq iterator=\"Continue\"/>")),
        format!("{at}/CustomerQueryRq/@iterator")
    );
    assert_eq!(
        read("<AccountQueryRq iterator=\"Start\"/>"),
        misplaced(&format!("{at}/AccountQueryRq"), "attribute iterator")
    );
    assert_eq!(
        read("<HostQueryRq metaData=\"NoMetaData\"/>"),
        misplaced(&format!("{at}/HostQueryRq"), "attribute metaData")
    );
    let long = format!("<HostQueryRq requestID=\"{}\"/>", "1".repeat(51));
    assert_eq!(path_of_value(read(&long)), format!("{at}/HostQueryRq/@requestID"));
    assert_eq!(invoice("<Memo lang=\"en\">a</Memo>"), misplaced(&format!("{ADD}/Memo"), "attribute lang"));
}

#[test]
fn the_envelope_is_checked() {
    let set = "<QBXML><QBXMLMsgsRq onError=\"stopOnError\"/></QBXML>";
    MessageSetRq::from_xml(&format!("{HEAD}{set}")).unwrap();
    assert_eq!(MessageSetRq::from_xml(set), Err(ReadError::Version));
    assert_eq!(MessageSetRq::from_xml(&format!("<?qbxml version=\"CA3.0\"?>{set}")), Err(ReadError::Version));
    let document_type = format!("<!DOCTYPE QBXML>{HEAD}{set}");
    assert!(matches!(MessageSetRq::from_xml(&document_type), Err(ReadError::Xml(_))));
    for envelope in [
        "<QBXML/>",
        "<QBXML><QBXMLMsgsRq/></QBXML>",
        "<QBXML><QBXMLMsgsRq onError=\"rollbackOnError\"/></QBXML>",
        "<QBXML xmlns=\"urn:x\"><QBXMLMsgsRq onError=\"stopOnError\"/></QBXML>",
        "<QBXML><QBXMLMsgsRq onError=\"stopOnError\" newMessageSetID=\"1234567890123456789012345\"/></QBXML>",
        "<QBXML><QBXMLMsgsRq onError=\"stopOnError\"/><QBXMLMsgsRq onError=\"stopOnError\"/></QBXML>",
        "<QBXML><QBXMLMsgsRq onError=\"stopOnError\"/></QBXML><QBXML/>",
    ] {
        assert!(MessageSetRq::from_xml(&format!("{HEAD}{envelope}")).is_err(), "{envelope}");
    }
}
