//! What happens is posted to endpoints: in order, signed, again after a failure, and to no private address unasked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bookferry_server::{App, deliver_webhooks, tell_people};
use bookferry_store::{Actor, NewWebhook, WebhookLine};
use bookferry_sync::cause::Cause;
use bookferry_sync::id::WebhookId;
use bookferry_sync::submission::Event;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::example::invoice;
use crate::test_server::TestServer;

const SECRET: [u8; 32] = [42; 32];

/// The application's end: takes what it is told to take, and keeps what came.
#[derive(Clone, Default)]
struct Endpoint {
    came: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    /// What it answers, one after the other; then 204.
    answers: Arc<Mutex<Vec<StatusCode>>>,
}

#[tokio::test]
async fn events_are_delivered_in_order_and_signed() {
    let (server, app, endpoint, _) = with_endpoint().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    server.send("PUT", "/api/v1/invoices/inv-2", &invoice("1042").to_string()).await;
    server.send("POST", "/api/v1/records/ready", r#"{"filter":{}}"#).await;
    deliver_webhooks(&app).await.expect("delivered");
    let told = server.get("/api/v1/events").await.json();
    let came = endpoint.came();
    let bodies: Vec<Value> = came.iter().map(|(_, body)| serde_json::from_str(body).expect("JSON")).collect();
    assert_eq!(Value::Array(bodies), told["data"], "the same as is read by GET, in the same order");
    for (index, (headers, body)) in came.iter().enumerate() {
        let header = |name: &str| headers[name].to_str().expect("text").to_owned();
        assert_eq!(header("webhook-id"), format!("evt_0_{}", index + 1));
        assert_eq!(header("content-type"), "application/json");
        let signed = format!("{}.{}.{body}", header("webhook-id"), header("webhook-timestamp"));
        let mut mac = Hmac::<Sha256>::new_from_slice(&SECRET).expect("a key");
        mac.update(signed.as_bytes());
        let signature = STANDARD.decode(header("webhook-signature").trim_start_matches("v1,")).expect("base64");
        mac.verify_slice(&signature).expect("the signature of what came");
    }
    deliver_webhooks(&app).await.expect("nothing is left");
    assert_eq!(endpoint.came().len(), came.len());
}

#[tokio::test]
async fn what_was_not_taken_comes_again_before_anything_else() {
    let (server, app, endpoint, _) = with_endpoint().await;
    for number in 1..=3 {
        server.send("PUT", &format!("/api/v1/invoices/inv-{number}"), &invoice("1042").to_string()).await;
    }
    endpoint.answers(&[StatusCode::NO_CONTENT, StatusCode::INTERNAL_SERVER_ERROR, StatusCode::FOUND]);
    deliver_webhooks(&app).await.expect("one was taken");
    assert_eq!(endpoint.ids(), ["evt_0_1", "evt_0_2"]);
    let line = line(&server).await;
    assert_eq!(line.trouble.as_deref(), Some("it answered HTTP 500"));
    server.pass(4);
    deliver_webhooks(&app).await.expect("it is not due");
    assert_eq!(endpoint.came().len(), 2, "there is a pause after a failure");
    server.pass(1);
    deliver_webhooks(&app).await.expect("a redirect is no success");
    assert_eq!(endpoint.ids(), ["evt_0_1", "evt_0_2", "evt_0_2"]);
    server.pass(29);
    deliver_webhooks(&app).await.expect("it is not due");
    assert_eq!(endpoint.came().len(), 3, "the second pause is longer");
    server.pass(1);
    deliver_webhooks(&app).await.expect("all were taken");
    assert_eq!(endpoint.ids(), ["evt_0_1", "evt_0_2", "evt_0_2", "evt_0_2", "evt_0_3"]);
    assert_eq!(self::line(&server).await.trouble, None);
}

#[tokio::test]
async fn an_endpoint_that_fails_for_days_is_switched_off_until_somebody_says_so() {
    let (server, app, endpoint, id) = with_endpoint().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    endpoint.answers(&[StatusCode::BAD_GATEWAY; 60]);
    let mut tries = 0;
    while line(&server).await.off_since.is_none() {
        deliver_webhooks(&app).await.expect("an outcome");
        server.pass(3 * 3_600);
        tries += 1;
        assert!(tries < 40, "it is never switched off");
    }
    assert!((24..=26).contains(&tries), "after three days, every three hours: {tries}");
    let before = endpoint.came().len();
    deliver_webhooks(&app).await.expect("nothing is due");
    assert_eq!(endpoint.came().len(), before);
    let notices = server.store().notices(server.glass.company).await.expect("notices");
    assert_eq!(notices.len(), 1, "everybody is told: {notices:?}");

    endpoint.answers(&[]);
    let now = jiff::Timestamp::from_second(2_000_000_000).expect("a moment");
    let actor = Actor::new("ada@example.com", "sync_manager");
    server.store().try_webhook_again(server.glass.company, id, &actor, now).await.expect("switched on");
    server.pass(300_000_000);
    deliver_webhooks(&app).await.expect("delivered");
    assert_eq!(line(&server).await.trouble, None);
    assert_eq!(server.store().notices(server.glass.company).await.expect("notices"), []);
}

#[tokio::test]
async fn a_webhook_is_told_what_waits_before_what_happened() {
    let (server, app, endpoint, _) = with_endpoint().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    let cause = Cause::new("qb_3140", "QuickBooks has no customer by this name.", "Müller");
    server.happens("inv-1", [Event::MarkReady, Event::Enclosed, Event::Refused(cause)]).await;
    tell_people(&app).await.expect("told");
    tell_people(&app).await.expect("told before");
    deliver_webhooks(&app).await.expect("delivered");
    assert_eq!(endpoint.ids(), ["ntc_0_1", "evt_0_1", "evt_0_2", "evt_0_3", "evt_0_4"]);
    let told: Value = serde_json::from_str(&endpoint.came()[0].1).expect("JSON");
    assert_eq!(
        (&told["notice"], &told["waiting"], &told["causes"][0]["records"]),
        (&json!("records_wait"), &json!(1), &json!(1))
    );
    let page = format!("http://127.0.0.1:8080/companies/{}/attention", server.glass.company);
    assert_eq!((&told["id"], &told["url"]), (&json!("ntc_0_1"), &json!(page)));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_switched_off_at_once() {
    let (server, app, endpoint, _) = with_endpoint().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    endpoint.answers(&[StatusCode::GONE]);
    deliver_webhooks(&app).await.expect("an outcome");
    assert!(line(&server).await.off_since.is_some());
}

#[tokio::test]
async fn nothing_goes_to_a_private_address_unless_the_operator_allows_it() {
    let (server, _, endpoint, _) = with_endpoint().await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    deliver_webhooks(&server.app).await.expect("an outcome");
    assert_eq!(endpoint.came().len(), 0);
    let trouble = line(&server).await.trouble.expect("a reason");
    assert!(trouble.contains("private network"), "{trouble}");
}

#[tokio::test]
async fn the_history_of_one_company_never_goes_to_anothers_endpoint() {
    let (server, app, endpoint, _) = with_endpoint().await;
    let other = server.tires.write.clone();
    server.send_as(&other, "PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    deliver_webhooks(&app).await.expect("nothing is due");
    assert_eq!(endpoint.came().len(), 0);
}

/// A server, the same where webhooks may go to this machine, an endpoint of the first company's, and its id.
async fn with_endpoint() -> (TestServer, App, Endpoint, WebhookId) {
    let server = TestServer::start().await;
    let app = server.app.clone().with_private_webhooks();
    let endpoint = Endpoint::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let router = Router::new().route("/hook", post(take)).with_state(endpoint.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let id = WebhookId::new(jiff::Timestamp::UNIX_EPOCH, &[1; 10]);
    let new = NewWebhook { id, company_id: server.glass.company, url: &url, secret: &SECRET };
    let actor = Actor::new("ada@example.com", "sync_manager");
    server.store().add_webhook(&new, &actor, jiff::Timestamp::UNIX_EPOCH).await.expect("added");
    (server, app, endpoint, id)
}

async fn take(State(endpoint): State<Endpoint>, headers: HeaderMap, body: String) -> (StatusCode, HeaderMap) {
    endpoint.came.lock().expect("no panic").push((headers, body));
    let mut answers = endpoint.answers.lock().expect("no panic");
    let status = if answers.is_empty() { StatusCode::NO_CONTENT } else { answers.remove(0) };
    let mut told = HeaderMap::new();
    if status.is_redirection() {
        told.insert("location", "/hook".parse().expect("a place"));
    }
    (status, told)
}

async fn line(server: &TestServer) -> WebhookLine {
    server.store().webhooks(server.glass.company).await.expect("read").remove(0)
}

impl Endpoint {
    fn answers(&self, answers: &[StatusCode]) {
        *self.answers.lock().expect("no panic") = answers.to_vec();
    }

    fn came(&self) -> Vec<(HeaderMap, String)> {
        self.came.lock().expect("no panic").clone()
    }

    fn ids(&self) -> Vec<String> {
        self.came().iter().map(|(headers, _)| headers["webhook-id"].to_str().expect("text").to_owned()).collect()
    }
}
