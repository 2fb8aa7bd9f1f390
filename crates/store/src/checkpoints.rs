//! Carrying what SQLite has committed from its log into the database file.
//!
//! By itself SQLite does so within a commit, and whoever commits waits until that file is on the disk as well. Here a
//! connection of its own does it beside the writer. Nothing is less durable for that: what is committed is on the disk
//! with the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::Row as _;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

#[derive(Debug, Clone)]
pub(crate) struct Checkpoints {
    connection: SqlitePool,
    is_at_work: Arc<AtomicBool>,
}

/// So many pages in the log are worth the wait for the disk.
const CARRIED_AT_PAGES: i64 = 1_000;

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
        Self { connection, is_at_work: Arc::new(AtomicBool::new(false)) }
    }

    /// After a commit: carries the log over if it has become long. Returns at once.
    pub(crate) fn consider(&self) {
        if self.is_at_work.swap(true, Ordering::Acquire) {
            return;
        }
        let Self { connection, is_at_work } = self.clone();
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
    let log = sqlx::query("PRAGMA wal_checkpoint(NOOP)").fetch_one(connection).await?;
    let waiting = log.try_get::<i64, _>(1)? - log.try_get::<i64, _>(2)?;
    if waiting >= CARRIED_AT_PAGES {
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(connection).await?;
    }
    Ok(())
}
