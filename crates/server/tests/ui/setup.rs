//! The setup: adding a company, its password, its steps, and the moment from which records enter the queue.

use axum::http::StatusCode;
use bookferry_server::SecretHash;
use bookferry_store::NewVisit;
use bookferry_sync::company::{Books, Release, Voids};
use bookferry_sync::created_items::{CreatedDiscount, CreatedKind};
use bookferry_sync::id::{CompanyId, VisitId};
use bookferry_sync::list::ListKind;
use jiff::Timestamp;

use crate::browser::{Browser, Page};
use crate::company::{ADMIN, DANA, STRANGER, TestCompany, VIEWER};

const CHOSEN: [(&str, &str); 5] = [
    ("name", "Harbor <Fleet>"),
    ("time_zone", "America/New_York"),
    ("create", "customers"),
    ("create", "terms"),
    ("income_account", "Service Income"),
];

#[tokio::test]
async fn a_company_is_added_once_and_shows_its_password_once() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let form = admin.get("/companies/new").await;
    let action = form.body.split("action=\"").nth(1).expect("a form").split('"').next().expect("its place").to_owned();
    let id: CompanyId = action.split('/').nth(2).expect("an id").parse().expect("an id");

    let refused = admin.press(&form, &action, &[("name", " "), ("time_zone", "Mars/Olympus")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    assert!(text.contains("Nothing was saved."), "{text}");
    assert!(text.contains("Name of the company : a company needs a name.") || text.contains("a company needs a name"));
    assert!(text.contains("there is no time zone"), "{text}");
    assert!(company.app.store().company(id).await.expect("an answer").is_none());

    let added = admin.press(&form, &action, &CHOSEN).await;
    assert_eq!(added.status, StatusCode::OK, "{}", added.body);
    let stored = company.app.store().connection(id).await.expect("an answer").expect("a company");
    assert_eq!(SecretHash::of(&password(&added)).0.as_slice(), stored.password_hash);
    let settings = &stored.company.settings;
    assert_eq!(settings.create, [ListKind::Customer, ListKind::Terms]);
    assert_eq!((settings.time_zone.as_str(), settings.income_account.as_str()), ("America/New_York", "Service Income"));
    assert_eq!(stored.company.sync_enabled_at, None);

    let again = admin.press(&form, &action, &CHOSEN).await;
    assert_eq!(again.header("location"), format!("/companies/{id}/setup"));
    assert!(!admin.follow(&again).await.body.contains("data-copy"), "the password is shown this once");
    let unchanged = company.app.store().connection(id).await.expect("an answer").expect("a company");
    assert_eq!(unchanged.password_hash, stored.password_hash);
    let reloaded = admin.get(&action).await;
    assert_eq!(reloaded.header("location"), format!("/companies/{id}/setup"));
    let mut stranger = Browser::signed_in(&company, STRANGER).await;
    assert_eq!(stranger.get(&format!("/companies/{id}/setup")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_an_administrator_of_all_companies_adds_one() {
    let company = TestCompany::start().await;
    for email in [DANA, VIEWER] {
        let mut person = Browser::signed_in(&company, email).await;
        assert_eq!(person.get("/companies/new").await.status, StatusCode::FORBIDDEN, "{email}");
        for place in ["setup/password", "setup/enable", "setup/choices", "setup/rules"] {
            let queue = person.get(&company.path("submissions")).await;
            let fields = queue.hidden_fields(&company.path("layout"));
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let refused = person.post(&company.path(place), &fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{email} {place}");
            assert!(refused.text().contains("Your role does not allow this"), "{}", refused.text());
        }
    }
}

#[tokio::test]
async fn what_goes_by_itself_and_how_the_tax_is_settled_is_chosen_or_refused_with_the_reason() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&company.path("setup")).await;
    assert!(
        setup.text().contains("A difference in the sales tax waits for somebody to look at it."),
        "{}",
        setup.text()
    );
    let action = company.path("setup/rules#company");
    let settings = async || {
        let stored = company.app.store().company(company.id).await.expect("an answer").expect("a company");
        (stored.settings.release, stored.settings.tax_difference.to_string())
    };
    let before = settings().await;
    for (rule, limit, item, why) in [
        ("adjust", "0.05", " ", "needs an item"),
        ("adjust", "", "5 Rounding", "from 0.01 to 1.00, not “”"),
        ("accept", "1.01", "", "from 0.01 to 1.00, not “1.01”"),
    ] {
        let fields = [("release", "automatic"), ("tax", rule), ("tax_limit", limit), ("tax_item", item)];
        let refused = admin.press(&setup, &action, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Nothing was saved.") && refused.text().contains(why), "{}", refused.text());
        assert_eq!(settings().await, before);
    }
    let fields = [("release", "automatic"), ("tax", "adjust"), ("tax_limit", "0.03"), ("tax_item", "Rounding")];
    let saved = admin.press(&setup, &action, &fields).await;
    let page = admin.follow(&saved).await.text();
    assert!(
        page.contains("New records are marked ready as they come in. A difference in the sales tax is brought"),
        "{page}"
    );
    assert_eq!(settings().await, (Release::Automatic, "adjust 0.03 Rounding".to_owned()));
    let fields = [("release", "manual"), ("voids", "delete"), ("tax", "attention"), ("tax_limit", "0.03")];
    admin.press(&setup, &action, &fields).await;
    assert_eq!(settings().await, (Release::Manual, "attention".to_owned()));
    let stored = company.app.store().company(company.id).await.expect("an answer").expect("a company");
    assert_eq!(stored.settings.voids, Voids::Delete);
}

#[tokio::test]
async fn as_what_missing_items_are_created_is_chosen_or_every_fault_is_told() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&company.path("setup")).await;
    assert!(setup.text().contains("what is missing of: customers, items (as service items)."), "{}", setup.text());
    let action = company.path("setup/choices#company");
    let settings = async || company.app.store().company(company.id).await.expect("an answer").expect("it").settings;
    let before = settings().await;
    let chosen = [
        ("create", "items"),
        ("item_kind", "inventory"),
        ("charges", "Shipping ; Handling"),
        ("discounts", "discount"),
        ("income_account", "Income:Sales"),
        ("discount_account", ""),
        ("cost_account", "Stock"),
        ("asset_account", " stock "),
    ];
    let refused = admin.press(&setup, &action, &chosen).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("no account for both the cost and the worth"), "{}", refused.text());
    assert!(refused.body.contains("value=\"inventory\" checked"), "as it was filled in");
    assert_eq!(settings().await, before);
    let chosen = chosen.map(|(name, value)| (name, if name == "cost_account" { "Costs" } else { value }));
    let saved = admin.press(&setup, &action, &chosen).await;
    let page = admin.follow(&saved).await;
    assert!(page.text().contains("what is missing of: items (as inventory items)."), "{}", page.text());
    let rules = settings().await;
    assert_eq!(rules.income_account, "Income:Sales");
    let log = admin.get(&company.path("history/people")).await.text();
    assert!(
        log.contains("Changed the company’s rules") && log.contains("income account: Sales, now Income:Sales"),
        "{log}"
    );
    assert!(log.contains("kind: service, now inventory"), "{log}");
    let created = rules.created_items;
    assert_eq!((created.kind, created.discounts), (CreatedKind::Inventory, CreatedDiscount::Discount));
    assert_eq!(
        [created.charges.to_string(), created.discount_account, created.cost_account, created.asset_account],
        ["Shipping; Handling", "", "Costs", "stock"]
    );
}

#[tokio::test]
async fn a_new_password_is_made_once_for_each_page_that_was_seen() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let setup = admin.get(&company.path("setup")).await;
    let action = company.path("setup/password#connect");
    let made = admin.press(&setup, &action, &[]).await;
    let stored = || async { company.app.store().connection(company.id).await.expect("an answer").expect("a company") };
    assert_eq!(SecretHash::of(&password(&made)).0.as_slice(), stored().await.password_hash);
    let again = admin.press(&setup, &action, &[]).await;
    assert_eq!(again.header("location"), company.path("setup?told=password_stale#connect"));
    assert_eq!(SecretHash::of(&password(&made)).0.as_slice(), stored().await.password_hash, "it is as it was shown");
}

#[tokio::test]
async fn each_step_says_where_it_stands_and_who_must_act() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let store = company.app.store();
    let now: Timestamp = "2026-11-22T14:03:00Z".parse().expect("an instant");
    let path = company.path("setup");
    assert!(admin.get(&path).await.text().contains("Next. The Web Connector’s first call is awaited"));
    store.note_refused(company.id, now).await.expect("noted");
    let text = admin.get(&path).await.text();
    assert!(text.contains("Not yet. The Web Connector came with a wrong password. The person at the Quick"), "{text}");
    company.pass(60);
    let later: Timestamp = "2026-11-22T14:04:00Z".parse().expect("an instant");
    store.note_heard(company.id, later).await.expect("noted");
    let text = admin.get(&path).await.text();
    assert!(text.contains("Done. The Web Connector has called with the right password, last just now ."), "{text}");
    assert!(text.contains("Next. The first visit reads which company file"), "{text}");

    let ticket = [7; 32];
    let id = VisitId::new(later, &[1; 10]);
    let new = NewVisit { id, company_id: company.id, ticket_hash: &ticket, session: "{}", client: "" };
    store.open_visit(&new, |_| false, later).await.expect("a visit");
    let mut step = store.visit_step(&ticket).await.expect("a step").expect("the visit");
    step.note_trouble("A dialog is open. Who must act: the person at the QuickBooks computer.");
    step.close("A dialog is open.", later).await.expect("closed");
    step.commit().await.expect("committed");
    let text = admin.get(&path).await.text();
    assert!(text.contains("Not yet. A dialog is open. Who must act: the person at the QuickBooks computer."), "{text}");

    let explained = admin.get(&format!("{path}?code=QBWC1030")).await.text();
    assert!(explained.contains("QBWC1030: No password has been typed into the Web Connector."), "{explained}");
    let unknown = admin.get(&format!("{path}?code=QBWC1999")).await.text();
    assert!(unknown.contains("That code is not known here."), "{unknown}");
}

#[tokio::test]
async fn sync_is_enabled_once_the_company_file_is_connected() {
    let company = TestCompany::start().await;
    let mut admin = Browser::signed_in(&company, ADMIN).await;
    let form = admin.get("/companies/new").await;
    let action = form.body.split("action=\"").nth(1).expect("a form").split('"').next().expect("its place").to_owned();
    let added = admin.press(&form, &action, &CHOSEN).await;
    let id: CompanyId = action.split('/').nth(2).expect("an id").parse().expect("an id");
    let enable = format!("/companies/{id}/setup/enable#enable");
    assert!(!added.body.contains("Enable sync</button>"), "{}", added.body);
    let token = added.hidden_fields(&format!("/companies/{id}/setup/choices#company"));
    let token: Vec<(&str, &str)> = token.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let early = admin.post(&enable, &token).await;
    assert!(early.header("location").contains("told=no_books"));
    let enabled_at =
        || async { company.app.store().company(id).await.expect("an answer").expect("it").sync_enabled_at };
    assert_eq!(enabled_at().await, None);

    let books = Books { company_name: "Harbor Fleet".to_owned(), ..Books::default() };
    company.app.store().set_books(id, Some(&books)).await.expect("set");
    let setup = admin.get(&format!("/companies/{id}/setup")).await;
    assert!(setup.text().contains("Done. Connected to Harbor Fleet."), "{}", setup.text());
    let enabled = admin.press(&setup, &enable, &[]).await;
    let told = admin.follow(&enabled).await;
    assert!(told.text().contains("What your application creates from now on enters the queue."), "{}", told.text());
    let first = enabled_at().await;
    assert!(first.is_some());
    company.pass(60);
    admin.press(&setup, &enable, &[]).await;
    assert_eq!(enabled_at().await, first, "the first press decides");
    let log = admin.get(&format!("/companies/{id}/history/people")).await.text();
    for told in ["Enabled sync", "Added the company"] {
        assert_eq!(log.matches(&format!("{ADMIN} {told}")).count(), 1, "{told}: {log}");
    }
}

fn password(page: &Page) -> String {
    let secret = page.body.split("data-copy><code>").nth(1).expect("a secret");
    secret.split('<').next().expect("its end").to_owned()
}
