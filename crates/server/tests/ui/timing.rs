//! When and how fast records go: the form in the setup, and what every page says of quiet hours and trouble.

use axum::http::StatusCode;
use bookferry_store::NewVisit;
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::id::VisitId;
use bookferry_sync::submission::Event;
use jiff::Timestamp;

use crate::browser::Browser;
use crate::company::{ADMIN, DANA, TestCompany};

const GOOD: [(&str, &str); 6] = [
    ("target_seconds", "8"),
    ("records", "50"),
    ("time_zone", "america/new_york"),
    ("quiet_hours", "Mon-Fri 09:00-12:00\r\nSun 9:00-10:00"),
    ("limit_records", "500"),
    ("limit_minutes", ""),
];

#[tokio::test]
async fn an_administrator_sets_pace_quiet_hours_and_limit() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("setup");
    let setup = admin.get(&path).await;
    let saved = admin.press(&setup, &format!("{path}#timing"), &GOOD).await;
    assert_eq!(saved.header("location"), format!("{path}?saved=1#timing"));
    let page = admin.get(&format!("{path}?saved=1")).await;
    assert!(page.text().contains("Saved. It holds from the next message set on."), "{}", page.text());
    assert!(page.body.contains("Mon-Fri 09:00-12:00\nSun 09:00-10:00</textarea>"), "{}", page.body);
    let settings = company.app.store().company(company.id).await.expect("read").expect("the company").settings;
    assert_eq!(settings.target_seconds.get(), 8);
    assert_eq!(settings.records_per_message_set.get(), 50);
    assert_eq!(settings.time_zone.as_str(), "America/New_York");
    assert_eq!(settings.quiet_hours.to_string(), "Mon-Fri 09:00-12:00; Sun 09:00-10:00");
    assert_eq!(settings.visit_limit.to_string(), "500 records");
    assert_eq!(settings.release, Settings::default().release, "what is not in the form stays");
}

#[tokio::test]
async fn each_field_that_cannot_be_taken_is_named_and_nothing_is_saved() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("setup");
    let setup = admin.get(&path).await;
    let wrong = [
        ("target_seconds", "0"),
        ("records", "many"),
        ("time_zone", "New York"),
        ("quiet_hours", "Mon-Fry 09:00-12:00"),
        ("limit_records", "0"),
        ("limit_minutes", "x\"><b>"),
    ];
    let refused = admin.press(&setup, &format!("{path}#timing"), &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    for told in [
        "Nothing was saved.",
        "Seconds for a message set : the time for a message set is a whole number of seconds from 1 to 120",
        "Records in a message set, at most : a message set takes from 1 to 200 records, not “many”",
        "Time zone : there is no time zone “New York”; give a name of the IANA database, such as America/New_York",
        "Quiet hours : “Fry” is no day; write Mon, Tue",
        "A visit ends after so many records : a visit ends after 1 to 1000000 records, not after “0”; leave it empty for no limit",
        "A visit ends after so many minutes : a visit ends after 1 to 1000000 minutes",
    ] {
        assert!(text.contains(told), "{told}\n{text}");
    }
    assert!(refused.body.contains("Mon-Fry 09:00-12:00</textarea>"), "what was typed is still there");
    assert!(!refused.body.contains("x\"><b>"), "and is no markup");
    let settings = company.app.store().company(company.id).await.expect("read").expect("the company").settings;
    assert_eq!(settings, Settings::default());
}

#[tokio::test]
async fn nobody_else_changes_them_and_no_other_site() {
    let company = TestCompany::start().await;
    let path = company.path("setup");
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&path).await;
    let token = setup.hidden_fields(&format!("{path}#timing")).pop().expect("the token").1;
    let fields: Vec<(&str, &str)> = GOOD.into_iter().chain([("form_token", token.as_str())]).collect();
    assert_eq!(admin.post_from("cross-site", &path, &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.post(&path, &GOOD).await.status, StatusCode::FORBIDDEN, "without the token");
    let mut dana = Browser::signed_in(&company, DANA).await;
    let queue = dana.get(&company.path("submissions")).await;
    let token = queue.hidden_fields("/logout").pop().expect("the token").1;
    let fields: Vec<(&str, &str)> = GOOD.into_iter().chain([("form_token", token.as_str())]).collect();
    assert_eq!(dana.post(&path, &fields).await.status, StatusCode::FORBIDDEN, "a bookkeeper");
    let settings = company.app.store().company(company.id).await.expect("read").expect("the company").settings;
    assert_eq!(settings, Settings::default());
}

/// It is Sunday, 14:03 UTC: 09:03 in New York.
#[tokio::test]
async fn every_page_says_until_when_it_is_quiet() {
    let company = TestCompany::start().await;
    let store = company.app.store();
    let quiet = Settings {
        time_zone: "America/New_York".parse().expect("a zone"),
        quiet_hours: "Sun 09:00-18:00".parse().expect("quiet hours"),
        ..Settings::default()
    };
    store
        .update_settings(
            company.id,
            &quiet,
            &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"),
            jiff::Timestamp::UNIX_EPOCH,
        )
        .await
        .expect("kept");
    store.note_heard(company.id, now()).await.expect("noted");
    let mut dana = Browser::signed_in(&company, DANA).await;
    let text = dana.get(&company.path("submissions")).await.text();
    assert!(text.contains("Next expected"), "a company file that was never read is read at once: {text}");
    store.set_books(company.id, Some(&Books::default())).await.expect("bound");
    let text = dana.get(&company.path("submissions")).await.text();
    assert!(text.contains("Quiet until 18:00") && !text.contains("Next expected"), "{text}");
}

#[tokio::test]
async fn what_went_wrong_with_the_last_visits_stands_on_every_page() {
    let company = TestCompany::start().await;
    let store = company.app.store();
    let mut dana = Browser::signed_in(&company, DANA).await;
    for (number, told) in [(1, "A dialog is open."), (2, "went wrong, like the one before."), (3, "like those before.")]
    {
        let id = VisitId::new(now(), &[number; 10]);
        let ticket = [number; 32];
        let new = NewVisit { id, company_id: company.id, ticket_hash: &ticket, session: "{}", client: "" };
        store.open_visit(&new, |_| true, now()).await.expect("open");
        let mut step = store.visit_step(&ticket).await.expect("a step").expect("the visit");
        step.note_trouble("A dialog is open.");
        step.close("A dialog is open.", now()).await.expect("closed");
        step.commit().await.expect("kept");
        let text = dana.get(&company.path("submissions")).await.text();
        assert!(text.contains(told) && text.contains("A dialog is open."), "{told}: {text}");
    }
}

#[tokio::test]
async fn a_record_that_changed_after_its_release_says_what_will_go() {
    let mut company = TestCompany::start().await;
    company.invoice("1042", "Lawn Depot", "612.35").await;
    company.happens("1042", [Event::MarkReady]).await;
    let path = company.path(&format!("records/{}", company.record("1042")));
    let mut dana = Browser::signed_in(&company, DANA).await;
    assert!(!dana.get(&path).await.text().contains("Changed since it was released."));
    company.invoice("1042", "Lawn Depot", "700.00").await;
    let text = dana.get(&path).await.text();
    let told = "Changed since it was released. Changed by the application after it was marked ready; revision 2 is what will \
                go.";
    assert!(text.contains(told), "{text}");
    company.happens("1042", [Event::MarkUnsent, Event::MarkReady]).await;
    assert!(!dana.get(&path).await.text().contains("Changed since it was released."), "released anew");
}

/// What the company's clock shows.
fn now() -> Timestamp {
    "2026-11-22T14:03:00Z".parse().expect("a moment")
}
