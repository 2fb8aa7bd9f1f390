use bookferry_xml::{Reader, Start};

use super::{Element, Lacks};

/// Why a message could not be read. A path names the elements down to the one in question, outermost first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the message is not readable XML")]
    Xml(#[from] bookferry_xml::ReadError),
    #[error("{path} lacks {element}")]
    Missing { path: String, element: String },
    #[error("the text of {path} is not acceptable: {reason}")]
    Value { path: String, reason: String },
    #[error("{path}: {name} is unknown, repeated or out of order here")]
    Misplaced { path: String, name: String },
    #[error("the instruction <?qbxml version=\"n.m\"?> is missing or has another form")]
    Version,
}

/// A document being read, and how much it is forgiven.
#[derive(Debug)]
pub struct Source<'a> {
    pub reader: Reader<'a>,
    manner: Manner,
}

/// QuickBooks reads requests to the letter; we read its answers with an open mind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Strict,
    Lenient,
}

impl<'a> Source<'a> {
    pub fn new(reader: Reader<'a>, manner: Manner) -> Self {
        Self { reader, manner }
    }

    pub(crate) fn is_strict(&self) -> bool {
        self.manner == Manner::Strict
    }

    /// Reads an element as `T`, strictly with no attribute but its own.
    pub fn element<T: Element>(&mut self, start: &Start<'_>) -> Result<T, ReadError> {
        self.check_attributes(start, T::ATTRIBUTE.as_slice())?;
        T::read(start, self)
    }

    /// Reads an element as `T`, or as nothing where it is blank and its type lets it be.
    pub(crate) fn element_unless_blank<T: Element>(&mut self, start: &Start<'_>) -> Result<Option<T>, ReadError> {
        self.check_attributes(start, T::ATTRIBUTE.as_slice())?;
        T::read_unless_blank(start, self)
    }

    /// Refuses attributes beyond `known` in a strict document.
    pub fn check_attributes(&self, start: &Start<'_>, known: &[&str]) -> Result<(), ReadError> {
        if !self.is_strict() {
            return Ok(());
        }
        match start.attributes().find(|(name, _)| !known.contains(name)) {
            Some((name, _)) => {
                Err(ReadError::Misplaced { path: self.reader.path(), name: format!("attribute {name}") })
            }
            None => Ok(()),
        }
    }

    /// Skips an element that has no place here; strictly read, it is an error.
    pub fn unknown(&mut self, start: &Start<'_>) -> Result<(), ReadError> {
        if self.is_strict() {
            return Err(self.misplaced(start));
        }
        Ok(self.reader.skip()?)
    }

    /// The error for an element, just opened, that has no place here.
    pub fn misplaced(&self, start: &Start<'_>) -> ReadError {
        ReadError::Misplaced { path: self.parent_path(), name: start.name().to_owned() }
    }

    /// The error for an attribute of the element that was just opened.
    pub(crate) fn bad_attribute(&self, name: &str, reason: &str) -> ReadError {
        ReadError::Value { path: format!("{}/@{name}", self.reader.path()), reason: reason.to_owned() }
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.reader.depth()
    }

    /// The error for an element, just read to its end, that lacks a child.
    pub fn missing(&self, start: &Start<'_>, lacks: Lacks) -> ReadError {
        ReadError::Missing { path: self.path_of(start), element: lacks.0.to_owned() }
    }

    /// The error for an element whose text, just read to its end, has the wrong form.
    pub fn bad_value(&self, start: &Start<'_>, reason: &str) -> ReadError {
        ReadError::Value { path: self.path_of(start), reason: reason.to_owned() }
    }

    /// The path of an element that was just read to its end.
    fn path_of(&self, start: &Start<'_>) -> String {
        match self.reader.path().as_str() {
            "/" => start.name().to_owned(),
            parent => format!("{parent}/{}", start.name()),
        }
    }

    fn parent_path(&self) -> String {
        let path = self.reader.path();
        path.rsplit_once('/').map_or("/", |(parent, _)| parent).to_owned()
    }
}
