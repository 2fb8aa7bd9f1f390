//! How fast the store is on each database: `cargo bench -p bookferry-store`.
//!
//! SQLite runs in a temporary folder (set TMPDIR to choose the disk), PostgreSQL at `BOOKFERRY_TEST_POSTGRES`, in a
//! schema of its own; without that variable only SQLite is measured, and the output says so. Every figure includes its
//! commits.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock, and its own environment")]

#[path = "shared/company.rs"]
mod company;

use std::time::{Duration, Instant};

use bookferry_store::{
    Answer, BulkMove, Enclosure, HandOver, NewMessageSet, NewVisit, RecordFilter, Selection, Settled, Sort, Store,
    StoreOptions,
};
use bookferry_sync::id::{CompanyId, MessageSetKey, RecordId, VisitId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, Posted, Status};

use crate::company::{actor, at, company, entropy};

const RECORDS: usize = 100_000;
const SLICE: usize = 500;
const SET: u32 = 100;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    runtime.block_on(measure("SQLite", StoreOptions::sqlite(folder.path().join("bench.sqlite"))));
    match std::env::var("BOOKFERRY_TEST_POSTGRES") {
        Ok(server) => runtime.block_on(measure_postgres(&server)),
        Err(_) => println!("PostgreSQL: not measured, since BOOKFERRY_TEST_POSTGRES is not set"),
    }
}

async fn measure_postgres(server: &str) {
    let schema = format!("bench_{}", std::process::id());
    let admin = sqlx::PgPool::connect(server).await.expect("the server");
    let create = format!("CREATE SCHEMA {schema}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&admin).await.expect("a schema");
    let separator = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{separator}options=-csearch_path%3D{schema}");
    measure("PostgreSQL", StoreOptions::postgres(url)).await;
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&admin).await.expect("dropped");
}

async fn measure(name: &str, options: StoreOptions) {
    println!("{name}");
    let store = Store::open(&options).await.expect("open");
    store.migrate().await.expect("migrated");
    let company = company(&store).await;
    let contents: Vec<(String, Content)> = (0..RECORDS).map(|index| (format!("inv-{index}"), invoice(index))).collect();

    let start = Instant::now();
    hand_over_all(&store, company, &contents).await;
    rate("hand over, slices of 500, 10 lines each, new", RECORDS, "documents", start.elapsed());
    let start = Instant::now();
    hand_over_all(&store, company, &contents[..20_000]).await;
    rate("hand over the same again", 20_000, "documents", start.elapsed());
    let start = Instant::now();
    for (index, given) in contents[..500].iter().enumerate() {
        let (external_id, _) = given;
        hand_over_all(&store, company, &[(external_id.clone(), invoice(index + 1))]).await;
    }
    rate("hand over a change, one at a time", 500, "documents", start.elapsed());

    let filter = RecordFilter { statuses: vec![Status::Unsent], ..RecordFilter::default() };
    let everything = Selection::Matching { filter, except: vec![], seen_until: None };
    let start = Instant::now();
    let moved = store.move_records(company, &everything, BulkMove::MarkReady, &actor(), at(60)).await.expect("moved");
    println!("  mark ready: {moved} records in {:.2} s", start.elapsed().as_secs_f64());

    latency("summary", 2_000, async || drop(store.summary(company).await.expect("summary"))).await;
    latency("has_work", 20_000, async || {
        assert!(store.has_work(company, at(60)).await.expect("an answer"));
    })
    .await;
    let page = RecordFilter { statuses: vec![Status::Unsent, Status::ReadyToSync], ..RecordFilter::default() };
    latency("first page of 100", 500, async || {
        drop(store.records(company, &page, Sort::default(), None, 100).await.expect("a page"));
    })
    .await;
    let rare = RecordFilter { text: Some("no such text".to_owned()), ..page.clone() };
    latency("search that finds nothing", 5, async || {
        drop(store.records(company, &rare, Sort::default(), None, 100).await.expect("a page"));
    })
    .await;
    cross(&store, company).await;
    store.close().await;
}

/// Sets of 100, two transactions each as in a visit: claim and enclose, then settle.
async fn cross(store: &Store, company: CompanyId) {
    let visit = VisitId::new(at(60), &entropy(0));
    let ticket_hash = [7; 32];
    let new = NewVisit { id: visit, company_id: company, ticket_hash: &ticket_hash, session: "{}", client: "" };
    store.open_visit(&new, |_| false, at(60)).await.expect("a visit");
    let request = "x".repeat(100 * 1_500);
    let start = Instant::now();
    let mut sets = 0;
    for exchange in 1..=300_i64 {
        let mut step = store.visit_step(&ticket_hash).await.expect("a step").expect("the visit");
        let claimed = step.claimable(at(60), SET).await.expect("claimed");
        let key = MessageSetKey::new(at(60), &entropy(usize::try_from(exchange).expect("small")));
        let id = key.to_string();
        let new =
            NewMessageSet { key, message_set_id: &id, exchange, request_xml: &request, purposes: "[]", is_write: true };
        let enclosures: Vec<Enclosure> = claimed
            .iter()
            .map(|claimed| Enclosure {
                record_id: claimed.record_id,
                revision: claimed.revision,
                request_id: claimed.number.clone(),
            })
            .collect();
        step.enclose(&new, &enclosures, at(60)).await.expect("enclosed");
        step.save_session("{}", at(60));
        step.commit().await.expect("committed");

        let mut step = store.visit_step(&ticket_hash).await.expect("a step").expect("the visit");
        let settled: Vec<Settled> =
            claimed.iter().map(|claimed| accepted(claimed.record_id, claimed.revision)).collect();
        let answer = Answer { response_xml: Some(&request), settled: &settled, ..Answer::default() };
        step.settle(key, &answer, at(61)).await.expect("settled");
        step.save_session("{}", at(61));
        step.commit().await.expect("committed");
        sets += 1;
    }
    let elapsed = start.elapsed();
    rate("claim, enclose, commit; settle, commit: sets of 100", sets, "sets", elapsed);
    rate("  the same in records", sets * 100, "records", elapsed);
}

fn accepted(record_id: RecordId, revision: i64) -> Settled {
    let posted = Posted { txn_id: record_id.to_string(), edit_sequence: "1".to_owned(), revision };
    Settled {
        record_id,
        event: Event::Accepted { posted, difference: None },
        outcome: "accepted".to_owned(),
        status_code: Some(0),
        status_message: Some("Status OK".to_owned()),
        warning: None,
        retry_at: None,
        postponed_because: None,
    }
}

async fn hand_over_all(store: &Store, company: CompanyId, contents: &[(String, Content)]) {
    for (slice_index, slice) in contents.chunks(SLICE).enumerate() {
        let slice: Vec<HandOver<'_>> = slice
            .iter()
            .enumerate()
            .map(|(index, (external_id, content))| HandOver {
                id_if_new: RecordId::new(at(20), &entropy(slice_index * SLICE + index)),
                external_id,
                content,
            })
            .collect();
        store.hand_over(company, &slice, &actor(), at(20)).await.expect("handed over");
    }
}

fn rate(what: &str, count: usize, unit: &str, elapsed: Duration) {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let per_second = count as f64 / elapsed.as_secs_f64();
    println!("  {what}: {per_second:.0} {unit}/s");
}

async fn latency(what: &str, count: u32, call: impl AsyncFn()) {
    let mut times = Vec::new();
    let all = Instant::now();
    for _ in 0..count {
        let start = Instant::now();
        call().await;
        times.push(start.elapsed());
    }
    let per_second = f64::from(count) / all.elapsed().as_secs_f64();
    times.sort_unstable();
    let p95 = times.get(times.len() * 95 / 100).copied().unwrap_or_default();
    println!("  {what}: {per_second:.0}/s one after the other, p95 {:.2} ms", p95.as_secs_f64() * 1e3);
}

fn invoice(index: usize) -> Content {
    let line = concat!(
        r#"{"item":"Windshield FW02717","description":"Windshield, fitted at the customer's","#,
        r#""quantity":"1","rate":"25.00","amount":"25.00","taxable":true}"#
    );
    let lines = [line; 10].join(",");
    let day = index % 28 + 1;
    let customer = index % 4_000;
    let json = format!(
        r#"{{"number":"{index}","date":"2026-10-{day:02}","customer":{{"name":"Customer {customer}"}},
            "lines":[{lines}],"total":"250.00"}}"#
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}
