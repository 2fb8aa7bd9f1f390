use bookferry_store::{Choice, ChosenEntry};
use bookferry_sync::company::Settings;
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::{Event, Status};
use jiff::SignedDuration;

use crate::office::{BOTH, Office, On};

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

/// An office that lets nothing be created and whose items are called otherwise than the application's; the lists are read.
fn strict_office(on: On) -> Office {
    let mut office = Office::open(on, Settings { create: Vec::new(), ..Settings::default() });
    let now = office.now();
    office.file.add_entry("Customer", "<Name>Harbor Taxi</Name>", now).expect("a customer");
    office.file.add_entry("ItemService", &format!("<Name>Glass</Name>{SOLD}"), now).expect("an item");
    let below = format!("<Name>Windshields</Name><ParentRef><FullName>Glass</FullName></ParentRef>{SOLD}");
    office.file.add_entry("ItemService", &below, now).expect("an item below it");
    office.visit();
    office
}

fn windshield(entry: &str) -> Choice {
    Choice { list: ListKind::Item, name: "Windshield".to_owned(), entry: ChosenEntry::FullName(entry.to_owned()) }
}

#[test]
fn a_record_that_lacked_an_item_crosses_once_its_name_is_mapped_and_it_is_retried() {
    for on in BOTH {
        let mut office = strict_office(on);
        office.release(1..=1);
        office.visit();
        let line = office.line(1);
        assert_eq!(line.state.status(), Status::NeedsAttention, "{on:?}");
        assert_eq!(office.unmapped(ListKind::Item), ["Windshield"]);
        assert_eq!(office.unmapped(ListKind::Customer), [""; 0], "QuickBooks has the customer");

        office.map(&[windshield("glass:windshields")]);
        assert_eq!(office.unmapped(ListKind::Item), [""; 0]);
        office.happens(line.id, Event::Retry);
        office.visit();
        assert_eq!(office.count(Status::Submitted), 1, "{on:?}: {:?}", office.line(1));
        let sold: Vec<String> = office.items_sold();
        assert_eq!(sold, ["Glass:Windshields"]);
        assert_eq!(
            office.names(ListKind::Item, "windshield"),
            [("Glass:Windshields".to_owned(), true)],
            "none created"
        );
    }
}

#[test]
fn a_mapping_follows_its_entry_through_another_name_and_says_when_it_is_gone() {
    for on in BOTH {
        let mut office = strict_office(on);
        office.release(1..=1);
        office.map(&[windshield("Glass:Windshields")]);
        let now = office.now();
        office.file.change_entry("ItemService", "Glass:Windshields", "<Name>Front panes</Name>", now).expect("renamed");
        // The lists were read before the change; the ListID is still right.
        office.visit();
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let mapping = office.mappings(ListKind::Item).pop().expect("the mapping");
        assert_eq!(mapping.chosen_name, "Glass:Windshields");
        assert_eq!(mapping.entry.expect("its entry").full_name, "Glass:Front panes", "{on:?}");
        office.release(2..=2);
        office.visit();
        assert_eq!(office.count(Status::Submitted), 2, "{on:?}: {:?}", office.line(2));
        assert_eq!(office.items_sold(), ["Glass:Front panes"; 2]);

        let now = office.now();
        office
            .file
            .change_entry("ItemService", "Glass:Front panes", "<IsActive>false</IsActive>", now)
            .expect("inactive");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        office.release(3..=3);
        office.visit();
        assert_eq!(office.cause_code(3), "items_mapping_inactive");
        assert!(!office.mappings(ListKind::Item)[0].entry.as_ref().expect("still there").is_active);
    }
}

#[test]
fn a_mapping_whose_entry_was_deleted_is_a_problem_and_creates_nothing() {
    for on in BOTH {
        let mut office = strict_office(on);
        office.set_settings(&Settings::default());
        office.map(&[windshield("Glass:Windshields")]);
        office.file.delete_entry("ItemService", "Glass:Windshields", office.now()).expect("deleted");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        assert_eq!(office.mappings(ListKind::Item)[0].entry, None, "{on:?}");
        office.release(1..=1);
        office.visit();
        assert_eq!(office.cause_code(1), "items_mapping_gone", "{on:?}");
    }
}
