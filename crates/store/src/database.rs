//! The two databases behind one face: pools, transactions, bound values and rows.
//!
//! Columns are text, whole numbers or bytes and nothing else, so three kinds of value are enough for both.

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqlitePool, SqliteRow};
use sqlx::{Decode, Postgres, Row as _, SqlSafeStr, Sqlite, Type};

use crate::checkpoints::Checkpoints;
use crate::error::{Error, Result};
use crate::kept_connections::KeptConnections;
use crate::statement::Statement;

#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// One writer, since SQLite has one; readers never wait for it (WAL).
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
        /// None in memory, where there is no file to carry anything into.
        checkpoints: Option<Checkpoints>,
    },
    Postgres {
        pool: PgPool,
        for_steps: KeptConnections,
    },
}

/// A transaction that may write. On SQLite it holds the only write lock from its first moment.
pub(crate) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>, Option<Checkpoints>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// PostgreSQL: a connection on which each statement is a transaction of its own.
pub(crate) struct LoneConnection {
    connection: PoolConnection<Postgres>,
    kept: KeptConnections,
}

#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(Option<String>),
    Integer(Option<i64>),
    Blob(Option<Vec<u8>>),
}

pub(crate) struct Row {
    statement: &'static str,
    columns: Columns,
}

enum Columns {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! bound {
    ($database:ty, $sql:expr, $values:expr) => {{
        let mut query = sqlx::query::<$database>($sql);
        for value in $values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Integer(number) => query.bind(number),
                Value::Blob(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}

/// The values of a statement, in the order of its `$1`, `$2`, ….
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::database::Value::from($value)),*] };
}
pub(crate) use values;

impl Database {
    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    pub(crate) async fn begin(&self) -> Result<Transaction> {
        let begun = match self {
            Self::Sqlite { writer, checkpoints, .. } => writer
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map(|transaction| Transaction::Sqlite(transaction, checkpoints.clone())),
            Self::Postgres { pool, .. } => pool.begin().await.map(Transaction::Postgres),
        };
        begun.map_err(|error| Error::of("transaction.begin", error))
    }

    /// For a step of a visit. `None` on SQLite, where nothing is gained by not holding the write lock from the first moment.
    pub(crate) async fn lone_connection(&self) -> Result<Option<LoneConnection>> {
        let Self::Postgres { pool, for_steps } = self else { return Ok(None) };
        let connection = match for_steps.take() {
            Some(connection) => connection,
            None => pool.acquire().await.map_err(|error| Error::of("connection.acquire", error))?,
        };
        Ok(Some(LoneConnection { connection, kept: for_steps.clone() }))
    }

    pub(crate) async fn rows(&self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite { .. } => self.rows_of(statement.name, statement.sqlite, values).await,
            Self::Postgres { .. } => self.rows_of(statement.name, statement.postgres, values).await,
        }
    }

    pub(crate) async fn row(&self, statement: &Statement, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(statement, values).await?.pop())
    }

    /// For a statement whose best plan depends on the values: PostgreSQL, which would soon keep one plan for any, plans for
    /// these. That costs another trip.
    pub(crate) async fn rows_planned_for_values(&self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite { .. } => self.rows(statement, values).await,
            Self::Postgres { .. } => self.rows_of_planned_for_values(statement.name, statement.postgres, values).await,
        }
    }

    /// The same for texts that are put together from fixed parts.
    pub(crate) async fn rows_of_planned_for_values(
        &self,
        name: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        let Self::Postgres { pool, .. } = self else { return self.rows_of(name, sql, values).await };
        read_postgres(name, bound!(Postgres, sql, values).persistent(false).fetch_all(pool).await)
    }

    /// For texts that are put together from fixed parts, such as a filter.
    pub(crate) async fn rows_of(
        &self,
        name: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite { readers, .. } => read_sqlite(name, bound!(Sqlite, sql, values).fetch_all(readers).await),
            Self::Postgres { pool, .. } => read_postgres(name, bound!(Postgres, sql, values).fetch_all(pool).await),
        }
    }

    /// One statement that is a transaction of its own; returns how many rows it touched.
    pub(crate) async fn execute(&self, statement: &Statement, values: Vec<Value>) -> Result<u64> {
        bookferry_crash::before_commit(statement.name);
        let touched = match self {
            Self::Sqlite { writer, checkpoints, .. } => {
                let done = bound!(Sqlite, statement.sqlite, values).execute(writer).await;
                done.map(|done| done.rows_affected()).inspect(|&rows| {
                    checkpoints.iter().for_each(|checkpoints| {
                        checkpoints.note_written(rows);
                        checkpoints.consider();
                    });
                })
            }
            Self::Postgres { pool, .. } => {
                bound!(Postgres, statement.postgres, values).execute(pool).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|error| Error::of(statement.name, error))?;
        bookferry_crash::after_commit(statement.name);
        Ok(touched)
    }

    /// As [`execute`](Self::execute), and exactly one row must have been touched.
    pub(crate) async fn execute_one(&self, statement: &Statement, values: Vec<Value>) -> Result<()> {
        let touched = self.execute(statement, values).await?;
        ensure_rows(statement.name, 1, touched)
    }
}

impl Transaction {
    pub(crate) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(..))
    }

    /// The operation names the crash points on both sides of the commit.
    pub(crate) async fn commit(self, operation: &'static str) -> Result<()> {
        bookferry_crash::before_commit(operation);
        match self {
            Self::Sqlite(transaction, checkpoints) => {
                let committed = transaction.commit().await;
                checkpoints.iter().for_each(Checkpoints::consider);
                committed
            }
            Self::Postgres(transaction) => transaction.commit().await,
        }
        .map_err(|error| Error::of("transaction.commit", error))?;
        bookferry_crash::after_commit(operation);
        Ok(())
    }

    pub(crate) async fn rows(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(..) => self.rows_of(statement.name, statement.sqlite, values).await,
            Self::Postgres(..) => self.rows_of(statement.name, statement.postgres, values).await,
        }
    }

    /// For texts that are put together from fixed parts.
    pub(crate) async fn rows_of(
        &mut self,
        name: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(transaction, _) => {
                read_sqlite(name, bound!(Sqlite, sql, values).fetch_all(&mut **transaction).await)
            }
            Self::Postgres(transaction) => {
                read_postgres(name, bound!(Postgres, sql, values).fetch_all(&mut **transaction).await)
            }
        }
    }

    pub(crate) async fn row(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.rows(statement, values).await?.pop())
    }

    pub(crate) async fn execute(&mut self, statement: &Statement, values: Vec<Value>) -> Result<u64> {
        match self {
            Self::Sqlite(..) => self.execute_text(statement.name, statement.sqlite, values).await,
            Self::Postgres(..) => self.execute_text(statement.name, statement.postgres, values).await,
        }
    }

    pub(crate) async fn execute_text(
        &mut self,
        name: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<u64> {
        match self {
            Self::Sqlite(transaction, checkpoints) => {
                let done = bound!(Sqlite, sql, values).execute(&mut **transaction).await;
                done.map(|done| done.rows_affected())
                    .inspect(|&rows| checkpoints.iter().for_each(|checkpoints| checkpoints.note_written(rows)))
            }
            Self::Postgres(transaction) => {
                bound!(Postgres, sql, values).execute(&mut **transaction).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|error| Error::of(name, error))
    }

    /// As [`execute`](Self::execute), and exactly `expected` rows must have been touched.
    pub(crate) async fn execute_exactly(
        &mut self,
        expected: usize,
        statement: &Statement,
        values: Vec<Value>,
    ) -> Result<()> {
        let touched = self.execute(statement, values).await?;
        ensure_rows(statement.name, u64::try_from(expected).unwrap_or(u64::MAX), touched)
    }

    /// Executes statements that were declared as `together`; they must have touched exactly `expected` rows.
    pub(crate) async fn execute_together(
        &mut self,
        expected: usize,
        statement: &Statement,
        values: Vec<Value>,
    ) -> Result<()> {
        let touched = match self {
            Self::Sqlite(..) => self.execute(statement, values).await?,
            Self::Postgres(..) => self.row(statement, values).await?.map_or(Ok(0), |row| row.count("touched"))?,
        };
        ensure_rows(statement.name, u64::try_from(expected).unwrap_or(u64::MAX), touched)
    }
}

impl LoneConnection {
    pub(crate) async fn rows(&mut self, statement: &Statement, values: Vec<Value>) -> Result<Vec<Row>> {
        let query = bound!(Postgres, statement.postgres, values);
        read_postgres(statement.name, query.fetch_all(&mut *self.connection).await)
    }

    /// Executes statements that were declared as `together`, as a transaction of their own that the operation names. The values
    /// end with what they rest on, and with how many rows they must touch: [`Error::Overtaken`] where that is not so.
    pub(crate) async fn write_alone(
        mut self,
        statement: &Statement,
        values: Vec<Value>,
        operation: &'static str,
    ) -> Result<()> {
        bookferry_crash::before_commit(operation);
        // Any other statement has fewer values, and PostgreSQL refuses it.
        let sql = statement.postgres_alone.unwrap_or(statement.postgres);
        let written = bound!(Postgres, sql, values).execute(&mut *self.connection).await;
        written.map_err(|error| Error::of(statement.name, error))?;
        bookferry_crash::after_commit(operation);
        self.give_back();
        Ok(())
    }

    /// To the next step. Where that is not said, since something broke or a reader gave up, it goes back to the pool.
    pub(crate) fn give_back(self) {
        self.kept.keep(self.connection);
    }
}

fn read_sqlite(statement: &'static str, rows: Result<Vec<SqliteRow>, sqlx::Error>) -> Result<Vec<Row>> {
    let row = |row| Row { statement, columns: Columns::Sqlite(row) };
    rows.map(|rows| rows.into_iter().map(row).collect()).map_err(|error| Error::of(statement, error))
}

fn read_postgres(statement: &'static str, rows: Result<Vec<PgRow>, sqlx::Error>) -> Result<Vec<Row>> {
    let row = |row| Row { statement, columns: Columns::Postgres(row) };
    rows.map(|rows| rows.into_iter().map(row).collect()).map_err(|error| Error::of(statement, error))
}

pub(crate) const fn ensure_rows(statement: &'static str, expected: u64, touched: u64) -> Result<()> {
    if expected == touched { Ok(()) } else { Err(Error::RowCount { statement, expected, touched }) }
}

impl Row {
    pub(crate) fn text(&self, column: &'static str) -> Result<String> {
        self.get(column)
    }

    pub(crate) fn optional_text(&self, column: &'static str) -> Result<Option<String>> {
        self.get(column)
    }

    pub(crate) fn integer(&self, column: &'static str) -> Result<i64> {
        self.get(column)
    }

    pub(crate) fn optional_integer(&self, column: &'static str) -> Result<Option<i64>> {
        self.get(column)
    }

    pub(crate) fn blob(&self, column: &'static str) -> Result<Vec<u8>> {
        self.get(column)
    }

    pub(crate) fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.integer(column)? != 0)
    }

    /// A count; never negative.
    pub(crate) fn count(&self, column: &'static str) -> Result<u64> {
        u64::try_from(self.integer(column)?).map_err(|error| self.inconsistent(column, error))
    }

    pub(crate) fn instant(&self, column: &'static str) -> Result<Timestamp> {
        self.to_instant(column, self.integer(column)?)
    }

    pub(crate) fn optional_instant(&self, column: &'static str) -> Result<Option<Timestamp>> {
        self.optional_integer(column)?.map(|micros| self.to_instant(column, micros)).transpose()
    }

    /// An id, a word or a date: whatever a type of the domain reads from its text.
    pub(crate) fn parse<T>(&self, column: &'static str) -> Result<T>
    where
        T: std::str::FromStr<Err: std::error::Error + Send + Sync + 'static>,
    {
        self.text(column)?.parse().map_err(|error| self.inconsistent(column, error))
    }

    pub(crate) fn inconsistent(
        &self,
        column: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        let table = self.statement.split('.').next().unwrap_or(self.statement);
        let row = self.raw::<String>("id").unwrap_or_default();
        Error::Inconsistent { table, column, row, source: source.into() }
    }

    fn to_instant(&self, column: &'static str, micros: i64) -> Result<Timestamp> {
        Timestamp::from_microsecond(micros).map_err(|error| self.inconsistent(column, error))
    }

    fn get<T>(&self, column: &'static str) -> Result<T>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        self.raw(column).map_err(|error| self.inconsistent(column, error))
    }

    fn raw<T>(&self, column: &'static str) -> Result<T, sqlx::Error>
    where
        T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match &self.columns {
            Columns::Sqlite(row) => row.try_get(column),
            Columns::Postgres(row) => row.try_get(column),
        }
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident, |$value:ident| $convert:expr;)+) => {
        $(
            impl From<$from> for Value {
                fn from($value: $from) -> Self {
                    Self::$variant(Some($convert))
                }
            }

            impl From<Option<$from>> for Value {
                fn from(value: Option<$from>) -> Self {
                    Self::$variant(value.map(|$value| $convert))
                }
            }
        )+
    };
}

value_from! {
    String => Text, |value| value;
    &str => Text, |value| value.to_owned();
    &String => Text, |value| value.clone();
    i64 => Integer, |value| value;
    bool => Integer, |value| i64::from(value);
    Timestamp => Integer, |value| value.as_microsecond();
    &[u8] => Blob, |value| value.to_vec();
    &[u8; 32] => Blob, |value| value.to_vec();
    bookferry_sync::id::OrganizationId => Text, |value| value.to_string();
    bookferry_sync::id::CompanyId => Text, |value| value.to_string();
    bookferry_sync::id::PersonId => Text, |value| value.to_string();
    bookferry_sync::id::ApiKeyId => Text, |value| value.to_string();
    bookferry_sync::id::WebhookId => Text, |value| value.to_string();
    bookferry_sync::id::RecordId => Text, |value| value.to_string();
    bookferry_sync::id::VisitId => Text, |value| value.to_string();
    bookferry_sync::id::MessageSetKey => Text, |value| value.to_string();
}
