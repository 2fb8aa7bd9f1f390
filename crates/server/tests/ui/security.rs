use axum::http::StatusCode;

use crate::browser::Browser;
use crate::company::{ADMIN, DANA, PASSWORD, STRANGER, TestCompany, VIEWER};

#[tokio::test]
async fn every_page_allows_nothing_but_our_own_script_and_style() {
    let company = TestCompany::with_records().await;
    let mut browser = Browser::signed_in(&company, ADMIN).await;
    for path in [
        "/login".to_owned(),
        "/help".to_owned(),
        "/nowhere".to_owned(),
        company.path("submissions"),
        company.path("attention"),
        company.path("history"),
        company.path("lists"),
        company.path("lists/mappings"),
        company.path("setup"),
        company.path("help"),
        company.path(&format!("records/{}", company.record("1045"))),
    ] {
        let page = browser.get(&path).await;
        assert_eq!(
            page.header("content-security-policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{path}");
        for inline in [" style=", "<style", " onclick=", "javascript:", "<script>"] {
            assert!(!page.body.contains(inline), "{path} contains {inline}");
        }
    }
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_names_that_change_with_them() {
    let company = TestCompany::start().await;
    let mut browser = Browser::new(company.router());
    let page = browser.get("/login").await;
    let assets: Vec<&str> =
        page.body.split("/static/").skip(1).map(|rest| rest.split('"').next().expect("a name")).collect();
    assert_eq!(assets.len(), 9, "{assets:?}");
    for asset in assets {
        let answer = browser.get(&format!("/static/{asset}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{asset}");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    }
    assert_eq!(browser.get("/static/000000000000/bookferry.js").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_of_another_site_or_another_session_changes_nothing() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    let page = dana.get(&path).await;
    let id = company.record("1043");
    let token = page.hidden_fields(&path).into_iter().find(|(name, _)| name == "form_token").expect("a token").1;
    let fields = |token: &'static str| vec![("form_token", token), ("deed", "ready"), ("invoice", "")];
    let mut wanted = vec![("form_token", token.as_str()), ("deed", "ready"), ("invoice", id.as_str())];
    for site in ["cross-site", "same-site", "none"] {
        assert_eq!(dana.post_from(site, &path, &wanted).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(dana.post(&path, &fields("")).await.status, StatusCode::FORBIDDEN);
    let mut other = Browser::signed_in(&company, DANA).await;
    assert_eq!(other.post(&path, &wanted).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.status("1043").await.as_str(), "unsent");
    let shown_until = page.hidden_fields(&path).into_iter().find(|(name, _)| name == "shown_until").expect("it").1;
    wanted.extend([("view", ""), ("shown_until", shown_until.as_str())]);
    assert_eq!(dana.post(&path, &wanted).await.status, StatusCode::SEE_OTHER);
    assert_eq!(company.status("1043").await.as_str(), "ready_to_sync");
    let forged = Browser::new(company.router())
        .post_from("cross-site", "/login", &[("email", DANA), ("password", PASSWORD)])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_viewer_sees_and_changes_nothing() {
    let company = TestCompany::with_records().await;
    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let path = company.path("submissions");
    let page = viewer.get(&path).await;
    assert_eq!(page.rows().len(), 7);
    assert!(!page.body.contains("Mark Ready to Sync"));
    assert!(!page.body.contains("type=\"checkbox\" name=\"invoice\""));
    let token = page.hidden_fields("/logout").remove(0).1;
    let id = company.record("1043");
    let fields = [("form_token", token.as_str()), ("deed", "ready"), ("invoice", id.as_str())];
    assert_eq!(viewer.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    let record = company.path(&format!("records/{id}"));
    let fields = [("form_token", token.as_str()), ("deed", "ready"), ("version", "1")];
    assert_eq!(viewer.post(&record, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.get(&company.path("setup")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.status("1043").await.as_str(), "unsent");
}

#[tokio::test]
async fn what_belongs_to_another_organization_is_not_there() {
    let company = TestCompany::with_records().await;
    let mut stranger = Browser::signed_in(&company, STRANGER).await;
    let record = format!("records/{}", company.record("1043"));
    for rest in ["submissions", "attention", "history", "history/1", "lists", "setup", "help", "bookferry.qwc", &record]
    {
        assert_eq!(stranger.get(&company.path(rest)).await.status, StatusCode::NOT_FOUND, "{rest}");
    }
    let own = format!("/companies/{}/submissions", company.strangers);
    let page = stranger.get(&own).await;
    let id = company.record("1043");
    let pressed = stranger.press(&page, &own, &[("deed", "ready"), ("invoice", id.as_str())]).await;
    assert!(stranger.follow(&pressed).await.notice().starts_with("0 records marked ready to sync."));
    assert_eq!(company.status("1043").await.as_str(), "unsent");
    let theirs = format!("/companies/{}/{record}", company.strangers);
    assert_eq!(stranger.get(&theirs).await.status, StatusCode::NOT_FOUND);
    let token = page.hidden_fields("/logout").remove(0).1;
    let fields = [("form_token", token.as_str()), ("deed", "ready"), ("invoice", id.as_str())];
    assert_eq!(stranger.post(&company.path("submissions"), &fields).await.status, StatusCode::NOT_FOUND);
}
