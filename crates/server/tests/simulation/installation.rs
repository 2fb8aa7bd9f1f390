use std::sync::atomic::{AtomicU64, Ordering};

use bookferry_store::{Store, StoreOptions};
use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A database with the newest tables, on which any number of worlds stand one after the other, a company each.
pub(crate) struct Installation {
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    _folder: Option<TempDir>,
}

/// Where the records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Memory,
    File,
    Postgres,
}

impl Installation {
    pub(crate) fn new(on: On) -> Self {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        if on == On::Postgres {
            runtime.enable_io();
        }
        let runtime = runtime.enable_time().build().expect("a runtime");
        let folder = (on == On::File).then(|| tempfile::tempdir().expect("a temporary folder"));
        let options = match (on, &folder) {
            (On::Postgres, _) => runtime.block_on(postgres_schema()),
            (On::File, Some(folder)) => StoreOptions::sqlite(folder.path().join("bookferry.db")),
            (On::Memory | On::File, _) => StoreOptions::sqlite_in_memory(),
        };
        let store = runtime.block_on(Store::open(&options)).expect("a database");
        runtime.block_on(store.migrate()).expect("the newest tables");
        Self { runtime, store, _folder: folder }
    }
}

/// A schema of its own on the server that the test runner started.
#[expect(clippy::disallowed_methods, reason = "the test runner names the server")]
async fn postgres_schema() -> StoreOptions {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("BOOKFERRY_TEST_POSTGRES").expect(
        "BOOKFERRY_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one and runs this test on it",
    );
    let schema = format!("simulation_{}_{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
    let mut admin = sqlx::PgConnection::connect(&server).await.expect("the server of BOOKFERRY_TEST_POSTGRES");
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.expect("a schema of the test's own");
    let separator = if server.contains('?') { '&' } else { '?' };
    StoreOptions::postgres(format!("{server}{separator}options=-csearch_path%3D{schema}"))
}
