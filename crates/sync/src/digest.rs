//! What people are told who do not look at the pages, by e-mail and by webhook: in words that name no customer and no amount,
//! since a letter can be read on its way.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::company::BooksIdentity;

/// How often the Web Connector calls, as its `.qwc` file asks it to.
pub const CALLS_EVERY_MINUTES: u32 = 10;
/// So many calls that did not come are silence, and neither a lunch break nor a night.
const CALLS_MISSED_MAX: u32 = 144;

/// How long a Web Connector can say nothing before it counts as silent: a day, at a call every ten minutes.
pub const fn silent_after() -> SignedDuration {
    SignedDuration::from_mins((CALLS_EVERY_MINUTES * CALLS_MISSED_MAX) as i64)
}

/// Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    RecordsWait {
        waiting: u64,
        causes: Vec<WaitingCause>,
    },
    /// Records that were released wait for a Web Connector that does not call.
    ConnectorSilent {
        last_heard: Timestamp,
    },
    /// A Web Connector came with another company file; nothing was written to it.
    OtherBooks {
        books: BooksIdentity,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingCause {
    pub title: String,
    pub records: u64,
}

impl Digest {
    /// As stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RecordsWait { .. } => "records_wait",
            Self::ConnectorSilent { .. } => "connector_silent",
            Self::OtherBooks { .. } => "other_books",
        }
    }

    /// What is to be done, in one line.
    pub fn subject(&self, company: &str) -> String {
        match self {
            Self::RecordsWait { waiting: 1, .. } => format!("{company}: 1 record needs attention"),
            Self::RecordsWait { waiting, .. } => format!("{company}: {waiting} records need attention"),
            Self::ConnectorSilent { .. } => format!("{company}: start the QuickBooks Web Connector"),
            Self::OtherBooks { .. } => format!("{company}: open the right company file in QuickBooks"),
        }
    }

    /// What happened and what to do, in plain words.
    pub fn text(&self) -> String {
        match self {
            Self::RecordsWait { waiting, causes } => {
                let mut text = match waiting {
                    1 => "1 record waits for somebody under Needs Attention:\n".to_owned(),
                    waiting => format!("{waiting} records wait for somebody under Needs Attention:\n"),
                };
                for WaitingCause { title, records } in causes {
                    text.push_str(&format!("\n  {records:>6}  {title}"));
                }
                text.push_str("\n\nThe page says why, and has the buttons that mend it.");
                text
            }
            Self::ConnectorSilent { last_heard } => format!(
                "The QuickBooks Web Connector was last heard at {}. Records that were released wait for it.\n\n\
                 See whether the computer with QuickBooks is on, and the Web Connector runs with Auto-Run.",
                last_heard.strftime("%Y-%m-%d %H:%M UTC")
            ),
            Self::OtherBooks { books } => {
                let name = if books.company_name.is_empty() { "one that tells no name" } else { &books.company_name };
                format!(
                    "The Web Connector came with another company file than the one that was connected: {name}. Nothing was \
                     written to it.\n\nOpen the right company file in QuickBooks. If these are the right books, an \
                     administrator has to say so under Setup."
                )
            }
        }
    }

    /// The page on which something can be done about it, below the company's address.
    pub const fn page(&self) -> &'static str {
        match self {
            Self::RecordsWait { .. } => "attention",
            Self::ConnectorSilent { .. } => "submissions",
            Self::OtherBooks { .. } => "setup",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, WaitingCause, silent_after};

    #[test]
    fn a_digest_says_what_to_do() {
        let causes = vec![
            WaitingCause { title: "QuickBooks has no such customer".to_owned(), records: 12 },
            WaitingCause { title: "The number is too long".to_owned(), records: 1 },
        ];
        let digest = Digest::RecordsWait { waiting: 13, causes };
        assert_eq!(digest.subject("Auto Glass"), "Auto Glass: 13 records need attention");
        let text = digest.text();
        assert!(text.contains("13 records wait") && text.contains("    12  QuickBooks has no such customer"), "{text}");
    }

    #[test]
    fn silence_is_a_day_at_the_usual_schedule() {
        assert_eq!(silent_after().as_hours(), 24);
    }
}
