//! How fast records cross: `BOOKFERRY_TEST_POSTGRES=postgres://… cargo bench -p bookferry-server --bench crossing`.
//!
//! The server answers the simulated Web Connector on a loopback port, on SQLite in a temporary folder (set TMPDIR to
//! choose the disk) and on PostgreSQL in a schema of its own. Beside it runs a bare axum server that takes the very same
//! calls, makes as many durable commits, and gives the very same replies; once with nothing but a note in each commit, once
//! with the rows that no server can spare that keeps its promises for each record, and once with what its pages need as well. Rounds alternate between the two; a ratio is
//! the bare server's figure divided by ours. Only the time inside HTTP calls counts, so that the simulated QuickBooks'
//! own work flatters nobody. docs/benchmarks.md tells more.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock, and its own environment")]

#[path = "../../tests/shared/added_company.rs"]
mod added_company;
mod bare_server;
mod bare_store;
mod figures;
mod invoice;
#[path = "../../tests/shared/ridgeline.rs"]
mod ridgeline;
mod server;
mod timed_transport;

use bookferry_store::StoreOptions;
use bookferry_sync::company::RecordsPerMessageSet;
use tokio::runtime::Runtime;

use crate::bare_server::BareServer;
use crate::bare_store::{BareStore, Keeps};
use crate::figures::Table;
use crate::server::Server;
use crate::timed_transport::Exchange;

/// Pairs of ours and the bare server's.
const ROUNDS: usize = 7;
const RECORDS_ONE_TO_A_SET: usize = 300;
const RECORDS_HUNDRED_TO_A_SET: usize = 2_000;
const IDLE_POLLS: usize = 400;
/// Words that choose what is measured, as in `-- postgres hundred`; without any, all of it is.
const DATABASES: [&str; 2] = ["sqlite", "postgres"];
const SCENARIOS: [&str; 3] = ["one", "hundred", "idle"];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if is_chosen(&DATABASES, "sqlite") {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bare = runtime.block_on(BareStore::sqlite(&folder.path().join("bare.sqlite")));
        measure("SQLite", &runtime, &StoreOptions::sqlite(folder.path().join("bookferry.sqlite")), bare);
    }
    if !is_chosen(&DATABASES, "postgres") {
        return;
    }
    match std::env::var("BOOKFERRY_TEST_POSTGRES") {
        Ok(url) => measure_postgres(&runtime, &url),
        Err(_) => println!("PostgreSQL: skipped, set BOOKFERRY_TEST_POSTGRES"),
    }
}

fn measure_postgres(runtime: &Runtime, server: &str) {
    let schema = format!("crossing_{}", std::process::id());
    let admin = runtime.block_on(sqlx::PgPool::connect(server)).expect("the PostgreSQL server");
    let execute = |sql: String| {
        runtime.block_on(sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&admin)).expect("a statement");
    };
    execute(format!("CREATE SCHEMA {schema}"));
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}%20-csynchronous_commit%3Don");
    let bare = runtime.block_on(BareStore::postgres(&url));
    measure("PostgreSQL", runtime, &StoreOptions::postgres(url), bare);
    execute(format!("DROP SCHEMA {schema} CASCADE"));
}

fn measure(name: &'static str, runtime: &Runtime, options: &StoreOptions, bare: BareStore) {
    let mut ours = Server::start(runtime, options);
    let mut bare = BareServer::start(runtime, bare);
    ours.warm_up();
    let mut table = Table::new(name);
    for _ in 0..ROUNDS {
        if is_chosen(&SCENARIOS, "one") {
            let (exchanges, round) = ours.cross(RECORDS_ONE_TO_A_SET, records_per_message_set(1));
            table.one_to_a_set.add(round, bare.repeat(&exchanges, RECORDS_ONE_TO_A_SET));
        }
        if is_chosen(&SCENARIOS, "hundred") {
            let (exchanges, round) = ours.cross(RECORDS_HUNDRED_TO_A_SET, records_per_message_set(100));
            table.hundred_to_a_set.add(round, bare.repeat(&exchanges, RECORDS_HUNDRED_TO_A_SET));
            let with_rows = bare.repeat_with_rows(&exchanges, RECORDS_HUNDRED_TO_A_SET, Keeps::Rows);
            table.hundred_to_a_set_with_rows.add(round, with_rows);
            let for_pages = bare.repeat_with_rows(&exchanges, RECORDS_HUNDRED_TO_A_SET, Keeps::RowsForPages);
            table.hundred_to_a_set_for_pages.add(round, for_pages);
        }
        if is_chosen(&SCENARIOS, "idle") {
            let (exchanges, round) = ours.poll(IDLE_POLLS);
            table.idle.add(round, bare.repeat(&exchanges, 0));
        }
    }
    table.print();
    ours.stop();
    bare.stop();
}

fn is_chosen(of: &[&str], what: &str) -> bool {
    let chosen: Vec<String> = std::env::args().filter(|word| of.contains(&word.as_str())).collect();
    chosen.is_empty() || chosen.iter().any(|word| word == what)
}

fn records_per_message_set(records: usize) -> RecordsPerMessageSet {
    RecordsPerMessageSet::try_from(records).expect("within the bounds")
}

/// How often the server commits durably for this call, as its code has it: nothing for greetings and polls in vain, the
/// opening for `authenticate`, one transaction for every step of a visit.
fn commits(exchange: &Exchange, is_visit: bool) -> u32 {
    match exchange.operation() {
        Some("authenticate") if is_visit => 1,
        Some("sendRequestXML" | "receiveResponseXML" | "getLastError" | "closeConnection") if is_visit => 1,
        Some(_) | None => 0,
    }
}
