//! Putting a backup back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bookferry_sync::id::CompanyId;
use jiff::Timestamp;
use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::file::{self, NewFile};
use super::{BackupError, BackupSummary, Progress, beside, tables};
use crate::database::{Transaction, values};
use crate::epoch::Begun;
use crate::error::Error;
use crate::statement::statements;
use crate::store::{Location, Store, StoreOptions};

/// What was put back, and what the new epoch made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub summary: BackupSummary,
    pub begun: Begun,
    /// Where the SQLite database is that was there before.
    pub kept: Option<PathBuf>,
}

statements! {
    COUNT_ALL = both("company.count_all",
        "SELECT (SELECT COUNT(*) FROM company) AS companies, (SELECT COUNT(*) FROM record) AS records");
    /// All of ours; SQLite's are never emptied.
    TABLES = each("backup.tables",
        "SELECT name FROM sqlite_schema WHERE type = 'table'",
        "SELECT CAST(table_name AS TEXT) AS name FROM information_schema.tables
         WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> '_sqlx_migrations'");
}

/// Until autovacuum came by, PostgreSQL would plan for tables that are nearly empty. Whoever may not analyse them is only warned.
const ANALYZE: &str = "ANALYZE company, record, record_key, revision, history, application, visit, message_set, attempt, \
     list_entry, gone_entry, wanted_entry, record_name, mapping";
/// How long another program may still be at work on the database before it counts as in use.
const IN_USE_AFTER: Duration = Duration::from_secs(2);

/// Puts the backup at `path` into the database and begins a new epoch, all or nothing.
///
/// A SQLite database must not be in use, and what was there is kept beside it; a PostgreSQL database changes in one
/// transaction. [`BackupError::NotEmpty`] if the database holds a company already, unless it may be replaced.
pub async fn restore(
    options: &StoreOptions,
    path: &Path,
    may_replace: bool,
    now: Timestamp,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Restored, BackupError> {
    let summary = file::check(path).await?;
    match &options.location {
        Location::Sqlite(database) => {
            let restoring = Restoring { path, summary, may_replace, now };
            restoring.into_sqlite(database, progress).await
        }
        Location::SqliteInMemory => Err(BackupError::InMemory),
        Location::Postgres(_) => {
            let store = Store::open(options).await?;
            let restoring = Restoring { path, summary, may_replace, now };
            let restored = restoring.into_postgres(&store, progress).await;
            store.close().await;
            restored
        }
    }
}

struct Restoring<'a> {
    path: &'a Path,
    summary: BackupSummary,
    may_replace: bool,
    now: Timestamp,
}

impl Restoring<'_> {
    async fn into_sqlite(
        self,
        database: &Path,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Restored, BackupError> {
        let held = if database.exists() { Some(take_for_itself(database).await?) } else { None };
        let held = match held {
            Some(mut connection) => {
                self.ensure_may_replace(count_sqlite(&mut connection).await?)?;
                Some(connection)
            }
            None => None,
        };
        let new = NewFile::beside(database, "restoring")?;
        progress(Progress { part: "copy", done: 0, total: self.summary.bytes });
        file::fill(&new, self.path)?;
        progress(Progress { part: "copy", done: self.summary.bytes, total: self.summary.bytes });
        let begun = self.prepare(new.path(), true).await?.0;
        let kept = held.is_some().then(|| keep(database, self.now)).transpose()?;
        new.put(database)?;
        if let Some(connection) = held {
            connection.close().await.map_err(|error| Error::of("backup.restore", error))?;
        }
        Ok(Restored { summary: self.summary, begun, kept })
    }

    async fn into_postgres(
        self,
        store: &Store,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Restored, BackupError> {
        let failed = |error| Error::of("backup.restore", error);
        store.migrate().await?;
        let folder = std::env::temp_dir().join(format!("bookferry-{}", std::process::id()));
        let copy = NewFile::beside(&folder, "restoring")?;
        file::fill(&copy, self.path)?;
        let (_, companies) = self.prepare(copy.path(), false).await?;
        let mut transaction = store.database.begin().await?;
        self.ensure_may_replace(empty(&mut transaction, self.may_replace).await?)?;
        let mut reading = SqliteConnectOptions::new().filename(copy.path()).connect().await.map_err(failed)?;
        tables::copy_from_sqlite(&mut reading, &mut transaction, progress).await?;
        reading.close().await.map_err(failed)?;
        transaction.execute_text("backup.analyze", ANALYZE, values![]).await?;
        let begun = transaction.begin_epoch_after_restore(&companies, self.summary.made_at, self.now).await?;
        transaction.commit("restore").await?;
        Ok(Restored { summary: self.summary, begun, kept: None })
    }

    const fn ensure_may_replace(&self, (companies, records): (u64, u64)) -> Result<(), BackupError> {
        if companies == 0 || self.may_replace { Ok(()) } else { Err(BackupError::NotEmpty { companies, records }) }
    }

    /// Brings the copy to this version; with `begins` also begins its new epoch. Returns the companies in it.
    async fn prepare(&self, copy: &Path, begins: bool) -> Result<(Begun, Vec<CompanyId>), BackupError> {
        let store = Store::open(&StoreOptions { connections_max: 1, ..StoreOptions::sqlite(copy) }).await?;
        let prepared = self.prepare_store(&store, begins).await;
        store.close().await;
        prepared
    }

    async fn prepare_store(&self, store: &Store, begins: bool) -> Result<(Begun, Vec<CompanyId>), BackupError> {
        let is_newer = |error: &Error| {
            matches!(error, Error::Migration(MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..)))
        };
        match store.migrate().await {
            Err(error) if is_newer(&error) => {
                return Err(BackupError::Newer { path: self.path.to_owned(), made_by: self.summary.made_by.clone() });
            }
            migrated => migrated?,
        }
        let companies: Vec<CompanyId> = store.companies().await?.into_iter().map(|company| company.id).collect();
        let mut begun = Begun::default();
        if begins {
            let mut transaction = store.database.begin().await?;
            begun = transaction.begin_epoch_after_restore(&companies, self.summary.made_at, self.now).await?;
            transaction.execute_text("backup.restore", "DROP TABLE backup", Vec::new()).await?;
            transaction.commit("restore").await?;
        }
        Ok((begun, companies))
    }
}

/// The only connection to the database, by which nobody else can open it; [`BackupError::InUse`] if somebody has.
async fn take_for_itself(database: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new().filename(database).create_if_missing(false).busy_timeout(IN_USE_AFTER);
    let in_use = |error: sqlx::Error| {
        let error = Error::of("backup.restore", error);
        let is_busy = matches!(error, Error::Busy(_));
        if is_busy { BackupError::InUse { path: database.to_owned() } } else { error.into() }
    };
    let mut connection = options.connect().await.map_err(in_use)?;
    // SQLite only leaves WAL for one who is alone; then nothing of the old database lies beside it any more.
    sqlx::query("PRAGMA journal_mode = DELETE").execute(&mut connection).await.map_err(in_use)?;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut connection).await.map_err(in_use)?;
    Ok(connection)
}

/// Companies and records; none where there are no tables yet.
async fn count_sqlite(connection: &mut SqliteConnection) -> Result<(u64, u64), BackupError> {
    use sqlx::Row as _;
    let failed = |error| Error::of("backup.restore", error);
    if tables::tables(connection).await?.is_empty() {
        return Ok((0, 0));
    }
    let row = sqlx::query(COUNT_ALL.sqlite).fetch_one(connection).await.map_err(failed)?;
    let count = |index: usize| row.try_get::<i64, _>(index).map(|count| u64::try_from(count).unwrap_or(0));
    Ok((count(0).map_err(failed)?, count(1).map_err(failed)?))
}

/// Empties PostgreSQL's tables, if that is allowed. Returns the companies and records that were there.
async fn empty(transaction: &mut Transaction, may_replace: bool) -> Result<(u64, u64), BackupError> {
    let row = transaction.row(&COUNT_ALL, values![]).await?;
    let counted = row.map(|row| Ok::<_, Error>((row.count("companies")?, row.count("records")?))).transpose()?;
    let counted = counted.unwrap_or((0, 0));
    if counted.0 == 0 || !may_replace {
        return Ok(counted);
    }
    let names = transaction.rows(&TABLES, values![]).await?;
    let names = names.iter().map(|row| row.text("name")).collect::<Result<Vec<String>, Error>>()?;
    // The triggers that keep records from ever being deleted step aside within this transaction.
    for name in &names {
        let sql = format!("ALTER TABLE {name} DISABLE TRIGGER USER");
        transaction.execute_text("backup.restore", AssertSqlSafe(sql), Vec::new()).await?;
    }
    let sql = format!("TRUNCATE {}", names.join(", "));
    transaction.execute_text("backup.restore", AssertSqlSafe(sql), Vec::new()).await?;
    for name in &names {
        let sql = format!("ALTER TABLE {name} ENABLE TRIGGER USER");
        transaction.execute_text("backup.restore", AssertSqlSafe(sql), Vec::new()).await?;
    }
    Ok(counted)
}

/// Gives the database that was there a second name, so that none is ever missing.
fn keep(database: &Path, now: Timestamp) -> Result<PathBuf, BackupError> {
    let kept = beside(database, &format!("before-{}", now.strftime("%Y%m%dT%H%M%S%.fZ")));
    fs::hard_link(database, &kept)
        .or_else(|_| fs::copy(database, &kept).map(drop))
        .map_err(|source| BackupError::Write { path: kept.clone(), source })?;
    Ok(kept)
}
