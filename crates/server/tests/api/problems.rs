//! Addresses and methods that do not exist, and a database that is gone.

use insta::assert_snapshot;

use crate::test_server::TestServer;

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let server = TestServer::start().await;
    let mut told = String::new();
    let calls = [
        ("GET", "/api/v1/records/1/2"),
        ("GET", "/api/v1/nothing"),
        ("GET", "/api/v1/invoices"),
        ("POST", "/api/v1/invoices/inv-1"),
        ("PUT", "/api/v1/records"),
        ("GET", "/api/v1/records/ready"),
        ("DELETE", "/api/v1/summary"),
    ];
    for (method, path) in calls {
        let answer = server.send(method, path, "").await;
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
        told += &format!("{method} {path}: {} {}\n", answer.status.as_u16(), answer.header("allow").unwrap_or("-"));
    }
    assert_snapshot!(told, @r"
    GET /api/v1/records/1/2: 404 -
    GET /api/v1/nothing: 404 -
    GET /api/v1/invoices: 404 -
    POST /api/v1/invoices/inv-1: 405 PUT,GET,HEAD,DELETE
    PUT /api/v1/records: 405 GET,HEAD
    GET /api/v1/records/ready: 405 POST
    DELETE /api/v1/summary: 405 GET,HEAD
    ");
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_problem_to_retry() {
    let server = TestServer::start().await;
    server.store().close().await;
    let answer = server.get("/api/v1/summary").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, Some("5")));
    assert_snapshot!(answer.pretty(), @r#"
    {
      "type": "/problems/unavailable",
      "title": "The database cannot be reached just now",
      "status": 503,
      "detail": "Nothing was changed. Send the same request again in a few seconds.",
      "retryable": true
    }
    "#);
}
