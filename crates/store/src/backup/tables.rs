//! Copying every table between the two databases, row by row and in one transaction, whatever tables there are.

use std::collections::BTreeSet;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgPool, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::Progress;
use crate::database::{Database, Transaction, Value};
use crate::error::{Error, Result};

/// Filled by triggers while the others are, like what SQLite searches by.
const DERIVED: &str = "queue_count";
/// Of the migrations, and of the file itself.
const NOT_OURS: [&str; 2] = ["_sqlx_migrations", "backup"];
/// Rows in one statement; both databases take many times as many values as our widest table makes of them.
const ROWS_PER_STATEMENT: usize = 64;

/// A table, as SQLite describes it; PostgreSQL has the same.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    columns: Vec<Column>,
    refers_to: BTreeSet<String>,
}

#[derive(Debug)]
struct Column {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Blob,
}

/// Copies all tables into a new SQLite database, as PostgreSQL has them at one moment.
pub(crate) async fn copy_from_postgres(
    from: &PgPool,
    to: &Database,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<()> {
    let failed = |error| Error::of("backup.read", error);
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    let mut reading = from.begin_with(begin).await.map_err(failed)?;
    let tables = match to {
        Database::Sqlite { writer, .. } => tables(&mut *writer.acquire().await.map_err(failed)?).await?,
        Database::Postgres { .. } => Vec::new(),
    };
    let mut writing = to.begin().await?;
    for table in &tables {
        let count = sqlx::query(AssertSqlSafe(table.count())).fetch_one(&mut *reading).await.map_err(failed)?;
        let mut load = Load::new(table, unsigned(count.try_get(0).map_err(failed)?));
        let select = table.select();
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut *reading);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            load.take(table.postgres_values(&row).map_err(failed)?, &mut writing, progress).await?;
        }
        load.finish(&mut writing, progress).await?;
    }
    writing.commit("backup").await
}

/// Copies all tables of a SQLite database into `to`.
pub(crate) async fn copy_from_sqlite(
    from: &mut SqliteConnection,
    to: &mut Transaction,
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<()> {
    let failed = |error| Error::of("backup.read", error);
    let tables = tables(from).await?;
    for table in &tables {
        let count = sqlx::query(AssertSqlSafe(table.count())).fetch_one(&mut *from).await.map_err(failed)?;
        let mut load = Load::new(table, unsigned(count.try_get(0).map_err(failed)?));
        let select = table.select();
        let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(&mut *from);
        while let Some(row) = rows.try_next().await.map_err(failed)? {
            load.take(table.sqlite_values(&row).map_err(failed)?, to, progress).await?;
        }
        load.finish(to, progress).await?;
    }
    Ok(())
}

/// The tables of a SQLite database, each after those it refers to.
pub(crate) async fn tables(connection: &mut SqliteConnection) -> Result<Vec<Table>> {
    let failed = |error| Error::of("backup.tables", error);
    // Neither virtual tables nor those in which they keep what they hold.
    let list = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
                AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
    let mut tables = Vec::new();
    for row in sqlx::query(list).fetch_all(&mut *connection).await.map_err(failed)? {
        let name: String = row.try_get("name").map_err(failed)?;
        if name != DERIVED && !NOT_OURS.contains(&name.as_str()) {
            tables.push(table(connection, name).await.map_err(failed)?);
        }
    }
    let mut in_order: Vec<Table> = Vec::with_capacity(tables.len());
    while !tables.is_empty() {
        let is_free = |table: &Table| {
            table
                .refers_to
                .iter()
                .all(|parent| *parent == table.name || in_order.iter().any(|earlier| earlier.name == *parent))
        };
        let (free, waiting): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(is_free);
        // Tables that refer to each other in a circle are copied as they come, and refused if the database minds.
        let is_circle = free.is_empty();
        let (next, rest) = if is_circle { (waiting, Vec::new()) } else { (free, waiting) };
        in_order.extend(next);
        tables = rest;
    }
    Ok(in_order)
}

async fn table(connection: &mut SqliteConnection, name: String) -> Result<Table, sqlx::Error> {
    let mut table = Table { name, columns: Vec::new(), refers_to: BTreeSet::new() };
    let described = sqlx::query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid").bind(&table.name);
    for row in described.fetch_all(&mut *connection).await? {
        let declared: String = row.try_get("type")?;
        let kind = match declared.as_str() {
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Blob,
            _ => Kind::Integer,
        };
        table.columns.push(Column { name: row.try_get("name")?, kind });
    }
    let parents = sqlx::query("SELECT \"table\" AS parent FROM pragma_foreign_key_list($1)").bind(&table.name);
    for row in parents.fetch_all(connection).await? {
        table.refers_to.insert(row.try_get("parent")?);
    }
    Ok(table)
}

/// Rows of one table on their way into the other database.
struct Load<'a> {
    table: &'a Table,
    values: Vec<Value>,
    rows: usize,
    done: u64,
    total: u64,
}

impl<'a> Load<'a> {
    const fn new(table: &'a Table, total: u64) -> Self {
        Self { table, values: Vec::new(), rows: 0, done: 0, total }
    }

    async fn take(
        &mut self,
        row: Vec<Value>,
        to: &mut Transaction,
        progress: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<()> {
        self.values.extend(row);
        self.rows += 1;
        if self.rows == ROWS_PER_STATEMENT { self.write(to, progress).await } else { Ok(()) }
    }

    async fn write(&mut self, to: &mut Transaction, progress: &mut (dyn FnMut(Progress<'_>) + Send)) -> Result<()> {
        if self.rows > 0 {
            let sql = self.table.insert(self.rows, matches!(to, Transaction::Postgres(_)));
            let values = std::mem::take(&mut self.values);
            let written = to.execute_text("backup.write", AssertSqlSafe(sql), values).await?;
            let rows = u64::try_from(std::mem::take(&mut self.rows)).unwrap_or(u64::MAX);
            crate::database::ensure_rows("backup.write", rows, written)?;
            self.done += written;
        }
        progress(Progress { part: &self.table.name, done: self.done, total: self.total });
        Ok(())
    }

    /// A row more or less than were counted would be a copy of no moment.
    async fn finish(&mut self, to: &mut Transaction, progress: &mut (dyn FnMut(Progress<'_>) + Send)) -> Result<()> {
        self.write(to, progress).await?;
        crate::database::ensure_rows("backup.write", self.total, self.done)?;
        if matches!(to, Transaction::Postgres(_)) && self.table.columns.iter().any(|column| column.name == "seq") {
            // What comes next goes on counting where the copy ends.
            let sql = format!(
                "SELECT setval(pg_get_serial_sequence('{0}', 'seq'), COALESCE(MAX(seq), 1), MAX(seq) IS NOT NULL) FROM {0}",
                self.table.name
            );
            to.execute_text("backup.count_on", AssertSqlSafe(sql), Vec::new()).await?;
        }
        Ok(())
    }
}

impl Table {
    fn count(&self) -> String {
        format!("SELECT COUNT(*) FROM {}", self.name)
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.column_names(), self.name)
    }

    fn insert(&self, rows: usize, is_postgres: bool) -> String {
        let width = self.columns.len();
        let row = |row: usize| {
            let places: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        let overriding = if is_postgres { " OVERRIDING SYSTEM VALUE" } else { "" };
        format!("INSERT INTO {} ({}){overriding} VALUES {}", self.name, self.column_names(), rows.join(", "))
    }

    fn column_names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn sqlite_values(&self, row: &SqliteRow) -> Result<Vec<Value>, sqlx::Error> {
        self.values(|index, kind| {
            Ok(match kind {
                Kind::Text => Value::Text(row.try_get(index)?),
                Kind::Integer => Value::Integer(row.try_get(index)?),
                Kind::Blob => Value::Blob(row.try_get(index)?),
            })
        })
    }

    fn postgres_values(&self, row: &PgRow) -> Result<Vec<Value>, sqlx::Error> {
        self.values(|index, kind| {
            Ok(match kind {
                Kind::Text => Value::Text(row.try_get(index)?),
                Kind::Integer => Value::Integer(row.try_get(index)?),
                Kind::Blob => Value::Blob(row.try_get(index)?),
            })
        })
    }

    fn values(&self, value: impl Fn(usize, Kind) -> Result<Value, sqlx::Error>) -> Result<Vec<Value>, sqlx::Error> {
        self.columns.iter().enumerate().map(|(index, column)| value(index, column.kind)).collect()
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
