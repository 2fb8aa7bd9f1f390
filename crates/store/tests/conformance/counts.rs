//! The counts that triggers keep are those that counting gives, whatever happens.

use bookferry_store::{BulkMove, Error, Selection};
use bookferry_sync::company::Release;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::example::{accepted, actor, answer, at, company, enclose, hand_over, invoice, open_visit, payment, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(counts_are_true_after_whatever_happens, the_summary_says_what_is_there);

#[derive(Debug, Clone)]
enum Operation {
    HandOver { record: u8, dollars: u16 },
    Void { record: u8 },
    Bulk(usize),
    Event { record: u8, event: Event },
    Visit { limit: u32, lost: bool },
}

fn operation() -> impl Strategy<Value = Operation> {
    let event = prop_oneof![Just(Event::MarkReady), Just(Event::Exclude), Just(Event::SendChange), Just(Event::Retry)];
    prop_oneof![
        4 => (0..6_u8, 1..9_u16).prop_map(|(record, dollars)| Operation::HandOver { record, dollars }),
        1 => (0..6_u8).prop_map(|record| Operation::Void { record }),
        2 => (0..BulkMove::ALL.len()).prop_map(Operation::Bulk),
        2 => (0..6_u8, event).prop_map(|(record, event)| Operation::Event { record, event }),
        3 => (1..4_u32, any::<bool>()).prop_map(|(limit, lost)| Operation::Visit { limit, lost }),
    ]
}

async fn counts_are_true_after_whatever_happens(database: &TestDatabase) {
    let mut runner = TestRunner::deterministic();
    let histories = proptest::collection::vec(operation(), 1..30);
    for _ in 0..10 {
        let operations = histories.new_tree(&mut runner).expect("operations").current();
        let company = company(&database.store, Release::Automatic).await;
        for (index, operation) in (0_i64..).zip(&operations) {
            run_one(database, company, operation, 100 + index * 3600).await;
            assert_counts_are_true(database).await;
        }
    }
    let moved = database.raw_rows("SELECT DISTINCT to_status FROM history").await;
    assert!(moved.len() >= 6, "the operations reached too few statuses: {moved:?}");
    let lonely =
        "SELECT h.record_id FROM history AS h LEFT JOIN record AS r ON r.id = h.record_id AND r.company_id = h.company_id
         WHERE r.id IS NULL";
    assert!(database.raw_rows(lonely).await.is_empty(), "no line of history is without its record");
}

async fn run_one(database: &TestDatabase, company: CompanyId, operation: &Operation, second: i64) {
    let store = &database.store;
    match operation {
        Operation::HandOver { record, dollars } => {
            hand_over(store, company, &[(&external_id(*record), content(*record, *dollars))]).await;
        }
        Operation::Void { record } => {
            store.void(company, kind(*record), &external_id(*record), &actor(), at(second)).await.expect("voided");
        }
        Operation::Bulk(index) => {
            let everything = Selection::Ids(ids(database, company).await);
            let bulk = BulkMove::ALL[*index];
            store.move_records(company, &everything, bulk, &actor(), at(second)).await.expect("moved");
        }
        Operation::Event { record, event } => {
            let known = store.record_by_external_id(company, kind(*record), &external_id(*record)).await.expect("read");
            let Some(known) = known else { return };
            match store.apply_event(company, known.line.id, event.clone(), None, &actor(), at(second)).await {
                Ok(_) | Err(Error::Conflict { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        Operation::Visit { limit, lost } => visit(database, company, *limit, *lost, second).await,
    }
}

async fn visit(database: &TestDatabase, company: CompanyId, limit: u32, lost: bool, second: i64) {
    let store = &database.store;
    let ticket = open_visit(store, company, at(second)).await;
    let mut first = step(store, &ticket).await;
    let claimed = first.claimable(at(second), limit).await.expect("claimed");
    let key = enclose(&mut first, &claimed, 1, at(second)).await;
    first.commit().await.expect("committed");
    let mut last = step(store, &ticket).await;
    if !lost {
        let settled: Vec<_> = claimed.iter().map(accepted).collect();
        last.settle(key, &answer(&settled), at(second + 1)).await.expect("settled");
    }
    last.close("done", at(second + 2)).await.expect("closed");
    last.commit().await.expect("committed");
}

/// Compares the kept counts with a count, and what the store says with both.
pub(crate) async fn assert_counts_are_true(database: &TestDatabase) {
    let kept = "SELECT company_id, kind, status, CAST(record_count AS TEXT), CAST(sum_e5 AS TEXT) FROM queue_count
                WHERE record_count <> 0 OR sum_e5 <> 0 ORDER BY 1, 2, 3";
    let counted =
        "SELECT company_id, kind, status, CAST(COUNT(*) AS TEXT), CAST(CAST(SUM(amount_e5) AS BIGINT) AS TEXT)
                   FROM record GROUP BY company_id, kind, status ORDER BY 1, 2, 3";
    assert_eq!(database.raw_rows(kept).await, database.raw_rows(counted).await);
}

async fn ids(database: &TestDatabase, company: CompanyId) -> Vec<RecordId> {
    let page = database.store.records(company, &Default::default(), Default::default(), None, 100).await;
    page.expect("a page").lines.iter().map(|line| line.id).collect()
}

fn external_id(record: u8) -> String {
    format!("ext-{record}")
}

const fn kind(record: u8) -> RecordKind {
    if record < 4 { RecordKind::Invoice } else { RecordKind::Payment }
}

fn content(record: u8, dollars: u16) -> bookferry_sync::record::Content {
    let dollars = format!("{dollars}.00");
    match kind(record) {
        RecordKind::Invoice => invoice(&record.to_string(), &dollars),
        RecordKind::Payment => payment(&record.to_string(), &dollars, &["ext-0"]),
    }
}

async fn the_summary_says_what_is_there(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(
        store,
        company,
        &[("a", invoice("1", "10.50")), ("b", invoice("2", "1.25")), ("c", payment("3", "2.00", &[]))],
    )
    .await;
    let summary = store.summary(company).await.expect("a summary");
    let invoices = summary.of(RecordKind::Invoice, Status::Unsent);
    assert_eq!((invoices.count, invoices.sum_e5), (2, 1_175_000));
    assert_eq!(summary.of_status(Status::Unsent).count, 3);
    assert_eq!(summary.of_status(Status::Submitted).count, 0);
}
