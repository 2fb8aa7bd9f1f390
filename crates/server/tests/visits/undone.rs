//! What a person said of names while mending, taken back with the records; and when it is not any more.

use bookferry_store::{Actor, Choice, ChosenEntry, Mending, Teaching};
use bookferry_sync::cause::Remedy;
use bookferry_sync::company::{RecordsPerMessageSet, Settings};
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::{Event, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{BOTH, Office, On};

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";
const NAME: &str = "Our Taxi";

#[test]
fn a_link_taken_back_leaves_no_mapping_and_nothing_crosses_by_it() {
    for on in BOTH {
        let (mut office, dana) = open(on);
        let ids = [refused(&mut office, 1), refused(&mut office, 2)];
        link(&office, &dana, ids[0], "Harbor Taxi");
        assert_eq!(mapped(&office), ["Harbor Taxi"], "{on:?}");
        let told = dana.undo(&office, ids[0]);
        assert!(told.contains("done=undo_mend_names&n=1"), "{on:?}: {told}");
        assert!(mapped(&office).is_empty(), "{on:?}");
        office.happens(ids[1], Event::Retry);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!(office.count(Status::NeedsAttention), 2, "{on:?}: the name stands for itself again");
    }
}

#[test]
fn a_mapping_that_was_there_before_is_there_again() {
    for on in BOTH {
        let (mut office, _) = open(on);
        let entry = ChosenEntry::FullName("Out of use".to_owned());
        office.map(&[Choice { list: ListKind::Customer, name: NAME.to_owned(), entry }]);
        let now = office.now();
        office.file.change_entry("Customer", "Out of use", "<IsActive>false</IsActive>", now).expect("out of use");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let dana = Bookkeeper::again(&office);
        let id = refused(&mut office, 1);
        link(&office, &dana, id, "Harbor Taxi");
        assert_eq!(mapped(&office), ["Harbor Taxi"], "{on:?}");
        dana.undo(&office, id);
        assert_eq!(mapped(&office), ["Out of use"], "{on:?}");
        let line = office.mappings(ListKind::Customer).pop().expect("the mapping");
        assert_eq!(line.chosen_at, now, "{on:?}: as it was chosen then");
    }
}

#[test]
fn consent_to_create_is_taken_back_too_unless_the_entry_is_there() {
    for on in BOTH {
        let (mut office, dana) = open(on);
        let id = refused(&mut office, 1);
        dana.mend(&office, Remedy::Create, id, &[]);
        dana.undo(&office, id);
        office.happens(id, Event::Retry);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!(office.count(Status::NeedsAttention), 1, "{on:?}: nothing was created");
        assert!(office.names(ListKind::Customer, NAME).is_empty(), "{on:?}");
        dana.mend(&office, Remedy::Create, id, &[]);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!(office.count(Status::Submitted), 1, "{on:?}");
        let told = dana.undo_at(&office, office.now(), id);
        assert!(told.contains("done=nothing_to_undo"), "{on:?}: {told}");
    }
}

#[test]
fn what_another_record_has_crossed_with_stays_and_is_told() {
    for on in BOTH {
        let (mut office, dana) = open(on);
        // It was handed over first, and so goes first.
        let first = hand_over(&mut office, 7);
        let id = refused(&mut office, 1);
        link(&office, &dana, id, "Harbor Taxi");
        office.happens(first, Event::MarkReady);
        office.pass(SignedDuration::from_mins(10));
        drop(office.fall_asleep());
        assert_eq!(office.record(first).record.line.state.status(), Status::Sending, "{on:?}");
        let told = dana.undo(&office, id);
        assert!(told.contains("done=undo_mend_alone&n=1"), "{on:?}: {told}");
        assert_eq!(mapped(&office), ["Harbor Taxi"], "{on:?}");
        assert_eq!(office.record(id).record.line.state.status(), Status::NeedsAttention, "{on:?}");
        let page = dana.read(&office, &format!("records/{id}?done=undo_mend_alone&n=1"));
        assert!(page.contains("What was said of their names stays"), "{page}");
    }
}

#[test]
fn what_is_said_of_a_name_holds_only_where_a_record_is_mended() {
    for on in BOTH {
        let (mut office, _) = open(on);
        let id = refused(&mut office, 1);
        let choices = [Choice {
            list: ListKind::Customer,
            name: NAME.to_owned(),
            entry: ChosenEntry::FullName("Harbor Taxi".to_owned()),
        }];
        let (company, now, actor) = (office.company, office.now(), Actor::new("key", "api"));
        let stale = Mending { id, version: 0, event: Event::Retry, content: None };
        let newest = Mending { version: office.record(id).record.line.version, ..stale.clone() };
        for (mending, mended, mappings) in [(stale, 0, 0), (newest, 1, 1)] {
            let (teaching, mendings) = (Teaching::Mapped(&choices), [mending]);
            let done = office.store.mend_and_teach(company, "link", teaching, &mendings, &actor, now);
            assert_eq!(office.wait_for(done).expect("an answer"), Ok(mended), "{on:?}");
            assert_eq!(mapped(&office).len(), mappings, "{on:?}");
        }
    }
}

/// A company that creates nothing by itself, a bookkeeper, and lists that are read; one record at a time crosses.
fn open(on: On) -> (Office, Bookkeeper) {
    let one = RecordsPerMessageSet::try_from(1).expect("a number");
    let mut office =
        Office::open(on, Settings { create: Vec::new(), records_per_message_set: one, ..Settings::default() });
    let now = office.now();
    for name in ["Harbor Taxi", "Out of use"] {
        office.file.add_entry("Customer", &format!("<Name>{name}</Name>"), now).expect("an entry");
    }
    office.file.add_entry("ItemService", &format!("<Name>Windshield</Name>{SOLD}"), now).expect("an entry");
    office.visit();
    let dana = Bookkeeper::sign_in(&office);
    (office, dana)
}

fn hand_over(office: &mut Office, number: u32) -> RecordId {
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"{NAME}"}},
        "lines":[{{"item":"Windshield","quantity":"1","rate":"10.00","amount":"10.00"}}],"total":"10.00"}}"#
    );
    office.take_in(number, &json)
}

/// Waits, since QuickBooks has no customer whom it names.
fn refused(office: &mut Office, number: u32) -> RecordId {
    let id = hand_over(office, number);
    office.happens(id, Event::MarkReady);
    office.pass(SignedDuration::from_mins(10));
    office.visit();
    assert_eq!(office.record(id).record.line.state.status(), Status::NeedsAttention);
    id
}

fn link(office: &Office, dana: &Bookkeeper, id: RecordId, to: &str) {
    let fields = [("list", "customers"), ("name", NAME), ("entry", ""), ("other", to)];
    dana.mend(office, Remedy::Link, id, &fields);
    assert_eq!(office.record(id).record.line.state.status(), Status::ReadyToSync);
    office.pass(SignedDuration::from_secs(5));
}

/// What the customer's name stands for.
fn mapped(office: &Office) -> Vec<String> {
    office.mappings(ListKind::Customer).into_iter().map(|line| line.chosen_name).collect()
}
