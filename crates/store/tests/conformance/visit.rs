//! Visits, step by step: written before it is sent, settled once, and nothing forgotten when an answer is lost.

use bookferry_store::{Answer, Error, MessageSetState, NewVisit, Opened};
use bookferry_sync::cause::Cause;
use bookferry_sync::company::Release;
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::VisitId;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::plan::Knowledge;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};

use crate::example::{
    accepted, actor, answer, at, company, enclose, entropy, hand_over, hash, invoice, open_visit, payment,
    read_all_lists, settled, step,
};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    a_payment_waits_for_its_invoice_and_then_goes,
    a_step_that_is_not_committed_never_happened,
    a_message_set_is_settled_once_and_as_a_whole,
    a_lost_answer_is_kept_for_recovery,
    what_is_put_off_waits_and_is_counted,
    a_newer_revision_is_not_sent_as_the_old_one,
    absence_counts_only_in_the_visit_that_found_it,
    a_dead_visit_expires_and_a_closed_one_stays_closed,
    one_record_is_moved_only_as_it_was_seen
);

async fn a_payment_waits_for_its_invoice_and_then_goes(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let slice = [("pay-1", payment("881", "250.00", &["inv-1"])), ("inv-1", invoice("1", "250.00"))];
    let records = hand_over(store, company, &slice).await;
    assert!(store.has_work(company, at(60)).await.expect("an answer"));
    let awaited = store.waits_for(company, &[records[0].record_id]).await.expect("an answer");
    assert_eq!(awaited[0].invoice, Some((records[1].record_id, "1".to_owned())));

    let ticket = open_visit(store, company, at(60)).await;
    let mut first = step(store, &ticket).await;
    let claimed = first.claimable(at(60), 100).await.expect("claimed");
    assert_eq!(claimed.iter().map(|claimed| claimed.kind).collect::<Vec<_>>(), [RecordKind::Invoice]);
    let key = enclose(&mut first, &claimed, 1, at(60)).await;
    first.save_session("{\"exchange\":1}", at(60));
    first.commit().await.expect("committed");

    let mut second = step(store, &ticket).await;
    assert_eq!(second.visit.session, "{\"exchange\":1}");
    assert!(second.claimable(at(61), 100).await.expect("claimed").is_empty());
    second.settle(key, &answer(&[accepted(&claimed[0])]), at(61)).await.expect("settled");
    let next = second.claimable(at(61), 100).await.expect("claimed");
    let expected = ("inv-1".to_owned(), Some(format!("T-{}", claimed[0].record_id)));
    assert_eq!(next.iter().map(|next| next.applied.clone()).collect::<Vec<_>>(), [[expected]]);
    second.commit().await.expect("committed");
    assert!(store.waits_for(company, &[records[0].record_id]).await.expect("an answer").is_empty());
}

async fn a_step_that_is_not_committed_never_happened(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
    let ticket = open_visit(store, company, at(60)).await;
    let mut lost = step(store, &ticket).await;
    let claimed = lost.claimable(at(60), 100).await.expect("claimed");
    enclose(&mut lost, &claimed, 1, at(60)).await;
    drop(lost);
    let view = store.record(company, record).await.expect("read").expect("there");
    assert_eq!(view.record.line.state.status(), Status::ReadyToSync);
    assert!(view.attempts.is_empty());
}

async fn a_message_set_is_settled_once_and_as_a_whole(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    hand_over(store, company, &[("a", invoice("1", "1.00")), ("b", invoice("2", "2.00"))]).await;
    let ticket = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &ticket).await;
    let claimed = visit.claimable(at(60), 100).await.expect("claimed");
    let key = enclose(&mut visit, &claimed, 1, at(60)).await;
    visit.commit().await.expect("committed");

    let one = [accepted(&claimed[0])];
    let both = [accepted(&claimed[0]), accepted(&claimed[1])];
    let refused = step(store, &ticket).await.settle(key, &answer(&one), at(61)).await;
    assert!(matches!(refused, Err(Error::RowCount { .. })), "a record was left behind: {refused:?}");
    let mut visit = step(store, &ticket).await;
    visit.settle(key, &Answer { is_partial: true, ..answer(&one) }, at(61)).await.expect("settled in part");
    assert_eq!(visit.open_attempts(key).await.expect("read").len(), 1);
    drop(visit);
    let mut visit = step(store, &ticket).await;
    visit.settle(key, &answer(&both), at(61)).await.expect("settled");
    visit.commit().await.expect("committed");
    let again = step(store, &ticket).await.settle(key, &answer(&both), at(62)).await;
    assert!(matches!(again, Err(Error::RowCount { .. })), "it was settled twice: {again:?}");
    assert_eq!(step(store, &ticket).await.visit.submitted_count, 2);
}

async fn a_lost_answer_is_kept_for_recovery(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
    let first = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &first).await;
    let claimed = visit.claimable(at(60), 100).await.expect("claimed");
    let key = enclose(&mut visit, &claimed, 1, at(60)).await;
    visit.commit().await.expect("committed");

    let new = NewVisit {
        id: VisitId::new(at(70), &entropy()),
        company_id: company,
        ticket_hash: &hash("2"),
        session: "{}",
        client: "",
    };
    let busy = store.open_visit(&new, |open| open.last_call_at < at(50), at(70)).await.expect("an answer");
    assert!(matches!(busy, Opened::Busy(open) if open.last_call_at == at(60)));
    let opened = store.open_visit(&new, |open| open.last_call_at < at(65), at(70)).await.expect("an answer");
    assert_eq!(opened, Opened::Open { unconfirmed: 1 });
    let view = store.record(company, record).await.expect("read").expect("there");
    assert_eq!(view.record.line.state.status(), Status::Unconfirmed);
    assert!(store.has_work(company, at(70)).await.expect("an answer"));

    let mut visit = step(store, &hash("2")).await;
    let unsettled = visit.unsettled_message_sets(10).await.expect("read");
    assert_eq!(unsettled.iter().map(|set| set.key).collect::<Vec<_>>(), [key]);
    visit.settle(key, &answer(&[accepted(&claimed[0])]), at(71)).await.expect("settled by recovery");
    read_all_lists(&mut visit, at(71)).await;
    visit.close("done", at(72)).await.expect("closed");
    visit.commit().await.expect("committed");
    let set = store.message_set(company, key).await.expect("read").expect("there");
    assert_eq!((set.message_set.state, set.request_xml.as_str()), (MessageSetState::Settled, "<QBXML/>"));
    let view = store.record(company, record).await.expect("read").expect("there");
    let events: Vec<_> = view.history.iter().rev().map(|line| line.event.as_str()).collect();
    assert_eq!(events, ["handed_over", "enclosed", "answer_lost", "accepted"]);
    assert!(!store.has_work(company, at(72)).await.expect("an answer"));
    assert_eq!(store.visits(company, None, 10).await.expect("read").len(), 2);
}

async fn what_is_put_off_waits_and_is_counted(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    let ticket = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &ticket).await;
    let claimed = visit.claimable(at(60), 100).await.expect("claimed");
    let key = enclose(&mut visit, &claimed, 1, at(60)).await;
    let mut later = settled(claimed[0].record_id, Event::Postponed);
    later.retry_at = Some(at(600));
    visit.settle(key, &answer(&[later]), at(61)).await.expect("settled");
    assert!(visit.claimable(at(599), 100).await.expect("claimed").is_empty());
    let again = visit.claimable(at(600), 100).await.expect("claimed");
    assert_eq!(again[0].attempt_count, 1);
    visit.refuse(&[(again[0].record_id, Cause::new("customer_missing", "…", ""))], at(600)).await.expect("refused");
    read_all_lists(&mut visit, at(600)).await;
    visit.commit().await.expect("committed");
    assert!(!store.has_work(company, at(600)).await.expect("an answer"));
    let groups = store.attention_groups(company, at(1_000)).await.expect("groups");
    assert_eq!((groups[0].cause_code.as_deref(), groups[0].total.count), (Some("customer_missing"), 1));
}

async fn a_newer_revision_is_not_sent_as_the_old_one(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    let ticket = open_visit(store, company, at(60)).await;
    let claimed = step(store, &ticket).await.claimable(at(60), 100).await.expect("claimed");
    hand_over(store, company, &[("inv-1", invoice("1", "260.00"))]).await;
    let mut visit = step(store, &ticket).await;
    let new = bookferry_store::NewMessageSet {
        key: bookferry_sync::id::MessageSetKey::new(at(60), &entropy()),
        message_set_id: "once",
        exchange: 1,
        request_xml: "<QBXML/>",
        purposes: "[]",
        is_write: true,
    };
    let enclosure = bookferry_store::Enclosure {
        record_id: claimed[0].record_id,
        revision: claimed[0].revision,
        request_id: "0".to_owned(),
    };
    let refused = visit.enclose(&new, &[enclosure], at(61)).await;
    assert!(matches!(refused, Err(Error::Stale { .. })), "{refused:?}");
}

async fn absence_counts_only_in_the_visit_that_found_it(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let names = ["Müller  Auto", "Nobody", "Never asked"].map(|name| (ListKind::Customer, NameKey::of(name)));
    let there = ListEntry {
        list: ListKind::Customer,
        full_name: "müller auto".to_owned(),
        list_id: "80-1".to_owned(),
        is_active: true,
        facts: EntryFacts::default(),
    };
    let first = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &first).await;
    let key = enclose(&mut visit, &[], 1, at(60)).await;
    let learned = Answer {
        response_xml: Some(""),
        present: std::slice::from_ref(&there),
        absent: &[names[0].clone(), names[1].clone()],
        ..Answer::default()
    };
    visit.settle(key, &learned, at(61)).await.expect("settled");
    let known = visit.known(&names).await.expect("known");
    assert_eq!(known.get(&names[0]), Some(&Knowledge::Present(there.clone())));
    assert_eq!(known.get(&names[1]), Some(&Knowledge::Absent));
    assert_eq!(known.get(&names[2]), None);
    visit.close("done", at(62)).await.expect("closed");
    visit.commit().await.expect("committed");

    let second = open_visit(store, company, at(660)).await;
    let mut visit = step(store, &second).await;
    let known = visit.known(&names).await.expect("known");
    assert_eq!(known.len(), 1);
    visit.forget(ListKind::Customer, &names[0].1).await.expect("forgotten");
    assert!(visit.known(&names).await.expect("known").is_empty());
    drop(visit);
    let entries = store.list_entries(company, ListKind::Customer, "", None, 10).await.expect("entries");
    assert_eq!(entries, [there]);
}

async fn a_dead_visit_expires_and_a_closed_one_stays_closed(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let ticket = open_visit(store, company, at(60)).await;
    assert_eq!(store.expire_visit(company, at(60), at(90)).await.expect("an answer"), None);
    assert!(store.expire_visit(company, at(61), at(90)).await.expect("an answer").is_some());
    let mut visit = step(store, &ticket).await;
    assert_eq!(visit.visit.closed_at, Some(at(90)));
    visit.close("again", at(100)).await.expect("nothing to do");
    visit.commit().await.expect("committed");
    let line = &store.visits(company, None, 1).await.expect("visits")[0];
    assert_eq!(line.visit.outcome.as_deref(), Some("no call came any more"));
    assert_eq!(store.open_visit_of(company).await.expect("an answer"), None);
}

async fn one_record_is_moved_only_as_it_was_seen(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
    let version = store.record(company, record).await.expect("read").expect("there").record.line.version;
    let ready = store.apply_event(company, record, Event::MarkReady, Some(version), &actor(), at(30)).await;
    assert_eq!(ready.expect("moved").status(), Status::ReadyToSync);
    let stale = store.apply_event(company, record, Event::MarkUnsent, Some(version), &actor(), at(31)).await;
    assert!(matches!(stale, Err(Error::Stale { .. })));
    let conflict = store.apply_event(company, record, Event::Retry, None, &actor(), at(31)).await;
    assert!(matches!(conflict, Err(Error::Conflict { .. })));
}
