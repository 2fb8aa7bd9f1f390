//! Changes whose answers got lost, and of which QuickBooks remembers no message set: the next visit looks them up, settles
//! what the document tells, and leaves to a person only what it does not.

use bookferry_store::{HistoryLine, Shown};
use bookferry_sync::change::Reread;
use bookferry_sync::company::{Settings, Voids};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Attention, Event, State, Status};

use crate::changes::{LINES, all, edit, hand_over, invoice, status, submitted};
use crate::office::{BOTH, Office, On};

#[test]
fn a_change_that_quickbooks_never_took_is_sent_again() {
    for on in BOTH {
        let (mut office, id) = changed(on);
        let asleep = office.fall_asleep();
        office.pass(jiff::SignedDuration::from_mins(30));
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let after = invoice(&mut office);
        assert_eq!(all(&after, "TxnDate"), ["2026-11-05"], "{on:?}");
        assert_eq!(
            crossing(&office, id),
            ["enclosed", "answer_lost", "not_executed", "enclosed", "accepted"],
            "{on:?}: once more, and nobody was asked"
        );
        assert_eq!(attempts(&office, id), ["accepted", "not_executed", "accepted"], "{on:?}: each attempt is kept");
        office.wake(asleep);
        let sequence = |shown: &str| all(shown, "EditSequence");
        assert_eq!(sequence(&invoice(&mut office)), sequence(&after), "{on:?}: what was in hand changes nothing");
    }
}

#[test]
fn a_change_that_quickbooks_took_counts_as_submitted() {
    for on in BOTH {
        let (mut office, id) = changed(on);
        office.lose_answer(true);
        let shown = invoice(&mut office);
        office.visit();
        let State::Submitted(posted) = office.record(id).record.line.state else {
            panic!("{on:?}: {:?}", office.record(id).record.line.state)
        };
        assert_eq!((posted.revision, vec![posted.edit_sequence]), (2, all(&shown, "EditSequence")), "{on:?}");
        assert_eq!(crossing(&office, id), ["enclosed", "answer_lost", "accepted"], "{on:?}: it was not sent again");
        assert_eq!(all(&invoice(&mut office), "EditSequence"), all(&shown, "EditSequence"), "{on:?}");
    }
}

#[test]
fn lines_that_changed_tell_whether_quickbooks_took_them() {
    for (on, is_executed) in BOTH.into_iter().flat_map(|on| [(on, false), (on, true)]) {
        let (mut office, id) = submitted(on);
        let lines = [("Windshield", "250.00"), ("Labor", "95.00"), ("Disposal", "5.00")];
        hand_over(&mut office, "2026-11-02", "", &lines);
        office.happens(id, Event::SendChange);
        office.lose_answer(is_executed);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(all(&invoice(&mut office), "Amount"), ["250.00", "95.00", "5.00"], "{on:?}");
        let sent = crossing(&office, id).iter().filter(|event| *event == "enclosed").count();
        assert_eq!(sent, if is_executed { 1 } else { 2 }, "{on:?}");
    }
}

/// What somebody did in QuickBooks besides is theirs.
#[test]
fn a_change_that_was_taken_is_known_beside_what_somebody_else_changed() {
    for on in BOTH {
        let (mut office, id) = changed(on);
        office.lose_answer(true);
        let shown = invoice(&mut office);
        edit(&mut office, &shown, "<Memo>Call before noon</Memo>", "");
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(crossing(&office, id), ["enclosed", "answer_lost", "accepted"], "{on:?}");
        assert_eq!(all(&invoice(&mut office), "Memo"), ["Call before noon"], "{on:?}");
    }
}

#[test]
fn what_somebody_changed_too_is_left_to_a_person_who_sees_three_columns() {
    for on in BOTH {
        for (event, date) in [(Event::Retry, "2026-11-05"), (Event::KeepQuickBooks, "2026-11-10")] {
            let (mut office, id) = changed(on);
            office.lose_answer(false);
            let shown = invoice(&mut office);
            edit(&mut office, &shown, "<TxnDate>2026-11-10</TxnDate>", "");
            office.visit();
            let state = office.record(id).record.line.state;
            let State::NeedsAttention(Attention::Error { cause, errand, .. }) = &state else {
                panic!("{on:?}: {state:?}")
            };
            assert_eq!(cause.code, "unconfirmed_change", "{on:?}");
            let told = "date: 2026-11-02 when it was sent, 2026-11-05 here now, 2026-11-10 in QuickBooks now";
            assert_eq!(cause.detail, told, "{on:?}");
            let read = errand.posted().map(|posted| vec![posted.edit_sequence.clone()]);
            assert_eq!(read, Some(all(&invoice(&mut office), "EditSequence")), "{on:?}: as the person sees it");
            let shown = office.wait_for(office.store.shown(office.company, id)).expect("an answer");
            let Some(Shown { standing: Reread::Standing(standing), .. }) = shown else { panic!("{on:?}: {shown:?}") };
            assert_eq!(standing.date.map(|date| date.to_string()).as_deref(), Some("2026-11-10"), "{on:?}");
            office.happens(id, event);
            office.visit();
            assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
            assert_eq!(all(&invoice(&mut office), "TxnDate"), [date], "{on:?}");
        }
    }
}

#[test]
fn what_was_deleted_in_quickbooks_while_the_answer_was_lost_is_not_made_again() {
    for on in BOTH {
        let (mut office, id) = changed(on);
        office.lose_answer(false);
        delete(&mut office);
        office.visit();
        let state = office.record(id).record.line.state;
        let State::NeedsAttention(Attention::Gone { cause, .. }) = &state else { panic!("{on:?}: {state:?}") };
        assert_eq!(cause.code, "deleted_in_quickbooks", "{on:?}");
    }
}

#[test]
fn a_void_is_settled_whether_or_not_quickbooks_did_it() {
    for (on, is_executed) in BOTH.into_iter().flat_map(|on| [(on, false), (on, true)]) {
        let (mut office, id) = submitted(on);
        pay(&mut office);
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.lose_answer(is_executed);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(office.file.report().transactions["Invoice"].total, "0.00", "{on:?}");
        let sent = crossing(&office, id).iter().filter(|event| *event == "enclosed").count();
        assert_eq!(sent, if is_executed { 1 } else { 2 }, "{on:?}");
    }
}

#[test]
fn a_deletion_is_settled_whether_or_not_quickbooks_did_it() {
    for (on, is_executed) in BOTH.into_iter().flat_map(|on| [(on, false), (on, true)]) {
        let (mut office, id) = submitted(on);
        office.set_settings(&Settings { voids: Voids::Delete, ..Settings::default() });
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.lose_answer(is_executed);
        // The company thinks otherwise meanwhile; what was sent was a deletion.
        office.set_settings(&Settings::default());
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let report = office.file.report();
        let (count, total) = report.transactions.get("Invoice").map_or((0, "0.00"), |it| (it.count, it.total.as_str()));
        assert_eq!(
            (count, total),
            (if is_executed { 0 } else { 1 }, "0.00"),
            "{on:?}: voided, as the company has it now"
        );
    }
}

#[test]
fn what_was_to_be_voided_and_somebody_deleted_is_where_it_should_be() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.lose_answer(false);
        delete(&mut office);
        office.visit();
        let state = office.record(id).record.line.state;
        assert!(matches!(state, State::Excluded { voided: true, posted: Some(_) }), "{on:?}: {state:?}");
    }
}

#[test]
fn a_payment_is_settled_by_what_it_pays() {
    for (on, is_executed) in BOTH.into_iter().flat_map(|on| [(on, false), (on, true)]) {
        let (mut office, _) = submitted(on);
        let id = pay(&mut office);
        office.hand_over_as(RecordKind::Payment, "pay-1", &payment("142.50", "Visa"));
        office.happens(id, Event::SendChange);
        office.lose_answer(is_executed);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let payments = &office.file.report().transactions["ReceivePayment"];
        assert_eq!((payments.count, payments.total.as_str(), payments.open.as_str()), (1, "142.50", "0.00"), "{on:?}");
        let sent = crossing(&office, id).iter().filter(|event| *event == "enclosed").count();
        assert_eq!(sent, if is_executed { 1 } else { 2 }, "{on:?}");
    }
}

/// A change that the application made of what is on its way goes after it, once it is known what became of that.
#[test]
fn what_changed_meanwhile_waits_for_what_was_lost() {
    for (on, is_executed) in BOTH.into_iter().flat_map(|on| [(on, false), (on, true)]) {
        let (mut office, id) = changed(on);
        office.lose_answer(is_executed);
        hand_over(&mut office, "2026-11-06", "", &LINES);
        office.visit();
        if is_executed {
            assert!(
                office.record(id).record.line.state.is_only_changed(),
                "{on:?}: {:?}",
                office.record(id).record.line
            );
            office.happens(id, Event::SendChange);
            office.visit();
        }
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-06"], "{on:?}");
    }
}

/// An office whose invoice has another date here than in QuickBooks, which is about to be sent.
fn changed(on: On) -> (Office, RecordId) {
    let (mut office, id) = submitted(on);
    hand_over(&mut office, "2026-11-05", "", &LINES);
    office.happens(id, Event::SendChange);
    (office, id)
}

fn pay(office: &mut Office) -> RecordId {
    let id = office.hand_over_as(RecordKind::Payment, "pay-1", &payment("100.00", "Check"));
    office.happens(id, Event::MarkReady);
    office.visit();
    assert_eq!(status(office, id), Status::Submitted);
    id
}

fn payment(amount: &str, method: &str) -> String {
    format!(
        r#"{{"number":"77","date":"2026-11-03","customer":{{"name":"Harbor Taxi"}},"method":"{method}","amount":"{amount}",
        "applied_to":[{{"invoice":"inv-1","amount":"{amount}"}}]}}"#
    )
}

fn delete(office: &mut Office) {
    let txn_id = all(&invoice(office), "TxnID")[0].clone();
    office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
}

/// What visits did to the record since somebody had its change sent, from the first on.
fn crossing(office: &Office, id: RecordId) -> Vec<String> {
    let record = office.record(id);
    let since = record.history.iter().take_while(|line| line.event != "send_change");
    let by_visits = since.filter(|line: &&HistoryLine| line.actor == "web_connector");
    let mut events: Vec<String> = by_visits.map(|line| line.event.clone()).collect();
    events.reverse();
    events
}

fn attempts(office: &Office, id: RecordId) -> Vec<String> {
    office.record(id).attempts.into_iter().rev().filter_map(|attempt| attempt.outcome).collect()
}
