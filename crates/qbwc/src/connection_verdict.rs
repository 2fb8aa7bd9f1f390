use crate::{CompanyFile, ReservedWord};

/// What the Web Connector does after it could not connect to QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConnectionVerdict {
    /// Gives up.
    Done,
    /// Tries once more, with that company file.
    Retry(CompanyFile),
}

impl ConnectionVerdict {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Done => "done",
            Self::Retry(file) => file.as_str(),
        }
    }

    /// The vendor's samples answer in capitals, so the word counts in any case.
    pub(crate) fn from_text(text: &str) -> Result<Self, ReservedWord> {
        if text.trim().eq_ignore_ascii_case("done") { Ok(Self::Done) } else { CompanyFile::at(text).map(Self::Retry) }
    }
}
