//! 1000 to 2999: the request as a whole.

use super::Class::{Busy, Fatal, MendAndRetry};
use super::Codes::{One, Range};
use super::Who::{Developer, Nobody, Operator, QuickBooksAdministrator};
use super::{Entry, Written};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        codes: One(1000),
        class: MendAndRetry,
        who: QuickBooksAdministrator,
        written: Written::Unknown,
        what: "QuickBooks met an error of its own, often a sign of damaged data.",
        what_to_do: "Run Verify Data and, if it finds something, Rebuild Data in QuickBooks; then check whether the record is there before it is sent again.",
    },
    Entry {
        codes: One(1010),
        class: Busy,
        who: Nobody,
        written: Written::No,
        what: "QuickBooks was not available.",
        what_to_do: "Nothing is to be done; it is tried again later.",
    },
    Entry {
        codes: One(1030),
        class: Fatal,
        who: Developer,
        written: Written::No,
        what: "This QuickBooks does not know the request; it may be too old or another edition.",
        what_to_do: "Do without this kind of request for this company, or update QuickBooks.",
    },
    Entry {
        codes: One(1060),
        class: Fatal,
        who: Developer,
        written: Written::No,
        what: "The number of the request is longer than QuickBooks allows.",
        what_to_do: "Report this to the developer of Bookferry.",
    },
    Entry {
        codes: Range(2000, 2040),
        class: Fatal,
        who: Operator,
        written: Written::No,
        what: "QuickBooks refused the sign-on in a way that only its former online edition should.",
        what_to_do: "Check that the Web Connector talks to QuickBooks Desktop.",
    },
];
