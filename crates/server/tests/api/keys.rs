//! Who may call: one company a key, and a key that may only read changes nothing.

use axum::body::Body;
use axum::http::Request;
use insta::assert_snapshot;

use crate::example::invoice;
use crate::test_server::{Answer, TestServer};

#[tokio::test]
async fn a_wrong_key_is_answered_as_a_missing_one() {
    let server = TestServer::start().await;
    let missing = server.call(Request::get("/api/v1/summary").body(Body::empty()).expect("a request")).await;
    assert_eq!(missing.status, 401);
    assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
    assert_snapshot!(missing.pretty(), @r#"
    {
      "type": "/problems/unauthorized",
      "title": "The API key is missing or wrong",
      "status": 401,
      "detail": "Send the key as \"Authorization: Bearer KEY\".",
      "retryable": false,
      "fixes": [
        {
          "actor": "operator",
          "action": "Make a key: bookferry key add --company ID"
        }
      ]
    }
    "#);

    let right = &server.glass.write;
    let wrong = [
        "Bearer bf_live_wrong".to_owned(),
        "Bearer ".to_owned(),
        format!("Basic {right}"),
        format!("Bearer{right}"),
        format!("Bearer {}", &right[..right.len() - 1]),
        format!("Bearer {}", "x".repeat(10_000)),
    ];
    for authorization in wrong {
        let answer = with_header(&server, "authorization", &authorization).await;
        assert_eq!((answer.status.as_u16(), &answer.body), (401, &missing.body), "{authorization}");
    }
    assert_eq!(with_header(&server, "authorization", &format!("bearer {right}")).await.status, 200);
}

#[tokio::test]
async fn a_cookie_is_no_key() {
    let server = TestServer::start().await;
    let cookie = format!("__Host-session={}", server.glass.write);
    assert_eq!(with_header(&server, "cookie", &cookie).await.status, 401);
}

#[tokio::test]
async fn a_read_only_key_reads_and_changes_nothing() {
    let server = TestServer::start().await;
    let key = &server.glass.read_only;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    let writes = [
        ("PUT", "/api/v1/invoices/inv-1"),
        ("PUT", "/api/v1/payments/pay-1"),
        ("DELETE", "/api/v1/invoices/inv-1"),
        ("POST", "/api/v1/records/batch"),
        ("POST", "/api/v1/records/ready"),
        ("POST", "/api/v1/records/exclude"),
        ("POST", "/api/v1/records/0198a000-0000-7000-8000-000000000000/resolve"),
    ];
    for (method, path) in writes {
        let answer = server.send_as(key, method, path, "{\"filter\":{}}").await;
        assert_eq!(answer.status, 403, "{method} {path}: {}", answer.body);
    }
    let answer = server.send_as(key, "GET", "/api/v1/summary", "").await;
    assert_snapshot!(answer.body, @r#"{"unsent":1,"ready_to_sync":0,"sending":0,"unconfirmed":0,"submitted":0,"needs_attention":0,"excluded":0,"held_back":0}"#);
}

#[tokio::test]
async fn the_request_id_comes_back() {
    let server = TestServer::start().await;
    let answer = with_header(&server, "x-request-id", "order-17").await;
    assert_eq!((answer.status.as_u16(), answer.header("x-request-id")), (401, Some("order-17")));
}

async fn with_header(server: &TestServer, name: &str, value: &str) -> Answer {
    let request = Request::get("/api/v1/summary").header(name, value);
    server.call(request.body(Body::empty()).expect("a request")).await
}
