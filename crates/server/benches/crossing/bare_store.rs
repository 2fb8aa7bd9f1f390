use std::path::Path;
use std::str::FromStr;

use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};

/// One table for notes, to which a row is added and committed; three for what any server must keep of each record that it
/// sends; and these three once more with the texts of message sets, and with the indexes that a page of records needs.
#[derive(Clone)]
pub(crate) struct BareStore {
    pool: Pool,
    record_count: u64,
    dialect: &'static Dialect,
}

/// What is written for each record.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Keeps {
    /// Rows without which a lost answer could not be settled.
    Rows,
    /// Those, so that they are found again in the orders that moves change, and what was said.
    RowsForPages,
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
    keeps: Keeps,
    /// What leaves, or what came back.
    text: String,
}

struct Dialect {
    rows: Statements,
    rows_for_pages: Statements,
}

/// One statement for each table, which takes all records of a set at once.
struct Statements {
    insert_records: &'static [&'static str],
    sent: &'static [&'static str],
    answered: &'static [&'static str],
}

macro_rules! tables {
    ($of:literal) => {
        concat!(
            "CREATE TABLE ",
            $of,
            "_record (id TEXT NOT NULL PRIMARY KEY, status TEXT NOT NULL, number TEXT NOT NULL,
                 date TEXT NOT NULL, created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, txn_id TEXT);
             CREATE TABLE ",
            $of,
            "_attempt (record_id TEXT NOT NULL PRIMARY KEY, outcome TEXT);
             CREATE TABLE ",
            $of,
            "_history (record_id TEXT NOT NULL, event TEXT NOT NULL);"
        )
    };
}

const CREATE: &str = concat!(
    "CREATE TABLE bare_note (note TEXT NOT NULL);",
    tables!("bare"),
    tables!("paged"),
    "CREATE TABLE paged_text (text TEXT NOT NULL);
     CREATE INDEX paged_ready ON paged_record (id) WHERE status = 'ready';
     CREATE INDEX paged_status ON paged_record (status, date, id);
     CREATE INDEX paged_changed ON paged_record (changed_at, id);
     CREATE INDEX paged_number ON paged_record (number, id) WHERE status = 'submitted';
     CREATE INDEX paged_created ON paged_record (created_at, id) WHERE status = 'submitted';
     CREATE INDEX paged_txn ON paged_record (txn_id) WHERE txn_id IS NOT NULL;
     CREATE INDEX paged_history_record ON paged_history (record_id);"
);
const INSERT_TEXT: &str = "INSERT INTO paged_text (text) VALUES ($1)";
const INSERT: &str = "INSERT INTO bare_note (note) VALUES ($1)";
const NOTE: &str = "About as long as the shortest row that could tell what a call was about, and no longer.";

macro_rules! statements {
    ($of:literal, $ids:literal) => {
        Statements {
            insert_records: &[concat!(
                "INSERT INTO ",
                $of,
                "_record (id, status, number, date, created_at, changed_at)
                 SELECT value, 'ready', value, '2026-11-24', 0, 0 FROM ",
                $ids
            )],
            sent: &[
                concat!("INSERT INTO ", $of, "_attempt (record_id) SELECT value FROM ", $ids),
                concat!(
                    "UPDATE ",
                    $of,
                    "_record SET status = 'sending', changed_at = changed_at + 1
                     WHERE id IN (SELECT value FROM ",
                    $ids,
                    ")"
                ),
            ],
            answered: &[
                concat!(
                    "UPDATE ",
                    $of,
                    "_attempt SET outcome = 'accepted' WHERE record_id IN (SELECT value FROM ",
                    $ids,
                    ")"
                ),
                concat!(
                    "UPDATE ",
                    $of,
                    "_record SET status = 'submitted', changed_at = changed_at + 1, txn_id = id
                     WHERE id IN (SELECT value FROM ",
                    $ids,
                    ")"
                ),
                concat!("INSERT INTO ", $of, "_history (record_id, event) SELECT value, 'accepted' FROM ", $ids),
            ],
        }
    };
}

macro_rules! dialect {
    ($ids:literal) => {
        Dialect { rows: statements!("bare", $ids), rows_for_pages: statements!("paged", $ids) }
    };
}

const SQLITE: Dialect = dialect!("jsonb_each($1) AS given");
const POSTGRES: Dialect = dialect!("jsonb_array_elements_text(CAST($1 AS JSONB)) AS given (value)");

impl SetRows {
    /// An attempt, and the record on its way.
    pub(crate) fn sent(ids: &[String], keeps: Keeps, text: String) -> Self {
        Self { ids: json(ids), is_answer: false, keeps, text }
    }

    /// The attempt settled, the record submitted, and a line of history.
    pub(crate) fn answered(ids: &[String], keeps: Keeps, text: String) -> Self {
        Self { ids: json(ids), is_answer: true, keeps, text }
    }
}

impl Dialect {
    const fn statements(&self, keeps: Keeps) -> &Statements {
        match keeps {
            Keeps::Rows => &self.rows,
            Keeps::RowsForPages => &self.rows_for_pages,
        }
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

    pub(crate) async fn insert_records(&self, ids: &[String], keeps: Keeps) -> Result<(), sqlx::Error> {
        self.commit(self.dialect.statements(keeps).insert_records, &json(ids), None).await
    }

    pub(crate) async fn note(&self) -> Result<(), sqlx::Error> {
        match &self.pool {
            Pool::Sqlite(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
            Pool::Postgres(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
        }
    }

    pub(crate) async fn write(&self, rows: &SetRows) -> Result<(), sqlx::Error> {
        let statements = self.dialect.statements(rows.keeps);
        let text = match rows.keeps {
            Keeps::Rows => None,
            Keeps::RowsForPages => Some(rows.text.as_str()),
        };
        self.commit(if rows.is_answer { statements.answered } else { statements.sent }, &rows.ids, text).await
    }

    async fn commit(
        &self,
        statements: &'static [&'static str],
        ids: &str,
        text: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
                for &statement in statements {
                    sqlx::query(statement).bind(ids).execute(&mut *transaction).await?;
                }
                if let Some(text) = text {
                    sqlx::query(INSERT_TEXT).bind(text).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }
            Pool::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                for &statement in statements {
                    sqlx::query(statement).bind(ids).execute(&mut *transaction).await?;
                }
                if let Some(text) = text {
                    sqlx::query(INSERT_TEXT).bind(text).execute(&mut *transaction).await?;
                }
                transaction.commit().await
            }
        }
    }
}
