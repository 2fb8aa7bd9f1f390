/// What the server thinks of the Web Connector's version (Web Connector guide, section 10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientVersionVerdict {
    /// Goes on without a word. The only verdict that suits a machine nobody is looking at.
    Accepted,
    /// Asks the person at the desk whether to go on.
    Warning(String),
    /// Ends the visit and tells the person why.
    Refused(String),
    /// Ends the visit and names the version that would do.
    Expected(String),
}

impl ClientVersionVerdict {
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Accepted => String::new(),
            Self::Warning(text) => format!("W:{text}"),
            Self::Refused(text) => format!("E:{text}"),
            Self::Expected(version) => format!("O:{version}"),
        }
    }

    /// `None` for a syntax that the Web Connector does not know (QBWC1046).
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Accepted);
        }
        let (letter, rest) = text.split_once(':')?;
        match letter {
            "W" => Some(Self::Warning(rest.to_owned())),
            "E" => Some(Self::Refused(rest.to_owned())),
            "O" => Some(Self::Expected(rest.to_owned())),
            _ => None,
        }
    }
}
