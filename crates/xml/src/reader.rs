use std::borrow::Cow;

use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};

/// What a document may ask of us before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub document_bytes_max: usize,
    pub depth_max: usize,
    pub attributes_max: usize,
    pub attribute_bytes_max: usize,
}

impl Limits {
    /// Room for the largest answers of QuickBooks that we ask for; deeper or wider than any qbXML or SOAP message.
    pub const DEFAULT: Self =
        Self { document_bytes_max: 32 << 20, depth_max: 64, attributes_max: 256, attribute_bytes_max: 1 << 20 };
}

/// Why a document could not be read. `path` names the element that was open, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the XML is not well-formed at {path}: {reason}")]
    Malformed { path: String, reason: String },
    #[error("the XML goes beyond a limit at {path}: {limit}")]
    TooMuch { path: String, limit: &'static str },
    #[error("the XML holds a document type declaration, which is never accepted")]
    DocumentType,
    #[error("unexpected text at {path}")]
    UnexpectedText { path: String },
    #[error("unexpected element {name} at {path}")]
    UnexpectedElement { path: String, name: String },
}

/// A start tag: name, namespace and attributes.
#[derive(Debug, Clone)]
pub struct Start<'a> {
    tag: BytesStart<'a>,
    namespace: Option<String>,
}

impl Start<'_> {
    /// The name without its prefix.
    pub fn name(&self) -> &str {
        self.tag.local_name().into_inner()
    }

    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The attribute's value by its local name, or `None` where it is absent.
    pub fn attribute(&self, local_name: &str) -> Option<String> {
        let attribute = self.attributes_as_written().find(|it| it.key.local_name().into_inner() == local_name)?;
        Some(attribute.normalized_value(XmlVersion::Explicit1_0).ok()?.into_owned())
    }

    /// All attributes except namespace declarations, by local name. [`Reader`] has checked them already.
    pub fn attributes(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        self.attributes_as_written().filter_map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).ok()?;
            Some((attribute.key.local_name().into_inner(), value))
        })
    }

    fn attributes_as_written(&self) -> impl Iterator<Item = Attribute<'_>> {
        self.tag.attributes().flatten().filter(|attribute| attribute.key.as_namespace_binding().is_none())
    }
}

/// A pull reader over a whole document.
///
/// After [`root`](Self::root) or [`child`](Self::child) has handed out a start tag, the caller says what becomes of the
/// element: [`child`](Self::child) until it gives `None`, [`text`](Self::text), or [`skip`](Self::skip). Each of these
/// reads past the element's end tag.
pub struct Reader<'a> {
    events: NsReader<&'a [u8]>,
    document: &'a str,
    limits: Limits,
    /// Where in the document the names of the open elements stand: offset and length.
    open: Vec<(usize, usize)>,
    instructions: Vec<(String, String)>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("path", &self.path()).finish_non_exhaustive()
    }
}

impl<'a> Reader<'a> {
    pub fn new(document: &'a str, limits: Limits) -> Result<Self, ReadError> {
        if document.len() > limits.document_bytes_max {
            return Err(ReadError::TooMuch { path: "/".to_owned(), limit: "document size" });
        }
        // A byte order mark is legal before the declaration, and .NET programs like to write one.
        let document = document.strip_prefix('\u{feff}').unwrap_or(document);
        let mut events = NsReader::from_str(document);
        events.config_mut().expand_empty_elements = true;
        Ok(Self { events, document, limits, open: Vec::new(), instructions: Vec::new() })
    }

    /// The start tag of the document element, past the prolog.
    pub fn root(&mut self) -> Result<Start<'a>, ReadError> {
        match self.child()? {
            Some(start) => Ok(start),
            None => Err(self.malformed("there is no document element")),
        }
    }

    /// The next child of the element that was opened last, or `None` at its end. Text between children is an error
    /// unless it is blank.
    pub fn child(&mut self) -> Result<Option<Start<'a>>, ReadError> {
        loop {
            match self.event()? {
                Event::Start(tag) => return self.open(tag).map(Some),
                Event::End(_) => {
                    self.open.pop();
                    return Ok(None);
                }
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(ReadError::UnexpectedText { path: self.path() });
                }
                Event::PI(instruction) => {
                    self.instructions.push((instruction.target().to_owned(), instruction.content().trim().to_owned()));
                }
                Event::DocType(_) => return Err(ReadError::DocumentType),
                Event::Eof if self.open.is_empty() => return Ok(None),
                Event::Eof => return Err(self.malformed("the document ends too early")),
                Event::Comment(_) | Event::Decl(_) | Event::Empty(_) => {}
            }
        }
    }

    /// The text of the element that was opened last, up to its end tag; a child element is an error.
    pub fn text(&mut self) -> Result<String, ReadError> {
        let mut content = String::new();
        loop {
            match self.event()? {
                Event::Text(text) => content.push_str(&text.xml10_content()),
                Event::CData(data) => content.push_str(&data.xml10_content()),
                Event::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(character)) => Some(character),
                        Ok(None) => predefined_entity(&reference),
                        Err(error) => return Err(self.malformed(&error.to_string())),
                    };
                    match resolved {
                        Some(character) => content.push(character),
                        None => return Err(self.malformed("an entity that is not defined")),
                    }
                }
                Event::End(_) => {
                    self.open.pop();
                    return Ok(content);
                }
                Event::Start(tag) => {
                    let name = tag.local_name().into_inner().to_owned();
                    return Err(ReadError::UnexpectedElement { path: self.path(), name });
                }
                Event::Eof => return Err(self.malformed("the document ends too early")),
                Event::DocType(_) => return Err(ReadError::DocumentType),
                Event::Comment(_) | Event::Decl(_) | Event::Empty(_) | Event::PI(_) => {}
            }
        }
    }

    /// Reads past the end of the element that was opened last, whatever it holds.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.open.len();
        loop {
            match self.event()? {
                Event::Start(tag) => {
                    self.open(tag)?;
                }
                Event::End(_) => {
                    self.open.pop();
                    if self.open.len() < depth {
                        return Ok(());
                    }
                }
                Event::Eof => return Err(self.malformed("the document ends too early")),
                Event::DocType(_) => return Err(ReadError::DocumentType),
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::Empty(_)
                | Event::PI(_) => {}
            }
        }
    }

    /// Reads to the end of the document, which must hold nothing more.
    pub fn finish(mut self) -> Result<(), ReadError> {
        match self.child()? {
            None => Ok(()),
            Some(start) => Err(ReadError::UnexpectedElement { path: "/".to_owned(), name: start.name().to_owned() }),
        }
    }

    /// The content of a processing instruction met so far, for example `version="13.0"` for `qbxml`.
    pub fn instruction(&self, target: &str) -> Option<&str> {
        self.instructions.iter().find(|(name, _)| name == target).map(|(_, content)| content.as_str())
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The open elements, outermost first: `QBXML/QBXMLMsgsRs/InvoiceAddRs`.
    pub fn path(&self) -> String {
        if self.open.is_empty() {
            return "/".to_owned();
        }
        let names: Vec<&str> =
            self.open.iter().map(|&(offset, length)| &self.document[offset..offset + length]).collect();
        names.join("/")
    }

    fn event(&mut self) -> Result<Event<'a>, ReadError> {
        match self.events.read_event() {
            Ok(event) => Ok(event),
            Err(error) => Err(self.malformed(&error.to_string())),
        }
    }

    fn open(&mut self, tag: BytesStart<'a>) -> Result<Start<'a>, ReadError> {
        if self.open.len() >= self.limits.depth_max {
            return Err(ReadError::TooMuch { path: self.path(), limit: "depth" });
        }
        self.check_attributes(&tag)?;
        let namespace = match self.events.resolver().resolve_element(tag.name()).0 {
            ResolveResult::Bound(namespace) => Some(namespace.into_inner().to_owned()),
            ResolveResult::Unbound => None,
            ResolveResult::Unknown(prefix) => {
                let reason = format!("the prefix {prefix} is not declared");
                return Err(self.malformed(&reason));
            }
        };
        self.open.push(self.place(tag.local_name().into_inner()));
        Ok(Start { tag, namespace })
    }

    fn check_attributes(&self, tag: &BytesStart<'a>) -> Result<(), ReadError> {
        for (index, attribute) in tag.attributes().enumerate() {
            if index >= self.limits.attributes_max {
                return Err(ReadError::TooMuch { path: self.path(), limit: "number of attributes" });
            }
            let attribute = attribute.map_err(|error| self.malformed(&error.to_string()))?;
            if attribute.value.len() > self.limits.attribute_bytes_max {
                return Err(ReadError::TooMuch { path: self.path(), limit: "attribute size" });
            }
            attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| self.malformed(&error.to_string()))?;
        }
        Ok(())
    }

    /// A name's place in the document. Events borrow from the document, so its address tells the offset; this spares an
    /// allocation for each element that is only needed when something goes wrong.
    fn place(&self, name: &str) -> (usize, usize) {
        let offset = (name.as_ptr() as usize).saturating_sub(self.document.as_ptr() as usize);
        match self.document.get(offset..offset + name.len()) {
            Some(found) if found == name => (offset, name.len()),
            Some(_) | None => (0, 0),
        }
    }

    fn malformed(&self, reason: &str) -> ReadError {
        ReadError::Malformed { path: self.path(), reason: reason.to_owned() }
    }
}

/// The five entities that XML itself defines; there are no others without a document type.
fn predefined_entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}
