//! Bulk moves are what the state machine says, for every state; and they touch nobody else's records.

use std::sync::Mutex;

use bookferry_store::{BulkMove, NewPerson, PersonsMove, RecordFilter, Role, Selection};
use bookferry_sync::company::Release;
use bookferry_sync::id::{PersonId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, Status};

use crate::counts::assert_counts_are_true;
use crate::example::{actor, at, company, hand_over, invoice, payment};
use crate::on_both;
use crate::states::{every_state, put};
use crate::test_database::TestDatabase;

on_both!(
    every_state_moves_as_the_state_machine_says,
    all_that_match_leaves_out_exceptions_and_what_was_not_seen,
    very_many_are_moved_a_portion_at_a_time,
);

/// One more than fits in a portion.
const VERY_MANY: usize = 10_001;

async fn every_state_moves_as_the_state_machine_says(database: &TestDatabase) {
    let store = &database.store;
    let states = every_state();
    let mut moved_in_all = 0;
    for bulk in BulkMove::ALL {
        let company = company(store, Release::Manual).await;
        let given: Vec<(String, Content)> =
            (0..states.len()).map(|index| (format!("inv-{index}"), invoice(&index.to_string(), "1.00"))).collect();
        let given: Vec<(&str, Content)> = given.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
        let records: Vec<RecordId> =
            hand_over(store, company, &given).await.iter().map(|answer| answer.record_id).collect();
        for (record, state) in records.iter().zip(&states) {
            put(database, *record, state).await;
        }
        let selection = Selection::Ids(records.clone());
        let moved = store.move_records(company, &selection, bulk, &actor(), at(40)).await.expect("moved");
        let mut expected = 0;
        for (record, before) in records.iter().zip(&states) {
            let view = store.record(company, *record).await.expect("read").expect("there");
            let after = before.clone().apply(event(bulk));
            expected += u64::from(after.is_ok());
            let newest = view.history.first().expect("a history");
            assert_eq!(view.record.line.state, after.clone().unwrap_or_else(|_| before.clone()), "{bulk:?} {before:?}");
            if let Ok(after) = after {
                assert_eq!(
                    (newest.event.as_str(), newest.to_status.as_str()),
                    (event(bulk).name(), after.status().as_str())
                );
                assert_eq!(newest.from_status.as_deref(), Some(before.status().as_str()));
            } else {
                assert_eq!(newest.event, "handed_over");
            }
        }
        assert_eq!(moved, expected, "{bulk:?}");
        moved_in_all += moved;
        assert_counts_are_true(database).await;
    }
    assert!(moved_in_all > 20);
}

async fn all_that_match_leaves_out_exceptions_and_what_was_not_seen(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let other = company(store, Release::Manual).await;
    let slice = [
        ("inv-1", invoice("1001", "10.00")),
        ("inv-2", invoice("1002", "20.00")),
        ("inv-3", invoice("2003", "30.00")),
        ("pay-1", payment("1004", "40.00", &[])),
    ];
    let records = hand_over(store, mine, &slice).await;
    let others = hand_over(store, other, &slice).await;
    let filter =
        RecordFilter { kinds: vec![RecordKind::Invoice], text: Some("100".to_owned()), ..RecordFilter::default() };
    let unseen = Selection::Matching { filter: filter.clone(), except: vec![], seen_until: Some(at(19)) };
    let moved = store.move_records(mine, &unseen, BulkMove::MarkReady, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 0, "nobody had seen these records");
    let seen = Selection::Matching { filter, except: vec![records[0].record_id], seen_until: Some(at(20)) };
    let moved = store.move_records(mine, &seen, BulkMove::MarkReady, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 1);
    let line = store.record(mine, records[1].record_id).await.expect("read").expect("there").record.line;
    assert_eq!(line.state.status(), Status::ReadyToSync);
    let foreign = Selection::Ids(vec![others[0].record_id]);
    let moved = store.move_records(mine, &foreign, BulkMove::MarkReady, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 0, "another company's record was moved");
}

async fn very_many_are_moved_a_portion_at_a_time(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let organization_id = store.company(company).await.expect("read").expect("there").organization_id;
    let ada = PersonId::new(at(0), &[7; 10]);
    let (role, password_hash, email) = (Role::Bookkeeper, "$argon2id$", "ada@example.com");
    let new = NewPerson { id: ada, organization_id, company_id: Some(company), email, role, password_hash };
    store.create_person(&new, at(0)).await.expect("a person");
    let slice: Vec<(String, Content)> =
        (0..VERY_MANY).map(|index| (format!("inv-{index}"), invoice(&index.to_string(), "1.00"))).collect();
    let mut first = None;
    for slice in slice.chunks(1_000) {
        let slice: Vec<(&str, Content)> = slice.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
        let handed_over = hand_over(store, company, &slice).await;
        first = first.or(handed_over.first().map(|answer| answer.record_id));
    }
    let everything = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    let twice = [Selection::Ids(first.into_iter().collect()), everything.clone()];
    let told = Mutex::new(Vec::new());
    let actor = actor();
    let ready = PersonsMove {
        company,
        parts: &twice,
        bulk: BulkMove::MarkReady,
        actor: &actor,
        noted: Some((ada, "ready")),
        at: at(50),
    };
    let moved = store.move_for_person(ready, |moved, of| told.lock().expect("whole").push((moved, of))).await;
    assert_eq!(moved.expect("moved"), 10_001, "what was selected twice is moved once");
    assert_eq!(told.into_inner().expect("whole"), [(1, 10_002), (10_000, 10_002), (10_001, 10_002)]);
    let last = store.last_move(ada, company).await.expect("read").expect("noted");
    assert_eq!((last.deed.as_str(), last.at, last.record_count), ("ready", at(50), 10_001));
    assert_counts_are_true(database).await;
    let undo = [Selection::MovedAt { status: Status::ReadyToSync, at: at(50) }];
    let undo = PersonsMove { parts: &undo, bulk: BulkMove::MarkUnsent, noted: None, at: at(60), ..ready };
    assert_eq!(store.move_for_person(undo, |_, _| {}).await.expect("moved"), 10_001);
}

const fn event(bulk: BulkMove) -> Event {
    match bulk {
        BulkMove::AddOlder => Event::AddOlder,
        BulkMove::HoldBack => Event::HoldBack,
        BulkMove::MarkReady => Event::MarkReady,
        BulkMove::MarkUnsent => Event::MarkUnsent,
        BulkMove::Exclude => Event::Exclude,
        BulkMove::Include => Event::Include,
        BulkMove::Retry => Event::Retry,
        BulkMove::SendChange => Event::SendChange,
        BulkMove::KeepQuickBooks => Event::KeepQuickBooks,
        BulkMove::HoldForReview => Event::HeldForReview,
    }
}
