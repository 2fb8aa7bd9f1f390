//! Figures for a monitoring system.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use bookferry_server::{MetricsReaders, router};
use insta::assert_snapshot;
use jiff::Timestamp;
use tower::ServiceExt;

use crate::example::invoice;
use crate::test_server::{Answer, TestServer};

async fn fetch(server: &TestServer, from: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get("/metrics");
    for &(name, value) in headers {
        request = request.header(name, value);
    }
    let peer: SocketAddr = from.parse().expect("an address");
    server.call(request.extension(ConnectInfo(peer)).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn the_figures_tell_the_queue_and_the_calls() {
    let server = TestServer::start().await;
    for n in 1..=3 {
        server.send("PUT", &format!("/api/v1/invoices/inv-{n}"), &invoice(&n.to_string()).to_string()).await;
    }
    server.send("POST", "/api/v1/records/ready", &format!("{{\"ids\":[\"{}\"]}}", server.id_of("inv-1").await)).await;
    server.get("/api/v1/invoices/nowhere").await;
    let heard_at = Timestamp::from_second(1_793_631_600).expect("a moment");
    server.store().note_heard(server.glass.company, heard_at).await.expect("noted");
    let told = fetch(&server, "127.0.0.1:40000", &[]).await;
    assert_eq!(told.headers["content-type"], "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let company = server.glass.company.to_string();
    let mut lines: Vec<String> = told.body.replace(&company, "GLASS").lines().map(str::to_owned).collect();
    lines.retain(|line| !line.contains("_bucket{") && !line.starts_with("# HELP"));
    lines.sort_unstable();
    assert_snapshot!(lines.join("\n"), @r#"
    # EOF
    # TYPE bookferry_build info
    # TYPE bookferry_call_duration_seconds histogram
    # TYPE bookferry_calls counter
    # TYPE bookferry_records gauge
    # TYPE bookferry_web_connector_heard_timestamp_seconds gauge
    # UNIT bookferry_call_duration_seconds seconds
    # UNIT bookferry_web_connector_heard_timestamp_seconds seconds
    bookferry_build_info{version="0.1.0"} 1
    bookferry_call_duration_seconds_count{surface="api"} 6
    bookferry_call_duration_seconds_sum{surface="api"} 0.0
    bookferry_calls_total{surface="api",status_class="2"} 5
    bookferry_calls_total{surface="api",status_class="4"} 1
    bookferry_records{company="GLASS",status="ready_to_sync"} 1
    bookferry_records{company="GLASS",status="unsent"} 2
    bookferry_web_connector_heard_timestamp_seconds{company="GLASS"} 1793631600.0
    "#);
}

#[tokio::test]
async fn callers_from_elsewhere_are_told_nothing() {
    let server = TestServer::start().await;
    for (from, headers) in [
        ("192.0.2.7:40000", [].as_slice()),
        ("127.0.0.1:40000", &[("x-forwarded-for", "192.0.2.7")]),
        ("127.0.0.1:40000", &[("forwarded", "for=192.0.2.7")]),
        ("[::1]:40000", &[("x-real-ip", "192.0.2.7")]),
    ] {
        let refused = fetch(&server, from, headers).await;
        assert_eq!(refused.status, 404, "{from} {headers:?}");
        assert!(!refused.body.contains("bookferry_records"), "{}", refused.body);
    }
    assert_eq!(fetch(&server, "[::ffff:127.0.0.1]:40000", &[]).await.status, 200);
}

#[tokio::test]
async fn the_operator_decides_who_reads_them() {
    let server = TestServer::start().await;
    for (readers, expected) in [(MetricsReaders::Everybody, 200), (MetricsReaders::Nobody, 404)] {
        let app = server.app.clone().with_metrics_readers(readers);
        let request = Request::get("/metrics").body(Body::empty()).expect("a request");
        let answer = router(app).oneshot(request).await.expect("the router never fails");
        assert_eq!(answer.status(), expected, "{readers:?}");
    }
}
