//! Endpoints of webhooks: each is one server's at a time, and keeps its place in the history.

use bookferry_store::{Error, NewWebhook, Store, WEBHOOKS_MAX};
use bookferry_sync::company::Release;
use bookferry_sync::id::{CompanyId, WebhookId};
use bookferry_sync::notice::Notice;
use jiff::Timestamp;

use crate::example::{actor, at, company, entropy, hand_over, invoice};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(an_endpoint_is_one_servers_at_a_time, an_endpoint_keeps_its_place, what_fails_for_days_is_switched_off);

const URL: &str = "https://shop.example/hook";

async fn an_endpoint_is_one_servers_at_a_time(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let id = add(store, company, URL).await;
    assert_eq!(due(store, at(30)).await, [], "nothing has happened since");
    hand_over(store, company, &[("inv-1", invoice("1", "270.00"))]).await;
    assert_eq!(due(store, at(30)).await, [id]);

    let claims = (0..8).map(|server| store.claim_webhook(id, at(60 + server), at(30)));
    let claims = futures_util::future::join_all(claims).await;
    let mut claimed: Vec<_> = claims.into_iter().filter_map(|claim| claim.expect("an answer")).collect();
    assert_eq!(claimed.len(), 1, "several servers have it");
    assert_eq!(due(store, at(31)).await, []);

    let mut late = claimed.remove(0);
    assert_eq!(due(store, at(99)).await, [id], "its server has died");
    let mut next = store.claim_webhook(id, at(120), at(99)).await.expect("an answer").expect("free");
    assert!(
        !store.note_delivered(&mut late, (999, 0), at(150), at(99)).await.expect("an answer"),
        "it is another's now"
    );
    store.note_undelivered(&late, "shop.example", "too late", None, at(99)).await.expect("without effect");
    assert_eq!((next.secret.as_slice(), next.url.as_str()), ([7; 32].as_slice(), URL));
    let events = store.events(company, next.delivered_seq, 10).await.expect("events");
    assert_eq!(events.len(), 1);
    assert!(store.note_delivered(&mut next, (events[0].line.seq, 0), at(150), at(100)).await.expect("an answer"));
    store.release_webhook(&next).await.expect("released");
    assert_eq!(due(store, at(101)).await, []);
    let line = store.webhooks(company).await.expect("read").remove(0);
    assert_eq!((line.delivered_at, line.failing_since, line.off_since), (Some(at(100)), None, None));
}

async fn an_endpoint_keeps_its_place(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(store, company, &[("inv-1", invoice("1", "270.00"))]).await;
    let first = add(store, company, URL).await;
    hand_over(store, company, &[("inv-2", invoice("2", "270.00"))]).await;
    let second = add(store, company, "https://shop.example/other").await;
    assert_eq!(due(store, at(30)).await, [first], "an endpoint gets what happens after it was added");
    let taken = add_again(store, company, URL).await;
    assert!(matches!(taken, Err(Error::Exists { .. })), "{taken:?}");

    hand_over(store, company, &[("inv-3", invoice("3", "270.00"))]).await;
    let mut told = Vec::new();
    for id in [first, second] {
        let claimed = store.claim_webhook(id, at(60), at(30)).await.expect("an answer").expect("free");
        let events = store.events(company, claimed.delivered_seq, 10).await.expect("events");
        told.push(events.into_iter().map(|event| event.external_id).collect::<Vec<_>>());
    }
    assert_eq!(told, [vec!["inv-2", "inv-3"], vec!["inv-3"]]);

    for number in 2..WEBHOOKS_MAX {
        assert!(add_again(store, company, &format!("{URL}{number}")).await.expect("added"));
    }
    assert!(!add_again(store, company, "https://shop.example/last").await.expect("an answer"), "one too many");
    assert!(store.remove_webhook(company, first, &actor(), at(31)).await.expect("removed"));
    assert!(!store.remove_webhook(company, first, &actor(), at(31)).await.expect("an answer"));
    assert_eq!(store.webhooks(company).await.expect("read").len(), usize::try_from(WEBHOOKS_MAX - 1).expect("few"));
}

async fn what_fails_for_days_is_switched_off(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let id = add(store, company, URL).await;
    hand_over(store, company, &[("inv-1", invoice("1", "270.00"))]).await;
    for (now, count, next) in [(30, 0, Some(at(40))), (40, 1, Some(at(90))), (90, 2, None)] {
        let claimed = store.claim_webhook(id, at(now + 5), at(now)).await.expect("an answer").expect("free");
        assert_eq!((claimed.failure_count, claimed.failing_since), (count, (count > 0).then_some(at(30))));
        store.note_undelivered(&claimed, "shop.example", "HTTP 500", next, at(now)).await.expect("noted");
        assert_eq!(due(store, at(now + 1)).await, []);
    }
    assert_eq!(due(store, at(1_000_000)).await, [], "it is switched off");
    let line = store.webhooks(company).await.expect("read").remove(0);
    assert_eq!((line.off_since, line.trouble.as_deref()), (Some(at(90)), Some("HTTP 500")));
    let told = store.notices(company).await.expect("read").remove(0).notice;
    assert_eq!(told, Notice::WebhookOff { host: "shop.example".to_owned(), trouble: "HTTP 500".to_owned() });

    assert!(store.try_webhook_again(company, id, &actor(), at(2_000)).await.expect("switched on"));
    assert_eq!(store.notices(company).await.expect("read"), []);
    assert_eq!(due(store, at(2_000)).await, [id]);
    let claimed = store.claim_webhook(id, at(2_060), at(2_000)).await.expect("an answer").expect("free");
    assert_eq!((claimed.failure_count, claimed.failing_since), (0, None));
}

async fn due(store: &Store, now: Timestamp) -> Vec<WebhookId> {
    store.due_webhooks(now, 10).await.expect("read")
}

async fn add(store: &Store, company: CompanyId, url: &str) -> WebhookId {
    let id = WebhookId::new(at(20), &entropy());
    let new = NewWebhook { id, company_id: company, url, secret: &[7; 32] };
    assert!(store.add_webhook(&new, &actor(), at(20)).await.expect("added"));
    id
}

async fn add_again(store: &Store, company: CompanyId, url: &str) -> Result<bool, Error> {
    let new = NewWebhook { id: WebhookId::new(at(20), &entropy()), company_id: company, url, secret: &[7; 32] };
    store.add_webhook(&new, &actor(), at(20)).await
}
