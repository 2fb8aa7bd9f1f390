//! PostgreSQL: connections that the steps of visits keep for one another.
//!
//! The calls of a visit come one close after the other. On the same connection the next step finds a backend that has just had
//! the same statements and tables in hand; the pool would ask the connection whether it is alive when it is given back, and
//! give the next step another one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use tokio::runtime::Handle;

/// Clones share what they keep.
#[derive(Debug, Clone)]
pub(crate) struct KeptConnections {
    kept: Arc<Mutex<Kept>>,
    most: usize,
}

#[derive(Debug)]
struct Kept {
    /// The last that came is the first to go: its backend remembers most.
    connections: Vec<KeptConnection>,
    /// Whether a task looks after them.
    is_watched: bool,
    is_closed: bool,
    /// To which a connection turns that is given back.
    runtime: Handle,
}

#[derive(Debug)]
struct KeptConnection {
    connection: PoolConnection<Postgres>,
    /// Whether it was there already when the watch last came by.
    was_seen: bool,
}

/// The watch comes by so often, and gives back to the pool what nobody wanted since it last came. So none waits longer than
/// twice this.
const WATCHED_EVERY: Duration = Duration::from_millis(500);

impl KeptConnections {
    /// At most a quarter of the connections, since all others who read or write need the rest. Within a runtime, which is where
    /// a pool of connections is opened.
    pub(crate) fn of(connections_max: u32) -> Self {
        let kept = Kept { connections: Vec::new(), is_watched: false, is_closed: false, runtime: Handle::current() };
        let most = usize::try_from(connections_max / 4).unwrap_or(usize::MAX);
        Self { kept: Arc::new(Mutex::new(kept)), most }
    }

    pub(crate) fn take(&self) -> Option<PoolConnection<Postgres>> {
        self.with(|kept| kept.connections.pop()).map(|kept| kept.connection)
    }

    /// Keeps a connection on which nothing is left to do, or gives it back to the pool where there is no room for it.
    pub(crate) fn keep(&self, connection: PoolConnection<Postgres>) {
        let must_watch = self.with(|kept| {
            if kept.is_closed || kept.connections.len() >= self.most {
                return false;
            }
            kept.connections.push(KeptConnection { connection, was_seen: false });
            !std::mem::replace(&mut kept.is_watched, true)
        });
        if must_watch {
            tokio::spawn(self.clone().watch());
        }
    }

    /// Gives back all that are kept, and keeps none any more.
    pub(crate) fn close(&self) {
        drop(self.with(|kept| {
            kept.is_closed = true;
            std::mem::take(&mut kept.connections)
        }));
    }

    async fn watch(self) {
        let mut rounds = tokio::time::interval(WATCHED_EVERY);
        loop {
            rounds.tick().await;
            // Given back outside the lock.
            drop(self.with(Kept::unwanted));
            if self.with(Kept::is_left_alone) {
                return;
            }
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Kept) -> T) -> T {
        change(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Kept {
    /// Those that were there when this was last asked.
    fn unwanted(&mut self) -> Vec<KeptConnection> {
        self.connections.extract_if(.., |kept| std::mem::replace(&mut kept.was_seen, true)).collect()
    }

    fn is_left_alone(&mut self) -> bool {
        self.is_watched = !self.connections.is_empty();
        !self.is_watched
    }
}

/// The last clone of a store may be dropped by a thread outside the runtime, or after its end; sqlx gives a connection back
/// by a task, and panics where there is no runtime to take it.
impl Drop for Kept {
    fn drop(&mut self) {
        let _entered = self.runtime.enter();
        self.connections.clear();
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::{PgPool, PgPoolOptions};

    use super::*;

    const CONNECTIONS_MAX: u32 = 8;

    #[tokio::test]
    async fn no_more_than_a_quarter_is_kept() {
        let pool = pool().await;
        let kept = KeptConnections::of(CONNECTIONS_MAX);
        let mut connections = Vec::new();
        for _ in 0..4 {
            connections.push(pool.acquire().await.expect("a connection"));
        }
        connections.into_iter().for_each(|connection| kept.keep(connection));
        assert!(kept.with(|kept| kept.connections.len()) <= 2);
        kept.close();
        pool.close().await;
    }

    #[tokio::test]
    async fn what_nobody_wants_is_given_back_to_the_pool() {
        let pool = pool().await;
        let kept = KeptConnections::of(CONNECTIONS_MAX);
        kept.keep(pool.acquire().await.expect("a connection"));
        // Ends with the watch's second round.
        while pool.num_idle() == 0 {
            tokio::task::yield_now().await;
        }
        assert!(kept.take().is_none());
        pool.close().await;
    }

    #[expect(clippy::disallowed_methods, reason = "the test runner names the server")]
    async fn pool() -> PgPool {
        let server = std::env::var("BOOKFERRY_TEST_POSTGRES").expect(
            "BOOKFERRY_TEST_POSTGRES names no PostgreSQL server; `cargo xtask test` starts one and runs this test on it",
        );
        PgPoolOptions::new().max_connections(CONNECTIONS_MAX).connect(&server).await.expect("the PostgreSQL server")
    }
}
