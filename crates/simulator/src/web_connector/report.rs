use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::fault::Fault;

/// What one visit did and saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VisitReport {
    pub began_at: Timestamp,
    pub ended_at: Timestamp,
    /// How often each SOAP operation was called.
    pub calls: BTreeMap<&'static str, u32>,
    /// Message sets that QuickBooks executed.
    pub sets_executed: u32,
    /// Message sets that QuickBooks had executed before, and answered from what it had stored.
    pub sets_replayed: u32,
    /// Requests within the message sets.
    pub requests: u32,
    /// How often each status code was answered.
    pub statuses: BTreeMap<i32, u32>,
    /// Errors of the request processor, by hresult.
    pub hresults: BTreeMap<String, u32>,
    pub outcome: Outcome,
    /// Seconds by which the server put off this update.
    pub postponed_seconds: Option<u32>,
    /// The shortest interval of automatic runs that the server allows.
    pub run_every_seconds_min: Option<u32>,
    /// The faults that struck on purpose.
    pub faults: Vec<Fault>,
    /// Every breach of the protocol by the server, a sentence each.
    pub problems: Vec<String>,
}

/// How a visit ended, as the Web Connector shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// The server has nothing to exchange.
    NothingToDo,
    /// The server is busy with another visit.
    Busy,
    /// Not a valid user, or not the password.
    InvalidUser,
    /// Put off by the server.
    Postponed,
    /// All done, and the server's closing words.
    Completed { text: String },
    /// The server ended the visit with an error for the person to read.
    Stopped { text: String },
    /// QuickBooks could not be reached, and the server gave up.
    NotConnected { hresult: String },
    /// A call failed; the number is the Web Connector's own.
    Failed { qbwc: u16, message: String },
    /// The Web Connector died in the middle.
    Cut,
    /// The person stopped the simulation.
    Interrupted,
}

impl VisitReport {
    pub(crate) fn beginning(now: Timestamp) -> Self {
        Self {
            began_at: now,
            ended_at: now,
            calls: BTreeMap::new(),
            sets_executed: 0,
            sets_replayed: 0,
            requests: 0,
            statuses: BTreeMap::new(),
            hresults: BTreeMap::new(),
            outcome: Outcome::Cut,
            postponed_seconds: None,
            run_every_seconds_min: None,
            faults: Vec::new(),
            problems: Vec::new(),
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NothingToDo => f.write_str("No data exchange required"),
            Self::Busy => f.write_str("The application is busy"),
            Self::InvalidUser => f.write_str("Invalid password for user"),
            Self::Postponed => f.write_str("Update postponed by application"),
            Self::Completed { text } if text.is_empty() => f.write_str("Completed"),
            Self::Completed { text } => write!(f, "Completed: {text}"),
            Self::Stopped { text } => write!(f, "QBWC1031: completed with some error: {text}"),
            Self::NotConnected { hresult } => write!(f, "QBWC1013: could not connect to QuickBooks ({hresult})"),
            Self::Failed { qbwc, message } => write!(f, "QBWC{qbwc}: {message}"),
            Self::Cut => f.write_str("The Web Connector died in the middle"),
            Self::Interrupted => f.write_str("Stopped by the person"),
        }
    }
}
