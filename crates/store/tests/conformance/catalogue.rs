//! Every fixed statement is taken by both databases, and the ones that must not grow with the queue use their index.

use bookferry_store::statement::{Statement, catalogue};
use sqlx::{Connection as _, Executor as _};
use std::collections::HashSet;

use crate::on_both;
use crate::test_database::{Raw, TestDatabase};

on_both!(every_statement_is_prepared);

async fn every_statement_is_prepared(database: &TestDatabase) {
    let mut prepared = 0;
    for statement in catalogue() {
        let texts = match &database.raw {
            Raw::Sqlite(_) => vec![statement.sqlite],
            Raw::Postgres(_) => texts_of_postgres(statement),
        };
        for text in texts {
            let text = sqlx::SqlStr::from_static(text);
            let outcome = match &database.raw {
                Raw::Sqlite(path) => {
                    let url = format!("sqlite://{}", path.display());
                    let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
                    connection.prepare(text).await.map(drop)
                }
                Raw::Postgres(url) => {
                    let mut connection = sqlx::PgConnection::connect(url).await.expect("a connection");
                    connection.prepare(text).await.map(drop)
                }
            };
            assert!(
                outcome.is_ok(),
                "{}: {}",
                statement.name,
                outcome.err().map_or_else(String::new, |error| error.to_string())
            );
            prepared += 1;
        }
    }
    assert!(prepared > 60, "the catalogue has lost its statements: {prepared}");
}

fn texts_of_postgres(statement: &Statement) -> Vec<&'static str> {
    std::iter::once(statement.postgres).chain(statement.postgres_alone).collect()
}

#[test]
fn names_are_unique() {
    let mut names = HashSet::new();
    for statement in catalogue() {
        assert!(names.insert(statement.name), "{} names two statements", statement.name);
    }
}

/// SQLite says plainly how it will run a statement; none of these may walk a table.
#[test]
fn sqlite_never_scans_for_what_runs_at_every_call() {
    crate::test_database::on_sqlite(async |database| {
        let names = [
            "record.claimable",
            "record.count_claimable",
            "record.has_work",
            "record.load",
            "record.save",
            "record.find_given",
            "record.recount_blockers",
            "record.recount_blockers_of_dependents",
            "message_set.enclose",
            "message_set.find_by_exchange",
            "message_set.settle",
            "attempt.find_open",
            "application.find",
            "list_entry.known",
            "mapping.applying",
            "list_entry.by_id",
            "list_entry.by_name",
            "message_set.find_sent",
            "message_set.find_unsettled",
            "queue_count.of_company",
            "history.of_company",
            "record.find_customer",
            "record.find_amount",
            "history.newest",
            "webhook.claim",
            "webhook.find_claimed",
            "history.to_seal",
            "history_seal.last",
            "history_seal.after",
            "record.as_sent",
            "counterpart.save",
            "counterpart.save_balances",
            "payer.find_paid",
            "payer.delete",
            "payer.save",
            "counterpart.days",
            "counterpart.customers",
            "counterpart.differing",
            "record.newest_submitted_date",
        ];
        for name in names {
            let statement = catalogue().find(|statement| statement.name == name);
            let statement = statement.unwrap_or_else(|| panic!("{name} is not in the catalogue"));
            let plan = plan(database, statement.sqlite).await;
            // The virtual table that reads a JSON parameter is always "scanned"; it is as long as the parameter.
            let scans: Vec<_> = plan.iter().filter(|line| line.starts_with("SCAN") && !is_parameter(line)).collect();
            assert!(scans.is_empty(), "{name} scans: {plan:#?}");
        }
        let claimable = catalogue().find(|statement| statement.name == "record.claimable").expect("claimable");
        let plan = plan(database, claimable.sqlite).await;
        assert!(plan.iter().any(|line| line.contains("record_claim")), "{plan:#?}");
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "claiming sorts the whole queue: {plan:#?}");
    });
}

/// Found by the company alone, all that it ever had is walked: of a million records, at every poll.
#[test]
fn sqlite_never_walks_what_a_company_ever_had() {
    crate::test_database::on_sqlite(async |database| {
        let growing =
            ["record_", "history_", "application_", "attempt_", "message_set_", "visit_company", "counterpart_"];
        let few = [
            "record_claim",
            "record_attention",
            "record_older",
            "record_standing",
            "history_attention",
            "message_set_open",
        ];
        let one_look_or_rare = ["company.pulses", "history.newest", "webhook.insert", "counterpart.forget_all"];
        let mut searches = 0;
        for statement in catalogue().filter(|statement| !one_look_or_rare.contains(&statement.name)) {
            for line in plan(database, statement.sqlite).await {
                let Some((_, index)) = line.split_once(" INDEX ") else { continue };
                let index = index.strip_prefix("sqlite_autoindex_").unwrap_or(index);
                if !growing.iter().any(|name| index.starts_with(name)) || few.iter().any(|name| index.starts_with(name))
                {
                    continue;
                }
                assert!(!line.contains("(company_id=?)") && !line.contains("txn_id>?"), "{}: {line}", statement.name);
                searches += 1;
            }
        }
        assert!(searches > 40, "the plans do not show their indexes: {searches}");
    });
}

/// Of a hundred thousand documents only those of the days that are shown are read.
#[test]
fn sqlite_adds_up_days_by_their_dates() {
    crate::test_database::on_sqlite(async |database| {
        for name in ["counterpart.days", "counterpart.customers", "counterpart.differing"] {
            let statement = catalogue().find(|statement| statement.name == name).expect("in the catalogue");
            let plan = plan(database, statement.sqlite).await;
            let by_date =
                "SEARCH r USING INDEX record_grid (company_id=? AND kind=? AND status=? AND date>? AND date<?)";
            assert!(plan.iter().any(|line| line == by_date), "{name}: {plan:#?}");
        }
    });
}

/// A JSON parameter that is read once for each row of a table makes a set of a hundred cost ten thousand comparisons.
#[test]
fn sqlite_reads_a_json_parameter_once() {
    crate::test_database::on_sqlite(async |database| {
        let mut read = 0;
        for statement in catalogue() {
            let plan = steps(database, statement.sqlite).await;
            for (index, step) in plan.iter().enumerate().filter(|(_, step)| step.detail.contains("VIRTUAL TABLE INDEX"))
            {
                let is_inner = plan[..index]
                    .iter()
                    .any(|outer| outer.sql == step.sql && outer.parent == step.parent && outer.detail.starts_with('S'));
                assert!(!is_inner, "{} reads it for each row: {plan:#?}", statement.name);
                read += 1;
            }
        }
        assert!(read > 20, "the plans do not show the parameters: {read}");
    });
}

/// PostgreSQL plans by what it believes of a table, so that what nobody has analysed yet must not mislead it: each row given is
/// found by an index, and by the whole of what is given.
#[test]
fn postgres_finds_each_row_by_an_index_from_the_first_moment() {
    crate::test_database::on_postgres(async |database| {
        let names = [
            ("record.find_given", "company_id, kind, external_id"),
            ("record.load", "id"),
            ("record.save", "id"),
            ("message_set.enclose", "id"),
            ("message_set.find_by_exchange", "visit_id, exchange"),
            ("message_set.settle", "record_id"),
            ("attempt.find_open", "message_set_key"),
            ("application.find", "company_id, kind, external_id"),
            ("list_entry.known", "company_id, list, name_key"),
            ("list_entry.facts", "company_id, list, list_id"),
            ("list_entry.named", "company_id, list, name_key"),
            ("gone_entry.named", "company_id, list, name_key"),
            ("mapping.applying", "company_id, list, name_key"),
            ("visit.find", "ticket_hash"),
            ("visit.find_and_lock", "ticket_hash"),
            ("record.as_sent", "company_id, txn_id"),
            ("counterpart.save", "id"),
            ("counterpart.save_balances", "company_id, txn_id"),
            ("payer.find_paid", "company_id, txn_id"),
            ("payer.delete", "company_id, invoice_txn_id"),
            ("payer.save", "company_id, txn_id"),
        ];
        for (name, columns) in names {
            let statement = catalogue().find(|statement| statement.name == name);
            let statement = statement.unwrap_or_else(|| panic!("{name} is not in the catalogue"));
            // The first times it plans for the very values, and a company is new to it.
            let modes = ["force_generic_plan", "force_custom_plan"];
            let modes = modes.iter().take(if columns.starts_with("company_id") { 2 } else { 1 });
            let texts = texts_of_postgres(statement).into_iter();
            for (mode, text) in modes.flat_map(|mode| texts.clone().map(move |text| (mode, text))) {
                let plan = plan_of_postgres(database, text, mode).await;
                let is_slow = |line: &String| line.contains("Seq Scan") || line.contains("Join Filter");
                assert!(!plan.iter().any(is_slow), "{name} reads what is not asked for: {plan:#?}");
                let is_whole = |line: &String| {
                    let mut columns = columns.split(", ");
                    line.contains("Index Cond") && columns.all(|column| line.contains(&format!("({column} =")))
                };
                assert!(plan.iter().any(is_whole), "{name} looks for less than {columns}: {plan:#?}");
            }
        }
    });
}

/// For a value that the tables do not have, or as PostgreSQL runs it once it has seen a few.
async fn plan_of_postgres(database: &TestDatabase, sql: &str, mode: &str) -> Vec<String> {
    let Raw::Postgres(url) = &database.raw else { panic!("only PostgreSQL is asked") };
    let mut connection = sqlx::PgConnection::connect(url).await.expect("a connection");
    let parameters = (1..).take_while(|number| sql.contains(&format!("${number}"))).map(|_| "'7'");
    let explain = format!("EXPLAIN EXECUTE asked ({})", parameters.collect::<Vec<_>>().join(", "));
    for text in [format!("SET plan_cache_mode = {mode}"), format!("PREPARE asked AS {sql}")] {
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(text))).await.expect("taken");
    }
    let rows = connection.fetch_all(sqlx::raw_sql(sqlx::AssertSqlSafe(explain))).await.expect("a plan");
    rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
}

fn is_parameter(line: &str) -> bool {
    line.starts_with("SCAN given") || line == "SCAN CONSTANT ROW"
}

/// A line of a plan. Of those with the same parent, the first is the outermost loop.
#[derive(Debug)]
struct Step {
    /// Which of the statements that run together.
    sql: usize,
    parent: i64,
    detail: String,
}

async fn plan(database: &TestDatabase, sql: &str) -> Vec<String> {
    steps(database, sql).await.into_iter().map(|step| step.detail).collect()
}

async fn steps(database: &TestDatabase, sql: &str) -> Vec<Step> {
    use sqlx::Row as _;
    let Raw::Sqlite(path) = &database.raw else { panic!("only SQLite is asked") };
    let mut connection =
        sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.expect("a connection");
    let mut steps = Vec::new();
    for (index, sql) in sql.split(";\n").enumerate() {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = sqlx::query(explain).fetch_all(&mut connection).await.expect("a plan");
        steps.extend(rows.iter().map(|row| Step { sql: index, parent: row.get("parent"), detail: row.get("detail") }));
    }
    steps
}
