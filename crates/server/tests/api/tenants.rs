//! What belongs to another company is answered as what is not there, and none of it shows.

use crate::example::{invoice, payment};
use crate::test_server::{Answer, TestServer};

/// Stands in every record of the company that must not show.
const CANARY: &str = "CANARY-4711";

#[tokio::test]
async fn nothing_of_another_company_shows_or_moves() {
    let server = TestServer::start().await;
    let mut theirs = invoice(CANARY);
    theirs["customer"]["name"] = CANARY.into();
    theirs["memo"] = CANARY.into();
    let mut their_payment = payment(CANARY, CANARY);
    their_payment["customer"]["name"] = CANARY.into();
    as_tires(&server, "PUT", &format!("/api/v1/invoices/{CANARY}"), &theirs.to_string()).await;
    as_tires(&server, "PUT", &format!("/api/v1/payments/{CANARY}"), &their_payment.to_string()).await;
    let id = as_tires(&server, "GET", &format!("/api/v1/invoices/{CANARY}"), "").await.json()["id"].clone();
    let id = id.as_str().expect("an id");
    let before = state(&server).await;

    let absent = "0198a000-0000-7000-8000-000000000000";
    let by_id = [("GET", "/api/v1/records/{}", ""), ("POST", "/api/v1/records/{}/resolve", "{\"action\":\"exclude\"}")];
    for (method, path, body) in by_id {
        let other = server.send(method, &path.replace("{}", id), body).await;
        let none = server.send(method, &path.replace("{}", absent), body).await;
        let no_id = server.send(method, &path.replace("{}", "no-id"), body).await;
        assert_eq!((other.status.as_u16(), &other.body), (404, &none.body), "{path}");
        assert_eq!((no_id.status.as_u16(), &no_id.body), (404, &none.body), "{path}");
    }
    for kind in ["invoices", "payments"] {
        for method in ["GET", "DELETE"] {
            let other = server.send(method, &format!("/api/v1/{kind}/{CANARY}"), "").await;
            let none = server.send(method, &format!("/api/v1/{kind}/absent"), "").await;
            assert_eq!((other.status.as_u16(), &other.body), (404, &none.body), "{method} {kind}");
        }
    }
    let ids = format!("{{\"ids\":[\"{id}\"]}}");
    for action in ["ready", "unready", "exclude", "include", "retry"] {
        for body in [ids.as_str(), "{\"filter\":{}}"] {
            let answer = server.send("POST", &format!("/api/v1/records/{action}"), body).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "{\"changed\":0}"), "{action} {body}");
        }
    }
    let lists = ["records", "records?q=CANARY", "records?limit=200", "summary", "records?customer=CANARY-4711"];
    for list in lists {
        let answer = server.get(&format!("/api/v1/{list}")).await;
        assert!(answer.status.is_success() && !answer.body.contains(CANARY), "{list}: {}", answer.body);
    }
    assert_eq!(server.record_count().await, 0);
    assert_eq!(state(&server).await, before);
}

#[tokio::test]
async fn two_companies_may_use_the_same_external_id() {
    let server = TestServer::start().await;
    let path = "/api/v1/invoices/inv-1";
    assert_eq!(as_tires(&server, "PUT", path, &invoice("theirs").to_string()).await.status, 201);
    assert_eq!(server.send("PUT", path, &invoice("ours").to_string()).await.status, 201);
    assert_eq!(server.get(path).await.json()["number"], "ours");
    // A payment of ours does not wait for their invoice of that name, but for ours.
    server.send("PUT", "/api/v1/payments/pay-1", &payment("1", "inv-1").to_string()).await;
    assert_eq!(server.get("/api/v1/payments/pay-1").await.json()["waits_for"][0]["number"], "ours");
    assert_eq!(as_tires(&server, "GET", path, "").await.json()["number"], "theirs");
}

async fn as_tires(server: &TestServer, method: &str, path: &str, body: &str) -> Answer {
    server.send_as(&server.tires.write, method, path, body).await
}

/// Everything of the other company.
async fn state(server: &TestServer) -> String {
    let list = as_tires(server, "GET", "/api/v1/records", "").await.body;
    assert!(list.contains(CANARY));
    list
}
