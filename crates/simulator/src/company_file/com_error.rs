/// An error of the request processor: nothing was answered (qbXML notes, section 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({hresult})")]
pub struct ComError {
    /// Hexadecimal text, as the Web Connector passes it on.
    pub hresult: &'static str,
    pub message: &'static str,
}

impl ComError {
    /// The request does not fit the schema; nothing was executed.
    pub const fn unreadable() -> Self {
        Self { hresult: "0x80040400", message: "QuickBooks found an error when parsing the provided XML text stream." }
    }

    /// Something in the message set is more than QuickBooks can bear.
    pub const fn broken_down() -> Self {
        Self { hresult: "0x80040402", message: "An unexpected error occurred." }
    }

    /// QuickBooks was restarted, or the session was never begun.
    pub const fn session_lost() -> Self {
        Self { hresult: "0x8004040D", message: "The ticket parameter is invalid." }
    }

    pub const fn modal_dialog() -> Self {
        Self { hresult: "0x80040414", message: "A modal dialog box is showing in the QuickBooks user interface." }
    }

    pub const fn other_file_open() -> Self {
        Self { hresult: "0x8004040A", message: "A different company file is already open in QuickBooks." }
    }

    /// The company file's disk failed; what was executed may be lost.
    pub const fn internal() -> Self {
        Self { hresult: "0x8004041C", message: "An internal error occurred while accessing the company file." }
    }

    pub const fn unsupported_version() -> Self {
        Self { hresult: "0x80040423", message: "This version of qbXML is not supported or is unknown." }
    }
}
