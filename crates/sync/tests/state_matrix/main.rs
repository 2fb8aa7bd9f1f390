//! The life of a submission, in full: every state, every event, and the rules that hold however they follow each other.
//!
//! `docs/state-machines.md` holds the same diagram and tables. `BOOKFERRY_WRITE_DOCS=1 cargo nextest run -p bookferry-sync
//! --test state_matrix` writes them anew.

mod document;
mod every;
mod rules;
