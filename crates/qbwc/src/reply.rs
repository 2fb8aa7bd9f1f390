use bookferry_xml::Writer;

use crate::{Authenticated, ClientVersionVerdict, ConnectionVerdict, NAMESPACE, Operation, envelope};

/// What `getLastError` says to have the Web Connector wait five seconds and ask for a message set again.
pub const NO_OP: &str = "NoOp";
/// What `getLastError` says to have the Web Connector ask for a page to show to the person.
pub const INTERACTIVE_MODE: &str = "Interactive mode";

/// One reply to a [`Call`](crate::Call), by operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    ServerVersion(String),
    GetServerVersion(String),
    ClientVersion(ClientVersionVerdict),
    Authenticate(Authenticated),
    /// A complete qbXML document, or empty: then the Web Connector asks for the last error.
    SendRequestXml(String),
    /// 0 to 99: go on, so much is done. 100: all is done. Negative: ask for the last error, then close.
    ReceiveResponseXml(i32),
    ConnectionError(ConnectionVerdict),
    GetLastError(String),
    /// A text for the status column.
    CloseConnection(String),
    GetInteractiveUrl(String),
    InteractiveRejected(String),
    InteractiveDone(String),
    IsInteractiveDone(String),
}

impl Reply {
    /// Writes the whole envelope. Every result element is there, empty rather than absent or nil: the Web Connector
    /// stumbles over a null.
    pub fn encode(&self) -> String {
        let operation = self.operation();
        let (response, result) = (operation.response_name(), operation.result_name());
        envelope::write(512 + self.length() + self.length() / 4, |writer| {
            writer.start(&response);
            writer.attribute("xmlns", NAMESPACE);
            writer.start(&result);
            self.write_result(writer);
            writer.end(&result);
            writer.end(&response);
        })
    }

    pub const fn operation(&self) -> Operation {
        match self {
            Self::ServerVersion(_) => Operation::ServerVersion,
            Self::GetServerVersion(_) => Operation::GetServerVersion,
            Self::ClientVersion(_) => Operation::ClientVersion,
            Self::Authenticate(_) => Operation::Authenticate,
            Self::SendRequestXml(_) => Operation::SendRequestXml,
            Self::ReceiveResponseXml(_) => Operation::ReceiveResponseXml,
            Self::ConnectionError(_) => Operation::ConnectionError,
            Self::GetLastError(_) => Operation::GetLastError,
            Self::CloseConnection(_) => Operation::CloseConnection,
            Self::GetInteractiveUrl(_) => Operation::GetInteractiveUrl,
            Self::InteractiveRejected(_) => Operation::InteractiveRejected,
            Self::InteractiveDone(_) => Operation::InteractiveDone,
            Self::IsInteractiveDone(_) => Operation::IsInteractiveDone,
        }
    }

    fn write_result(&self, writer: &mut Writer) {
        match self {
            Self::ServerVersion(text)
            | Self::GetServerVersion(text)
            | Self::SendRequestXml(text)
            | Self::GetLastError(text)
            | Self::CloseConnection(text)
            | Self::GetInteractiveUrl(text)
            | Self::InteractiveRejected(text)
            | Self::InteractiveDone(text)
            | Self::IsInteractiveDone(text) => writer.text(text),
            Self::ClientVersion(verdict) => writer.text(&verdict.to_text()),
            Self::Authenticate(authenticated) => {
                for string in authenticated.to_strings() {
                    writer.element("string", &string);
                }
            }
            Self::ReceiveResponseXml(percent) => writer.text(&percent.to_string()),
            Self::ConnectionError(verdict) => writer.text(verdict.as_str()),
        }
    }

    /// About how many bytes the result takes; only message sets are long.
    fn length(&self) -> usize {
        match self {
            Self::SendRequestXml(qbxml) => qbxml.len(),
            Self::ServerVersion(_)
            | Self::GetServerVersion(_)
            | Self::ClientVersion(_)
            | Self::Authenticate(_)
            | Self::ReceiveResponseXml(_)
            | Self::ConnectionError(_)
            | Self::GetLastError(_)
            | Self::CloseConnection(_)
            | Self::GetInteractiveUrl(_)
            | Self::InteractiveRejected(_)
            | Self::InteractiveDone(_)
            | Self::IsInteractiveDone(_) => 256,
        }
    }
}
