use axum::http::StatusCode;

use crate::browser::Browser;
use crate::company::{DANA, PASSWORD, TestCompany};

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_sign_in_and_back() {
    let company = TestCompany::start().await;
    let mut browser = Browser::new(company.router());
    let wanted = company.path("submissions?q=Harbor+Taxi");
    let refused = browser.get(&wanted).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    let sign_in = browser.follow(&refused).await;
    assert_eq!(sign_in.status, StatusCode::OK);
    let page = browser.press(&sign_in, "/login", &[("email", DANA), ("password", PASSWORD)]).await;
    assert_eq!(page.header("location"), wanted);
    assert_eq!(browser.follow(&page).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let company = TestCompany::start().await;
    let mut browser = Browser::new(company.router());
    let wrong = browser.post("/login", &[("email", DANA), ("password", "wrong")]).await;
    let unknown = browser.post("/login", &[("email", "nobody@ridgeline.example"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.body.replace(DANA, ""), unknown.body.replace("nobody@ridgeline.example", ""));
    assert!(wrong.text().contains("The e-mail address or the password is wrong."), "{}", wrong.text());
    assert_eq!(browser.cookie, None);
}

#[tokio::test]
async fn guessing_is_slowed_down_even_for_the_right_password() {
    let company = TestCompany::start().await;
    let mut browser = Browser::new(company.router());
    for _ in 0..5 {
        browser.post("/login", &[("email", DANA), ("password", "wrong")]).await;
    }
    let refused = browser.post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
    company.pass(2);
    let page = browser.post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_where_there_is_https() {
    let plain = TestCompany::start().await;
    let page = Browser::new(plain.router()).post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    let cookie = page.header("set-cookie").to_owned();
    let (id, attributes) = cookie.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600");
    assert_eq!(id.len(), "bookferry=".len() + 43);

    let secure = TestCompany::start_at("https://books.example").await;
    let page = Browser::new(secure.router()).post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-bookferry="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=1209600"), "{cookie}");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_and_when_it_is_old_and_when_somebody_signs_out() {
    let company = TestCompany::start().await;
    let path = company.path("submissions");
    let mut idle = Browser::signed_in(&company, DANA).await;
    company.pass(11 * 3_600);
    assert_eq!(idle.get(&path).await.status, StatusCode::OK);
    company.pass(13 * 3_600);
    assert_eq!(idle.get(&path).await.status, StatusCode::SEE_OTHER);

    let mut old = Browser::signed_in(&company, DANA).await;
    for _ in 0..33 {
        company.pass(10 * 3_600);
        assert_eq!(old.get(&path).await.status, StatusCode::OK);
    }
    company.pass(10 * 3_600);
    assert_eq!(old.get(&path).await.status, StatusCode::SEE_OTHER);

    let mut leaving = Browser::signed_in(&company, DANA).await;
    let cookie = leaving.cookie.clone();
    let page = leaving.get(&path).await;
    let out = leaving.press(&page, "/logout", &[]).await;
    assert_eq!(out.header("location"), "/login");
    leaving.cookie = cookie;
    assert_eq!(leaving.get(&path).await.status, StatusCode::SEE_OTHER, "the server has forgotten the session");
}

#[tokio::test]
async fn every_sign_in_makes_a_new_session() {
    let company = TestCompany::start().await;
    let mut browser = Browser::signed_in(&company, DANA).await;
    let first = browser.cookie.clone();
    browser.post("/login", &[("email", DANA), ("password", PASSWORD)]).await;
    assert_ne!(browser.cookie, first);
    browser.cookie = first;
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/").await.header("location"), "/login?next=%2F");
}
