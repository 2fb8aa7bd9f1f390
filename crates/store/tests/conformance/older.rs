//! Older records: counted, told from what stands in QuickBooks already, added once, and taken back.

use bookferry_store::{BulkMove, OlderTotal, RecordFilter, Selection, Total};
use bookferry_sync::company::Release;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Posted, State, Status};

use crate::example::{actor, at, company, hand_over, invoice, payment};
use crate::on_both;
use crate::states::put;
use crate::test_database::TestDatabase;

on_both!(
    what_seems_to_be_in_quickbooks_is_told_and_left_out,
    adding_older_records_again_adds_nothing_and_undo_takes_back
);

async fn what_seems_to_be_in_quickbooks_is_told_and_left_out(database: &TestDatabase) {
    let store = &database.store;
    let (mine, other) = (company(store, Release::Manual).await, company(store, Release::Manual).await);
    let dollars = 100_000;
    let older = [
        ("old-1", invoice("1001", "10.00")),
        ("old-2", invoice("1002", "20.00")),
        ("old-3", invoice("01003", "30.00")),
        ("old-4", invoice("1004", "41.00")),
        ("old-5", invoice("1005", "50.00")),
        ("old-6", payment("1001", "10.00", &[])),
    ];
    held_back(database, mine, &older).await;
    // Of these only the first is the same: another number, another amount, not submitted, another kind.
    let newer = [
        ("new-1", invoice("1001", "10.00")),
        ("new-3", invoice("1003", "30.00")),
        ("new-4", invoice("1004", "40.00")),
        ("new-5", invoice("1005", "50.00")),
    ];
    let records = hand_over(store, mine, &newer).await;
    for record in &records[..3] {
        put(database, record.record_id, &submitted()).await;
    }
    let others = hand_over(store, other, &[("new-2", invoice("1002", "20.00"))]).await;
    put(database, others[0].record_id, &submitted()).await;

    let filter = RecordFilter::default();
    let totals = store.older_totals(mine, &filter).await.expect("totals");
    let total = |count, sum: i64| Total { count, sum_e5: sum * dollars };
    assert_eq!(
        totals,
        [
            (RecordKind::Invoice, OlderTotal { found: total(5, 151), twins: total(1, 10) }),
            (RecordKind::Payment, OlderTotal { found: total(1, 10), twins: total(0, 0) }),
        ]
    );
    let twins = store.older_twins(mine, &filter, 10).await.expect("twins");
    let told: Vec<_> = twins.iter().map(|twin| (twin.number.as_str(), twin.twin_external_id.as_str())).collect();
    assert_eq!(told, [("1001", "new-1")]);
    assert_eq!(store.older_twins(mine, &filter, 0).await.expect("twins"), []);
    let later = RecordFilter { from: Some("2026-11-03".parse().expect("a date")), ..RecordFilter::default() };
    let totals = store.older_totals(mine, &later).await.expect("totals");
    assert_eq!(totals.iter().map(|(_, total)| total.found.count).collect::<Vec<_>>(), [0, 1], "by their own dates");

    let filter = RecordFilter { statuses: vec![Status::HeldBack], ..filter };
    let selection = Selection::WithoutTwins { filter, seen_until: None };
    let moved = store.move_records(mine, &selection, BulkMove::AddOlder, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 5);
    assert_eq!(store.summary(mine).await.expect("a summary").of_status(Status::HeldBack), total(1, 10));
}

async fn adding_older_records_again_adds_nothing_and_undo_takes_back(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    held_back(database, mine, &[("old-1", invoice("1001", "10.00")), ("old-2", invoice("1002", "20.00"))]).await;
    let filter = RecordFilter { statuses: vec![Status::HeldBack], ..RecordFilter::default() };
    let unseen = Selection::WithoutTwins { filter: filter.clone(), seen_until: Some(at(19)) };
    let moved = store.move_records(mine, &unseen, BulkMove::AddOlder, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 0, "nobody had seen these records");
    let selection = Selection::WithoutTwins { filter, seen_until: None };
    for (expected, seconds) in [(2, 50), (0, 60)] {
        let moved = store.move_records(mine, &selection, BulkMove::AddOlder, &actor(), at(seconds)).await;
        assert_eq!(moved.expect("moved"), expected);
    }
    let undo = Selection::MovedAt { status: Status::Unsent, at: at(50) };
    let back = store.move_records(mine, &undo, BulkMove::HoldBack, &actor(), at(70)).await.expect("moved");
    assert_eq!(back, 2);
    assert_eq!(store.summary(mine).await.expect("a summary").of_status(Status::HeldBack).count, 2);
}

async fn held_back(database: &TestDatabase, company: CompanyId, given: &[(&str, Content)]) -> Vec<RecordId> {
    let records = hand_over(&database.store, company, given).await;
    for record in &records {
        put(database, record.record_id, &State::HeldBack).await;
    }
    records.iter().map(|record| record.record_id).collect()
}

fn submitted() -> State {
    State::Submitted(Posted { txn_id: "T-1".to_owned(), edit_sequence: "7".to_owned(), revision: 1 })
}
