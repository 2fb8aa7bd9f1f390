use std::sync::atomic::{AtomicU64, Ordering};

use bookferry_store::StoreOptions;
use sqlx::{AssertSqlSafe, Connection as _};

/// A schema of its own on the server that the test runner started.
#[expect(clippy::disallowed_methods, reason = "the test runner names the server")]
pub(crate) async fn postgres_schema() -> StoreOptions {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let server = std::env::var("BOOKFERRY_TEST_POSTGRES").expect(
        "BOOKFERRY_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one and runs this test on it",
    );
    let (tests, process) = (env!("CARGO_CRATE_NAME"), std::process::id());
    let schema = format!("{tests}_{process}_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
    let mut admin = sqlx::PgConnection::connect(&server).await.expect("the server of BOOKFERRY_TEST_POSTGRES");
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut admin).await.expect("a schema of the test's own");
    let separator = if server.contains('?') { '&' } else { '?' };
    StoreOptions::postgres(format!("{server}{separator}options=-csearch_path%3D{schema}"))
}
