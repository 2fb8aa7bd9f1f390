use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Row};

/// The company file on disk: one SQLite file with a row for each object. What a message set changed is written in one
/// transaction before its answer leaves, as QuickBooks would have it.
pub(crate) struct Storage {
    runtime: tokio::runtime::Runtime,
    connection: SqliteConnection,
    path: PathBuf,
}

/// Why a company file on disk cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("the company file {path} cannot be opened")]
    Open {
        path: PathBuf,
        #[source]
        source: sqlx::Error,
    },
    #[error("the company file {path} cannot be read or written")]
    Io {
        path: PathBuf,
        #[source]
        source: sqlx::Error,
    },
    #[error("the company file {path} holds a {kind} {id} that cannot be read: {reason}")]
    Damaged { path: PathBuf, kind: String, id: String, reason: String },
    #[error("there is no runtime for the company file's disk")]
    Runtime(#[source] std::io::Error),
}

/// An object as it is kept: what it is, its id, and its content as JSON or qbXML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredObject {
    pub(crate) kind: String,
    pub(crate) id: String,
    pub(crate) body: String,
}

/// What one message set changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Changes {
    pub(crate) put: Vec<StoredObject>,
    /// Kind and id of what is gone.
    pub(crate) gone: Vec<(String, String)>,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS object (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (kind, id)
    ) STRICT";

/// One statement takes any number of rows, so that a large set costs no more trips to the database than a small one. A
/// row keeps its place when it changes: the order of rows is that of creation.
const PUT: &str = "
    INSERT INTO object (kind, id, body)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body";

const DELETE: &str = "
    DELETE FROM object WHERE (kind, id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))";

impl Storage {
    /// Opens the file, or makes an empty one.
    pub(crate) fn open(path: &Path) -> Result<Self, StorageError> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StorageError::Runtime)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A killed process loses nothing this way; only a power cut could, and that is no part of a rehearsal.
            .synchronous(SqliteSynchronous::Normal);
        let opened = runtime.block_on(async {
            let mut connection = SqliteConnection::connect_with(&options).await?;
            sqlx::query(SCHEMA).execute(&mut connection).await?;
            Ok(connection)
        });
        match opened {
            Ok(connection) => Ok(Self { runtime, connection, path: path.to_owned() }),
            Err(source) => Err(StorageError::Open { path: path.to_owned(), source }),
        }
    }

    /// Everything in the file, in the order of its creation.
    pub(crate) fn load(&mut self) -> Result<Vec<StoredObject>, StorageError> {
        let Self { runtime, connection, path } = self;
        let rows: Result<Vec<StoredObject>, sqlx::Error> = runtime.block_on(async {
            let rows = sqlx::query("SELECT kind, id, body FROM object ORDER BY rowid").fetch_all(connection).await?;
            rows.iter()
                .map(|row| Ok(StoredObject { kind: row.try_get(0)?, id: row.try_get(1)?, body: row.try_get(2)? }))
                .collect()
        });
        rows.map_err(|source| StorageError::Io { path: path.clone(), source })
    }

    /// Writes all of it or nothing.
    pub(crate) fn write(&mut self, changes: &Changes) -> Result<(), StorageError> {
        let rows: Vec<[&str; 3]> =
            changes.put.iter().map(|object| [object.kind.as_str(), object.id.as_str(), object.body.as_str()]).collect();
        let put = serde_json::json!(rows).to_string();
        let gone = serde_json::json!(changes.gone).to_string();
        let Self { runtime, connection, path } = self;
        let written = runtime.block_on(async {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            if !changes.gone.is_empty() {
                sqlx::query(DELETE).bind(&gone).execute(&mut *transaction).await?;
            }
            if !changes.put.is_empty() {
                sqlx::query(PUT).bind(&put).execute(&mut *transaction).await?;
            }
            transaction.commit().await
        });
        written.map_err(|source| StorageError::Io { path: path.clone(), source })
    }

    /// Copies the file as it is now to a new file.
    pub(crate) fn back_up_to(&mut self, copy: &Path) -> Result<(), StorageError> {
        let Self { runtime, connection, path } = self;
        let copied = runtime.block_on(async {
            sqlx::query("VACUUM INTO ?1").bind(copy.to_string_lossy().into_owned()).execute(connection).await
        });
        copied.map(|_| ()).map_err(|source| StorageError::Io { path: path.clone(), source })
    }

    pub(crate) fn damaged(&self, object: &StoredObject, reason: &str) -> StorageError {
        StorageError::Damaged {
            path: self.path.clone(),
            kind: object.kind.clone(),
            id: object.id.clone(),
            reason: reason.to_owned(),
        }
    }
}

impl std::fmt::Debug for Storage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Storage").field("path", &self.path).finish_non_exhaustive()
    }
}
