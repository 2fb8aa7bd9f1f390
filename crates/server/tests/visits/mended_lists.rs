//! Names that QuickBooks' lists do not have, or not any more: for each list, by a record's own name and by a mapping, made to
//! stand for an entry that is there, and submitted.

use bookferry_store::{Choice, ChosenEntry};
use bookferry_sync::cause::{Place, Remedy, catalogue};
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};
use bookferry_sync::submission_row::StateRow;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bookkeeper::Bookkeeper;
use crate::office::{Office, On};

const CONDITIONS: [&str; 4] = ["missing", "inactive", "mapping_gone", "mapping_inactive"];
const INACTIVE: &str = "<IsActive>false</IsActive>";

/// A list, how its entries are made in QuickBooks, and how a record names one.
struct List {
    kind: ListKind,
    word: &'static str,
    fields: &'static str,
    /// An entry that is there and active.
    good: &'static str,
    record: RecordKind,
    says: fn(&str) -> Value,
}

#[rustfmt::skip]
const LISTS: [List; 7] = [
    list(ListKind::Customer, "Customer", "", "Harbor Taxi", RecordKind::Invoice, |name| json!({ "customer": { "name": name } })),
    list(ListKind::Item, "ItemService", SOLD, "Windshield", RecordKind::Invoice, |name| json!({ "lines": [{ "item": name, "amount": "125.00" }] })),
    list(ListKind::Account, "Account", "<AccountType>Bank</AccountType>", "Checking", RecordKind::Payment, |name| json!({ "deposit_to": name })),
    list(ListKind::Terms, "StandardTerms", "<StdDueDays>7</StdDueDays>", "Net 30", RecordKind::Invoice, |name| json!({ "terms": name })),
    list(ListKind::PaymentMethod, "PaymentMethod", "<PaymentMethodType>Other</PaymentMethodType>", "Visa", RecordKind::Payment, |name| json!({ "method": name })),
    list(ListKind::SalesTaxItem, "ItemSalesTax", "<TaxRate>8.0</TaxRate>", "State Tax", RecordKind::Invoice, |name| json!({ "sales_tax": { "item": name, "amount": "10.00" }, "total": "135.00" })),
    list(ListKind::Class, "Class", "", "North", RecordKind::Invoice, |name| json!({ "lines": [{ "item": "Windshield", "amount": "125.00", "class": name }] })),
];

const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

const fn list(
    kind: ListKind,
    word: &'static str,
    fields: &'static str,
    good: &'static str,
    record: RecordKind,
    says: fn(&str) -> Value,
) -> List {
    List { kind, word, fields, good, record, says }
}

#[test]
fn whatever_list_lacks_a_name_the_name_is_linked_and_the_record_submitted() {
    let mut office = Office::open(On::Sqlite, Settings { create: Vec::new(), ..Settings::default() });
    furnish(&mut office);
    let dana = Bookkeeper::sign_in(&office);
    let mut mended = 0;
    for (number, (list, condition)) in (1..).zip(LISTS.iter().flat_map(|list| CONDITIONS.map(|it| (list, it)))) {
        let code = format!("{}_{condition}", list.kind.as_str());
        let id = hand_over(&mut office, number, list, &name(list, condition));
        office.happens(id, Event::MarkReady);
        office.visit();
        let row = StateRow::from(&office.record(id).record.line.state);
        assert_eq!(row.cause_code.as_deref(), Some(code.as_str()), "{row:?}");
        let remedy = catalogue().iter().find(|entry| entry.code == code).expect("it is known").remedies[0];
        assert!(matches!(remedy, Remedy::Link | Remedy::Relink), "{code}: {remedy:?}");
        let name = name(list, condition);
        let fields = [("list", list.kind.as_str()), ("name", &name), ("entry", ""), ("other", list.good)];
        dana.mend(&office, remedy, id, &fields);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let state = office.record(id).record.line.state;
        assert_eq!(state.status(), Status::Submitted, "{code} by {remedy:?}: {state:?}");
        mended += 1;
    }
    println!("provoked_and_mended={mended}");
    let suffixes = CONDITIONS.map(|condition| format!("_{condition}"));
    let known = catalogue().into_iter().filter(|entry| {
        entry.place == Place::Record && suffixes.iter().any(|suffix| entry.code.ends_with(suffix.as_str()))
    });
    assert_eq!(known.count(), mended, "every such cause was provoked");
}

#[test]
fn what_is_made_active_again_is_seen_so_by_the_very_next_visit() {
    for on in [On::Sqlite, On::Postgres] {
        let mut office = Office::open(on, Settings { create: Vec::new(), ..Settings::default() });
        furnish(&mut office);
        let id = hand_over(&mut office, 1, &LISTS[1], "ItemService inactive");
        office.happens(id, Event::MarkReady);
        office.visit();
        let row = StateRow::from(&office.record(id).record.line.state);
        assert_eq!(row.cause_code.as_deref(), Some("items_inactive"), "{on:?}: {row:?}");
        let now = office.now();
        let active = "<IsActive>true</IsActive>";
        office.file.change_entry("ItemService", "ItemService inactive", active, now).expect("in use again");
        office.happens(id, Event::Retry);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let state = office.record(id).record.line.state;
        assert_eq!(state.status(), Status::Submitted, "{on:?}: {state:?}");
    }
}

/// Puts into the books what is linked to, what is out of use, and what mappings lead to until it is out of use or gone.
fn furnish(office: &mut Office) {
    office.file.change_company(|company| company.uses_classes = true).expect("with classes");
    for list in &LISTS {
        for condition in CONDITIONS.iter().skip(1) {
            add(office, list, &entry(list, condition));
        }
        if matches!(list.kind, ListKind::Customer | ListKind::Item | ListKind::Class) {
            add(office, list, list.good);
        }
        let now = office.now();
        office.file.change_entry(list.word, &entry(list, "inactive"), INACTIVE, now).expect("out of use");
    }
    read_lists(office);
    for list in &LISTS {
        let mapped = CONDITIONS.into_iter().filter(|condition| condition.starts_with("mapping"));
        let choices: Vec<Choice> = mapped
            .map(|condition| {
                let entry = ChosenEntry::FullName(entry(list, condition));
                Choice { list: list.kind, name: name(list, condition), entry }
            })
            .collect();
        office.map(&choices);
    }
    for list in &LISTS {
        let now = office.now();
        office.file.delete_entry(list.word, &entry(list, "mapping_gone"), now).expect("it is gone");
        office.file.change_entry(list.word, &entry(list, "mapping_inactive"), INACTIVE, now).expect("out of use");
    }
    read_lists(office);
}

/// The lists are read anew once a day.
fn read_lists(office: &mut Office) {
    office.pass(SignedDuration::from_hours(25));
    office.visit();
}

fn add(office: &mut Office, list: &List, name: &str) {
    let now = office.now();
    office.file.add_entry(list.word, &format!("<Name>{name}</Name>{}", list.fields), now).expect("an entry");
}

/// By which the record names it: an inactive entry by its own name, the others by one that QuickBooks does not have.
fn name(list: &List, condition: &str) -> String {
    if condition == "inactive" { entry(list, condition) } else { format!("Our {} {condition}", list.word) }
}

fn entry(list: &List, condition: &str) -> String {
    format!("{} {condition}", list.word)
}

fn hand_over(office: &mut Office, number: u32, list: &List, name: &str) -> RecordId {
    let mut record = match list.record {
        RecordKind::Invoice => json!({ "number": number.to_string(), "date": "2026-11-02",
            "customer": { "name": "Harbor Taxi" }, "lines": [{ "item": "Windshield", "amount": "125.00" }], "total": "125.00" }),
        RecordKind::Payment => json!({ "number": number.to_string(), "date": "2026-11-02",
            "customer": { "name": "Harbor Taxi" }, "amount": "125.00" }),
    };
    if let (Value::Object(record), Value::Object(says)) = (&mut record, (list.says)(name)) {
        record.extend(says);
    }
    office.hand_over_as(list.record, &format!("{}-{number}", list.record.as_str()), &record.to_string())
}
