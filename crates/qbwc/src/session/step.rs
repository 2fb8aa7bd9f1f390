use crate::Reply;

/// The number of a message set within its session, from 1.
///
/// It tells the message sets of one visit apart; across visits QuickBooks and the server tell them by message set id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Exchange(u32);

impl Exchange {
    pub const fn number(self) -> u32 {
        self.0
    }
}

impl From<u32> for Exchange {
    fn from(number: u32) -> Self {
        Self(number)
    }
}

/// What follows from a call: its reply, or the one piece of work without which there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'call> {
    Reply(Reply),
    /// The visit's first request: check the company, then say what to send. Only this call tells about the company.
    ///
    /// Answered by `Send`, `Refuse` or `NothingMore`; a pause would go on with a company that nobody has checked.
    FirstRequest {
        exchange: Exchange,
        /// One qbXML document; empty where the Web Connector did not send it, and then nothing proves the company.
        host_company_preferences: &'call str,
        company_file: &'call str,
        country: &'call str,
        version: Option<QbxmlVersion>,
    },
    /// Say what to send next. Answered by `Send`, `Refuse`, `NothingMore` or `Pause`.
    NextMessageSet {
        exchange: Exchange,
    },
    /// The request came again while its answer is awaited: send the very same bytes, so that QuickBooks knows the message
    /// set by its id and does not run it twice. Answered by `Send` or `Refuse`.
    Replay {
        exchange: Exchange,
    },
    /// Take QuickBooks' answer, if it is the answer to that exchange; a late one may still belong to an earlier.
    ///
    /// Answered by `Progress`, `Done`, `Fail` or `AnsweredBefore`.
    TakeAnswer {
        exchange: Exchange,
        answer: Answer<'call>,
    },
    /// The Web Connector could not connect to QuickBooks for the `attempts`-th time. Answered by `TryOpenFile`, which is
    /// only honoured where `may_retry`, or `GiveUp`.
    ConnectionFailed {
        hresult: &'call str,
        message: &'call str,
        attempts: u32,
        may_retry: bool,
    },
    /// The visit ends; `unanswered` was handed out and its answer never came. Answered by `Closed`.
    Close {
        unanswered: Option<Exchange>,
    },
    /// The call belongs to no session: it asks for or tells a version, or begins a visit.
    NotOfASession,
}

/// What came back from QuickBooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer<'call> {
    /// A qbXML document, as it came.
    Response(&'call str),
    /// QuickBooks' request processor failed; what it executed, if anything, is for the message set's id to tell.
    Failed { hresult: &'call str, message: &'call str },
    /// Neither an answer nor an error.
    Nothing,
}

/// The highest qbXML version that the customer's request processor knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QbxmlVersion {
    pub major: i32,
    pub minor: i32,
}

impl<'call> Answer<'call> {
    /// A response that is there counts more than an error beside it: it is what QuickBooks did.
    pub(super) fn new(response: &'call str, hresult: &'call str, message: &'call str) -> Self {
        if !response.trim().is_empty() {
            Self::Response(response)
        } else if hresult.trim().is_empty() && message.trim().is_empty() {
            Self::Nothing
        } else {
            Self::Failed { hresult, message }
        }
    }
}
