//! Handing records over, reading them and voiding them.

use bookferry_sync::submission::{Event, Posted};
use insta::assert_snapshot;
use serde_json::json;

use crate::example::{invoice, invoice_but, payment};
use crate::test_server::TestServer;

#[tokio::test]
async fn a_new_invoice_is_answered_with_its_record() {
    let server = TestServer::start().await;
    let answer = server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    assert_eq!(answer.status, 201);
    assert_snapshot!(answer.pretty(), @r#"
    {
      "outcome": "created",
      "id": "01a19cc6-3d80-7dd5-9f45-b13528074445",
      "kind": "invoice",
      "external_id": "inv-1",
      "number": "1042",
      "customer": "Müller Auto & Glass",
      "date": "2026-11-02",
      "amount": "250.00",
      "currency": "USD",
      "status": "unsent",
      "revision": 1,
      "waits_for": [],
      "attempt_count": 0,
      "created_at": "2026-11-02T15:04:05Z",
      "handed_over_at": "2026-11-02T15:00:00Z",
      "changed_at": "2026-11-02T15:00:00Z",
      "voided": false,
      "corrected_here": false,
      "preflight": [],
      "content": {
        "number": "1042",
        "created_at": "2026-11-02T15:04:05Z",
        "date": "2026-11-02",
        "customer": {
          "name": "Müller Auto & Glass"
        },
        "lines": [
          {
            "item": "Windshield FW02717",
            "quantity": "1",
            "rate": "250",
            "amount": "250.00"
          }
        ],
        "total": "250.00"
      }
    }
    "#);
}

#[tokio::test]
async fn the_same_content_again_changes_nothing() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    server.send("PUT", path, &invoice("1").to_string()).await;
    let before = server.get(path).await;
    for body in
        [invoice_but("created_at", json!(null)), invoice_but("memo", json!("")), invoice_but("terms", json!(null))]
    {
        let again = server.send("PUT", path, &body).await;
        assert_eq!((again.status.as_u16(), again.json()["outcome"].as_str()), (200, Some("unchanged")));
    }
    assert_eq!(server.get(path).await.body, before.body);
}

#[tokio::test]
async fn other_content_is_a_new_revision() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    server.send("PUT", path, &invoice("1").to_string()).await;
    let answer = server.send("PUT", path, &invoice_but("memo", json!("Left door"))).await;
    let record = answer.json();
    assert_eq!(
        (answer.status.as_u16(), record["outcome"].as_str(), record["revision"].as_i64()),
        (200, Some("changed"), Some(2))
    );
    assert_eq!(record["content"]["memo"], "Left door");
}

#[tokio::test]
async fn preflight_comes_with_the_answer() {
    let server = TestServer::start().await;
    let number = "INVOICE-2026-1042";
    let answer = server.send("PUT", "/api/v1/invoices/inv-1", &invoice(number).to_string()).await;
    let preflight = answer.json()["preflight"].clone();
    assert_snapshot!(serde_json::to_string_pretty(&preflight).expect("JSON"), @r#"
    [
      {
        "severity": "will_be_refused",
        "field": "/number",
        "code": "too_long",
        "message": "The invoice number “INVOICE-2026-1042” has 17 characters; QuickBooks holds 11. Shorten it in your application."
      }
    ]
    "#);
}

#[tokio::test]
async fn a_payment_says_which_invoice_it_waits_for() {
    let server = TestServer::start().await;
    let path = "/api/v1/payments/pay-1";
    server.send("PUT", path, &payment("881", "inv-1").to_string()).await;
    let waits_for = |answer: &crate::test_server::Answer| answer.json()["waits_for"].to_string();
    assert_snapshot!(waits_for(&server.get(path).await), @r#"[{"invoice":"inv-1","handed_over":false}]"#);
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    assert_snapshot!(waits_for(&server.get(path).await), @r#"[{"invoice":"inv-1","handed_over":true,"number":"1042"}]"#);
}

#[tokio::test]
async fn an_external_id_may_hold_any_visible_character() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/a%2Fb%20%C3%BC%3F%25";
    assert_eq!(server.send("PUT", path, &invoice("1").to_string()).await.status, 201);
    assert_eq!(server.get(path).await.json()["external_id"], "a/b ü?%");
    assert_eq!(server.get("/api/v1/payments/a%2Fb%20%C3%BC%3F%25").await.status, 404);
}

#[tokio::test]
async fn a_void_before_sending_excludes_and_repeats_nothing() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    assert_eq!(server.send("DELETE", path, "").await.status, 404);
    server.send("PUT", path, &invoice("1").to_string()).await;
    let outcome = |answer: crate::test_server::Answer| {
        let record = answer.json();
        format!("{} {} {} {}", answer.status, record["outcome"], record["status"], record["voided"])
    };
    assert_snapshot!(outcome(server.send("DELETE", path, "").await), @r#"200 OK "changed" "excluded" true"#);
    assert_snapshot!(outcome(server.send("DELETE", path, "").await), @r#"200 OK "unchanged" "excluded" true"#);
    assert_snapshot!(outcome(server.send("PUT", path, &invoice("1").to_string()).await), @r#"200 OK "changed" "unsent" false"#);
}

#[tokio::test]
async fn a_void_after_submission_needs_attention() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    server.send("PUT", path, &invoice("1").to_string()).await;
    let posted = Posted { txn_id: "1A2B-17".to_owned(), edit_sequence: "17".to_owned(), revision: 1 };
    server.happens("inv-1", [Event::MarkReady, Event::Enclosed, Event::Accepted { posted, difference: None }]).await;
    let record = server.send("DELETE", path, "").await.json();
    assert_eq!(record["status"], "needs_attention");
    assert_eq!((&record["attention"], &record["txn_id"]), (&json!("voided"), &json!("1A2B-17")));
}

#[tokio::test]
async fn an_unchanged_record_need_not_be_sent_again() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    server.send("PUT", path, &invoice("1").to_string()).await;
    let tag = server.get(path).await.header("etag").expect("a tag").to_owned();
    let known = server.get_unless(path, &tag).await;
    assert_eq!((known.status.as_u16(), known.body.as_str()), (304, ""));
    server.send("PUT", path, &invoice("2").to_string()).await;
    assert_eq!(server.get_unless(path, &tag).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_record_comes_of_64_hand_overs_at_once() {
    let server = std::sync::Arc::new(TestServer::start().await);
    let tasks: Vec<_> = (0..64)
        .map(|_| {
            let server = server.clone();
            tokio::spawn(async move { server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await })
        })
        .collect();
    let mut created = 0;
    for task in tasks {
        let answer = task.await.expect("no panic");
        match answer.status.as_u16() {
            201 => created += 1,
            status => assert_eq!((status, answer.json()["outcome"].as_str()), (200, Some("unchanged"))),
        }
    }
    assert_eq!((created, server.record_count().await), (1, 1));
}
