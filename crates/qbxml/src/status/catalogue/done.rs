//! 0 to 999: done, perhaps with a remark; 600 stands with the message sets.

use super::Class::{Ok, Warning};
use super::Codes::One;
use super::Who::{Bookkeeper, Developer, Nobody};
use super::{Entry, Written};

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        codes: One(0),
        class: Ok,
        who: Nobody,
        written: Written::Yes,
        what: "QuickBooks did what it was asked.",
        what_to_do: "Nothing is to be done.",
    },
    Entry {
        codes: One(1),
        class: Ok,
        who: Nobody,
        written: Written::No,
        what: "QuickBooks looked and found nothing that matches.",
        what_to_do: "Nothing is to be done.",
    },
    Entry {
        codes: One(500),
        class: Warning,
        who: Nobody,
        written: Written::No,
        what: "At least one of the names or numbers asked for does not exist in the company file.",
        what_to_do: "Nothing is to be done by hand; what does not exist counts as not there.",
    },
    Entry {
        codes: One(501),
        class: Warning,
        who: Developer,
        written: Written::No,
        what: "QuickBooks has this entry but cannot show it in the version of its language that was used.",
        what_to_do: "Ask for it in a newer version of qbXML.",
    },
    Entry {
        codes: One(510),
        class: Warning,
        who: Bookkeeper,
        written: Written::No,
        what: "QuickBooks could not hand out an entry that it has.",
        what_to_do: "Open the entry in QuickBooks and see whether it is complete.",
    },
    Entry {
        codes: One(530),
        class: Warning,
        who: Developer,
        written: Written::Yes,
        what: "A field was passed over because this edition of QuickBooks does not have it.",
        what_to_do: "Leave the field out for this company.",
    },
    Entry {
        codes: One(531),
        class: Warning,
        who: Developer,
        written: Written::Yes,
        what: "A value was passed over because this edition of QuickBooks does not have it.",
        what_to_do: "Use a value that this edition knows.",
    },
    Entry {
        codes: One(540),
        class: Warning,
        who: Developer,
        written: Written::No,
        what: "The answer was cut because it held more than QuickBooks hands out at once.",
        what_to_do: "Ask in smaller portions.",
    },
    Entry {
        codes: One(550),
        class: Warning,
        who: Bookkeeper,
        written: Written::Yes,
        what: "The record was saved, but its notes were not.",
        what_to_do: "Add the notes by hand in QuickBooks.",
    },
    Entry {
        codes: One(560),
        class: Warning,
        who: Developer,
        written: Written::Yes,
        what: "The record was saved; one of its fields is on its way out of QuickBooks.",
        what_to_do: "Plan to stop sending the field.",
    },
    Entry {
        codes: One(570),
        class: Warning,
        who: Bookkeeper,
        written: Written::Yes,
        what: "The record was saved, but could not be linked, because the order or estimate it belongs to is closed.",
        what_to_do: "Open the record in QuickBooks and decide whether the link is needed.",
    },
];
