//! Add older records: counted before, added once, taken back.

use axum::http::StatusCode;
use bookferry_store::{Actor, HandOver, NewVisit, OlderRecord};
use bookferry_sync::id::{RecordId, VisitId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::recovery::{OlderAnswer, Seen};
use bookferry_sync::submission::{Event, Posted, Status};
use jiff::Timestamp;

use crate::browser::Browser;
use crate::company::{DANA, TestCompany, VIEWER};

#[tokio::test]
async fn older_records_are_shown_before_they_are_added_and_can_be_taken_back() {
    let mut company = TestCompany::start().await;
    company.invoice("1001", "Lawn Depot", "10.00").await;
    company.invoice("1002", "Lawn Depot", "20.00").await;
    company.payment("881", "1001", "Lawn Depot", "10.00").await;
    for number in ["1001", "1002", "881"] {
        company.happens(number, [Event::HoldBack]).await;
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("older");
    let queue = dana.get(&company.path("submissions")).await;
    assert!(queue.body.contains(&format!("href=\"{path}\"")), "the queue leads there");
    let page = dana.get(&path).await;
    assert!(page.text().contains("Invoices 2 $30.00 0 $0.00 Payments 1 $10.00 0 $0.00"), "{}", page.text());
    assert!(page.text().contains("Add 3 records, $40.00, to the queue"), "{}", page.text());
    let none = dana.get(&format!("{path}?from=2027-01-01")).await.text();
    assert!(none.contains("Nothing is held back in this range."), "{none}");
    for (query, told) in [("from=soon", "is no date"), ("from=2026-12-01&to=2026-11-01", "lies after the last")] {
        let refused = dana.get(&format!("{path}?{query}")).await.text();
        assert!(refused.contains("Nothing was counted.") && refused.contains(told), "{refused}");
    }

    let invoices = dana.get(&format!("{path}?kind=invoice&from=2026-11-01&to=2026-11-30")).await;
    company.invoice("1003", "Lawn Depot", "40.00").await;
    company.pass(60);
    company.happens("1003", [Event::HoldBack]).await;
    let added = dana.press(&invoices, &path, &[]).await;
    let told = dana.follow(&added).await;
    assert!(told.text().contains("2 records added to the queue as Unsent."), "{}", told.text());
    assert_eq!(company.status("1001").await, Status::Unsent);
    assert_eq!(company.status("881").await, Status::HeldBack, "another kind");
    assert_eq!(company.status("1003").await, Status::HeldBack, "nobody had seen it");
    let at = told.body.split("name=\"at\" value=\"").nth(1).expect("an undo").split('"').next().expect("its instant");
    let undone = dana.press(&told, &company.path("older/undo"), &[("at", at)]).await;
    let undone = dana.follow(&undone).await;
    assert!(undone.text().contains("2 records taken back to Held Back."), "{}", undone.text());
    assert_eq!(company.status("1001").await, Status::HeldBack);

    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let seen = viewer.get(&path).await;
    assert!(!seen.body.contains("to the queue</button>"));
    let fields = seen.hidden_fields(&company.path("layout"));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = viewer.post(&path, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("Your role does not allow this"), "{}", refused.text());
}

#[tokio::test]
async fn what_seems_to_be_in_quickbooks_stays_held_back_unless_it_is_ticked() {
    let mut company = TestCompany::start().await;
    let customer = "Harbor <Taxi>";
    company.invoice("1001", customer, "10.00").await;
    let posted = Posted { txn_id: "1A2B-1".to_owned(), edit_sequence: "1".to_owned(), revision: 1 };
    company.happens("1001", [Event::AlreadyInQuickBooks(posted)]).await;
    let json = serde_json::json!({
        "number": "1001", "date": "2026-11-20", "customer": {"name": customer}, "created_at": "1969-01-05T10:00:00Z",
        "lines": [{"item": "Windshield", "amount": "10.00"}], "total": "10.00",
    });
    let content = Content::from_json(RecordKind::Invoice, &json.to_string()).expect("a record");
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let twin = HandOver { id_if_new: RecordId::new(now, &[9; 10]), external_id: "again-1001", content: &content };
    let handed_over = company.app.store().hand_over(company.id, &[twin], &Actor::new("shop", "api"), now).await;
    assert_eq!(handed_over.expect("taken in")[0].status, Status::HeldBack);

    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("older");
    let page = dana.get(&path).await;
    let text = page.text();
    assert!(text.contains("Invoices 1 $10.00 1 $10.00"), "{text}");
    assert!(text.contains("1 record seems to be in QuickBooks already"), "{text}");
    assert!(text.contains("as 1001 , TxnID 1A2B-1"), "{text}");
    assert!(text.contains("QuickBooks has not been asked about 1 record of these yet"), "{text}");
    assert!(text.contains("Add all 1 record, $10.00: none of them is in QuickBooks"), "{text}");
    assert!(!text.contains("to the queue Add all"), "nothing else is left to add");
    let left = dana.press(&page, &path, &[]).await;
    assert!(dana.follow(&left).await.text().contains("0 records added to the queue as Unsent."));
    let added = dana.press(&page, &path, &[("twins", "1")]).await;
    assert!(dana.follow(&added).await.text().contains("1 record added to the queue as Unsent."));
}

#[tokio::test]
async fn what_quickbooks_has_is_shown_marked_and_asked_for_again() {
    let mut company = TestCompany::start().await;
    for number in ["1001", "1002", "1003"] {
        company.invoice(number, "Lawn Depot", "10.00").await;
        company.happens(number, [Event::HoldBack]).await;
    }
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let store = company.app.store();
    let new = NewVisit {
        id: VisitId::new(now, &[3; 10]),
        company_id: company.id,
        ticket_hash: &[3; 32],
        session: "{}",
        client: "",
    };
    store.open_visit(&new, |_| true, now).await.expect("a visit");
    let mut step = store.visit_step(&[3; 32]).await.expect("a step").expect("the visit");
    let held = step.older_unasked(10).await.expect("records");
    assert_eq!(held.len(), 3);
    let answers: Vec<OlderAnswer> = held.iter().enumerate().map(|(index, held)| answer(held, index)).collect();
    step.note_older(&answers, now).await.expect("noted");
    step.close("done", now).await.expect("closed");
    step.commit().await.expect("kept");

    let mut dana = Browser::signed_in(&company, DANA).await;
    let path = company.path("older");
    let page = dana.get(&path).await;
    let text = page.text();
    assert!(text.contains("2 records seem to be in QuickBooks already"), "{text}");
    for part in ["invoice 1001", "01001", "Lawn Depot 10.00", "T-0"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("Add 1 record, $10.00, to the queue"), "{text}");
    assert!(text.contains("QuickBooks was asked about each of these"), "{text}");
    let decide = company.path("older/quickbooks");
    let marked = dana.press(&page, &decide, &[("already", &held[0].record_id.to_string())]).await;
    let marked = dana.follow(&marked).await;
    assert!(marked.text().contains("1 record marked as already in QuickBooks."), "{}", marked.text());
    assert_eq!(company.status("1001").await, Status::Submitted);
    assert_eq!(company.status("1002").await, Status::HeldBack, "only that one was pressed");
    let all = [("already", "shown"), ("shown", &held[1].record_id.to_string())];
    dana.press(&marked, &decide, &all).await;
    assert_eq!((company.status("1002").await, company.status("1003").await), (Status::Submitted, Status::HeldBack));

    let page = dana.get(&path).await;
    let again = dana.press(&page, &decide, &[("ask_again", "1")]).await;
    let again = dana.follow(&again).await;
    assert!(again.text().contains("QuickBooks has not been asked about 1 record of these yet"), "{}", again.text());
    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let seen = viewer.get(&path).await;
    assert!(
        !seen.body.contains("Ask QuickBooks again</button>") && !seen.body.contains("Already in QuickBooks</button>")
    );
}

/// The first two are there, the third is not.
fn answer(held: &OlderRecord, index: usize) -> OlderAnswer {
    let seen = Seen {
        txn_id: format!("T-{index}"),
        edit_sequence: "7".to_owned(),
        number: format!("0{}", held.content.number()),
        customer: "Lawn Depot".to_owned(),
        date: "2026-10-05".parse().ok(),
        amount: Some(held.content.amount()),
    };
    OlderAnswer { record_id: held.record_id, revision: held.revision, seen: (index < 2).then_some(seen) }
}
