//! `Idempotency-Key`: sent again, a request is done no second time.

use axum::body::Body;
use axum::http::Request;
use bookferry_store::{BulkMove, RecordFilter, RequestStart, Selection};
use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::json;

use crate::example::{invoice, invoice_but};
use crate::test_server::{Answer, START_US, TestServer};

const ALL: &str = r#"{"filter":{}}"#;

async fn post(server: &TestServer, key: &str, path: &str, body: &str) -> Answer {
    let request = Request::post(format!("/api/v1/records/{path}"))
        .header("authorization", format!("Bearer {}", server.glass.write))
        .header("content-type", if path == "batch" { "application/x-ndjson" } else { "application/json" })
        .header("idempotency-key", key);
    server.call(request.body(Body::from(body.to_owned())).expect("a request")).await
}

fn is_replayed(answer: &Answer) -> bool {
    answer.headers.get("idempotent-replayed").is_some_and(|value| value == "true")
}

async fn with_invoices(count: usize) -> TestServer {
    let server = TestServer::start().await;
    for n in 1..=count {
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &invoice(&n.to_string()).to_string()).await;
    }
    server
}

#[tokio::test]
async fn a_request_sent_again_is_answered_the_same_and_releases_nothing_more() {
    let server = with_invoices(2).await;
    let first = post(&server, "k-1", "ready", ALL).await;
    assert_eq!((first.body.as_str(), is_replayed(&first)), (r#"{"changed":2}"#, false));
    server.send("PUT", "/api/v1/invoices/inv-3", &invoice("3").to_string()).await;
    let again = post(&server, "k-1", "ready", ALL).await;
    assert_eq!((again.status, again.body.as_str(), is_replayed(&again)), (first.status, r#"{"changed":2}"#, true));
    assert_eq!(again.headers.get("content-type"), first.headers.get("content-type"));
    assert_eq!(server.get("/api/v1/invoices/inv-3").await.json()["status"], "unsent");
    let other = post(&server, "k-2", "ready", ALL).await;
    assert_eq!(other.body, r#"{"changed":1}"#);
}

#[tokio::test]
async fn a_key_belongs_to_one_address_and_one_body() {
    let server = with_invoices(1).await;
    post(&server, "k", "ready", ALL).await;
    for (path, body) in [("ready", r#"{"filter":{ }}"#), ("unready", ALL), ("ready", "")] {
        let refused = post(&server, "k", path, body).await;
        assert_eq!(refused.status, 422, "{path} {body}");
        assert_eq!(refused.json()["type"], "/problems/key-reused");
    }
    assert_eq!(server.get("/api/v1/invoices/inv-1").await.json()["status"], "ready_to_sync");
}

#[tokio::test]
async fn what_changed_nothing_leaves_the_key_free() {
    let server = with_invoices(1).await;
    let faulty = post(&server, "k", "ready", r#"{"filter":{"colour":"red"}}"#).await;
    assert_eq!(faulty.status, 422);
    let mended = post(&server, "k", "ready", ALL).await;
    assert_eq!((mended.body.as_str(), is_replayed(&mended)), (r#"{"changed":1}"#, false));
}

#[tokio::test]
async fn while_the_first_is_under_way_the_second_is_told_to_wait() {
    let server = with_invoices(1).await;
    let (company, now) = (server.glass.company, Timestamp::from_microsecond(START_US).expect("a moment"));
    let begun = server.store().begin_request(company, "k", now).await.expect("begun");
    assert_eq!(begun, RequestStart::Anew);
    let second = post(&server, "k", "ready", ALL).await;
    assert_eq!(second.status, 409);
    assert!(second.headers.contains_key("retry-after"));
    assert_snapshot!(second.pretty(), @r#"
    {
      "type": "/problems/request-under-way",
      "title": "The same request is being worked off",
      "status": 409,
      "detail": "A request with this Idempotency-Key is being worked off. Send this one again in a few seconds.",
      "retryable": true
    }
    "#);
    server.pass(61);
    let taken_over = post(&server, "k", "ready", ALL).await;
    assert_eq!(taken_over.body, r#"{"changed":1}"#);
}

#[tokio::test]
async fn an_answer_cut_off_after_the_commit_is_known_by_what_was_committed() {
    let server = with_invoices(2).await;
    let (company, now) = (server.glass.company, Timestamp::from_microsecond(START_US).expect("a moment"));
    server.store().begin_request(company, "k", now).await.expect("begun");
    let all = Selection::Matching { filter: RecordFilter::default(), except: vec![], seen_until: None };
    let actor = bookferry_store::Actor::new("key", "api");
    let moving = server.store().move_records_for_request(company, "k", &all, BulkMove::MarkReady, &actor, now);
    assert_eq!(moving.await.expect("moved"), 2);
    server.send("POST", "/api/v1/records/unready", ALL).await;
    server.pass(3_600);
    let again = post(&server, "k", "ready", ALL).await;
    assert_eq!((again.body.as_str(), is_replayed(&again)), (r#"{"changed":2}"#, true));
    assert_eq!(server.get("/api/v1/summary").await.json()["unsent"], 2);
}

#[tokio::test]
async fn a_batch_sent_again_does_not_take_newer_content_back() {
    let server = TestServer::start().await;
    let mut line = invoice("1");
    line["kind"] = json!("invoice");
    line["external_id"] = json!("inv-1");
    let first = post(&server, "k", "batch", &line.to_string()).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let newer = invoice_but("memo", json!("the newer one"));
    server.send("PUT", "/api/v1/invoices/inv-1", &newer).await;
    let again = post(&server, "k", "batch", &line.to_string()).await;
    assert_eq!((again.body.as_str(), is_replayed(&again)), (first.body.as_str(), true));
    let kept = server.get("/api/v1/invoices/inv-1").await;
    assert!(kept.body.contains("the newer one"), "{}", kept.body);
}

#[tokio::test]
async fn keys_that_are_none_are_named_and_those_of_others_are_others() {
    let server = with_invoices(1).await;
    for key in ["", &"k".repeat(256), "schlüssel"] {
        let refused = post(&server, key, "ready", ALL).await;
        assert_eq!(refused.status, 400, "{key}: {}", refused.body);
        assert!(refused.body.contains("idempotency-key"), "{}", refused.body);
    }
    post(&server, "k", "ready", ALL).await;
    let request = Request::post("/api/v1/records/ready")
        .header("authorization", format!("Bearer {}", server.tires.write))
        .header("content-type", "application/json")
        .header("idempotency-key", "k");
    let other = server.call(request.body(Body::from(ALL)).expect("a request")).await;
    assert_eq!((other.body.as_str(), is_replayed(&other)), (r#"{"changed":0}"#, false));
}

#[tokio::test]
async fn of_eight_at_the_same_time_one_is_done() {
    let server = with_invoices(3).await;
    let answers = futures_util::future::join_all((0..8).map(|_| post(&server, "k", "ready", ALL))).await;
    let done = answers.iter().filter(|answer| answer.status == 200 && !is_replayed(answer)).count();
    assert_eq!(done, 1);
    for answer in answers {
        assert!(answer.status == 409 || answer.body == r#"{"changed":3}"#, "{}", answer.body);
    }
}
