mod changes;
mod done;
mod form;
mod general;
mod message_sets;
mod objects;

/// What a status calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Done, or nothing found.
    Ok,
    /// Done, with something to look at.
    Warning,
    /// The same bytes may succeed later.
    Busy,
    /// What the request rests on has changed: fetch it afresh, then try again.
    Stale,
    /// A person mends the record or QuickBooks, then it is tried again.
    MendAndRetry,
    /// Trying again will not help; a program is at fault.
    Fatal,
}

/// Who must act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    Nobody,
    Bookkeeper,
    /// Whoever has QuickBooks' Admin user.
    QuickBooksAdministrator,
    /// Who wrote the application, or Bookferry.
    Developer,
    /// Who runs Bookferry.
    Operator,
}

/// Whether the company file has changed, if the request was one that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Written {
    Yes,
    No,
    Unknown,
}

/// Which codes an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    One(i64),
    /// From the first to the last.
    Range(i64, i64),
}

/// What is known about a code (qbxml.md sections 4 and 12), in words for the bookkeeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub codes: Codes,
    pub class: Class,
    pub who: Who,
    pub written: Written,
    pub what: &'static str,
    pub what_to_do: &'static str,
}

impl Entry {
    pub fn is_about(&self, code: i64) -> bool {
        match self.codes {
            Codes::One(known) => known == code,
            Codes::Range(first, last) => (first..=last).contains(&code),
        }
    }
}

/// All entries, in the order of their codes except for those about message sets, which come last.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    [done::ENTRIES, general::ENTRIES, form::ENTRIES, objects::ENTRIES, changes::ENTRIES, message_sets::ENTRIES]
        .into_iter()
        .flatten()
}

impl Class {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Busy => "busy",
            Self::Stale => "stale",
            Self::MendAndRetry => "mend-and-retry",
            Self::Fatal => "fatal",
        }
    }
}

impl Who {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Bookkeeper => "bookkeeper",
            Self::QuickBooksAdministrator => "QuickBooks administrator",
            Self::Developer => "application's developer",
            Self::Operator => "operator",
        }
    }

    /// Within a sentence that is read at the QuickBooks computer.
    pub(crate) const fn in_words(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Bookkeeper => "the person at the QuickBooks computer",
            Self::QuickBooksAdministrator => "the QuickBooks administrator",
            Self::Developer => "the developers",
            Self::Operator => "whoever runs the server",
        }
    }
}

impl Written {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}
