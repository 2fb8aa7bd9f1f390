use bookferry_xml::{ReadError, Reader, Start};

use crate::envelope::{self, SOAP_11};
use crate::{
    Authenticated, ClientVersionVerdict, ConnectionVerdict, EnvelopeError, Fault, NAMESPACE, Operation, Reply,
    ReservedWord,
};

/// Why the Web Connector would not accept a reply. The Web Connector reports most of these as QBWC1012 or 1041 to 1046,
/// by operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    #[error(transparent)]
    Envelope(EnvelopeError),
    /// The server answered with a SOAP fault.
    #[error("the server answered with a fault, {0}")]
    Fault(Fault),
    #[error("the body holds {found} in the namespace {namespace:?} instead of {expected}")]
    WrongResponse { expected: String, found: String, namespace: String },
    #[error("there is no {result} in the namespace of the contract")]
    NoResult { result: String },
    #[error("{result} is nil, over which the Web Connector stumbles")]
    NilResult { result: String },
    #[error("{result} is not an integer: {text:?}")]
    NotAnInteger { result: String, text: String },
    #[error("authenticateResult holds {count} strings in the namespace of the contract; two are needed at least")]
    TooFewStrings { count: usize },
    #[error("{word:?} stands where the path of a company file belongs")]
    NotACompanyFile { word: String },
    #[error("clientVersionResult begins with none of W:, E: and O:, and is not empty: {text:?}")]
    NotAVersionVerdict { text: String },
}

impl Reply {
    /// Reads the reply to a call of that operation, as strictly as the Web Connector's .NET client does.
    pub fn decode(operation: Operation, message: &str) -> Result<Self, ReplyError> {
        let (mut reader, start) = envelope::open(message)?;
        if start.name() == "Fault" && start.namespace() == Some(SOAP_11) {
            return Err(ReplyError::Fault(Fault::decode(&mut reader)?));
        }
        let expected = operation.response_name();
        if start.name() != expected || start.namespace() != Some(NAMESPACE) {
            return Err(ReplyError::WrongResponse {
                expected,
                found: start.name().to_owned(),
                namespace: start.namespace().unwrap_or_default().to_owned(),
            });
        }
        let mut reply = None;
        let result = operation.result_name();
        while let Some(child) = reader.child()? {
            if reply.is_none() && child.name() == result && child.namespace() == Some(NAMESPACE) {
                refuse_nil(&child, &result)?;
                reply = Some(read_result(operation, &mut reader)?);
            } else {
                reader.skip()?;
            }
        }
        envelope::close(reader)?;
        reply.ok_or(ReplyError::NoResult { result })
    }
}

impl From<EnvelopeError> for ReplyError {
    fn from(error: EnvelopeError) -> Self {
        Self::Envelope(error)
    }
}

impl From<ReadError> for ReplyError {
    fn from(error: ReadError) -> Self {
        Self::Envelope(EnvelopeError::Xml(error))
    }
}

fn read_result(operation: Operation, reader: &mut Reader<'_>) -> Result<Reply, ReplyError> {
    Ok(match operation {
        Operation::ServerVersion => Reply::ServerVersion(reader.text()?),
        Operation::GetServerVersion => Reply::GetServerVersion(reader.text()?),
        Operation::ClientVersion => {
            let text = reader.text()?;
            match ClientVersionVerdict::from_text(&text) {
                Some(verdict) => Reply::ClientVersion(verdict),
                None => return Err(ReplyError::NotAVersionVerdict { text }),
            }
        }
        Operation::Authenticate => Reply::Authenticate(read_authenticated(reader)?),
        Operation::SendRequestXml => Reply::SendRequestXml(reader.text()?),
        Operation::ReceiveResponseXml => {
            let text = reader.text()?;
            match text.trim().parse() {
                Ok(percent) => Reply::ReceiveResponseXml(percent),
                Err(_) => return Err(ReplyError::NotAnInteger { result: operation.result_name(), text }),
            }
        }
        Operation::ConnectionError => {
            let text = reader.text()?;
            match ConnectionVerdict::from_text(&text) {
                Ok(verdict) => Reply::ConnectionError(verdict),
                Err(ReservedWord { word }) => return Err(ReplyError::NotACompanyFile { word }),
            }
        }
        Operation::GetLastError => Reply::GetLastError(reader.text()?),
        Operation::CloseConnection => Reply::CloseConnection(reader.text()?),
        Operation::GetInteractiveUrl => Reply::GetInteractiveUrl(reader.text()?),
        Operation::InteractiveRejected => Reply::InteractiveRejected(reader.text()?),
        Operation::InteractiveDone => Reply::InteractiveDone(reader.text()?),
        Operation::IsInteractiveDone => Reply::IsInteractiveDone(reader.text()?),
    })
}

fn read_authenticated(reader: &mut Reader<'_>) -> Result<Authenticated, ReplyError> {
    let mut strings = Vec::new();
    while let Some(child) = reader.child()? {
        if child.name() == "string" && child.namespace() == Some(NAMESPACE) {
            refuse_nil(&child, "string of authenticateResult")?;
            strings.push(reader.text()?);
        } else {
            reader.skip()?;
        }
    }
    let count = strings.len();
    let Some(word) = strings.get(1).cloned() else {
        return Err(ReplyError::TooFewStrings { count });
    };
    Authenticated::from_strings(strings).ok_or(ReplyError::NotACompanyFile { word })
}

fn refuse_nil(start: &Start<'_>, name: &str) -> Result<(), ReplyError> {
    match start.attribute("nil").as_deref().map(str::trim) {
        Some("true" | "1") => Err(ReplyError::NilResult { result: name.to_owned() }),
        Some(_) | None => Ok(()),
    }
}
