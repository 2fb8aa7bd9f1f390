use std::borrow::Cow;

use bookferry_xml::{ReadError, Reader, Start, Writer};

use crate::operation::{Operation, ParameterKind};
use crate::{EnvelopeError, Fault, FaultCode, NAMESPACE, Password, envelope};

/// One call of the Web Connector's.
///
/// A text that was absent, empty or nil in the message is empty here: the Web Connector means the same by all three.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    ServerVersion {
        version: String,
    },
    GetServerVersion {
        ticket: String,
    },
    ClientVersion {
        version: String,
    },
    Authenticate {
        user_name: String,
        password: Password,
    },
    SendRequestXml {
        ticket: String,
        /// The answers to HostQuery, CompanyQuery and PreferencesQuery as one qbXML document; on a visit's first call only.
        host_company_preferences: String,
        /// The path of the company file that is open.
        company_file: String,
        /// `US`, `CA`, `UK` or `AU`.
        country: String,
        /// The highest qbXML version the request processor knows, for example 13 and 0.
        qbxml_major: Option<i32>,
        qbxml_minor: Option<i32>,
    },
    ReceiveResponseXml {
        ticket: String,
        response: String,
        /// Hexadecimal text such as `0x80040400`, where QuickBooks did not answer; then `response` is empty.
        hresult: String,
        message: String,
    },
    ConnectionError {
        ticket: String,
        hresult: String,
        message: String,
    },
    GetLastError {
        ticket: String,
    },
    CloseConnection {
        ticket: String,
    },
    GetInteractiveUrl {
        ticket: String,
        session_id: String,
    },
    InteractiveRejected {
        ticket: String,
        reason: String,
    },
    InteractiveDone {
        ticket: String,
    },
    IsInteractiveDone {
        ticket: String,
    },
}

/// Why a message is not a call. [`DecodeError::fault`] is what to answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error(transparent)]
    Envelope(EnvelopeError),
    #[error("there is no operation {name} in the namespace {namespace:?}")]
    UnknownOperation { name: String, namespace: String },
    #[error("{operation} carries {parameter} twice", operation = .operation.name())]
    Repeated { operation: Operation, parameter: &'static str },
    #[error("{parameter} of {operation} is not an integer", operation = .operation.name())]
    NotAnInteger { operation: Operation, parameter: &'static str },
}

impl Call {
    /// Reads a SOAP 1.1 message, by namespaces and local names only. Unknown children are passed over.
    pub fn decode(message: &str) -> Result<Self, DecodeError> {
        let (mut reader, start) = envelope::open(message)?;
        let operation = operation(&start)?;
        let mut arguments = Arguments::read(operation, &mut reader)?;
        let call = Self::from_arguments(operation, &mut arguments)?;
        envelope::close(reader)?;
        Ok(call)
    }

    /// Writes the message as the Web Connector sends it.
    pub fn encode(&self) -> String {
        let arguments = self.arguments();
        let length: usize = arguments.iter().map(|argument| argument.len()).sum();
        let operation = self.operation();
        envelope::write(1024 + length + length / 4, |writer| write_call(writer, operation, &arguments))
    }

    pub const fn operation(&self) -> Operation {
        match self {
            Self::ServerVersion { .. } => Operation::ServerVersion,
            Self::GetServerVersion { .. } => Operation::GetServerVersion,
            Self::ClientVersion { .. } => Operation::ClientVersion,
            Self::Authenticate { .. } => Operation::Authenticate,
            Self::SendRequestXml { .. } => Operation::SendRequestXml,
            Self::ReceiveResponseXml { .. } => Operation::ReceiveResponseXml,
            Self::ConnectionError { .. } => Operation::ConnectionError,
            Self::GetLastError { .. } => Operation::GetLastError,
            Self::CloseConnection { .. } => Operation::CloseConnection,
            Self::GetInteractiveUrl { .. } => Operation::GetInteractiveUrl,
            Self::InteractiveRejected { .. } => Operation::InteractiveRejected,
            Self::InteractiveDone { .. } => Operation::InteractiveDone,
            Self::IsInteractiveDone { .. } => Operation::IsInteractiveDone,
        }
    }

    /// The ticket, for the calls that carry one; it may be empty or unknown.
    pub fn ticket(&self) -> Option<&str> {
        match self {
            Self::ServerVersion { .. } | Self::ClientVersion { .. } | Self::Authenticate { .. } => None,
            Self::GetServerVersion { ticket }
            | Self::SendRequestXml { ticket, .. }
            | Self::ReceiveResponseXml { ticket, .. }
            | Self::ConnectionError { ticket, .. }
            | Self::GetLastError { ticket }
            | Self::CloseConnection { ticket }
            | Self::GetInteractiveUrl { ticket, .. }
            | Self::InteractiveRejected { ticket, .. }
            | Self::InteractiveDone { ticket }
            | Self::IsInteractiveDone { ticket } => Some(ticket),
        }
    }

    /// `http://developer.intuit.com/` and the operation's name.
    pub fn soap_action(&self) -> String {
        self.operation().soap_action()
    }

    fn from_arguments(operation: Operation, given: &mut Arguments) -> Result<Self, DecodeError> {
        Ok(match operation {
            Operation::ServerVersion => Self::ServerVersion { version: given.text("strVersion") },
            Operation::GetServerVersion => Self::GetServerVersion { ticket: given.text("ticket") },
            Operation::ClientVersion => Self::ClientVersion { version: given.text("strVersion") },
            Operation::Authenticate => Self::Authenticate {
                user_name: given.text("strUserName"),
                password: Password::new(given.text("strPassword")),
            },
            Operation::SendRequestXml => Self::SendRequestXml {
                ticket: given.text("ticket"),
                host_company_preferences: given.text("strHCPResponse"),
                company_file: given.text("strCompanyFileName"),
                country: given.text("qbXMLCountry"),
                qbxml_major: given.integer("qbXMLMajorVers")?,
                qbxml_minor: given.integer("qbXMLMinorVers")?,
            },
            Operation::ReceiveResponseXml => Self::ReceiveResponseXml {
                ticket: given.text("ticket"),
                response: given.text("response"),
                hresult: given.text("hresult"),
                message: given.text("message"),
            },
            Operation::ConnectionError => Self::ConnectionError {
                ticket: given.text("ticket"),
                hresult: given.text("hresult"),
                message: given.text("message"),
            },
            Operation::GetLastError => Self::GetLastError { ticket: given.text("ticket") },
            Operation::CloseConnection => Self::CloseConnection { ticket: given.text("ticket") },
            Operation::GetInteractiveUrl => {
                Self::GetInteractiveUrl { ticket: given.text("wcTicket"), session_id: given.text("sessionID") }
            }
            Operation::InteractiveRejected => {
                Self::InteractiveRejected { ticket: given.text("wcTicket"), reason: given.text("reason") }
            }
            Operation::InteractiveDone => Self::InteractiveDone { ticket: given.text("wcTicket") },
            Operation::IsInteractiveDone => Self::IsInteractiveDone { ticket: given.text("wcTicket") },
        })
    }

    /// The values of [`Operation::parameters`], in that order.
    fn arguments(&self) -> Vec<Cow<'_, str>> {
        match self {
            Self::ServerVersion { version } | Self::ClientVersion { version } => texts([version]),
            Self::Authenticate { user_name, password } => texts([user_name, password.expose()]),
            Self::SendRequestXml {
                ticket,
                host_company_preferences,
                company_file,
                country,
                qbxml_major,
                qbxml_minor,
            } => {
                let mut arguments = texts([ticket, host_company_preferences, company_file, country]);
                // Both are required integers of the contract, so there is no way to leave them out.
                arguments.extend([qbxml_major, qbxml_minor].map(|number| number.unwrap_or(0).to_string().into()));
                arguments
            }
            Self::ReceiveResponseXml { ticket, response, hresult, message } => {
                texts([ticket, response, hresult, message])
            }
            Self::ConnectionError { ticket, hresult, message } => texts([ticket, hresult, message]),
            Self::GetServerVersion { ticket }
            | Self::GetLastError { ticket }
            | Self::CloseConnection { ticket }
            | Self::InteractiveDone { ticket }
            | Self::IsInteractiveDone { ticket } => texts([ticket]),
            Self::GetInteractiveUrl { ticket, session_id } => texts([ticket, session_id]),
            Self::InteractiveRejected { ticket, reason } => texts([ticket, reason]),
        }
    }
}

impl DecodeError {
    /// The fault that tells the caller, in words that give nothing away.
    pub fn fault(&self) -> Fault {
        let code = match self {
            Self::Envelope(EnvelopeError::WrongVersion { .. }) => FaultCode::VersionMismatch,
            Self::Envelope(EnvelopeError::NotUnderstood { .. }) => FaultCode::MustUnderstand,
            Self::Envelope(EnvelopeError::Xml(_) | EnvelopeError::NotAnEnvelope { .. })
            | Self::UnknownOperation { .. }
            | Self::Repeated { .. }
            | Self::NotAnInteger { .. } => FaultCode::Client,
        };
        let string = match self {
            Self::Envelope(EnvelopeError::Xml(cause)) => cause.to_string(),
            Self::Envelope(_) | Self::UnknownOperation { .. } | Self::Repeated { .. } | Self::NotAnInteger { .. } => {
                self.to_string()
            }
        };
        // Parts of the message are quoted; a message of megabytes is not worth repeating.
        Fault { code, string: string.chars().take(FAULT_CHARS_MAX).collect() }
    }
}

impl From<EnvelopeError> for DecodeError {
    fn from(error: EnvelopeError) -> Self {
        Self::Envelope(error)
    }
}

impl From<ReadError> for DecodeError {
    fn from(error: ReadError) -> Self {
        Self::Envelope(EnvelopeError::Xml(error))
    }
}

const FAULT_CHARS_MAX: usize = 300;

struct Arguments {
    operation: Operation,
    values: Vec<(&'static str, String)>,
}

impl Arguments {
    fn read(operation: Operation, reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut values: Vec<(&'static str, String)> = Vec::new();
        while let Some(child) = reader.child()? {
            let known = operation.parameters().iter().find(|parameter| parameter.name == child.name());
            match known {
                Some(parameter) if child.namespace() == Some(NAMESPACE) => {
                    if values.iter().any(|(name, _)| *name == parameter.name) {
                        return Err(DecodeError::Repeated { operation, parameter: parameter.name });
                    }
                    values.push((parameter.name, reader.text()?));
                }
                Some(_) | None => reader.skip()?,
            }
        }
        Ok(Self { operation, values })
    }

    fn text(&mut self, name: &'static str) -> String {
        let value = self.values.iter_mut().find(|(given, _)| *given == name);
        value.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
    }

    fn integer(&mut self, name: &'static str) -> Result<Option<i32>, DecodeError> {
        let text = self.text(name);
        match text.trim() {
            "" => Ok(None),
            digits => match digits.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(DecodeError::NotAnInteger { operation: self.operation, parameter: name }),
            },
        }
    }
}

fn operation(start: &Start<'_>) -> Result<Operation, DecodeError> {
    let known = Operation::named(start.name()).filter(|_| start.namespace() == Some(NAMESPACE));
    known.ok_or_else(|| DecodeError::UnknownOperation {
        name: start.name().to_owned(),
        namespace: start.namespace().unwrap_or_default().to_owned(),
    })
}

fn write_call(writer: &mut Writer, operation: Operation, arguments: &[Cow<'_, str>]) {
    writer.start(operation.name());
    writer.attribute("xmlns", NAMESPACE);
    for (parameter, argument) in operation.parameters().iter().zip(arguments) {
        debug_assert!(parameter.kind == ParameterKind::Text || argument.parse::<i32>().is_ok());
        writer.element(parameter.name, argument);
    }
    writer.end(operation.name());
}

fn texts<const N: usize>(values: [&str; N]) -> Vec<Cow<'_, str>> {
    values.into_iter().map(Cow::Borrowed).collect()
}
