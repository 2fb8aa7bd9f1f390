//! Organizations and companies.

use bookferry_sync::company::{Books, Company, Settings};
use bookferry_sync::epoch::Epoch;
use bookferry_sync::id::{CompanyId, OrganizationId};
use jiff::Timestamp;
use serde_json::Value;

use crate::company_deeds::CompanyDeedKind;
use crate::database::{Row, Transaction, values};
use crate::error::{Error, Result};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Actor;

#[derive(Debug, Clone)]
pub struct NewCompany<'a> {
    pub id: CompanyId,
    pub organization_id: OrganizationId,
    pub name: &'a str,
    pub settings: &'a Settings,
    /// The name with which the Web Connector signs in; unique in the whole database.
    pub user_name: &'a str,
    /// SHA-256 of a generated 256-bit password.
    pub password_hash: &'a [u8; 32],
    /// OwnerID and FileID of the `.qwc` file, in braces.
    pub owner_id: &'a str,
    pub file_id: &'a str,
}

/// A company as its Web Connector knows it.
#[derive(Debug, Clone)]
pub struct Connection {
    pub company: Company,
    pub user_name: String,
    pub password_hash: Vec<u8>,
    pub owner_id: String,
    pub file_id: String,
    pub created_at: Timestamp,
    pub last_heard_at: Option<Timestamp>,
    /// When a Web Connector last came with its user name and a wrong password.
    pub last_refused_at: Option<Timestamp>,
}

/// What is written down at most this often, when a Web Connector merely calls.
const HEARD_INTERVAL_US: i64 = 30_000_000;

macro_rules! company_columns {
    () => {
        "id, organization_id, name, settings, books, sync_enabled_at_us, user_name, password_hash, owner_id, file_id, \
         created_us, last_heard_us, last_refused_us, epoch, epoch_started_us"
    };
}

statements! {
    INSERT_ORGANIZATION = both("organization.insert",
        "INSERT INTO organization (id, name, created_us) VALUES ($1, $2, $3)");
    INSERT = both("company.insert",
        "INSERT INTO company (id, organization_id, name, settings, user_name, password_hash, owner_id, file_id,
             created_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    FIND_ORGANIZATIONS = both("organization.find_all", "SELECT id FROM organization ORDER BY created_us, id");
    FIND = both("company.find", concat!("SELECT ", company_columns!(), " FROM company WHERE id = $1"));
    FIND_ALL = both("company.find_all",
        concat!("SELECT ", company_columns!(), " FROM company ORDER BY created_us, id"));
    FIND_BY_USER_NAME = both("company.find_by_user_name",
        concat!("SELECT ", company_columns!(), " FROM company WHERE user_name = $1"));
    /// SQLite needs no lock beyond the writer's. The weaker of PostgreSQL's locks lets in rows that refer to the
    /// company.
    LOCK = each("company.lock",
        concat!("SELECT ", company_columns!(), " FROM company WHERE id = $1"),
        concat!("SELECT ", company_columns!(), " FROM company WHERE id = $1 FOR NO KEY UPDATE"));
    SET_SETTINGS = both("company.set_settings", "UPDATE company SET settings = $2 WHERE id = $1");
    SET_BOOKS = both("company.set_books", "UPDATE company SET books = $2 WHERE id = $1");
    SET_PASSWORD = both("company.set_password", "UPDATE company SET password_hash = $2 WHERE id = $1");
    ENABLE_SYNC = both("company.enable_sync",
        "UPDATE company SET sync_enabled_at_us = $2 WHERE id = $1");
    NOTE_HEARD = both("company.note_heard",
        "UPDATE company SET last_heard_us = $2 WHERE id = $1 AND COALESCE(last_heard_us, 0) <= $3");
    NOTE_REFUSED = both("company.note_refused",
        "UPDATE company SET last_refused_us = $2 WHERE id = $1 AND COALESCE(last_refused_us, 0) <= $3");
}

impl Store {
    pub async fn create_organization(&self, id: OrganizationId, name: &str, now: Timestamp) -> Result<()> {
        self.database.execute_one(&INSERT_ORGANIZATION, values![id, name, now]).await
    }

    /// All organizations, oldest first, those without a company too.
    pub async fn organizations(&self) -> Result<Vec<OrganizationId>> {
        self.database.rows(&FIND_ORGANIZATIONS, values![]).await?.iter().map(|row| row.parse("id")).collect()
    }

    /// [`Error::Exists`] if the id or the user name is taken.
    pub async fn create_company(&self, new: &NewCompany<'_>, actor: &Actor, now: Timestamp) -> Result<()> {
        let settings = serde_json::to_string(new.settings)?;
        let values = values![
            new.id,
            new.organization_id,
            new.name,
            settings,
            new.user_name,
            new.password_hash,
            new.owner_id,
            new.file_id,
            now,
        ];
        let mut transaction = self.database.begin().await?;
        transaction.execute_exactly(1, &INSERT, values).await?;
        transaction.note_company_deed(new.id, CompanyDeedKind::Added, "", &actor.who, now).await?;
        transaction.commit("company.insert").await
    }

    pub async fn company(&self, company: CompanyId) -> Result<Option<Company>> {
        self.database.row(&FIND, values![company]).await?.map(|row| read_company(&row, company)).transpose()
    }

    /// As [`company`](Self::company), with what its Web Connector needs and when that was last heard.
    pub async fn connection(&self, company: CompanyId) -> Result<Option<Connection>> {
        self.database.row(&FIND, values![company]).await?.map(|row| read_connection(&row)).transpose()
    }

    /// All companies, oldest first.
    pub async fn companies(&self) -> Result<Vec<Company>> {
        self.database.rows(&FIND_ALL, values![]).await?.iter().map(|row| read_company(row, row.parse("id")?)).collect()
    }

    pub async fn company_by_user_name(&self, user_name: &str) -> Result<Option<Connection>> {
        if user_name.contains('\0') {
            return Ok(None);
        }
        let row = self.database.row(&FIND_BY_USER_NAME, values![user_name]).await?;
        row.map(|row| read_connection(&row)).transpose()
    }

    /// Keeps what was chosen, and notes who chose it where it is other than before.
    pub async fn update_settings(
        &self,
        company: CompanyId,
        settings: &Settings,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        let before = transaction.lock_company(company).await?.settings;
        let (before, after) = (serde_json::to_value(before)?, serde_json::to_value(settings)?);
        transaction.execute_exactly(1, &SET_SETTINGS, values![company, after.to_string()]).await?;
        if before != after {
            let detail = told_changes(&before, &after);
            transaction.note_company_deed(company, CompanyDeedKind::Settings, &detail, &actor.who, now).await?;
        }
        transaction.commit("company.set_settings").await
    }

    /// Binds the company to a company file, or unbinds it.
    pub async fn set_books(&self, company: CompanyId, books: Option<&Books>) -> Result<()> {
        let books = books.map(serde_json::to_string).transpose()?;
        self.database.execute_one(&SET_BOOKS, values![company, books]).await
    }

    pub async fn set_password(
        &self,
        company: CompanyId,
        password_hash: &[u8; 32],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.execute_exactly(1, &SET_PASSWORD, values![company, password_hash]).await?;
        transaction.note_company_deed(company, CompanyDeedKind::Password, "", &actor.who, now).await?;
        transaction.commit("company.set_password").await
    }

    /// Records created from `at` on are sent. The first call decides; later ones change nothing.
    pub async fn enable_sync(&self, company: CompanyId, at: Timestamp, actor: &Actor, now: Timestamp) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        if transaction.lock_company(company).await?.sync_enabled_at.is_none() {
            transaction.execute_exactly(1, &ENABLE_SYNC, values![company, at]).await?;
            transaction.note_company_deed(company, CompanyDeedKind::SyncEnabled, "", &actor.who, now).await?;
        }
        transaction.commit("company.enable_sync").await
    }

    /// Notes that the Web Connector called, at most twice a minute. [`Connection::was_heard_lately`] spares an idle poll
    /// the way to the database.
    pub async fn note_heard(&self, company: CompanyId, at: Timestamp) -> Result<()> {
        let lately = at.as_microsecond() - HEARD_INTERVAL_US;
        self.database.execute(&NOTE_HEARD, values![company, at, lately]).await.map(drop)
    }

    /// Notes that a Web Connector came with a wrong password, at most twice a minute.
    pub async fn note_refused(&self, company: CompanyId, at: Timestamp) -> Result<()> {
        let lately = at.as_microsecond() - HEARD_INTERVAL_US;
        self.database.execute(&NOTE_REFUSED, values![company, at, lately]).await.map(drop)
    }
}

impl Connection {
    /// Whether its last call is so young that another is not noted.
    pub fn was_heard_lately(&self, now: Timestamp) -> bool {
        self.last_heard_at.is_some_and(|heard| heard.as_microsecond() > now.as_microsecond() - HEARD_INTERVAL_US)
    }
}

impl Transaction {
    /// Makes this transaction the only one that writes for the company until it ends.
    pub(crate) async fn lock_company(&mut self, company: CompanyId) -> Result<Company> {
        let row = self.row(&LOCK, values![company]).await?;
        let row = row.ok_or_else(|| Error::Missing { table: "company", row: company.to_string() })?;
        read_company(&row, company)
    }

    pub(crate) async fn connection(&mut self, company: CompanyId) -> Result<Connection> {
        let row = self.row(&FIND, values![company]).await?;
        let row = row.ok_or_else(|| Error::Missing { table: "company", row: company.to_string() })?;
        read_connection(&row)
    }

    pub(crate) async fn set_books(&mut self, company: CompanyId, books: &Books) -> Result<()> {
        self.execute_exactly(1, &SET_BOOKS, values![company, serde_json::to_string(books)?]).await
    }
}

/// Each setting that is other than before, as it was and as it is: "release: manual, now automatic".
fn told_changes(before: &Value, after: &Value) -> String {
    let mut told = Vec::new();
    tell_changes("", before, after, &mut told);
    told.join("; ")
}

fn tell_changes(name: &str, before: &Value, after: &Value, told: &mut Vec<String>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(before), Value::Object(after)) => {
            for (field, after) in after {
                let before = before.get(field).unwrap_or(&Value::Null);
                tell_changes(&field.replace('_', " "), before, after, told);
            }
        }
        (before, after) => told.push(format!("{name}: {}, now {}", told_value(before), told_value(after))),
    }
}

fn told_value(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => "nothing".to_owned(),
        Value::String(text) => text.replace('_', " "),
        Value::Array(values) if values.is_empty() => "nothing".to_owned(),
        Value::Array(values) => values.iter().map(told_value).collect::<Vec<_>>().join(", "),
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// Reads the company whose columns stand in a row, perhaps beside another's id.
pub(crate) fn read_company(row: &Row, id: CompanyId) -> Result<Company> {
    let books = row.optional_text("books")?;
    Ok(Company {
        id,
        organization_id: row.parse("organization_id")?,
        name: row.text("name")?,
        settings: serde_json::from_str(&row.text("settings")?).map_err(|error| row.inconsistent("settings", error))?,
        sync_enabled_at: row.optional_instant("sync_enabled_at_us")?,
        books: books
            .map(|books| serde_json::from_str(&books))
            .transpose()
            .map_err(|error| row.inconsistent("books", error))?,
        epoch: match row.optional_instant("epoch_started_us")? {
            Some(started_at) => Some(Epoch { number: row.integer("epoch")?, started_at }),
            None => None,
        },
    })
}

fn read_connection(row: &Row) -> Result<Connection> {
    Ok(Connection {
        company: read_company(row, row.parse("id")?)?,
        user_name: row.text("user_name")?,
        password_hash: row.blob("password_hash")?,
        owner_id: row.text("owner_id")?,
        file_id: row.text("file_id")?,
        created_at: row.instant("created_us")?,
        last_heard_at: row.optional_instant("last_heard_us")?,
        last_refused_at: row.optional_instant("last_refused_us")?,
    })
}
