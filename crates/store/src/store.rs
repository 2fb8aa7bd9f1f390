//! Opening a database, bringing it to this version, and asking whether it can be written.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _};

use crate::checkpoints::Checkpoints;
use crate::database::{Database, values};
use crate::error::{Error, Result};
use crate::kept_connections::KeptConnections;
use crate::statement::statements;

/// Where the records are kept. Cheap to clone; all clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) database: Database,
}

#[derive(Debug, Clone)]
pub enum Location {
    /// A file; made if it is missing.
    Sqlite(PathBuf),
    /// Gone with the store's last clone. For simulations, of which a second holds hundreds.
    SqliteInMemory,
    /// A `postgres://` URL.
    Postgres(String),
}

#[derive(Debug, Clone)]
pub struct StoreOptions {
    pub location: Location,
    /// SQLite: connections that read. PostgreSQL: all connections.
    pub connections_max: u32,
    /// How long a call waits for a connection, or for another process that writes, before it is [`Error::Busy`] or
    /// [`Error::Unavailable`].
    pub wait_max: Duration,
}

impl StoreOptions {
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::at(Location::Sqlite(path.into()))
    }

    pub const fn sqlite_in_memory() -> Self {
        Self::at(Location::SqliteInMemory)
    }

    pub fn postgres(url: impl Into<String>) -> Self {
        Self::at(Location::Postgres(url.into()))
    }

    const fn at(location: Location) -> Self {
        Self { location, connections_max: 8, wait_max: Duration::from_secs(15) }
    }
}

pub(crate) static MIGRATIONS_SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static MIGRATIONS_POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

statements! {
    /// Matches no row, so nothing changes; but the write lock is taken, or refused.
    TOUCH_NOTHING = both("database.touch_nothing", "UPDATE organization SET name = name WHERE id = ''");
}

impl Store {
    /// Connects; does not migrate.
    pub async fn open(options: &StoreOptions) -> Result<Self> {
        let database = match &options.location {
            Location::Sqlite(path) => {
                let file = SqliteConnectOptions::new().filename(path).create_if_missing(true);
                open_sqlite(options, file.journal_mode(SqliteJournalMode::Wal)).await?
            }
            // Under a name of its own, which all its connections share.
            Location::SqliteInMemory => {
                let memory = SqliteConnectOptions::from_str("sqlite::memory:").map_err(Error::Address)?;
                open_sqlite(options, memory).await?
            }
            Location::Postgres(url) => open_postgres(options, url).await?,
        };
        Ok(Self { database })
    }

    /// Brings the database to this version; does nothing if it is there. Servers may start at the same time.
    pub async fn migrate(&self) -> Result<()> {
        bookferry_crash::before_commit("migrate");
        match &self.database {
            Database::Sqlite { writer, .. } => MIGRATIONS_SQLITE.run(writer).await,
            Database::Postgres { pool, .. } => MIGRATIONS_POSTGRES.run(pool).await,
        }
        .map_err(Error::Migration)?;
        bookferry_crash::after_commit("migrate");
        Ok(())
    }

    /// Whether the database would take a write now. Changes nothing.
    pub async fn check_writable(&self) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.execute(&TOUCH_NOTHING, values![]).await?;
        transaction.commit("check_writable").await
    }

    /// Waits for the connections in use and closes all of them.
    pub async fn close(&self) {
        match &self.database {
            Database::Sqlite { writer, readers, checkpoints } => {
                if let Some(checkpoints) = checkpoints {
                    checkpoints.stop().await;
                }
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres { pool, for_steps } => {
                for_steps.close();
                pool.close().await;
            }
        }
    }
}

async fn open_sqlite(options: &StoreOptions, connect: SqliteConnectOptions) -> Result<Database> {
    let synchronous = if bookferry_crash::is_unsynced() { SqliteSynchronous::Normal } else { SqliteSynchronous::Full };
    let connect = connect
        .synchronous(synchronous)
        .foreign_keys(true)
        .busy_timeout(options.wait_max)
        .statement_cache_capacity(STATEMENT_CACHE)
        .pragma("temp_store", "memory");
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(options.wait_max)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // Where the disk fills up, SQLite may give a transaction up by itself. sqlx counts on, and that connection could
        // never begin another.
        .before_acquire(|writer, _| Box::pin(async move { Ok(!writer.is_in_transaction()) }))
        .connect_with(
            connect
                .clone()
                .pragma("cache_size", "-16384")
                .pragma("wal_autocheckpoint", Checkpoints::WRITERS_OWN_AT_PAGES.to_string()),
        )
        .await
        .map_err(|error| Error::of("database.open", error))?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(options.wait_max)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(connect.clone().pragma("cache_size", "-4096").pragma("query_only", "on"));
    let is_file = matches!(options.location, Location::Sqlite(_));
    Ok(Database::Sqlite { writer, readers, checkpoints: is_file.then(|| Checkpoints::beside_the_writer(connect)) })
}

async fn open_postgres(options: &StoreOptions, url: &str) -> Result<Database> {
    let connect = PgConnectOptions::from_str(url).map_err(Error::Address)?.statement_cache_capacity(STATEMENT_CACHE);
    PgPoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(options.wait_max)
        // A connection in constant use need not be asked whether it is alive; every such question is a trip to the server.
        .test_before_acquire(false)
        // Compiling a statement takes longer than it saves: totals of a million records, and moves of many, gained a sixth without.
        .after_connect(|connection, _| Box::pin(async move { connection.execute("SET jit = off").await.map(drop) }))
        .before_acquire(|connection, metadata| {
            Box::pin(async move {
                if metadata.idle_for > TRUSTED_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(connect)
        .await
        .map(|pool| Database::Postgres { pool, for_steps: KeptConnections::of(options.connections_max) })
        .map_err(|error| Error::of("database.open", error))
}

/// More than the catalogue and the usual filters have, so that nothing is parsed twice.
const STATEMENT_CACHE: usize = 256;
/// A connection that lay unused for longer is asked whether it is alive before it is used.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use bookferry_sync::id::OrganizationId;
    use jiff::Timestamp;

    use super::*;
    use crate::statement::Statement;

    const INSERT: Statement =
        Statement::both("organization.insert", "INSERT INTO organization (id, name, created_us) VALUES ($1, $2, $3)");

    /// On a full disk SQLite may give a transaction up by itself, and then refuses to be told to.
    #[tokio::test]
    async fn a_full_disk_is_told_and_once_there_is_room_the_store_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&StoreOptions::sqlite(folder.path().join("store.db"))).await.expect("a database");
        store.migrate().await.expect("the tables");
        let Database::Sqlite { writer, .. } = &store.database else { unreachable!("it is SQLite") };
        // As large as it is, and no larger.
        sqlx::query("PRAGMA max_page_count = 1").execute(writer).await.expect("a limit");
        let name = "A long name ".repeat(1_000);
        let organization = |number: u8| OrganizationId::new(Timestamp::UNIX_EPOCH, &[number; 10]);
        let mut transaction = store.database.begin().await.expect("a transaction");
        let values = || values![organization(1), name.as_str(), Timestamp::UNIX_EPOCH];
        let refused = transaction.execute(&INSERT, values()).await;
        assert!(matches!(refused, Err(Error::Full(_))), "{refused:?}");
        drop(transaction);
        sqlx::query("PRAGMA max_page_count = 100000").execute(writer).await.expect("room");
        let mut transaction = store.database.begin().await.expect("a transaction again");
        transaction.execute(&INSERT, values()).await.expect("taken");
        transaction.commit("organization.insert").await.expect("kept");
    }
}
