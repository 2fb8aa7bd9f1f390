use std::path::Path;
use std::str::FromStr;

use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

/// One table for notes, to which a row is added and committed; three for what any server must keep of each record that it
/// sends.
#[derive(Clone)]
pub(crate) struct BareStore {
    pool: Pool,
    record_count: u64,
    dialect: &'static Dialect,
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// What a commit writes for the records of one message set.
pub(crate) struct SetRows {
    /// As a JSON array, which both databases read.
    ids: String,
    is_answer: bool,
}

/// One statement for each table, which takes all records of a set at once.
struct Dialect {
    insert_records: &'static [&'static str],
    sent: &'static [&'static str],
    answered: &'static [&'static str],
}

const CREATE: &str = "CREATE TABLE bare_note (note TEXT NOT NULL);
    CREATE TABLE bare_record (id TEXT NOT NULL PRIMARY KEY, status TEXT NOT NULL);
    CREATE TABLE bare_attempt (record_id TEXT NOT NULL PRIMARY KEY, outcome TEXT);
    CREATE TABLE bare_history (record_id TEXT NOT NULL, event TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare_note (note) VALUES ($1)";
const NOTE: &str = "About as long as the shortest row that could tell what a call was about, and no longer.";

macro_rules! dialect {
    ($ids:literal) => {
        Dialect {
            insert_records: &[concat!("INSERT INTO bare_record (id, status) SELECT value, 'ready' FROM ", $ids)],
            sent: &[
                concat!("INSERT INTO bare_attempt (record_id) SELECT value FROM ", $ids),
                concat!("UPDATE bare_record SET status = 'sending' WHERE id IN (SELECT value FROM ", $ids, ")"),
            ],
            answered: &[
                concat!(
                    "UPDATE bare_attempt SET outcome = 'accepted' WHERE record_id IN (SELECT value FROM ",
                    $ids,
                    ")"
                ),
                concat!("UPDATE bare_record SET status = 'submitted' WHERE id IN (SELECT value FROM ", $ids, ")"),
                concat!("INSERT INTO bare_history (record_id, event) SELECT value, 'accepted' FROM ", $ids),
            ],
        }
    };
}

const SQLITE: Dialect = dialect!("jsonb_each($1) AS given");
const POSTGRES: Dialect = dialect!("jsonb_array_elements_text(CAST($1 AS JSONB)) AS given (value)");

impl SetRows {
    /// An attempt, and the record on its way.
    pub(crate) fn sent(ids: &[String]) -> Self {
        Self { ids: json(ids), is_answer: false }
    }

    /// The attempt settled, the record submitted, and a line of history.
    pub(crate) fn answered(ids: &[String]) -> Self {
        Self { ids: json(ids), is_answer: true }
    }
}

fn json(ids: &[String]) -> String {
    serde_json::to_string(ids).expect("texts")
}

impl BareStore {
    pub(crate) async fn sqlite(path: &Path) -> Self {
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).test_before_acquire(false);
        let pool = options.connect_with(connect).await.expect("a database");
        sqlx::raw_sql(CREATE).execute(&pool).await.expect("tables");
        Self { pool: Pool::Sqlite(pool), record_count: 0, dialect: &SQLITE }
    }

    pub(crate) async fn postgres(url: &str) -> Self {
        let connect = sqlx::postgres::PgConnectOptions::from_str(url).expect("a URL");
        let options = sqlx::postgres::PgPoolOptions::new().max_connections(2).test_before_acquire(false);
        let pool = options.connect_with(connect).await.expect("a database");
        sqlx::raw_sql(CREATE).execute(&pool).await.expect("tables");
        Self { pool: Pool::Postgres(pool), record_count: 0, dialect: &POSTGRES }
    }

    /// As long as a UUID.
    pub(crate) fn next_record(&mut self) -> String {
        self.record_count += 1;
        format!("{:036}", self.record_count)
    }

    pub(crate) async fn insert_records(&self, ids: &[String]) -> Result<(), sqlx::Error> {
        self.commit(self.dialect.insert_records, &json(ids)).await
    }

    pub(crate) async fn note(&self) -> Result<(), sqlx::Error> {
        match &self.pool {
            Pool::Sqlite(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
            Pool::Postgres(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
        }
    }

    pub(crate) async fn write(&self, rows: &SetRows) -> Result<(), sqlx::Error> {
        self.commit(if rows.is_answer { self.dialect.answered } else { self.dialect.sent }, &rows.ids).await
    }

    async fn commit(&self, statements: &'static [&'static str], ids: &str) -> Result<(), sqlx::Error> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                for &statement in statements {
                    sqlx::query(statement).bind(ids).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }
            Pool::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                for &statement in statements {
                    sqlx::query(statement).bind(ids).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }
        }
    }
}
