use bookferry_xml::{ReadError, Reader};

use crate::envelope;

/// A SOAP fault: the answer, with HTTP status 500, to a call that cannot be answered otherwise.
///
/// The Web Connector shows `string` to the person at the desk and writes it to its log, so it holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: FaultCode,
    pub string: String,
}

/// Who has to change something before the call can succeed (SOAP 1.1, section 4.4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultCode {
    VersionMismatch,
    MustUnderstand,
    Client,
    Server,
    /// A code of somebody else's making, as a client may meet it.
    Other(String),
}

impl Fault {
    pub fn client(string: impl Into<String>) -> Self {
        Self { code: FaultCode::Client, string: string.into() }
    }

    pub fn server(string: impl Into<String>) -> Self {
        Self { code: FaultCode::Server, string: string.into() }
    }

    /// Writes the whole envelope.
    pub fn encode(&self) -> String {
        envelope::write(512 + self.string.len(), |writer| {
            writer.start("soap:Fault");
            // The parts of a fault are in no namespace; `soap:` in the code's text is a qualified name.
            writer.element("faultcode", &self.code.qualified_name());
            writer.element("faultstring", &self.string);
            writer.end("soap:Fault");
        })
    }

    /// Reads the children of a `Fault` element whose start tag has been read.
    pub(crate) fn decode(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mut fault = Self { code: FaultCode::Other(String::new()), string: String::new() };
        while let Some(part) = reader.child()? {
            match part.name() {
                "faultcode" => fault.code = FaultCode::from_qualified_name(&reader.text()?),
                "faultstring" => fault.string = reader.text()?,
                _ => reader.skip()?,
            }
        }
        Ok(fault)
    }
}

impl FaultCode {
    fn qualified_name(&self) -> String {
        let name = match self {
            Self::VersionMismatch => "VersionMismatch",
            Self::MustUnderstand => "MustUnderstand",
            Self::Client => "Client",
            Self::Server => "Server",
            Self::Other(name) => return name.clone(),
        };
        format!("soap:{name}")
    }

    /// A code may be refined after a dot, as in `Client.Authentication`.
    fn from_qualified_name(text: &str) -> Self {
        let text = text.trim();
        let local_name = text.split_once(':').map_or(text, |(_, local_name)| local_name);
        match local_name.split('.').next().unwrap_or_default() {
            "VersionMismatch" => Self::VersionMismatch,
            "MustUnderstand" => Self::MustUnderstand,
            "Client" => Self::Client,
            "Server" => Self::Server,
            _ => Self::Other(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code.qualified_name(), self.string)
    }
}
