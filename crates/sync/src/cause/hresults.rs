//! The errors of QuickBooks' request processor (qbxml.md section 13), as far as the records know of them.
//!
//! What each means at the connection, the Web Connector's own catalogue says; here stands what it means for the records.

use bookferry_qbxml::status::{Who, Written};

use super::catalogue::{CORRECT, LOOK_FIRST};
use super::{Entry, Place};

struct Row {
    hresult: &'static str,
    place: Place,
    who: Who,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
}

pub(super) fn entries() -> impl Iterator<Item = Entry> {
    ROWS.iter().map(entry)
}

pub(super) fn find(hresult: &str) -> Option<Entry> {
    ROWS.iter().find(|row| row.hresult.eq_ignore_ascii_case(hresult.trim())).map(entry)
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

fn entry(row: &Row) -> Entry {
    // QuickBooks refused to read the request, and did nothing; in all other cases nobody knows.
    let was_unread = matches!(row.hresult, "0x80040400" | "0x80040423");
    Entry {
        code: format!("hresult_{}", row.hresult).into(),
        place: row.place,
        title: row.title.into(),
        why: row.why.into(),
        advice: row.advice.into(),
        who: row.who,
        written: if was_unread || row.place == Place::Visit { Written::No } else { Written::Unknown },
        remedies: match row.place {
            Place::Visit => [].as_slice(),
            Place::Record if was_unread => CORRECT,
            Place::Record => LOOK_FIRST,
        }
        .into(),
    }
}

use Place::{Record, Visit};
use Who::{Bookkeeper, Developer, Nobody, Operator, QuickBooksAdministrator};

/// By code. Those of a record came up again and again while it stood alone in its message set.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("0x80010105", Record, Bookkeeper, "QuickBooks stopped answering over this record.", "QuickBooks hangs or was closed in the middle.", "Restart QuickBooks and look whether the record is there."),
    row("0x80040154", Visit, Bookkeeper, "The part of QuickBooks that other programs talk to is not installed.", "The Web Connector or QuickBooks was removed or only half installed.", "Install the Web Connector again."),
    row("0x80040308", Visit, Bookkeeper, "Components that exchange data with QuickBooks are missing.", "The Web Connector was only half installed.", "Install the Web Connector again."),
    row("0x80040400", Record, Developer, "QuickBooks could not read what was sent of this record, and did nothing.", "A sign or a value in it is outside what QuickBooks reads.", "Correct unusual signs here, or report the record to the developer of Bookferry."),
    row("0x80040401", Visit, Bookkeeper, "The Web Connector could not reach QuickBooks.", "QuickBooks is not running for this Windows user.", "Start QuickBooks; the next visit tries again."),
    row("0x80040402", Record, Bookkeeper, "Something unexpected went wrong inside QuickBooks over this record.", "QuickBooks met an error of its own.", "Look whether the record is in QuickBooks, then send it again."),
    row("0x80040403", Visit, Bookkeeper, "The company file could not be opened.", "The file was moved, renamed or is on a drive that is away.", "Open the company file in QuickBooks by hand."),
    row("0x80040404", Visit, Bookkeeper, "The running QuickBooks is too old to exchange data.", "An older QuickBooks was opened.", "Open the company file in a newer QuickBooks."),
    row("0x80040405", Visit, Bookkeeper, "No company file is open, or QuickBooks cannot exchange data.", "QuickBooks was closed, or is only half installed.", "Open the company file."),
    row("0x80040406", Visit, Bookkeeper, "The path does not lead to a company file.", "The file was moved or renamed.", "Open the company file in QuickBooks."),
    row("0x80040407", Visit, Bookkeeper, "QuickBooks is not completely installed.", "An installation or an update was broken off.", "Repair the installation of QuickBooks."),
    row("0x80040408", Visit, Bookkeeper, "QuickBooks could not be started.", "QuickBooks runs as another Windows user or as an administrator.", "Open QuickBooks by hand as the same Windows user."),
    row("0x80040409", Visit, Bookkeeper, "This QuickBooks cannot work with the version of the company file.", "The file was upgraded on another computer.", "Open the file with the QuickBooks it belongs to."),
    row("0x8004040a", Visit, Bookkeeper, "Another company file is open in QuickBooks.", "Somebody works in another company.", "Open the company file that belongs to this connection."),
    row("0x8004040b", Visit, Nobody, "QuickBooks could not tell which company file is open.", "QuickBooks was opening or closing a file.", "The next visit tries again."),
    row("0x8004040c", Visit, Nobody, "The Web Connector had no session with QuickBooks.", "QuickBooks was closed in between.", "The next visit tries again."),
    row("0x8004040d", Record, Nobody, "QuickBooks was closed or broke down over this record.", "QuickBooks was restarted, or crashes over something in it.", "Look whether the record is in QuickBooks, then send it again."),
    row("0x8004040e", Record, Nobody, "QuickBooks ran out of memory over this record.", "The record is very large, or other programs use the memory.", "Close other programs on the QuickBooks computer, then retry."),
    row("0x8004040f", Visit, Nobody, "The Web Connector had not opened its connection.", "The Web Connector lost step.", "The next visit tries again."),
    row("0x80040410", Visit, Bookkeeper, "The company file is open in another mode than the connection asks for.", "It was switched between single-user and multi-user mode.", "Switch the mode in QuickBooks."),
    row("0x80040411", Visit, Nobody, "The Web Connector and QuickBooks lost step.", "One of them was restarted.", "The next visit tries again."),
    row("0x80040412", Visit, Nobody, "The company file was not in the expected state.", "It was being opened or closed.", "The next visit tries again."),
    row("0x80040413", Visit, Nobody, "The company file was not in the expected state.", "It was being opened or closed.", "The next visit tries again."),
    row("0x80040414", Visit, Bookkeeper, "A dialog is open in QuickBooks and keeps it from answering.", "QuickBooks asks somebody something.", "Close the dialog in QuickBooks."),
    row("0x80040416", Visit, Bookkeeper, "QuickBooks is not running, and the connection names no company file.", "QuickBooks was closed.", "Open the company file before the visit."),
    row("0x80040417", Visit, Bookkeeper, "No company file is open, and the connection names none.", "The company file was closed.", "Open the company file before the visit."),
    row("0x80040418", Visit, QuickBooksAdministrator, "The company file never gave this connection permission.", "Nobody has confirmed it in QuickBooks yet.", "Log in as Admin and allow it when QuickBooks asks."),
    row("0x8004041a", Visit, QuickBooksAdministrator, "This connection has no permission to use the company file.", "Somebody took it away under Integrated Applications.", "Allow it under Preferences, Integrated Applications."),
    row("0x8004041b", Visit, Nobody, "Somebody else was using what QuickBooks needed to lock.", "Two programs or people were at the same thing.", "The next visit tries again."),
    row("0x8004041c", Visit, Nobody, "QuickBooks met an error while it opened the company file.", "The file or QuickBooks was busy.", "The next visit tries again."),
    row("0x8004041d", Visit, QuickBooksAdministrator, "This connection may not log in while nobody has the company file open.", "Automatic login was not allowed.", "Allow automatic login under Preferences, Integrated Applications."),
    row("0x8004041e", Visit, Operator, "The certificate of this connection has expired.", "It was not renewed.", "Renew the certificate."),
    row("0x8004041f", Visit, Bookkeeper, "QuickBooks Basic does not work with other programs.", "This edition lacks it.", "Use another edition of QuickBooks."),
    row("0x80040420", Visit, QuickBooksAdministrator, "Somebody refused this connection when QuickBooks asked.", "No was pressed in QuickBooks.", "Allow it under Preferences, Integrated Applications."),
    row("0x80040421", Record, Bookkeeper, "QuickBooks gave a message of its own over this record.", "The message says why.", "Read the message, then look whether the record is in QuickBooks."),
    row("0x80040422", Visit, Bookkeeper, "Another program is using the company file.", "The connection needs the file for itself.", "Let the other program finish."),
    row("0x80040423", Record, Developer, "This QuickBooks does not know the version of what was sent.", "QuickBooks was replaced by an older one.", "Report this to the developer of Bookferry."),
    row("0x80040424", Visit, Nobody, "QuickBooks has not finished starting.", "It was opened only just now.", "The next visit tries again."),
    row("0x80040427", Visit, Bookkeeper, "This QuickBooks has not been registered.", "It was installed and never registered.", "Register QuickBooks on this computer."),
    row("0x8004042a", Visit, QuickBooksAdministrator, "The company file does not allow access from another computer.", "Remote access was not allowed.", "Allow it under Preferences, Integrated Applications."),
    row("0x8004042c", Visit, Operator, "The certificate of this connection has been revoked.", "Its issuer took it back.", "Use a new certificate."),
];

const fn row(
    hresult: &'static str,
    place: Place,
    who: Who,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
) -> Row {
    Row { hresult, place, who, title, why, advice }
}
