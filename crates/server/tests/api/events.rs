//! What happened, in order.

use serde_json::json;

use crate::example::{invoice_but, payment};
use crate::test_server::TestServer;

#[tokio::test]
async fn events_come_in_order_and_go_on_from_the_last_that_is_known() {
    let server = TestServer::start().await;
    for n in 1..=3 {
        let body = invoice_but("date", json!(format!("2026-11-0{n}")));
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &body).await;
    }
    server.send("POST", "/api/v1/records/ready", r#"{"filter":{}}"#).await;
    let mut told = Vec::new();
    let mut path = "/api/v1/events?limit=4".to_owned();
    let last = loop {
        let page = server.get(&path).await.json();
        for event in page["data"].as_array().expect("data") {
            told.push((event["external_id"].clone(), event["to_status"].clone()));
        }
        let last = page["data"].as_array().and_then(|data| data.last()).expect("an event")["id"].clone();
        let Some(cursor) = page["next_cursor"].as_str() else { break last };
        path = format!("/api/v1/events?limit=4&cursor={cursor}");
    };
    let expected: Vec<_> = ["unsent", "ready_to_sync"]
        .into_iter()
        .flat_map(|status| (1..=3).map(move |n| (json!(format!("inv-{n}")), json!(status))))
        .collect();
    assert_eq!(told, expected);

    server.send("PUT", "/api/v1/payments/pay-1", &payment("881", "inv-1").to_string()).await;
    let page = server.get(&format!("/api/v1/events?cursor={}", last.as_str().expect("an id"))).await.json();
    let events = page["data"].as_array().expect("data");
    assert_eq!(events.len(), 1, "{page}");
    assert_eq!((&events[0]["kind"], &events[0]["external_id"]), (&json!("payment"), &json!("pay-1")));
    assert!(page["next_cursor"].is_null());
}

#[tokio::test]
async fn a_cursor_that_is_none_is_named() {
    let server = TestServer::start().await;
    let refused = server.get("/api/v1/events?cursor=yesterday&limit=0").await;
    assert_eq!(refused.status, 400, "{}", refused.pretty());
    let told = refused.pretty();
    assert!(told.contains("cursor") && told.contains("limit"), "{told}");
}
