//! Adding a company: the names and secrets by which its Web Connector knows it.

use bookferry_store::{Actor, NewCompany, Result, Store};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId};
use jiff::Timestamp;

use crate::{EntropySource, Secret};

/// A company that was just added, and the password that nothing keeps.
#[derive(Debug)]
pub struct AddedCompany {
    pub id: CompanyId,
    /// As whom its Web Connector signs in.
    pub user_name: String,
    pub password: Secret,
    /// GUIDs in braces, as the `.qwc` file has them.
    pub owner_id: String,
    pub file_id: String,
}

/// Adds a company under an id that was drawn before; [`Exists`](bookferry_store::Error::Exists) where it was added already.
pub async fn add_company(
    store: &Store,
    entropy: &EntropySource,
    (organization_id, id): (OrganizationId, CompanyId),
    name: &str,
    settings: &Settings,
    actor: &Actor,
    now: Timestamp,
) -> Result<AddedCompany> {
    let password = Secret::generate(entropy, "");
    let (user_name, owner_id, file_id) = (user_name(name, entropy), guid(entropy), guid(entropy));
    let new = NewCompany {
        id,
        organization_id,
        name,
        settings,
        user_name: &user_name,
        password_hash: &password.hash().0,
        owner_id: &owner_id,
        file_id: &file_id,
    };
    store.create_company(&new, actor, now).await?;
    Ok(AddedCompany { id, user_name, password, owner_id, file_id })
}

/// Readable in the Web Connector's window, and unique in the whole database.
fn user_name(company: &str, entropy: &EntropySource) -> String {
    let letters = company.chars().filter(char::is_ascii_alphanumeric).take(16).collect::<String>().to_lowercase();
    let suffix = entropy.bytes::<5>().map(|byte| format!("{byte:02x}")).concat();
    if letters.is_empty() { format!("bookferry-{suffix}") } else { format!("{letters}-{suffix}") }
}

/// A random GUID in braces, as OwnerID and FileID of the `.qwc` file are written.
fn guid(entropy: &EntropySource) -> String {
    format!("{:X}", uuid::Builder::from_random_bytes(entropy.bytes()).into_uuid().braced())
}
