//! What an application can get wrong: the right status, a pointer to every fault, and nothing stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::Request;
use futures_util::stream;
use insta::assert_snapshot;
use serde_json::json;

use crate::example::{invoice, invoice_but};
use crate::test_server::{Answer, TestServer};

#[tokio::test]
async fn every_fault_of_an_invoice_is_told_at_once() {
    let server = TestServer::start().await;
    let body = json!({
        "nummer": "7",
        "number": 7,
        "date": "02.11.2026",
        "customer": {"name": " "},
        "lines": [{"item": "Windshield", "quantity": "2", "rate": "10.00", "amount": "19.999", "colour": "green"}],
        "total": "20.00",
        "currency": "XYZ"
    });
    let answer = refused(&server, &body.to_string(), 422).await;
    assert_snapshot!(answer.faults(), @r"
    /nummer unknown_field
    /number wrong_type
    /date not_a_date
    /customer/name blank
    /lines/0/colour unknown_field
    /lines/0/amount too_many_decimals
    /currency unknown_currency
    ");
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    let server = TestServer::start().await;
    let answer = refused(&server, &invoice_but("po_numbr", json!("17")), 422).await;
    assert_snapshot!(answer.pretty(), @r#"
    {
      "type": "/problems/invalid-record",
      "title": "What was sent has faults",
      "status": 422,
      "detail": "Nothing was changed, because of one fault in what was sent.",
      "retryable": false,
      "fixes": [
        {
          "actor": "application",
          "action": "Correct every place that errors[] points at, and send it again."
        }
      ],
      "errors": [
        {
          "pointer": "/po_numbr",
          "code": "unknown_field",
          "message": "There is no field \"po_numbr\" here. Did you mean \"po_number\"?"
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn a_wrong_type_is_refused() {
    let server = TestServer::start().await;
    assert_snapshot!(refused(&server, &invoice_but("lines", json!("none")), 422).await.faults(), @"/lines wrong_type");
    assert_snapshot!(refused(&server, &invoice_but("total", json!(250.0)), 422).await.faults(), @"/total decimal_as_number");
    assert_snapshot!(refused(&server, "[]", 422).await.faults(), @" wrong_type");
}

#[tokio::test]
async fn an_amount_with_three_decimals_is_refused() {
    let server = TestServer::start().await;
    assert_snapshot!(refused(&server, &invoice_but("total", json!("250.001")), 422).await.faults(), @"/total too_many_decimals");
}

#[tokio::test]
async fn an_unknown_currency_is_refused() {
    let server = TestServer::start().await;
    assert_snapshot!(refused(&server, &invoice_but("currency", json!("ZZZ")), 422).await.faults(), @"/currency unknown_currency");
    assert_snapshot!(refused(&server, &invoice_but("currency", json!("EUR")), 422).await.faults(), @"/currency currency_not_supported");
}

#[tokio::test]
async fn lines_that_do_not_add_up_are_refused() {
    let server = TestServer::start().await;
    assert_snapshot!(refused(&server, &invoice_but("total", json!("251.00")), 422).await.faults(), @"/total total_does_not_add_up");
    let lines = json!([{"item": "Windshield", "quantity": "3", "rate": "10.00", "amount": "31.00"}]);
    assert_snapshot!(refused(&server, &invoice_but("lines", lines), 422).await.faults(), @"/lines/0/amount line_does_not_add_up");
}

#[tokio::test]
async fn an_empty_customer_is_refused() {
    let server = TestServer::start().await;
    assert_snapshot!(refused(&server, &invoice_but("customer", json!({"name": ""})), 422).await.faults(), @"/customer/name blank");
    assert_snapshot!(refused(&server, &invoice_but("customer", json!(null)), 422).await.faults(), @"/customer missing");
}

#[tokio::test]
async fn an_invoice_of_5000_lines_is_refused() {
    let server = TestServer::start().await;
    let line = json!({"item": "Wiper", "amount": "1.00"});
    let body = invoice_but("lines", vec![line; 5_000].into());
    assert_snapshot!(refused(&server, &body, 422).await.faults(), @"/lines too_many");
}

#[tokio::test]
async fn a_body_of_10_megabytes_is_refused() {
    let server = TestServer::start().await;
    let body = invoice_but("memo", "x".repeat(10_000_000).into());
    assert_snapshot!(refused(&server, &body, 413).await.pretty(), @r#"
    {
      "type": "/problems/body-too-large",
      "title": "The body is too large",
      "status": 413,
      "detail": "The body has more than 2097152 bytes. Nothing was stored.",
      "retryable": false,
      "fixes": [
        {
          "actor": "application",
          "action": "Send many records through POST /api/v1/records/batch, in several requests."
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn an_endless_body_is_read_to_its_limit_and_without_a_key_not_at_all() {
    const MEBIBYTE: u64 = 1 << 20;
    let server = TestServer::start().await;
    let key = server.glass.write.as_str();
    for (method, path, content_type, key, status, read_max) in [
        ("PUT", "/api/v1/invoices/inv-1", "application/json", key, 413, 16 * MEBIBYTE),
        ("PUT", "/api/v1/invoices/inv-1", "application/json", "bf_live_nobodys", 401, 0),
        ("POST", "/api/v1/records/batch", "application/x-ndjson", key, 200, 32 * MEBIBYTE),
        ("POST", "/api/v1/records/batch", "application/x-ndjson", "bf_live_nobodys", 401, 0),
        ("POST", "/qbwc", "text/xml", "", 500, 32 * MEBIBYTE),
        ("POST", "/login", "application/x-www-form-urlencoded", "", 400, MEBIBYTE / 4),
    ] {
        let read = Arc::new(AtomicU64::new(0));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", content_type)
            .header("authorization", format!("Bearer {key}"))
            .header("sec-fetch-site", "same-origin");
        let answer = server.call(request.body(endless(&read)).expect("a request")).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
        let read = read.load(Ordering::SeqCst);
        assert!(read <= read_max.next_multiple_of(PIECE.len() as u64) + PIECE.len() as u64, "{method} {path}: {read}");
        assert_eq!(read == 0, read_max == 0, "{method} {path}: {read}");
    }
    assert_eq!(server.record_count().await, 0);
}

static PIECE: [u8; 1 << 16] = [b'1'; 1 << 16];

/// Counts the bytes that are taken of it.
fn endless(read: &Arc<AtomicU64>) -> Body {
    let read = Arc::clone(read);
    Body::from_stream(stream::repeat_with(move || {
        read.fetch_add(PIECE.len() as u64, Ordering::SeqCst);
        Ok::<_, std::convert::Infallible>(PIECE.as_slice())
    }))
}

#[tokio::test]
async fn invalid_utf8_is_refused() {
    let server = TestServer::start().await;
    let mut body = invoice("1").to_string().into_bytes();
    let at = body.iter().position(|&byte| byte == 0xc3).expect("the ü of Müller");
    body.remove(at);
    let answer = put_bytes(&server, "application/json", body).await;
    assert_eq!(answer.status, 400);
    assert_snapshot!(answer.faults(), @" not_utf8");
    assert_eq!(server.record_count().await, 0);
}

#[tokio::test]
async fn broken_json_is_refused_with_its_place() {
    let server = TestServer::start().await;
    let broken = ["", "{\"number\": \"1\",\n  \"date\" \"2026-11-02\"}", "{} {}", "{\"number\": 1e999}"];
    for body in broken {
        refused(&server, body, 400).await;
    }
    let answer = refused(&server, broken[1], 400).await;
    assert_snapshot!(answer.pretty(), @r#"
    {
      "type": "/problems/bad-json",
      "title": "The body is not readable",
      "status": 400,
      "detail": "Line 2, column 10: expected `:`.",
      "retryable": false,
      "errors": [
        {
          "pointer": "",
          "code": "json",
          "message": "Line 2, column 10: expected `:`."
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn a_name_that_stands_twice_is_refused() {
    let server = TestServer::start().await;
    let body = "{\"number\": \"1\", \"customer\": {\"name\": \"A\", \"name\": \"B\"}}";
    let answer = refused(&server, body, 400).await;
    assert_snapshot!(answer.json()["detail"].as_str().unwrap_or(""), @r#"Line 1, column 54: the name "name" stands twice in one object."#);
}

#[tokio::test]
async fn deep_json_is_refused() {
    let server = TestServer::start().await;
    let body = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let answer = refused(&server, &body, 400).await;
    assert_snapshot!(answer.json()["detail"].as_str().unwrap_or(""), @"Line 1, column 33: this is nested deeper than 32 levels.");
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let server = TestServer::start().await;
    let body = || invoice("1").to_string().into_bytes();
    for kind in ["application/x-www-form-urlencoded", "text/json", "application/json; charset=iso-8859-1"] {
        assert_eq!(put_bytes(&server, kind, body()).await.status, 415, "{kind}");
    }
    assert_eq!(server.record_count().await, 0);
    for kind in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
        assert!(put_bytes(&server, kind, body()).await.status.is_success(), "{kind}");
    }
}

#[tokio::test]
async fn an_external_id_that_nobody_can_read_is_refused() {
    let server = TestServer::start().await;
    for path in ["/api/v1/invoices/%20", "/api/v1/invoices/a%00b", &format!("/api/v1/invoices/{}", "x".repeat(201))] {
        let answer = server.send("PUT", path, &invoice("1").to_string()).await;
        assert_eq!(answer.status, 422, "{path}");
        assert!(answer.faults().starts_with("/external_id "), "{}", answer.body);
    }
    let answer = server.send("PUT", "/api/v1/invoices/%ff", &invoice("1").to_string()).await;
    assert_eq!(answer.status, 400);
    assert_eq!(server.record_count().await, 0);
}

async fn refused(server: &TestServer, body: &str, status: u16) -> Answer {
    let answer = server.send("PUT", "/api/v1/invoices/inv-1", body).await;
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(server.record_count().await, 0);
    answer
}

async fn put_bytes(server: &TestServer, content_type: &str, body: Vec<u8>) -> Answer {
    let request = Request::put("/api/v1/invoices/inv-1")
        .header("authorization", format!("Bearer {}", server.glass.write))
        .header("content-type", content_type);
    server.call(request.body(Body::from(body)).expect("a request")).await
}
