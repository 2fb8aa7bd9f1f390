use axum::http::StatusCode;
use bookferry_store::NewVisit;
use bookferry_sync::company::{Books, BooksIdentity};
use bookferry_sync::id::VisitId;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use crate::browser::Browser;
use crate::company::{ADMIN, DANA, TestCompany, VIEWER};

#[tokio::test]
async fn everybody_is_told_of_other_books_and_only_an_administrator_binds_the_company_to_them() {
    let company = TestCompany::with_records().await;
    bind(&company, "Ridgeline Auto Glass").await;
    other_books_come(&company).await;
    let headline = "The Web Connector came with other books: Somebody <Else>.";
    for place in ["submissions", "attention", "history", "lists", "help"] {
        let page = Browser::signed_in(&company, VIEWER).await.get(&company.path(place)).await;
        assert!(page.text().contains(headline), "{place}: {}", page.text());
    }
    let mut dana = Browser::signed_in(&company, DANA).await;
    let queue = dana.get(&company.path("submissions")).await;
    assert!(queue.text().contains("an administrator has to say so"), "{}", queue.text());
    assert!(!queue.body.contains("setup#books"));

    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&company.path("setup")).await;
    assert!(setup.text().contains("Are these the right books?"), "{}", setup.text());
    assert!(setup.text().contains("A company file without a FileID is known by its name"), "{}", setup.text());
    let action = company.path("setup/books");
    let told = admin.press(&setup, &action, &[("typed", "Ridgeline Auto Glass")]).await;
    let told = admin.follow(&told).await;
    assert!(told.text().contains("That is not the name of the new books. Nothing was changed."), "{}", told.text());
    let bound = admin.press(&setup, &action, &[("typed", "somebody <else> ")]).await;
    let bound = admin.follow(&bound).await;
    assert!(bound.text().contains("The company is bound to these books now."), "{}", bound.text());
    assert!(bound.text().contains("This company goes into other books now: Somebody <Else>."), "{}", bound.text());
    assert!(!bound.text().contains(headline));
    assert_eq!(company.status("1042").await, Status::Unsent, "what was released waits to be released again");
    assert_eq!(company.status("1047").await, Status::Submitted);
    let again = admin.press(&setup, &action, &[("typed", "Somebody <Else>")]).await;
    let again = admin.follow(&again).await;
    assert!(again.text().contains("Nothing was changed."), "{}", again.text());
}

#[tokio::test]
async fn a_bookkeeper_takes_note_and_binds_nothing() {
    let company = TestCompany::with_records().await;
    bind(&company, "Ridgeline Auto Glass").await;
    other_books_come(&company).await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&company.path("setup")).await;
    let action = company.path("setup/books");
    let fields = setup.hidden_fields(&action);
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|it| it.0 != "form_token").collect();
    fields.push(("typed", "Somebody <Else>"));
    let mut dana = Browser::signed_in(&company, DANA).await;
    let queue = dana.get(&company.path("submissions")).await;
    let token = queue.hidden_fields("/logout").into_iter().find(|(name, _)| name == "form_token").expect("a token").1;
    fields.push(("form_token", &token));
    assert_eq!(dana.post(&action, &fields).await.status, StatusCode::FORBIDDEN);
    admin.press(&setup, &action, &[("typed", "Somebody <Else>")]).await;
    let queue = dana.get(&company.path("submissions")).await;
    let closed = dana.press(&queue, &company.path("notices/close"), &[]).await;
    let queue = dana.follow(&closed).await;
    assert!(!queue.text().contains("goes into other books now"), "{}", queue.text());
}

async fn bind(company: &TestCompany, name: &str) {
    let books = Books { company_name: name.to_owned(), ..Books::default() };
    company.app.store().set_books(company.id, Some(&books)).await.expect("bound");
}

async fn other_books_come(company: &TestCompany) {
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let (store, ticket) = (company.app.store(), [7; 32]);
    let id = VisitId::new(now, &[1; 10]);
    let new = NewVisit { id, company_id: company.id, ticket_hash: &ticket, session: "{}", client: "" };
    store.open_visit(&new, |_| false, now).await.expect("a visit");
    let mut step = store.visit_step(&ticket).await.expect("a step").expect("the visit");
    let books = BooksIdentity {
        company_name: "Somebody <Else>".to_owned(),
        company_file: r"C:\Books\Somebody Else.qbw".to_owned(),
        file_id: None,
    };
    step.note_other_books(&books, "the company file is that of another company", now).await.expect("noted");
    step.commit().await.expect("kept");
}
