//! What the database itself refuses, whoever asks; what concurrency and a restart must not break.

use std::sync::Arc;

use bookferry_store::{Error, HandOver, NewPerson, Outcome, Role, Store};
use bookferry_sync::company::{Books, Release};
use bookferry_sync::id::{PersonId, RecordId};
use bookferry_sync::record::Content;

use crate::example::{
    accepted, actor, answer, at, company, enclose, entropy, hand_over, invoice, open_visit, step, step_in_turn,
};
use crate::on_both;
use crate::test_database::{Raw, TestDatabase};

on_both!(
    a_new_database_holds_nothing,
    what_only_grows_cannot_be_changed,
    a_row_that_somebody_else_wrote_is_named,
    sixty_four_hand_overs_of_one_record_give_one_record,
    steps_of_one_visit_take_each_record_once,
    a_step_that_waited_reads_what_the_one_before_it_left,
    what_was_committed_is_there_after_a_restart
);

/// The migration fills tables for a moment, so that the planner knows what they will look like.
async fn a_new_database_holds_nothing(database: &TestDatabase) {
    let tables = match &database.raw {
        Raw::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'record_search%'"
        }
        Raw::Postgres(_) => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        }
    };
    let tables: Vec<String> = database.raw_rows(tables).await.into_iter().filter_map(|mut row| row.pop()?).collect();
    assert!(tables.len() > 30, "{tables:?}");
    for table in tables.iter().filter(|table| *table != "_sqlx_migrations") {
        let rows = database.raw_rows(&format!("SELECT CAST(COUNT(*) AS TEXT) FROM {table}")).await;
        assert_eq!(rows, [[Some("0".to_owned())]], "{table}");
    }
}

async fn what_only_grows_cannot_be_changed(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await;
    let ticket = open_visit(store, company, at(60)).await;
    let mut visit = step(store, &ticket).await;
    let claimed = visit.claimable(at(60), 10).await.expect("claimed");
    let key = enclose(&mut visit, &claimed, 1, at(60)).await;
    visit.settle(key, &answer(&[accepted(&claimed[0])]), at(61)).await.expect("settled");
    visit.commit().await.expect("committed");
    store.seal_history(company, at(62)).await.expect("sealed");
    let organization_id = store.company(company).await.expect("read").expect("there").organization_id;
    let id = PersonId::new(at(0), &entropy());
    let (role, password_hash) = (Role::Viewer, "$argon2id$");
    let new = NewPerson { id, organization_id, company_id: None, email: "bob@example.com", role, password_hash };
    store.create_person(&new, at(0)).await.expect("a person");
    assert!(store.set_role(organization_id, id, Role::Admin, &actor(), at(63)).await.expect("an answer"));
    for (sql, refusal) in [
        ("UPDATE history SET actor = 'nobody'", "history only grows"),
        ("DELETE FROM history", "history only grows"),
        ("UPDATE person_deed SET actor = 'nobody'", "deeds only grow"),
        ("DELETE FROM person_deed", "deeds only grow"),
        ("UPDATE company_deed SET actor = 'nobody'", "deeds only grow"),
        ("DELETE FROM company_deed", "deeds only grow"),
        ("UPDATE history_seal SET hash = hash", "seals only grow"),
        ("DELETE FROM history_seal", "seals only grow"),
        ("UPDATE revision SET content = '{}'", "revisions only grow"),
        ("DELETE FROM revision", "revisions only grow"),
        ("UPDATE attempt SET outcome = 'refused'", "an attempt is settled once"),
        ("DELETE FROM attempt", "attempts are kept"),
        ("DELETE FROM message_set", "message sets are kept"),
        ("DELETE FROM record", "records are never deleted"),
        ("UPDATE record SET external_id = 'inv-2'", "a record keeps its identity"),
    ] {
        let refused = database.raw_execute(sql).await.expect_err(sql);
        assert!(refused.contains(refusal), "{sql}: {refused}");
    }
}

async fn a_row_that_somebody_else_wrote_is_named(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let record = hand_over(store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
    database.raw_execute("UPDATE record SET status = 'submitted'").await.expect("broken");
    match store.record(company, record).await {
        Err(Error::Inconsistent { table: "record", column: "status", row, .. }) => {
            assert_eq!(row, record.to_string());
        }
        other => panic!("the broken row was read: {other:?}"),
    }
}

async fn sixty_four_hand_overs_of_one_record_give_one_record(database: &TestDatabase) {
    let company = company(&database.store, Release::Manual).await;
    let store = Arc::new(database.store.clone());
    let content = Arc::new(invoice("1", "250.00"));
    let tasks: Vec<_> = (0..64).map(|_| tokio::spawn(one_hand_over(store.clone(), company, content.clone()))).collect();
    let mut created = 0;
    for task in tasks {
        created += u32::from(task.await.expect("no panic") == Outcome::Created);
    }
    assert_eq!(created, 1);
    let counted = database.raw_rows("SELECT CAST(COUNT(*) AS TEXT) FROM record").await;
    assert_eq!(counted, [[Some("1".to_owned())]]);
    let counted = database.raw_rows("SELECT CAST(COUNT(*) AS TEXT) FROM revision").await;
    assert_eq!(counted, [[Some("1".to_owned())]]);
}

async fn steps_of_one_visit_take_each_record_once(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    let given: Vec<(String, Content)> =
        (0..40).map(|index| (format!("inv-{index}"), invoice(&index.to_string(), "1.00"))).collect();
    let given: Vec<(&str, Content)> = given.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
    hand_over(store, company, &given).await;
    let ticket = open_visit(store, company, at(60)).await;
    let claimers = (1..=8).map(|exchange| {
        let store = store.clone();
        tokio::spawn(async move {
            loop {
                match enclose_five(&store, &ticket, exchange).await {
                    Ok(claimed) => return claimed,
                    Err(error) => assert!(matches!(error, Error::Overtaken { .. }), "{error:?}"),
                }
            }
        })
    });
    let mut claimed: Vec<RecordId> = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        claimed.extend(claimer.await.expect("no panic"));
    }
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 40, "a record was enclosed twice, or not at all");
    assert_eq!(step(store, &ticket).await.visit.sent_count, 40);
}

async fn enclose_five(store: &Store, ticket: &[u8; 32], exchange: i64) -> Result<Vec<RecordId>, Error> {
    let mut step = step(store, ticket).await;
    let claimed = step.claimable(at(60), 5).await?;
    enclose(&mut step, &claimed, exchange, at(60)).await;
    step.commit().await?;
    Ok(claimed.into_iter().map(|claimed| claimed.record_id).collect())
}

/// The second step asks while the first holds the company. Whatever the second has seen by then must count for nothing.
async fn a_step_that_waited_reads_what_the_one_before_it_left(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Automatic).await;
    hand_over(store, company, &[("inv-1", invoice("1", "1.00"))]).await;
    let ticket = open_visit(store, company, at(60)).await;
    let mut first = step_in_turn(store, &ticket).await;
    let mut second = tokio::spawn({
        let store = store.clone();
        async move { step_in_turn(&store, &ticket).await }
    });
    database.wait_for_a_waiter(&mut second).await;
    let claimed = first.claimable(at(61), 5).await.expect("claimed");
    enclose(&mut first, &claimed, 1, at(61)).await;
    first.set_books(&Books { company_file: "C:\\moved.qbw".to_owned(), ..Books::default() }).await.expect("bound");
    first.save_session("{\"exchange\":1}", at(61));
    first.commit().await.expect("committed");

    let mut second = second.await.expect("no panic");
    assert_eq!(second.visit.session, "{\"exchange\":1}");
    assert_eq!((second.visit.message_set_count, second.visit.sent_count), (1, 1));
    assert_eq!(second.company.books.as_ref().map(|books| books.company_file.as_str()), Some("C:\\moved.qbw"));
    assert!(second.claimable(at(61), 5).await.expect("claimed").is_empty());
}

async fn what_was_committed_is_there_after_a_restart(database: &TestDatabase) {
    let company = company(&database.store, Release::Automatic).await;
    let record = hand_over(&database.store, company, &[("inv-1", invoice("1", "250.00"))]).await[0].record_id;
    let ticket = open_visit(&database.store, company, at(60)).await;
    let mut visit = step(&database.store, &ticket).await;
    let claimed = visit.claimable(at(60), 10).await.expect("claimed");
    enclose(&mut visit, &claimed, 1, at(60)).await;
    drop(visit);
    database.store.close().await;

    let store = Store::open(&database.options).await.expect("the database opens again");
    store.migrate().await.expect("nothing is left to migrate");
    let view = store.record(company, record).await.expect("read").expect("there");
    assert_eq!(view.attempts, [], "a step that was not committed left an attempt");
    assert_eq!(view.history.len(), 1);
    let mut visit = step(&store, &ticket).await;
    let claimed = visit.claimable(at(61), 10).await.expect("claimed");
    assert_eq!(claimed[0].content, invoice("1", "250.00"));
    drop(visit);
    store.check_writable().await.expect("the database can be written");
    store.close().await;
}

async fn one_hand_over(store: Arc<Store>, company: bookferry_sync::id::CompanyId, content: Arc<Content>) -> Outcome {
    let given = HandOver { id_if_new: RecordId::new(at(20), &entropy()), external_id: "inv-1", content: &content };
    store.hand_over(company, &[given], &actor(), at(20)).await.expect("handed over")[0].outcome
}
