//! `bookferry import`: reads a file of records and hands them over.

mod bound;
mod derived_payment;
mod document;
mod invoice;
mod mapping;
mod ndjson;
mod prepared;
mod reading;
mod refusal;
mod refused_file;
mod source;
mod tally;
mod template;
