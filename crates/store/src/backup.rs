//! Backups: one SQLite file, whichever database it was made of and whichever it is put back into.
//!
//! A backup holds all tables as they were at one moment, and a line about itself. Making one does not disturb servers that
//! run. Putting one back begins a new epoch ([`crate::epoch`]): nothing is sent again that was sent since.

mod error;
pub(crate) mod file;
pub(crate) mod restore;
mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

pub use error::BackupError;
pub use restore::{Restored, restore};

use crate::database::Database;
use crate::error::Error;
use crate::store::{Store, StoreOptions};
use file::NewFile;

/// What a backup holds, counted in the backup itself once it was written, or before it is put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSummary {
    pub made_at: Timestamp,
    /// The version of Bookferry that made it.
    pub made_by: String,
    pub companies: u64,
    /// Records of each status.
    pub records: BTreeMap<String, u64>,
    pub bytes: u64,
}

/// How far a long piece of work has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being worked on, such as a table's name.
    pub part: &'a str,
    pub done: u64,
    pub total: u64,
}

impl BackupSummary {
    pub fn record_count(&self) -> u64 {
        self.records.values().sum()
    }
}

impl Store {
    /// Writes a backup to `path`, checks it, and makes it last; before that, nothing of it is at `path`.
    ///
    /// [`BackupError::Exists`] if something is there already, unless it may be overwritten. Only this user can read it.
    pub async fn back_up(
        &self,
        path: &Path,
        may_overwrite: bool,
        now: Timestamp,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<BackupSummary, BackupError> {
        if path.exists() && !may_overwrite {
            return Err(BackupError::Exists { path: path.to_owned() });
        }
        let new = NewFile::beside(path, "writing")?;
        match &self.database {
            Database::Sqlite { writer, .. } => {
                let from = writer.connect_options().get_filename().to_owned();
                progress(Progress { part: "database", done: 0, total: 1 });
                vacuum_into(&from, &new).await?;
                progress(Progress { part: "database", done: 1, total: 1 });
            }
            Database::Postgres { pool, .. } => {
                let store = Store::open(&StoreOptions::sqlite(new.path())).await?;
                store.migrate().await?;
                tables::copy_from_postgres(pool, &store.database, progress).await?;
                store.close().await;
            }
        }
        file::sign(new.path(), now).await?;
        let summary = file::check(new.path()).await?;
        new.put(path)?;
        Ok(summary)
    }
}

/// A copy as of one moment; who writes meanwhile is not held up.
async fn vacuum_into(from: &Path, new: &NewFile) -> Result<(), BackupError> {
    let failed = |error| Error::of("backup.vacuum_into", error);
    let to = new.path().to_str().ok_or_else(|| BackupError::Name { path: new.path().to_owned() })?;
    let options = SqliteConnectOptions::new().filename(from).create_if_missing(false);
    let mut connection = options.connect().await.map_err(failed)?;
    sqlx::query("VACUUM INTO $1").bind(to).execute(&mut connection).await.map_err(failed)?;
    connection.close().await.map_err(failed)?;
    Ok(())
}

/// `path` with a word at its end.
fn beside(path: &Path, word: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(word);
    PathBuf::from(name)
}
