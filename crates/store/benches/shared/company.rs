use bookferry_store::{Actor, NewCompany, Store};
use bookferry_sync::company::{Books, Release, Settings};
use bookferry_sync::id::{CompanyId, OrganizationId};
use jiff::Timestamp;

/// One whose sync is enabled and which has been visited once.
pub(crate) async fn company(store: &Store) -> CompanyId {
    let organization = OrganizationId::new(at(0), &entropy(0));
    let company = CompanyId::new(at(0), &entropy(0));
    store.create_organization(organization, "Bench", at(0)).await.expect("an organization");
    let new = NewCompany {
        id: company,
        organization_id: organization,
        name: "Bench",
        settings: &Settings { release: Release::Manual, ..Settings::default() },
        user_name: "bench",
        password_hash: &[0; 32],
        owner_id: "",
        file_id: "",
    };
    store.create_company(&new, &actor(), at(0)).await.expect("a company");
    store.enable_sync(company, at(0), &actor(), at(0)).await.expect("enabled");
    store.set_books(company, Some(&Books::default())).await.expect("books");
    company
}

pub(crate) fn actor() -> Actor {
    Actor::new("bench", "bench")
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_793_000_000 + seconds).expect("a moment")
}

pub(crate) fn entropy(index: usize) -> [u8; 10] {
    let mut entropy = [0; 10];
    entropy[2..].copy_from_slice(&index.to_be_bytes());
    entropy
}
