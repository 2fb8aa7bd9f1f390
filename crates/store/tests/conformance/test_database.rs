//! An empty, migrated database for one test: a SQLite file in a folder of its own, or a PostgreSQL schema of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use bookferry_store::{Store, StoreOptions};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Connection as _};
use tokio::task::JoinHandle;

pub(crate) struct TestDatabase {
    pub(crate) store: Store,
    pub(crate) options: StoreOptions,
    pub(crate) raw: Raw,
}

/// A second way in, to look at tables and to break rules.
pub(crate) enum Raw {
    Sqlite(PathBuf),
    Postgres(String),
}

pub(crate) fn on_sqlite(test: impl AsyncFnOnce(&TestDatabase)) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("bookferry.sqlite");
    runtime().block_on(async {
        let database = TestDatabase::open(StoreOptions::sqlite(&path), Raw::Sqlite(path)).await;
        test(&database).await;
        database.store.close().await;
    });
}

#[expect(clippy::disallowed_methods, reason = "the test runner names the server")]
pub(crate) fn on_postgres(test: impl AsyncFnOnce(&TestDatabase)) {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("BOOKFERRY_TEST_POSTGRES").expect(
        "BOOKFERRY_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one and runs this test on it",
    );
    let schema = format!("test_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
    runtime().block_on(async {
        let admin = PgPool::connect(&server).await.expect("the PostgreSQL server of BOOKFERRY_TEST_POSTGRES");
        let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&admin).await.expect("a schema of the test's own");
        let database = TestDatabase::open(StoreOptions::postgres(&url), Raw::Postgres(url)).await;
        test(&database).await;
        database.store.close().await;
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&admin).await.expect("the schema can be dropped");
        admin.close().await;
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

impl TestDatabase {
    async fn open(options: StoreOptions, raw: Raw) -> Self {
        let store = Store::open(&options).await.expect("the database opens");
        store.migrate().await.expect("the migrations run");
        Self { store, options, raw }
    }

    /// Runs a text that is no part of the store; returns the database's error as text.
    pub(crate) async fn raw_execute(&self, sql: &str) -> Result<(), String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.raw {
            Raw::Sqlite(path) => {
                let url = format!("sqlite://{}", path.display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.map_err(|error| error.to_string())?;
                let done = sqlx::raw_sql(sql).execute(&mut connection).await;
                done.map(drop).map_err(|error| error.to_string())
            }
            Raw::Postgres(url) => {
                let mut connection = sqlx::PgConnection::connect(url).await.map_err(|error| error.to_string())?;
                let done = sqlx::raw_sql(sql).execute(&mut connection).await;
                done.map(drop).map_err(|error| error.to_string())
            }
        }
    }

    /// Until a task waits for a lock that a transaction of this test holds. SQLite's only writer is waited for inside the
    /// process, where nobody can see it: there the task is given its turns, and may not end.
    pub(crate) async fn wait_for_a_waiter<T>(&self, task: &mut JoinHandle<T>) {
        let Raw::Postgres(_) = &self.raw else {
            for _ in 0..100 {
                tokio::task::yield_now().await;
                assert!(!task.is_finished(), "the task did not wait");
            }
            return;
        };
        let waiting = "SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
             AND datname = current_database() AND query LIKE '%FOR NO KEY UPDATE%'
             AND pid = ANY (SELECT waiter.pid FROM pg_locks AS held
                 JOIN pg_class ON pg_class.oid = held.relation
                     AND pg_class.relnamespace = CAST(current_schema() AS regnamespace)
                 JOIN pg_stat_activity AS waiter ON held.pid = ANY (pg_blocking_pids(waiter.pid)))";
        while self.raw_rows(waiting).await == [[Some("0".to_owned())]] {
            assert!(!task.is_finished(), "the task did not wait");
        }
    }

    /// PostgreSQL: a transaction of somebody else's.
    pub(crate) async fn raw_transaction(&self) -> RawTransaction {
        let Raw::Postgres(url) = &self.raw else { panic!("only PostgreSQL lets others in meanwhile") };
        let connection = sqlx::PgConnection::connect(url).await.expect("a second connection");
        let mut transaction = RawTransaction(connection);
        transaction.execute("BEGIN").await;
        transaction
    }

    /// The rows of a query whose columns are all text.
    pub(crate) async fn raw_rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        use sqlx::Row as _;
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.raw {
            Raw::Sqlite(path) => {
                let url = format!("sqlite://{}", path.display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("a second connection");
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("the query runs");
                rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
            }
            Raw::Postgres(url) => {
                let mut connection = sqlx::PgConnection::connect(url).await.expect("a second connection");
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.expect("the query runs");
                rows.iter().map(|row| (0..row.len()).map(|column| row.get(column)).collect()).collect()
            }
        }
    }
}

pub(crate) struct RawTransaction(sqlx::PgConnection);

impl RawTransaction {
    pub(crate) async fn execute(&mut self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.0).await.expect("taken");
    }

    pub(crate) async fn commit(mut self) {
        self.execute("COMMIT").await;
    }
}
