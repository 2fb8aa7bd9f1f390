//! Corrections that people make here, what the application says meanwhile, and taking back.

use bookferry_store::{Mending, Outcome, Store, Unlearned, Waiting};
use bookferry_sync::cause::Cause;
use bookferry_sync::company::Release;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::Content;
use bookferry_sync::submission::{Event, Status};

use crate::example::{actor, at, company, hand_over, invoice};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    a_correction_goes_and_is_taken_back_until_something_else_happens,
    what_the_application_repeats_leaves_a_correction_and_what_it_changes_does_not,
    records_wait_by_their_cause_as_they_were_seen
);

async fn a_correction_goes_and_is_taken_back_until_something_else_happens(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let ids = refused(store, mine, &["1", "2"]).await;
    for (id, number) in ids.iter().zip(["1-short", "2-short"]) {
        correct(store, mine, *id, invoice(number, "1.00")).await;
    }
    let record = view(store, mine, ids[0]).await;
    assert_eq!((record.line.state.status(), record.line.number.as_str()), (Status::ReadyToSync, "1-short"));
    assert!(record.made_here && record.line.revision == 2);
    let last = store.last_mending(mine, ids[0]).await.expect("read").expect("it can be taken back");
    assert_eq!((last.deed.as_str(), last.at), ("correct", at(50)));

    store.apply_event(mine, ids[1], Event::MarkUnsent, None, &actor(), at(60)).await.expect("moved");
    assert_eq!(store.mended_at(mine, at(50)).await.expect("counted"), 1);
    let (taken_back, names) = store.take_back(mine, at(50), None, &actor(), at(70)).await.expect("taken back");
    assert_eq!((taken_back, names), (1, Unlearned::Nothing));
    let record = view(store, mine, ids[0]).await;
    assert_eq!((record.line.state.status(), record.line.number.as_str()), (Status::NeedsAttention, "1"));
    assert_eq!(record.line.revision, 3, "revisions only grow");
    assert_eq!(view(store, mine, ids[1]).await.line.number, "2-short");
    assert_eq!(store.take_back(mine, at(50), None, &actor(), at(80)).await.expect("nothing left").0, 0);
}

async fn what_the_application_repeats_leaves_a_correction_and_what_it_changes_does_not(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let ids = refused(store, mine, &["1"]).await;
    correct(store, mine, ids[0], invoice("1-short", "1.00")).await;
    for same in [invoice("1", "1.00"), invoice("1-short", "1.00")] {
        let answer = hand_over(store, mine, &[("inv-1", same)]).await;
        assert_eq!((answer[0].outcome, answer[0].revision), (Outcome::Unchanged, 2));
    }
    let answer = hand_over(store, mine, &[("inv-1", invoice("1", "9.00"))]).await;
    assert_eq!((answer[0].outcome, answer[0].revision), (Outcome::Changed, 3));
    let record = view(store, mine, ids[0]).await;
    assert!(!record.made_here && record.line.number == "1");
    assert_eq!(store.last_mending(mine, ids[0]).await.expect("read"), None, "it cannot be taken back any more");
}

async fn records_wait_by_their_cause_as_they_were_seen(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let ids = refused(store, mine, &["1", "2", "3"]).await;
    let waiting = Waiting { attention: "error".into(), cause_code: Some("too_long".into()), seen_until: at(45) };
    let first = store.waiting(mine, &waiting, 0, 2).await.expect("read");
    assert_eq!(first.iter().map(|record| record.line.id).collect::<Vec<_>>(), ids[..2]);
    let rest = store.waiting(mine, &waiting, first[1].line.seq, 2).await.expect("read");
    assert_eq!(rest.len(), 1);
    for other in [
        Waiting { cause_code: None, ..waiting.clone() },
        Waiting { attention: "updated".into(), ..waiting.clone() },
        Waiting { seen_until: at(39), ..waiting },
    ] {
        assert!(store.waiting(mine, &other, 0, 2).await.expect("read").is_empty(), "{other:?}");
    }
}

/// Invoices with these numbers that were refused, at 40.
async fn refused(store: &Store, company: CompanyId, numbers: &[&str]) -> Vec<RecordId> {
    let mut ids = Vec::new();
    for number in numbers {
        let external_id = format!("inv-{number}");
        let taken = hand_over(store, company, &[(external_id.as_str(), invoice(number, "1.00"))]).await;
        let id = taken[0].record_id;
        for event in [Event::MarkReady, Event::Refused(Cause::new("too_long", "It is too long.", ""))] {
            store.apply_event(company, id, event, None, &actor(), at(40)).await.expect("moved");
        }
        ids.push(id);
    }
    ids
}

async fn correct(store: &Store, company: CompanyId, id: RecordId, content: Content) {
    let version = view(store, company, id).await.line.version;
    let mending = Mending { id, version, event: Event::Corrected, content: Some(content) };
    let stale = Mending { version: version - 1, ..mending.clone() };
    assert_eq!(store.mend(company, "correct", &[stale], &actor(), at(50)).await.expect("an answer"), 0);
    assert_eq!(store.mend(company, "correct", &[mending], &actor(), at(50)).await.expect("mended"), 1);
}

async fn view(store: &Store, company: CompanyId, id: RecordId) -> bookferry_store::RecordContent {
    store.record(company, id).await.expect("read").expect("there").record
}
