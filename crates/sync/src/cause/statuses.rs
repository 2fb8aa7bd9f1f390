//! QuickBooks' status codes: what `qbxml::status` says of them, and besides why they happen and what mends them.

use bookferry_qbxml::status::{self, Codes};

use super::catalogue::{CORRECT, LINK, LOOK_FIRST, RESEND, RETRY};
use super::{Entry, Place, Remedy};

struct Row {
    code: i64,
    why: &'static str,
    remedies: &'static [Remedy],
}

pub(super) fn entries() -> impl Iterator<Item = Entry> {
    status::entries().filter_map(entry)
}

pub(super) fn find(code: i64) -> Option<Entry> {
    status::entries().find(|known| known.is_about(code)).and_then(entry)
}

fn entry(known: &'static status::Entry) -> Option<Entry> {
    let row = ROWS.iter().find(|row| known.is_about(row.code))?;
    let code = match known.codes {
        Codes::One(code) => format!("qb_{code}"),
        Codes::Range(first, last) => format!("qb_{first}-{last}"),
    };
    // What is said of a message set as a whole comes in the set's own status, never in a record's.
    let is_of_a_set = matches!(row.code, 600 | 9001..=9005);
    Some(Entry {
        code: code.into(),
        place: if is_of_a_set { Place::Visit } else { Place::Record },
        title: known.what.into(),
        why: row.why.into(),
        advice: known.what_to_do.into(),
        who: known.who,
        written: known.written,
        remedies: row.remedies.into(),
    })
}

const NAME_TAKEN: &[Remedy] = &[Remedy::Link, Remedy::Rename, Remedy::Correct, Remedy::Retry, Remedy::Exclude];
const NO_SUCH_NAME: &[Remedy] = &[Remedy::Link, Remedy::Create, Remedy::Correct, Remedy::Retry, Remedy::Exclude];
const TOO_LONG: &[Remedy] = &[Remedy::Shorten, Remedy::Correct, Remedy::Retry, Remedy::Exclude];
const CLOSED: &[Remedy] = &[Remedy::Redate, Remedy::Retry, Remedy::Exclude];
const PAYS_TOO_MUCH: &[Remedy] = &[Remedy::ApplyOpen, Remedy::Correct, Remedy::Retry, Remedy::Exclude];
const GONE: &[Remedy] = &[Remedy::Resend, Remedy::Link, Remedy::AlreadyInQuickBooks, Remedy::Retry, Remedy::Exclude];
const KEEP: &[Remedy] = &[Remedy::Retry, Remedy::KeepQuickBooks, Remedy::Exclude];

/// By code (qbxml.md section 12).
#[rustfmt::skip]
const ROWS: &[Row] = &[
    row(600, "Another company file was opened, or a backup was restored.", &[]),
    row(1000, "QuickBooks came upon damaged data or ran out of something it needs.", LOOK_FIRST),
    row(1010, "QuickBooks was closing, starting or busy with something of its own.", RETRY),
    row(1030, "An older or smaller edition of QuickBooks lacks what was asked.", RETRY),
    row(1060, "Bookferry numbered a request in a way that QuickBooks does not take.", RETRY),
    row(2000, "The request went to something else than QuickBooks Desktop.", RETRY),
    row(3000, "The identifier was kept from another company file, or two parts of the record point to different things.", GONE),
    row(3010, "A program wrote something else where QuickBooks wants true or false.", RETRY),
    row(3020, "The date lies outside what QuickBooks can keep.", &[Remedy::Redate, Remedy::Correct, Remedy::Retry, Remedy::Exclude]),
    row(3030, "A program asked for a period the wrong way round.", RETRY),
    row(3031, "A program asked for a range the wrong way round.", RETRY),
    row(3035, "A program wrote a duration that QuickBooks cannot read.", RETRY),
    row(3040, "An amount has more digits or other signs than QuickBooks reads.", RETRY),
    row(3045, "A unit price has more decimal places than QuickBooks keeps.", RETRY),
    row(3050, "A percentage has more digits or other signs than QuickBooks reads.", RETRY),
    row(3060, "A quantity has more digits or other signs than QuickBooks reads.", RETRY),
    row(3065, "A program wrote an identifier that QuickBooks cannot read.", RETRY),
    row(3070, "Your application keeps longer texts than QuickBooks.", TOO_LONG),
    row(3080, "QuickBooks keeps Western European letters only, and no control characters.", CORRECT),
    row(3085, "A program wrote a number that QuickBooks cannot read.", RETRY),
    row(3090, "QuickBooks keeps the colon for sub-entries such as jobs and sub-items.", &[Remedy::Correct, Remedy::Link, Remedy::Retry, Remedy::Exclude]),
    row(3100, "Customers, vendors, employees and other names share one list of names, inactive ones included.", NAME_TAKEN),
    row(3101, "Quantity, price or sum goes beyond the largest amount that QuickBooks keeps.", RETRY),
    row(3110, "A program used a word that this QuickBooks does not offer.", RETRY),
    row(3120, "Somebody deleted it in QuickBooks after Bookferry had read it.", GONE),
    row(3121, "Somebody deleted it in QuickBooks after Bookferry had read it.", GONE),
    row(3130, "The part before the colon names an entry that is not there.", LINK),
    row(3140, "The name is written otherwise in QuickBooks, or was deleted or merged there.", NO_SUCH_NAME),
    row(3141, "The name leads to an entry of the wrong kind, such as an account that takes no deposits.", LINK),
    row(3150, "The request was made without something that this company file demands.", RETRY),
    row(3151, "Two parts of the record cannot stand together in QuickBooks.", CORRECT),
    row(3152, "Two parts of the record cannot stand together in QuickBooks.", CORRECT),
    row(3153, "Two parts of the record cannot stand together in QuickBooks.", CORRECT),
    row(3160, "Something else in QuickBooks is linked to it, such as a deposit.", KEEP),
    row(3161, "The QuickBooks administrator has closed the books up to a date.", KEEP),
    row(3162, "Several people have the company file open.", RETRY),
    row(3170, "What it says of itself keeps it as it is, such as a deposit or a lock.", RESEND),
    row(3171, "The QuickBooks administrator has closed the books up to a date.", CLOSED),
    row(3172, "Somebody deleted something that belongs to it in QuickBooks.", RESEND),
    row(3173, "Somebody changed something that belongs to it in QuickBooks.", RESEND),
    row(3175, "A window in QuickBooks shows the record; it was tried again several times.", RETRY),
    row(3176, "A window in QuickBooks shows a record that belongs to it; it was tried again several times.", RETRY),
    row(3177, "The record names the same invoice twice.", CORRECT),
    row(3180, "A rule of the company file stands against it, such as a credit limit or an empty transaction.", CORRECT),
    row(3185, "Something in QuickBooks depends on it, such as a deposit or a reconciliation.", KEEP),
    row(3190, "The transaction is part of a reconciliation.", KEEP),
    row(3200, "Somebody saved it in QuickBooks in the meantime.", RESEND),
    row(3205, "The address, with name, city and country, has more lines than QuickBooks prints.", CORRECT),
    row(3210, "A value goes beyond what QuickBooks allows here, most often a payment above what is open of its invoice.", PAYS_TOO_MUCH),
    row(3220, "This company file does not allow these values together.", CORRECT),
    row(3230, "It was voided, closed or paid in QuickBooks, so that this is not possible any more.", &[Remedy::Resend, Remedy::KeepQuickBooks, Remedy::Retry, Remedy::Exclude]),
    row(3231, "An earlier record of the same delivery failed.", RETRY),
    row(3240, "A backup of the company file was restored.", GONE),
    row(3250, "A preference of QuickBooks is off, or the edition lacks the feature.", CORRECT),
    row(3260, "The rights of the QuickBooks user do not reach this far.", RETRY),
    row(3261, "The box for personal data is not ticked for Bookferry in QuickBooks.", RETRY),
    row(3262, "Somebody changed what Bookferry may do in QuickBooks.", RETRY),
    row(3263, "Bookferry was added to the Web Connector for reading only.", RETRY),
    row(3270, "The item or the preference was never completed in QuickBooks.", &[Remedy::Retry, Remedy::Link, Remedy::Exclude]),
    row(3280, "The deposit account, or a payment in it, is not what QuickBooks expects.", LINK),
    row(3290, "Somebody moved, added or deleted lines in QuickBooks.", RESEND),
    row(3300, "The record touches an employee or a deposit that QuickBooks keeps otherwise.", CORRECT),
    row(3310, "The record touches an employee that QuickBooks keeps otherwise.", CORRECT),
    row(9001, "A message set was sent with the number of another.", &[]),
    row(9002, "QuickBooks was closed before it had kept its answer.", &[]),
    row(9003, "QuickBooks answered something that is not described anywhere.", &[]),
    row(9004, "A message set was numbered in a way that QuickBooks does not take.", &[]),
    row(9005, "The disk or the company file of QuickBooks could not be written.", &[]),
    row(9100, "A request built on another one that failed.", RETRY),
];

const fn row(code: i64, why: &'static str, remedies: &'static [Remedy]) -> Row {
    Row { code, why, remedies }
}
