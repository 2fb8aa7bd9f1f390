//! A simulated QuickBooks: a company file with QuickBooks' rules, and a Web Connector as strict as the real one.
//!
//! Rehearsals run against it, and so do the tests of the whole system. It is a second opinion of QuickBooks, written from
//! what is published about it, and shares nothing with the server but the types of messages.
//!
//! [`company_file::CompanyFile`] answers qbXML; [`web_connector::WebConnector`] carries it to a server and back;
//! [`fault::Faults`] says what goes wrong on the way; [`simulation::run`] lets all of it run until somebody stops it. Time
//! and randomness come in from outside, so that everything can be replayed.

pub mod clock;
pub mod company_file;
pub mod fault;
mod random;
pub mod simulation;
pub mod web_connector;

pub use random::SplitMix64;
