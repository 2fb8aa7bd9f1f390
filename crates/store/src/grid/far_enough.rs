//! A total is looked through no farther than until it shows that there are too many.

use bookferry_sync::company::{Release, Settings};
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use jiff::Timestamp;

use crate::company::NewCompany;
use crate::filter::RecordFilter;
use crate::hand_over::HandOver;
use crate::search::Found;
use crate::store::{Store, StoreOptions};
use crate::submission::Actor;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

#[tokio::test]
async fn a_total_is_counted_up_to_one_more_than_is_wanted() {
    let store = Store::open(&StoreOptions::sqlite_in_memory()).await.expect("opened");
    store.migrate().await.expect("migrated");
    let company = company(&store).await;
    let given: Vec<(String, Content)> = (0..5).map(|number| (format!("inv-{number}"), invoice(number))).collect();
    let given: Vec<HandOver<'_>> = given
        .iter()
        .zip(1..)
        .map(|((external_id, content), number)| HandOver {
            id_if_new: RecordId::new(NOW, &[number; 10]),
            external_id,
            content,
        })
        .collect();
    store.hand_over(company, &given, &actor(), NOW).await.expect("handed over");
    let filter = RecordFilter { from: "2026-11-01".parse().ok(), ..RecordFilter::default() };
    for (up_to, counted) in [(Some(3), 4), (Some(5), 5), (None, 5)] {
        let totals = store.counted(company, &filter, &Found::Many, up_to).await.expect("totals");
        let invoices = totals.iter().find(|(kind, _)| *kind == RecordKind::Invoice).map(|(_, total)| *total);
        let invoices = invoices.expect("a total");
        assert_eq!((invoices.count, invoices.sum_e5), (counted, i64::try_from(counted).expect("few") * 100_000));
    }
    assert!(store.quick_totals(company, &filter).await.expect("totals").is_some(), "so few are counted at once");
    store.close().await;
}

async fn company(store: &Store) -> CompanyId {
    let (organization, company) = (OrganizationId::new(NOW, &[7; 10]), CompanyId::new(NOW, &[7; 10]));
    store.create_organization(organization, "Ridgeline", NOW).await.expect("an organization");
    let new = NewCompany {
        id: company,
        organization_id: organization,
        name: "Ridgeline",
        settings: &Settings { release: Release::Manual, ..Settings::default() },
        user_name: "ridgeline",
        password_hash: &[0; 32],
        owner_id: "",
        file_id: "",
    };
    store.create_company(&new, &actor(), NOW).await.expect("a company");
    store.enable_sync(company, NOW, &actor(), NOW).await.expect("enabled");
    company
}

fn invoice(number: u8) -> Content {
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
            "lines":[{{"item":"Windshield","quantity":"1","rate":"1.00","amount":"1.00"}}],"total":"1.00"}}"#
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}

fn actor() -> Actor {
    Actor::new("dana@ridgeline.example", "sync_manager")
}
