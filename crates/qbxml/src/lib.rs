//! QuickBooks' own messages, typed: what may be asked of a company file and what it answers.
//!
//! An element is a struct whose fields stand in schema order, so a message cannot be written in a wrong one; a wrong order
//! is what QuickBooks refuses with nothing but 0x80040400. Limits of length, the forms of amounts and dates, and the
//! characters that QuickBooks cannot hold are part of the field types ([`value`]). Each message is declared once, in a
//! field table ([`element`]), and read and written from it: the server writes requests and reads answers, the simulator
//! the other way round.
//!
//! Reading is lenient for answers (unknown elements are skipped, since newer versions of QuickBooks add some) and strict
//! for requests, as QuickBooks is. This crate knows nothing of queues or records. Start with [`message_set`].

#![expect(
    clippy::large_enum_variant,
    reason = "the large variant is the usual one: a line among lines, or the filter of a single query"
)]

pub mod element;
pub mod hresult;
pub mod message;
pub mod message_set;
pub mod status;
pub mod value;

#[cfg(test)]
mod tests;
