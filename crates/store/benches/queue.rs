//! How the grid holds up in a long queue: `cargo bench -p bookferry-store --bench queue`, a million records by default
//! (`RECORDS=100000` for fewer).
//!
//! Of the records one in fifty is Unsent, one in a hundred Ready To Sync, a few need attention and the rest is Submitted;
//! then more come in that are Unsent, until there are 100,000 of these for the bulk moves. SQLite runs in a temporary folder (set TMPDIR to choose the disk),
//! PostgreSQL at `BOOKFERRY_TEST_POSTGRES`, in a schema of its own; without that variable only SQLite is measured, and the
//! output says so. Words after `--` choose: `sqlite`, `postgres`, `pages`, `moves`. Beside the time that passes stands the processor time of this process a call, which other work on the
//! machine distorts less; on SQLite that is the database's too.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock, and its own environment")]

#[path = "shared/company.rs"]
mod company;

use std::time::{Duration, Instant};

use bookferry_store::{
    BulkMove, Cursor, HandOver, PersonsMove, RecordFilter, Selection, Sort, SortBy, Store, StoreOptions,
};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;
use jiff::civil::Date;
use sqlx::AssertSqlSafe;

use crate::company::{actor, at, company, entropy};

const RECORDS: usize = 1_000_000;
const MOVED: usize = 100_000;
const SLICE: usize = 1_000;
const PAGE: u32 = 100;
const CUSTOMERS: usize = 40_000;
const CALLS: usize = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let records = std::env::var("RECORDS").map_or(RECORDS, |records| records.parse().expect("RECORDS is a number"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.sqlite");
    let options = StoreOptions::sqlite(file.clone());
    if is_wanted("sqlite", "postgres") {
        runtime.block_on(measure("SQLite", &options, &format!("sqlite://{}", file.display()), records));
    }
    match std::env::var("BOOKFERRY_TEST_POSTGRES") {
        Ok(server) if is_wanted("postgres", "sqlite") => runtime.block_on(measure_postgres(&server, records)),
        Ok(_) => {}
        Err(_) => println!("PostgreSQL: not measured, since BOOKFERRY_TEST_POSTGRES is not set"),
    }
}

/// Whether the word was given, or not the other either.
fn is_wanted(word: &str, other: &str) -> bool {
    let given: Vec<String> = std::env::args().collect();
    given.iter().any(|given| given == word) || !given.iter().any(|given| given == other)
}

async fn measure_postgres(server: &str, records: usize) {
    let schema = format!("bench_{}", std::process::id());
    let admin = sqlx::PgPool::connect(server).await.expect("the server");
    let create = format!("CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&admin).await.expect("a schema");
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
    measure("PostgreSQL", &StoreOptions::postgres(url.clone()), &url, records).await;
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    sqlx::raw_sql(AssertSqlSafe(drop)).execute(&admin).await.expect("dropped");
}

async fn measure(name: &str, options: &StoreOptions, url: &str, records: usize) {
    let store = Store::open(options).await.expect("open");
    store.migrate().await.expect("migrated");
    let company = company(&store).await;
    let start = Instant::now();
    hand_over(&store, company, 0..records).await;
    println!("{name}: {records} records, handed over in {:.0} s", start.elapsed().as_secs_f64());
    grow_old(url).await;
    // One in fifty lies scattered among the old ones.
    hand_over(&store, company, records..records + MOVED.saturating_sub(records / 50)).await;
    settle_down(url).await;

    if is_wanted("pages", "moves") {
        read(&store, company, records).await;
    }
    if is_wanted("moves", "pages") {
        bulk_moves(&store, company).await;
    }
    store.close().await;
}

async fn read(store: &Store, company: CompanyId, records: usize) {
    let usual = RecordFilter { statuses: vec![Status::Unsent, Status::ReadyToSync], ..RecordFilter::default() };
    let everything = RecordFilter::default();
    let submitted = RecordFilter { statuses: vec![Status::Submitted], ..RecordFilter::default() };
    let day = |day| Some(Date::new(2026, 10, day).expect("a day"));
    let text = |text: &str| RecordFilter { text: Some(text.to_owned()), ..everything.clone() };
    let searches = [
        ("search for one number", text("734211")),
        ("search for one customer", text("customer 3999")),
        ("search for what all have", text("customer")),
        ("search for two letters", text("42")),
        ("search for two letters nobody has", text("zq")),
        ("search for what nobody has", text("no such text")),
        ("search among the usual", RecordFilter { text: Some("customer 17".to_owned()), ..usual.clone() }),
        ("one customer", RecordFilter { customer: Some("Customer 1234".to_owned()), ..everything.clone() }),
        ("one day", RecordFilter { from: day(3), to: day(3), ..everything.clone() }),
        ("half the month", RecordFilter { from: day(3), to: day(18), ..everything.clone() }),
        (
            "an amount",
            RecordFilter { amount_min: "917.00".parse().ok(), amount_max: "917.00".parse().ok(), ..everything.clone() },
        ),
    ];
    let middle =
        store.records(company, &text(&(records / 2).to_string()), Sort::default(), None, 1).await.expect("a page");
    let middle = middle.lines.into_iter().next().expect("a record in the middle of all orders");
    for (name, filter) in [("usual", &usual), ("submitted", &submitted), ("everything", &everything)] {
        for by in SortBy::ALL {
            for ascending in [false, true] {
                let sort = Sort { by, ascending };
                let name = format!("{name} by {by:?}, {}", if ascending { "up" } else { "down" });
                page(store, company, &name, filter, sort, None).await;
                let middle = Cursor::at(&middle, by);
                page(store, company, &format!("{name}, in the middle"), filter, sort, Some(&middle)).await;
            }
        }
    }
    for (name, filter) in &searches {
        page(store, company, name, filter, Sort::default(), None).await;
        latency(&format!("{name}: totals"), async || {
            drop(store.quick_totals(company, filter).await.expect("totals"));
        })
        .await;
        if store.quick_totals(company, filter).await.expect("totals").is_none() {
            latency(&format!("{name}: totals once asked for"), async || {
                drop(store.totals(company, filter).await.expect("totals"));
            })
            .await;
        }
    }
    latency("summary", async || drop(store.summary(company).await.expect("summary"))).await;
}

async fn page(
    store: &Store,
    company: CompanyId,
    name: &str,
    filter: &RecordFilter,
    sort: Sort,
    after: Option<&Cursor>,
) {
    latency(name, async || {
        drop(store.records(company, filter, sort, after, PAGE).await.expect("a page"));
    })
    .await;
}

async fn bulk_moves(store: &Store, company: CompanyId) {
    let unsent = RecordFilter { statuses: vec![Status::Unsent], ..RecordFilter::default() };
    let ready = RecordFilter { statuses: vec![Status::ReadyToSync], ..RecordFilter::default() };
    for (bulk, filter) in [(BulkMove::MarkReady, unsent), (BulkMove::MarkUnsent, ready)] {
        let selection = Selection::Matching { filter, except: vec![], seen_until: None };
        let (start, worked) = (Instant::now(), processor_time());
        let (parts, actor) = ([selection], actor());
        let wanted = PersonsMove { company, parts: &parts, bulk, actor: &actor, noted: None, at: at(60) };
        let moved = store.move_for_person(wanted, |_, _| {}).await.expect("moved");
        let (took, worked) = (start.elapsed().as_secs_f64(), (processor_time() - worked).as_secs_f64());
        println!("  {bulk:?}: {moved} records in {took:.2} s, of the processor {worked:.2} s");
    }
}

/// The records that are there have been through it: nearly all of them are Submitted.
async fn grow_old(url: &str) {
    let sql = "UPDATE record SET
        status = CASE WHEN seq % 50 = 0 THEN 'unsent' WHEN seq % 100 = 1 THEN 'ready_to_sync'
            WHEN seq % 1000 = 2 THEN 'needs_attention' ELSE 'submitted' END,
        attention = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 = 2 THEN 'error' END,
        errand = CASE WHEN seq % 50 = 0 THEN NULL WHEN seq % 100 = 1 THEN 'add' WHEN seq % 1000 = 2 THEN 'add' END,
        cause_code = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 = 2 THEN 'qb_3140' END,
        cause_text = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 = 2 THEN 'No such customer.' END,
        cause_detail = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 = 2 THEN '' END,
        txn_id = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 <> 2 THEN id END,
        edit_sequence = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 <> 2 THEN '1' END,
        posted_revision = CASE WHEN seq % 50 <> 0 AND seq % 100 <> 1 AND seq % 1000 <> 2 THEN 1 END";
    run(url, sql).await;
}

/// What PostgreSQL does of its own accord sooner or later. SQLite does nothing of the kind.
async fn settle_down(url: &str) {
    if !url.starts_with("sqlite") {
        run(url, "VACUUM ANALYZE").await;
    }
}

async fn run(url: &str, sql: &str) {
    let sql = sql.to_owned();
    if url.starts_with("sqlite") {
        let pool = sqlx::SqlitePool::connect(url).await.expect("the database");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.expect("done");
        pool.close().await;
    } else {
        let pool = sqlx::PgPool::connect(url).await.expect("the database");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.expect("done");
        pool.close().await;
    }
}

/// So many calls, or as many as three seconds take.
async fn latency(what: &str, call: impl AsyncFn()) {
    let mut times = Vec::new();
    let (all, worked) = (Instant::now(), processor_time());
    while times.len() < CALLS && all.elapsed() < Duration::from_secs(3) {
        let start = Instant::now();
        call().await;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let p95 = times.get(times.len() * 95 / 100).or(times.last()).copied().unwrap_or_default();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worked = (processor_time() - worked).as_secs_f64() * 1e3 / f64::from(u32::try_from(times.len()).expect("few"));
    let (median, p95) = (median.as_secs_f64() * 1e3, p95.as_secs_f64() * 1e3);
    println!("  {what}: median {median:.1} ms, p95 {p95:.1} ms, of the processor {worked:.1} ms");
}

/// Of all threads of this process, in steps of ten milliseconds; nothing where the system does not tell it as Linux does.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: u64 = after_name.split(' ').skip(12).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

async fn hand_over(store: &Store, company: CompanyId, range: std::ops::Range<usize>) {
    let mut start = range.start;
    while start < range.end {
        let end = range.end.min(start + SLICE);
        let contents: Vec<(String, Content)> =
            (start..end).map(|index| (format!("inv-{index}"), invoice(index))).collect();
        let slice: Vec<HandOver<'_>> = contents
            .iter()
            .zip(start..end)
            .map(|((external_id, content), index)| HandOver {
                id_if_new: RecordId::new(at(20), &entropy(index)),
                external_id,
                content,
            })
            .collect();
        store.hand_over(company, &slice, &actor(), at(20)).await.expect("handed over");
        start = end;
    }
}

/// Numbers, customers, days and amounts are spread, so that no order is the order of arrival.
fn invoice(index: usize) -> Content {
    let day = index * 7 % 28 + 1;
    let customer = index * 31 % CUSTOMERS;
    let amount = index * 17 % 5_000 + 1;
    let json = format!(
        r#"{{"number":"{index}","date":"2026-10-{day:02}","customer":{{"name":"Customer {customer}"}},
            "lines":[{{"item":"Windshield","quantity":"1","rate":"{amount}.00","amount":"{amount}.00"}}],
            "total":"{amount}.00"}}"#
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}
