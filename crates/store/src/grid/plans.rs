//! How SQLite will run the grid's queries, which are put together and so stand in no catalogue.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::CompanyId;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use super::{Cursor, PageQuery, Sort, SortBy};
use crate::filter::{RecordFilter, Sql};
use crate::store::{Store, StoreOptions};

#[test]
fn every_branch_of_a_page_is_read_in_the_order_of_an_index() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&StoreOptions::sqlite(folder.path().join("bookferry.sqlite"))).await.expect("opened");
        store.migrate().await.expect("migrated");
        let usual = RecordFilter { statuses: vec![Status::Unsent, Status::ReadyToSync], ..RecordFilter::default() };
        let narrow = RecordFilter {
            text: Some("harbor".to_owned()),
            from: "2026-11-01".parse().ok(),
            amount_min: Amount::from_cents(100).ok(),
            ..RecordFilter::default()
        };
        let submitted = RecordFilter { statuses: vec![Status::Submitted], ..RecordFilter::default() };
        for filter in [RecordFilter::default(), usual, submitted, narrow] {
            for by in SortBy::ALL {
                for ascending in [false, true] {
                    look_at(&store, &filter, Sort { by, ascending }).await;
                }
            }
        }
        store.close().await;
    });
}

async fn look_at(store: &Store, filter: &RecordFilter, sort: Sort) {
    let company = CompanyId::new(Timestamp::UNIX_EPOCH, &[7; 10]);
    let key = match sort.by {
        SortBy::Amount | SortBy::Created | SortBy::Changed => "7:100",
        SortBy::Date | SortBy::Number | SortBy::Customer | SortBy::Status => "7:12026-11-20",
    };
    let cursor = Cursor::parse(key, sort.by).expect("a cursor");
    for cursor in [None, Some(&cursor)] {
        let query = PageQuery { company, filter, groups: None, sort, cursor, limit: 101 };
        let walked =
            if sort.by.is_by_status() { query.by_date() } else { query.in_order(store.source(sort.by, filter)) };
        let plan = plan(store, walked).await;
        assert_eq!(plan.sorts, 0, "a branch is sorted before its page is cut off: {sort:?}, {plan:#?}");
        let sorted = self::plan(store, query.sorted(store.source(SortBy::Date, filter))).await;
        for plan in [plan, sorted] {
            assert_eq!(plan.searches, plan.branches, "a branch walks the table: {sort:?}, {filter:?}, {plan:#?}");
        }
    }
}

#[derive(Debug)]
#[expect(dead_code, reason = "the lines are for whoever reads the failure")]
struct Plan {
    branches: usize,
    searches: usize,
    /// Of what an index finds; the rows of the page itself are always sorted.
    sorts: usize,
    lines: Vec<String>,
}

async fn plan(store: &Store, sql: Sql) -> Plan {
    let (sql, values) = sql.finish();
    let branches = sql.0.matches(" FROM record AS r ").count();
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.0));
    let rows = store.database.rows_of("record.page", explain, values).await.expect("a plan");
    let lines: Vec<String> = rows.iter().map(|row| row.text("detail").expect("a line")).collect();
    let is_search =
        |line: &String| line.starts_with("SEARCH r USING INDEX record_") && line.contains("company_id=? AND kind=?");
    let sorts = lines.iter().zip(lines.iter().skip(1));
    let sorts = sorts.filter(|(line, next)| is_search(line) && next.contains("TEMP B-TREE")).count();
    Plan { branches, searches: lines.iter().filter(|line| is_search(line)).count(), sorts, lines }
}
