use std::fmt::Write as _;

use bookferry_qbwc::{CompanyFile, Outcome, Session, Step};

use crate::{answer, calls, close, connection_error, new_session, outcomes, request, send, step};

/// Every state, reached by the ways that lead there.
fn states() -> Vec<(&'static str, Session)> {
    let awaiting = stepped(new_session(), &[(request(), send())]);
    let ready = stepped(awaiting.clone(), &[(answer(), Outcome::Progress { percent: 40 })]);
    let done = stepped(awaiting.clone(), &[(answer(), Outcome::Done)]);
    let mut taken_over = awaiting.clone();
    taken_over.take_over();
    let refused = Outcome::Refuse { text: "Another company.".to_owned() };
    let failed = Outcome::Fail { text: "Enough.".to_owned() };
    let gone = Outcome::GiveUp { text: "No QuickBooks.".to_owned() };
    let closed = Outcome::Closed { text: "All sent".to_owned() };
    vec![
        ("Authenticated, with a path", new_session()),
        ("Authenticated, for the open file", Session::new(CompanyFile::open_now())),
        ("Authenticated, path failed", stepped(new_session(), &[(connection_error(), Outcome::TryOpenFile)])),
        ("AwaitingResponse, first", awaiting.clone()),
        ("AwaitingResponse, second", stepped(ready.clone(), &[(request(), send())])),
        ("Ready", ready.clone()),
        ("Pausing", stepped(ready.clone(), &[(request(), Outcome::Pause)])),
        ("Closing, nothing more", stepped(ready, &[(request(), Outcome::NothingMore)])),
        ("Closing, done", done.clone()),
        ("Closing, refused at once", stepped(new_session(), &[(request(), refused.clone())])),
        ("Closing, replay refused", stepped(awaiting.clone(), &[(request(), refused)])),
        ("Closing, failed", stepped(awaiting.clone(), &[(answer(), failed)])),
        ("Closing, no connection", stepped(new_session(), &[(connection_error(), gone)])),
        ("Closed, done", stepped(done, &[(close(), closed.clone())])),
        ("Closed, unanswered", stepped(awaiting, &[(close(), closed)])),
        ("Closed, taken over", taken_over),
    ]
}

#[test]
fn states_and_calls() {
    let mut table = String::new();
    for (name, session) in states() {
        writeln!(table, "{name}").unwrap();
        for call in calls() {
            let mut session = session.clone();
            let step = format!("{:?}", session.handle(&call));
            writeln!(table, "    {:<20} {step}", call.operation().name()).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn work_and_outcomes() {
    let mut table = String::new();
    let asked = [
        ("FirstRequest", "Authenticated, with a path", request()),
        ("NextMessageSet", "Ready", request()),
        ("NextMessageSet after a pause", "Pausing", request()),
        ("Replay", "AwaitingResponse, second", request()),
        ("TakeAnswer, first", "AwaitingResponse, first", answer()),
        ("TakeAnswer, second", "AwaitingResponse, second", answer()),
        ("ConnectionFailed, with a path", "Authenticated, with a path", connection_error()),
        ("ConnectionFailed, path failed", "Authenticated, path failed", connection_error()),
        ("ConnectionFailed, open file", "Authenticated, for the open file", connection_error()),
        ("ConnectionFailed, later", "AwaitingResponse, first", connection_error()),
        ("Close", "Closing, done", close()),
        ("Close, unanswered", "AwaitingResponse, first", close()),
    ];
    for (name, state, call) in asked {
        writeln!(table, "{name}").unwrap();
        for outcome in outcomes() {
            let mut session = states().into_iter().find(|(name, _)| *name == state).unwrap().1;
            assert!(!matches!(session.handle(&call), Step::Reply(_) | Step::NotOfASession));
            let before = session.clone();
            let outcome_name = format!("{outcome:?}").chars().take_while(|c| c.is_alphanumeric()).collect::<String>();
            match session.resume(outcome) {
                Ok(reply) => {
                    let json = serde_json::to_value(&session).unwrap();
                    writeln!(table, "    {outcome_name:<16} {reply:?}; then {}", json["state"]).unwrap();
                }
                Err(_) => assert_eq!(session, before, "an error changes nothing"),
            }
        }
    }
    insta::assert_snapshot!(table);
}

fn stepped(mut session: Session, steps: &[(bookferry_qbwc::Call, Outcome)]) -> Session {
    for (call, outcome) in steps {
        step(&mut session, call, outcome.clone());
    }
    session
}
