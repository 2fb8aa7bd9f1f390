//! What belongs to a person: views, the last move; and what is told of people: roles, deeds.

use bookferry_store::{
    Actor, BulkMove, DeedFilter, LastMove, NewPerson, PersonDeedKind, RecordFilter, Role, SavedView, Selection, Store,
};
use bookferry_sync::company::Release;
use bookferry_sync::id::{CompanyId, OrganizationId, PersonId};
use bookferry_sync::submission::Status;

use crate::example::{actor, at, company, entropy, hand_over, hash, invoice, payment};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    views_belong_to_a_person_and_a_company,
    a_move_is_taken_back_as_far_as_it_stands,
    single_records_move_as_they_were_shown,
    somebody_stays_administrator,
    of_two_administrators_who_demote_each_other_one_stays,
    deeds_are_found_by_person_day_and_record
);

async fn views_belong_to_a_person_and_a_company(database: &TestDatabase) {
    let store = &database.store;
    let (mine, other) = (company(store, Release::Manual).await, company(store, Release::Manual).await);
    let ada = person(store, mine, "ada@example.com", Role::Admin).await;
    for query in ["q=old", "q=new"] {
        store.save_view(ada, mine, &SavedView { name: "Fleet".into(), query: query.into() }).await.expect("kept");
    }
    let kept = store.saved_views(ada, mine).await.expect("read");
    assert_eq!(kept, [SavedView { name: "Fleet".into(), query: "q=new".into() }]);
    assert!(store.saved_views(ada, other).await.expect("read").is_empty());
    store.delete_view(ada, mine, "Fleet").await.expect("forgotten");
    assert!(store.saved_views(ada, mine).await.expect("read").is_empty());
    store.set_layout(ada, "{}").await.expect("kept");
    let found = store.person_by_email("ada@example.com").await.expect("read").expect("there");
    assert_eq!(found.layout.as_deref(), Some("{}"));
}

async fn a_move_is_taken_back_as_far_as_it_stands(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let ada = person(store, mine, "ada@example.com", Role::Bookkeeper).await;
    let given =
        [("inv-1", invoice("1", "1.00")), ("inv-2", invoice("2", "2.00")), ("pay-1", payment("3", "3.00", &[]))];
    let records = hand_over(store, mine, &given).await;
    let all = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    store.move_records(mine, &all, BulkMove::MarkReady, &actor(), at(50)).await.expect("moved");
    let last = LastMove { deed: "ready".into(), at: at(50), record_count: 3 };
    store.note_last_move(ada, mine, &last).await.expect("noted");
    assert_eq!(store.last_move(ada, mine).await.expect("read"), Some(last));
    let one = Selection::Ids(vec![records[0].record_id]);
    store.move_records(mine, &one, BulkMove::Exclude, &actor(), at(60)).await.expect("moved");
    assert!(store.is_anything_moved_at(mine, Status::ReadyToSync, at(50)).await.expect("an answer"));
    let moved = Selection::MovedAt { status: Status::ReadyToSync, at: at(50) };
    let undone = store.move_records(mine, &moved, BulkMove::MarkUnsent, &actor(), at(70)).await.expect("moved");
    assert_eq!(undone, 2);
    assert!(!store.is_anything_moved_at(mine, Status::ReadyToSync, at(50)).await.expect("an answer"));
    store.forget_last_move(ada, mine).await.expect("forgotten");
    assert_eq!(store.last_move(ada, mine).await.expect("read"), None);
}

async fn single_records_move_as_they_were_shown(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let records = hand_over(store, mine, &[("inv-1", invoice("1", "1.00")), ("inv-2", invoice("2", "2.00"))]).await;
    let ids: Vec<_> = records.iter().map(|record| record.record_id).collect();
    let seq = store.pulse(mine).await.expect("read").history_seq;
    let bob = Actor::new("bob@example.com", "sync_manager");
    store.move_records(mine, &Selection::Ids(vec![ids[0]]), BulkMove::MarkReady, &bob, at(40)).await.expect("moved");
    let shown = Selection::Shown { ids, until: at(30) };
    let moved = store.move_records(mine, &shown, BulkMove::Exclude, &actor(), at(50)).await.expect("moved");
    assert_eq!(moved, 1, "what somebody else has moved meanwhile stays as it is");
    let deeds = store.deeds_since(mine, seq, &actor().who, 5).await.expect("read");
    let told: Vec<_> = deeds.iter().map(|deed| (deed.actor.as_str(), deed.event.as_str(), deed.record_count)).collect();
    assert_eq!(told, [("bob@example.com", "mark_ready", 1)]);
}

async fn somebody_stays_administrator(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let organization = organization(store, mine).await;
    let ada = person(store, mine, "ada@example.com", Role::Admin).await;
    let bob = person(store, mine, "bob@example.com", Role::Admin).await;
    assert!(store.set_role(organization, bob, Role::Viewer, &actor(), at(3)).await.expect("an answer"));
    assert!(!store.set_role(organization, ada, Role::Viewer, &actor(), at(4)).await.expect("an answer"));
    assert!(!store.set_disabled(organization, ada, true, &actor(), at(5)).await.expect("an answer"));
    store.create_web_session(&hash("s"), bob, at(0), at(1_000)).await.expect("a session");
    assert!(store.set_disabled(organization, bob, true, &actor(), at(5)).await.expect("an answer"));
    assert!(store.web_session(&hash("s"), at(6)).await.expect("read").is_none());
    let people = store.people(organization).await.expect("read");
    let told: Vec<_> = people.iter().map(|person| (person.email.as_str(), person.role, person.disabled_at)).collect();
    assert_eq!(told, [("ada@example.com", Role::Admin, None), ("bob@example.com", Role::Viewer, Some(at(5)))]);
    assert!(store.set_disabled(organization, bob, false, &actor(), at(7)).await.expect("an answer"));
    let found = store.person_by_email("bob@example.com").await.expect("read").expect("there");
    assert_eq!((found.disabled_at, found.last_sign_in_at), (None, Some(at(0))));
    let deeds = store.person_deeds(organization, None, None, 10).await.expect("read");
    let told: Vec<_> = deeds.iter().map(|deed| (deed.at, deed.kind, deed.from_role, deed.to_role)).collect();
    assert_eq!(
        told,
        [
            (at(7), PersonDeedKind::Enabled, Role::Viewer, Role::Viewer),
            (at(5), PersonDeedKind::Disabled, Role::Viewer, Role::Viewer),
            (at(3), PersonDeedKind::Role, Role::Admin, Role::Viewer),
        ]
    );
    assert!(deeds.iter().all(|deed| (deed.actor.as_str(), deed.email.as_str()) == (&*actor().who, "bob@example.com")));
    let early = store.person_deeds(organization, Some(at(3)), Some(at(5)), 10).await.expect("read");
    assert_eq!(early.iter().map(|deed| deed.at).collect::<Vec<_>>(), [at(3)]);
}

/// Each would be the last administrator but for the other.
async fn of_two_administrators_who_demote_each_other_one_stays(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let organization = organization(store, mine).await;
    let both = [
        person(store, mine, "ada@example.com", Role::Admin).await,
        person(store, mine, "bob@example.com", Role::Admin).await,
    ];
    for round in 0..20 {
        let demoted = both.map(|person| {
            let store = store.clone();
            let demote = async move { store.set_role(organization, person, Role::Viewer, &actor(), at(round)).await };
            tokio::spawn(demote)
        });
        let mut done = 0;
        for demoted in demoted {
            done += i32::from(demoted.await.expect("no panic").expect("an answer"));
        }
        assert_eq!(done, 1, "round {round}");
        for person in both {
            assert!(store.set_role(organization, person, Role::Admin, &actor(), at(round)).await.expect("an answer"));
        }
    }
}

async fn deeds_are_found_by_person_day_and_record(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let records = hand_over(store, mine, &[("inv-1", invoice("1", "1.00")), ("inv-2", invoice("2", "2.00"))]).await;
    let (first, second) = (records[0].record_id, records[1].record_id);
    let bob = Actor::new("bob@example.com", "sync_manager");
    store.move_records(mine, &Selection::Ids(vec![first]), BulkMove::MarkReady, &actor(), at(40)).await.expect("moved");
    store.move_records(mine, &Selection::Ids(vec![second]), BulkMove::Exclude, &bob, at(50)).await.expect("moved");
    // The example hands over as the same person, before.
    let all = DeedFilter { from: Some(at(30)), ..DeedFilter::default() };
    let of_bob = DeedFilter { actor: Some("bob@example.com".into()), ..DeedFilter::default() };
    let early = DeedFilter { from: Some(at(40)), before: Some(at(50)), ..DeedFilter::default() };
    let of_second = DeedFilter { records: Some(vec![second]), ..all.clone() };
    let none = DeedFilter { records: Some(vec![]), ..DeedFilter::default() };
    for (filter, numbers) in
        [(&all, vec!["2", "1"]), (&of_bob, vec!["2"]), (&early, vec!["1"]), (&of_second, vec!["2"]), (&none, vec![])]
    {
        let deeds = store.deeds(mine, filter, None, 10).await.expect("read");
        let found: Vec<&str> = deeds.iter().map(|deed| deed.number.as_str()).collect();
        assert_eq!(found, numbers, "{filter:?}");
    }
    let newest = store.deeds(mine, &all, None, 1).await.expect("read").remove(0);
    let rest = store.deeds(mine, &all, Some((newest.at, newest.seq)), 10).await.expect("read");
    assert_eq!(rest.iter().map(|deed| deed.record_id).collect::<Vec<_>>(), [first]);
    assert!(store.crossings(mine, at(0)).await.expect("read").is_empty());
    crate::example::open_visit(store, mine, at(60)).await;
    let crossings = store.crossings(mine, at(0)).await.expect("read");
    let day = at(60).as_second() / 86_400;
    assert_eq!(crossings.iter().map(|day| (day.day, day.submitted)).collect::<Vec<_>>(), [(day, 0)]);
    let visits = store.visits_between(mine, at(60), at(61), None, 10).await.expect("read");
    assert_eq!(visits.len(), 1);
    assert!(store.visits_between(mine, at(61), at(90), None, 10).await.expect("read").is_empty());
}

async fn organization(store: &Store, company: CompanyId) -> OrganizationId {
    store.company(company).await.expect("read").expect("there").organization_id
}

async fn person(store: &Store, company: CompanyId, email: &str, role: Role) -> PersonId {
    let id = PersonId::new(at(0), &entropy());
    let organization_id = organization(store, company).await;
    let new = NewPerson { id, organization_id, company_id: None, email, role, password_hash: "$argon2id$" };
    store.create_person(&new, at(0)).await.expect("a person");
    id
}
