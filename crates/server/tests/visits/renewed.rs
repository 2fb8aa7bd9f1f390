use bookferry_store::{Actor, Care};
use bookferry_sync::change::{Reread, Standing};
use bookferry_sync::id::RecordId;
use bookferry_sync::submission::{Attention, Event, State, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::changes::{LINES, all, edit, hand_over, invoice, status, submitted};
use crate::office::{BOTH, Office};

#[test]
fn a_difference_that_waits_says_what_quickbooks_has_now() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        date_there(&mut office, "2026-11-10");
        look_at_all(&mut office);
        let seen = difference(&office, id);
        assert_eq!(seen.1, "date: 2026-11-02 sent, 2026-11-10 in QuickBooks now", "{on:?}");
        assign(&office, id);
        date_there(&mut office, "2026-11-17");
        night(&mut office);
        assert_eq!(difference(&office, id).1, "date: 2026-11-02 sent, 2026-11-17 in QuickBooks now", "{on:?}");
        let told: Vec<_> = happened(&office, id).into_iter().filter(|(event, _)| event == "drifted").collect();
        assert_eq!(told.len(), 2, "{on:?}: {told:?}");
        let dana = Bookkeeper::sign_in(&office);
        let page = dana.read(&office, &format!("records/{id}"));
        assert!(page.contains("2026-11-17") && page.contains("dana@ridgeline.example"), "{on:?}: {page}");
        night(&mut office);
        look_at_all(&mut office);
        assert_eq!(happened(&office, id).iter().filter(|(event, _)| event == "drifted").count(), 2, "{on:?}: no news");
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: it was decided about what is there");
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-02"], "{on:?}");
    }
}

#[test]
fn what_somebody_puts_back_waits_no_longer_and_what_they_delete_says_so() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        date_there(&mut office, "2026-11-10");
        look_at_all(&mut office);
        date_there(&mut office, "2026-11-02");
        night(&mut office);
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}");
        let told = happened(&office, id).into_iter().next();
        let told_as = ("put_back".to_owned(), Some("QuickBooks has again what was sent.".to_owned()));
        assert_eq!(told, Some(told_as), "{on:?}");
        date_there(&mut office, "2026-11-10");
        night(&mut office);
        delete_there(&mut office);
        night(&mut office);
        let state = office.record(id).record.line.state;
        assert!(matches!(state, State::NeedsAttention(Attention::Gone { .. })), "{on:?}: {state:?}");
    }
}

#[test]
fn a_change_that_waits_shows_what_quickbooks_has_now_and_stays_a_change() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        look_at_all(&mut office);
        hand_over(&mut office, "2026-11-02", "PO 4711", &LINES);
        office.visit();
        assert_eq!(shown(&office, id).date, "2026-11-02".parse().ok(), "{on:?}");
        date_there(&mut office, "2026-11-10");
        night(&mut office);
        assert_eq!(shown(&office, id).date, "2026-11-10".parse().ok(), "{on:?}");
        let told = happened(&office, id).into_iter().next();
        let again = "Somebody changed it in QuickBooks again while it waited.";
        assert_eq!(told, Some(("changed_again".to_owned(), Some(again.to_owned()))), "{on:?}");
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}");
        let written = invoice(&mut office);
        assert_eq!((all(&written, "TxnDate"), all(&written, "PONumber")), words("2026-11-10", "PO 4711"), "{on:?}");
    }
}

#[test]
fn a_change_on_both_sides_asks_about_what_quickbooks_has_now() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        look_at_all(&mut office);
        date_there(&mut office, "2026-11-10");
        hand_over(&mut office, "2026-11-05", "PO 4711", &LINES);
        office.happens(id, Event::SendChange);
        office.visit();
        date_there(&mut office, "2026-11-17");
        night(&mut office);
        let State::NeedsAttention(Attention::Error { cause, .. }) = office.record(id).record.line.state else {
            panic!("{on:?}: it waits as before")
        };
        assert_eq!(
            cause.detail, "date: 2026-11-02 when it was sent, 2026-11-05 here now, 2026-11-17 in QuickBooks now",
            "{on:?}"
        );
        date_there(&mut office, "2026-11-02");
        night(&mut office);
        let state = office.record(id).record.line.state;
        assert!(matches!(state, State::NeedsAttention(Attention::Updated { voided: false, .. })), "{on:?}: {state:?}");
        office.happens(id, Event::SendChange);
        office.visit();
        let written = invoice(&mut office);
        assert_eq!((all(&written, "TxnDate"), all(&written, "PONumber")), words("2026-11-05", "PO 4711"), "{on:?}");
    }
}

#[test]
fn what_a_person_decided_stays_decided() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        date_there(&mut office, "2026-11-10");
        look_at_all(&mut office);
        office.happens(id, Event::Exclude);
        date_there(&mut office, "2026-11-17");
        night(&mut office);
        look_at_all(&mut office);
        assert_eq!(status(&office, id), Status::Excluded, "{on:?}");
        office.happens(id, Event::Include);
        office.happens(id, Event::KeepQuickBooks);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}");
    }
}

/// A void that the application asked for, of what somebody deletes meanwhile: nobody has to decide anything.
#[test]
fn a_void_that_waits_is_done_with_what_somebody_deletes() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        look_at_all(&mut office);
        office.void("inv-1");
        office.visit();
        assert_eq!(status(&office, id), Status::NeedsAttention, "{on:?}");
        delete_there(&mut office);
        night(&mut office);
        let state = office.record(id).record.line.state;
        assert!(matches!(state, State::Excluded { voided: true, posted: Some(_) }), "{on:?}: {state:?}");
    }
}

fn words(date: &str, po_number: &str) -> (Vec<String>, Vec<String>) {
    (vec![date.to_owned()], vec![po_number.to_owned()])
}

fn date_there(office: &mut Office, date: &str) {
    let before = invoice(office);
    edit(office, &before, &format!("<TxnDate>{date}</TxnDate>"), "");
}

fn delete_there(office: &mut Office) {
    let txn_id = all(&invoice(office), "TxnID")[0].clone();
    office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
}

fn look_at_all(office: &mut Office) {
    office.reconcile();
    office.visit();
}

fn night(office: &mut Office) {
    office.pass(SignedDuration::from_hours(25));
    office.visit();
    let latest = office.reconciliations().into_iter().next().expect("a reconciliation");
    assert!(latest.since.is_some() && latest.finished_at.is_some(), "{latest:?}");
}

/// The code of the cause, and its detail.
fn difference(office: &Office, id: RecordId) -> (String, String) {
    let State::NeedsAttention(Attention::Differs { cause, .. }) = office.record(id).record.line.state else {
        panic!("it waits because of a difference")
    };
    (cause.code, cause.detail)
}

fn shown(office: &Office, id: RecordId) -> Standing {
    let shown = office.wait_for(office.store.shown(office.company, id)).expect("asked").expect("read");
    let Reread::Standing(standing) = shown.standing else { panic!("it is there") };
    *standing
}

/// Newest first: the event, and what the history says of it.
fn happened(office: &Office, id: RecordId) -> Vec<(String, Option<String>)> {
    let mut lines = office.record(id).history;
    lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
    lines.into_iter().map(|line| (line.event, line.reason)).collect()
}

fn assign(office: &Office, id: RecordId) {
    let (care, actor) = (Care::Assign(Some("dana@ridgeline.example".to_owned())), Actor::new("dana", "sync_manager"));
    office.wait_for(office.store.care(office.company, &care, &[id], &actor, office.now())).expect("assigned");
}
