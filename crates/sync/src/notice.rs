//! What everybody at a company's pages is told until it is over, or somebody has taken note.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::company::BooksIdentity;

/// Stored as JSON; at most one of each kind is open for a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A Web Connector came with another company file than the one the company is bound to; nothing was written to it.
    OtherBooks { books: BooksIdentity, why: String },
    /// The database went back to what it was at `backup_at`.
    Restored {
        backup_at: Timestamp,
        /// Records that were released then, and wait to be released again.
        held: u64,
        /// Records that were on their way then; QuickBooks is asked about them.
        asked: u64,
    },
    /// An administrator bound the company to another company file.
    Rebound {
        from: BooksIdentity,
        to: BooksIdentity,
        held: u64,
        /// Records that were on their way to the old books.
        unconfirmed: u64,
    },
    /// A webhook's endpoint took nothing for days, and nothing is delivered there until somebody says so. Of its address
    /// only the host is told: the rest can be a secret.
    WebhookOff { host: String, trouble: String },
    /// Records that were released wait for a Web Connector that was last heard then.
    ConnectorSilent { last_heard: Timestamp },
    /// A letter was not sent, or nobody knows whether it was; it is not sent again.
    MailLost { email: String, trouble: String },
}

impl Notice {
    /// The books that came and were refused.
    pub const fn other_books(&self) -> Option<&BooksIdentity> {
        match self {
            Self::OtherBooks { books, .. } => Some(books),
            Self::Restored { .. }
            | Self::Rebound { .. }
            | Self::WebhookOff { .. }
            | Self::ConnectorSilent { .. }
            | Self::MailLost { .. } => None,
        }
    }

    /// As stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OtherBooks { .. } => Self::OTHER_BOOKS,
            Self::Restored { .. } => "restored",
            Self::Rebound { .. } => "rebound",
            Self::WebhookOff { .. } => Self::WEBHOOK_OFF,
            Self::ConnectorSilent { .. } => Self::CONNECTOR_SILENT,
            Self::MailLost { .. } => "mail_lost",
        }
    }

    /// Ends by itself, once the right books are open again.
    pub const OTHER_BOOKS: &'static str = "other_books";
    /// Ends by itself, once it is heard again.
    pub(crate) const CONNECTOR_SILENT: &'static str = "connector_silent";
    /// Ends once nothing is switched off any more.
    pub const WEBHOOK_OFF: &'static str = "webhook_off";
}
