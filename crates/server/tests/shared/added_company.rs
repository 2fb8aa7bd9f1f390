use bookferry_store::{Actor, NewCompany, Store};
use jiff::Timestamp;

/// Adds a company with an organization of its own, and enables its sync for records from `since` on.
pub(crate) async fn add_company(store: &Store, new: &NewCompany<'_>, since: Timestamp, now: Timestamp) {
    let ruth = Actor::new("ruth@harbor.example", "sync_manager");
    store.create_organization(new.organization_id, new.name, now).await.expect("an organization");
    store.create_company(new, &ruth, now).await.expect("a company");
    store.enable_sync(new.id, since, &ruth, now).await.expect("sync is on");
}
