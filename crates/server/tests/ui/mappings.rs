use axum::http::StatusCode;
use bookferry_store::NewVisit;
use bookferry_sync::company::Settings;
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::VisitId;
use bookferry_sync::list::{ListEntry, ListKind};
use jiff::Timestamp;

use crate::browser::Browser;
use crate::company::{DANA, STRANGER, TestCompany, VIEWER};

#[tokio::test]
async fn a_suggestion_is_confirmed_and_the_mapping_changed_and_removed() {
    let mut company = TestCompany::start().await;
    for (number, customer) in
        [("1", "Harbor Taxi Co-op"), ("2", "Lawn depot"), ("3", "Müller, Auto & Glass"), ("4", "Harbor")]
    {
        company.invoice(number, customer, "10.00").await;
    }
    let there = ["Lawn Depot", "Mueller Auto and Glass", "Harbor Taxi Company", "Harbor Fuel"];
    read_list(&company, ListKind::Customer, &there, "1").await;
    let path = company.path("lists/mappings");
    let customers = format!("{path}?list=customers");
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&customers).await;
    insta::assert_snapshot!("mappings_suggested", page.text());
    let (harbor, mueller) = (chosen(&page.body, "Harbor Taxi Co-op"), chosen(&page.body, "Müller, Auto &#38; Glass"));
    assert_eq!((harbor.as_str(), mueller.as_str()), ("", "customers-1"), "only what differs in how it is written");

    let rows = [("entry", ""), ("entry", ""), ("entry", "customers-1")];
    let done = dana.press(&page, &path, &[rows.as_slice(), &[("all", "1")]].concat()).await;
    let page = dana.follow(&done).await;
    assert!(page.text().contains("1 name stands for what you chose."), "{}", page.text());
    let rows = [("entry", "customers-3"), ("entry", "customers-2"), ("only", "1")];
    let page = dana.press(&page, &path, &rows).await;
    let page = dana.follow(&page).await;
    assert!(
        page.text().contains("Harbor Taxi Co-op Harbor Taxi Company just now by dana@ridgeline.example"),
        "{}",
        page.text()
    );
    let nothing = dana.press(&page, &path, &[("entry", ""), ("all", "1")]).await;
    assert!(dana.follow(&nothing).await.text().contains("Nothing was chosen. Choose the customer first"));

    let choose = dana.get(&format!("{customers}&name=Harbor&find=harbor")).await;
    assert!(choose.text().contains("What does “Harbor” stand for?") && choose.body.contains("value=\"customers-3\""));
    assert!(!choose.body.contains("value=\"customers-0\" aria-label=\"Use"), "it was searched");
    let page = dana
        .post(
            &path,
            &[("form_token", &token(&choose)), ("list", "customers"), ("name", "Harbor"), ("use", "customers-3")],
        )
        .await;
    assert!(dana.follow(&page).await.text().contains("Harbor Harbor Fuel"));

    read_list(&company, ListKind::Customer, &["Lawn Depot", "Müller GmbH", "Harbor Taxi Company"], "2").await;
    let page = dana.get(&customers).await;
    assert!(page.text().contains("Müller GmbH Called “Mueller Auto and Glass” when it was chosen."), "{}", page.text());
    assert!(page.text().contains("Harbor Fuel QuickBooks does not have this customer any more. Choose another."));
    let page = dana.post(&path, &[("form_token", &token(&page)), ("list", "customers"), ("remove", "Harbor")]).await;
    let page = dana.follow(&page).await;
    assert!(page.text().contains("The mapping was removed.") && !page.text().contains("does not have this customer"));
}

#[tokio::test]
async fn a_name_that_quickbooks_gave_a_vendor_is_shown_as_taken() {
    let mut company = TestCompany::start().await;
    for (number, customer) in [("1", "Glass works"), ("2", "Eva Lind:Car"), ("3", "Owner:Van"), ("4", "Harbor Taxi")] {
        company.invoice(number, customer, "10.00").await;
    }
    read_list(&company, ListKind::Customer, &["Owner"], "1").await;
    read_list(&company, ListKind::Vendor, &["Glass Works", "Owner"], "2").await;
    read_list(&company, ListKind::Employee, &["Eva Lind"], "3").await;
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&company.path("lists/mappings?list=customers")).await.text();
    assert!(page.contains("Glass works the name of a QuickBooks vendor"), "{page}");
    assert!(page.contains("Eva Lind:Car the name of a QuickBooks employee"), "{page}");
    assert!(!page.contains("Owner:Van the name") && !page.contains("Harbor Taxi the name"), "{page}");
    let lists = dana.get(&company.path("lists?list=vendors")).await.text();
    assert!(
        lists.contains("Vendors 2") && lists.contains("Employees 1") && lists.contains("Glass Works Yes"),
        "{lists}"
    );
}

#[tokio::test]
async fn mappings_go_out_as_csv_and_come_in_again_whole_or_not_at_all() {
    let mut company = TestCompany::start().await;
    company.invoice("1", "=Harbor, \"Taxi\"", "10.00").await;
    read_list(&company, ListKind::Customer, &["Harbor Taxi"], "1").await;
    read_list(&company, ListKind::Item, &["Glass"], "2").await;
    let path = company.path("lists/mappings");
    let mut dana = Browser::signed_in(&company, DANA).await;
    let export = |page: &crate::browser::Page| page.body.trim_start_matches('\u{feff}').to_owned();
    let csv = dana.get(&company.path("lists/mappings.csv")).await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"mappings.csv\"");
    let heading = "List,Your application's name,Name in QuickBooks\r\n";
    let empty = format!("{heading}customers,\"'=Harbor, \"\"Taxi\"\"\",\r\nitems,Windshield,\r\n");
    assert_eq!(export(&csv), empty);

    let page = dana.get(&path).await;
    let import = format!("{path}/import");
    let send = |text: &str| {
        vec![
            ("form_token".to_owned(), token(&page)),
            ("list".to_owned(), "items".to_owned()),
            ("csv".to_owned(), text.to_owned()),
        ]
    };
    let wrong = empty.replace("\",\r\n", "\",harbor TAXI\r\n").replace("Windshield,", "Windshield,Panes");
    let refused = dana.post(&import, &pairs(&send(&wrong))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("Line 3: QuickBooks has no item named “Panes”, as far as the list was read."),
        "{}",
        refused.text()
    );
    assert!(refused.body.contains("harbor TAXI"), "what was pasted stays");
    assert_eq!(export(&dana.get(&company.path("lists/mappings.csv")).await), empty, "nothing was done by half");
    let right = wrong.replace("Panes", "Glass");
    let done = dana.post(&import, &pairs(&send(&right))).await;
    assert!(dana.follow(&done).await.text().contains("2 names stand for what you chose."));
    let full = empty.replace("\",\r\n", "\",Harbor Taxi\r\n").replace("Windshield,", "Windshield,Glass");
    assert_eq!(export(&dana.get(&company.path("lists/mappings.csv")).await), full);
}

#[tokio::test]
async fn a_viewer_sees_mappings_and_changes_none_and_strangers_see_none() {
    let mut company = TestCompany::start().await;
    company.invoice("1", "Lawn depot.", "10.00").await;
    let settings = Settings { create: Vec::new(), ..Settings::default() };
    company
        .app
        .store()
        .update_settings(
            company.id,
            &settings,
            &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"),
            jiff::Timestamp::UNIX_EPOCH,
        )
        .await
        .expect("kept");
    read_list(&company, ListKind::Customer, &["Lawn Depot"], "1").await;
    let path = company.path("lists/mappings");
    let mut viewer = Browser::signed_in(&company, VIEWER).await;
    let page = viewer.get(&path).await;
    assert!(
        page.text().contains("Lawn depot. perhaps Lawn Depot") && !page.body.contains("<select"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("waits under Needs Attention until you say here"));
    let fields = [
        ("form_token", token(&page)),
        ("list", "customers".to_owned()),
        ("name", "Lawn depot.".to_owned()),
        ("use", "customers-0".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(viewer.post(&path, &fields).await.status, StatusCode::FORBIDDEN);
    let mut stranger = Browser::signed_in(&company, STRANGER).await;
    for path in [path.clone(), company.path("lists/mappings.csv")] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(company.app.store().mappings(company.id, ListKind::Customer, "", None, 9).await.expect("none"), []);
}

/// A visit reads this list whole; the entries' ListIDs are the list's name and their places.
#[tokio::test]
async fn a_csv_file_is_taken_or_refused_by_its_line() {
    let mut company = TestCompany::start().await;
    company.invoice("1", "Müller Auto", "10.00").await;
    read_list(&company, ListKind::Customer, &["Mueller Auto and Glass"], "1").await;
    let path = company.path("lists/mappings");
    let mut dana = Browser::signed_in(&company, DANA).await;
    let page = dana.get(&format!("{path}?list=customers")).await;
    let import = format!("{path}/import");
    let token = token(&page);
    let fields = [("form_token", token.as_str()), ("list", "customers"), ("csv", "")];
    let heading = "\u{feff}List,Your application's name,Name in QuickBooks\r\n";
    let wrong = format!("{heading}customers,Somebody,Nobody\r\n");
    let refused = dana.post_file(&import, &fields, wrong.as_bytes()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("Line 2: QuickBooks has no customer named “Nobody”"), "{}", refused.text());
    let mut latin1 = heading.as_bytes().to_vec();
    latin1.extend_from_slice(
        b"customers,Harbor,Mueller Auto and Glass\r\ncustomers,M\xfcller Auto,Mueller Auto and Glass\r\n",
    );
    let refused = dana.post_file(&import, &fields, &latin1).await;
    assert!(refused.text().contains("Line 3: This holds letters that are not written in UTF-8."), "{}", refused.text());
    let right = format!("{heading}customers,Müller Auto,Mueller Auto and Glass\r\n");
    let done = dana.post_file(&import, &fields, right.as_bytes()).await;
    assert!(dana.follow(&done).await.text().contains("1 name stands for what you chose."));
    let forged = dana.post_file(&import, &[("form_token", "guessed"), ("list", "customers")], right.as_bytes()).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}

async fn read_list(company: &TestCompany, list: ListKind, names: &[&str], visit: &str) {
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let mut ticket = [0; 32];
    ticket[0] = visit.as_bytes()[0];
    let new = NewVisit {
        id: VisitId::new(now, &[ticket[0]; 10]),
        company_id: company.id,
        ticket_hash: &ticket,
        session: "{}",
        client: "",
    };
    let store = company.app.store();
    store.open_visit(&new, |_| true, now).await.expect("a visit");
    let mut step = store.visit_step(&ticket).await.expect("a step").expect("the visit");
    let entry = |(place, name): (usize, &&str)| ListEntry {
        list,
        full_name: (*name).to_owned(),
        list_id: format!("{}-{place}", list.as_str()),
        is_active: true,
        facts: EntryFacts::default(),
    };
    let entries: Vec<ListEntry> = names.iter().enumerate().map(entry).collect();
    let gone: Vec<(ListKind, String)> =
        (names.len()..9).map(|place| (list, format!("{}-{place}", list.as_str()))).collect();
    step.take_list(&entries, &gone, now).await.expect("taken");
    step.finish_list(list, None, false, now).await.expect("read");
    step.close("done", now).await.expect("closed");
    step.commit().await.expect("kept");
}

/// The ListID that is selected for this name.
fn chosen(body: &str, name: &str) -> String {
    let row = body.split("<tr>").find(|row| row.contains(&format!("value=\"{name}\""))).expect("its row");
    let before = row.split("\" selected>").next().filter(|before| before.len() < row.len()).unwrap_or("value=\"");
    before.rsplit("value=\"").next().unwrap_or("").to_owned()
}

fn token(page: &crate::browser::Page) -> String {
    page.body
        .split("name=\"form_token\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a token")
        .to_owned()
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
