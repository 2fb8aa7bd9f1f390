//! Everybody changes their own password, and only whoever knows it.

use axum::http::StatusCode;

use crate::browser::{Browser, Page};
use crate::company::{DANA, PASSWORD, TestCompany, VIEWER};

const NEW: &str = "nine wet ferries at noon";

#[tokio::test]
async fn a_changed_password_signs_out_everywhere_else() {
    let company = TestCompany::start().await;
    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let mut elsewhere = Browser::signed_in(&company, VIEWER).await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let before = viewer.cookie.clone();
    let changed = change(&mut viewer, PASSWORD, NEW, NEW).await;
    assert_eq!(changed.header("location"), "/password?changed=1");
    let told = viewer.follow(&changed).await.text();
    assert!(told.contains("Your password was changed."), "{told}");
    assert_ne!(viewer.cookie, before, "the session that changed it is a new one");
    let path = company.path("submissions");
    assert_eq!(elsewhere.get(&path).await.status, StatusCode::SEE_OTHER);
    assert_eq!(dana.get(&path).await.status, StatusCode::OK, "other people stay");
    viewer.cookie = before;
    assert_eq!(viewer.get(&path).await.status, StatusCode::SEE_OTHER);
    let old = elsewhere.post("/login", &[("email", VIEWER), ("password", PASSWORD)]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = elsewhere.post("/login", &[("email", VIEWER), ("password", NEW)]).await;
    assert_eq!(new.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_and_changes_nothing() {
    let company = TestCompany::start().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    for (current, wanted, again, told) in [
        ("not the password", NEW, NEW, "That is not your password as it is now."),
        (PASSWORD, "short", "short", "A password has 12 to 128 characters; this one has 5."),
        (PASSWORD, NEW, "nine wet ferries at one", "The new password was not typed the same way twice."),
    ] {
        let refused = change(&mut dana, current, wanted, again).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(told), "{}", refused.text());
        assert!(!refused.body.contains(wanted), "what was typed is not sent back");
    }
    let same = Browser::new(company.router()).post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    assert_eq!(same.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_guesses_at_an_unlocked_desk_and_no_other_site_asks() {
    let company = TestCompany::start().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    for _ in 0..5 {
        assert_eq!(change(&mut dana, "a guess", NEW, NEW).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(change(&mut dana, PASSWORD, NEW, NEW).await.status, StatusCode::TOO_MANY_REQUESTS);
    company.pass(900);
    let fields = [("current", PASSWORD), ("wanted", NEW), ("again", NEW)];
    assert_eq!(dana.post("/password", &fields).await.status, StatusCode::FORBIDDEN, "without the token");
    let page = dana.get("/password").await;
    let token = page.hidden_fields("/password").remove(0).1;
    let fields: Vec<_> = fields.into_iter().chain([("form_token", token.as_str())]).collect();
    assert_eq!(dana.post_from("cross-site", "/password", &fields).await.status, StatusCode::FORBIDDEN);
    let nobody = Browser::new(company.router()).get("/password").await;
    assert_eq!(nobody.header("location"), "/login?next=%2Fpassword");
    assert_eq!(dana.post("/password", &fields).await.status, StatusCode::SEE_OTHER);
}

async fn change(browser: &mut Browser, current: &str, wanted: &str, again: &str) -> Page {
    let page = browser.get("/password").await;
    browser.press(&page, "/password", &[("current", current), ("wanted", wanted), ("again", again)]).await
}
