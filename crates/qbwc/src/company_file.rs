/// Which company file QuickBooks shall open: the one that is open now, or the one at a path.
///
/// The words `none`, `nvu`, `busy` and `done` stand where a path may stand, in any case, so they can be no path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CompanyFile(String);

/// A path that the Web Connector would take for a verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is a word of the Web Connector's and cannot be the path of a company file")]
pub struct ReservedWord {
    pub word: String,
}

impl CompanyFile {
    /// The file that is open in QuickBooks when the Web Connector connects.
    pub const fn open_now() -> Self {
        Self(String::new())
    }

    /// The file at that path on the customer's machine; an empty path means the file that is open.
    pub fn at(path: impl Into<String>) -> Result<Self, ReservedWord> {
        let path = path.into();
        match path.trim().to_ascii_lowercase().as_str() {
            "none" | "nvu" | "busy" | "done" => Err(ReservedWord { word: path }),
            _ => Ok(Self(path)),
        }
    }

    pub fn is_open_now(&self) -> bool {
        self.0.is_empty()
    }

    /// The text on the wire: the path, or empty for the open file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CompanyFile {
    type Error = ReservedWord;

    fn try_from(path: String) -> Result<Self, ReservedWord> {
        Self::at(path)
    }
}

impl From<CompanyFile> for String {
    fn from(file: CompanyFile) -> Self {
        file.0
    }
}
