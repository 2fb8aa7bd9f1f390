//! QuickBooks is busy, locked, or shows a dialog: later, after growing pauses, up to a limit, and the reason is told.

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_sync::company::Settings;
use bookferry_sync::submission::{Attention, State, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office};

#[test]
fn a_busy_or_locked_record_says_why_it_waits_and_becomes_somebodys_business_at_last() {
    for on in BOTH {
        for code in ["qb_3175", "qb_3180"] {
            let mut office = Office::open(on, Settings::default());
            office.release(1..=1);
            office.visit();
            office.release(2..=2);
            let mut pauses = Vec::new();
            while office.line(2).state.status() == Status::ReadyToSync {
                let writes = if code == "qb_3175" { Office::refuse_in_use } else { Office::refuse_locked };
                writes(&mut office);
                office.visit();
                let line = office.line(2);
                if line.state.status() == Status::ReadyToSync {
                    let because = line.postponed_because.as_deref().unwrap_or_default();
                    assert!(because.contains("working on this in QuickBooks"), "{on:?} {code}: {because}");
                    let reasons = office.record(line.id).history.into_iter().next().and_then(|line| line.reason);
                    assert_eq!(reasons.as_deref(), Some(because), "the history says so too");
                    pauses.push(line.retry_at.duration_since(office.now()).as_secs() / 60);
                    assert_eq!(office.visit().outcome.to_string(), "No data exchange required", "not before its time");
                    office.set_clock(&line.retry_at.to_string());
                }
            }
            assert_eq!(pauses, [2, 4, 8, 16], "{on:?} {code}");
            let State::NeedsAttention(Attention::Error { cause, .. }) = office.line(2).state else { panic!("{code}") };
            assert_eq!(cause.code, code);
            assert!(cause.text.contains("tried 5 times") && cause.text.contains("press Retry"), "{}", cause.text);
            assert_eq!(office.line(2).postponed_because, None);
            assert_eq!(office.count(Status::Submitted), 1);
        }
    }
}

#[test]
fn a_customer_that_could_not_be_made_for_a_lock_makes_its_invoice_wait_too() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.visit();
        office.release(1..=1);
        // The first write is that of the customer, without which the invoice is refused with 3140.
        office.file.refuse_writes_in_use(1);
        office.visit();
        let line = office.line(1);
        assert_eq!(line.state.status(), Status::ReadyToSync, "{on:?}");
        let because = line.postponed_because.unwrap_or_default();
        assert!(
            because.contains("“Harbor Taxi” could not be created") && because.contains("working on this in QuickBooks"),
            "{because}"
        );
        office.set_clock(&line.retry_at.to_string());
        office.visit();
        assert_eq!(office.count(Status::Submitted), 1);
    }
}

#[test]
fn a_dialog_that_keeps_quickbooks_from_opening_is_told_and_the_next_visit_tries_again() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.visit();
        office.release(1..=2);
        let report = office.visit_with(&mut Faults::seeded(1).with(Fault::ModalDialog, 1_000));
        assert!(report.outcome.to_string().contains("0x80040414"), "{}", report.outcome);
        let visit = office.last_visit();
        let told = "A dialog is open in QuickBooks and keeps it from answering. Close the dialog in QuickBooks; the next \
                    visit tries again. Who must act: the person at the QuickBooks computer.";
        assert_eq!(visit.trouble.as_deref(), Some(told), "{on:?}");
        assert_eq!(visit.outcome.as_deref(), Some(told), "where History shows it");
        assert_eq!(office.count(Status::ReadyToSync), 2);
        office.pass(SignedDuration::from_mins(10));
        assert_eq!(office.visit().outcome.to_string(), "Completed: 2 sent.");
        assert_eq!(office.last_visit().trouble, None);
    }
}

#[test]
fn a_quickbooks_that_breaks_down_over_a_set_is_given_a_smaller_one() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.a_request = SignedDuration::from_millis(5);
        office.release(1..=200);
        office.visit();
        office.set_sizes.clear();
        office.release(201..=300);
        office.visit_with(&mut Faults::seeded(1).with(Fault::RestartBefore, 1_000));
        assert_eq!(office.count(Status::Unconfirmed), 100, "{on:?}");
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!(office.count(Status::Submitted), 300);
        assert_eq!(office.set_sizes, [100, 50, 50], "{on:?}");
        assert_eq!(office.line(300).attempt_count, 1, "what never reached QuickBooks was no attempt");
    }
}

impl Office {
    fn refuse_in_use(&mut self) {
        self.file.refuse_writes_in_use(1);
    }

    fn refuse_locked(&mut self) {
        self.file.refuse_writes_locked(1);
    }
}
