//! As what the items are created that QuickBooks lacks, and the accounts that they post to.

use bookferry_qbxml::message_set::{MessageSetId, QbxmlVersion};
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::created_items::{CreatedDiscount, CreatedItems, CreatedKind};
use bookferry_sync::facts::{EntryFacts, ItemKind};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::mapping::MappedNames;
use bookferry_sync::mark::Mark;
use bookferry_sync::need::{Need, needs};
use bookferry_sync::pace::Pace;
use bookferry_sync::plan::{self, Candidate, Knowledge, Known, Planning};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Errand;
use jiff::Timestamp;

/// A windshield, its shipping, and a discount on both.
const INVOICE: &str = r#"{"number":"1042","date":"2026-11-02","customer":{"name":"Harbor Taxi"},
 "lines":[{"item":"Windshield FW02717","description":"Windshield “green”","quantity":"1","rate":"250.00","amount":"250.00"},
          {"item":"Shipping","amount":"18.00"},
          {"item":"Loyalty","description":"Thank you","quantity":"1","rate":"-20.00","amount":"-20.00"}],"total":"248.00"}"#;
/// A windshield comes back, and another goes out.
const EXCHANGE: &str = r#"{"number":"1043","date":"2026-11-02","customer":{"name":"Harbor Taxi"},
 "lines":[{"item":"Windshield","quantity":"-1","rate":"250.00","amount":"-250.00"},
          {"item":"Windshield","quantity":"1","rate":"300.00","amount":"300.00"}],"total":"50.00"}"#;

#[test]
fn unless_the_company_chooses_items_are_services_and_what_takes_off_is_an_other_charge() {
    let planning = write(INVOICE, &Settings::default(), &[]);
    insta::assert_snapshot!(created(&planning));
}

#[test]
fn inventory_comes_with_its_three_accounts_and_what_is_named_is_an_other_charge() {
    let settings = settings(CreatedItems {
        kind: CreatedKind::Inventory,
        charges: "Handling; shipping".parse().expect("names"),
        discounts: CreatedDiscount::Discount,
        discount_account: "Discounts given".to_owned(),
        ..CreatedItems::default()
    });
    let planning = write(INVOICE, &settings, &[]);
    insta::assert_snapshot!(xml(&planning));
}

#[test]
fn a_sub_account_is_created_below_its_parents() {
    let settings = Settings { income_account: "Income: Glass : Windshields".to_owned(), ..Settings::default() };
    let planning = write(EXCHANGE, &settings, &[(ListKind::Account, "Income", None)]);
    insta::assert_snapshot!(xml(&planning));
}

#[test]
fn what_comes_back_is_no_discount() {
    let rules = CreatedItems { kind: CreatedKind::NonInventory, ..CreatedItems::default() };
    assert_eq!(
        created(&write(EXCHANGE, &settings(rules), &[])),
        "CustomerAdd Harbor Taxi\nAccountAdd Sales\nItemNonInventoryAdd Windshield"
    );
}

#[test]
fn what_stands_below_another_item_is_of_its_kind() {
    let below = INVOICE.replace("Loyalty", "Glass:Loyalty").replace("Windshield FW02717", "Glass:Front:FW02717");
    let rules = settings(CreatedItems { kind: CreatedKind::Inventory, ..CreatedItems::default() });
    let known = [
        (ListKind::Item, "Glass", Some(ItemKind::NonInventory)),
        (ListKind::Item, "Shipping", Some(ItemKind::Service)),
    ];
    let planning = write(&below, &rules, &known);
    assert_eq!(
        created(&planning),
        "CustomerAdd Harbor Taxi\nAccountAdd Sales\nItemNonInventoryAdd Front\nItemNonInventoryAdd FW02717\n\
         ItemNonInventoryAdd Loyalty"
    );
    // Nothing of it is there: the first line decides.
    let planning = write(&below, &rules, &[(ListKind::Item, "Shipping", Some(ItemKind::Service))]);
    assert!(created(&planning).ends_with(
        "AccountAdd Sales\nAccountAdd Cost of Goods Sold\nAccountAdd Inventory Asset\nItemInventoryAdd Glass\n\
         ItemInventoryAdd Front\nItemInventoryAdd FW02717\nItemInventoryAdd Loyalty"
    ));
}

#[test]
fn accounts_are_created_for_missing_items_alone_and_an_inactive_one_hinders_no_others() {
    let all = ["Windshield FW02717", "Shipping", "Loyalty"].map(|name| (ListKind::Item, name, Some(ItemKind::Service)));
    assert_eq!(created(&write(INVOICE, &Settings::default(), &all)), "CustomerAdd Harbor Taxi");
    let mut known = known(&candidate(INVOICE), &Settings::default(), &all);
    let sales = Need::new(ListKind::Account, "Sales");
    known.insert(
        sales.key(),
        Knowledge::Present(ListEntry { is_active: false, ..entry(ListKind::Account, "Sales", None) }),
    );
    let planning = plan(&candidate(INVOICE), &known, &Settings::default());
    assert_eq!(planning.refused, []);
    known.insert(Need::new(ListKind::Item, "Shipping").key(), Knowledge::Absent);
    let planning = plan(&candidate(INVOICE), &known, &Settings::default());
    assert_eq!(planning.refused[0].1.code, "accounts_inactive");
}

#[test]
fn a_discount_takes_no_quantity_and_never_adds() {
    let known = [(ListKind::Item, "Loyalty", Some(ItemKind::Discount))];
    let planning = write(INVOICE, &Settings::default(), &known);
    let set = xml(&planning);
    let line = set.rsplit_once("<InvoiceLineAdd>").map(|(_, line)| line).expect("the last line");
    assert!(line.contains("<Amount>-20.00</Amount>") && !line.contains("<Quantity>"), "{line}");
    for (kind, code) in [
        (ItemKind::Discount, "discount_above_zero"),
        (ItemKind::Subtotal, "subtotal_with_amount"),
        (ItemKind::Group, "group_of_items"),
    ] {
        let planning = write(INVOICE, &Settings::default(), &[(ListKind::Item, "Shipping", Some(kind))]);
        assert_eq!(planning.refused[0].1.code, code);
        assert_eq!(planning.set, None);
    }
    // The first line of the item has it created as a discount; the second would add to the invoice.
    let both = INVOICE.replace("Shipping", "Loyalty").replace(r#""amount":"18.00"},"#, r#""amount":"-18.00"},"#);
    let both = both.replace(r#""rate":"-20.00","amount":"-20.00""#, r#""rate":"20.00","amount":"20.00""#);
    let rules = settings(CreatedItems { discounts: CreatedDiscount::Discount, ..CreatedItems::default() });
    assert_eq!(write(&both, &rules, &[]).refused[0].1.code, "discount_above_zero");
}

#[test]
fn rules_read_as_they_are_written() {
    let rules = CreatedItems {
        kind: CreatedKind::OtherCharge,
        charges: " Shipping ;Freight:  Air;; ".parse().expect("names"),
        ..CreatedItems::default()
    };
    assert_eq!(rules.charges.to_string(), "Shipping; Freight:Air");
    let json = serde_json::to_string(&settings(rules.clone())).expect("JSON");
    assert_eq!(serde_json::from_str::<Settings>(&json).expect("settings").created_items, rules);
    assert!("x".repeat(160).parse::<bookferry_sync::created_items::ItemNames>().is_err());
}

fn settings(created_items: CreatedItems) -> Settings {
    Settings { created_items, ..Settings::default() }
}

/// Plans the invoice where QuickBooks has these entries, items of these kinds, and no others.
fn write(invoice: &str, settings: &Settings, there: &[(ListKind, &str, Option<ItemKind>)]) -> Planning {
    let candidate = candidate(invoice);
    plan(&candidate, &known(&candidate, settings, there), settings)
}

fn plan(candidate: &Candidate, known: &Known, settings: &Settings) -> Planning {
    let id = MessageSetId::new("set").expect("an id");
    plan::write(std::slice::from_ref(candidate), Pace::REQUESTS_MAX, known, settings, &Books::default(), id, None)
}

fn known(candidate: &Candidate, settings: &Settings, there: &[(ListKind, &str, Option<ItemKind>)]) -> Known {
    let mut known: Known = needs(&candidate.content, settings, &Books::default())
        .into_iter()
        .map(|need| (need.key(), Knowledge::Absent))
        .collect();
    for &(list, name, kind) in there {
        known.insert(Need::new(list, name).key(), Knowledge::Present(entry(list, name, kind)));
    }
    known
}

fn entry(list: ListKind, name: &str, kind: Option<ItemKind>) -> ListEntry {
    let facts = EntryFacts { kind, ..EntryFacts::default() };
    ListEntry { list, full_name: name.to_owned(), list_id: "80000001-1".to_owned(), is_active: true, facts }
}

fn candidate(invoice: &str) -> Candidate {
    Candidate {
        record_id: RecordId::new(Timestamp::UNIX_EPOCH, &[1; 10]),
        mark: Mark::of(CompanyId::new(Timestamp::UNIX_EPOCH, &[0; 10]), RecordKind::Invoice, "1"),
        revision: 1,
        errand: Errand::Add,
        content: Content::from_json(RecordKind::Invoice, invoice).expect("an invoice"),
        mapped: MappedNames::default(),
        applied_txn_ids: Vec::new(),
        basis: None,
    }
}

/// The requests that create, each with the name it gives.
fn created(planning: &Planning) -> String {
    let xml = xml(planning);
    let created = xml.split("AddRq requestID").skip(1).filter_map(|request| {
        let kind = request.split("Add>").next()?.rsplit('<').next()?;
        let name = request.split_once("<Name>")?.1.split_once("</Name>")?.0;
        (kind != "Invoice").then(|| format!("{kind}Add {name}"))
    });
    created.collect::<Vec<_>>().join("\n")
}

/// With an element a line, to be read by people.
fn xml(planning: &Planning) -> String {
    assert_eq!(planning.refused, []);
    let set = planning.set.as_ref().expect("a set");
    set.message_set.to_xml(QbxmlVersion::V13_0).replace("><", ">\n<")
}
