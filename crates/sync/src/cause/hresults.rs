//! The errors of QuickBooks' request processor, each over a visit or over a record.

use bookferry_qbxml::hresult::{self, Hresult};
use bookferry_qbxml::status::{Who, Written};

use super::catalogue::{CORRECT, LOOK_FIRST};
use super::{Entry, Place};

/// Those that came up again and again while a record stood alone in its message set: what is said of the record, and what
/// to do. All others are over the visit.
#[rustfmt::skip]
const OVER_RECORDS: [(Hresult, &str, &str); 7] = [
    (Hresult(0x8001_0105), "QuickBooks stopped answering over this record.", "Restart QuickBooks and look whether the record is there."),
    (Hresult(0x8004_0400), "QuickBooks could not read what was sent of this record, and did nothing.", "Correct unusual signs here, or report the record to the developer of Bookferry."),
    (Hresult(0x8004_0402), "Something unexpected went wrong inside QuickBooks over this record.", "Look whether the record is in QuickBooks, then send it again."),
    (Hresult(0x8004_040d), "QuickBooks was closed or broke down over this record.", "Look whether the record is in QuickBooks, then send it again."),
    (Hresult(0x8004_040e), "QuickBooks ran out of memory over this record.", "Close other programs on the QuickBooks computer, then retry."),
    (Hresult(0x8004_0421), "QuickBooks gave a message of its own over this record.", "Read the message, then look whether the record is in QuickBooks."),
    (Hresult(0x8004_0423), "This QuickBooks does not know the version of what was sent.", "Look whether the record is in QuickBooks, and report this to the developer of Bookferry."),
];

pub(super) fn entries() -> impl Iterator<Item = Entry> {
    hresult::entries().iter().map(entry)
}

pub(super) fn find(hresult: &str) -> Option<Entry> {
    hresult::find(hresult.parse().ok()?).map(entry)
}

/// One that no source explains.
pub(super) fn unknown(hresult: &str, said: &str) -> Entry {
    Entry {
        code: format!("hresult_{hresult}").into(),
        place: Place::Record,
        title: format!("QuickBooks failed over this record with {hresult}: \u{201c}{said}\u{201d}").into(),
        why: "No source explains this code of QuickBooks\u{2019}.".into(),
        advice: "Look whether the record is in QuickBooks before it is sent again.".into(),
        who: Who::Operator,
        written: Written::Unknown,
        remedies: LOOK_FIRST.into(),
    }
}

fn entry(known: &hresult::Entry) -> Entry {
    let over_a_record = OVER_RECORDS.into_iter().find(|(code, ..)| *code == known.code);
    let (place, title, advice, written, remedies) = match over_a_record {
        None => {
            let written = if known.code == Hresult::NO_ACCESS { Written::Unknown } else { Written::No };
            (Place::Visit, known.what, known.what_to_do, written, [].as_slice())
        }
        Some((_, title, advice)) if known.code.nothing_was_executed() => {
            (Place::Record, title, advice, Written::No, CORRECT)
        }
        Some((_, title, advice)) => (Place::Record, title, advice, Written::Unknown, LOOK_FIRST),
    };
    Entry {
        code: format!("hresult_{:#010x}", known.code.0).into(),
        place,
        title: title.into(),
        why: known.why.into(),
        advice: advice.into(),
        who: known.who,
        written,
        remedies: remedies.into(),
    }
}
