//! What Bookferry itself finds: before a record is sent, in what came back, and where an answer was lost.

use bookferry_qbxml::status::{Who, Written};

use super::catalogue::CORRECT;
use super::{Entry, Place, Remedy};

struct Row {
    code: &'static str,
    who: Who,
    written: Written,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
    remedies: &'static [Remedy],
}

pub(super) fn entries() -> impl Iterator<Item = Entry> {
    ROWS.iter().map(|row| Entry {
        code: row.code.into(),
        place: Place::Record,
        title: row.title.into(),
        why: row.why.into(),
        advice: row.advice.into(),
        who: row.who,
        written: row.written,
        remedies: row.remedies.into(),
    })
}

use Who::{Bookkeeper, QuickBooksAdministrator};
use Written::{No, Unknown, Yes};

const DATE: &[Remedy] = &[Remedy::Redate, Remedy::Retry, Remedy::Exclude];
const TOO_LONG: &[Remedy] = &[Remedy::Shorten, Remedy::Correct, Remedy::Retry, Remedy::Exclude];
const WAITS_FOR_INVOICE: &[Remedy] = &[Remedy::Retry, Remedy::Correct, Remedy::Exclude];
const MISNAMED: &[Remedy] = &[Remedy::Correct, Remedy::Link, Remedy::Retry, Remedy::Exclude];
const READ_AGAIN: &[Remedy] = &[Remedy::Resend, Remedy::KeepQuickBooks, Remedy::Exclude];
const CHANGE: &[Remedy] = &[Remedy::SendChange, Remedy::KeepQuickBooks, Remedy::Exclude];
const DIFFERENCE: &[Remedy] = &[Remedy::KeepQuickBooks, Remedy::SendChange, Remedy::Exclude];
const KEEP: &[Remedy] = &[Remedy::KeepQuickBooks, Remedy::Exclude];
const DELETED: &[Remedy] =
    &[Remedy::KeepQuickBooks, Remedy::NotInQuickBooks, Remedy::AlreadyInQuickBooks, Remedy::Exclude];
const DOUBT: &[Remedy] = &[Remedy::AlreadyInQuickBooks, Remedy::NotInQuickBooks];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    row("adjusting_item", Bookkeeper, No, "The item that makes up for a difference in the sales tax cannot be used.", "QuickBooks computes another sales tax, and the company\u{2019}s adjusting item is missing, inactive or of the wrong kind.", "Name another item under Setup, or mend it in QuickBooks; then retry.", &[Remedy::Retry, Remedy::Exclude]),
    row("amount_without_item", Bookkeeper, No, "A line has an amount and no item, and QuickBooks charges for items only.", "Your application handed the line over without an item.", "Name the item here, or in your application.", CORRECT),
    row("cannot_be_cleared", Bookkeeper, No, "Your application took something away that a change cannot take away in QuickBooks.", "QuickBooks takes a new value in a change, but not an empty one.", "Take it away in QuickBooks by hand, then keep QuickBooks\u{2019} version.", KEEP),
    row("changed_in_quickbooks", Bookkeeper, Yes, "Somebody changed it in QuickBooks after it was sent.", "The comparison with QuickBooks found another document than was sent.", "Keep QuickBooks\u{2019} version if that is right, or send the change to write what was sent over it.", DIFFERENCE),
    row("changed_on_both_sides", Bookkeeper, No, "Somebody changed the same in QuickBooks as your application did here.", "Both sides were changed after the record had crossed.", "Compare the three columns in the record and decide.", READ_AGAIN),
    row("classes_off", QuickBooksAdministrator, No, "A line names a class, and class tracking is off in QuickBooks.", "The preference is switched off in this company file.", "Switch it on in QuickBooks (Edit, Preferences, Accounting) and press Retry, or take the class away here.", CORRECT),
    row("colon", Bookkeeper, No, "A name holds a colon where QuickBooks does not allow one.", "QuickBooks keeps the colon for sub-entries.", "", MISNAMED),
    row("currency_not_supported", Bookkeeper, No, "The record is in another currency than the company\u{2019}s books.", "Bookferry carries the home currency only.", "Enter it in QuickBooks by hand, then say that it is there.", &[Remedy::AlreadyInQuickBooks, Remedy::Exclude]),
    row("date_closed", QuickBooksAdministrator, No, "The record is dated on or before the closing date of the books.", "The QuickBooks administrator has closed the period.", "Give it a later date here, or have the period reopened and press Retry.", DATE),
    row("deleted_in_quickbooks", Bookkeeper, No, "Somebody deleted it in QuickBooks after it was sent.", "The transaction is not in QuickBooks any more.", "Keep it deleted, or send it again.", DELETED),
    row("discount_above_zero", Bookkeeper, No, "A line adds an amount, and its item is a discount in QuickBooks.", "QuickBooks takes a discount off the invoice however it is written.", "Write the amount below zero, or link the name to an item that is no discount.", MISNAMED),
    row("empty_name", Bookkeeper, No, "A name is empty, or nothing stands before or after its colon.", "Your application handed an empty name over.", "", CORRECT),
    row("found_otherwise", Bookkeeper, Yes, "QuickBooks has this record already, but not as your application says now.", "A backup was restored after it had been sent.", "Correct the side that is wrong.", DIFFERENCE),
    row("group_of_items", Bookkeeper, No, "A line names a group of items.", "QuickBooks puts the items and prices of the group in place of the line\u{2019}s amount.", "Link the name to an item that is no group.", MISNAMED),
    row("invoice_not_in_quickbooks", Bookkeeper, No, "The payment goes to an invoice that QuickBooks does not have.", "The invoice was not released, was deleted, or the payment names another.", "Release the invoice, then retry.", WAITS_FOR_INVOICE),
    row("line_break", Bookkeeper, No, "A text holds a line break or a tab where QuickBooks keeps one line.", "Your application keeps the text on several lines.", "", CORRECT),
    row("not_read_again", Bookkeeper, No, "QuickBooks did not show what it has of a record that changed.", "QuickBooks was busy when it was asked.", "", READ_AGAIN),
    row("sales_tax_off", QuickBooksAdministrator, No, "The invoice has sales tax, and sales tax is off in QuickBooks.", "The preference is switched off in this company file.", "Switch it on in QuickBooks (Edit, Preferences, Sales Tax), then retry.", &[Remedy::Retry, Remedy::Exclude]),
    row("subtotal_with_amount", Bookkeeper, No, "A line has an amount, and its item is a subtotal in QuickBooks.", "QuickBooks sums up what stands above a subtotal, and does not charge for it again.", "Link the name to an item that is no subtotal.", MISNAMED),
    row("text_not_acceptable", Bookkeeper, No, "A text is not one that QuickBooks takes in its field.", "It is empty, holds a colon, a line break or a tab, or begins or ends with a blank.", "", CORRECT),
    row("text_too_long", Bookkeeper, No, "A text is longer than its field in QuickBooks.", "Your application keeps longer texts than QuickBooks.", "", TOO_LONG),
    row("too_long", Bookkeeper, No, "A number, a name or a text is longer than QuickBooks holds.", "Your application keeps longer texts than QuickBooks.", "", TOO_LONG),
    row("total_differs", Bookkeeper, Yes, "QuickBooks has it with another total than your application.", "QuickBooks computes sales tax and rounds it its own way.", "Correct the side that is wrong, or keep QuickBooks\u{2019} version.", DIFFERENCE),
    row("unconfirmed", Bookkeeper, Unknown, "The answer got lost, and QuickBooks could not tell whether it has the record.", "The connection broke after the record had been sent.", "Look for it in QuickBooks.", DOUBT),
    row("unconfirmed_alike", Bookkeeper, Unknown, "The answer got lost, and QuickBooks has a record that is very like it.", "Number, customer, date and amount agree, and our mark is missing.", "Look whether it is this one.", DOUBT),
    row("unconfirmed_change", Bookkeeper, Unknown, "The answer to a change got lost, and QuickBooks does not show whether it took the change.", "Somebody may have changed the record in QuickBooks too.", "Compare the three columns in the record and decide.", READ_AGAIN),
    row("unconfirmed_in_old_books", Bookkeeper, Unknown, "It was on its way to another company file when the books were changed.", "The company was bound to other books.", "Look into the old books.", DOUBT),
    row("unconfirmed_restored", Bookkeeper, Unknown, "After a restored backup, QuickBooks has a record that is very like it.", "It may have been sent in the time that was lost.", "Look whether it is this one.", DOUBT),
    row("unconfirmed_unanswered", Bookkeeper, Unknown, "The answer got lost, and several visits have asked for it in vain.", "QuickBooks is too busy to tell, or cannot.", "Wait for the next visit, or look for it in QuickBooks.", DOUBT),
    row("unreadable", Bookkeeper, No, "QuickBooks cannot keep a single character of a name or number.", "QuickBooks keeps Western European letters only.", "Write it in Latin letters.", CORRECT),
    row("updated", Bookkeeper, Yes, "Changed in your application after it was sent.", "QuickBooks still has what was sent.", "Send the change, or keep what QuickBooks has.", CHANGE),
    row("voided_in_quickbooks", Bookkeeper, Yes, "Somebody voided it in QuickBooks after it was sent.", "The comparison with QuickBooks found it with amounts of zero.", "Keep QuickBooks\u{2019} version if that is right, or send the change to write what was sent over it.", DIFFERENCE),
    row("voided", Bookkeeper, Yes, "Voided in your application after it was sent.", "QuickBooks still has it.", "Send the change, which voids or deletes it there, as your company chose under Setup; or keep what QuickBooks has.", CHANGE),
];

const fn row(
    code: &'static str,
    who: Who,
    written: Written,
    title: &'static str,
    why: &'static str,
    advice: &'static str,
    remedies: &'static [Remedy],
) -> Row {
    Row { code, who, written, title, why, advice, remedies }
}
