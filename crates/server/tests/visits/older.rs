//! Records from before sync was enabled: QuickBooks is asked whether it has them.

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_simulator::web_connector::Outcome;
use bookferry_store::{BulkMove, OlderSeen, RecordFilter, Selection};
use bookferry_sync::company::Settings;
use bookferry_sync::recovery::{OLDER_PER_SET, OLDER_PER_VISIT_MAX};
use bookferry_sync::submission::{Event, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office, On};

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

#[test]
fn quickbooks_is_asked_about_what_is_held_back_and_what_it_has_is_left_out() {
    for on in BOTH {
        let mut office = open_with_lists(on);
        // Three are in QuickBooks, entered by hand; only the first has the customer and the amount too.
        office.in_quickbooks(&entered("1", "Harbor Taxi", "125.00"));
        office.in_quickbooks(&entered("2", "Harbor Taxi", "124.00"));
        office.in_quickbooks(&entered("3", "Somebody Else", "125.00"));
        for number in 1..=4 {
            hold_back(&mut office, number);
        }
        assert_eq!(office.unasked(), 4, "{on:?}");
        office.visit();
        assert_eq!(office.unasked(), 0, "{on:?}");
        let seen = office.seen();
        let told: Vec<_> = seen.iter().map(|seen| (seen.external_id.as_str(), seen.seen.number.as_str())).collect();
        assert_eq!(told, [("inv-1", "1")], "{on:?}");
        let seen = &seen[0].seen;
        assert_eq!(seen.date.map(|date| date.to_string()).as_deref(), Some("2026-10-05"), "whatever day it has there");
        assert_eq!(
            (seen.amount.map(|amount| amount.to_string()).as_deref(), seen.customer.as_str()),
            (Some("125.00"), "Harbor Taxi")
        );
        assert_eq!(office.visit().outcome, Outcome::NothingToDo, "{on:?}: everything was asked");

        office.add_older();
        assert_eq!((office.count(Status::Unsent), office.count(Status::HeldBack)), (3, 1), "{on:?}");
        office.release_all();
        office.visit();
        assert_eq!(office.count(Status::Submitted), 3, "{on:?}");
        assert_eq!(office.file.report().transactions["Invoice"].count, 6, "{on:?}: the first is not there twice");
    }
}

#[test]
fn a_revision_is_asked_about_anew_and_so_is_everything_on_request() {
    for on in BOTH {
        let mut office = open_with_lists(on);
        hold_back(&mut office, 1);
        office.visit();
        assert_eq!((office.unasked(), office.seen().len()), (0, 0), "{on:?}");
        office.in_quickbooks(&entered("1", "Harbor Taxi", "126.00"));
        office.hand_over(1, "126.00");
        assert_eq!(office.unasked(), 1, "{on:?}: its amount is another");
        office.visit();
        assert_eq!((office.unasked(), office.seen().len()), (0, 1), "{on:?}");
        office.hand_over(1, "127.00");
        assert_eq!(office.seen(), [], "what was said of another revision counts for nothing");
        office.visit();
        office.in_quickbooks(&entered("1", "Harbor Taxi", "127.00"));
        assert_eq!(office.visit().outcome, Outcome::NothingToDo);
        office.ask_about_older_again();
        office.visit();
        assert_eq!(office.seen().len(), 1, "{on:?}");
    }
}

#[test]
fn many_are_asked_about_in_several_visits_and_a_lost_answer_is_asked_for_again() {
    let mut office = Office::open(On::Sqlite, Settings::default());
    office.visit();
    let many = OLDER_PER_VISIT_MAX + OLDER_PER_SET / 2;
    for number in 1..=many {
        hold_back(&mut office, number);
    }
    assert_eq!(office.unasked(), u64::from(many));
    office.visit_with(&mut Faults::seeded(1).with(Fault::LostAnswer, 1_000));
    assert_eq!(office.unasked(), u64::from(many), "nothing is known without an answer");
    office.pass(SignedDuration::from_mins(10));
    office.visit();
    assert_eq!(office.unasked(), u64::from(OLDER_PER_SET / 2), "no visit asks about more");
    office.visit();
    assert_eq!((office.unasked(), office.count(Status::HeldBack)), (0, u64::from(many)));
}

fn open_with_lists(on: On) -> Office {
    let mut office = Office::open(on, Settings::default());
    let now = office.now();
    for name in ["Harbor Taxi", "Somebody Else"] {
        office.file.add_entry("Customer", &format!("<Name>{name}</Name>"), now).expect("a customer");
    }
    office.file.add_entry("ItemService", &format!("<Name>Labor</Name>{SOLD}"), now).expect("an item");
    office
}

fn hold_back(office: &mut Office, number: u32) {
    let id = office.hand_over(number, "125.00");
    office.happens(id, Event::HoldBack);
}

fn entered(number: &str, customer: &str, amount: &str) -> String {
    format!(
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>{customer}</FullName></CustomerRef>\
         <TxnDate>2026-10-05</TxnDate><RefNumber>{number}</RefNumber><InvoiceLineAdd><ItemRef><FullName>Labor</FullName>\
         </ItemRef><Amount>{amount}</Amount><SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef></InvoiceLineAdd>\
         </InvoiceAdd></InvoiceAddRq>"
    )
}

impl Office {
    fn unasked(&self) -> u64 {
        let all = RecordFilter::default();
        self.wait_for(self.store.older_unasked_count(self.company, &all)).expect("a count")
    }

    fn seen(&self) -> Vec<OlderSeen> {
        let all = RecordFilter::default();
        self.wait_for(self.store.older_seen(self.company, &all, 100)).expect("what was seen")
    }

    fn ask_about_older_again(&self) {
        self.wait_for(self.store.ask_about_older_again(self.company)).expect("asked");
    }

    fn add_older(&self) {
        let filter = RecordFilter { statuses: vec![Status::HeldBack], ..RecordFilter::default() };
        let selection = Selection::WithoutTwins { filter, seen_until: None };
        let actor = bookferry_store::Actor::new("dana@ridgeline.example", "sync_manager");
        let moved = self.store.move_records(self.company, &selection, BulkMove::AddOlder, &actor, self.now());
        self.wait_for(moved).expect("moved");
    }
}
