use bookferry_qbwc::{Call, Operation};
use bookferry_simulator::web_connector::{HttpAnswer, Outcome, VisitReport};

use crate::scripted::{Server, add_customer, fault, file};

/// What becomes of a visit whose answers are spoiled so.
fn spoiled(spoil: fn(&Call, HttpAnswer) -> HttpAnswer) -> VisitReport {
    let mut server = Server::handing_out(&[&add_customer("Anna"), "<CustomerQueryRq/>"]);
    server.spoil = spoil;
    let report = server.visited(&mut file());
    assert_ne!(server.operations().last(), Some(&"closeConnection"), "a failed call ends the run: {report:?}");
    report
}

fn replaced(answer: HttpAnswer, from: &str, to: &str) -> HttpAnswer {
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.contains(from), "{text}");
    HttpAnswer { body: text.replace(from, to).into_bytes(), ..answer }
}

/// A visit in which only the answers to one operation are spoiled must fail with this code and this in its message.
macro_rules! refused {
    ($operation:ident, $code:literal, $part:literal, $spoil:expr) => {
        let report = spoiled(|call, answer| match call.operation() == Operation::$operation {
            true => $spoil(answer),
            false => answer,
        });
        let Outcome::Failed { qbwc, message } = &report.outcome else {
            panic!("{}: {:?}", $part, report.outcome);
        };
        assert_eq!((*qbwc, message.contains($part), report.problems.len()), ($code, true, 1), "{}: {message}", $part);
    };
}

#[test]
fn wrong_envelopes_are_refused() {
    refused!(Authenticate, 1012, "namespace", |answer| replaced(
        answer,
        "developer.intuit.com/\"",
        "developer.intuit.com\""
    ));
    refused!(Authenticate, 1012, "two are needed", |answer| replaced(
        replaced(answer, "<string", "<String"),
        "</string",
        "</String"
    ));
    refused!(SendRequestXml, 1041, "no sendRequestXMLResult", |answer| replaced(
        answer,
        "sendRequestXMLResult",
        "result"
    ));
    refused!(ReceiveResponseXml, 1042, "more than 100", |answer| replaced(answer, ">50<", ">101<"));
    refused!(ReceiveResponseXml, 1042, "not an integer", |answer| replaced(answer, ">50<", ">50.5<"));
}

#[test]
fn wrong_http_answers_are_refused() {
    refused!(SendRequestXml, 1041, "redirected (302)", |answer| HttpAnswer { status: 302, ..answer });
    refused!(Authenticate, 1012, "redirected (308)", |answer| HttpAnswer { status: 308, ..answer });
    refused!(SendRequestXml, 1041, "'text/html; charset=utf-8'", |answer| page(200, answer));
    refused!(ReceiveResponseXml, 1042, "''", |answer| HttpAnswer { content_type: None, ..answer });
    refused!(ReceiveResponseXml, 1042, "(404)", |answer| HttpAnswer { status: 404, ..answer });
    refused!(ReceiveResponseXml, 1042, "no such thing", |_: HttpAnswer| fault());
    refused!(ReceiveResponseXml, 1042, "(500)", |answer| page(500, answer));
    refused!(ReceiveResponseXml, 1042, "not text", |answer| HttpAnswer { body: vec![0xff, 0xfe], ..answer });
}

fn page(status: u16, answer: HttpAnswer) -> HttpAnswer {
    HttpAnswer { status, content_type: Some("text/html; charset=utf-8".to_owned()), ..answer }
}

#[test]
fn a_get_must_be_answered_with_200() {
    let mut server = Server::handing_out(&[]);
    server.page.status = 405;
    let report = server.visited(&mut file());
    assert!(matches!(report.outcome, Outcome::Failed { qbwc: 1048, .. }), "{:?}", report.outcome);
    assert!(server.calls.is_empty());
}

#[test]
fn a_server_that_keeps_asking_to_wait_is_reported() {
    let mut server = Server::handing_out(&[]);
    server.errors = ["NoOp".to_owned()].into();
    assert_eq!(server.visited(&mut file()).problems, ["getLastError answers NoOp for ever"]);
}
