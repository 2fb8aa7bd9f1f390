use bookferry_server::Secret;
use bookferry_store::{NewCompany, Store};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId};
use jiff::Timestamp;

use crate::added_company::add_company;

/// What the `.qwc` file says of the connection.
pub(crate) const OWNER_ID: &str = "{90A44FB5-33D9-4815-AC85-BC87A7E7D1EB}";
pub(crate) const FILE_ID: &str = "{57F3B9B1-86F1-4FCC-B1EE-566DE1813D20}";
pub(crate) const USER_NAME: &str = "ridgeline";

/// Adds the company whose QuickBooks is visited.
pub(crate) async fn add_ridgeline(
    store: &Store,
    (organization_id, id): (OrganizationId, CompanyId),
    settings: &Settings,
    password: &Secret,
    now: Timestamp,
) {
    let new = NewCompany {
        id,
        organization_id,
        name: "Ridgeline Auto Glass",
        settings,
        user_name: USER_NAME,
        password_hash: &password.hash().0,
        owner_id: OWNER_ID,
        file_id: FILE_ID,
    };
    add_company(store, &new, now, now).await;
}
