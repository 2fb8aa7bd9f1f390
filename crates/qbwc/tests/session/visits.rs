use bookferry_qbwc::{
    Answer, Call, CompanyFile, ConnectionVerdict, Exchange, Outcome, Reply, ResumeError, Session, Step,
    reply_without_session,
};

use crate::{answer, calls, close, connection_error, last_error, new_session, request, send, step};

#[test]
fn a_visit_runs_from_the_first_request_to_the_close() {
    let mut session = new_session();
    assert!(matches!(session.handle(&request()), Step::FirstRequest { host_company_preferences: "<hcp/>", .. }));
    assert_eq!(session.resume(send()).unwrap(), Reply::SendRequestXml("<rq/>".to_owned()));
    assert_eq!(session.unanswered(), Some(Exchange::from(1)));
    let expected = Step::TakeAnswer { exchange: Exchange::from(1), answer: Answer::Response("<rs/>") };
    assert_eq!(session.handle(&answer()), expected);
    assert_eq!(session.resume(Outcome::Progress { percent: 50 }).unwrap(), Reply::ReceiveResponseXml(50));
    assert_eq!(session.handle(&request()), Step::NextMessageSet { exchange: Exchange::from(2) });
    session.resume(send()).unwrap();
    assert_eq!(step(&mut session, &answer(), Outcome::Done), Reply::ReceiveResponseXml(100));
    let closed = Outcome::Closed { text: "2 invoices\nsent".to_owned() };
    assert_eq!(step(&mut session, &close(), closed), Reply::CloseConnection("2 invoices sent".to_owned()));
    assert!(session.is_over());
    assert_eq!(session.handle(&close()), Step::Reply(Reply::CloseConnection("2 invoices sent".to_owned())));
}

#[test]
fn a_repeated_request_is_a_replay_of_the_same_exchange() {
    let mut session = new_session();
    step(&mut session, &request(), send());
    for _ in 0..3 {
        assert_eq!(session.handle(&request()), Step::Replay { exchange: Exchange::from(1) });
        assert_eq!(session.resume(send()).unwrap(), Reply::SendRequestXml("<rq/>".to_owned()));
    }
    step(&mut session, &answer(), Outcome::Progress { percent: 1 });
    assert_eq!(session.handle(&request()), Step::NextMessageSet { exchange: Exchange::from(2) });
}

#[test]
fn a_repeated_answer_is_told_the_same_percentage() {
    for (outcome, percent) in
        [(Outcome::Progress { percent: 37 }, 37), (Outcome::Done, 100), (Outcome::Fail { text: "No.".to_owned() }, -1)]
    {
        let mut session = new_session();
        step(&mut session, &request(), send());
        step(&mut session, &answer(), outcome);
        assert_eq!(session.handle(&answer()), Step::Reply(Reply::ReceiveResponseXml(percent)));
        step(&mut session, &close(), Outcome::Closed { text: "OK".to_owned() });
        assert_eq!(session.handle(&answer()), Step::Reply(Reply::ReceiveResponseXml(percent)));
    }
}

#[test]
fn a_late_answer_is_not_taken_for_a_newer_exchange() {
    let mut session = new_session();
    step(&mut session, &request(), send());
    step(&mut session, &answer(), Outcome::Progress { percent: 37 });
    step(&mut session, &request(), send());
    assert_eq!(step(&mut session, &answer(), Outcome::AnsweredBefore), Reply::ReceiveResponseXml(37));
    assert_eq!(session.unanswered(), Some(Exchange::from(2)));
    assert_eq!(step(&mut session, &answer(), Outcome::Progress { percent: 60 }), Reply::ReceiveResponseXml(60));
}

#[test]
fn a_hundred_is_only_told_when_all_is_done() {
    let mut session = new_session();
    step(&mut session, &request(), send());
    assert_eq!(step(&mut session, &answer(), Outcome::Progress { percent: 255 }), Reply::ReceiveResponseXml(99));
}

#[test]
fn a_failed_connection_is_tried_once_more_and_never_again() {
    let retry = Reply::ConnectionError(ConnectionVerdict::Retry(CompanyFile::open_now()));
    let done = Reply::ConnectionError(ConnectionVerdict::Done);
    let mut session = new_session();
    assert_eq!(step(&mut session, &connection_error(), Outcome::TryOpenFile), retry);
    assert!(matches!(
        session.handle(&connection_error()),
        Step::ConnectionFailed { attempts: 2, may_retry: false, .. }
    ));
    assert_eq!(session.resume(Outcome::TryOpenFile).unwrap(), done);
    assert_eq!(session.handle(&connection_error()), Step::Reply(done.clone()));
    let mut session = Session::new(CompanyFile::open_now());
    assert_eq!(step(&mut session, &connection_error(), Outcome::TryOpenFile), done);
}

#[test]
fn a_refusal_is_explained_by_the_last_error() {
    let mut session = new_session();
    let refused = Outcome::Refuse { text: "This is another company.".to_owned() };
    assert_eq!(step(&mut session, &request(), refused), Reply::SendRequestXml(String::new()));
    assert_eq!(last_error(&mut session), "This is another company.");
    assert_eq!(session.handle(&request()), Step::Reply(Reply::SendRequestXml(String::new())));
    assert_eq!(last_error(&mut session), "This is another company.");
}

#[test]
fn a_pause_has_the_request_come_again() {
    let mut session = new_session();
    session.handle(&request());
    assert!(session.resume(Outcome::Pause).is_err(), "the company would go unchecked");
    session.resume(send()).unwrap();
    step(&mut session, &answer(), Outcome::Progress { percent: 1 });
    assert_eq!(step(&mut session, &request(), Outcome::Pause), Reply::SendRequestXml(String::new()));
    assert_eq!(last_error(&mut session), "NoOp");
    assert_eq!(session.handle(&request()), Step::NextMessageSet { exchange: Exchange::from(2) });
}

#[test]
fn a_takeover_tells_what_was_left_unanswered() {
    let mut session = new_session();
    step(&mut session, &request(), send());
    assert_eq!(session.take_over(), Some(Exchange::from(1)));
    assert!(session.is_over());
    assert_eq!(session.handle(&answer()), Step::Reply(Reply::ReceiveResponseXml(-1)));
    assert_eq!(session.take_over(), Some(Exchange::from(1)));
}

#[test]
fn an_answer_is_told_from_an_error_and_from_nothing() {
    let of = |response: &str, hresult: &str, message: &str| Call::ReceiveResponseXml {
        ticket: String::new(),
        response: response.to_owned(),
        hresult: hresult.to_owned(),
        message: message.to_owned(),
    };
    let mut session = new_session();
    step(&mut session, &request(), send());
    let exchange = Exchange::from(1);
    for (call, answer) in [
        (of("<rs/>", "", ""), Answer::Response("<rs/>")),
        (of("<rs/>", "0x80040400", "odd"), Answer::Response("<rs/>")),
        (of(" ", "0x80040400", "odd"), Answer::Failed { hresult: "0x80040400", message: "odd" }),
        (of("", "", "odd"), Answer::Failed { hresult: "", message: "odd" }),
        (of("", "", ""), Answer::Nothing),
    ] {
        assert_eq!(session.handle(&call), Step::TakeAnswer { exchange, answer });
    }
}

#[test]
fn a_server_that_answers_out_of_turn_is_told_so() {
    let mut session = new_session();
    let expected = ResumeError::OutOfTurn { asked: "nothing", outcome: "Done" };
    assert_eq!(session.resume(Outcome::Done), Err(expected));
    session.handle(&request());
    for qbxml in ["", " ", "NoOp"] {
        let outcome = Outcome::Send { qbxml: qbxml.to_owned() };
        assert!(matches!(session.resume(outcome), Err(ResumeError::NotAMessageSet { .. })));
    }
    assert!(session.resume(send()).is_ok(), "the question still stands");
}

#[test]
fn an_unknown_ticket_gets_harmless_replies() {
    let table: Vec<String> = calls()
        .iter()
        .map(|call| format!("{:<20} {:?}", call.operation().name(), reply_without_session(call)))
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}
