//! PostgreSQL: the transactions of a visit that begin with the commit of the one before.

use bookferry_store::{Store, StoreOptions};
use bookferry_sync::company::Release;

use crate::example::{at, company, open_visit, step};
use crate::test_database::{Raw, TestDatabase, on_postgres};

#[test]
fn the_next_step_of_a_visit_is_begun_by_the_commit_of_the_last() {
    on_postgres(async |database| {
        let store = named_store(database, "chained").await;
        let company = company(&store, Release::Manual).await;
        let ticket_hash = open_visit(&store, company, at(0)).await;
        save(&store, &ticket_hash, "first").await;
        // Where this thread does not get its turn for a second, the transaction is given back before it is looked for.
        while begun(database, "chained").await != 1 {
            save(&store, &ticket_hash, "first").await;
        }

        // One that is given up takes nothing of the one before with it, and is not kept.
        let mut given_up = step(&store, &ticket_hash).await;
        assert_eq!(given_up.visit.session, "first");
        given_up.save_session("never", at(2));
        drop(given_up);
        assert_eq!(step(&store, &ticket_hash).await.visit.session, "first");

        save(&store, &ticket_hash, "second").await;
        assert_eq!(step(&store, &ticket_hash).await.visit.session, "second");
        store.close().await;
    });
}

#[test]
fn a_transaction_that_nobody_wants_is_given_back() {
    on_postgres(async |database| {
        let store = named_store(database, "unwanted").await;
        let company = company(&store, Release::Manual).await;
        let ticket_hash = open_visit(&store, company, at(0)).await;
        save(&store, &ticket_hash, "last").await;
        // Ends with the watch's second round.
        while begun(database, "unwanted").await > 0 {}
        assert_eq!(step(&store, &ticket_hash).await.visit.session, "last");
        store.close().await;
    });
}

#[test]
fn no_more_than_a_quarter_of_the_connections_waits() {
    on_postgres(async |database| {
        let store = named_store(database, "quarter").await;
        let mut tickets = Vec::new();
        for _ in 0..4 {
            let company = company(&store, Release::Manual).await;
            tickets.push(open_visit(&store, company, at(0)).await);
        }
        let mut steps = Vec::new();
        for ticket_hash in &tickets {
            steps.push(step(&store, ticket_hash).await);
        }
        for step in steps {
            step.commit().await.expect("kept");
        }
        let quarter = usize::try_from(database.options.connections_max / 4).expect("few");
        assert!(begun(database, "quarter").await <= quarter);
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

/// How many transactions of the named store have begun and not yet done anything.
async fn begun(database: &TestDatabase, name: &str) -> usize {
    let begun = format!(
        "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
         WHERE application_name = '{name}' AND state = 'idle in transaction' AND query = 'COMMIT AND CHAIN'"
    );
    database.raw_rows(&begun).await.len()
}
