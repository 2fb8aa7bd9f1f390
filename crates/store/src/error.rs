//! What can go wrong in the store: a variant for every decision a caller can make.

use std::error::Error as StdError;

use bookferry_sync::submission::InvalidTransition;
use sqlx::migrate::MigrateError;

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database cannot be reached or cannot be written: answer 503, and try again later.
    #[error("the database cannot be reached")]
    Unavailable(#[source] sqlx::Error),
    /// Somebody else holds what is needed, or two transactions crossed: the same call may succeed at once.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// Nothing was written; an operator must make room.
    #[error("the disk is full")]
    Full(#[source] sqlx::Error),
    /// A name, hash or id that must be unique is taken.
    #[error("{statement} found the same one there already")]
    Exists {
        statement: &'static str,
        #[source]
        source: sqlx::Error,
    },
    /// The event does not go with the record's status; nothing was written.
    #[error("record {record} cannot be moved")]
    Conflict {
        record: String,
        #[source]
        source: InvalidTransition,
    },
    /// Somebody changed the record since the caller looked; nothing was written.
    #[error("record {record} was changed meanwhile")]
    Stale { record: String },
    /// What a step of a visit had read was changed before it could write; nothing was written. Another step may succeed at once.
    #[error("{statement} rests on what was changed meanwhile")]
    Overtaken {
        statement: &'static str,
        #[source]
        source: Option<sqlx::Error>,
    },
    /// What the caller names is not there, or belongs to another company; nothing was written.
    #[error("there is no {table} {row}")]
    Missing { table: &'static str, row: String },
    /// A text that no database column can hold, since it contains the character U+0000.
    #[error("{field} contains the character U+0000")]
    Unstorable { field: &'static str },
    /// A row that cannot be understood: somebody else wrote it, or the disk did.
    #[error("the column {column} of {table} {row} cannot be understood")]
    Inconsistent {
        table: &'static str,
        column: &'static str,
        row: String,
        #[source]
        source: Box<dyn StdError + Send + Sync>,
    },
    /// A statement touched another number of rows than it must; the transaction was given up.
    #[error("{statement} touched {touched} rows instead of {expected}")]
    RowCount { statement: &'static str, expected: u64, touched: u64 },
    /// A value of ours that does not become JSON, or a statement that the database does not take: a bug of ours.
    #[error("{statement} was refused by the database")]
    Refused {
        statement: &'static str,
        #[source]
        source: sqlx::Error,
    },
    #[error("a value could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// The address of the database cannot be understood.
    #[error("the database's address cannot be understood")]
    Address(#[source] sqlx::Error),
    /// The database was made by another version; an operator must look.
    #[error("the database could not be brought to this version")]
    Migration(#[source] MigrateError),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Busy(_) | Self::Stale { .. } | Self::Overtaken { .. })
    }

    /// Whether something else of the company may have come between what a step of a visit read and what it wrote. Nothing of the
    /// step was written; taken anew, it reads what is so now.
    pub const fn may_be_overtaken(&self) -> bool {
        matches!(self, Self::Overtaken { .. } | Self::Stale { .. } | Self::Conflict { .. } | Self::RowCount { .. })
    }

    pub(crate) fn of(statement: &'static str, error: sqlx::Error) -> Self {
        match trouble(&error) {
            Trouble::Unavailable => Self::Unavailable(error),
            Trouble::Busy => Self::Busy(error),
            Trouble::Full => Self::Full(error),
            Trouble::Overtaken => Self::Overtaken { statement, source: Some(error) },
            Trouble::Exists => Self::Exists { statement, source: error },
            Trouble::Refused => Self::Refused { statement, source: error },
        }
    }
}

enum Trouble {
    Unavailable,
    Busy,
    Full,
    Overtaken,
    Exists,
    Refused,
}

fn trouble(error: &sqlx::Error) -> Trouble {
    if let sqlx::Error::Database(database) = error {
        if database.is_unique_violation() {
            return Trouble::Exists;
        }
        let code = database.code();
        let code = code.as_deref().unwrap_or("");
        return if database.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
            postgres_trouble(code)
        } else {
            sqlite_trouble(code)
        };
    }
    if matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
    ) {
        Trouble::Unavailable
    } else {
        Trouble::Refused
    }
}

/// SQLite's primary result codes; sqlx hands on the extended ones.
fn sqlite_trouble(code: &str) -> Trouble {
    match code.parse::<u32>().unwrap_or(0) & 0xff {
        5 | 6 => Trouble::Busy,
        13 => Trouble::Full,
        8 | 10 | 14 => Trouble::Unavailable,
        _ => Trouble::Refused,
    }
}

/// What the function `exactly` of the PostgreSQL migration raises.
const OVERTAKEN: &str = "BF001";

/// PostgreSQL's SQLSTATE classes.
fn postgres_trouble(code: &str) -> Trouble {
    match code {
        "40001" | "40P01" | "55P03" => Trouble::Busy,
        "53100" => Trouble::Full,
        OVERTAKEN => Trouble::Overtaken,
        "25006" => Trouble::Unavailable,
        _ if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => Trouble::Unavailable,
        _ => Trouble::Refused,
    }
}
