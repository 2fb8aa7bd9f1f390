use bookferry_xml::{Limits, Reader, Start, Writer};

use super::attributes::{Iteration, MessageSetId, MetaData, OnError, QbxmlVersion, RequestId};
use super::kinds::{Kind, Request};
use crate::element::{Lacks, Manner, ReadError, Source};
use crate::value::TextError;

/// A `QBXMLMsgsRq`: requests that QuickBooks executes one after the other.
///
/// The two identifiers govern error recovery (qbxml.md section 4): with a new one QuickBooks keeps the outcome, with an old
/// one it drops what it kept under that, and with both the same and no requests it tells what it kept.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageSetRq {
    pub on_error: OnError,
    pub new_message_set_id: Option<MessageSetId>,
    pub old_message_set_id: Option<MessageSetId>,
    pub requests: Vec<Rq>,
}

/// One request. Only queries may ask for metadata, and only those of [`Kind::IteratedQuery`] may iterate.
#[derive(Debug, Clone, PartialEq)]
pub struct Rq {
    pub request_id: RequestId,
    pub meta_data: Option<MetaData>,
    pub iteration: Option<Iteration>,
    pub request: Request,
}

impl Rq {
    pub fn new(request_id: RequestId, request: Request) -> Self {
        Self { request_id, meta_data: None, iteration: None, request }
    }
}

impl MessageSetRq {
    /// Writes the document as it goes to QuickBooks: ASCII, without white space between elements.
    pub fn to_xml(&self, version: QbxmlVersion) -> String {
        let mut out = Writer::with_capacity(256 + 2048 * self.requests.len());
        out.declaration();
        out.instruction("qbxml", &format!("version=\"{version}\""));
        out.start("QBXML");
        out.start("QBXMLMsgsRq");
        out.attribute("onError", self.on_error.as_str());
        if let Some(id) = &self.new_message_set_id {
            out.attribute("newMessageSetID", id.as_str());
        }
        if let Some(id) = &self.old_message_set_id {
            out.attribute("oldMessageSetID", id.as_str());
        }
        for rq in &self.requests {
            write_request(rq, &mut out);
        }
        out.end("QBXMLMsgsRq");
        out.end("QBXML");
        out.finish()
    }

    /// Reads a document to the letter, as QuickBooks does: order, required elements, lengths, forms and words. What this crate
    /// declares no message for is refused too, and so is `responseData="includeNone"`.
    pub fn from_xml(document: &str) -> Result<(QbxmlVersion, Self), ReadError> {
        let mut source = Source::new(Reader::new(document, Limits::DEFAULT)?, Manner::Strict);
        let root = source.reader.root()?;
        let version = read_version(source.reader.instruction("qbxml"))?;
        if root.name() != "QBXML" || root.namespace().is_some() {
            return Err(source.misplaced(&root));
        }
        source.check_attributes(&root, &[])?;
        let mut message_set = None;
        while let Some(start) = source.reader.child()? {
            if start.name() != "QBXMLMsgsRq" || message_set.is_some() {
                return Err(source.misplaced(&start));
            }
            message_set = Some(read_message_set(&start, &mut source)?);
        }
        let message_set = message_set.ok_or_else(|| source.missing(&root, Lacks("QBXMLMsgsRq")))?;
        source.reader.finish()?;
        Ok((version, message_set))
    }
}

fn write_request(rq: &Rq, out: &mut Writer) {
    let name = rq.request.element();
    out.start(name);
    if !rq.request_id.is_none() {
        out.attribute("requestID", rq.request_id.as_str());
    }
    if let Some(meta_data) = rq.meta_data {
        out.attribute("metaData", meta_data.as_str());
    }
    match &rq.iteration {
        None => {}
        Some(Iteration::Start) => out.attribute("iterator", "Start"),
        Some(Iteration::Continue(id)) => {
            out.attribute("iterator", "Continue");
            out.attribute("iteratorID", id);
        }
        Some(Iteration::Stop(id)) => {
            out.attribute("iterator", "Stop");
            out.attribute("iteratorID", id);
        }
    }
    rq.request.write_fields(out);
    out.end(name);
}

/// From the content of the instruction, `version="13.0"`.
fn read_version(instruction: Option<&str>) -> Result<QbxmlVersion, ReadError> {
    let value = instruction.and_then(|content| content.trim().strip_prefix("version")).ok_or(ReadError::Version)?;
    let value = value.trim_start().strip_prefix('=').ok_or(ReadError::Version)?.trim();
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    quoted('"').or_else(|| quoted('\'')).ok_or(ReadError::Version)?.parse()
}

fn read_message_set(start: &Start<'_>, source: &mut Source<'_>) -> Result<MessageSetRq, ReadError> {
    source.check_attributes(start, &["onError", "newMessageSetID", "oldMessageSetID", "responseData"])?;
    let on_error = match start.attribute("onError").as_deref() {
        Some("stopOnError") => OnError::Stop,
        Some("continueOnError") => OnError::Continue,
        Some(_) => return Err(source.bad_attribute("onError", "neither stopOnError nor continueOnError")),
        None => return Err(source.bad_attribute("onError", "it is missing")),
    };
    if !matches!(start.attribute("responseData").as_deref(), None | Some("includeAll")) {
        return Err(source.bad_attribute("responseData", "only includeAll is supported"));
    }
    let new_message_set_id = read_attribute(start, source, "newMessageSetID", MessageSetId::new)?;
    let old_message_set_id = read_attribute(start, source, "oldMessageSetID", MessageSetId::new)?;
    let mut requests = Vec::new();
    while let Some(child) = source.reader.child()? {
        requests.push(read_request(&child, source)?);
    }
    Ok(MessageSetRq { on_error, new_message_set_id, old_message_set_id, requests })
}

fn read_request(start: &Start<'_>, source: &mut Source<'_>) -> Result<Rq, ReadError> {
    let request_id = read_attribute(start, source, "requestID", RequestId::new)?.unwrap_or_else(RequestId::none);
    let meta_data = match start.attribute("metaData") {
        None => None,
        Some(word) => match MetaData::ALL.into_iter().find(|known| known.as_str() == word) {
            None => return Err(source.bad_attribute("metaData", "not a word that QuickBooks knows here")),
            known => known,
        },
    };
    let iteration = match (start.attribute("iterator").as_deref(), start.attribute("iteratorID")) {
        (None, None) => None,
        (Some("Start"), None) => Some(Iteration::Start),
        (Some("Continue"), Some(id)) => Some(Iteration::Continue(id)),
        (Some("Stop"), Some(id)) => Some(Iteration::Stop(id)),
        _ => return Err(source.bad_attribute("iterator", "neither Start nor Continue or Stop with an iteratorID")),
    };
    // The path and the attributes belong to the start tag, but which attributes it may have only its request tells.
    let path = source.reader.path();
    let request = Request::read(start, source)?;
    let known: &[&str] = match request.kind() {
        Kind::Write | Kind::Query => &["requestID"],
        Kind::CountedQuery => &["requestID", "metaData"],
        Kind::IteratedQuery => &["requestID", "metaData", "iterator", "iteratorID"],
    };
    match start.attributes().find(|(name, _)| !known.contains(name)) {
        Some((name, _)) => Err(ReadError::Misplaced { path, name: format!("attribute {name}") }),
        None => Ok(Rq { request_id, meta_data, iteration, request }),
    }
}

/// An identifier in an attribute, where it stands there and is not blank.
fn read_attribute<T>(
    start: &Start<'_>,
    source: &Source<'_>,
    name: &str,
    check: impl Fn(String) -> Result<T, TextError>,
) -> Result<Option<T>, ReadError> {
    match start.attribute(name) {
        None => Ok(None),
        Some(text) if text.is_empty() => Ok(None),
        Some(text) => check(text).map(Some).map_err(|error| source.bad_attribute(name, &error.to_string())),
    }
}
