use bookferry_qbwc::{
    Authenticated, ClientVersionVerdict, CompanyFile, ConnectionVerdict, Fault, FaultCode, Operation, Reply,
    ReplyError, Verdict,
};
use proptest::prelude::*;

use crate::text;

fn authenticated(verdict: Verdict) -> Reply {
    Reply::Authenticate(Authenticated { ticket: "t-1".to_owned(), verdict, run_every_seconds_min: None })
}

fn samples() -> Vec<Reply> {
    let text = || "Done & dusted, Müller".to_owned();
    vec![
        Reply::ServerVersion(text()),
        Reply::GetServerVersion(String::new()),
        Reply::ClientVersion(ClientVersionVerdict::Accepted),
        Reply::ClientVersion(ClientVersionVerdict::Warning(text())),
        Reply::ClientVersion(ClientVersionVerdict::Refused(text())),
        Reply::ClientVersion(ClientVersionVerdict::Expected("2.3".to_owned())),
        authenticated(Verdict::Work(CompanyFile::open_now())),
        authenticated(Verdict::Work(CompanyFile::at("C:\\Books\\none of it.qbw").unwrap())),
        authenticated(Verdict::None),
        authenticated(Verdict::Nvu),
        authenticated(Verdict::Busy),
        authenticated(Verdict::Postpone { seconds: 600 }),
        Reply::SendRequestXml("<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML/>".to_owned()),
        Reply::SendRequestXml(String::new()),
        Reply::ReceiveResponseXml(0),
        Reply::ReceiveResponseXml(100),
        Reply::ReceiveResponseXml(-101),
        Reply::ConnectionError(ConnectionVerdict::Done),
        Reply::ConnectionError(ConnectionVerdict::Retry(CompanyFile::open_now())),
        Reply::GetLastError(text()),
        Reply::CloseConnection("OK".to_owned()),
        Reply::GetInteractiveUrl(String::new()),
        Reply::InteractiveRejected(text()),
        Reply::InteractiveDone("Done".to_owned()),
        Reply::IsInteractiveDone("DONE".to_owned()),
    ]
}

#[test]
fn every_reply_is_read_as_it_was_written() {
    for reply in samples() {
        let message = reply.encode();
        assert!(message.is_ascii());
        assert!(!message.contains(":nil="));
        assert_eq!(Reply::decode(reply.operation(), &message).unwrap(), reply, "{message}");
    }
    for operation in Operation::ALL {
        assert!(samples().iter().any(|reply| reply.operation() == operation), "{operation:?} has a sample");
    }
}

#[test]
fn authenticate_always_answers_with_four_strings() {
    insta::assert_snapshot!(authenticated(Verdict::None).encode(), @r#"<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><authenticateResponse xmlns="http://developer.intuit.com/"><authenticateResult><string>t-1</string><string>none</string><string/><string/></authenticateResult></authenticateResponse></soap:Body></soap:Envelope>"#);
    for reply in samples().iter().filter(|reply| reply.operation() == Operation::Authenticate) {
        let message = reply.encode();
        assert_eq!(message.matches("<string>").count() + message.matches("<string/>").count(), 4, "{message}");
    }
}

#[test]
fn verdicts_count_in_any_case_and_a_number_postpones() {
    let read = |strings: &[&str]| {
        let strings: String = strings.iter().map(|string| format!("<string>{string}</string>")).collect();
        decode(Operation::Authenticate, &format!("<authenticateResult>{strings}</authenticateResult>"))
    };
    let verdict = |strings: &[&str]| {
        let Reply::Authenticate(authenticated) = read(strings).unwrap() else { panic!("another operation's reply") };
        (authenticated.verdict, authenticated.run_every_seconds_min)
    };
    assert_eq!(verdict(&["t", "NONE"]), (Verdict::None, None));
    assert_eq!(verdict(&["t", "Nvu", "", "60"]), (Verdict::Nvu, Some(60)));
    assert_eq!(verdict(&["t", "nvu", "30", "60"]), (Verdict::Postpone { seconds: 30 }, Some(60)));
    assert_eq!(verdict(&["t", "", "", "", "five"]), (Verdict::Work(CompanyFile::open_now()), None));
    assert!(matches!(read(&["t", "done"]), Err(ReplyError::NotACompanyFile { .. })));
    assert!(matches!(read(&["t"]), Err(ReplyError::TooFewStrings { count: 1 })));
}

#[test]
fn what_dot_net_would_refuse_is_refused_with_a_reason() {
    let xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
    let cases = [
        (Operation::CloseConnection, String::new()),
        (Operation::CloseConnection, "<closeConnectionResult xmlns='urn:x'>OK</closeConnectionResult>".to_owned()),
        (Operation::CloseConnection, format!("<closeConnectionResult {xsi} xsi:nil='true'/>")),
        (Operation::ReceiveResponseXml, "<receiveResponseXMLResult>50%</receiveResponseXMLResult>".to_owned()),
        (Operation::ReceiveResponseXml, "<receiveResponseXMLResult/>".to_owned()),
        (Operation::ReceiveResponseXml, "<receiveResponseXMLResult>99999999999</receiveResponseXMLResult>".to_owned()),
        (Operation::Authenticate, "<authenticateResult/>".to_owned()),
        (
            Operation::Authenticate,
            "<authenticateResult xmlns:o='urn:o'><o:string>t</o:string><o:string/></authenticateResult>".to_owned(),
        ),
        (
            Operation::Authenticate,
            format!("<authenticateResult {xsi}><string>t</string><string xsi:nil='1'/></authenticateResult>"),
        ),
        (Operation::ClientVersion, "<clientVersionResult>too old</clientVersionResult>".to_owned()),
        (Operation::ConnectionError, "<connectionErrorResult>busy</connectionErrorResult>".to_owned()),
    ];
    let mut table: Vec<String> = cases
        .iter()
        .map(|(operation, result)| format!("{}: {}", operation.name(), decode(*operation, result).unwrap_err()))
        .collect();
    let other = Reply::GetLastError(String::new()).encode();
    table.push(Reply::decode(Operation::CloseConnection, &other).unwrap_err().to_string());
    let elsewhere = other.replace("developer.intuit.com/", "developer.intuit.com");
    table.push(Reply::decode(Operation::GetLastError, &elsewhere).unwrap_err().to_string());
    table.push(Reply::decode(Operation::GetLastError, "<html><body>500</body></html>").unwrap_err().to_string());
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn a_percentage_over_a_hundred_is_read_so_that_it_can_be_reported() {
    let reply = Reply::ReceiveResponseXml(101);
    assert_eq!(Reply::decode(Operation::ReceiveResponseXml, &reply.encode()).unwrap(), reply);
}

#[test]
fn faults_cross() {
    let codes = [
        FaultCode::VersionMismatch,
        FaultCode::MustUnderstand,
        FaultCode::Client,
        FaultCode::Server,
        FaultCode::Other("x:Odd".to_owned()),
    ];
    for code in codes {
        let fault = Fault { code, string: "It's <broken>".to_owned() };
        assert_eq!(Reply::decode(Operation::GetLastError, &fault.encode()), Err(ReplyError::Fault(fault)));
    }
}

proptest! {
    #[test]
    fn any_text_crosses(text in text()) {
        let reply = Reply::SendRequestXml(text);
        prop_assert_eq!(Reply::decode(Operation::SendRequestXml, &reply.encode()).unwrap(), reply);
    }
}

fn decode(operation: Operation, result: &str) -> Result<Reply, ReplyError> {
    let response = operation.response_name();
    Reply::decode(
        operation,
        &format!(
            "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><{response} \
             xmlns='http://developer.intuit.com/'>{result}</{response}></e:Body></e:Envelope>"
        ),
    )
}
