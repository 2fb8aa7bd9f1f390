//! The OpenAPI document says what the server does.

use axum::body::Body;
use axum::http::Request;
use insta::assert_snapshot;
use serde_json::Value;

use crate::example::{invoice, payment};
use crate::test_server::TestServer;

#[tokio::test]
async fn every_documented_call_is_there_and_wants_a_key() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    let mut told = String::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in item.as_object().expect("a path").keys().filter(|name| *name != "parameters") {
            let address = format!("/api/v1{}", path.replace("{external_id}", "inv-1").replace("{id}", "no-id"));
            let request = Request::builder().method(method.to_uppercase().as_str()).uri(address);
            let answer = server.call(request.body(Body::empty()).expect("a request")).await;
            assert_eq!(answer.status, 401, "{method} {path}");
            told += &format!("{} {path}\n", method.to_uppercase());
        }
    }
    assert_snapshot!(told, @r"
    PUT /invoices/{external_id}
    GET /invoices/{external_id}
    DELETE /invoices/{external_id}
    PUT /payments/{external_id}
    GET /payments/{external_id}
    DELETE /payments/{external_id}
    GET /records
    POST /records/batch
    POST /records/ready
    POST /records/unready
    POST /records/exclude
    POST /records/include
    POST /records/retry
    GET /records/{id}
    POST /records/{id}/resolve
    GET /events
    GET /summary
    ");
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    let mut pending = vec![&document];
    let mut count = 0;
    while let Some(value) = pending.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
            count += 1;
        }
        match value {
            Value::Array(elements) => pending.extend(elements),
            Value::Object(members) => pending.extend(members.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    assert!(count > 100);
}

#[tokio::test]
async fn answers_have_the_documented_fields() {
    let server = TestServer::start().await;
    let document = document(&server).await;
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1").to_string()).await;
    server.send("PUT", "/api/v1/payments/pay-1", &payment("1", "inv-1").to_string()).await;
    let id = server.id_of("inv-1").await;
    let whole = server.get(&format!("/api/v1/records/{id}")).await.json();
    let list = server.get("/api/v1/records").await.json();
    let problem = server.get("/api/v1/records?limit=0").await.json();
    let answers = [
        ("RecordWithPast", &whole),
        ("Revision", &whole["revisions"][0]),
        ("HistoryLine", &whole["history"][0]),
        ("Invoice", &whole["content"]),
        ("Customer", &whole["content"]["customer"]),
        ("Line", &whole["content"]["lines"][0]),
        ("RecordList", &list),
        ("Record", &list["data"][0]),
        ("Awaited", &list["data"][0]["waits_for"][0]),
        ("Summary", &server.get("/api/v1/summary").await.json()),
        ("EventList", &server.get("/api/v1/events").await.json()),
        ("Event", &server.get("/api/v1/events").await.json()["data"][0]),
        ("Problem", &problem),
    ];
    for (schema, answer) in answers {
        let (mut known, mut required) = (Vec::new(), Vec::new());
        fields(&document, &document["components"]["schemas"][schema], &mut known, &mut required);
        let sent: Vec<&String> = answer.as_object().unwrap_or_else(|| panic!("{schema}: {answer}")).keys().collect();
        assert!(sent.iter().all(|name| known.contains(name)), "{schema}: {sent:?}");
        assert!(required.iter().all(|name| sent.iter().any(|sent| sent == name)), "{schema}: {sent:?}");
    }
}

async fn document(server: &TestServer) -> Value {
    let answer = server.call(Request::get("/api/v1/openapi.json").body(Body::empty()).expect("a request")).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("application/json")));
    answer.json()
}

/// The names of a schema's properties, with those of all it is put together from.
fn fields<'d>(document: &'d Value, schema: &'d Value, known: &mut Vec<&'d String>, required: &mut Vec<&'d str>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = document.pointer(reference.trim_start_matches('#')).expect("a schema");
        fields(document, target, known, required);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        fields(document, part, known, required);
    }
    known.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name));
    required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
}
