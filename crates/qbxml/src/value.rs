//! The types of qbXML's leaves: text with its length, amounts, dates, identifiers, references.

mod decimal;
mod identifier;
mod reference;
mod switch;
mod text;
mod time;
mod transliterate;

pub use decimal::{Amount, DecimalError, ExchangeRate, Percent, Price, Quantity};
pub use identifier::{EditSequence, Guid, ListId, MacroName, TxnId, TxnIdOrMacro, TxnLineId};
pub use reference::{Defined, Ref};
pub use text::{Line, Name, Text, TextError};
pub use time::{Date, DateTime};
pub use transliterate::{Transliterated, transliterate};

/// The length of a text for which this schema states none.
pub const UNBOUNDED: usize = usize::MAX;
