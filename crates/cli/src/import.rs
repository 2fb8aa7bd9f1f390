//! Reading files of records and handing them over, for `bookferry import`.
//!
//! [`Reading`] turns CSV (by a [`Mapping`]) or NDJSON into documents, each fit or refused, without knowing the database;
//! [`Importing`] hands them over in slices and keeps count. Nothing is dropped: documents, lines and cents of the source
//! are those of what was taken, unchanged and refused.

mod bound;
mod derived_payment;
mod document;
mod handing_over;
mod invoice;
mod mapping;
mod ndjson;
mod prepared;
mod progress;
mod reading;
mod refusal;
mod refused_file;
mod source;
mod tally;
mod template;

pub(crate) use handing_over::{ImportResult, Importing};
pub(crate) use mapping::Mapping;
pub(crate) use reading::Reading;
pub(crate) use refused_file::RefusedFile;
pub(crate) use source::SourceForm;
