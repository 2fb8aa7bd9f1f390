//! Taking records in.

use bookferry_store::{HandOver, Outcome};
use bookferry_sync::company::Release;
use bookferry_sync::id::RecordId;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;

use crate::example::{actor, at, company, entropy, hand_over, invoice};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    the_same_content_again_changes_nothing,
    one_record_may_come_several_times_in_a_slice,
    a_clock_that_goes_back_holds_nothing_back,
    what_was_void_lives_again_by_a_new_revision
);

async fn the_same_content_again_changes_nothing(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let first = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    let again = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    assert_eq!(first[0].outcome, Outcome::Created);
    assert_eq!(again[0].outcome, Outcome::Unchanged);
    assert_eq!((again[0].record_id, again[0].revision), (first[0].record_id, 1));
    assert_eq!(again[0].status, Status::Unsent);
}

async fn one_record_may_come_several_times_in_a_slice(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let slice = [
        ("inv-1", invoice("1", "250.00")),
        ("inv-1", invoice("1", "260.00")),
        ("inv-1", invoice("1", "260.00")),
        ("inv-1", invoice("1", "270.00")),
    ];
    let answers = hand_over(store, company, &slice).await;
    let outcomes: Vec<_> = answers.iter().map(|answer| (answer.outcome, answer.revision)).collect();
    let expected = [(Outcome::Created, 1), (Outcome::Changed, 2), (Outcome::Unchanged, 2), (Outcome::Changed, 3)];
    assert_eq!(outcomes, expected);
    assert!(answers.iter().all(|answer| answer.status == Status::ReadyToSync));
}

/// What does not say when it was created is created as it is handed over, which is after sync was enabled.
async fn a_clock_that_goes_back_holds_nothing_back(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let Content::Invoice(mut undated) = invoice("1", "250.00") else { unreachable!("it is an invoice") };
    undated.created_at = None;
    let content = Content::Invoice(undated);
    let given = HandOver { id_if_new: RecordId::new(at(0), &entropy()), external_id: "inv-1", content: &content };
    let taken = store.hand_over(company, &[given], &actor(), at(-7_200)).await.expect("taken");
    assert_eq!(taken[0].status, Status::Unsent);
}

async fn what_was_void_lives_again_by_a_new_revision(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    let void = async || {
        store.void(company, RecordKind::Invoice, "inv-1", &actor(), at(30)).await.expect("voided").expect("known")
    };
    let voided = void().await;
    assert_eq!((voided.outcome, voided.status, voided.revision), (Outcome::Changed, Status::Excluded, 2));
    let again = void().await;
    assert_eq!((again.outcome, again.revision), (Outcome::Unchanged, 2));
    let back = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    assert_eq!((back[0].outcome, back[0].status, back[0].revision), (Outcome::Changed, Status::Unsent, 3));
}
