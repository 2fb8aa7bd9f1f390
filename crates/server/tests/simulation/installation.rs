use bookferry_store::{Store, StoreOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::postgres_schema::postgres_schema;

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
