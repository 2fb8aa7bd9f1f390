use bookferry_sync::company::Settings;
use bookferry_sync::created_items::{CreatedDiscount, CreatedItems, CreatedKind};
use bookferry_sync::facts::ItemKind;
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::Status;

use crate::office::{BOTH, Office, On};

/// A windshield, shipped, less what the shop's application takes off.
fn sale(number: u32, off: &str, total: &str) -> String {
    format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Glass:Windshield","description":"Green","quantity":"2","rate":"250.00","amount":"500.00"}},
                 {{"item":"Shipping","amount":"18.00"}},
                 {{"item":"Loyalty","quantity":"1","rate":"-{off}","amount":"-{off}"}}],"total":"{total}"}}"#
    )
}

/// What QuickBooks has under these names, by the kind of item.
fn kinds(office: &Office) -> Vec<(String, Option<ItemKind>)> {
    let entries = office.entries(ListKind::Item, "");
    let named = |name: &str| entries.iter().find(|entry| entry.full_name == name).and_then(|entry| entry.facts.kind);
    ["Glass", "Glass:Windshield", "Shipping", "Loyalty"].map(|name| (name.to_owned(), named(name))).into()
}

fn crosses(on: On, rules: CreatedItems, expected: [ItemKind; 4]) -> Office {
    let income_account = "Retail:Glass sales".to_owned();
    let mut office = Office::open(on, Settings { income_account, created_items: rules, ..Settings::default() });
    for number in 1..=3 {
        office.take_in(number, &sale(number, "18.00", "500.00"));
    }
    office.release_all();
    office.visit();
    assert_eq!(office.count(Status::Submitted), 3, "{on:?}: {:?}", office.line(1));
    let expected = expected.map(Some);
    assert_eq!(kinds(&office).into_iter().map(|(_, kind)| kind).collect::<Vec<_>>(), expected);
    let accounts: Vec<String> =
        office.entries(ListKind::Account, "").into_iter().map(|entry| entry.full_name).collect();
    assert!(["Retail", "Retail:Glass sales"].iter().all(|name| accounts.iter().any(|it| it == name)), "{accounts:?}");
    let booked = office.file.report().transactions.get("Invoice").map(|it| (it.count, it.total.clone()));
    assert_eq!(booked, Some((3, "1500.00".to_owned())));
    office
}

#[test]
fn a_discount_and_shipping_cross_as_service_items_and_an_other_charge() {
    use ItemKind::{OtherCharge, Service};
    for on in BOTH {
        crosses(on, CreatedItems::default(), [Service, Service, Service, OtherCharge]);
    }
}

#[test]
fn inventory_crosses_with_its_accounts_and_what_is_named_as_an_other_charge() {
    use ItemKind::{Discount, Inventory, OtherCharge};
    for on in BOTH {
        let rules = CreatedItems {
            kind: CreatedKind::Inventory,
            charges: "Shipping".parse().expect("a name"),
            discounts: CreatedDiscount::Discount,
            cost_account: "Costs:Glass".to_owned(),
            ..CreatedItems::default()
        };
        let mut office = crosses(on, rules, [Inventory, Inventory, OtherCharge, Discount]);
        // Now that QuickBooks has a discount of this name, what would add to the invoice is refused before it is sent.
        office.take_in(4, &sale(4, "18.00", "536.00").replace("\"-18.00\"", "\"18.00\""));
        office.release_all();
        office.visit();
        assert_eq!(office.cause_code(4), "discount_above_zero", "{on:?}");
    }
}

#[test]
fn each_kind_can_be_created() {
    for (kind, item) in
        [(CreatedKind::NonInventory, ItemKind::NonInventory), (CreatedKind::OtherCharge, ItemKind::OtherCharge)]
    {
        let rules = CreatedItems { kind, ..CreatedItems::default() };
        crosses(On::Sqlite, rules, [item, item, item, ItemKind::OtherCharge]);
    }
}
