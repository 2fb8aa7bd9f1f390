//! Lists, their filters and cursors, and the summary.

use insta::assert_snapshot;
use serde_json::json;

use crate::example::{invoice, invoice_but, payment};
use crate::test_server::TestServer;

#[tokio::test]
async fn a_list_shows_records_in_pages() {
    let server = TestServer::start().await;
    for n in 1..=5 {
        let body = invoice_but("date", json!(format!("2026-11-0{n}")));
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &body).await;
    }
    let mut seen = Vec::new();
    let mut path = "/api/v1/records?limit=2".to_owned();
    loop {
        let page = server.get(&path).await.json();
        let data = page["data"].as_array().expect("data").clone();
        seen.push(
            data.iter().map(|record| record["external_id"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>(),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/records?limit=2&cursor={cursor}");
    }
    assert_snapshot!(format!("{seen:?}"), @r#"[["inv-5", "inv-4"], ["inv-3", "inv-2"], ["inv-1"]]"#);
}

#[tokio::test]
async fn a_list_shows_the_shape_of_a_record() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/payments/pay-1", &payment("881", "inv-1").to_string()).await;
    assert_snapshot!(server.get("/api/v1/records").await.pretty(), @r#"
    {
      "data": [
        {
          "id": "01a19cc6-3d80-7dd5-9f45-b13528074445",
          "kind": "payment",
          "external_id": "pay-1",
          "number": "881",
          "customer": "Müller Auto & Glass",
          "date": "2026-11-05",
          "amount": "250.00",
          "currency": "USD",
          "status": "unsent",
          "revision": 1,
          "waits_for": [
            {
              "invoice": "inv-1",
              "handed_over": false
            }
          ],
          "attempt_count": 0,
          "created_at": "2026-11-02T15:00:00Z",
          "handed_over_at": "2026-11-02T15:00:00Z",
          "changed_at": "2026-11-02T15:00:00Z"
        }
      ],
      "next_cursor": null
    }
    "#);
}

#[tokio::test]
async fn filters_restrict_the_list() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    server.send("PUT", "/api/v1/invoices/inv-2", &invoice("2000").to_string()).await;
    server.send("PUT", "/api/v1/payments/pay-1", &payment("881", "inv-1").to_string()).await;
    server.send("POST", "/api/v1/records/ready", "{\"filter\":{\"q\":\"2000\"}}").await;
    let queries = [
        "",
        "kind=payment",
        "status=ready_to_sync",
        "status=unsent,ready_to_sync,unsent",
        "status=unsent&status=ready_to_sync",
        "q=m%C3%BCller",
        "q=104&kind=invoice",
        "customer=M%C3%BCller+Auto+%26+Glass",
        "customer=M%C3%BCller",
        "from=2026-11-05",
        "to=2026-11-04&status=",
    ];
    let mut found = String::new();
    for query in queries {
        let list = server.get(&format!("/api/v1/records?{query}")).await.json();
        let data = list["data"].as_array().expect("data").clone();
        let ids: Vec<&str> = data.iter().filter_map(|record| record["external_id"].as_str()).collect();
        found += &format!("{query}: {}\n", ids.join(" "));
    }
    assert_snapshot!(found, @r"
    : pay-1 inv-2 inv-1
    kind=payment: pay-1
    status=ready_to_sync: inv-2
    status=unsent,ready_to_sync,unsent: pay-1 inv-2 inv-1
    status=unsent&status=ready_to_sync: pay-1 inv-2 inv-1
    q=m%C3%BCller: pay-1 inv-2 inv-1
    q=104&kind=invoice: inv-1
    customer=M%C3%BCller+Auto+%26+Glass: pay-1 inv-2 inv-1
    customer=M%C3%BCller: 
    from=2026-11-05: pay-1
    to=2026-11-04&status=: inv-2 inv-1
    ");
}

#[tokio::test]
async fn unusable_parameters_are_named_all_at_once() {
    let server = TestServer::start().await;
    let query = "kinds=invoice&status=sent&from=2.11.2026&limit=201&cursor=%21&q=a&q=b&to=20261102";
    let answer = server.get(&format!("/api/v1/records?{query}")).await;
    assert_eq!(answer.status, 400);
    assert_snapshot!(answer.faults(), @r"
    kinds unknown_parameter
    q repeated_parameter
    status bad_value
    from bad_value
    to bad_value
    cursor bad_value
    limit out_of_range
    ");
    for query in ["limit=0", "limit=-1", "limit=x", "cursor=MTI", "kind=invoice,payment"] {
        assert_eq!(server.get(&format!("/api/v1/records?{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn the_summary_counts_every_status() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    server.send("PUT", "/api/v1/payments/pay-1", &payment("1", "inv-1").to_string()).await;
    assert_snapshot!(server.get("/api/v1/summary").await.pretty(), @r#"
    {
      "unsent": 2,
      "ready_to_sync": 0,
      "sending": 0,
      "unconfirmed": 0,
      "submitted": 0,
      "needs_attention": 0,
      "excluded": 0,
      "held_back": 0
    }
    "#);
}
