//! PostgreSQL, where a step of a visit holds nothing until it writes: whatever comes between its reading and its writing, it
//! writes nothing that rests on what is no longer so.

use bookferry_store::{Error, Store, VisitStep};
use bookferry_sync::company::{Books, Release, Settings};
use bookferry_sync::id::CompanyId;
use bookferry_sync::submission::{Event, Status};

use crate::example::{accepted, actor, answer, at, company, enclose, hand_over, invoice, open_visit, step};
use crate::test_database::{TestDatabase, on_postgres};

#[test]
fn by_another_step_of_the_visit() {
    overtaken(async |store, company, ticket_hash| {
        let mut other = step(store, ticket_hash).await;
        other.save_session("{\"exchange\":1}", at(61));
        other.commit().await.expect("committed");
        assert_eq!(step(store, ticket_hash).await.visit.session, "{\"exchange\":1}");
        assert_eq!(store.open_visit_of(company).await.expect("read").map(|open| open.last_call_at), Some(at(61)));
    });
}

#[test]
fn by_a_step_that_writes_more_than_one_statement() {
    overtaken(async |store, _, ticket_hash| {
        let mut other = step(store, ticket_hash).await;
        other.set_books(&Books { company_file: "C:\\moved.qbw".to_owned(), ..Books::default() }).await.expect("bound");
        other.commit().await.expect("committed");
    });
}

#[test]
fn by_a_new_revision_of_a_record() {
    overtaken(async |store, company, _| {
        hand_over(store, company, &[("inv-1", invoice("1", "260.00"))]).await;
    });
}

#[test]
fn by_somebody_who_keeps_a_record_back() {
    overtaken(async |store, company, ticket_hash| {
        let record = step(store, ticket_hash).await.claimable(at(60), 1).await.expect("claimed")[0].record_id;
        store.apply_event(company, record, Event::MarkUnsent, None, &actor(), at(61)).await.expect("moved");
    });
}

#[test]
fn by_other_rules_of_the_company() {
    overtaken(async |store, company, _| {
        let settings = Settings { release: Release::Manual, ..Settings::default() };
        store.update_settings(company, &settings, &actor(), at(61)).await.expect("kept");
    });
}

#[test]
fn by_whoever_takes_the_visit_for_dead() {
    overtaken(async |store, company, _| {
        assert!(store.expire_visit(company, at(90), at(90)).await.expect("an answer").is_some());
    });
}

#[test]
fn an_answer_is_settled_once_by_two_steps_at_a_time() {
    on_postgres(async |database| {
        let store = &database.store;
        let company = company(store, Release::Automatic).await;
        hand_over(store, company, &[("inv-1", invoice("1", "250.00")), ("inv-2", invoice("2", "250.00"))]).await;
        let ticket_hash = open_visit(store, company, at(60)).await;
        let mut sending = step(store, &ticket_hash).await;
        let claimed = sending.claimable(at(60), 1).await.expect("claimed");
        let key = enclose(&mut sending, &claimed, 1, at(60)).await;
        sending.commit().await.expect("committed");

        let mut steps = Vec::new();
        for _ in 0..2 {
            let mut step = step(store, &ticket_hash).await;
            step.message_set(1, at(61)).await.expect("read").expect("there");
            step.settle(key, &answer(&[accepted(&claimed[0])]), at(61)).await.expect("settled");
            steps.push(step);
        }
        let second = steps.pop().expect("two");
        steps.pop().expect("two").commit().await.expect("committed");
        assert!(matches!(second.commit().await, Err(Error::Overtaken { .. })));
        let view = store.record(company, claimed[0].record_id).await.expect("read").expect("there");
        let events: Vec<&str> = view.history.iter().map(|line| line.event.as_str()).collect();
        assert_eq!(events, ["accepted", "enclosed", "handed_over"]);
    });
}

/// Events are read by the numbers of their lines, so that lines must be numbered in the order in which they are committed.
#[test]
fn a_step_that_waits_for_the_company_numbers_its_history_afterwards() {
    on_postgres(async |database| {
        let store = &database.store;
        let company = company(store, Release::Automatic).await;
        let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
        let ticket_hash = open_visit(store, company, at(60)).await;
        let step = planned(store, &ticket_hash).await;
        let mut other = database.raw_transaction().await;
        other.execute(&format!("SELECT 1 FROM company WHERE id = '{company}' FOR NO KEY UPDATE")).await;
        let mut committed = tokio::spawn(step.commit());
        database.wait_for_a_waiter(&mut committed).await;
        other
            .execute(&format!(
                "INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, to_status)
                 VALUES ('{company}', '{record}', 0, 'other', 'api', 'noted', 'ready_to_sync')"
            ))
            .await;
        other.commit().await;
        committed.await.expect("no panic").expect("committed");
        let events = database.raw_rows("SELECT event FROM history ORDER BY seq").await;
        let events: Vec<&str> = events.iter().filter_map(|row| row[0].as_deref()).collect();
        assert_eq!(events, ["handed_over", "noted", "enclosed"]);
    });
}

/// A step that has planned a message set is overtaken before it commits, or before it takes the company for itself: nothing
/// of it is written.
fn overtaken(by: impl AsyncFn(&Store, CompanyId, &[u8; 32])) {
    on_postgres(async |database| {
        let store = &database.store;
        let company = company(store, Release::Automatic).await;
        let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
        let ticket_hash = open_visit(store, company, at(60)).await;
        let (first, mut second) = (planned(store, &ticket_hash).await, planned(store, &ticket_hash).await);
        by(store, company, &ticket_hash).await;
        let before = everything(database).await;

        let refused = first.commit().await.expect_err("it rests on what is no longer so");
        assert!(matches!(refused, Error::Overtaken { .. }), "{refused:?}");
        let refused = second.note_doubt().await.expect_err("so does the other");
        assert!(refused.may_be_overtaken(), "{refused:?}");
        drop(second);
        assert_eq!(everything(database).await, before);
        let view = store.record(company, record).await.expect("read").expect("there");
        assert_ne!(view.record.line.state.status(), Status::Sending);
    });
}

async fn planned(store: &Store, ticket_hash: &[u8; 32]) -> VisitStep {
    let mut step = step(store, ticket_hash).await;
    let claimed = step.claimable(at(60), 100).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    enclose(&mut step, &claimed, 1, at(60)).await;
    step
}

async fn everything(database: &TestDatabase) -> Vec<Vec<Option<String>>> {
    let mut rows = Vec::new();
    for table in ["company", "visit", "record", "message_set", "attempt", "history", "queue_count"] {
        rows.extend(database.raw_rows(&format!("SELECT CAST(t AS TEXT) FROM {table} AS t ORDER BY 1")).await);
    }
    rows
}
