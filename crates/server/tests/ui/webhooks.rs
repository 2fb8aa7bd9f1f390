//! Webhooks on the page of people and keys.

use axum::http::StatusCode;
use bookferry_sync::notice::Notice;

use crate::browser::{Browser, Page};
use crate::company::{ADMIN, DANA, TestCompany};

const URL: &str = "https://shop.example/hook";

async fn press(browser: &mut Browser, company: &TestCompany, page: &Page, fields: &[(&str, &str)]) -> Page {
    browser.press(page, &company.path("webhooks"), fields).await
}

#[tokio::test]
async fn an_administrator_adds_and_removes_a_webhook() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("people");
    let page = admin.get(&path).await;
    let added = press(&mut admin, &company, &page, &[("deed", "add"), ("url", URL)]).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    let secret = added.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("the secret");
    assert!(secret.starts_with("whsec_"), "{secret}");
    let reloaded = admin.get(&company.path("webhooks")).await;
    let page = admin.follow(&reloaded).await;
    assert!(page.body.contains(URL) && !page.body.contains(secret), "the secret is shown once");
    for (url, why) in [
        (URL, "the company has this webhook already"),
        ("http://shop.example/hook", "begins with https://"),
        ("https://user@shop.example/hook", "must not hold a user"),
        ("shop", "that is no address"),
    ] {
        let refused = press(&mut admin, &company, &page, &[("deed", "add"), ("url", url)]).await;
        assert!(admin.follow(&refused).await.text().contains(why), "{url}");
    }
    let id = page.body.split("name=\"webhook\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let fields = [("deed", "remove"), ("webhook", id.expect("an id"))];
    let removed = press(&mut admin, &company, &page, &fields).await;
    let page = admin.follow(&removed).await;
    assert!(page.text().contains("The webhook was removed") && !page.body.contains(URL));
    let again = press(&mut admin, &company, &page, &fields).await;
    assert!(admin.follow(&again).await.text().contains("There is no such webhook any more"));
}

#[tokio::test]
async fn nobody_but_an_administrator_touches_a_webhook() {
    let company = TestCompany::start().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    let token = page.hidden_fields("/logout").remove(0).1;
    let fields = [("form_token", token.as_str()), ("deed", "add"), ("url", URL)];
    let refused = dana.post(&company.path("webhooks"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(company.app.store().webhooks(company.id).await.expect("read"), []);
}

#[tokio::test]
async fn a_webhook_that_was_switched_off_is_told_to_everybody_and_tried_again() {
    let mut company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let page = admin.get(&company.path("people")).await;
    press(&mut admin, &company, &page, &[("deed", "add"), ("url", "https://shop.example/hook?key=of-the-shop")]).await;
    company.invoice("1040", "Lawn Depot", "10.00").await;
    let store = company.app.store().clone();
    let now = jiff::Timestamp::from_second(1_800_000_000).expect("a moment");
    let due = store.due_webhooks(now, 10).await.expect("read");
    let claimed = store.claim_webhook(due[0], now, now).await.expect("an answer").expect("free");
    store.note_undelivered(&claimed, "shop.example", "it answered HTTP 500", None, now).await.expect("noted");

    let mut dana = Browser::signed_in(&company, DANA).await;
    let told = dana.get(&company.path("submissions")).await;
    assert!(told.text().contains("Nothing is delivered to shop.example any more."), "{}", told.text());
    assert!(!told.body.contains("of-the-shop"), "the address is for administrators");
    let page = admin.get(&company.path("people")).await;
    assert!(page.text().contains("switched off : it answered HTTP 500"), "{}", page.text());
    let id = due[0].to_string();
    let tried = press(&mut admin, &company, &page, &[("deed", "try_again"), ("webhook", &id)]).await;
    let page = admin.follow(&tried).await;
    assert!(page.text().contains("The webhook is tried again now"), "{}", page.text());
    let notices = store.notices(company.id).await.expect("read");
    assert!(!notices.iter().any(|line| line.notice.kind() == Notice::WEBHOOK_OFF), "{notices:?}");
}
