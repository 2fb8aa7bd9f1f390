use bookferry_qbwc::{Call, DecodeError, EnvelopeError, FaultCode, Operation, Password};
use proptest::prelude::*;

use crate::{samples, text};

#[test]
fn every_call_is_read_as_it_was_written() {
    for call in samples() {
        let message = call.encode();
        assert!(message.is_ascii());
        assert_eq!(Call::decode(&message).unwrap(), call, "{message}");
    }
    let operations: Vec<_> = samples().iter().map(Call::operation).collect();
    assert_eq!(operations, Operation::ALL, "the samples cover every operation");
}

#[test]
fn a_call_is_written_as_dot_net_writes_it() {
    let call = Call::ReceiveResponseXml {
        ticket: "t-1".to_owned(),
        response: "<QBXML/>".to_owned(),
        hresult: String::new(),
        message: String::new(),
    };
    insta::assert_snapshot!(call.encode(), @r#"<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><receiveResponseXML xmlns="http://developer.intuit.com/"><ticket>t-1</ticket><response>&lt;QBXML/&gt;</response><hresult/><message/></receiveResponseXML></soap:Body></soap:Envelope>"#);
    assert_eq!(call.soap_action(), "http://developer.intuit.com/receiveResponseXML");
    assert_eq!(call.ticket(), Some("t-1"));
}

#[test]
fn prefixes_headers_order_and_unknown_children_do_not_matter() {
    let message = r#"<?xml version="1.0"?><!-- hello -->
        <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:q="http://developer.intuit.com/">
          <e:Header><a:Action xmlns:a="urn:a" e:mustUnderstand="0">x<y/></a:Action></e:Header>
          <e:Body><q:authenticate e:encodingStyle="">
            <q:news><q:ticket>deep</q:ticket></q:news>
            <q:strPassword><![CDATA[<&>]]></q:strPassword>
            <strPassword xmlns="urn:other">wrong</strPassword>
            <q:strUserName>a&#x62;c</q:strUserName>
          </q:authenticate></e:Body>
        </e:Envelope>"#;
    let expected = Call::Authenticate { user_name: "abc".to_owned(), password: Password::new("<&>") };
    assert_eq!(Call::decode(message).unwrap(), expected);
}

#[test]
fn absent_empty_and_nil_are_the_same() {
    let nil = r#"<response xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>"#;
    let bodies = ["", "<response/>", "<response></response>", nil];
    let calls = bodies.map(|child| {
        decode_body(&format!("<receiveResponseXML xmlns='http://developer.intuit.com/'>{child}</receiveResponseXML>"))
    });
    for call in calls {
        let empty = String::new;
        let expected =
            Call::ReceiveResponseXml { ticket: empty(), response: empty(), hresult: empty(), message: empty() };
        assert_eq!(call.unwrap(), expected);
    }
}

#[test]
fn numbers_may_be_absent_but_not_something_else() {
    let with = |child: &str| {
        decode_body(&format!("<sendRequestXML xmlns='http://developer.intuit.com/'>{child}</sendRequestXML>"))
    };
    for (child, expected) in
        [("", None), ("<qbXMLMajorVers/>", None), ("<qbXMLMajorVers> 16 </qbXMLMajorVers>", Some(16))]
    {
        assert!(
            matches!(with(child), Ok(Call::SendRequestXml { qbxml_major, .. }) if qbxml_major == expected),
            "{child}"
        );
    }
    let error = with("<qbXMLMajorVers>new</qbXMLMajorVers>").unwrap_err();
    insta::assert_snapshot!(error, @"qbXMLMajorVers of sendRequestXML is not an integer");
}

#[test]
fn what_is_no_call_gets_the_fault_that_says_so() {
    let cases = [
        ("SOAP 1.2", "<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'><e:Body/></e:Envelope>".to_owned()),
        ("no namespace", "<Envelope><Body/></Envelope>".to_owned()),
        ("not SOAP", "<html/>".to_owned()),
        ("empty", String::new()),
        ("plain text", "hello".to_owned()),
        ("no body", envelope("")),
        ("empty body", envelope("<e:Body/>")),
        ("two calls", envelope(&format!("<e:Body>{GET}{GET}</e:Body>"))),
        ("two bodies", envelope(&format!("<e:Body>{GET}</e:Body><e:Body>{GET}</e:Body>"))),
        ("two documents", envelope(&format!("<e:Body>{GET}</e:Body>")).repeat(2)),
        ("body of another namespace", envelope(&format!("<Body>{GET}</Body>"))),
        ("operation without namespace", envelope("<e:Body><getLastError/></e:Body>")),
        (
            "namespace without its slash",
            envelope("<e:Body><getLastError xmlns='http://developer.intuit.com'/></e:Body>"),
        ),
        ("unknown operation", envelope("<e:Body><dropTables xmlns='http://developer.intuit.com/'/></e:Body>")),
        (
            "operation in another case",
            envelope("<e:Body><GetLastError xmlns='http://developer.intuit.com/'/></e:Body>"),
        ),
        ("ticket twice", envelope(&format!("<e:Body>{}</e:Body>", GET.replace("<ticket/>", "<ticket/><ticket/>")))),
        (
            "element in a text",
            envelope(&format!("<e:Body>{}</e:Body>", GET.replace("<ticket/>", "<ticket><b/></ticket>"))),
        ),
        (
            "header to be understood",
            envelope(&format!(
                "<e:Header><s:S xmlns:s='urn:s' e:mustUnderstand='1'/></e:Header><e:Body>{GET}</e:Body>"
            )),
        ),
    ];
    let table: Vec<String> =
        cases.iter().map(|(name, message)| format!("{name}: {}", Call::decode(message).unwrap_err().fault())).collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn the_version_of_soap_is_told_apart() {
    let error = Call::decode("<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>").unwrap_err();
    assert!(matches!(&error, DecodeError::Envelope(EnvelopeError::WrongVersion { .. })));
    assert_eq!(error.fault().code, FaultCode::VersionMismatch);
}

#[test]
fn a_password_never_shows() {
    let call = Call::Authenticate { user_name: "shop".to_owned(), password: Password::new("hunter2") };
    assert!(!format!("{call:?} {call:#?}").contains("hunter2"));
}

proptest! {
    #[test]
    fn any_texts_cross(a in text(), b in text(), c in text(), d in text()) {
        let call = Call::ReceiveResponseXml { ticket: a, response: b, hresult: c, message: d };
        prop_assert_eq!(Call::decode(&call.encode()).unwrap(), call);
    }
}

const GET: &str = "<getLastError xmlns='http://developer.intuit.com/'><ticket/></getLastError>";

fn envelope(content: &str) -> String {
    format!("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>{content}</e:Envelope>")
}

fn decode_body(call: &str) -> Result<Call, DecodeError> {
    Call::decode(&envelope(&format!("<e:Body>{call}</e:Body>")))
}
