use axum::http::StatusCode;
use bookferry_store::{Actor, Care};
use bookferry_sync::cause::Cause;
use bookferry_sync::submission::Event;
use jiff::SignedDuration;

use crate::browser::Browser;
use crate::company::{DANA, TestCompany, VIEWER};

#[tokio::test]
async fn what_is_too_long_is_shown_shortened_before_it_is_and_can_be_taken_back() {
    let company = refused(&["2026-11-20-0022", "2026-11-20-0023"], "too_long").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let (path, mend) = (company.path("attention"), company.path("attention/mend"));
    let page = dana.get(&path).await;
    let preview = dana.press(&page, &path, &[("deed", "shorten"), ("everything", "1")]).await;
    assert!(preview.text().contains("Shorten: 2 records, $20.00"), "{}", preview.text());
    assert!(preview.text().contains("Number 2026-11-20-0022 → 11-20-0022"), "{}", preview.text());
    assert_eq!(company.status("2026-11-20-0022").await.as_str(), "needs_attention", "nothing was done yet");
    let done = dana.press(&preview, &mend, &[]).await;
    let page = dana.follow(&done).await;
    assert_eq!(page.notice(), "2 records shortened, and marked ready to sync.");
    assert_eq!(company.status("2026-11-20-0022").await.as_str(), "ready_to_sync");
    let record = dana.get(&company.path(&format!("records/{}", company.record("2026-11-20-0022")))).await;
    assert!(record.text().contains("Revision 2 corrected here"), "{}", record.text());

    assert!(page.text().contains("Your last: Shorten, 2 records Undo"), "{}", page.text());
    let at = value(&page.body, "at");
    let undo = company.path("attention/undo");
    let undone = dana.press(&page, &undo, &[("at", &at)]).await;
    let page = dana.follow(&undone).await;
    assert_eq!(page.notice(), "2 records taken back to Needs Attention.");
    assert!(page.text().contains("Invoice 2026-11-20-0022") && !page.text().contains("Your last"), "{}", page.text());
    let token = page.hidden_fields(&path)[0].1.clone();
    let again = dana.post(&undo, &[("form_token", &token), ("at", &at)]).await;
    assert!(dana.follow(&again).await.notice().starts_with("That cannot be taken back any more"));
}

#[tokio::test]
async fn one_record_is_corrected_field_by_field_and_held_to_the_contract() {
    let company = refused(&["1042"], "qb_3070").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let (mend, id) = (company.path("attention/mend"), company.record("1042"));
    let record = dana.get(&company.path(&format!("records/{id}"))).await;
    assert!(record.text().contains("A text is longer than its field in QuickBooks."), "{}", record.text());
    assert!(record.body.contains(&format!("attention/mend?deed=correct&amp;id={id}&amp;back={id}")), "{}", record.body);
    let page = dana.get(&format!("{mend}?deed=correct&id={id}&back={id}")).await;
    let refused = dana.press(&page, &mend, &[("/date", "tomorrow")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Nothing was done. Date: "), "{}", refused.text());
    assert!(refused.body.contains("value=\"tomorrow\""), "what was written is not lost");
    let done = dana.press(&page, &mend, &[("/date", "2026-12-24")]).await;
    let after = dana.follow(&done).await;
    assert_eq!(after.notice(), "1 record corrected here, and marked ready to sync.");
    assert!(after.text().contains("Date 2026-11-20 → 2026-12-24"), "{}", after.text());
    // Somebody else's page is older than this.
    let late = dana.press(&page, &mend, &[("/date", "2026-12-25")]).await;
    assert!(dana.follow(&late).await.notice().starts_with("0 records corrected here"));
}

#[tokio::test]
async fn what_is_put_aside_says_which_payments_wait_for_it_and_comes_back() {
    let mut company = refused(&["1042"], "qb_3140").await;
    company.payment("881", "1042", "Harbor Taxi", "10.00").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let (path, mend) = (company.path("attention"), company.path("attention/mend"));
    let page = dana.get(&path).await;
    let preview = dana.press(&page, &path, &[("deed", "exclude"), ("id", &company.record("1042"))]).await;
    assert!(preview.text().contains("1 payment waits for it"), "{}", preview.text());
    let done = dana.press(&preview, &mend, &[]).await;
    let page = dana.follow(&done).await;
    assert_eq!(page.notice(), "1 record will not be sent.");
    let undone = dana.press(&page, &company.path("attention/undo"), &[("at", &value(&page.body, "at"))]).await;
    assert_eq!(dana.follow(&undone).await.notice(), "1 record taken back to Needs Attention.");
    assert_eq!(company.status("1042").await.as_str(), "needs_attention");
}

#[tokio::test]
async fn a_viewer_sees_the_causes_and_mends_nothing() {
    let company = refused(&["1042"], "qb_3171").await;
    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let page = viewer.get(&company.path("attention")).await;
    assert!(page.text().contains("The record is dated on or before the closing date of the books"), "{}", page.text());
    assert!(!page.text().contains("Change the date"), "{}", page.text());
    let form = [("deed", "retry"), ("id", &company.record("1042"))];
    let pressed = viewer.press(&page, &company.path("attention"), &form).await;
    assert_eq!(pressed.status, StatusCode::FORBIDDEN);
}

/// A company whose invoices with these numbers were refused for that cause.
async fn refused(numbers: &[&str], code: &str) -> TestCompany {
    let mut company = TestCompany::start().await;
    for number in numbers {
        company.invoice(number, "Harbor Taxi", "10.00").await;
        let cause = Cause::new(code, "It was refused.", "They said no.");
        company.happens(number, [Event::MarkReady, Event::Enclosed, Event::Refused(cause)]).await;
    }
    company.pass(60);
    company
}

/// What the first button of this name sends.
fn value(body: &str, name: &str) -> String {
    let button = body.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    button.split('"').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn what_is_put_off_does_not_count_until_it_comes_back() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("attention");
    let told = dana.get(&path).await;
    assert!(told.body.contains("QuickBooks Sync Queue, 1 needs attention"), "{}", told.body);
    let record = [company.record("1045").parse().expect("an id")];
    let (now, actor) = (company.now(), Actor::new(DANA, "sync_manager"));
    let snooze = Care::Snooze(Some(now + SignedDuration::from_hours(24)));
    company.app.store().care(company.id, &snooze, &record, &actor, now).await.expect("put off");
    let told = dana.get(&path).await;
    assert!(!told.body.contains("needs attention\""), "{}", told.text());
    assert!(told.text().contains("0 records wait for somebody"), "{}", told.text());
    company.pass(24 * 3_600 + 1);
    let told = Browser::signed_in(&company, DANA).await.get(&path).await;
    assert!(told.body.contains("QuickBooks Sync Queue, 1 needs attention"), "it is back");
}
