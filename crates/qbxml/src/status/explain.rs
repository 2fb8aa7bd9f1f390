use super::Status;
use super::catalogue::{Class, Who, Written, entries};

/// A status in plain English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    pub class: Class,
    pub who: Who,
    pub written: Written,
    /// One sentence.
    pub what: String,
    /// One sentence.
    pub what_to_do: String,
}

/// What a status means. Codes that are not in the catalogue are judged by their range and show QuickBooks' own words.
pub fn explain(status: &Status) -> Explanation {
    if says_locked(status) {
        return explanation(
            Class::Busy,
            Who::Nobody,
            Written::No,
            "Somebody is working on this in QuickBooks, so it could not be saved.",
            "It is tried again later; closing the window in QuickBooks helps.",
        );
    }
    match entries().find(|entry| entry.is_about(status.code)) {
        Some(entry) => explanation(entry.class, entry.who, entry.written, entry.what, entry.what_to_do),
        None => by_range(status),
    }
}

/// What QuickBooks says where a lock is behind a code that can have several causes (qbxml.md section 12).
const LOCK_TEXTS: &[&str] = &[
    "modified by another user",
    "could not be locked",
    "cannot be locked",
    "failed to acquire the lock",
    "is in use",
    "already in use",
];

fn says_locked(status: &Status) -> bool {
    let message = status.message.to_lowercase();
    matches!(status.code, 3170 | 3175 | 3176 | 3180) && LOCK_TEXTS.iter().any(|text| message.contains(text))
}

fn by_range(status: &Status) -> Explanation {
    let (class, who, written, what_to_do) = match status.code {
        0..500 => (Class::Ok, Who::Nobody, Written::Yes, "Nothing is to be done."),
        500..1000 => (Class::Warning, Who::Bookkeeper, Written::Yes, "Look at the record in QuickBooks."),
        1000..2000 => (Class::MendAndRetry, Who::Operator, Written::Unknown, UNKNOWN_OUTCOME),
        2000..3000 => (Class::Fatal, Who::Operator, Written::No, "Check how the Web Connector is set up."),
        3000..3100 => (Class::Fatal, Who::Developer, Written::No, "Correct the value that QuickBooks names."),
        3100..9000 => (Class::MendAndRetry, Who::Bookkeeper, Written::No, "Follow the reason that QuickBooks gives."),
        _ => (Class::Fatal, Who::Operator, Written::Unknown, UNKNOWN_OUTCOME),
    };
    let message = status.message.trim();
    let what = match message {
        "" => format!("QuickBooks answered with code {} and gave no reason.", status.code),
        _ => format!("QuickBooks answered with code {} and these words: \u{201c}{message}\u{201d}", status.code),
    };
    explanation(class, who, written, &what, what_to_do)
}

const UNKNOWN_OUTCOME: &str = "Check whether the record is in QuickBooks before it is sent again.";

fn explanation(class: Class, who: Who, written: Written, what: &str, what_to_do: &str) -> Explanation {
    Explanation { class, who, written, what: what.to_owned(), what_to_do: what_to_do.to_owned() }
}
