//! What a person arranges for themselves, and what an administrator arranges for others.

use axum::http::StatusCode;

use crate::browser::Browser;
use crate::company::{ADMIN, DANA, TestCompany, VIEWER};

#[tokio::test]
async fn columns_widths_and_colours_follow_the_person() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    let page = dana.get(&path).await;
    let layout = company.path("layout");
    let shown =
        [("show", "status"), ("show", "amount"), ("width_number", "120"), ("rows", "comfortable"), ("keys", "1")];
    dana.press(&page, &layout, &[("part", "scheme"), ("scheme", "dark"), ("back", "help")]).await;
    let token = page.hidden_fields("/logout").remove(0).1;
    let arranged = dana.post(&layout, &[&[("form_token", token.as_str())], shown.as_slice()].concat()).await;
    assert_eq!(arranged.status, StatusCode::SEE_OTHER);
    let mut elsewhere = Browser::signed_in(&company, DANA).await;
    let page = elsewhere.get(&path).await;
    assert!(page.body.contains("<html lang=\"en\" data-scheme=\"dark\">"));
    assert!(page.body.contains("class=\"framed comfortable\""));
    assert!(page.body.contains("<col data-column=\"number\" width=\"120\">"));
    assert_eq!(page.rows()[0].split(" | ").count(), 3, "{}", page.rows()[0]);
    let mut other = Browser::signed_in(&company, VIEWER).await;
    assert!(!other.get(&path).await.body.contains("data-scheme"));
}

#[tokio::test]
async fn a_view_is_kept_under_a_name_for_its_person() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions?q=harbor&status=unsent&filtered=1&sort=amount&order=asc")).await;
    let views = company.path("views");
    dana.press(&page, &views, &[("name", " <Harbor> ")]).await;
    let page = dana.get(&company.path("submissions")).await;
    assert!(page.body.contains(
        "<a href=\"?filtered=1&#38;status=unsent&#38;q=harbor&#38;sort=amount&#38;order=asc\">&#60;Harbor&#62;</a>"
    ));
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    assert!(!admin.get(&company.path("submissions")).await.body.contains("&#60;Harbor&#62;"));
    dana.press(&page, &views, &[("deed", "forget"), ("name", "<Harbor>")]).await;
    assert!(!dana.get(&company.path("submissions")).await.body.contains("&#60;Harbor&#62;"));
}

#[tokio::test]
async fn the_filter_is_exported_whole_and_without_formulas() {
    let mut company = TestCompany::start().await;
    for number in 1..=1_205 {
        company.invoice(&number.to_string(), "=cmd|'/c calc'!A1", "1234.50").await;
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    let csv = dana.get(&company.path("submissions.csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.body.trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 1_206);
    assert!(lines[1].starts_with("invoice,Unsent,1205,'=cmd|'/c calc'!A1,2026-11-20,1234.50,USD,"), "{}", lines[1]);
    assert!(lines[1_205].starts_with("invoice,Unsent,1,"));
    let none = dana.get(&company.path("submissions.csv?from=soon")).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_administrator_adds_people_and_shuts_them_out() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("people");
    let page = admin.get(&path).await;
    let added =
        admin.press(&page, &path, &[("deed", "add"), ("email", "new@ridgeline.example"), ("role", "viewer")]).await;
    assert_eq!(added.status, StatusCode::OK);
    let password = added.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("the password");
    let mut new = Browser::new(company.router());
    let credentials = [("email", "new@ridgeline.example"), ("password", password)];
    assert_eq!(new.post("/login", &credentials).await.status, StatusCode::SEE_OTHER);
    assert_eq!(new.get(&company.path("submissions")).await.status, StatusCode::OK);
    assert_eq!(new.get(&path).await.status, StatusCode::FORBIDDEN);
    assert!(!admin.get(&path).await.body.contains(password), "it is shown once");

    let id = |page: &str, email: &str| {
        let before = page.split(&format!("aria-label=\"Disable {email}\"")).next().expect("a row").to_owned();
        before
            .rsplit("name=\"person\" value=\"")
            .next()
            .and_then(|rest| rest.split('"').next())
            .expect("an id")
            .to_owned()
    };
    let page = admin.get(&path).await;
    let (theirs, own) = (id(&page.body, "new@ridgeline.example"), id(&page.body, ADMIN));
    let token = page.hidden_fields("/logout").remove(0).1;
    let deed = |person: &str, deed: &str| {
        [("form_token", token.clone()), ("person", person.to_owned()), ("deed", deed.to_owned())]
    };
    for (person, what, told) in [
        (&theirs, "disable", "Nobody can sign in as this person"),
        (&own, "disable", "somebody has to stay administrator"),
    ] {
        let fields = deed(person, what);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let pressed = admin.post(&path, &fields).await;
        assert!(admin.follow(&pressed).await.text().contains(told), "{told}");
    }
    assert_eq!(new.get(&company.path("submissions")).await.status, StatusCode::SEE_OTHER, "the session has ended");
    let people = admin.get(&path).await.text();
    assert!(people.contains("Viewer Change All companies just now disabled just now Enable"), "{people}");
    let log = company.path("history/people");
    let told = format!("{ADMIN} Disabled new@ridgeline.example, Viewer");
    assert!(admin.get(&log).await.text().contains(&told));
    for query in ["?person=dana%40ridgeline.example", "?from=2027-01-01", "?q=1042"] {
        assert!(!admin.get(&format!("{log}{query}")).await.text().contains(&told), "{query}");
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    assert!(!dana.get(&log).await.text().contains("new@ridgeline.example Disabled"), "it is for administrators");
    assert!(!dana.get(&log).await.text().contains(&told));
    assert_eq!(new.post("/login", &credentials).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_key_is_shown_once_works_and_can_be_revoked() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let page = admin.get(&company.path("people")).await;
    let made = admin.press(&page, &company.path("keys"), &[("deed", "make"), ("name", "The shop")]).await;
    let key = made.body.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("the key").to_owned();
    assert!(key.starts_with("bf_live_"));
    let mut api = Browser::new(company.router());
    assert_eq!(api.get_with(&format!("Bearer {key}"), "/api/v1/summary").await.status, StatusCode::OK);
    let page = admin.get(&company.path("people")).await;
    assert!(page.text().contains("The shop"));
    assert!(!page.body.contains(&key));
    let id = page.body.split("name=\"key\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id");
    let revoked = admin.press(&page, &company.path("keys"), &[("deed", "revoke"), ("key", id)]).await;
    assert!(admin.follow(&revoked).await.text().contains("The key was revoked."));
    assert_eq!(api.get_with(&format!("Bearer {key}"), "/api/v1/summary").await.status, StatusCode::UNAUTHORIZED);
    let mut dana = Browser::signed_in(&company, DANA).await;
    assert_eq!(dana.get(&company.path("people")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_people_did_is_found_by_person_day_and_record() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    let (first, second) = (company.record("1040"), company.record("1043"));
    let fields = [("deed", "exclude"), ("invoice", first.as_str()), ("invoice", second.as_str())];
    dana.press(&page, &company.path("submissions"), &fields).await;
    for (query, found) in [
        ("", vec!["1040", "1043"]),
        ("person=dana%40ridgeline.example", vec!["1040", "1043"]),
        ("person=admin%40ridgeline.example", vec![]),
        ("from=2026-11-22&to=2026-11-22", vec!["1040", "1043"]),
        ("from=2026-11-23", vec![]),
        ("to=2026-11-21", vec![]),
        ("q=1043", vec!["1043"]),
        ("q=nothing", vec![]),
        ("from=soon", vec![]),
    ] {
        let page = dana.get(&company.path(&format!("history/people?{query}"))).await;
        for number in ["1040", "1043"] {
            let is_there = page.body.contains(&format!("data-record=\"Invoice {number}\""));
            assert_eq!(is_there, found.contains(&number), "{query}: {number}");
        }
    }
    let visits = dana.get(&company.path("history?from=soon")).await;
    assert!(visits.text().contains("One of the days cannot be understood."), "{}", visits.text());
}

#[tokio::test]
async fn scripts_and_style_stay_small() {
    use std::io::Write;
    let company = TestCompany::start().await;
    let mut browser = Browser::new(company.router());
    let page = browser.get("/login").await;
    let (mut scripts, mut styles) = (0, 0);
    for asset in page.body.split("/static/").skip(1).map(|rest| rest.split('"').next().expect("a name")) {
        let answer = browser.get(&format!("/static/{asset}")).await;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(answer.body.as_bytes()).expect("memory");
        let size = encoder.finish().expect("memory").len();
        match answer.header("content-type") {
            "text/javascript; charset=utf-8" => scripts += size,
            "text/css; charset=utf-8" => styles += size,
            _ => {}
        }
    }
    assert!((1_000..30_000).contains(&scripts), "{scripts} bytes of script");
    assert!((1_000..20_000).contains(&styles), "{styles} bytes of style");
}
