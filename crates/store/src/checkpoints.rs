//! Carrying what SQLite has committed from its log into the database file.
//!
//! By itself SQLite does so within a commit, and whoever commits waits until that file is on the disk as well. Here a
//! connection of its own does it beside the writer. Nothing is less durable for that: what is committed is on the disk
//! with the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

#[derive(Debug, Clone)]
pub(crate) struct Checkpoints {
    connection: SqlitePool,
    is_at_work: Arc<AtomicBool>,
    /// Since the log was last looked at.
    rows_written: Arc<AtomicU64>,
}

/// So many pages in the log are worth the wait for the disk.
const CARRIED_AT_PAGES: i64 = 1_000;
/// After so many rows the log is looked at. A look at each commit cost a visit with one record to a set a tenth.
const LOOKED_AT_AFTER_ROWS: u64 = 250;

impl Checkpoints {
    /// The log is only begun anew where all of it has been carried over between two commits, which may not come about as
    /// long as commits follow each other without a pause. From this length on the writer sees to it within a commit.
    pub(crate) const WRITERS_OWN_AT_PAGES: i64 = 16_000;

    pub(crate) fn beside_the_writer(connect: SqliteConnectOptions) -> Self {
        let connection = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(connect);
        Self { connection, is_at_work: Arc::default(), rows_written: Arc::default() }
    }

    pub(crate) fn note_written(&self, rows: u64) {
        self.rows_written.fetch_add(rows, Ordering::Relaxed);
    }

    /// After a commit: carries the log over if it has become long. Returns at once.
    pub(crate) fn consider(&self) {
        if self.rows_written.load(Ordering::Relaxed) < LOOKED_AT_AFTER_ROWS
            || self.is_at_work.swap(true, Ordering::Acquire)
        {
            return;
        }
        self.rows_written.store(0, Ordering::Relaxed);
        let Self { connection, is_at_work, .. } = self.clone();
        tokio::spawn(async move {
            // What fails here fails before the writer's eyes soon, and nothing is lost by waiting for that.
            drop(carry(&connection).await);
            is_at_work.store(false, Ordering::Release);
        });
    }

    pub(crate) async fn stop(&self) {
        self.connection.close().await;
    }
}

async fn carry(connection: &SqlitePool) -> Result<(), sqlx::Error> {
    if waiting(connection).await? >= CARRIED_AT_PAGES {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    }
    Ok(())
}

/// How many pages the log has that the file does not.
async fn waiting(connection: &SqlitePool) -> Result<i64, sqlx::Error> {
    let log = sqlx::query("PRAGMA wal_checkpoint(NOOP)").fetch_one(connection).await?;
    Ok(log.try_get::<i64, _>(1)? - log.try_get::<i64, _>(2)?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bookferry_sync::id::OrganizationId;
    use jiff::Timestamp;

    use super::*;
    use crate::database::Database;
    use crate::store::{Store, StoreOptions};

    #[tokio::test]
    async fn a_long_log_is_carried_over_without_the_writer() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&StoreOptions::sqlite(folder.path().join("store.db"))).await.expect("a database");
        store.migrate().await.expect("the tables");
        let Database::Sqlite { checkpoints: Some(checkpoints), .. } = &store.database else { unreachable!("a file") };
        // More than twice as many pages of 4 KiB as are worth it, and far fewer than the writer waits for.
        let long_name = "x".repeat(4 * 4_096);
        for number in 0..600_u16 {
            let mut entropy = [0; 10];
            entropy[..2].copy_from_slice(&number.to_be_bytes());
            let organization = OrganizationId::new(Timestamp::UNIX_EPOCH, &entropy);
            store.create_organization(organization, &long_name, Timestamp::UNIX_EPOCH).await.expect("stored");
        }
        let carried = async {
            while waiting(&checkpoints.connection).await.expect("a log") >= 2 * CARRIED_AT_PAGES {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), carried).await.expect("carried over");
        store.close().await;
    }
}
