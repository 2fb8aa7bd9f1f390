//! Message sets: what is sent to QuickBooks in one go, and what it answers (qbxml.md section 2).

mod answer;
mod attributes;
mod kinds;
mod request;

pub use answer::{MessageSetRs, Rs};
pub use attributes::{Iteration, MessageSetId, MetaData, OnError, QbxmlVersion, RequestId};
pub use kinds::{Answer, Kind, Request};
pub use request::{MessageSetRq, Rq};
