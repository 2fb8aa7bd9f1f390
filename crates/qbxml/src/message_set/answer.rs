use std::borrow::Cow;

use bookferry_xml::{Limits, Reader, Start, Writer};

use super::kinds::Answer;
use crate::element::{Lacks, Manner, ReadError, Source};
use crate::status::{Severity, Status};

/// A `QBXMLMsgsRs`: the answers to a message set, one for each request and in their order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessageSetRs {
    pub new_message_set_id: Option<String>,
    /// What error recovery says about the set as a whole (qbxml.md section 4); `None` and 0 mean that the answers are its
    /// outcome.
    pub message_set_status_code: Option<i64>,
    pub responses: Vec<Rs>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Rs {
    pub request_id: Option<String>,
    pub status: Status,
    /// How much was found, if the query asked for metadata.
    pub ret_count: Option<i64>,
    pub iterator_id: Option<String>,
    /// How much is still to come of what an iterator goes through.
    pub iterator_remaining_count: Option<i64>,
    pub answer: Answer,
}

impl Rs {
    pub fn new(request_id: Option<String>, status: Status, answer: Answer) -> Self {
        Self { request_id, status, ret_count: None, iterator_id: None, iterator_remaining_count: None, answer }
    }
}

impl MessageSetRs {
    /// Writes the document as QuickBooks does: no encoding in the declaration, and no instruction.
    pub fn to_xml(&self) -> String {
        let mut out = Writer::with_capacity(256 + 4096 * self.responses.len());
        out.instruction("xml", "version=\"1.0\" ");
        out.start("QBXML");
        out.start("QBXMLMsgsRs");
        if let Some(id) = &self.new_message_set_id {
            out.attribute("newMessageSetID", id);
        }
        write_number("messageSetStatusCode", self.message_set_status_code, &mut out);
        for rs in &self.responses {
            write_answer(rs, &mut out);
        }
        out.end("QBXMLMsgsRs");
        out.end("QBXML");
        out.finish()
    }

    /// Reads a document with an open mind: elements and attributes that are not known are skipped, texts longer than the
    /// schema admits are kept. A body that cannot be understood spoils that answer alone ([`Answer::Unreadable`]); an error
    /// means that the document as a whole is not XML or not an answer.
    pub fn from_xml(document: &str) -> Result<Self, ReadError> {
        let mut source = Source::new(Reader::new(document, Limits::DEFAULT)?, Manner::Lenient);
        let root = source.reader.root()?;
        if root.name() != "QBXML" {
            return Err(source.misplaced(&root));
        }
        let mut message_set = None;
        while let Some(start) = source.reader.child()? {
            match start.name() {
                "QBXMLMsgsRs" if message_set.is_none() => message_set = Some(read_message_set(&start, &mut source)?),
                _ => source.unknown(&start)?,
            }
        }
        let message_set = message_set.ok_or_else(|| source.missing(&root, Lacks("QBXMLMsgsRs")))?;
        source.reader.finish()?;
        Ok(message_set)
    }
}

fn write_answer(rs: &Rs, out: &mut Writer) {
    let name = rs.answer.element();
    out.start(name);
    if let Some(id) = &rs.request_id {
        out.attribute("requestID", id);
    }
    out.attribute("statusCode", &rs.status.code.to_string());
    out.attribute("statusSeverity", rs.status.severity.as_str());
    out.attribute("statusMessage", &rs.status.message);
    write_number("retCount", rs.ret_count, out);
    write_number("iteratorRemainingCount", rs.iterator_remaining_count, out);
    if let Some(id) = &rs.iterator_id {
        out.attribute("iteratorID", id);
    }
    rs.answer.write_fields(out);
    out.end(name);
}

fn write_number(name: &str, number: Option<i64>, out: &mut Writer) {
    if let Some(number) = number {
        out.attribute(name, &number.to_string());
    }
}

fn read_message_set(start: &Start<'_>, source: &mut Source<'_>) -> Result<MessageSetRs, ReadError> {
    let attributes = Attributes::of(start);
    let mut message_set = MessageSetRs {
        new_message_set_id: attributes.text("newMessageSetID"),
        message_set_status_code: attributes.number("messageSetStatusCode", source)?,
        responses: Vec::new(),
    };
    while let Some(child) = source.reader.child()? {
        message_set.responses.push(read_answer(&child, source)?);
    }
    Ok(message_set)
}

fn read_answer(start: &Start<'_>, source: &mut Source<'_>) -> Result<Rs, ReadError> {
    let attributes = Attributes::of(start);
    let code =
        attributes.number("statusCode", source)?.ok_or_else(|| source.bad_attribute("statusCode", "it is missing"))?;
    let severity = Severity::parse(attributes.get("statusSeverity").unwrap_or(""), code);
    let message = attributes.text("statusMessage").unwrap_or_default();
    Ok(Rs {
        request_id: attributes.text("requestID"),
        status: Status { code, severity, message },
        ret_count: attributes.number("retCount", source)?,
        iterator_id: attributes.text("iteratorID"),
        iterator_remaining_count: attributes.number("iteratorRemainingCount", source)?,
        answer: read_body(start, source)?,
    })
}

/// Reads a body; one that is not understood is left behind, so that those after it are not lost with it.
fn read_body(start: &Start<'_>, source: &mut Source<'_>) -> Result<Answer, ReadError> {
    let depth = source.depth();
    match Answer::read(start, source) {
        Ok(answer) => Ok(answer),
        Err(error @ ReadError::Xml(_)) => Err(error),
        Err(error) => {
            while source.depth() >= depth {
                source.reader.skip()?;
            }
            Ok(Answer::Unreadable { name: start.name().to_owned(), error })
        }
    }
}

/// The attributes of an element, of which most are asked for.
struct Attributes<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Attributes<'a> {
    fn of(start: &'a Start<'_>) -> Self {
        Self(start.attributes().collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    fn number(&self, name: &str, source: &Source<'_>) -> Result<Option<i64>, ReadError> {
        match self.get(name).map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| source.bad_attribute(name, "not a whole number")),
        }
    }
}
