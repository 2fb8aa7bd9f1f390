//! How long the pages over QuickBooks' lists take where these are long: 100,000 customers, and names of records that are like
//! them, are filled into a database of their own, and each page is asked for several times over.
//!
//! ```console
//! cargo run --release -p bookferry-server --example long_lists -- 100000
//! ```
//!
//! It prints the milliseconds of the middle and of the slowest answer; on PostgreSQL where `BOOKFERRY_DATABASE_URL` names an
//! empty database.
#![expect(clippy::disallowed_methods, reason = "it measures the time, and the environment names its database")]

use std::error::Error;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use bookferry_server::{App, Clock, EntropySource, hash_password, router};
use bookferry_store::{Actor, HandOver, NewCompany, NewPerson, NewVisit, Role, Store, StoreOptions};
use bookferry_sync::company::Settings;
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::{CompanyId, OrganizationId, PersonId, RecordId, VisitId};
use bookferry_sync::likeness::Suggester;
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::record::{Content, RecordKind};
use jiff::Timestamp;
use tower::ServiceExt;

const FIRST: [&str; 20] = [
    "Northgate",
    "Harbor",
    "Lawn",
    "Ashland",
    "Müller",
    "Ridge",
    "Second Street",
    "Safe Drive",
    "Old Mill",
    "Bay",
    "Cedar",
    "Summit",
    "Lake",
    "Union",
    "Golden",
    "Pioneer",
    "Valley",
    "Granite",
    "Sunset",
    "Prairie",
];
const SECOND: [&str; 20] = [
    "Collision",
    "Taxi",
    "Depot",
    "Fleet",
    "Auto & Glass",
    "Tires",
    "Insurance",
    "Towing",
    "Rentals",
    "Body Shop",
    "Motors",
    "Transport",
    "Paint",
    "Garage",
    "Freight",
    "Leasing",
    "Dealers",
    "Repair",
    "Trucking",
    "Car Wash",
];
const LAST: [&str; 5] = ["Inc", "LLC", "Co-op", "& Sons", "Ltd"];
const RECORDS: usize = 3_000;
const PORTION: usize = 500;
const TIMES: usize = 11;
const WHO: (&str, &str) = ("ruth@lists.example", "look at the lists");

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    let customers: usize = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let options = match std::env::var("BOOKFERRY_DATABASE_URL") {
        Ok(url) => StoreOptions::postgres(&url),
        Err(_) => StoreOptions::sqlite(folder.path().join("lists.db")),
    };
    let store = Store::open(&options).await?;
    store.migrate().await?;
    let (clock, entropy) = (Clock::System, EntropySource::System);
    let company = add_company(&store, &entropy, clock.now()).await?;
    let began = Instant::now();
    read_list(&store, &entropy, company, customers, clock.now()).await?;
    println!("{customers} customers read in: {:.1} s", began.elapsed().as_secs_f64());
    hand_over(&store, &entropy, company, customers, clock.now()).await?;
    let began = Instant::now();
    let all = store.list_entries(company, ListKind::Customer, "", None, u32::MAX).await?;
    let suggester = Suggester::new(&all);
    let found: usize = (0..25).map(|number| suggester.suggest(&written_otherwise(number), 5).len()).sum();
    let milliseconds = began.elapsed().as_secs_f64() * 1_000.0;
    println!(
        "{milliseconds:7.1}          {found} suggestions for 25 names by a look at the whole list, for comparison"
    );
    drop(all);
    let router = router(App::new(store, clock, entropy, "http://localhost:8080"));
    let cookie = sign_in(&router).await?;
    for page in [
        "lists",
        "lists?list=customers&q=harbor",
        "lists?list=customers&q=nobody+has+this",
        "lists/mappings",
        "lists/mappings?list=customers&after=pioneer",
        "lists/mappings?list=customers&q=nobody+has+this",
        "lists/mappings?list=customers&name=Harbour+Taxi+Inc",
        "lists/mappings?list=customers&name=Harbour+Taxi+Inc&find=old+mill",
    ] {
        let mut milliseconds = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            let request = Request::get(format!("/companies/{company}/{page}")).header(header::COOKIE, &cookie);
            let answer = router.clone().oneshot(request.body(Body::empty())?).await?;
            let status = answer.status();
            axum::body::to_bytes(answer.into_body(), usize::MAX).await?;
            assert!(status.is_success(), "{page}: {status}");
            milliseconds.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
        milliseconds.sort_by(f64::total_cmp);
        println!("{:7.1} {:7.1}  {page}", milliseconds[TIMES / 2], milliseconds[TIMES - 1]);
    }
    Ok(())
}

/// The customer's name in QuickBooks.
fn name(number: usize) -> String {
    let (first, second) = (FIRST[number % 20], SECOND[number / 20 % 20]);
    format!("{first} {second} {:04} {}", number / 400, LAST[number / 400 % 5])
}

/// The same as an application writes it.
fn written_otherwise(number: usize) -> String {
    let name = name(number);
    match number % 4 {
        0 => name.to_uppercase().replace(' ', "-"),
        1 => name.replace('a', "e"),
        2 => name.split(' ').rev().collect::<Vec<_>>().join(" "),
        _ => format!("{name} of Oregon"),
    }
}

async fn read_list(
    store: &Store,
    entropy: &EntropySource,
    company: CompanyId,
    customers: usize,
    now: Timestamp,
) -> Result<()> {
    let ticket = [7; 32];
    let id = VisitId::new(now, &entropy.id());
    let new = NewVisit { id, company_id: company, ticket_hash: &ticket, session: "{}", client: "" };
    store.open_visit(&new, |_| false, now).await?;
    let all: Vec<usize> = (0..customers).collect();
    for portion in all.chunks(PORTION) {
        let entry = |&number: &usize| ListEntry {
            list: ListKind::Customer,
            full_name: name(number),
            list_id: format!("80{number:06X}-1793631600"),
            is_active: !number.is_multiple_of(50),
            facts: EntryFacts::default(),
        };
        let entries: Vec<ListEntry> = portion.iter().map(entry).collect();
        let Some(mut step) = store.visit_step(&ticket).await? else { return Err("the visit is gone".into()) };
        step.take_list(&entries, &[], now).await?;
        step.commit().await?;
    }
    let Some(mut step) = store.visit_step(&ticket).await? else { return Err("the visit is gone".into()) };
    step.finish_list(ListKind::Customer, None, false, now).await?;
    step.close("read", now).await?;
    Ok(step.commit().await?)
}

async fn hand_over(
    store: &Store,
    entropy: &EntropySource,
    company: CompanyId,
    customers: usize,
    now: Timestamp,
) -> Result<()> {
    let contents: Vec<(String, Content)> = (0..RECORDS)
        .map(|index| {
            let number = index * 31 % customers;
            // Every other record names its customer as QuickBooks does.
            let customer = if index.is_multiple_of(2) { name(number) } else { written_otherwise(number) };
            let json = serde_json::json!({"number": index.to_string(), "date": "2026-11-02", "customer": {"name": customer},
                "lines": [{"item": "Windshield", "amount": "10.00"}], "total": "10.00"});
            Ok((format!("inv-{index}"), Content::from_json(RecordKind::Invoice, &json.to_string())?))
        })
        .collect::<Result<_>>()?;
    for portion in contents.chunks(PORTION) {
        let hand_overs: Vec<HandOver<'_>> = portion
            .iter()
            .map(|(external_id, content)| HandOver {
                id_if_new: RecordId::new(now, &entropy.id()),
                external_id,
                content,
            })
            .collect();
        store.hand_over(company, &hand_overs, &Actor::new("shop", "api"), now).await?;
    }
    Ok(())
}

async fn add_company(store: &Store, entropy: &EntropySource, now: Timestamp) -> Result<CompanyId> {
    let organization_id = OrganizationId::new(now, &entropy.id());
    store.create_organization(organization_id, "Long lists", now).await?;
    let id = CompanyId::new(now, &entropy.id());
    let new = NewCompany {
        id,
        organization_id,
        name: "Long lists",
        settings: &Settings::default(),
        user_name: "lists",
        password_hash: &[0; 32],
        owner_id: "{6f1c1f60-5d6c-4a36-8f3a-0d6f1c1f605d}",
        file_id: "{7a2d2a71-6e7d-4b47-9a4b-1e7a2d2a716e}",
    };
    store.create_company(&new, &Actor::new(WHO.0, "sync_manager"), now).await?;
    let password_hash = hash_password(WHO.1)?;
    let person = PersonId::new(now, &entropy.id());
    let (company_id, role) = (None, Role::Admin);
    let new = NewPerson { id: person, organization_id, company_id, email: WHO.0, role, password_hash: &password_hash };
    store.create_person(&new, now).await?;
    Ok(id)
}

async fn sign_in(router: &Router) -> Result<String> {
    let fields = [("email", WHO.0), ("password", WHO.1)];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post("/login")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = router.clone().oneshot(request.body(Body::from(body))?).await?;
    let cookie = answer.headers().get(header::SET_COOKIE).ok_or("nobody was signed in")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}
