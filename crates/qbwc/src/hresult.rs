//! The errors of QuickBooks' request processor, as `connectionError` and `receiveResponseXML` bring them.
//!
//! The codes are shared with many other products, so only look up what came in the Web Connector's `hresult`.

mod catalogue;

use std::str::FromStr;

use crate::Actor;

/// A code such as `0x80040400`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hresult(pub u32);

/// What is known about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub code: Hresult,
    pub class: Class,
    pub actor: Actor,
    /// What happened, as a sentence for the bookkeeper.
    pub meaning: &'static str,
    /// What mends it, as a sentence for whoever acts.
    pub remedy: &'static str,
}

impl Hint {
    /// Both sentences, and who must act.
    pub fn told(&self) -> String {
        let Self { meaning, remedy, actor, .. } = self;
        match actor {
            Actor::Nobody => format!("{meaning} {remedy}"),
            Actor::Bookkeeper | Actor::QuickBooksAdmin | Actor::Operator | Actor::Developer => {
                format!("{meaning} {remedy} Who must act: {}.", actor.words())
            }
        }
    }
}

/// What the server does about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The next visit tries again.
    Retry,
    /// The next visit tries again, and after that a person is told.
    RetryOnce,
    /// A person has to act first; trying again in a loop only annoys.
    Person,
    /// The next visit asks QuickBooks what became of the message set, by its id.
    Recover,
    /// The same again, in smaller message sets.
    Smaller,
    /// The request is wrong, and will be wrong the next time.
    Bug,
}

/// A text that is no code. An empty one means that there was no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not the code of an error of QuickBooks'")]
pub struct NotAnHresult {
    pub text: String,
}

/// What is known about a code; `None` for codes that no source explains, for which [`UNKNOWN_MEANING`] and
/// [`UNKNOWN_REMEDY`] stand ready.
pub fn look_up(code: Hresult) -> Option<&'static Hint> {
    catalogue::HINTS.iter().find(|hint| hint.code == code)
}

/// Everything that is known, by code.
pub fn all() -> &'static [Hint] {
    catalogue::HINTS
}

pub const UNKNOWN_MEANING: &str = "QuickBooks reported an error that has no explanation here.";
/// Sessions end and the next one tries again; a person is told after [`UNKNOWN_SESSIONS_MAX`] of them.
pub const UNKNOWN_REMEDY: &str =
    "Note the code and the message, and look into qbsdklog.txt on the QuickBooks computer.";
/// How many visits in a row may end with the same unexplained code before a person is told.
pub const UNKNOWN_SESSIONS_MAX: u32 = 3;

impl Hresult {
    /// The request did not fit the schema, so QuickBooks executed nothing of it. No other code promises that.
    pub const XML_NOT_ACCEPTED: Self = Self(0x8004_0400);
    /// The COM session is gone, most often because QuickBooks was restarted.
    pub const TICKET_INVALID: Self = Self(0x8004_040d);
    pub const MODAL_DIALOG_OPEN: Self = Self(0x8004_0414);
    pub const ANOTHER_FILE_OPEN: Self = Self(0x8004_040a);
    pub const COULD_NOT_START: Self = Self(0x8004_0408);

    /// Whether it is certain that QuickBooks executed nothing of the message set that met this code.
    pub fn nothing_was_executed(self) -> bool {
        self == Self::XML_NOT_ACCEPTED
    }
}

impl std::fmt::Display for Hresult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

/// Reads hexadecimal in any case, with or without `0x`, and the negative decimal that some programs print.
impl FromStr for Hresult {
    type Err = NotAnHresult;

    fn from_str(text: &str) -> Result<Self, NotAnHresult> {
        let trimmed = text.trim();
        let hexadecimal = trimmed.strip_prefix("0x").or_else(|| trimmed.strip_prefix("0X"));
        let code = if trimmed.starts_with('-') {
            trimmed.parse::<i32>().map(i32::cast_unsigned)
        } else {
            u32::from_str_radix(hexadecimal.unwrap_or(trimmed), 16)
        };
        code.map(Self).map_err(|_| NotAnHresult { text: text.to_owned() })
    }
}
