use std::borrow::Cow;

/// An error of the request processor: nothing was answered (qbXML notes, section 13).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({hresult})")]
pub struct ComError {
    /// Hexadecimal text, as the Web Connector passes it on.
    pub hresult: Cow<'static, str>,
    pub message: Cow<'static, str>,
}

impl ComError {
    const fn of(hresult: &'static str, message: &'static str) -> Self {
        Self { hresult: Cow::Borrowed(hresult), message: Cow::Borrowed(message) }
    }

    /// One that a rehearsal wants, as hexadecimal text.
    pub fn told(hresult: &str) -> Self {
        Self { hresult: hresult.to_owned().into(), message: "The rehearsal was told to fail with this.".into() }
    }

    /// The request does not fit the schema; nothing was executed.
    pub const fn unreadable() -> Self {
        Self::of("0x80040400", "QuickBooks found an error when parsing the provided XML text stream.")
    }

    /// Something in the message set is more than QuickBooks can bear.
    pub const fn broken_down() -> Self {
        Self::of("0x80040402", "An unexpected error occurred.")
    }

    /// QuickBooks was restarted, or the session was never begun.
    pub(crate) const fn session_lost() -> Self {
        Self::of("0x8004040D", "The ticket parameter is invalid.")
    }

    pub(crate) const fn modal_dialog() -> Self {
        Self::of("0x80040414", "A modal dialog box is showing in the QuickBooks user interface.")
    }

    pub(crate) const fn other_file_open() -> Self {
        Self::of("0x8004040A", "A different company file is already open in QuickBooks.")
    }

    /// The company file's disk failed; what was executed may be lost.
    pub const fn internal() -> Self {
        Self::of("0x8004041C", "An internal error occurred while accessing the company file.")
    }

    pub(crate) const fn unsupported_version() -> Self {
        Self::of("0x80040423", "This version of qbXML is not supported or is unknown.")
    }
}
