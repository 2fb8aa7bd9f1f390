use bookferry_store::Reconciliation;
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::{Attention, Event, State, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office};

#[test]
fn what_was_changed_voided_and_deleted_in_quickbooks_waits_for_a_person() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=4);
        office.visit();
        assert_eq!(office.count(Status::Submitted), 4, "{on:?}");
        change_date(&mut office, 1);
        let voided = txn_id(&mut office, 2);
        office.in_quickbooks(&format!(
            "<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{voided}</TxnID></TxnVoidRq>"
        ));
        delete(&mut office, 3);
        ask_for_all(&office);
        office.visit();
        let [changed, voided, gone] = [1, 2, 3].map(|number| cause(&office, number));
        assert_eq!(changed.0, "changed_in_quickbooks", "{on:?}");
        assert_eq!(changed.1, "date: 2026-11-02 sent, 2026-11-20 in QuickBooks now");
        assert_eq!(voided.0, "voided_in_quickbooks");
        assert_eq!(gone.0, "deleted_in_quickbooks");
        assert_eq!(office.line(4).state.status(), Status::Submitted, "nobody touched it");
        let latest = latest(&office);
        assert_eq!((latest.compared, latest.differing, latest.finished_at.is_some()), (4, 3, true), "{latest:?}");
    }
}

#[test]
fn what_differs_is_kept_or_written_over_or_sent_anew() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=3);
        office.visit();
        for number in [1, 2] {
            change_date(&mut office, number);
        }
        delete(&mut office, 3);
        ask_for_all(&office);
        office.visit();
        office.happens(id(&office, 1), Event::KeepQuickBooks);
        office.happens(id(&office, 2), Event::SendChange);
        office.happens(id(&office, 3), Event::NotInQuickBooks);
        office.visit();
        for number in 1..=3 {
            assert_eq!(office.line(number).state.status(), Status::Submitted, "{on:?}: {number}");
        }
        assert_eq!([1, 2, 3].map(|number| date(&mut office, number)), ["2026-11-20", "2026-11-02", "2026-11-02"]);
        assert_eq!(office.file.report().transactions["Invoice"].count, 3, "{on:?}");
        ask_for_all(&office);
        office.visit();
        assert_eq!(office.count(Status::Submitted), 3, "{on:?}: what a person has seen is not shown again");
    }
}

#[test]
fn every_night_what_changed_since_is_compared() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=130);
        office.visit();
        office.pass(SignedDuration::from_hours(3));
        office.release(131..=131);
        office.visit();
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let whole = latest(&office);
        assert_eq!((whole.number, whole.since, whole.compared, whole.differing), (1, None, 131, 0), "{on:?}");
        office.pass(SignedDuration::from_hours(72));
        change_date(&mut office, 127);
        delete(&mut office, 128);
        office.visit();
        let night = latest(&office);
        assert!(night.since.is_some() && night.finished_at.is_some(), "{on:?}: {night:?}");
        assert_eq!((night.number, night.compared, night.differing), (2, 3, 2), "{on:?}: these, and the newest before");
        assert_eq!(
            (cause(&office, 127).0.as_str(), cause(&office, 128).0.as_str()),
            ("changed_in_quickbooks", "deleted_in_quickbooks")
        );
    }
}

#[test]
fn a_long_one_goes_on_where_a_visit_was_cut_off() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=250);
        office.visit();
        change_date(&mut office, 20);
        change_date(&mut office, 240);
        ask_for_all(&office);
        // authenticate, the first request with its answer, and one portion with its answer.
        office.cut_visit(7);
        let cut = latest(&office);
        assert!(cut.compared >= 100 && cut.compared < 250 && cut.finished_at.is_none(), "{on:?}: {cut:?}");
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let whole = latest(&office);
        assert_eq!((whole.number, whole.compared, whole.differing), (1, 250, 2), "{on:?}: each once");
    }
}

#[test]
fn a_quickbooks_that_does_not_answer_is_asked_again_later() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=1);
        office.visit();
        change_date(&mut office, 1);
        ask_for_all(&office);
        office.lists_fail = true;
        office.visit();
        let stands = latest(&office);
        assert!(stands.trouble.is_some() && stands.finished_at.is_none(), "{on:?}: {stands:?}");
        office.lists_fail = false;
        office.pass(SignedDuration::from_hours(2));
        office.visit();
        assert_eq!(latest(&office).differing, 1, "{on:?}");
    }
}

fn ask_for_all(office: &Office) {
    office.reconcile();
}

fn latest(office: &Office) -> Reconciliation {
    office.reconciliations().into_iter().next().expect("a reconciliation")
}

fn id(office: &Office, number: u32) -> RecordId {
    office.line(number).id
}

/// Its code and detail.
fn cause(office: &Office, number: u32) -> (String, String) {
    match office.line(number).state {
        State::NeedsAttention(Attention::Differs { cause, .. } | Attention::Gone { cause, .. }) => {
            (cause.code, cause.detail)
        }
        state @ (State::HeldBack
        | State::Unsent
        | State::ReadyToSync(_)
        | State::Sending { .. }
        | State::Unconfirmed { .. }
        | State::Submitted(_)
        | State::NeedsAttention(_)
        | State::Excluded { .. }) => panic!("{number}: {state:?}"),
    }
}

fn shown(office: &mut Office, number: u32) -> String {
    office.in_quickbooks(&format!("<InvoiceQueryRq><RefNumber>{number}</RefNumber></InvoiceQueryRq>"))
}

fn text(xml: &str, element: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{element}>")).expect("the element");
    rest.split_once('<').expect("its end").0.to_owned()
}

fn txn_id(office: &mut Office, number: u32) -> String {
    text(&shown(office, number), "TxnID")
}

fn date(office: &mut Office, number: u32) -> String {
    text(&shown(office, number), "TxnDate")
}

fn change_date(office: &mut Office, number: u32) {
    let shown = shown(office, number);
    office.in_quickbooks(&format!(
        "<InvoiceModRq><InvoiceMod><TxnID>{}</TxnID><EditSequence>{}</EditSequence><TxnDate>2026-11-20</TxnDate></InvoiceMod>\
         </InvoiceModRq>",
        text(&shown, "TxnID"),
        text(&shown, "EditSequence")
    ));
}

fn delete(office: &mut Office, number: u32) {
    let txn_id = txn_id(office, number);
    office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
}
