//! What .NET's proxy class makes of an HTTP answer.

use bookferry_qbwc::{Operation, Reply, ReplyError};

use super::transport::{HttpAnswer, TransportError};

/// Why a SOAP call failed, in the Web Connector's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("{0}")]
    Transport(TransportError),
    #[error("The remote server returned an error: ({status}).")]
    Status { status: u16 },
    #[error("The request was redirected ({status}), and the Web Connector follows no redirects.")]
    Redirect { status: u16 },
    #[error("Client found response content type of '{content_type}', but expected 'text/xml'.")]
    ContentType { content_type: String },
    #[error("The answer is not text of its character set.")]
    CharacterSet,
    #[error("{0}")]
    Reply(ReplyError),
    #[error("receiveResponseXML returned {percent}, which is more than 100 and means nothing.")]
    Percent { percent: i32 },
}

impl CallError {
    /// Whether the server answered in a way that the protocol rules out, as opposed to not answering at all.
    pub(crate) const fn is_breach(&self) -> bool {
        !matches!(self, Self::Transport(_))
    }
}

/// Reads the answer to a call of `operation`.
pub(crate) fn read(operation: Operation, answer: Result<HttpAnswer, TransportError>) -> Result<Reply, CallError> {
    let answer = answer.map_err(CallError::Transport)?;
    match answer.status {
        200 | 500 => {}
        status @ 300..=399 => return Err(CallError::Redirect { status }),
        status => return Err(CallError::Status { status }),
    }
    let content_type = answer.content_type.unwrap_or_default();
    if !is_text_xml(&content_type) {
        return Err(match answer.status {
            500 => CallError::Status { status: 500 },
            _ => CallError::ContentType { content_type },
        });
    }
    let message = String::from_utf8(answer.body).map_err(|_| CallError::CharacterSet)?;
    match Reply::decode(operation, &message) {
        Ok(Reply::ReceiveResponseXml(percent)) if percent > 100 => Err(CallError::Percent { percent }),
        Ok(_) if answer.status == 500 => Err(CallError::Status { status: 500 }),
        Ok(reply) => Ok(reply),
        Err(error) => Err(CallError::Reply(error)),
    }
}

/// `text/xml`, in UTF-8 if it says so at all.
fn is_text_xml(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let is_xml = parts.next().as_deref() == Some("text/xml");
    let charset = parts.find_map(|part| part.strip_prefix("charset=").map(|name| name.trim_matches('"').to_owned()));
    is_xml && matches!(charset.as_deref(), None | Some("utf-8" | "utf8" | "us-ascii"))
}

/// The Web Connector's own number for a failed call (Web Connector guide, appendix A).
pub(crate) const fn qbwc_code(operation: Operation) -> u16 {
    match operation {
        Operation::Authenticate => 1012,
        Operation::ServerVersion | Operation::GetServerVersion | Operation::ClientVersion => 1036,
        Operation::SendRequestXml => 1041,
        Operation::ReceiveResponseXml => 1042,
        Operation::CloseConnection => 1044,
        Operation::ConnectionError => 1045,
        Operation::GetLastError
        | Operation::GetInteractiveUrl
        | Operation::InteractiveRejected
        | Operation::InteractiveDone
        | Operation::IsInteractiveDone => 1043,
    }
}
