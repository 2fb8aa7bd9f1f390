//! PostgreSQL: the connections that the steps of visits keep for one another.

use bookferry_store::{Store, StoreOptions};
use bookferry_sync::company::Release;

use crate::example::{at, company, open_visit, step};
use crate::test_database::{Raw, TestDatabase, on_postgres};

#[test]
fn the_next_step_of_a_visit_has_the_connection_of_the_last() {
    on_postgres(async |database| {
        let store = named_store(database, "kept").await;
        let company = company(&store, Release::Manual).await;
        let ticket_hash = open_visit(&store, company, at(0)).await;
        save(&store, &ticket_hash, "first").await;
        // Where this thread does not get its turn for a second, the connection is given back before it is wanted.
        while saved_by(database, "kept").await.len() != 1 {
            save(&store, &ticket_hash, "first").await;
        }
        let saved_by_first = saved_by(database, "kept").await;
        save(&store, &ticket_hash, "second").await;
        assert_eq!(saved_by(database, "kept").await, saved_by_first);
        assert_eq!(step(&store, &ticket_hash).await.visit.session, "second");
        store.close().await;
    });
}

#[test]
fn a_store_may_be_dropped_after_the_end_of_its_runtime() {
    on_postgres(async |database| {
        let options = database.options.clone();
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            let store = runtime.block_on(async {
                let store = Store::open(&options).await.expect("the database opens");
                let company = company(&store, Release::Manual).await;
                let ticket_hash = open_visit(&store, company, at(0)).await;
                save(&store, &ticket_hash, "last").await;
                store
            });
            drop(runtime);
            drop(store);
        });
        dropped.join().expect("nobody panics");
    });
}

async fn save(store: &Store, ticket_hash: &[u8; 32], session: &str) {
    let mut step = step(store, ticket_hash).await;
    step.save_session(session, at(1));
    step.commit().await.expect("kept");
}

/// A store of the test's database whose connections PostgreSQL knows by a name.
async fn named_store(database: &TestDatabase, name: &str) -> Store {
    let Raw::Postgres(url) = &database.raw else { unreachable!("it is PostgreSQL") };
    let options = StoreOptions::postgres(format!("{url}&application_name={name}"));
    Store::open(&options).await.expect("the database opens")
}

/// The connections of the named store whose last word was a step's.
async fn saved_by(database: &TestDatabase, name: &str) -> Vec<Vec<Option<String>>> {
    let saved = format!(
        "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
         WHERE application_name = '{name}' AND state = 'idle' AND query LIKE 'WITH held AS %' ORDER BY pid"
    );
    database.raw_rows(&saved).await
}
