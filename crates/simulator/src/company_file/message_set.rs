//! Message sets: error recovery around them, and the requests within.

use std::collections::BTreeMap;

use bookferry_qbxml::message_set::MessageSetRq;
use bookferry_xml::{Limits, Reader, Writer};
use jiff::Timestamp;

use super::books::Key;
use super::execute::{self, Outcome};
use super::facts;
use super::node::Node;
use super::refusal::{Refusal, severity};
use super::stored_sets::{Known, MESSAGE_SET_ID_LENGTH_MAX, StoredSet, checksum};
use super::txns::Txn;
use super::{ComError, CompanyFile, SessionId, ToldRequest};

/// An answer of the request processor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processed {
    /// The whole document.
    pub xml: String,
    /// How many requests there were.
    pub requests: u32,
    /// How often each status was answered; the set's own is not among them.
    pub statuses: BTreeMap<i32, u32>,
    /// How many requests changed the company file.
    pub writes: u32,
    /// The answer is one that QuickBooks had stored; nothing was executed.
    pub was_stored: bool,
}

impl CompanyFile {
    /// ProcessRequest: executes a message set and answers it.
    ///
    /// # Errors
    ///
    /// A document that is not qbXML to the letter, in form or order, is 0x80040400 and executes nothing.
    pub fn process_request(&mut self, session: SessionId, qbxml: &str, now: Timestamp) -> Result<Processed, ComError> {
        let Some(mut iterators) = self.sessions.remove(&session) else {
            return Err(ComError::session_lost());
        };
        self.books.now = now;
        self.books.macros.clear();
        let processed = read(qbxml).and_then(|mut set| match recover(self, &set, qbxml) {
            Some(status) => Ok(status),
            None => {
                MessageSetRq::from_xml(qbxml).map_err(|_| ComError::unreadable())?;
                let has_the_text = self.breaks_over.as_ref().is_some_and(|text| qbxml.contains(text));
                if has_the_text && set.children.iter().any(execute::is_write) {
                    return Err(ComError::broken_down());
                }
                if let Some(error) = self.told_failure(&set) {
                    return Err(error);
                }
                match self.told_set_status(&set) {
                    Some(status) => self.run_under(status, &mut set, qbxml, &mut iterators, session),
                    None => self.run(&mut set, qbxml, &mut iterators, session),
                }
            }
        });
        self.sessions.insert(session, iterators);
        super::removal::forget_old(&mut self.books);
        self.write_changes().map_err(|_| ComError::internal())?;
        processed
    }

    fn run(
        &mut self,
        set: &mut Node,
        qbxml: &str,
        iterators: &mut super::Iterators,
        session: SessionId,
    ) -> Result<Processed, ComError> {
        let crash_after = self.crash_after.take();
        let mut answer = Answer::begin(set, 0);
        let mut has_failed = false;
        let stops = set.attribute("onError") == Some("stopOnError");
        for (index, request) in set.children.iter_mut().enumerate() {
            if crash_after == Some(index) {
                return Err(ComError::session_lost());
            }
            let outcome = if has_failed && stops {
                Outcome::refused(Refusal::unprocessed())
            } else {
                self.execute_or_refuse(request, iterators, session)
            };
            has_failed |= outcome.code >= 1000;
            answer.add(request, &outcome);
        }
        let processed = answer.finish();
        if let Some(old) = set.attribute("oldMessageSetID")
            && set.attribute("newMessageSetID") != Some(old)
        {
            self.clear_stored(old);
        }
        if let Some(id) = set.attribute("newMessageSetID") {
            let stored = StoredSet { checksum: checksum(qbxml.as_bytes()), answer: Some(processed.xml.clone()) };
            self.stored_sets.store(id, stored);
            self.books.changed.insert(Key::StoredSet(id.to_owned()));
        }
        Ok(processed)
    }

    /// Answers the set with a status of its own and with nothing else. By some it was executed all the same, and the answer is
    /// lost; by the others it was not (qbXML notes, section 4).
    fn run_under(
        &mut self,
        status: i32,
        set: &mut Node,
        qbxml: &str,
        iterators: &mut super::Iterators,
        session: SessionId,
    ) -> Result<Processed, ComError> {
        let mut answer = Answer::begin(set, status).finish();
        if matches!(status, 9002 | 9003 | 9005) {
            let executed = self.run(set, qbxml, iterators, session)?;
            self.lose_stored_state();
            answer = Processed { xml: answer.xml, ..executed };
        }
        Ok(answer)
    }

    fn execute_or_refuse(
        &mut self,
        request: &mut Node,
        iterators: &mut super::Iterators,
        session: SessionId,
    ) -> Outcome {
        if let Some(refusal) = self.told_refusal(request) {
            return Outcome::refused(refusal);
        }
        if execute::is_write(request) {
            if self.refusing.in_use > 0 {
                self.refusing.in_use -= 1;
                let id = request.children.first().and_then(|body| body.text_of("TxnID").or(body.text_of("ListID")));
                return Outcome::refused(Refusal::object_in_use(id.unwrap_or_default()));
            }
            if self.refusing.locked > 0 {
                self.refusing.locked -= 1;
                return Outcome::refused(Refusal::locked());
            }
        }
        let is_of_txns = ["InvoiceQueryRq", "ReceivePaymentQueryRq"].contains(&&*request.name);
        if is_of_txns && self.refusing.queries > 0 {
            self.refusing.queries -= 1;
            return Outcome::refused(Refusal::object_in_use(""));
        }
        execute::execute(&mut self.books, request, iterators, session.0)
    }

    /// What QuickBooks fails with over this message set because somebody said so.
    fn told_failure(&self, set: &Node) -> Option<ComError> {
        let mut written = set.children.iter().filter(|request| execute::is_write(request));
        written.find_map(|request| self.told_to_fail.get(self.number_of(request)?)).cloned()
    }

    /// The status of its own with which this message set is answered because somebody said so; once.
    fn told_set_status(&mut self, set: &Node) -> Option<i32> {
        let is_written = |wanted: &str| {
            let mut writes = set.children.iter().filter(|request| execute::is_write(request));
            writes.any(|request| self.number_of(request) == Some(wanted))
        };
        let place = self.told_to_refuse.iter().position(|told| match &told.what {
            ToldRequest::Writing(wanted) => is_status_of_sets(told.code) && is_written(wanted),
            ToldRequest::Named(_) => false,
        })?;
        Some(self.told_to_refuse.remove(place).code)
    }

    /// The number of the document that a request is about.
    fn number_of<'a>(&'a self, request: &'a Node) -> Option<&'a str> {
        let body = request.children.first();
        let txn_id = request.text_of("TxnID").or_else(|| body.and_then(|body| body.text_of("TxnID")));
        let stored = txn_id.and_then(|txn_id| self.books.txns.get(txn_id)).map(Txn::ref_number);
        body.and_then(|body| body.text_of("RefNumber")).or(stored)
    }

    /// What this request is refused with because somebody said so; once.
    fn told_refusal(&mut self, request: &Node) -> Option<Refusal> {
        let number = self.number_of(request).filter(|_| execute::is_write(request));
        let place = self.told_to_refuse.iter().position(|told| match &told.what {
            ToldRequest::Named(name) => *name == request.name,
            ToldRequest::Writing(wanted) => number == Some(wanted.as_str()),
        })?;
        let told = self.told_to_refuse.remove(place);
        Some(Refusal::new(told.code, told.message))
    }

    fn clear_stored(&mut self, id: &str) -> bool {
        let was_there = self.stored_sets.clear(id);
        if was_there {
            self.books.changed.insert(Key::StoredSet(id.to_owned()));
        }
        was_there
    }
}

/// Whether QuickBooks says this of a message set, and never of a request in it.
const fn is_status_of_sets(code: i32) -> bool {
    matches!(code, 600 | 9001..=9005)
}

/// The `QBXMLMsgsRq`, as the engine works on it.
fn read(qbxml: &str) -> Result<Node, ComError> {
    let unreadable = |_| ComError::unreadable();
    let mut reader = Reader::new(qbxml, Limits::DEFAULT).map_err(unreadable)?;
    let root = reader.root().map_err(unreadable)?;
    let version = reader.instruction("qbxml").and_then(version).ok_or_else(ComError::unreadable)?;
    if !facts::is_supported(&version) {
        return Err(ComError::unsupported_version());
    }
    let mut document = Node::read(&root, &mut reader).map_err(unreadable)?;
    reader.finish().map_err(unreadable)?;
    document.store_as_latin1();
    match document.children.pop() {
        Some(set) if document.name == "QBXML" && set.name == "QBXMLMsgsRq" && document.children.is_empty() => Ok(set),
        Some(_) | None => Err(ComError::unreadable()),
    }
}

/// From `version="13.0"`.
fn version(instruction: &str) -> Option<String> {
    let value = instruction.trim().strip_prefix("version")?.trim_start().strip_prefix('=')?.trim();
    Some(value.trim_matches(['"', '\'']).to_owned())
}

/// The answer where the ids alone decide (qbXML notes, section 4); `None` where the set is to be run.
fn recover(file: &mut CompanyFile, set: &Node, qbxml: &str) -> Option<Processed> {
    let (new, old) = (set.attribute("newMessageSetID"), set.attribute("oldMessageSetID"));
    let is_too_long = |id: Option<&str>| id.is_some_and(|id| id.chars().count() > MESSAGE_SET_ID_LENGTH_MAX);
    if is_too_long(new) || is_too_long(old) {
        return Some(Answer::begin(set, 9004).finish());
    }
    match (new, old) {
        (None, Some(old)) if set.children.is_empty() => {
            let status = if file.clear_stored(old) { 0 } else { 600 };
            Some(Answer::begin(set, status).finish())
        }
        // Asking about an id is not running under it: an id that is not known stays unknown.
        (Some(new), Some(old)) if set.children.is_empty() && new == old => {
            let told = match file.stored_sets.get(new) {
                Some(StoredSet { answer: Some(answer), .. }) => stored(answer),
                Some(StoredSet { answer: None, .. }) => Answer::begin(set, 9002).finish(),
                None => Answer::begin(set, 600).finish(),
            };
            if file.clears_when_asked {
                file.clear_stored(new);
            }
            Some(told)
        }
        (Some(new), _) => match file.stored_sets.known(new, checksum(qbxml.as_bytes())) {
            Known::Unknown => None,
            Known::Answered(answer) => Some(stored(answer)),
            Known::Lost => Some(Answer::begin(set, 9002).finish()),
            Known::OtherContent => Some(Answer::begin(set, 9001).finish()),
        },
        (None, _) => None,
    }
}

fn stored(answer: &str) -> Processed {
    Processed { xml: answer.to_owned(), requests: 0, statuses: BTreeMap::new(), writes: 0, was_stored: true }
}

/// The document that is being answered.
struct Answer {
    out: Writer,
    requests: u32,
    statuses: BTreeMap<i32, u32>,
    writes: u32,
    has_data: bool,
}

impl Answer {
    fn begin(set: &Node, status: i32) -> Self {
        let mut out = Writer::with_capacity(1024 + 4096 * set.children.len());
        out.instruction("xml", "version=\"1.0\" ");
        out.start("QBXML");
        out.start("QBXMLMsgsRs");
        if let Some(id) = set.attribute("newMessageSetID") {
            out.attribute("newMessageSetID", id);
        }
        if set.attribute("newMessageSetID").is_some() || status != 0 || set.attribute("oldMessageSetID").is_some() {
            out.attribute("messageSetStatusCode", &status.to_string());
        }
        let has_data = set.attribute("responseData") != Some("includeNone");
        Self { out, requests: 0, statuses: BTreeMap::new(), writes: 0, has_data }
    }

    fn add(&mut self, request: &Node, outcome: &Outcome) {
        let name = format!("{}Rs", request.name.strip_suffix("Rq").unwrap_or(&request.name));
        let out = &mut self.out;
        out.start(&name);
        if let Some(id) = request.attribute("requestID") {
            out.attribute("requestID", id);
        }
        out.attribute("statusCode", &outcome.code.to_string());
        out.attribute("statusSeverity", severity(outcome.code));
        out.attribute("statusMessage", &outcome.message);
        for (attribute, value) in &outcome.attributes {
            out.attribute(attribute, value);
        }
        if self.has_data {
            outcome.children.iter().for_each(|child| child.write(out));
        }
        out.end(&name);
        self.requests += 1;
        *self.statuses.entry(outcome.code).or_default() += 1;
        self.writes += u32::from(execute::is_write(request) && outcome.code < 1000);
    }

    fn finish(mut self) -> Processed {
        self.out.end("QBXMLMsgsRs");
        self.out.end("QBXML");
        let xml = self.out.finish();
        Processed { xml, requests: self.requests, statuses: self.statuses, writes: self.writes, was_stored: false }
    }
}
