use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::Outcome;
use bookferry_sync::company::Settings;
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::Status;
use jiff::SignedDuration;

use crate::office::{BOTH, Office, On};

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";
/// More than are read in one go.
const MANY_CUSTOMERS: usize = 5_600;

#[test]
fn the_first_visit_reads_the_lists_and_the_next_day_what_changed_in_them() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        let now = office.now();
        for name in ["Alder", "Birch", "Cedar"] {
            office.file.add_entry("Customer", &format!("<Name>{name}</Name>"), now).expect("a customer");
        }
        office.file.add_entry("ItemService", &format!("<Name>Labor</Name>{SOLD}"), now).expect("an item");
        assert!(office.list(ListKind::Customer).is_due);
        office.visit();
        for list in [ListKind::Customer, ListKind::Item, ListKind::Account, ListKind::Terms, ListKind::SalesTaxItem] {
            let stand = office.list(list);
            assert!(stand.entry_count > 0 && stand.read_at.is_some() && !stand.is_due, "{on:?}: {stand:?}");
        }
        assert_eq!(office.visit().outcome, Outcome::NothingToDo, "{on:?}: there is nothing more to read");

        office.pass(SignedDuration::from_hours(25));
        let now = office.now();
        office.file.add_entry("Customer", "<Name>Dogwood</Name>", now).expect("a customer");
        office.file.change_entry("Customer", "Alder", "<Name>Elm</Name>", now).expect("another name");
        office.file.change_entry("Customer", "Birch", "<IsActive>false</IsActive>", now).expect("inactive");
        office.file.delete_entry("Customer", "Cedar", now).expect("deleted");
        office.visit();
        assert_eq!(office.names(ListKind::Customer, "dogwood"), [("Dogwood".to_owned(), true)], "{on:?}");
        assert_eq!(office.names(ListKind::Customer, "elm"), [("Elm".to_owned(), true)]);
        assert_eq!(office.names(ListKind::Customer, "alder"), [], "it is called Elm now");
        assert_eq!(office.names(ListKind::Customer, "birch"), [("Birch".to_owned(), false)]);
        assert_eq!(office.names(ListKind::Customer, "cedar"), [], "it was deleted");
    }
}

#[test]
fn a_name_that_a_vendor_employee_or_other_name_has_is_foretold_and_refused_with_3100() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        let now = office.now();
        for (kind, name) in [("Vendor", "Glass Works"), ("Employee", "Eva Lind"), ("OtherName", "Owner")] {
            office.file.add_entry(kind, &format!("<Name>{name}</Name>"), now).expect(kind);
        }
        office.file.change_entry("Employee", "Eva Lind", "<IsActive>false</IsActive>", now).expect("she left");
        office.visit();
        assert_eq!(office.names(ListKind::Vendor, "glass"), [("Glass Works".to_owned(), true)], "{on:?}");
        assert_eq!(office.names(ListKind::Employee, ""), [("Eva Lind".to_owned(), false)]);
        assert_eq!(office.names(ListKind::OtherName, ""), [("Owner".to_owned(), true)]);
        for (number, customer) in [(1, "glass works"), (2, "EVA LIND:Car"), (3, "Owner"), (4, "Somebody new")] {
            let json = format!(
                r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"{customer}"}},
                    "lines":[{{"item":"Labor","amount":"1.00"}}],"total":"1.00"}}"#
            );
            office.take_in(number, &json);
            assert_eq!(office.refusals(number), if number == 4 { vec![] } else { vec!["name_taken"] }, "{customer}");
        }
        office.release_all();
        office.visit();
        assert_eq!(office.count(Status::Submitted), 1, "{on:?}");
        for number in 1..=3 {
            assert_eq!(office.cause_code(number), "qb_3100");
        }
        office.pass(SignedDuration::from_hours(25));
        let now = office.now();
        office.file.delete_entry("Vendor", "Glass Works", now).expect("deleted");
        office.file.change_entry("OtherName", "Owner", "<Name>Dana</Name>", now).expect("renamed");
        office.visit();
        assert_eq!(office.names(ListKind::Vendor, "glass"), [], "{on:?}: it was deleted");
        assert_eq!(office.names(ListKind::OtherName, ""), [("Dana".to_owned(), true)]);
        assert_eq!((office.refusals(1), office.refusals(3)), (vec![], vec![]));
    }
}

#[test]
fn a_list_that_was_not_read_for_long_is_read_whole() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.file.add_entry("Customer", "<Name>Cedar</Name>", office.now()).expect("a customer");
        office.visit();
        office.file.delete_entry("Customer", "Cedar", office.now()).expect("deleted");
        // QuickBooks has forgotten that it was there.
        office.pass(SignedDuration::from_hours(100 * 24));
        office.visit();
        assert_eq!(office.names(ListKind::Customer, "cedar"), [], "{on:?}");
    }
}

/// `LIST_ENTRIES=100000` reads so many customers, and a tenth as many items.
#[test]
fn a_long_list_is_read_in_parts_that_outlast_a_visit() {
    let customers = how_many();
    let items = customers / 10;
    let mut office = Office::open(On::Sqlite, Settings::default());
    let now = office.now();
    for index in 0..customers {
        let letter = char::from(b'A' + u8::try_from(index % 26).expect("a letter"));
        office.file.add_entry("Customer", &format!("<Name>{letter}{index}</Name>"), now).expect("a customer");
    }
    for index in 0..items {
        let fields = format!("<Name>Part {index}</Name>{SOLD}");
        office.file.add_entry("ItemService", &fields, now).expect("an item");
    }
    let all = office.file.snapshot();
    office.cut_visit(24);
    let part = office.list(ListKind::Customer).part.expect("it is being read in parts");
    let read = office.list(ListKind::Customer).entry_count;
    assert!(part > 0 && read > 0, "part {part}, {read} read");
    office.file = all;
    office.pass(SignedDuration::from_mins(10));
    let portions_before = office.list_portions;
    office.visit_with(&mut Faults::none());
    let stand = office.list(ListKind::Customer);
    assert_eq!((stand.part, stand.is_due), (None, false));
    let is_one = |name: &str| name.chars().skip(1).all(|letter| letter.is_ascii_digit());
    let names = office.names(ListKind::Customer, "");
    assert_eq!(names.iter().filter(|(name, _)| is_one(name)).count(), customers, "each once");
    assert_eq!(office.names(ListKind::Item, "part ").len(), items);
    println!(
        "customers={customers} items={items} portions={} after_the_cut={}",
        office.list_portions,
        office.list_portions - portions_before
    );
}

#[test]
fn a_quickbooks_that_gives_no_lists_holds_nothing_up() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.visit();
        office.release(1..=3);
        office.pass(SignedDuration::from_hours(25));
        office.lists_fail = true;
        office.visit();
        assert_eq!(office.count(bookferry_sync::submission::Status::Submitted), 3, "{on:?}");
        let stand = office.list(ListKind::Customer);
        assert!(stand.trouble.is_some() && !stand.is_due && stand.entry_count > 0, "{stand:?}");
        office.lists_fail = false;
        office.pass(SignedDuration::from_hours(2));
        office.visit();
        assert_eq!(office.list(ListKind::Customer).trouble, None);
    }
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the long version says how long")]
fn how_many() -> usize {
    std::env::var("LIST_ENTRIES").ok().and_then(|entries| entries.parse().ok()).unwrap_or(MANY_CUSTOMERS)
}
