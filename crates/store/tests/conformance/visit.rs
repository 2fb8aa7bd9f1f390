//! Visits, step by step.

use bookferry_sync::company::Release;
use bookferry_sync::record::RecordKind;

use crate::example::{accepted, answer, at, company, enclose, hand_over, invoice, open_visit, payment, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both! {
    async fn a_payment_waits_for_its_invoice_and_then_goes(database: &TestDatabase) {
        let store = &database.store;
        let company = company(store, Release::Automatic).await;
        let slice = [("pay-1", payment("881", "250.00", &["inv-1"])), ("inv-1", invoice("1", "250.00"))];
        hand_over(store, company, &slice).await;
        assert!(store.has_work(company, at(60)).await.expect("an answer"));

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
        let claimed = second.claimable(at(61), 100).await.expect("claimed");
        assert_eq!(claimed.len(), 1);
        let txn_id = format!("T-{}", second.message_set(1).await.expect("read").map_or_else(String::new, |_| String::new()));
        assert!(claimed[0].applied[0].1.as_ref().is_some_and(|id| id.starts_with(&txn_id)));
        second.commit().await.expect("committed");
    }
}
