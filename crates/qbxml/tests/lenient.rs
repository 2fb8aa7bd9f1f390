//! Answers are read with an open mind.

use bookferry_qbxml::element::ReadError;
use bookferry_qbxml::message::customer::PreferredDeliveryMethod;
use bookferry_qbxml::message_set::{Answer, MessageSetRs};
use bookferry_qbxml::status::Severity;

fn read(responses: &str) -> MessageSetRs {
    let document = format!("<?xml version=\"1.0\" ?>\n<QBXML>\n<QBXMLMsgsRs>\n{responses}\n</QBXMLMsgsRs>\n</QBXML>\n");
    MessageSetRs::from_xml(&document).unwrap()
}

const STATUS: &str = "requestID=\"7\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\"";

#[test]
fn unknown_elements_and_attributes_are_skipped_wherever_they_stand() {
    let set = read(&format!(
        "<InvoiceAddRs {STATUS} mood=\"good\"><New/><InvoiceRet><New><Deep>1</Deep></New><TxnID>1-1</TxnID>\
         <EditSequence>1</EditSequence><CustomerRef><New/><FullName>Ada</FullName></CustomerRef>\
         <InvoiceLineRet><TxnLineID>2-1</TxnLineID><New>x</New><Desc>d</Desc></InvoiceLineRet><New/></InvoiceRet></InvoiceAddRs>"
    ));
    let Answer::InvoiceAdd(body) = &set.responses[0].answer else { panic!("{set:?}") };
    let ret = body.invoice_ret.as_ref().unwrap();
    assert_eq!(ret.txn_id.as_str(), "1-1");
    assert_eq!(ret.customer_ref.as_ref().and_then(|customer| customer.name()), Some("Ada"));
    assert_eq!(ret.lines.len(), 1);
}

#[test]
fn order_length_and_words_are_forgiven() {
    let long = "n".repeat(50);
    let set = read(&format!(
        "<CustomerQueryRs {STATUS}><CustomerRet><Name>{long}</Name><FullName>{long}</FullName>\
         <PreferredDeliveryMethod>Mail</PreferredDeliveryMethod><ListID>1-1</ListID><EditSequence>1</EditSequence>\
         <Balance></Balance></CustomerRet></CustomerQueryRs>"
    ));
    let Answer::CustomerQuery(body) = &set.responses[0].answer else { panic!("{set:?}") };
    let ret = &body.customer_ret[0];
    assert_eq!(ret.name.as_str(), long);
    assert_eq!(ret.preferred_delivery_method, Some(PreferredDeliveryMethod::Unlisted("Mail".to_owned())));
    assert_eq!(ret.balance, None);
}

#[test]
fn an_answer_that_is_not_understood_spoils_no_other() {
    let set = read(&format!(
        "<BillQueryRs {STATUS}><BillRet/></BillQueryRs>\
         <InvoiceAddRs {STATUS}><InvoiceRet><TxnID>1-1</TxnID><EditSequence>1</EditSequence><Subtotal>many</Subtotal>\
         <Memo>a</Memo></InvoiceRet></InvoiceAddRs>\
         <InvoiceAddRs {STATUS}><InvoiceRet><Memo>a</Memo></InvoiceRet><ErrorRecovery/></InvoiceAddRs>\
         <InvoiceAddRs requestID=\"8\" statusCode=\"3120\" statusSeverity=\"Sad\" statusMessage=\"no &quot;Ada&quot;\"/>"
    ));
    let names: Vec<&str> = set.responses.iter().map(|rs| rs.answer.name()).collect();
    assert_eq!(names, ["BillQuery", "InvoiceAdd", "InvoiceAdd", "InvoiceAdd"]);
    assert_eq!(set.responses[0].answer, Answer::Other { name: "BillQueryRs".to_owned() });
    let path_of = |answer: &Answer| {
        let Answer::Unreadable { error: ReadError::Value { path, .. } | ReadError::Missing { path, .. }, .. } = answer
        else {
            panic!("{answer:?}");
        };
        path.clone()
    };
    assert_eq!(path_of(&set.responses[1].answer), "QBXML/QBXMLMsgsRs/InvoiceAddRs/InvoiceRet/Subtotal");
    assert_eq!(path_of(&set.responses[2].answer), "QBXML/QBXMLMsgsRs/InvoiceAddRs/InvoiceRet");
    let refused = &set.responses[3];
    assert_eq!((refused.status.code, refused.status.severity), (3120, Severity::Error));
    assert_eq!(refused.status.message, "no \"Ada\"");
    assert!(matches!(&refused.answer, Answer::InvoiceAdd(body) if body.invoice_ret.is_none()));
}

#[test]
fn what_is_no_answer_at_all_is_an_error() {
    for document in ["", "not XML", "<QBXML/>", "<html/>", "<QBXML><QBXMLMsgsRs><InvoiceAddRs/></QBXMLMsgsRs></QBXML>"]
    {
        assert!(MessageSetRs::from_xml(document).is_err(), "{document}");
    }
    let cut = "<QBXML><QBXMLMsgsRs><HostQueryRs statusCode=\"0\" statusSeverity=\"Info\"><HostRet>";
    assert!(matches!(MessageSetRs::from_xml(cut), Err(ReadError::Xml(_))));
}
