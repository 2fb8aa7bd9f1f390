mod outcome;
mod state;
mod step;

pub use outcome::{Outcome, ResumeError};
use serde::{Deserialize, Serialize};
use state::{Asked, State};
pub use step::{Answer, Exchange, QbxmlVersion, Step};

use crate::status_text::plain;
use crate::{Call, CompanyFile, ConnectionVerdict, Reply, reply_without_session};

/// One visit of the Web Connector's, known to it by a ticket: a plain value, loaded, stepped and saved.
///
/// The contract is a loop of two:
///
/// 1. [`Session::handle`] takes a call and says the [`Step`]: either the reply itself, or exactly one piece of work.
/// 2. [`Session::resume`] takes the [`Outcome`] of that work and gives the reply.
///
/// Load the session, do both and the work between them, and save it in one transaction; send the reply after the commit.
/// Whatever is lost then, the reply or the next call, the same call can be answered again: a repeated request is replayed,
/// a repeated answer is told the percentage of the first time, and the closing calls always say the same.
///
/// A session keeps no clock and no qbXML. Whether it has been silent for too long, and what the bytes of an exchange were,
/// is for the server to know. An answer that comes after the end is not taken: its message set is recovered by its id.
///
/// ```
/// use bookferry_qbwc::{Call, CompanyFile, Outcome, Reply, Session, Step};
///
/// let mut session = Session::new(CompanyFile::open_now());
/// let call = Call::decode(
///     r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
///         <sendRequestXML xmlns="http://developer.intuit.com/"><ticket>t</ticket></sendRequestXML>
///     </s:Body></s:Envelope>"#,
/// )?;
/// let reply = match session.handle(&call) {
///     Step::Reply(reply) => reply,
///     Step::FirstRequest { host_company_preferences: "", .. } => {
///         session.resume(Outcome::Refuse { text: "QuickBooks did not say which company is open.".to_owned() })?
///     }
///     work => unreachable!("{work:?} does not come first"),
/// };
/// assert_eq!(reply, Reply::SendRequestXml(String::new()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    state: State,
    asked: Asked,
    exchange_count: u32,
    /// What the last taken answer was told, from -1 to 100.
    percent_told: Option<i32>,
}

/// What an answer is told that ends the visit early. Any negative number would do.
const FAILED: i32 = -1;

impl Session {
    /// A session whose ticket has just been given out with that company file.
    pub const fn new(company_file: CompanyFile) -> Self {
        Self {
            state: State::Authenticated { company_file, connection_failures: 0 },
            asked: Asked::Nothing,
            exchange_count: 0,
            percent_told: None,
        }
    }

    /// Takes a call that bears this session's ticket.
    pub fn handle<'call>(&mut self, call: &'call Call) -> Step<'call> {
        self.asked = Asked::Nothing;
        match call {
            Call::SendRequestXml {
                host_company_preferences, company_file, country, qbxml_major, qbxml_minor, ..
            } => self.request_wanted(|exchange| Step::FirstRequest {
                exchange,
                host_company_preferences,
                company_file,
                country,
                version: qbxml_major.map(|major| QbxmlVersion { major, minor: qbxml_minor.unwrap_or(0) }),
            }),
            Call::ReceiveResponseXml { response, hresult, message, .. } => {
                self.answer_came(Answer::new(response, hresult, message))
            }
            Call::ConnectionError { hresult, message, .. } => self.connection_failed(hresult, message),
            Call::GetLastError { .. } => Step::Reply(Reply::GetLastError(self.state.last_error().to_owned())),
            Call::CloseConnection { .. } => self.closing(),
            Call::GetInteractiveUrl { .. }
            | Call::InteractiveRejected { .. }
            | Call::InteractiveDone { .. }
            | Call::IsInteractiveDone { .. }
            | Call::ServerVersion { .. }
            | Call::GetServerVersion { .. }
            | Call::ClientVersion { .. }
            | Call::Authenticate { .. } => reply_without_session(call).map_or(Step::NotOfASession, Step::Reply),
        }
    }

    /// Takes the outcome of the work that [`Session::handle`] asked for. After an error the session is as it was.
    pub fn resume(&mut self, outcome: Outcome) -> Result<Reply, ResumeError> {
        use Asked::{FirstRequest, MessageSet, Replay};
        let reply = match (self.asked, outcome) {
            (FirstRequest { exchange } | MessageSet { exchange } | Replay { exchange }, Outcome::Send { qbxml }) => {
                self.send(exchange, qbxml)?
            }
            (FirstRequest { .. } | MessageSet { .. } | Replay { .. }, Outcome::Refuse { text }) => {
                self.send_nothing(&text)
            }
            (FirstRequest { .. } | MessageSet { .. }, Outcome::NothingMore) => {
                self.send_nothing("There was nothing more to send.")
            }
            (MessageSet { .. }, Outcome::Pause) => {
                self.state = State::Pausing;
                Reply::SendRequestXml(String::new())
            }
            (Asked::Answer { .. }, Outcome::Progress { percent }) => self.told(i32::from(percent.min(99)), None),
            (Asked::Answer { .. }, Outcome::Done) => self.told(100, Some("Everything is settled.")),
            (Asked::Answer { .. }, Outcome::Fail { text }) => self.told(FAILED, Some(&text)),
            (Asked::Answer { .. }, Outcome::AnsweredBefore) => {
                Reply::ReceiveResponseXml(self.percent_told.unwrap_or(0))
            }
            (Asked::Connection { may_retry: true }, Outcome::TryOpenFile) => {
                self.state = State::Authenticated { company_file: CompanyFile::open_now(), connection_failures: 1 };
                Reply::ConnectionError(ConnectionVerdict::Retry(CompanyFile::open_now()))
            }
            (Asked::Connection { may_retry: false }, Outcome::TryOpenFile) => {
                self.give_up("QuickBooks could not be opened.")
            }
            (Asked::Connection { .. }, Outcome::GiveUp { text }) => self.give_up(&text),
            (Asked::Close, Outcome::Closed { text }) => self.closed(&text),
            (asked, outcome) => {
                return Err(ResumeError::OutOfTurn { asked: asked.name(), outcome: outcome.name() });
            }
        };
        self.asked = Asked::Nothing;
        Ok(reply)
    }

    /// Ends the session because another visit to its company has begun, and tells which exchange has to be recovered.
    pub fn take_over(&mut self) -> Option<Exchange> {
        let unanswered = self.state.unanswered();
        if !self.state.is_over() {
            let last_error = "Another visit to this company has begun.".to_owned();
            self.state = State::Closed { status: last_error.clone(), last_error, unanswered };
        }
        self.asked = Asked::Nothing;
        unanswered
    }

    /// The exchange whose answer is awaited, or never came.
    pub fn unanswered(&self) -> Option<Exchange> {
        self.state.unanswered()
    }

    /// Whether `closeConnection` has been answered, or another visit took over.
    pub const fn is_over(&self) -> bool {
        self.state.is_over()
    }

    fn request_wanted<'call>(&mut self, first: impl FnOnce(Exchange) -> Step<'call>) -> Step<'call> {
        let exchange = Exchange::from(self.exchange_count.saturating_add(1));
        match &self.state {
            State::Authenticated { .. } => {
                self.asked = Asked::FirstRequest { exchange };
                first(exchange)
            }
            State::Ready | State::Pausing => {
                self.asked = Asked::MessageSet { exchange };
                Step::NextMessageSet { exchange }
            }
            State::AwaitingResponse { exchange } => {
                self.asked = Asked::Replay { exchange: *exchange };
                Step::Replay { exchange: *exchange }
            }
            State::Closing { .. } | State::Closed { .. } => Step::Reply(Reply::SendRequestXml(String::new())),
        }
    }

    fn answer_came<'call>(&mut self, answer: Answer<'call>) -> Step<'call> {
        match &self.state {
            State::AwaitingResponse { exchange } => {
                self.asked = Asked::Answer { exchange: *exchange };
                Step::TakeAnswer { exchange: *exchange, answer }
            }
            State::Authenticated { .. } => {
                let last_error = "An answer came before anything had been asked.".to_owned();
                self.state = State::Closing { last_error, unanswered: None };
                Step::Reply(Reply::ReceiveResponseXml(FAILED))
            }
            // Nothing is awaited, so this can only be an answer that was taken before, or one that comes too late.
            State::Ready | State::Pausing | State::Closing { .. } | State::Closed { .. } => {
                Step::Reply(Reply::ReceiveResponseXml(self.percent_told.unwrap_or(FAILED)))
            }
        }
    }

    fn connection_failed<'call>(&mut self, hresult: &'call str, message: &'call str) -> Step<'call> {
        let (attempts, may_retry) = match &self.state {
            // A retry leaves no path behind, so there is one at most.
            State::Authenticated { company_file, connection_failures } => {
                (connection_failures.saturating_add(1), !company_file.is_open_now())
            }
            State::AwaitingResponse { .. } | State::Ready | State::Pausing => (1, false),
            State::Closing { .. } | State::Closed { .. } => {
                return Step::Reply(Reply::ConnectionError(ConnectionVerdict::Done));
            }
        };
        self.asked = Asked::Connection { may_retry };
        Step::ConnectionFailed { hresult, message, attempts, may_retry }
    }

    fn closing<'call>(&mut self) -> Step<'call> {
        match &self.state {
            State::Closed { status, .. } => Step::Reply(Reply::CloseConnection(status.clone())),
            State::Authenticated { .. }
            | State::AwaitingResponse { .. }
            | State::Ready
            | State::Pausing
            | State::Closing { .. } => {
                self.asked = Asked::Close;
                Step::Close { unanswered: self.state.unanswered() }
            }
        }
    }

    fn send(&mut self, exchange: Exchange, qbxml: String) -> Result<Reply, ResumeError> {
        if qbxml.trim().is_empty() || qbxml.trim().eq_ignore_ascii_case(crate::NO_OP) {
            return Err(ResumeError::NotAMessageSet { qbxml });
        }
        self.exchange_count = exchange.number();
        self.state = State::AwaitingResponse { exchange };
        Ok(Reply::SendRequestXml(qbxml))
    }

    fn send_nothing(&mut self, text: &str) -> Reply {
        self.end(text);
        Reply::SendRequestXml(String::new())
    }

    /// The answer is taken, so nothing is unanswered any more.
    fn told(&mut self, percent: i32, ending: Option<&str>) -> Reply {
        self.percent_told = Some(percent);
        self.state = match ending {
            Some(text) => State::Closing { last_error: plain(text), unanswered: None },
            None => State::Ready,
        };
        Reply::ReceiveResponseXml(percent)
    }

    fn give_up(&mut self, text: &str) -> Reply {
        self.end(text);
        Reply::ConnectionError(ConnectionVerdict::Done)
    }

    fn closed(&mut self, text: &str) -> Reply {
        let status = plain(text);
        let last_error = match &self.state {
            State::Closing { last_error, .. } | State::Closed { last_error, .. } => last_error.clone(),
            State::Authenticated { .. } | State::AwaitingResponse { .. } | State::Ready | State::Pausing => {
                "The visit has been closed.".to_owned()
            }
        };
        self.state = State::Closed { last_error, status: status.clone(), unanswered: self.state.unanswered() };
        Reply::CloseConnection(status)
    }

    fn end(&mut self, text: &str) {
        self.state = State::Closing { last_error: plain(text), unanswered: self.state.unanswered() };
    }
}
