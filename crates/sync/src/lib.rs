//! The domain, pure: records, their submissions, and what is to be asked of QuickBooks next.
//!
//! A [`record`] comes in as JSON ([`intake`]) and is checked for everything QuickBooks would refuse ([`preflight`]). Its
//! place in the queue is a [`submission::State`], moved only by events. In a visit, [`plan`] turns what is ready into one
//! message set at a time, and [`outcome`] turns QuickBooks' answer into events; [`retry`] is the one place where an
//! outcome becomes a decision.
//!
//! Nothing here knows a clock, randomness, a database or HTTP: time and random bytes come in as arguments. Start with
//! [`submission`], then [`plan`].

pub mod books;
pub mod cause;
pub mod change;
pub mod company;
pub mod correction;
pub mod created_items;
pub mod digest;
pub mod epoch;
pub mod facts;
pub mod id;
pub mod intake;
pub mod likeness;
pub mod line_item;
pub mod list;
pub mod list_reading;
pub mod look;
pub mod mapping;
pub mod mark;
pub mod need;
pub mod notice;
pub mod outcome;
pub mod pace;
pub mod plan;
pub mod preflight;
pub mod quiet_hours;
pub mod reconciliation;
pub mod record;
pub mod recovery;
pub mod request;
pub mod retry;
pub mod sales_tax;
pub mod submission;
pub mod submission_row;
pub mod tax_difference;
pub mod time_zone;
pub mod told;
pub mod visit;
pub mod visit_limit;
