//! A backup holds everything, whichever database it is of and whichever it goes into.

use std::path::PathBuf;

use bookferry_store::{BackupError, Location, PAGE_LIMIT_MAX, RecordFilter, Sort, Store, StoreOptions, restore};
use bookferry_sync::company::Release;
use bookferry_sync::id::CompanyId;
use bookferry_sync::submission::Status;
use sqlx::Connection as _;

use crate::counts::assert_counts_are_true;
use crate::example::{at, company, enclose, hand_over, invoice, open_visit, payment, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(a_backup_goes_into_either_database_and_back);

async fn a_backup_goes_into_either_database_and_back(database: &TestDatabase) {
    let store = &database.store;
    let shop = company(store, Release::Automatic).await;
    let given: Vec<(String, _)> = (0..150).map(|n| (format!("inv-{n}"), invoice(&n.to_string(), "12.50"))).collect();
    let mut given: Vec<(&str, _)> = given.iter().map(|(id, content)| (id.as_str(), content.clone())).collect();
    given.push(("pay-1", payment("P1", "12.50", &["inv-1"])));
    hand_over(store, shop, &given).await;
    let ticket = open_visit(store, shop, at(30)).await;
    let mut visit = step(store, &ticket).await;
    let claimed = visit.claimable(at(30), 20).await.expect("claimed");
    enclose(&mut visit, &claimed, 1, at(30)).await;
    visit.commit().await.expect("sent");

    let folder = tempfile::tempdir().expect("a temporary folder");
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let summary = store.back_up(&first, false, at(40), &mut |_| ()).await.expect("a backup");
    assert_eq!((summary.companies, summary.record_count(), summary.records["sending"]), (1, 151, 20));
    let taken = store.back_up(&first, false, at(40), &mut |_| ()).await;
    assert!(matches!(taken, Err(BackupError::Exists { .. })));

    let elsewhere = StoreOptions::sqlite(folder.path().join("elsewhere.db"));
    let restored = restore(&elsewhere, &first, false, at(50), &mut |_| ()).await.expect("restored");
    assert_eq!((restored.begun.companies, restored.begun.asked, restored.begun.left_ready), (1, 20, 131));
    let other = Store::open(&elsewhere).await.expect("it opens");
    assert_eq!(contents(&other, shop).await, contents_after_restore(store, shop).await);
    other.back_up(&second, false, at(60), &mut |_| ()).await.expect("a backup of what was restored");
    let expected = contents(&other, shop).await;
    other.close().await;

    let refused = restore(&database.options, &second, false, at(70), &mut |_| ()).await;
    assert!(
        matches!(refused, Err(BackupError::NotEmpty { companies: 1, records: 151 } | BackupError::InUse { .. })),
        "{refused:?}"
    );
    if matches!(database.options.location, Location::Postgres(_)) {
        restore(&database.options, &second, true, at(70), &mut |_| ()).await.expect("restored");
        assert_eq!(contents(store, shop).await, expected);
        assert_eq!(store.company(shop).await.expect("read").expect("there").epoch.map(|epoch| epoch.number), Some(2));
        assert_counts_are_true(database).await;
        // What comes next does not collide with what was copied.
        hand_over(store, shop, &[("inv-new", invoice("new", "1.00"))]).await;
        open_visit(store, shop, at(80)).await;
    }
    let left: Vec<PathBuf> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().contains("ing"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new(), "nothing unfinished is left behind");
}

on_both!(a_backup_of_a_newer_program_is_refused_and_changes_nothing);

async fn a_backup_of_a_newer_program_is_refused_and_changes_nothing(database: &TestDatabase) {
    let shop = company(&database.store, Release::Manual).await;
    hand_over(&database.store, shop, &[("inv-1", invoice("1", "12.50"))]).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let backup = folder.path().join("backup");
    database.store.back_up(&backup, false, at(40), &mut |_| ()).await.expect("a backup");
    let target = match &database.options.location {
        Location::Postgres(_) => database.options.clone(),
        // It is not in use there.
        Location::Sqlite(_) | Location::SqliteInMemory => StoreOptions::sqlite(folder.path().join("elsewhere.db")),
    };
    restore(&target, &backup, true, at(50), &mut |_| ()).await.expect("what is not newer is restored");
    let there = Store::open(&target).await.expect("it opens");
    let before = contents(&there, shop).await;
    there.close().await;
    for newer in [
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'of tomorrow', 1, x'00', 0)",
        "UPDATE backup SET format = format + 1",
    ] {
        let path = folder.path().join("newer");
        std::fs::copy(&backup, &path).expect("copied");
        let mut connection =
            sqlx::SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.expect("a connection");
        sqlx::raw_sql(newer).execute(&mut connection).await.expect("it is changed");
        connection.close().await.expect("closed");
        let refused = restore(&target, &path, true, at(60), &mut |_| ()).await;
        assert!(matches!(refused, Err(BackupError::Newer { .. })), "{newer}: {refused:?}");
        let there = Store::open(&target).await.expect("it opens");
        assert_eq!(contents(&there, shop).await, before, "{newer}");
        there.close().await;
    }
}

/// Every record with its state, in order.
async fn contents(store: &Store, company: CompanyId) -> Vec<(String, Status)> {
    let mut contents = Vec::new();
    let mut cursor = None;
    loop {
        let everything = RecordFilter::default();
        let page = store.records(company, &everything, Sort::default(), cursor.as_ref(), PAGE_LIMIT_MAX).await;
        let page = page.expect("a page");
        contents.extend(page.lines.into_iter().map(|line| (line.external_id, line.state.status())));
        cursor = page.next;
        if cursor.is_none() {
            return contents;
        }
    }
}

/// What was on its way is asked about; the rest is as it was.
async fn contents_after_restore(store: &Store, company: CompanyId) -> Vec<(String, Status)> {
    let asked = |status| if status == Status::Sending { Status::Unconfirmed } else { status };
    contents(store, company).await.into_iter().map(|(id, status)| (id, asked(status))).collect()
}
