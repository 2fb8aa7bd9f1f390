use serde::{Deserialize, Serialize};

use crate::element::ReadError;
use crate::value::{Line, TextError};

/// The version of the schema that a message set follows, as its instruction states it (qbxml.md section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct QbxmlVersion {
    pub major: u8,
    pub minor: u8,
}

impl QbxmlVersion {
    /// The version this crate is written to; QuickBooks 2014 and all later ones read it.
    pub const V13_0: Self = Self { major: 13, minor: 0 };
}

impl std::str::FromStr for QbxmlVersion {
    type Err = ReadError;

    /// From `13.0`. The country variants before 7.0, such as `CA3.0`, are not versions of this schema.
    fn from_str(text: &str) -> Result<Self, ReadError> {
        let (major, minor) = text.split_once('.').ok_or(ReadError::Version)?;
        let number = |digits: &str| digits.parse().map_err(|_| ReadError::Version);
        Ok(Self { major: number(major)?, minor: number(minor)? })
    }
}

impl std::fmt::Display for QbxmlVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Declares an identifier that the sender of a message set chooses.
macro_rules! chosen {
    ($(#[$meta:meta])* $name:ident, $attribute:literal, $length_max:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub const LENGTH_MAX: usize = $length_max;

            pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
                let line = Line::<$length_max>::new($attribute, text)?;
                if line.as_str().is_empty() {
                    return Err(TextError::Empty { field: $attribute });
                }
                Ok(Self(line.into_string()))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

chosen!(
    /// Tells the requests of a message set apart; copied to the answer. At most 50 characters, or QuickBooks answers 1060.
    RequestId, "requestID", 50
);
chosen!(
    /// Under this QuickBooks keeps what became of a message set. At most 24 characters, or it answers 9004 (qbxml.md section 4).
    MessageSetId, "newMessageSetID", 24
);

impl RequestId {
    /// Stands for a request without an id, as other programs may send; it is not written.
    pub fn none() -> Self {
        Self(String::new())
    }

    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a failed request keeps those after it from being tried. Those before it stay executed in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    Stop,
    Continue,
}

impl OnError {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stopOnError",
            Self::Continue => "continueOnError",
        }
    }
}

/// Whether a query's answer says how much was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaData {
    None,
    Only,
    AndResponseData,
}

impl MetaData {
    pub(super) const ALL: [Self; 3] = [Self::None, Self::Only, Self::AndResponseData];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NoMetaData",
            Self::Only => "MetaDataOnly",
            Self::AndResponseData => "MetaDataAndResponseData",
        }
    }
}

/// A query answered in portions of its filter's `MaxReturned`, each continuing where the one before left off. Only valid
/// between an `authenticate` and its `closeConnection` (qbxml.md section 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Iteration {
    Start,
    /// With the `iteratorID` of the answer before.
    Continue(String),
    Stop(String),
}
