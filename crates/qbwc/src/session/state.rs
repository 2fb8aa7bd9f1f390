use serde::{Deserialize, Serialize};

use super::Exchange;
use crate::CompanyFile;

/// Where a visit stands between two calls (Web Connector guide, section 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// The ticket is given; QuickBooks is being opened.
    Authenticated { company_file: CompanyFile, connection_failures: u32 },
    /// A message set is handed out.
    AwaitingResponse { exchange: Exchange },
    /// The last answer is taken, and there is more to do.
    Ready,
    /// Nothing was handed out, and `getLastError` says to ask again.
    Pausing,
    /// The Web Connector has been told to come to an end.
    Closing { last_error: String, unanswered: Option<Exchange> },
    /// The visit is over. `status` is what `closeConnection` was told, and will be told again.
    Closed { last_error: String, status: String, unanswered: Option<Exchange> },
}

/// The work that the last call asked the server for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Asked {
    Nothing,
    FirstRequest { exchange: Exchange },
    MessageSet { exchange: Exchange },
    Replay { exchange: Exchange },
    Answer { exchange: Exchange },
    Connection { may_retry: bool },
    Close,
}

impl State {
    pub(super) fn unanswered(&self) -> Option<Exchange> {
        match self {
            Self::AwaitingResponse { exchange } => Some(*exchange),
            Self::Closing { unanswered, .. } | Self::Closed { unanswered, .. } => *unanswered,
            Self::Authenticated { .. } | Self::Ready | Self::Pausing => None,
        }
    }

    pub(super) fn last_error(&self) -> &str {
        match self {
            Self::Closing { last_error, .. } | Self::Closed { last_error, .. } => last_error,
            Self::Pausing => crate::NO_OP,
            Self::Authenticated { .. } | Self::AwaitingResponse { .. } | Self::Ready => "No error has been noted.",
        }
    }

    pub(super) const fn is_over(&self) -> bool {
        match self {
            Self::Closed { .. } => true,
            Self::Authenticated { .. }
            | Self::AwaitingResponse { .. }
            | Self::Ready
            | Self::Pausing
            | Self::Closing { .. } => false,
        }
    }
}

impl Asked {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::FirstRequest { .. } => "the first request",
            Self::MessageSet { .. } => "a message set",
            Self::Replay { .. } => "a replay",
            Self::Answer { .. } => "what came of an answer",
            Self::Connection { .. } => "what to do without a connection",
            Self::Close => "the end of the visit",
        }
    }
}
