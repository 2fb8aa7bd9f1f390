use bookferry_qbwc::Call;
use bookferry_simulator::web_connector::{HttpAnswer, Outcome, VisitReport};

use crate::scripted::{Server, add_customer, fault, file};

/// What becomes of a visit whose answers are spoiled so.
fn spoiled(spoil: fn(&Call, HttpAnswer) -> HttpAnswer) -> VisitReport {
    let mut server = Server::handing_out(&[&add_customer("Anna"), "<CustomerQueryRq/>"]);
    server.spoil = spoil;
    let report = server.visited(&mut file());
    assert_ne!(server.operations().last(), Some(&"closeConnection"), "a failed call ends the run");
    report
}

fn replaced(answer: HttpAnswer, from: &str, to: &str) -> HttpAnswer {
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.contains(from), "{text}");
    HttpAnswer { body: text.replace(from, to).into_bytes(), ..answer }
}

#[test]
fn what_dot_net_refuses_is_refused() {
    type Spoil = fn(&Call, HttpAnswer) -> HttpAnswer;
    const fn is_authenticate(call: &Call) -> bool {
        matches!(call, Call::Authenticate { .. })
    }
    const fn is_send(call: &Call) -> bool {
        matches!(call, Call::SendRequestXml { .. })
    }
    const fn is_receive(call: &Call) -> bool {
        matches!(call, Call::ReceiveResponseXml { .. })
    }
    let cases: [(&str, u16, Spoil); 13] = [
        ("namespace", 1012, |call, answer| {
            if is_authenticate(call) {
                replaced(answer, "developer.intuit.com/\"", "developer.intuit.com\"")
            } else {
                answer
            }
        }),
        (
            "two are needed",
            1012,
            |call, answer| if is_authenticate(call) { replaced(answer, "string>", "String>") } else { answer },
        ),
        ("no sendRequestXMLResult", 1041, |call, answer| {
            if is_send(call) { replaced(answer, "sendRequestXMLResult", "result") } else { answer }
        }),
        (
            "redirected (302)",
            1041,
            |call, answer| if is_send(call) { HttpAnswer { status: 302, ..answer } } else { answer },
        ),
        (
            "redirected (308)",
            1012,
            |call, answer| if is_authenticate(call) { HttpAnswer { status: 308, ..answer } } else { answer },
        ),
        ("'text/html; charset=utf-8'", 1041, |call, answer| {
            if is_send(call) {
                HttpAnswer { content_type: Some("text/html; charset=utf-8".to_owned()), ..answer }
            } else {
                answer
            }
        }),
        (
            "''",
            1042,
            |call, answer| if is_receive(call) { HttpAnswer { content_type: None, ..answer } } else { answer },
        ),
        ("(404)", 1042, |call, answer| if is_receive(call) { HttpAnswer { status: 404, ..answer } } else { answer }),
        ("no such thing", 1042, |call, answer| if is_receive(call) { fault() } else { answer }),
        ("(500)", 1042, |call, answer| {
            if is_receive(call) {
                HttpAnswer { status: 500, content_type: Some("text/html".to_owned()), ..answer }
            } else {
                answer
            }
        }),
        (
            "more than 100",
            1042,
            |call, answer| if is_receive(call) { replaced(answer, ">50<", ">101<") } else { answer },
        ),
        (
            "not an integer",
            1042,
            |call, answer| if is_receive(call) { replaced(answer, ">50<", ">50.5<") } else { answer },
        ),
        (
            "not text",
            1042,
            |call, answer| if is_receive(call) { HttpAnswer { body: vec![0xff, 0xfe], ..answer } } else { answer },
        ),
    ];
    for (part, code, spoil) in cases {
        let report = spoiled(spoil);
        let Outcome::Failed { qbwc, message } = &report.outcome else {
            panic!("{part}: {:?}", report.outcome);
        };
        assert_eq!((*qbwc, message.contains(part), report.problems.len()), (code, true, 1), "{part}: {message}");
    }
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
