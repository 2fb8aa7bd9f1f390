/// What came of the work that a [`Step`](super::Step) asked for.
///
/// The texts are shown to the person at the desk and written to the Web Connector's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Send this qbXML document. It has been stored, under the exchange's number, before this is said.
    Send { qbxml: String },
    /// Send nothing, and end the visit with this text.
    Refuse { text: String },
    /// There is nothing to send. The Web Connector reports such an end as "completed with some error": a visit that finds
    /// nothing should have been told `none` at `authenticate`, and one that finds nothing later should send a HostQuery,
    /// which changes nothing, and answer `Done` to what comes back.
    NothingMore,
    /// Nothing now; the Web Connector asks again in five seconds.
    Pause,
    /// The answer is stored. So many percent are settled, of which 99 at most are told.
    Progress { percent: u8 },
    /// The answer is stored, and everything is settled.
    Done,
    /// The answer is stored, and the visit ends with this text.
    Fail { text: String },
    /// The answer belongs to an earlier exchange, whose answer was taken already. The awaited one is still to come.
    AnsweredBefore,
    /// Have the Web Connector try again with the company file that is open.
    TryOpenFile,
    /// No more tries; the text says why.
    GiveUp { text: String },
    /// The visit is over; the text is for the Web Connector's status column.
    Closed { text: String },
}

/// The server made a mistake; the session is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResumeError {
    #[error("{outcome} does not answer {asked}")]
    OutOfTurn { asked: &'static str, outcome: &'static str },
    /// An empty text and the word `NoOp` both mean something else to the Web Connector.
    #[error("{qbxml:?} is no message set")]
    NotAMessageSet { qbxml: String },
}

impl Outcome {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Send { .. } => "Send",
            Self::Refuse { .. } => "Refuse",
            Self::NothingMore => "NothingMore",
            Self::Pause => "Pause",
            Self::Progress { .. } => "Progress",
            Self::Done => "Done",
            Self::Fail { .. } => "Fail",
            Self::AnsweredBefore => "AnsweredBefore",
            Self::TryOpenFile => "TryOpenFile",
            Self::GiveUp { .. } => "GiveUp",
            Self::Closed { .. } => "Closed",
        }
    }
}
