//! PostgreSQL: transactions that began with the commit of another, and wait to be used.
//!
//! The calls of a visit come one close after the other, and each is a transaction. `COMMIT AND CHAIN` begins the next in the
//! same trip to the database, on the connection whose backend has just had the same statements and tables in hand; a
//! connection from the pool is asked whether it is alive when it is given back, and told to begin when it is taken. Until
//! its first statement such a transaction holds no snapshot and no lock, so that it is in nobody's way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::{Executor as _, Postgres};
use tokio::runtime::Handle;

pub(crate) type PgTransaction = sqlx::Transaction<'static, Postgres>;

/// The transactions that wait. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Chain {
    waiting: Arc<Mutex<Waiting>>,
    most: usize,
}

#[derive(Debug)]
struct Waiting {
    /// The last that came is the first to go: its backend remembers most.
    begun: Vec<Begun>,
    /// Whether a task looks after them.
    is_watched: bool,
    is_closed: bool,
    /// To which a connection turns that is given back.
    runtime: Handle,
}

#[derive(Debug)]
struct Begun {
    transaction: PgTransaction,
    /// Whether it was there already when the watch last came by.
    was_seen: bool,
}

/// The watch comes by so often, and gives back to the pool what nobody wanted since it last came. So none waits longer than
/// twice this.
const WATCHED_EVERY: Duration = Duration::from_millis(500);

impl Chain {
    /// Keeps at most a quarter of the connections, since who only reads needs the others. Within a runtime, which is where
    /// a pool of connections is opened.
    pub(crate) fn of(connections_max: u32) -> Self {
        let waiting = Waiting { begun: Vec::new(), is_watched: false, is_closed: false, runtime: Handle::current() };
        let most = usize::try_from(connections_max / 4).unwrap_or(usize::MAX);
        Self { waiting: Arc::new(Mutex::new(waiting)), most }
    }

    pub(crate) fn take(&self) -> Option<PgTransaction> {
        self.with(|waiting| waiting.begun.pop()).map(|begun| begun.transaction)
    }

    /// Commits, and keeps the transaction that begins with that where there is room for it.
    pub(crate) async fn commit(&self, mut transaction: PgTransaction) -> Result<(), sqlx::Error> {
        if !self.with(|waiting| self.has_room(waiting)) {
            return transaction.commit().await;
        }
        transaction.execute("COMMIT AND CHAIN").await?;
        self.keep(transaction);
        Ok(())
    }

    /// Gives back all that wait, and keeps none any more.
    pub(crate) fn close(&self) {
        drop(self.with(|waiting| {
            waiting.is_closed = true;
            std::mem::take(&mut waiting.begun)
        }));
    }

    const fn has_room(&self, waiting: &Waiting) -> bool {
        !waiting.is_closed && waiting.begun.len() < self.most
    }

    fn keep(&self, transaction: PgTransaction) {
        let must_watch = self.with(|waiting| {
            // There was room before the commit; what has none now goes back to the pool.
            if !self.has_room(waiting) {
                return false;
            }
            waiting.begun.push(Begun { transaction, was_seen: false });
            !std::mem::replace(&mut waiting.is_watched, true)
        });
        if must_watch {
            tokio::spawn(self.clone().watch());
        }
    }

    async fn watch(self) {
        let mut rounds = tokio::time::interval(WATCHED_EVERY);
        loop {
            rounds.tick().await;
            // Given back outside the lock.
            drop(self.with(Waiting::unwanted));
            if self.with(Waiting::is_left_alone) {
                return;
            }
        }
    }

    fn with<T>(&self, change: impl FnOnce(&mut Waiting) -> T) -> T {
        change(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Waiting {
    /// Those that were there when this was last asked.
    fn unwanted(&mut self) -> Vec<Begun> {
        self.begun.extract_if(.., |begun| std::mem::replace(&mut begun.was_seen, true)).collect()
    }

    fn is_left_alone(&mut self) -> bool {
        self.is_watched = !self.begun.is_empty();
        !self.is_watched
    }
}

/// The last clone of a store may be dropped by a thread outside the runtime, or after its end; sqlx gives a connection back
/// by a task, and panics where there is no runtime to take it.
impl Drop for Waiting {
    fn drop(&mut self) {
        let _entered = self.runtime.enter();
        self.begun.clear();
    }
}
