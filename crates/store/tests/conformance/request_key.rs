//! A request with a key is done once, and answered the same each time.

use bookferry_store::{BulkMove, KeptAnswer, RecordFilter, RequestStart, Selection};
use bookferry_sync::company::Release;

use crate::example::{actor, at, company, hand_over, invoice};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    a_key_is_taken_once_and_its_answer_is_kept,
    what_was_cut_off_is_done_anew_unless_it_moved_records,
    two_that_run_after_all_do_not_both_move
);

const DAY: i64 = 24 * 60 * 60;

async fn a_key_is_taken_once_and_its_answer_is_kept(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let other = company(store, Release::Manual).await;
    assert_eq!(store.begin_request(mine, "k", at(0)).await.expect("begun"), RequestStart::Anew);
    assert_eq!(store.begin_request(mine, "k", at(1)).await.expect("begun"), RequestStart::UnderWay);
    assert_eq!(store.begin_request(other, "k", at(1)).await.expect("begun"), RequestStart::Anew);
    let answer = KeptAnswer {
        fingerprint: vec![7; 32],
        status: 200,
        content_type: "application/json".to_owned(),
        body: b"{\"changed\":1}".to_vec(),
    };
    store.answer_request(mine, "k", &answer).await.expect("kept");
    let later = store.begin_request(mine, "k", at(29 * DAY)).await.expect("begun");
    assert_eq!(later, RequestStart::Answered(answer.clone()));
    store.forget_request(mine, "k").await.expect("nothing to forget");
    assert_eq!(store.begin_request(mine, "k", at(30 * DAY)).await.expect("begun"), RequestStart::Answered(answer));
    assert_eq!(store.begin_request(mine, "k", at(31 * DAY)).await.expect("begun"), RequestStart::Anew);
    store.forget_request(mine, "k").await.expect("forgotten");
    assert_eq!(store.begin_request(mine, "k", at(31 * DAY)).await.expect("begun"), RequestStart::Anew);
}

async fn what_was_cut_off_is_done_anew_unless_it_moved_records(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(store, company, &[("inv-1", invoice("1", "10.00"))]).await;
    for key in ["idle", "moved"] {
        assert_eq!(store.begin_request(company, key, at(0)).await.expect("begun"), RequestStart::Anew);
    }
    let all = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    let ready = BulkMove::MarkReady;
    let moved = store.move_records_for_request(company, "moved", &all, ready, &actor(), at(1)).await;
    assert_eq!(moved.expect("moved"), 1);
    store.forget_request(company, "moved").await.expect("it is not forgotten");
    assert_eq!(store.begin_request(company, "idle", at(61)).await.expect("begun"), RequestStart::Anew);
    assert_eq!(store.begin_request(company, "idle", at(62)).await.expect("begun"), RequestStart::UnderWay);
    assert_eq!(store.begin_request(company, "moved", at(61)).await.expect("begun"), RequestStart::Moved(1));
}

async fn two_that_run_after_all_do_not_both_move(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(store, company, &[("inv-1", invoice("1", "10.00"))]).await;
    let all = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    store.begin_request(company, "k", at(0)).await.expect("begun");
    for bulk in [BulkMove::MarkReady, BulkMove::MarkUnsent] {
        let moved = store.move_records_for_request(company, "k", &all, bulk, &actor(), at(1)).await;
        assert_eq!(moved.is_ok(), bulk == BulkMove::MarkReady);
    }
    let all = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    let taken_back = store.move_records(company, &all, BulkMove::MarkUnsent, &actor(), at(2)).await;
    assert_eq!(taken_back.expect("moved"), 1, "it was still ready");
}
