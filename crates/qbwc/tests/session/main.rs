//! The life of one ticket: the whole matrix of states and calls, of work and outcomes, and any order of both.

mod any_order;
mod matrix;
mod visits;

use bookferry_qbwc::{Call, CompanyFile, Outcome, Password, Reply, Session, Step};

/// One call of each operation, as they come within a visit.
fn calls() -> Vec<Call> {
    let ticket = || "t".to_owned();
    vec![
        request(),
        answer(),
        Call::ConnectionError { ticket: ticket(), hresult: "0x80040414".to_owned(), message: "A dialog.".to_owned() },
        Call::GetLastError { ticket: ticket() },
        Call::CloseConnection { ticket: ticket() },
        Call::GetInteractiveUrl { ticket: ticket(), session_id: "1".to_owned() },
        Call::InteractiveRejected { ticket: ticket(), reason: "no".to_owned() },
        Call::InteractiveDone { ticket: ticket() },
        Call::IsInteractiveDone { ticket: ticket() },
        Call::ServerVersion { version: String::new() },
        Call::GetServerVersion { ticket: ticket() },
        Call::ClientVersion { version: "34".to_owned() },
        Call::Authenticate { user_name: "u".to_owned(), password: Password::new("p") },
    ]
}

fn request() -> Call {
    Call::SendRequestXml {
        ticket: "t".to_owned(),
        host_company_preferences: "<hcp/>".to_owned(),
        company_file: "C:\\a.qbw".to_owned(),
        country: "US".to_owned(),
        qbxml_major: Some(13),
        qbxml_minor: Some(0),
    }
}

fn answer() -> Call {
    Call::ReceiveResponseXml {
        ticket: "t".to_owned(),
        response: "<rs/>".to_owned(),
        hresult: String::new(),
        message: String::new(),
    }
}

fn connection_error() -> Call {
    calls().into_iter().nth(2).unwrap()
}

fn close() -> Call {
    Call::CloseConnection { ticket: "t".to_owned() }
}

fn last_error(session: &mut Session) -> String {
    let call = Call::GetLastError { ticket: "t".to_owned() };
    let Step::Reply(Reply::GetLastError(text)) = session.handle(&call) else {
        panic!("the last error needs no work");
    };
    text
}

fn outcomes() -> Vec<Outcome> {
    vec![
        send(),
        Outcome::Refuse { text: "Another company.".to_owned() },
        Outcome::NothingMore,
        Outcome::Pause,
        Outcome::Progress { percent: 40 },
        Outcome::Done,
        Outcome::Fail { text: "Enough.".to_owned() },
        Outcome::AnsweredBefore,
        Outcome::TryOpenFile,
        Outcome::GiveUp { text: "No QuickBooks.".to_owned() },
        Outcome::Closed { text: "2 sent".to_owned() },
    ]
}

fn send() -> Outcome {
    Outcome::Send { qbxml: "<rq/>".to_owned() }
}

/// Steps a session by a call and the outcome of the work it asks for.
fn step(session: &mut Session, call: &Call, outcome: Outcome) -> Reply {
    let step = session.handle(call);
    assert!(!matches!(step, Step::Reply(_)), "{step:?} needs no work");
    session.resume(outcome).unwrap()
}

fn new_session() -> Session {
    Session::new(CompanyFile::at("C:\\a.qbw").unwrap())
}
