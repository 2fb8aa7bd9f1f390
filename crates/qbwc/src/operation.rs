/// An operation of the Web Connector's contract.
///
/// The vendor's own material disagrees on two names, so both spellings of each are operations here: `serverVersion` and
/// `getServerVersion`, `interactiveDone` and `isInteractiveDone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    ServerVersion,
    GetServerVersion,
    ClientVersion,
    Authenticate,
    SendRequestXml,
    ReceiveResponseXml,
    ConnectionError,
    GetLastError,
    CloseConnection,
    GetInteractiveUrl,
    InteractiveRejected,
    InteractiveDone,
    IsInteractiveDone,
}

/// A child of a call's element. Both kinds travel as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: ParameterKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    Text,
    Integer,
}

/// What a reply's result element holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultKind {
    Text,
    Integer,
    Texts,
}

impl Operation {
    pub const ALL: [Self; 13] = [
        Self::ServerVersion,
        Self::GetServerVersion,
        Self::ClientVersion,
        Self::Authenticate,
        Self::SendRequestXml,
        Self::ReceiveResponseXml,
        Self::ConnectionError,
        Self::GetLastError,
        Self::CloseConnection,
        Self::GetInteractiveUrl,
        Self::InteractiveRejected,
        Self::InteractiveDone,
        Self::IsInteractiveDone,
    ];

    /// The operation's name on the wire, which is also the name of the call's element.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServerVersion => "serverVersion",
            Self::GetServerVersion => "getServerVersion",
            Self::ClientVersion => "clientVersion",
            Self::Authenticate => "authenticate",
            Self::SendRequestXml => "sendRequestXML",
            Self::ReceiveResponseXml => "receiveResponseXML",
            Self::ConnectionError => "connectionError",
            Self::GetLastError => "getLastError",
            Self::CloseConnection => "closeConnection",
            Self::GetInteractiveUrl => "getInteractiveURL",
            Self::InteractiveRejected => "interactiveRejected",
            Self::InteractiveDone => "interactiveDone",
            Self::IsInteractiveDone => "isInteractiveDone",
        }
    }

    /// The operation of that name, spelled exactly.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.name() == name)
    }

    /// The value of the `SOAPAction` header, without the quotes that .NET puts around it.
    pub fn soap_action(self) -> String {
        format!("{}{}", crate::NAMESPACE, self.name())
    }

    /// The reply's element: `authenticateResponse`.
    pub fn response_name(self) -> String {
        format!("{}Response", self.name())
    }

    /// The reply's only child: `authenticateResult`.
    pub(crate) fn result_name(self) -> String {
        format!("{}Result", self.name())
    }

    /// The children of the call's element, in the order of the contract (Web Connector guide, section 5).
    pub(crate) const fn parameters(self) -> &'static [Parameter] {
        match self {
            Self::ServerVersion | Self::ClientVersion => const { &[text("strVersion")] },
            Self::Authenticate => const { &[text("strUserName"), text("strPassword")] },
            Self::SendRequestXml => {
                const {
                    &[
                        text("ticket"),
                        text("strHCPResponse"),
                        text("strCompanyFileName"),
                        text("qbXMLCountry"),
                        integer("qbXMLMajorVers"),
                        integer("qbXMLMinorVers"),
                    ]
                }
            }
            Self::ReceiveResponseXml => const { &[text("ticket"), text("response"), text("hresult"), text("message")] },
            Self::ConnectionError => const { &[text("ticket"), text("hresult"), text("message")] },
            Self::GetServerVersion | Self::GetLastError | Self::CloseConnection => const { &[text("ticket")] },
            Self::GetInteractiveUrl => const { &[text("wcTicket"), text("sessionID")] },
            Self::InteractiveRejected => const { &[text("wcTicket"), text("reason")] },
            Self::InteractiveDone | Self::IsInteractiveDone => const { &[text("wcTicket")] },
        }
    }

    pub(crate) const fn result_kind(self) -> ResultKind {
        match self {
            Self::Authenticate => ResultKind::Texts,
            Self::ReceiveResponseXml => ResultKind::Integer,
            Self::ServerVersion
            | Self::GetServerVersion
            | Self::ClientVersion
            | Self::SendRequestXml
            | Self::ConnectionError
            | Self::GetLastError
            | Self::CloseConnection
            | Self::GetInteractiveUrl
            | Self::InteractiveRejected
            | Self::InteractiveDone
            | Self::IsInteractiveDone => ResultKind::Text,
        }
    }
}

const fn text(name: &'static str) -> Parameter {
    Parameter { name, kind: ParameterKind::Text }
}

const fn integer(name: &'static str) -> Parameter {
    Parameter { name, kind: ParameterKind::Integer }
}
