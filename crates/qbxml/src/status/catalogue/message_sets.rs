//! What error recovery says about a message set (qbxml.md section 4), and macros.

use super::Class::{Fatal, Stale};
use super::Codes::{One, Range};
use super::Who::{Developer, Nobody, Operator};
use super::{Entry, Written};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        codes: One(600),
        class: Stale,
        who: Nobody,
        written: Written::Unknown,
        what: "QuickBooks has kept nothing about this delivery, as after a change of company file or a restored backup.",
        what_to_do: "Bookferry looks the records up in QuickBooks before it sends anything again.",
    },
    Entry {
        codes: One(9001),
        class: Fatal,
        who: Developer,
        written: Written::No,
        what: "Two different deliveries carried the same number, so QuickBooks did not carry out the second.",
        what_to_do: "Report this to the developer of Bookferry; a delivery number must never be used twice.",
    },
    Entry {
        codes: One(9002),
        class: Stale,
        who: Nobody,
        written: Written::Unknown,
        what: "QuickBooks knows the delivery but has not kept what became of it.",
        what_to_do: "Bookferry looks the records up in QuickBooks before it sends anything again.",
    },
    Entry {
        codes: One(9003),
        class: Fatal,
        who: Operator,
        written: Written::Unknown,
        what: "QuickBooks answered with a code that it is said not to use.",
        what_to_do: "Compare the records with QuickBooks, and keep the answer for the developer.",
    },
    Entry {
        codes: One(9004),
        class: Fatal,
        who: Developer,
        written: Written::No,
        what: "The number of the delivery is longer than QuickBooks allows.",
        what_to_do: "Report this to the developer of Bookferry.",
    },
    Entry {
        codes: One(9005),
        class: Stale,
        who: Nobody,
        written: Written::Unknown,
        what: "QuickBooks could not keep the result of the delivery; it may have been carried out all the same.",
        what_to_do: "Bookferry looks the records up in QuickBooks before it sends anything again.",
    },
    Entry {
        codes: Range(9100, 9199),
        class: Fatal,
        who: Developer,
        written: Written::No,
        what: "A reference from one request to another of the same delivery did not work out.",
        what_to_do: "Report this to the developer of Bookferry.",
    },
];
