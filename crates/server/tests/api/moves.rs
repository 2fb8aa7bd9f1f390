//! Bulk actions, by ids and by filter.

use bookferry_sync::cause::Cause;
use bookferry_sync::submission::Event;
use insta::assert_snapshot;
use serde_json::json;

use crate::example::invoice;
use crate::test_server::TestServer;

#[tokio::test]
async fn records_move_by_filter_and_by_ids() {
    let server = TestServer::start().await;
    for n in 1..=3 {
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &invoice(&n.to_string()).to_string()).await;
    }
    let id = server.id_of("inv-2").await;
    let ids = json!({"ids": [id, "0198a000-0000-7000-8000-000000000000"]}).to_string();
    let mut told = String::new();
    let moves = [
        ("ready", "{\"filter\":{}}"),
        ("ready", "{\"filter\":{}}"),
        ("unready", &ids),
        ("exclude", &ids),
        ("exclude", "{\"filter\":{\"status\":[\"submitted\",\"sending\"]}}"),
        ("include", &ids),
        ("unready", "{\"filter\":{\"kind\":\"payment\"}}"),
        ("unready", "{\"filter\":{\"status\":\"ready_to_sync\",\"from\":\"2026-11-02\",\"q\":\"inv-3\"}}"),
        ("retry", "{\"filter\":{}}"),
        ("ready", "{\"ids\":[]}"),
    ];
    for (name, body) in moves {
        let answer = server.send("POST", &format!("/api/v1/records/{name}"), body).await;
        told += &format!("{name} {} {}\n", answer.status.as_u16(), answer.body);
    }
    assert_snapshot!(told, @r#"
    ready 200 {"changed":3}
    ready 200 {"changed":0}
    unready 200 {"changed":1}
    exclude 200 {"changed":1}
    exclude 200 {"changed":0}
    include 200 {"changed":1}
    unready 200 {"changed":0}
    unready 200 {"changed":1}
    retry 200 {"changed":0}
    ready 200 {"changed":0}
    "#);
    assert_snapshot!(server.get("/api/v1/summary").await.body, @r#"{"unsent":2,"ready_to_sync":1,"sending":0,"unconfirmed":0,"submitted":0,"needs_attention":0,"excluded":0,"held_back":0}"#);
}

#[tokio::test]
async fn what_was_refused_is_retried() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    let cause = Cause::new("qb_3140", "QuickBooks knows no such customer.", "");
    server.happens("inv-1", [Event::MarkReady, Event::Refused(cause)]).await;
    let answer = server.send("POST", "/api/v1/records/retry", "{\"filter\":{}}").await;
    assert_snapshot!(answer.body, @r#"{"changed":1}"#);
    assert_eq!(server.get("/api/v1/invoices/inv-1").await.json()["status"], "ready_to_sync");
}

#[tokio::test]
async fn what_changed_since_the_caller_looked_is_left_as_it_is() {
    let server = TestServer::start().await;
    for n in 1..=2 {
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &invoice(&n.to_string()).to_string()).await;
    }
    let seen = server.get("/api/v1/records").await.json();
    let ids: Vec<&str> = seen["data"].as_array().expect("records").iter().filter_map(|it| it["id"].as_str()).collect();
    let seen_until = seen["data"][0]["changed_at"].as_str().expect("an instant");
    server.pass(1);
    server.send("PUT", "/api/v1/invoices/inv-2", &invoice("2 again").to_string()).await;
    server.send("PUT", "/api/v1/invoices/inv-3", &invoice("3").to_string()).await;
    let by_ids = json!({"ids": ids, "seen_until": seen_until});
    let answer = server.send("POST", "/api/v1/records/ready", &by_ids.to_string()).await;
    assert_snapshot!(answer.body, @r#"{"changed":1}"#);
    let unready = json!({"ids": ids});
    server.send("POST", "/api/v1/records/unready", &unready.to_string()).await;
    let by_filter = json!({"filter": {"status": "unsent"}, "seen_until": seen_until});
    let answer = server.send("POST", "/api/v1/records/ready", &by_filter.to_string()).await;
    assert_snapshot!(answer.body, @r#"{"changed":0}"#);
    assert_snapshot!(server.get("/api/v1/summary").await.body, @r#"{"unsent":3,"ready_to_sync":0,"sending":0,"unconfirmed":0,"submitted":0,"needs_attention":0,"excluded":0,"held_back":0}"#);
}

#[tokio::test]
async fn a_selection_with_faults_moves_nothing() {
    let server = TestServer::start().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    let id = server.id_of("inv-1").await;
    let bodies = [
        json!({}),
        json!([]),
        json!({"ids": [id], "filter": {}}),
        json!({"ids": [id, "inv-1", 7]}),
        json!({"ids": id}),
        json!({"ids": vec![id.clone(); 1_001]}),
        json!({"filter": []}),
        json!({"filter": {"kinds": "invoice", "kind": "receipt", "status": ["unsent", "sent"], "from": "today", "q": 7}}),
        json!({"filter": {}, "dry~run": true}),
        json!({"filter": {}, "seen_until": "yesterday"}),
    ];
    let mut told = String::new();
    for body in bodies {
        let answer = server.send("POST", "/api/v1/records/ready", &body.to_string()).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        told += &format!("{}\n\n", answer.faults());
    }
    assert_snapshot!(told, @r"
     ids_or_filter

     wrong_type

     ids_or_filter

    /ids/1 bad_value
    /ids/2 bad_value

    /ids wrong_type

    /ids too_many

    /filter wrong_type

    /filter/kinds unknown_field
    /filter/kind bad_value
    /filter/status/1 bad_value
    /filter/q bad_value
    /filter/from bad_value

    /dry~0run unknown_field

    /seen_until bad_value
    ");
    assert_eq!(server.get("/api/v1/summary").await.json()["unsent"], 1);
}
