//! Server-sent events: what a page hears, and when it hears no more.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use bookferry_sync::submission::Event;
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::browser::Browser;
use crate::company::{DANA, STRANGER, TestCompany};

/// Longer than any look at the database takes, and shorter than the sign of life of a quiet connection.
const SOON: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_page_hears_once_of_what_happened_since_it_was_made() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    let pulse = page.body.split("data-pulse=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a pulse");
    company.happens("1043", [Event::MarkReady]).await;
    let mut stream = listen(&company, &dana, &format!("news?since={pulse}"), &[]).await;
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    let heard = next(&mut stream).await.expect("the move");
    assert!(heard.starts_with("event: news\nid: "), "{heard}");
    let id = heard.split("id: ").nth(1).and_then(|rest| rest.split('\n').next()).expect("an id");
    assert_ne!(id, pulse);
    assert_eq!(id, company.app.store().pulse(company.id).await.expect("a pulse").to_string());

    let mut again = listen(&company, &dana, "news?since=0-0-0-0", &[("last-event-id", id)]).await;
    company.happens("1040", [Event::MarkReady]).await;
    let heard = [next(&mut stream).await, next(&mut again).await];
    assert_eq!(heard[0], heard[1], "whoever comes again is told of nothing it has heard");
}

#[tokio::test]
async fn nobody_listens_after_signing_out() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let mut stream = listen(&company, &dana, "news", &[]).await;
    next(&mut stream).await.expect("a first event");
    let page = dana.get(&company.path("submissions")).await;
    dana.press(&page, "/logout", &[]).await;
    assert_eq!(next(&mut stream).await, None);
}

#[tokio::test]
async fn streams_end_when_the_server_stops() {
    let company = TestCompany::with_records().await;
    let dana = Browser::signed_in(&company, DANA).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(bookferry_server::serve(listener, company.app.clone(), async { drop(stopped.await) }));
    let mut connection = tokio::net::TcpStream::connect(address).await.expect("a connection");
    let cookie = dana.cookie.as_deref().expect("a session");
    let request = format!(
        "GET {} HTTP/1.1\r\nHost: here\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n",
        company.path("news")
    );
    tokio::io::AsyncWriteExt::write_all(&mut connection, request.as_bytes()).await.expect("it is sent");
    let mut heard = vec![0; 4_096];
    let count = tokio::io::AsyncReadExt::read(&mut connection, &mut heard).await.expect("an answer");
    assert!(String::from_utf8_lossy(&heard[..count]).starts_with("HTTP/1.1 200"));
    stop.send(()).expect("the server runs");
    let ended = tokio::time::timeout(Duration::from_secs(5), server).await.expect("no stream holds the server up");
    ended.expect("no panic").expect("no error");
}

#[tokio::test]
async fn only_who_may_see_the_company_listens_and_not_without_end() {
    let company = TestCompany::with_records().await;
    let stranger = Browser::signed_in(&company, STRANGER).await;
    assert_eq!(listen(&company, &stranger, "news", &[]).await.status(), StatusCode::NOT_FOUND);
    let nobody = Browser::new(company.router());
    assert_eq!(listen(&company, &nobody, "news", &[]).await.status(), StatusCode::UNAUTHORIZED);
    let dana = Browser::signed_in(&company, DANA).await;
    let mut streams = Vec::new();
    loop {
        let stream = listen(&company, &dana, "news", &[]).await;
        if stream.status() != StatusCode::OK {
            assert_eq!((stream.status(), streams.len()), (StatusCode::SERVICE_UNAVAILABLE, 12));
            assert_eq!(stream.headers()[header::RETRY_AFTER], "30");
            break;
        }
        streams.push(stream);
    }
    drop(streams);
    assert_eq!(listen(&company, &dana, "news", &[]).await.status(), StatusCode::OK, "a place is free again");
}

async fn listen(company: &TestCompany, browser: &Browser, rest: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::get(company.path(rest)).header(header::ACCEPT, "text/event-stream");
    if let Some(cookie) = &browser.cookie {
        request = request.header(header::COOKIE, cookie);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    company.router().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
}

/// The next event; `None` once the stream has ended.
async fn next(stream: &mut Response) -> Option<String> {
    let frame = tokio::time::timeout(SOON, stream.body_mut().frame()).await.expect("an event in time")?;
    let data = frame.expect("a whole frame").into_data().expect("data");
    Some(String::from_utf8(data.to_vec()).expect("UTF-8"))
}
