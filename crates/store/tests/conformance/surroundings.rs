//! What preflight is told of the lists and of the other records.

use bookferry_store::{Answer, Store};
use bookferry_sync::company::Release;
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::CompanyId;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::plan::Knowledge;
use bookferry_sync::preflight::{Namesake, PaidInvoice, Surroundings};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, Status};

use crate::example::{actor, at, company, customer, enclose, hand_over, invoice, open_visit, payment, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    a_list_counts_once_it_is_read_to_its_end,
    another_record_with_the_number_for_the_customer_is_found,
    a_payment_sees_what_is_left_of_its_invoices,
);

async fn a_list_counts_once_it_is_read_to_its_end(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let record = invoice("1", "250.00");
    let ticket = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &ticket).await;
    let list_id = "80-1".to_owned();
    let entry = ListEntry {
        list: ListKind::Item,
        full_name: "WINDSHIELD".to_owned(),
        list_id,
        is_active: false,
        facts: EntryFacts::default(),
    };
    let absent = [(ListKind::Customer, NameKey::of("Müller Auto & Glass"))];
    let key = enclose(&mut visit, &[], 1, at(60)).await;
    let learned =
        Answer { response_xml: Some(""), present: std::slice::from_ref(&entry), absent: &absent, ..Answer::default() };
    visit.settle(key, &learned, at(61)).await.expect("settled");
    visit.begin_whole_list(ListKind::Terms, at(61)).await.expect("begun");
    visit.finish_list(ListKind::Item, None, false, at(62)).await.expect("finished");
    visit.commit().await.expect("committed");

    let around = surroundings(store, company, &[("new", &record)]).await;
    assert!(around.lists_read.contains(&ListKind::Item) && around.lists_read.contains(&ListKind::SalesTaxItem));
    assert!(!around.lists_read.contains(&ListKind::Terms), "it was only begun");
    let windshield = (ListKind::Item, NameKey::of("Windshield"));
    assert_eq!(around.known.get(&windshield), Some(&Knowledge::Present(entry)));
    assert_eq!(around.known.len(), 1, "what a visit did not find is no knowledge afterwards");
}

async fn another_record_with_the_number_for_the_customer_is_found(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let mut other_customer = invoice("1042", "250.00");
    if let Content::Invoice(invoice) = &mut other_customer {
        invoice.customer = customer("Harbor Taxi");
    }
    let record = invoice("1042", "250.00");
    let records = [
        ("inv 1", record.clone()),
        ("inv-2", record.clone()),
        ("inv-3", other_customer),
        ("inv-4", invoice("01042", "1.00")),
    ];
    let taken = hand_over(store, company, &records).await;
    let given: Vec<(&str, &Content)> = records.iter().map(|(id, content)| (*id, content)).collect();
    let namesake = |external_id: &str, status| Namesake { external_id: external_id.to_owned(), status };
    let around = surroundings(store, company, &given).await;
    let of = |around: &Surroundings, id: &str| around.namesakes.get(&(RecordKind::Invoice, id.to_owned())).cloned();
    assert_eq!(of(&around, "inv 1"), Some(namesake("inv-2", Status::Unsent)));
    assert_eq!(of(&around, "inv-2"), Some(namesake("inv 1", Status::Unsent)));
    assert_eq!(around.namesakes.len(), 2, "another customer's, and a number that only counts the same, are others");
    store.apply_event(company, taken[0].record_id, Event::Exclude, None, &actor(), at(20)).await.expect("excluded");
    assert_eq!(of(&surroundings(store, company, &given).await, "inv-2"), None, "what is not sent is no other");
}

async fn a_payment_sees_what_is_left_of_its_invoices(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let (first, second) = (payment("1", "100.00", &["inv-1"]), payment("2", "200.00", &["inv-1"]));
    let records = [("inv-1", invoice("1042", "250.00")), ("pay-1", first.clone()), ("pay-2", second.clone())];
    let taken = hand_over(store, company, &records).await;
    let lost = payment("3", "1.00", &["inv-9"]);
    let given = [("pay-1", &first), ("pay-2", &second), ("pay-new", &second), ("pay-3", &lost)];
    let around = surroundings(store, company, &given).await;
    let of = |around: &Surroundings, payment: &str| {
        around.invoices.get(&(payment.to_owned(), "inv-1".to_owned())).map(|invoice| invoice.paid_before_e5)
    };
    let before = |payment| of(&around, payment);
    assert_eq!(
        [before("pay-1"), before("pay-2"), before("pay-new")],
        [Some(0), Some(10_000_000), Some(30_000_000)],
        "those that came earlier go first"
    );
    assert_eq!(around.invoices.len(), 3, "inv-9 was never handed over");
    let invoice = around.invoices.get(&("pay-1".to_owned(), "inv-1".to_owned())).expect("the invoice");
    let expected = PaidInvoice {
        number: "1042".to_owned(),
        customer: "Müller Auto & Glass".to_owned(),
        total: "250.00".parse().expect("an amount"),
        status: Status::Unsent,
        voided: false,
        paid_before_e5: 0,
    };
    assert_eq!(invoice, &expected);
    store.apply_event(company, taken[1].record_id, Event::Exclude, None, &actor(), at(20)).await.expect("excluded");
    store.void(company, RecordKind::Invoice, "inv-1", &actor(), at(21)).await.expect("voided");
    let around = surroundings(store, company, &given).await;
    assert_eq!(of(&around, "pay-2"), Some(0), "what is not sent pays nothing");
    assert!(around.invoices.values().all(|invoice| invoice.voided && invoice.status == Status::Excluded));
}

async fn surroundings(store: &Store, company: CompanyId, records: &[(&str, &Content)]) -> Surroundings {
    let company = store.company(company).await.expect("read").expect("a company");
    store.surroundings(&company, records).await.expect("the surroundings")
}
