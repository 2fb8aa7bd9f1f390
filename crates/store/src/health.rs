//! What an operator's look at the database finds; nothing here changes anything.

use std::collections::{BTreeMap, HashMap};

use bookferry_sync::id::CompanyId;
use bookferry_sync::submission::Status;
use jiff::Timestamp;
use sqlx::Row as _;

use crate::database::{Database, values};
use crate::error::{Error, Result};
use crate::statement::statements;
use crate::store::{MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, Store};

/// How a database's tables stand to this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    Same,
    /// Nothing was ever migrated.
    Empty,
    Older,
    Newer,
}

/// How a company stands, for whoever watches the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyHealth {
    pub company: CompanyId,
    /// When its Web Connector last called.
    pub heard_at: Option<Timestamp>,
    /// How many records have each status, where any ever had.
    pub records: BTreeMap<Status, u64>,
}

statements! {
    APPLIED = both("migration.newest", "SELECT MAX(version) AS newest FROM _sqlx_migrations");
    NEWEST_INSTANT = both("history.newest_instant", "SELECT at_us FROM history ORDER BY seq DESC LIMIT 1");
    /// The partial index holds no other status.
    UNCONFIRMED = both("record.unconfirmed_of_companies",
        "SELECT company_id AS id, COUNT(*) AS unconfirmed FROM record
         WHERE status = 'needs_attention' AND attention = 'unconfirmed' GROUP BY company_id");
    /// The company's own line has no status.
    HEALTH = both("company.health",
        "SELECT id, last_heard_us, NULL AS status, 0 AS records FROM company
         UNION ALL SELECT company_id, NULL, status, CAST(SUM(record_count) AS BIGINT) FROM queue_count
         GROUP BY company_id, status
         ORDER BY id, status");
}

impl Store {
    pub async fn version(&self) -> Result<Version> {
        let newest = match self.database.row(&APPLIED, values![]).await {
            Ok(row) => row.map(|row| row.optional_integer("newest")).transpose()?.flatten(),
            // There is no such table yet.
            Err(Error::Refused { .. }) => None,
            Err(error) => return Err(error),
        };
        let ours = match &self.database {
            Database::Sqlite { .. } => MIGRATIONS_SQLITE.iter(),
            Database::Postgres { .. } => MIGRATIONS_POSTGRES.iter(),
        };
        let ours = ours.map(|migration| migration.version).max().unwrap_or(0);
        Ok(match newest {
            None => Version::Empty,
            Some(newest) if newest < ours => Version::Older,
            Some(newest) if newest > ours => Version::Newer,
            Some(_) => Version::Same,
        })
    }

    /// What is damaged in a SQLite database, which is read whole; `None` where nothing is, and for PostgreSQL, which has its
    /// own tools for that.
    pub async fn damage(&self) -> Result<Option<String>> {
        let Database::Sqlite { readers, .. } = &self.database else { return Ok(None) };
        let failed = |error| Error::of("database.check", error);
        for check in ["PRAGMA integrity_check(1)", "PRAGMA foreign_key_check"] {
            for row in sqlx::query(check).fetch_all(readers).await.map_err(failed)? {
                let finding: String = row.try_get(0).map_err(failed)?;
                if finding != "ok" {
                    return Ok(Some(finding));
                }
            }
        }
        Ok(None)
    }

    /// When something was last written into a record's history.
    pub async fn newest_instant(&self) -> Result<Option<Timestamp>> {
        self.database.row(&NEWEST_INSTANT, values![]).await?.map(|row| row.instant("at_us")).transpose()
    }

    /// How many records of each company wait for a person to say whether they are in QuickBooks.
    pub async fn unconfirmed_of_companies(&self) -> Result<HashMap<CompanyId, u64>> {
        let rows = self.database.rows(&UNCONFIRMED, values![]).await?;
        rows.iter().map(|row| Ok((row.parse("id")?, row.count("unconfirmed")?))).collect()
    }

    /// How all companies stand, by counts that are kept: the queue itself is not looked at.
    pub async fn health_of_companies(&self) -> Result<Vec<CompanyHealth>> {
        let mut healths: BTreeMap<CompanyId, CompanyHealth> = BTreeMap::new();
        for row in self.database.rows(&HEALTH, values![]).await? {
            let company = row.parse("id")?;
            let health = healths.entry(company).or_insert_with(|| CompanyHealth::of(company));
            match row.optional_text("status")? {
                Some(_) => {
                    health.records.insert(row.parse("status")?, row.count("records")?);
                }
                None => health.heard_at = row.optional_instant("last_heard_us")?,
            }
        }
        Ok(healths.into_values().collect())
    }
}

impl CompanyHealth {
    const fn of(company: CompanyId) -> Self {
        Self { company, heard_at: None, records: BTreeMap::new() }
    }
}
