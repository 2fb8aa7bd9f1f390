//! Deciding about one record that waits for a person.

use bookferry_sync::cause::Cause;
use bookferry_sync::submission::{Event, Posted};
use insta::assert_snapshot;
use serde_json::json;

use crate::example::{invoice, invoice_but};
use crate::test_server::TestServer;

#[tokio::test]
async fn a_refused_record_shows_its_cause_and_its_past() {
    let server = TestServer::start().await;
    refused(&server).await;
    let id = server.id_of("inv-1").await;
    let record = server.get(&format!("/api/v1/records/{id}")).await.json();
    assert_eq!(record["revisions"].as_array().map(Vec::len), Some(1));
    let told = json!({"cause": record["cause"], "attempts": record["attempts"], "history": record["history"]});
    assert_snapshot!(serde_json::to_string_pretty(&told).expect("JSON"), @r#"
    {
      "cause": {
        "code": "qb_3140",
        "text": "QuickBooks knows no such customer.",
        "detail": "There is an invalid reference."
      },
      "attempts": [],
      "history": [
        {
          "at": "2026-11-02T15:00:00Z",
          "actor": "web_connector",
          "from": "web_connector",
          "event": "refused",
          "from_status": "ready_to_sync",
          "to_status": "needs_attention",
          "reason": "QuickBooks knows no such customer."
        },
        {
          "at": "2026-11-02T15:00:00Z",
          "actor": "web_connector",
          "from": "web_connector",
          "event": "mark_ready",
          "from_status": "unsent",
          "to_status": "ready_to_sync",
          "reason": "Revision 1 was released."
        },
        {
          "at": "2026-11-02T15:00:00Z",
          "actor": "01a19cc6-3d80-7ade-9abe-a069bb41a797",
          "from": "api",
          "event": "handed_over",
          "from_status": null,
          "to_status": "unsent",
          "reason": null
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn every_action_does_what_the_state_allows() {
    let posted = || Posted { txn_id: "1A2B-17".to_owned(), edit_sequence: "17".to_owned(), revision: 1 };
    let lost = Cause::new("unconfirmed", "Nobody knows whether QuickBooks has it.", "");
    let actions = [
        "{\"action\":\"retry\"}",
        "{\"action\":\"not_in_quickbooks\"}",
        "{\"action\":\"already_in_quickbooks\",\"txn_id\":\"1A2B-17\"}",
        "{\"action\":\"keep_quickbooks\"}",
        "{\"action\":\"send_change\"}",
        "{\"action\":\"exclude\"}",
        "{\"action\":\"include\"}",
    ];
    let mut told = String::new();
    for action in actions {
        let server = TestServer::start().await;
        refused(&server).await;
        told += &format!("error {action}: {}\n", resolve(&server, action).await);

        let server = TestServer::start().await;
        put(&server, &invoice("1").to_string()).await;
        let events = [Event::MarkReady, Event::Enclosed, Event::AnswerLost, Event::Undecidable(lost.clone())];
        server.happens("inv-1", events).await;
        told += &format!("unconfirmed {action}: {}\n", resolve(&server, action).await);

        let server = TestServer::start().await;
        put(&server, &invoice("1").to_string()).await;
        let accepted = Event::Accepted { posted: posted(), difference: None };
        server.happens("inv-1", [Event::MarkReady, Event::Enclosed, accepted]).await;
        put(&server, &invoice_but("memo", json!("Left door"))).await;
        told += &format!("updated {action}: {}\n", resolve(&server, action).await);
    }
    assert_snapshot!(told, @r#"
    error {"action":"retry"}: 200 "ready_to_sync"
    unconfirmed {"action":"retry"}: 409 "retry is not possible while the record is Needs Attention."
    updated {"action":"retry"}: 409 "retry is not possible while the record is Needs Attention."
    error {"action":"not_in_quickbooks"}: 409 "QuickBooks' answer for this record is not in doubt, so there is nothing to decide."
    unconfirmed {"action":"not_in_quickbooks"}: 200 "ready_to_sync"
    updated {"action":"not_in_quickbooks"}: 409 "QuickBooks' answer for this record is not in doubt, so there is nothing to decide."
    error {"action":"already_in_quickbooks","txn_id":"1A2B-17"}: 200 "submitted"
    unconfirmed {"action":"already_in_quickbooks","txn_id":"1A2B-17"}: 200 "submitted"
    updated {"action":"already_in_quickbooks","txn_id":"1A2B-17"}: 200 "submitted"
    error {"action":"keep_quickbooks"}: 409 "keep_quickbooks is not possible while the record is Needs Attention."
    unconfirmed {"action":"keep_quickbooks"}: 409 "keep_quickbooks is not possible while the record is Needs Attention."
    updated {"action":"keep_quickbooks"}: 200 "submitted"
    error {"action":"send_change"}: 409 "send_change is not possible while the record is Needs Attention."
    unconfirmed {"action":"send_change"}: 409 "send_change is not possible while the record is Needs Attention."
    updated {"action":"send_change"}: 200 "ready_to_sync"
    error {"action":"exclude"}: 200 "excluded"
    unconfirmed {"action":"exclude"}: 409 "exclude is not possible while the record is Needs Attention."
    updated {"action":"exclude"}: 200 "excluded"
    error {"action":"include"}: 409 "include is not possible while the record is Needs Attention."
    unconfirmed {"action":"include"}: 409 "include is not possible while the record is Needs Attention."
    updated {"action":"include"}: 409 "include is not possible while the record is Needs Attention."
    "#);
}

#[tokio::test]
async fn a_decision_with_faults_is_refused() {
    let server = TestServer::start().await;
    refused(&server).await;
    let id = server.id_of("inv-1").await;
    let mut told = String::new();
    let bodies = [
        json!({"action": "explode"}),
        json!({}),
        json!({"action": "retry", "txn_id": "1"}),
        json!({"action": "already_in_quickbooks"}),
        json!({"action": "already_in_quickbooks", "txn_id": "x".repeat(37), "edit_sequence": 17}),
        json!("retry"),
    ];
    for body in bodies {
        let answer = server.send("POST", &format!("/api/v1/records/{id}/resolve"), &body.to_string()).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        told += &format!("{}\n\n", answer.faults());
    }
    assert_snapshot!(told, @r"
    /action bad_value

    /action bad_value

    /txn_id unknown_field

    /txn_id bad_value

    /txn_id bad_value
    /edit_sequence bad_value

     wrong_type
    ");
    assert_eq!(server.get("/api/v1/invoices/inv-1").await.json()["status"], "needs_attention");
}

async fn put(server: &TestServer, body: &str) {
    assert!(server.send("PUT", "/api/v1/invoices/inv-1", body).await.status.is_success());
}

async fn refused(server: &TestServer) {
    put(server, &invoice("1").to_string()).await;
    let cause = Cause::new("qb_3140", "QuickBooks knows no such customer.", "There is an invalid reference.");
    server.happens("inv-1", [Event::MarkReady, Event::Refused(cause)]).await;
}

async fn resolve(server: &TestServer, action: &str) -> String {
    let id = server.id_of("inv-1").await;
    let answer = server.send("POST", &format!("/api/v1/records/{id}/resolve"), action).await;
    let body = answer.json();
    let told = if answer.status.is_success() { &body["status"] } else { &body["detail"] };
    format!("{} {told}", answer.status.as_u16())
}

#[tokio::test]
async fn a_record_is_corrected_by_whoever_decides_about_it() {
    let server = TestServer::start().await;
    refused(&server).await;
    let path = format!("/api/v1/records/{}/resolve", server.id_of("inv-1").await);
    let mut content = invoice("1042");
    content["customer"]["name"] = json!("Müller & Sons");
    let corrected = server.send("POST", &path, &json!({"action": "correct", "content": content}).to_string()).await;
    let record = corrected.json();
    assert_eq!((corrected.status.as_u16(), &record["status"]), (200, &json!("ready_to_sync")), "{record}");
    assert_eq!((&record["customer"], &record["revision"]), (&json!("Müller & Sons"), &json!(2)));
    assert_eq!(record["corrected_here"], json!(true));
    content["total"] = json!("1.00");
    let faulty = server.send("POST", &path, &json!({"action": "correct", "content": content}).to_string()).await;
    assert_eq!(faulty.status, 422);
    assert!(faulty.faults().contains("/content/total"), "{}", faulty.faults());
}

#[tokio::test]
async fn a_name_is_linked_only_to_what_quickbooks_has() {
    let server = TestServer::start().await;
    refused(&server).await;
    let path = format!("/api/v1/records/{}/resolve", server.id_of("inv-1").await);
    let link = json!({"action": "link", "list": "customers", "name": "Müller", "entry": "Nobody"});
    let unknown = server.send("POST", &path, &link.to_string()).await;
    assert_eq!((unknown.status.as_u16(), unknown.faults().as_str()), (422, "/entry bad_value"));
    let faulty = server.send("POST", &path, r#"{"action":"link","list":"pets"}"#).await;
    assert_eq!(faulty.faults(), "/list bad_value\n/name missing\n/entry missing");
    let record = server.get("/api/v1/invoices/inv-1").await.json();
    assert_eq!(record["status"], json!("needs_attention"), "nothing was done");
}

#[tokio::test]
async fn a_record_is_looked_for_in_the_next_visit() {
    let server = TestServer::start().await;
    refused(&server).await;
    let id = server.id_of("inv-1").await;
    let path = format!("/api/v1/records/{id}/resolve");
    for (body, text) in [
        (r#"{"action":"look_up"}"#, "1"),
        (r#"{"action":"look_up","number":"A-7"}"#, "A-7"),
        (r#"{"action":"look_up","txn_id":"1A2B-1793631600"}"#, "1A2B-1793631600"),
    ] {
        let taken = server.send("POST", &path, body).await;
        assert_eq!((taken.status.as_u16(), &taken.json()["status"]), (200, &json!("needs_attention")), "{body}");
        let looked = server.store().looked(server.glass.company, id.parse().expect("an id")).await.expect("read");
        assert_eq!(looked.map(|looked| looked.text).as_deref(), Some(text));
    }
    let both = server.send("POST", &path, r#"{"action":"look_up","number":"7","txn_id":"1A2B-1793631600"}"#).await;
    assert_eq!(both.faults(), "/number bad_value");
    server.send("POST", &path, r#"{"action":"already_in_quickbooks","txn_id":"1A2B-1793631600"}"#).await;
    assert_eq!(server.send("POST", &path, r#"{"action":"look_up"}"#).await.status, 409, "it is there");
}
