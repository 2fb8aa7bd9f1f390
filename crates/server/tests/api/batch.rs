//! Many records in one request.

use axum::body::Body;
use axum::http::Request;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::example::{invoice, payment};
use crate::test_server::{Answer, TestServer};

#[tokio::test]
async fn every_line_gets_its_result_in_order() {
    let server = TestServer::start().await;
    let lines = [
        line("invoice", "inv-1", invoice("1")).to_string(),
        "{broken".to_owned(),
        line("payment", "pay-1", payment("1", "inv-1")).to_string(),
        String::new(),
        line("receipt", "r-1", json!({})).to_string(),
        "[1]".to_owned(),
        json!({"kind": "invoice", "number": 7}).to_string(),
        line("invoice", "inv-1", invoice("1")).to_string(),
        line("invoice", "inv-1", invoice("1b")).to_string(),
    ];
    let answer = send(&server, lines.join("\n").into_bytes()).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/x-ndjson")));
    assert_snapshot!(results(&answer), @r#"
    1 "inv-1" "created"
    2 null "/problems/bad-json" "" "json"
    3 "pay-1" "created"
    5 "r-1" "/problems/invalid-record" "/kind" "bad_value"
    6 null "/problems/invalid-record" "" "wrong_type"
    7 null "/problems/invalid-record" "/external_id" "missing", "/number" "wrong_type", "/date" "missing", "/customer" "missing", "/lines" "missing", "/total" "missing"
    8 "inv-1" "unchanged"
    9 "inv-1" "changed"
    "#);
    assert_eq!(server.record_count().await, 2);
    assert_snapshot!(answer.body.lines().nth(2).unwrap_or(""), @r#"{"line":3,"external_id":"pay-1","kind":"payment","outcome":"created","id":"01a19cc6-3d80-79f0-9e84-51e05e760a76","status":"unsent","revision":1,"preflight":[{"severity":"note","field":"/method","code":"must_exist","message":"QuickBooks must already have the payment method “Check”; Bookferry does not create it here. The next visit looks it up."}]}"#);
}

#[tokio::test]
async fn a_batch_may_have_more_lines_than_a_slice() {
    let server = TestServer::start().await;
    let lines: Vec<String> =
        (0..1_203).map(|n| line("invoice", &format!("inv-{n}"), invoice(&n.to_string())).to_string()).collect();
    let answer = send(&server, lines.join("\r\n").into_bytes()).await;
    assert_eq!(answer.body.lines().filter(|line| line.contains("\"outcome\":\"created\"")).count(), 1_203);
    assert_eq!(server.record_count().await, 1_203);
}

#[tokio::test]
async fn lines_past_the_limit_are_not_taken() {
    let server = TestServer::start().await;
    let mut lines = vec!["{}".to_owned(); 10_000];
    lines.push(line("invoice", "inv-1", invoice("1")).to_string());
    let answer = send(&server, lines.join("\n").into_bytes()).await;
    assert_eq!(answer.body.lines().count(), 10_001);
    let last: Value = serde_json::from_str(answer.body.lines().last().unwrap_or("")).expect("JSON");
    assert_eq!((&last["line"], &last["error"]["type"]), (&json!(10_001), &json!("/problems/body-too-large")));
    assert_eq!(server.record_count().await, 0);
}

#[tokio::test]
async fn a_line_too_long_harms_no_other() {
    let server = TestServer::start().await;
    let long = "x".repeat(2 * 1024 * 1024 + 1);
    let body = format!("{long}\n{}\n", line("invoice", "inv-1", invoice("1")));
    let answer = send(&server, body.into_bytes()).await;
    assert_snapshot!(results(&answer), @r#"
    1 null "/problems/body-too-large"
    2 "inv-1" "created"
    "#);
}

#[tokio::test]
async fn a_line_that_is_not_utf8_harms_no_other() {
    let server = TestServer::start().await;
    let mut body = b"{\"kind\":\"\xff\"}\n".to_vec();
    body.extend(line("invoice", "inv-1", invoice("1")).to_string().bytes());
    assert_snapshot!(results(&send(&server, body).await), @r#"
    1 null "/problems/bad-json" "" "not_utf8"
    2 "inv-1" "created"
    "#);
}

#[tokio::test]
async fn an_announced_body_too_large_is_refused_unread() {
    let server = TestServer::start().await;
    let request = Request::post("/api/v1/records/batch")
        .header("authorization", format!("Bearer {}", server.glass.write))
        .header("content-type", "application/x-ndjson")
        .header("content-length", "33554433");
    assert_eq!(server.call(request.body(Body::empty()).expect("a request")).await.status, 413);
}

#[tokio::test]
async fn an_empty_batch_is_answered_with_nothing() {
    let server = TestServer::start().await;
    let answer = send(&server, b"\n\n".to_vec()).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
}

fn line(kind: &str, external_id: &str, mut record: Value) -> Value {
    record["kind"] = kind.into();
    record["external_id"] = external_id.into();
    record
}

async fn send(server: &TestServer, body: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/records/batch")
        .header("authorization", format!("Bearer {}", server.glass.write))
        .header("content-type", "application/x-ndjson");
    server.call(request.body(Body::from(body)).expect("a request")).await
}

/// Line, name, and what became of it.
fn results(answer: &Answer) -> String {
    let lines = answer.body.lines().map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let errors = line["error"]["errors"].as_array().cloned().unwrap_or_default();
        let pointers: Vec<String> =
            errors.iter().map(|error| format!("{} {}", error["pointer"], error["code"])).collect();
        let outcome = if line["error"].is_null() { &line["outcome"] } else { &line["error"]["type"] };
        format!("{} {} {outcome} {}", line["line"], line["external_id"], pointers.join(", ")).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
