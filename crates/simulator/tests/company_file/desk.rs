//! A company file with somebody at the desk, who sends it message sets.

use bookferry_simulator::company_file::{CompanyFile, Processed, SessionId};
use bookferry_xml::{Limits, Reader, Start};
use jiff::Timestamp;

pub(crate) struct Desk {
    pub(crate) file: CompanyFile,
    pub(crate) session: SessionId,
    pub(crate) now: Timestamp,
}

/// One answer: its status, and all of its texts by path.
#[derive(Debug, Clone)]
pub(crate) struct Rs {
    pub(crate) name: String,
    pub(crate) code: i32,
    pub(crate) message: String,
    pub(crate) attributes: Vec<(String, String)>,
    texts: Vec<(String, String)>,
}

pub(crate) const NOON: &str = "2026-11-02T20:00:00Z";

/// The fields that every service item needs.
pub(crate) const SERVICE: &str =
    "<SalesOrPurchase><Price>100.00</Price><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

impl Desk {
    /// With the customer *Anna*, the taxable item *Glass* at 100.00 and the tax-free item *Labor*.
    pub(crate) fn new() -> Self {
        let now = NOON.parse().unwrap();
        let mut desk = Self::with(CompanyFile::sample("Test Company", now), now);
        desk.ok("<CustomerAddRq><CustomerAdd><Name>Anna</Name></CustomerAdd></CustomerAddRq>");
        desk.ok(&format!(
            "<ItemServiceAddRq><ItemServiceAdd><Name>Glass</Name>{SERVICE}</ItemServiceAdd></ItemServiceAddRq>"
        ));
        let non = "<SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef>";
        desk.ok(&format!(
            "<ItemServiceAddRq><ItemServiceAdd><Name>Labor</Name>{non}{SERVICE}</ItemServiceAdd></ItemServiceAddRq>"
        ));
        desk
    }

    pub(crate) fn with(mut file: CompanyFile, now: Timestamp) -> Self {
        let session = file.begin_session("").unwrap();
        Self { file, session, now }
    }

    /// Sends one request and expects it to succeed without a warning.
    pub(crate) fn ok(&mut self, request: &str) -> Rs {
        let rs = self.ask(request);
        assert_eq!(rs.code, 0, "{request} was answered with {}", rs.message);
        rs
    }

    /// Sends one request.
    pub(crate) fn ask(&mut self, request: &str) -> Rs {
        let mut answers = self.send("onError=\"continueOnError\"", request);
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }

    pub(crate) fn send(&mut self, attributes: &str, requests: &str) -> Vec<Rs> {
        answers(&self.process(attributes, requests).xml)
    }

    pub(crate) fn process(&mut self, attributes: &str, requests: &str) -> Processed {
        let document = document(attributes, requests);
        self.file
            .process_request(self.session, &document, self.now)
            .unwrap_or_else(|error| panic!("{error}: {document}"))
    }

    /// The hresult of a document that is refused as a whole.
    pub(crate) fn hresult(&mut self, document: &str) -> String {
        self.file.process_request(self.session, document, self.now).unwrap_err().hresult.into_owned()
    }
}

impl Rs {
    /// The first text at a path below the answer, such as `InvoiceRet/TxnID`.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.texts(path).first().copied().unwrap_or_else(|| panic!("{} holds no {path}: {:?}", self.name, self.texts))
    }

    pub(crate) fn texts(&self, path: &str) -> Vec<&str> {
        self.texts.iter().filter(|(known, _)| known == path).map(|(_, text)| text.as_str()).collect()
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

pub(crate) fn document(attributes: &str, requests: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?>\
         <QBXML><QBXMLMsgsRq {attributes}>{requests}</QBXMLMsgsRq></QBXML>"
    )
}

/// The `messageSetStatusCode` of an answer.
pub(crate) fn set_status(xml: &str) -> Option<String> {
    let mut reader = Reader::new(xml, Limits::DEFAULT).unwrap();
    reader.root().unwrap();
    reader.child().unwrap().unwrap().attribute("messageSetStatusCode")
}

pub(crate) fn answers(xml: &str) -> Vec<Rs> {
    let mut reader = Reader::new(xml, Limits::DEFAULT).unwrap();
    reader.root().unwrap();
    reader.child().unwrap().unwrap();
    let mut answers = Vec::new();
    while let Some(start) = reader.child().unwrap() {
        let attribute = |name: &str| start.attribute(name).unwrap_or_default();
        let mut rs = Rs {
            name: start.name().to_owned(),
            code: attribute("statusCode").parse().unwrap(),
            message: attribute("statusMessage"),
            attributes: start.attributes().map(|(name, value)| (name.to_owned(), value.into_owned())).collect(),
            texts: Vec::new(),
        };
        while let Some(child) = reader.child().unwrap() {
            collect(&child, child.name().to_owned(), &mut reader, &mut rs.texts);
        }
        answers.push(rs);
    }
    answers
}

fn collect(start: &Start<'_>, path: String, reader: &mut Reader<'_>, texts: &mut Vec<(String, String)>) {
    let name = start.name();
    let holds_elements = ["Ref", "Ret", "Address", "Block", "LinkedTxn", "Preferences", "Purchase", "Rights"]
        .iter()
        .any(|end| name.ends_with(end));
    if !holds_elements {
        texts.push((path, reader.text().unwrap()));
        return;
    }
    while let Some(child) = reader.child().unwrap() {
        collect(&child, format!("{path}/{}", child.name()), reader, texts);
    }
}
