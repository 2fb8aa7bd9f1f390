use axum::http::StatusCode;
use bookferry_store::{Enclosure, NewMessageSet, NewVisit};
use bookferry_sync::id::{MessageSetKey, VisitId};
use bookferry_sync::submission::Event;
use jiff::{SignedDuration, Timestamp};

use crate::browser::Browser;
use crate::company::{ADMIN, DANA, TestCompany};

#[tokio::test]
async fn a_record_tells_everything_about_itself() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path(&format!("records/{}", company.record("1045")))).await;
    insta::assert_snapshot!("record_1045", page.text());
    let page = dana.get(&company.path(&format!("records/{}", company.record("880")))).await;
    assert!(
        page.body
            .contains(&format!("records/{}\" data-record=\"Invoice 1043\">Invoice 1043</a>", company.record("1043")))
    );
    assert!(page.text().contains("Waits for invoice 1043"), "{}", page.text());
    for unknown in ["records/1", "records/00000000-0000-7000-8000-000000000000", "history/99", "message-sets/1"] {
        assert_eq!(dana.get(&company.path(unknown)).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn a_number_that_quickbooks_would_refuse_is_pointed_out_before() {
    let mut company = TestCompany::start().await;
    company.invoice("2026-11-20-1044", "Harbor Fleet", "99.00").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path(&format!("records/{}", company.record("2026-11-20-1044")))).await;
    assert!(page.text().contains("QuickBooks would refuse this."), "{}", page.text());
}

#[tokio::test]
async fn history_keeps_what_was_said_both_ways() {
    let company = TestCompany::with_records().await;
    run_visit(&company).await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let history = dana.get(&company.path("history")).await;
    assert!(history.text().contains("Visit running: 0 of 1 0 of 1 "), "{}", history.text());
    let visit = dana.get(&company.path("history/1")).await;
    assert!(visit.text().contains("Message set 1 Sends records 14:03 UTC"), "{}", visit.text());
    let place =
        visit.body.split("/message-sets/").nth(1).expect("a link").split('"').next().expect("its key").to_owned();
    let set = dana.get(&company.path(&format!("message-sets/{place}"))).await;
    assert!(
        set.body.contains("&#60;QBXML&#62;\n  &#60;QBXMLMsgsRq newMessageSetID=&#34;abc&#34;/&#62;"),
        "{}",
        set.body
    );
    let exact = dana.get(&company.path(&format!("message-sets/{place}/request.xml"))).await;
    assert_eq!(exact.body, "<QBXML><QBXMLMsgsRq newMessageSetID=\"abc\"/></QBXML>");
    assert_eq!(exact.header("content-disposition"), "attachment; filename=\"request.xml\"");
    let missing = dana.get(&company.path(&format!("message-sets/{place}/response.xml"))).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn setup_says_what_is_missing_and_gives_the_file() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let home = admin.get("/").await;
    let queue = admin.follow(&home).await;
    assert!(
        queue.body.contains(&format!("href=\"{}\" data-live=\"menu\"", company.path("setup"))),
        "the menu leads to the setup"
    );
    let setup = admin.get(&company.path("setup")).await;
    assert!(setup.text().contains("Missing: The Web Connector has never called."), "{}", setup.text());
    let file = admin.get(&company.path("bookferry.qwc")).await;
    assert_eq!(file.header("content-type"), "application/x-qwc");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"bookferry.qwc\"");
    let qwc = bookferry_qbwc::qwc::Qwc::parse(&file.body).expect("a file that the Web Connector takes");
    assert_eq!(qwc.settings().app_url, "http://localhost:8080/qbwc");
    let public = Browser::new(company.router()).get(&format!("/qwc/{}.qwc", company.id)).await;
    assert_eq!(public.body, file.body);
    let support = Browser::new(company.router()).get("/help").await;
    assert_eq!(support.status, StatusCode::OK);

    let unreachable = TestCompany::start_at("http://192.0.2.7").await;
    let mut admin = Browser::signed_in(&unreachable, ADMIN).await;
    assert_eq!(admin.get(&unreachable.path("bookferry.qwc")).await.status, StatusCode::CONFLICT);
    assert!(admin.get(&unreachable.path("setup")).await.text().contains("cannot be made yet"));
}

#[tokio::test]
async fn the_strip_says_whether_the_connector_calls() {
    let company = TestCompany::start().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    assert!(dana.get(&path).await.text().contains("Not connected yet."));
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    company.app.store().note_heard(company.id, now).await.expect("it is noted");
    let text = dana.get(&path).await.text();
    assert!(
        text.contains("Connected , heard just now from Ridgeline Auto Glass Next expected about 14:13 UTC"),
        "{text}"
    );
    company.pass(25 * 60);
    let text = dana.get(&path).await.text();
    assert!(text.contains("Last heard 25 min ago from Ridgeline Auto Glass. The computer may be off"), "{text}");
}

#[tokio::test]
async fn the_strip_of_the_demo_expects_its_own_connector() {
    let mut company = TestCompany::start().await;
    company.app = company.app.clone().with_calls_every(SignedDuration::from_secs(30));
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    company.app.store().note_heard(company.id, now).await.expect("it is noted");
    let text = dana.get(&path).await.text();
    assert!(text.contains("Next expected about 14:03 UTC"), "{text}");
    company.pass(3 * 60);
    let text = dana.get(&path).await.text();
    assert!(text.contains("Last heard 3 min ago"), "{text}");
}

/// A visit that has sent one invoice and waits for the answer.
async fn run_visit(company: &TestCompany) {
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let (store, ticket) = (company.app.store(), [7; 32]);
    company.happens("1043", [Event::MarkReady]).await;
    let new = NewVisit {
        id: VisitId::new(now, &[1; 10]),
        company_id: company.id,
        ticket_hash: &ticket,
        session: "{}",
        client: "2.3.0.215",
    };
    store.open_visit(&new, |_| false, now).await.expect("a visit");
    let mut step = store.visit_step(&ticket).await.expect("a step").expect("the visit");
    let set = NewMessageSet {
        key: MessageSetKey::new(now, &[2; 10]),
        message_set_id: "abc",
        exchange: 1,
        request_xml: "<QBXML><QBXMLMsgsRq newMessageSetID=\"abc\"/></QBXML>",
        purposes: "[]",
        is_write: true,
    };
    let enclosure = Enclosure { record_id: company.records["1043"], revision: 1, request_id: "1".to_owned() };
    step.enclose(&set, &[enclosure], now).await.expect("it is enclosed");
    step.commit().await.expect("it is written");
}
