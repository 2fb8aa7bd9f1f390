//! Sealing the history, and finding who went around the tables' rules.

use bookferry_store::{BulkMove, HistoryProof, RecordFilter, Selection};
use bookferry_sync::company::Release;
use bookferry_sync::id::CompanyId;

use crate::example::{actor, at, company, hand_over, invoice};
use crate::on_both;
use crate::test_database::{Raw, TestDatabase};

on_both!(
    a_long_history_is_sealed_in_pieces_and_proved,
    a_changed_line_is_found,
    a_line_that_is_gone_is_found,
    one_companys_seals_say_nothing_of_anothers,
    two_at_once_cover_each_line_once
);

async fn a_long_history_is_sealed_in_pieces_and_proved(database: &TestDatabase) {
    let company = company_with_history(database, 700).await;
    let store = &database.store;
    for seconds in 1..6 {
        move_all(database, company, BulkMove::MarkReady, seconds * 2).await;
        move_all(database, company, BulkMove::MarkUnsent, seconds * 2 + 1).await;
    }
    let unsealed = HistoryProof::Unbroken { seals: 0, lines: 0, unsealed: 7700 };
    assert_eq!(store.prove_history(company).await.expect("proved"), unsealed);
    assert_eq!(store.unsealed_companies().await.expect("companies"), vec![company]);
    assert_eq!(store.seal_history(company, at(100)).await.expect("sealed"), 7700);
    let sealed = HistoryProof::Unbroken { seals: 4, lines: 7700, unsealed: 0 };
    assert_eq!(store.prove_history(company).await.expect("proved"), sealed);
    assert_eq!(store.seal_history(company, at(101)).await.expect("sealed"), 0, "there is nothing new");
    assert_eq!(store.unsealed_companies().await.expect("companies"), vec![]);
    move_all(database, company, BulkMove::MarkReady, 102).await;
    assert_eq!(store.seal_history(company, at(103)).await.expect("sealed"), 700);
    let grown = HistoryProof::Unbroken { seals: 5, lines: 8400, unsealed: 0 };
    assert_eq!(store.prove_history(company).await.expect("proved"), grown);
}

async fn a_changed_line_is_found(database: &TestDatabase) {
    let company = company_with_history(database, 3).await;
    database.store.seal_history(company, at(10)).await.expect("sealed");
    go_around_the_rules(database, "UPDATE history SET actor = 'somebody else' WHERE seq = 2").await;
    let broken = HistoryProof::Broken { seal: 1, first_seq: 1, last_seq: 3 };
    assert_eq!(database.store.prove_history(company).await.expect("proved"), broken);
}

async fn a_line_that_is_gone_is_found(database: &TestDatabase) {
    let company = company_with_history(database, 3).await;
    database.store.seal_history(company, at(10)).await.expect("sealed");
    go_around_the_rules(database, "DELETE FROM history WHERE seq = 3").await;
    assert!(matches!(
        database.store.prove_history(company).await.expect("proved"),
        HistoryProof::Broken { seal: 1, .. }
    ));
}

async fn one_companys_seals_say_nothing_of_anothers(database: &TestDatabase) {
    let one = company_with_history(database, 3).await;
    let other = company_with_history(database, 2).await;
    assert_eq!(database.store.seal_history(other, at(10)).await.expect("sealed"), 2);
    assert_eq!(database.store.unsealed_companies().await.expect("companies"), vec![one]);
    let unsealed = HistoryProof::Unbroken { seals: 0, lines: 0, unsealed: 3 };
    assert_eq!(database.store.prove_history(one).await.expect("proved"), unsealed);
}

async fn two_at_once_cover_each_line_once(database: &TestDatabase) {
    let company = company_with_history(database, 50).await;
    let (one, other) =
        tokio::join!(database.store.seal_history(company, at(10)), database.store.seal_history(company, at(10)));
    assert_eq!(one.expect("sealed") + other.expect("sealed"), 50);
    let sealed = HistoryProof::Unbroken { seals: 1, lines: 50, unsealed: 0 };
    assert_eq!(database.store.prove_history(company).await.expect("proved"), sealed);
}

async fn company_with_history(database: &TestDatabase, lines: usize) -> CompanyId {
    let company = company(&database.store, Release::Manual).await;
    let names: Vec<String> = (0..lines).map(|number| format!("inv-{number}")).collect();
    let invoices: Vec<_> = names.iter().map(|name| (name.as_str(), invoice(name, "250.00"))).collect();
    hand_over(&database.store, company, &invoices).await;
    company
}

async fn move_all(database: &TestDatabase, company: CompanyId, bulk: BulkMove, second: i64) {
    let selection = Selection::Matching { filter: RecordFilter::default(), except: Vec::new(), seen_until: None };
    database.store.move_records(company, &selection, bulk, &actor(), at(second)).await.expect("moved");
}

/// As one does who owns the database and means to hide something.
async fn go_around_the_rules(database: &TestDatabase, sql: &str) {
    let triggers: &[&str] = match &database.raw {
        Raw::Sqlite(_) => &["DROP TRIGGER history_stands", "DROP TRIGGER history_stays"],
        Raw::Postgres(_) => &["DROP TRIGGER history_stands ON history"],
    };
    for trigger in triggers {
        database.raw_execute(trigger).await.expect("the rule is gone");
    }
    database.raw_execute(sql).await.expect("changed");
}
