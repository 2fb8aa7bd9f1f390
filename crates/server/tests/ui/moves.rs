use axum::http::StatusCode;

use crate::browser::{Browser, Page};
use crate::company::{ADMIN, DANA, TestCompany};

/// Presses a button above the grid and returns the page that follows.
async fn press(browser: &mut Browser, company: &TestCompany, page: &Page, fields: &[(&str, &str)]) -> Page {
    let pressed = browser.press(page, &company.path("submissions"), fields).await;
    browser.follow(&pressed).await
}

/// Presses Undo above the grid.
async fn press_undo(browser: &mut Browser, company: &TestCompany, page: &Page) -> Page {
    let at = page.body.split("form=\"undo\" name=\"at\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    browser.press(page, &company.path("submissions/undo"), &[("at", at.expect("the button Undo"))]).await
}

async fn statuses(company: &TestCompany, numbers: &[&str]) -> Vec<&'static str> {
    let mut statuses = Vec::new();
    for number in numbers {
        statuses.push(company.status(number).await.as_str());
    }
    statuses
}

#[tokio::test]
async fn ticked_records_are_marked_ready_and_taken_back() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions?q=a&status=unsent&filtered=1")).await;
    company.pass(5);
    let (first, second) = (company.record("1043"), company.record("880"));
    let fields = [("deed", "ready"), ("invoice", first.as_str()), ("payment", second.as_str())];
    let after = press(&mut dana, &company, &page, &fields).await;
    assert_eq!(after.notice(), "2 records marked ready to sync.");
    assert_eq!(statuses(&company, &["1043", "880", "1044"]).await, ["ready_to_sync", "ready_to_sync", "unsent"]);
    assert!(after.body.contains("value=\"a\""), "the filter is still there");

    company.happens("1043", [bookferry_sync::submission::Event::Enclosed]).await;
    let undone = press_undo(&mut dana, &company, &after).await;
    let after = dana.follow(&undone).await;
    assert_eq!(
        after.notice(),
        "1 record taken back to Unsent. 1 record was left as it was: they changed since you looked, or their status does \
         not allow it."
    );
    assert_eq!(statuses(&company, &["1043", "880"]).await, ["sending", "unsent"]);
}

#[tokio::test]
async fn undo_touches_only_what_the_press_moved() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    company.pass(5);
    let (ready, unsent) = (company.record("1042"), company.record("1040"));
    let fields = [("deed", "ready"), ("invoice", ready.as_str()), ("invoice", unsent.as_str())];
    let after = press(&mut dana, &company, &page, &fields).await;
    assert!(after.notice().starts_with("1 record marked ready to sync. 1 record was left"), "{}", after.notice());
    press_undo(&mut dana, &company, &after).await;
    assert_eq!(statuses(&company, &["1042", "1040"]).await, ["ready_to_sync", "unsent"]);
}

#[tokio::test]
async fn undo_is_offered_until_everything_has_crossed_and_to_nobody_else() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("submissions");
    let page = dana.get(&path).await;
    let id = company.record("1043");
    company.pass(5);
    press(&mut dana, &company, &page, &[("deed", "ready"), ("invoice", id.as_str())]).await;
    company.pass(300);
    let page = dana.get(&path).await;
    assert!(page.text().contains("Undo 1 record marked ready to sync, 5 min ago"), "{}", page.text());
    assert!(!admin.get(&path).await.body.contains("form=\"undo\" name=\"at\""));
    company.happens("1043", [bookferry_sync::submission::Event::Enclosed]).await;
    assert!(!dana.get(&path).await.body.contains("form=\"undo\" name=\"at\""), "it has left");
    let pressed = press_undo(&mut dana, &company, &page).await;
    assert!(dana.follow(&pressed).await.notice().starts_with("0 records taken back to Unsent."));
    let again = press_undo(&mut dana, &company, &page).await;
    assert!(dana.follow(&again).await.notice().starts_with("That cannot be taken back any more"));
    assert_eq!(company.status("1043").await.as_str(), "sending");
}

#[tokio::test]
async fn the_second_of_two_is_told_what_the_first_did_and_overwrites_nothing() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let path = company.path("submissions");
    let (first, second) = (dana.get(&path).await, admin.get(&path).await);
    company.pass(5);
    let (both, other) = (company.record("1043"), company.record("1040"));
    press(&mut dana, &company, &first, &[("deed", "ready"), ("invoice", both.as_str())]).await;
    company.pass(120);
    let fields = [("deed", "exclude"), ("invoice", both.as_str()), ("invoice", other.as_str())];
    let after = press(&mut admin, &company, &second, &fields).await;
    assert!(after.notice().starts_with("1 record will not be sent. 1 record was left as it was"), "{}", after.notice());
    assert!(after.text().contains("dana@ridgeline.example: Mark ready, 1 record, 2 min ago."), "{}", after.text());
    assert_eq!(statuses(&company, &["1043", "1040"]).await, ["ready_to_sync", "excluded"]);
}

#[tokio::test]
async fn a_group_is_all_of_it_that_matches() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    let after = press(&mut dana, &company, &page, &[("deed", "ready"), ("group", "invoice")]).await;
    assert!(after.notice().starts_with("3 records marked ready to sync."), "{}", after.notice());
    assert_eq!(
        statuses(&company, &["1040", "1043", "1044", "880", "1046"]).await,
        ["ready_to_sync", "ready_to_sync", "ready_to_sync", "unsent", "excluded"]
    );
}

#[tokio::test]
async fn all_that_match_leaves_out_exceptions_and_what_nobody_has_seen() {
    let mut company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    company.pass(1);
    company.invoice("1050", "Lawn Depot", "1000000.00").await;
    let except = company.record("1044");
    let fields = [("deed", "ready"), ("everything", "1"), ("except", except.as_str())];
    let after = press(&mut dana, &company, &page, &fields).await;
    assert!(after.notice().starts_with("3 records marked ready to sync."), "{}", after.notice());
    assert_eq!(
        statuses(&company, &["1040", "1043", "880", "1044", "1050", "1046"]).await,
        ["ready_to_sync", "ready_to_sync", "ready_to_sync", "unsent", "unsent", "excluded"]
    );
}

#[tokio::test]
async fn the_header_is_what_the_page_shows() {
    let mut company = TestCompany::start().await;
    for number in 1..=130 {
        company.invoice(&number.to_string(), "Lawn Depot", "1.00").await;
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("submissions")).await;
    let after = press(&mut dana, &company, &page, &[("deed", "ready"), ("page", "1")]).await;
    assert_eq!(after.notice(), "100 records marked ready to sync.");
    assert_eq!(statuses(&company, &["130", "31", "30"]).await, ["ready_to_sync", "ready_to_sync", "unsent"]);
}

#[tokio::test]
async fn what_cannot_be_understood_moves_nothing() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("submissions");
    let page = dana.get(&path).await;
    let after = press(&mut dana, &company, &page, &[("deed", "ready")]).await;
    assert_eq!(after.notice(), "Nothing was selected. Tick the records first.");
    for fields in [vec![("deed", "post_it"), ("group", "invoice")], vec![("group", "invoice")]] {
        assert_eq!(dana.press(&page, &path, &fields).await.status, StatusCode::BAD_REQUEST);
    }
    let unclear = dana.get(&format!("{path}?from=soon")).await;
    let refused = dana.press(&unclear, &path, &[("deed", "ready"), ("group", "invoice")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let token = page.hidden_fields("/logout").remove(0).1;
    let without_snapshot = [("form_token", token.as_str()), ("deed", "ready"), ("everything", "1")];
    assert_eq!(dana.post(&path, &without_snapshot).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(statuses(&company, &["1040", "1043", "1044"]).await, ["unsent", "unsent", "unsent"]);
}

#[tokio::test]
async fn what_needs_attention_is_retried_or_put_aside() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("attention");
    let page = dana.get(&path).await;
    insta::assert_snapshot!(page.text().split("for somebody").nth(1).unwrap_or(""));
    let pressed = dana.press(&page, &path, &[("deed", "retry")]).await;
    assert_eq!(dana.follow(&pressed).await.notice(), "Nothing was selected. Tick the records first.");
    let pressed = dana.press(&page, &path, &[("deed", "retry"), ("everything", "1")]).await;
    let after = dana.follow(&pressed).await;
    assert_eq!(after.notice(), "1 record marked ready to sync again.");
    assert!(after.text().contains("Nothing needs attention."));
    assert_eq!(company.status("1045").await.as_str(), "ready_to_sync");
}

#[tokio::test]
async fn a_record_is_not_moved_by_who_has_not_seen_its_newest_state() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path(&format!("records/{}", company.record("1040")));
    let page = dana.get(&path).await;
    company.happens("1040", [bookferry_sync::submission::Event::Exclude]).await;
    let pressed = dana.press(&page, &path, &[("deed", "ready")]).await;
    let after = dana.follow(&pressed).await;
    assert!(after.notice().starts_with("Somebody changed this record while you looked at it."), "{}", after.notice());
    let pressed = dana.press(&after, &path, &[("deed", "include")]).await;
    assert_eq!(dana.follow(&pressed).await.notice(), "1 record put back into the queue as Unsent.");
    assert_eq!(company.status("1040").await.as_str(), "unsent");
}

#[tokio::test]
async fn a_record_can_be_said_to_be_in_quickbooks_already() {
    let company = TestCompany::with_records().await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path(&format!("records/{}", company.record("1043")));
    let page = dana.get(&path).await;
    let pressed = dana.press(&page, &path, &[("deed", "already_in_quickbooks"), ("txn_id", " ")]).await;
    assert!(dana.follow(&pressed).await.notice().starts_with("That is not a TxnID."));
    let fields = [("deed", "already_in_quickbooks"), ("txn_id", "3C4D-1793631700")];
    let pressed = dana.press(&page, &path, &fields).await;
    let after = dana.follow(&pressed).await;
    assert_eq!(after.notice(), "1 record marked as already in QuickBooks.");
    assert!(after.text().contains("TxnID 3C4D-1793631700"));
    assert_eq!(company.status("1043").await.as_str(), "submitted");
}

#[tokio::test]
async fn what_is_unconfirmed_is_decided_record_by_record() {
    let company = TestCompany::with_records().await;
    let lost = bookferry_sync::cause::Cause::new("lost", "Nobody can tell whether QuickBooks has it. Look there.", "");
    company.happens("1041", [bookferry_sync::submission::Event::Undecidable(lost)]).await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let attention = dana.get(&company.path("attention")).await;
    assert!(attention.text().contains("open it here and say whether it is there"), "{}", attention.text());
    let id = company.record("1041");
    let pressed = dana.press(&attention, &company.path("attention"), &[("deed", "retry"), ("id", id.as_str())]).await;
    assert!(dana.follow(&pressed).await.notice().starts_with("0 records marked ready to sync again."));
    assert_eq!(company.status("1041").await.as_str(), "needs_attention");
    let path = company.path(&format!("records/{id}"));
    let page = dana.get(&path).await;
    assert!(!page.text().contains("Do not send"), "{}", page.text());
    let pressed = dana.press(&page, &path, &[("deed", "not_in_quickbooks")]).await;
    assert_eq!(dana.follow(&pressed).await.notice(), "1 record found not to be in QuickBooks.");
    assert_eq!(company.status("1041").await.as_str(), "ready_to_sync");
}
