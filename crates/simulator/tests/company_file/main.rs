//! The rules of the company file, one by one.

mod desk;
mod documents;
mod edits;
mod lists;
mod payments;
mod persistence;
mod queries;
mod random_books;
mod recovery;
mod schema;
