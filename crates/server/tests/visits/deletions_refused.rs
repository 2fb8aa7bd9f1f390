//! QuickBooks refuses to delete what the application voided, where the company wants it deleted.

use bookferry_sync::cause::{Remedy, explain};
use bookferry_sync::company::{Settings, Voids};
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::{Attention, Errand, Event, State, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{BOTH, Office};

/// What QuickBooks may say to a TxnDel, and one of the buttons that then mend it.
const REFUSALS: [(i32, &str, Remedy); 6] = [
    (3160, "Cannot delete the object specified by the id: it is in use.", Remedy::Retry),
    (3160, "Cannot delete the object specified by the id: it is in use.", Remedy::KeepQuickBooks),
    (3161, "Cannot delete before the closing date.", Remedy::Retry),
    (3161, "Cannot delete before the closing date.", Remedy::KeepQuickBooks),
    (3162, "Not allowed in multi-user mode.", Remedy::Retry),
    (3170, "There was an error when modifying the object.", Remedy::Resend),
];

#[test]
fn a_refused_deletion_says_why_and_is_mended_by_its_buttons() {
    for on in BOTH {
        let mut office = open(on);
        let dana = Bookkeeper::sign_in(&office);
        let numbers = || (1..).zip(REFUSALS);
        for (number, (code, says, _)) in numbers() {
            office.file.refuse_document(number.to_string(), code, says);
            withdraw(&mut office, number);
        }
        office.visit();
        for (number, (code, says, remedy)) in numbers() {
            let id = office.line(number).id;
            let (told, detail) = refused(&office, id);
            assert_eq!((told.as_str(), detail.as_str()), (format!("qb_{code}").as_str(), says), "{on:?}");
            let entry = explain(&told, &detail).expect("it is known");
            assert!(entry.remedies.contains(&remedy), "{on:?}: {code} has {:?}", entry.remedies);
            dana.mend(&office, remedy, id, &[]);
        }
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        for (number, (code, _, remedy)) in numbers() {
            let state = office.line(number).state;
            assert_eq!(state.status(), Status::Submitted, "{on:?}: {code} by {remedy:?}: {state:?}");
        }
        let kept = numbers().filter(|(_, (.., remedy))| *remedy == Remedy::KeepQuickBooks).count();
        assert_eq!(usize::try_from(invoices(&office)).ok(), Some(kept), "{on:?}: the others are deleted");
    }
}

#[test]
fn what_lies_in_closed_books_is_deleted_once_they_are_open_again() {
    for on in BOTH {
        let mut office = open(on);
        let dana = Bookkeeper::sign_in(&office);
        office.file.change_company(|company| company.closing_date = "2026-11-30".parse().ok()).expect("closed");
        withdraw(&mut office, 1);
        office.visit();
        let id = office.line(1).id;
        assert_eq!(refused(&office, id).0, "qb_3161", "{on:?}");
        assert_eq!(invoices(&office), 6, "{on:?}: nothing was deleted");
        office.file.change_company(|company| company.closing_date = None).expect("open again");
        dana.mend(&office, Remedy::Retry, id, &[]);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!((office.line(1).state.status(), invoices(&office)), (Status::Submitted, 5), "{on:?}");
    }
}

/// A company that wants what is voided deleted, with an invoice in QuickBooks for every refusal.
fn open(on: crate::office::On) -> Office {
    let mut office = Office::open(on, Settings { voids: Voids::Delete, ..Settings::default() });
    office.release(1..=6);
    office.visit();
    assert_eq!(office.count(Status::Submitted), 6, "{on:?}");
    office
}

fn withdraw(office: &mut Office, number: u32) {
    office.void(&format!("inv-{number}"));
    office.happens(office.line(number).id, Event::SendChange);
}

/// The code and what QuickBooks said; the deletion still is what is to be done.
fn refused(office: &Office, id: RecordId) -> (String, String) {
    let state = office.record(id).record.line.state;
    let State::NeedsAttention(Attention::Error { cause, errand: Errand::Void(_), .. }) = state else {
        panic!("{state:?}")
    };
    (cause.code, cause.detail)
}

fn invoices(office: &Office) -> u64 {
    office.file.report().transactions.get("Invoice").map_or(0, |invoices| u64::try_from(invoices.count).unwrap_or(0))
}
