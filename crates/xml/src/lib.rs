//! Reading and writing XML documents, one element at a time, within limits.
//!
//! This crate is the only one that knows `quick-xml`. It knows nothing of qbXML or SOAP: who reads a message asks a
//! [`Reader`] for the next child element and takes its text, its children, or skips it; who writes one opens and closes
//! elements on a [`Writer`].
//!
//! Outside input never gets further than its [`Limits`]: document type declarations are refused, so there are no entities
//! to expand; depth, size and the number of attributes are bounded; every error carries the path of the element.

mod reader;
mod writer;

pub use reader::{Limits, ReadError, Reader, Start};
pub use writer::Writer;
