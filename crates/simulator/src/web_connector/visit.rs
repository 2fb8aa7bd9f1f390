//! One visit, step by step and without IO, so that any two visits can be interleaved.

mod after_failure;
mod mutilate;
mod outgoing;

use std::time::Duration;

use bookferry_qbwc::{
    Authenticated, Call, ClientVersionVerdict, CompanyFile as NamedFile, ConnectionVerdict, INTERACTIVE_MODE, NO_OP,
    Reply, ReplyError, Verdict,
};
use jiff::Timestamp;

use super::answer::{self, CallError};
use super::report::{Outcome, VisitReport};
use super::settings::Settings;
use super::transport::{HttpAnswer, TransportError};
use crate::company_file::{ComError, CompanyFile, SessionId};
use crate::fault::{Fault, Faults};

/// What the visit wants done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Fetch this address without authentication, then [`Visit::fetched`].
    Get {
        url: String,
    },
    /// Make this SOAP call, then [`Visit::answered`].
    Post(Call),
    /// Let so much time pass, then step again.
    Pause(Duration),
    Over,
}

/// A visit in progress: ask for a [`Step`], do it, tell what came of it, until it is [`Step::Over`].
#[derive(Debug)]
pub struct Visit {
    settings: Settings,
    stage: Stage,
    session: Option<SessionId>,
    ticket: String,
    /// The answers to the host, company and preferences queries, until the first `sendRequestXML` took them along.
    host_company_preferences: String,
    /// Another company's file, which is open instead of the one that is meant.
    stranger: Option<Box<CompanyFile>>,
    /// A call that a proxy repeats, and the answer to its first arrival.
    repeated: Option<Repeated>,
    connection_tries: u32,
    no_ops: u32,
    report: VisitReport,
}

#[derive(Debug, Clone)]
enum Stage {
    Certificate,
    ServerVersion,
    ClientVersion,
    Authenticate,
    Connect { file: NamedFile },
    ConnectionError { error: ComError },
    Send,
    Execute { qbxml: String },
    Receive { response: String, error: Option<ComError> },
    LastErrorAfterSend,
    LastErrorAfterReceive,
    Pause(Duration, Box<Stage>),
    Close { outcome: Outcome },
    Over,
}

#[derive(Debug)]
struct Repeated {
    call: Call,
    first: Option<Result<HttpAnswer, TransportError>>,
}

/// A server that answers `connectionError` with a path for ever keeps the Web Connector in an endless loop.
const CONNECTION_TRIES_MAX: u32 = 10;
const NO_OPS_MAX: u32 = 200;

impl Visit {
    pub fn begin(settings: Settings, now: Timestamp) -> Self {
        Self {
            settings,
            stage: Stage::Certificate,
            session: None,
            ticket: String::new(),
            host_company_preferences: String::new(),
            stranger: None,
            repeated: None,
            connection_tries: 0,
            no_ops: 0,
            report: VisitReport::beginning(now),
        }
    }

    /// What to do next. QuickBooks' part of the work is done in here.
    pub fn step(&mut self, file: &mut CompanyFile, faults: &mut Faults, now: Timestamp) -> Step {
        self.report.ended_at = now;
        loop {
            match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Over => return Step::Over,
                Stage::Certificate => {
                    self.stage = Stage::Certificate;
                    let url = self.settings.certificate_url.as_ref().unwrap_or(&self.settings.url);
                    return Step::Get { url: url.clone() };
                }
                Stage::Connect { file: named } => self.stage = self.connect(&named, file, faults, now),
                Stage::Execute { qbxml } => self.stage = self.execute(&qbxml, file, faults, now),
                Stage::Pause(span, next) => {
                    self.stage = *next;
                    return Step::Pause(span);
                }
                stage @ (Stage::ServerVersion
                | Stage::ClientVersion
                | Stage::Authenticate
                | Stage::ConnectionError { .. }
                | Stage::Send
                | Stage::Receive { .. }
                | Stage::LastErrorAfterSend
                | Stage::LastErrorAfterReceive
                | Stage::Close { .. }) => {
                    self.stage = stage;
                    if let Some(call) = self.outgoing(file, faults) {
                        return Step::Post(call);
                    }
                }
            }
        }
    }

    /// Takes the answer to [`Step::Get`].
    pub fn fetched(&mut self, answer: Result<HttpAnswer, TransportError>) {
        let problem = match answer {
            Ok(HttpAnswer { status: 200, .. }) => {
                self.stage = Stage::ServerVersion;
                return;
            }
            Ok(HttpAnswer { status, .. }) => {
                format!("a GET of the service's address was answered with {status}, not 200")
            }
            Err(error) => error.to_string(),
        };
        self.fail(1048, format!("could not verify the web application server certificate: {problem}"), true);
    }

    /// Takes the answer to [`Step::Post`].
    pub fn answered(
        &mut self,
        answer: Result<HttpAnswer, TransportError>,
        file: &mut CompanyFile,
        faults: &mut Faults,
        now: Timestamp,
    ) {
        self.report.ended_at = now;
        let Some(operation) = self.operation() else {
            return;
        };
        if let Some(repeated) = self.repeated.as_mut().filter(|repeated| repeated.first.is_none()) {
            repeated.first = Some(answer);
            return;
        }
        self.repeated = None;
        if self.reply_is_lost(operation, faults) {
            let lost = CallError::Transport(TransportError::Timeout);
            return self.call_failed(operation, &lost, file);
        }
        match answer::read(operation, answer) {
            Ok(reply) => self.take(reply, file),
            Err(error) => self.call_failed(operation, &error, file),
        }
    }

    /// What the visit did, complete once it is over.
    pub const fn report(&self) -> &VisitReport {
        &self.report
    }

    pub fn into_report(self) -> VisitReport {
        self.report
    }

    /// Whether it has a message set in hand that QuickBooks has not been given yet.
    pub const fn is_about_to_execute(&self) -> bool {
        matches!(self.stage, Stage::Execute { .. })
    }

    /// The ticket that the server gave out; empty before.
    pub fn ticket(&self) -> &str {
        &self.ticket
    }

    /// Ends the visit where it stands, as when the person closes the program.
    pub(crate) fn interrupt(&mut self, file: &mut CompanyFile) {
        self.end(Outcome::Interrupted, file);
    }

    fn take(&mut self, reply: Reply, file: &mut CompanyFile) {
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        self.stage = match (stage, reply) {
            (Stage::ServerVersion, _) => Stage::ClientVersion,
            (Stage::ClientVersion, Reply::ClientVersion(verdict)) => self.take_client_version(verdict),
            (Stage::Authenticate, Reply::Authenticate(authenticated)) => self.take_authenticated(authenticated),
            (Stage::ConnectionError { error }, Reply::ConnectionError(verdict)) => {
                self.take_connection_verdict(verdict, &error)
            }
            (Stage::Send, Reply::SendRequestXml(qbxml)) => {
                self.host_company_preferences.clear();
                if qbxml.is_empty() || qbxml == NO_OP { Stage::LastErrorAfterSend } else { Stage::Execute { qbxml } }
            }
            (Stage::Receive { .. }, Reply::ReceiveResponseXml(percent)) => match percent {
                ..0 => Stage::LastErrorAfterReceive,
                0..100 => Stage::Send,
                100.. => Stage::Close { outcome: Outcome::Completed { text: String::new() } },
            },
            (Stage::LastErrorAfterSend, Reply::GetLastError(text)) => self.take_last_error(text),
            (Stage::LastErrorAfterReceive, Reply::GetLastError(text)) => {
                Stage::Close { outcome: Outcome::Stopped { text } }
            }
            (Stage::Close { outcome }, Reply::CloseConnection(text)) => {
                let is_complete = matches!(outcome, Outcome::Completed { .. });
                let outcome = if is_complete { Outcome::Completed { text } } else { outcome };
                return self.end(outcome, file);
            }
            // `Reply::decode` gives the kind of the operation that was asked for.
            (_, _) => return self.end(Outcome::Cut, file),
        };
    }

    fn take_client_version(&mut self, verdict: ClientVersionVerdict) -> Stage {
        match verdict {
            // The person at this desk always goes on.
            ClientVersionVerdict::Accepted | ClientVersionVerdict::Warning(_) => Stage::Authenticate,
            ClientVersionVerdict::Refused(text) | ClientVersionVerdict::Expected(text) => {
                self.report.outcome = Outcome::Failed { qbwc: 1037, message: text };
                Stage::Over
            }
        }
    }

    fn take_authenticated(&mut self, authenticated: Authenticated) -> Stage {
        self.ticket = authenticated.ticket;
        self.report.run_every_seconds_min = authenticated.run_every_seconds_min;
        let outcome = match authenticated.verdict {
            Verdict::Work(file) => {
                if self.ticket.is_empty() {
                    self.problem("authenticate gave out work with an empty ticket");
                }
                return Stage::Connect { file };
            }
            Verdict::None => Outcome::NothingToDo,
            Verdict::Nvu => Outcome::InvalidUser,
            Verdict::Busy => Outcome::Busy,
            Verdict::Postpone { seconds } => {
                self.report.postponed_seconds = Some(seconds);
                Outcome::Postponed
            }
        };
        Stage::Close { outcome }
    }

    fn take_connection_verdict(&mut self, verdict: ConnectionVerdict, error: &ComError) -> Stage {
        match verdict {
            ConnectionVerdict::Retry(file) if self.connection_tries < CONNECTION_TRIES_MAX => Stage::Connect { file },
            ConnectionVerdict::Retry(_) => {
                self.problem("connectionError is never answered with done, so the Web Connector tries for ever");
                Stage::Close { outcome: Outcome::NotConnected { hresult: error.hresult.to_string() } }
            }
            ConnectionVerdict::Done => {
                Stage::Close { outcome: Outcome::NotConnected { hresult: error.hresult.to_string() } }
            }
        }
    }

    fn take_last_error(&mut self, text: String) -> Stage {
        if text == NO_OP && self.no_ops < NO_OPS_MAX {
            self.no_ops += 1;
            return Stage::Pause(self.settings.no_op_pause, Box::new(Stage::Send));
        }
        if text == NO_OP {
            self.problem("getLastError answers NoOp for ever");
        } else if text == INTERACTIVE_MODE {
            self.problem("the server asks for interactive mode, which nobody can answer here");
        } else if text.is_empty() {
            self.problem("getLastError has no text for an empty sendRequestXML");
        }
        Stage::Close { outcome: Outcome::Stopped { text } }
    }

    fn connect(&mut self, named: &NamedFile, file: &mut CompanyFile, faults: &mut Faults, now: Timestamp) -> Stage {
        self.connection_tries += 1;
        if self.strikes(Fault::WrongCompany, faults) {
            self.stranger = Some(Box::new(CompanyFile::sample("Somebody Else Inc", now)));
        }
        if self.strikes(Fault::ModalDialog, faults) {
            return self.not_connected(ComError::modal_dialog());
        }
        let identity = self.settings.identity.clone().filter(|_| !self.strikes(Fault::NoFileId, faults));
        let open = self.open_file(file);
        let session = match open.begin_session(named.as_str()) {
            Ok(session) => session,
            Err(error) => return self.not_connected(error),
        };
        let queried = open.process_request(session, &outgoing::host_company_preferences(identity.as_ref()), now);
        self.session = Some(session);
        match queried {
            Ok(processed) => {
                self.host_company_preferences = processed.xml;
                Stage::Send
            }
            Err(error) => {
                self.leave(file);
                self.report.outcome = Outcome::Failed { qbwc: 1014, message: error.to_string() };
                Stage::Over
            }
        }
    }

    fn not_connected(&mut self, error: ComError) -> Stage {
        *self.report.hresults.entry(error.hresult.to_string()).or_default() += 1;
        Stage::ConnectionError { error }
    }

    fn execute(&mut self, qbxml: &str, file: &mut CompanyFile, faults: &mut Faults, now: Timestamp) -> Stage {
        let error = if self.strikes(Fault::ProcessError, faults) {
            Some(ComError::unreadable())
        } else {
            self.strikes(Fault::RestartBefore, faults).then(ComError::session_lost)
        };
        self.disturb(file, faults);
        let session = self.session.unwrap_or(SessionId::NONE);
        let processed = match error {
            Some(error) => Err(error),
            None => self.open_file(file).process_request(session, qbxml, now),
        };
        let result = processed.and_then(|processed| self.executed(processed, file, faults));
        let receive = match result {
            Ok(response) => Stage::Receive { response, error: None },
            Err(error) => {
                *self.report.hresults.entry(error.hresult.to_string()).or_default() += 1;
                Stage::Receive { response: String::new(), error: Some(error) }
            }
        };
        if self.strikes(Fault::Slow, faults) {
            Stage::Pause(self.settings.slow_pause, Box::new(receive))
        } else {
            receive
        }
    }

    /// What befalls QuickBooks before and while it works on a message set.
    fn disturb(&mut self, file: &mut CompanyFile, faults: &mut Faults) {
        if self.strikes(Fault::Busy, faults) {
            let writes = 1 + faults.below(5);
            self.open_file(file).refuse_writes_in_use(writes);
        }
        if self.strikes(Fault::Locked, faults) {
            self.open_file(file).refuse_writes_locked(1);
        }
        if self.strikes(Fault::CrashAmid, faults) {
            let requests = usize::try_from(faults.below(4)).unwrap_or(0);
            self.open_file(file).crash_after(requests);
        }
        let clears = self.strikes(Fault::ClearedState, faults);
        self.open_file(file).clear_when_asked(clears);
    }

    /// What befalls an answer on its way from QuickBooks to the Web Connector.
    fn executed(
        &mut self,
        processed: crate::company_file::Processed,
        file: &mut CompanyFile,
        faults: &mut Faults,
    ) -> Result<String, ComError> {
        self.count(&processed);
        if self.strikes(Fault::LostState, faults) {
            self.open_file(file).lose_stored_state();
        }
        if self.strikes(Fault::ForgottenSets, faults) {
            self.open_file(file).forget_stored_states();
        }
        if self.strikes(Fault::RestartAfterwards, faults) {
            return Err(ComError::session_lost());
        }
        let mut xml = processed.xml;
        if self.strikes(Fault::ShortAnswer, faults) {
            xml = mutilate::without_last_responses(&xml, faults);
        }
        if self.strikes(Fault::CutAnswer, faults) {
            mutilate::cut(&mut xml, faults);
        }
        Ok(xml)
    }

    fn count(&mut self, processed: &crate::company_file::Processed) {
        if processed.was_stored {
            self.report.sets_replayed += 1;
        } else {
            self.report.sets_executed += 1;
        }
        self.report.requests += processed.requests;
        for (code, count) in &processed.statuses {
            *self.report.statuses.entry(*code).or_default() += count;
        }
        if self.stranger.is_some() && processed.writes > 0 {
            self.problem("the server wrote into another company's file");
        }
    }

    fn open_file<'a>(&'a mut self, file: &'a mut CompanyFile) -> &'a mut CompanyFile {
        match &mut self.stranger {
            Some(stranger) => stranger,
            None => file,
        }
    }

    fn strikes(&mut self, fault: Fault, faults: &mut Faults) -> bool {
        let strikes = faults.strikes(fault);
        if strikes {
            self.report.faults.push(fault);
        }
        strikes
    }

    fn problem(&mut self, sentence: &str) {
        self.report.problems.push(sentence.to_owned());
    }
}

/// Whether the server just does not know an operation that is not in the vendor's own contract.
fn is_unknown_operation(error: &CallError) -> bool {
    matches!(error, CallError::Reply(ReplyError::Fault(_)) | CallError::Status { .. })
}
