//! Serves the pages over invented records in every status, for looking at them while they are changed:
//!
//! ```console
//! cargo run -p bookferry-server --example pages -- 127.0.0.1:8081
//! ```
//!
//! Sign in as `admin@pages.example`, `dana@pages.example` (a bookkeeper) or `viewer@pages.example`, with the password
//! `look at the pages`. Everything is thrown away at the end; nothing calls, so what is ready stays so.

use std::collections::BTreeMap;
use std::error::Error;

use bookferry_server::{App, Clock, EntropySource, hash_password, serve};
use bookferry_store::{
    Actor, Enclosure, HandOver, NewCompany, NewMessageSet, NewPerson, NewVisit, RecordFilter, Role, SeenCounterpart,
    Sort, Store, StoreOptions,
};
use bookferry_sync::cause::Cause;
use bookferry_sync::company::{Books, BooksIdentity, Settings};
use bookferry_sync::id::{CompanyId, MessageSetKey, OrganizationId, PersonId, RecordId, VisitId};
use bookferry_sync::reconciliation::{Counterpart, Difference};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, Posted, Status};
use jiff::{SignedDuration, Timestamp};

const CUSTOMERS: [&str; 6] = [
    "Northgate Collision & Paint",
    "Müller Auto & Glass",
    "Safe Drive Insurance:Claim 55-1203",
    "Lawn Depot Inc",
    "City of Ashland Fleet",
    "Harbor Taxi Co-op",
];
const INVOICES: u32 = 240;
const PAYMENTS: u32 = 60;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let folder = tempfile::tempdir()?;
    let store = Store::open(&StoreOptions::sqlite(folder.path().join("pages.db"))).await?;
    store.migrate().await?;
    let (clock, entropy) = (Clock::System, EntropySource::System);
    let now = clock.now();
    let shop = add_company(&store, &entropy, now).await?;
    hand_over(&store, &entropy, shop, now).await?;
    open_visit(&store, &entropy, shop, now).await?;
    println!("http://{address}/ (admin@pages.example, dana@pages.example or viewer@pages.example: look at the pages)");
    let app = App::new(store, clock, entropy, "http://localhost:8081");
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    Ok(serve(tokio::net::TcpListener::bind(&address).await?, app, stop).await?)
}

async fn add_company(store: &Store, entropy: &EntropySource, now: Timestamp) -> Result<CompanyId> {
    let organization_id = OrganizationId::new(now, &entropy.id());
    store.create_organization(organization_id, "Pages", now).await?;
    let names = ["Ridgeline Auto Glass", "Second Street Tires"];
    let mut ids = Vec::new();
    for name in names {
        let new = NewCompany {
            id: CompanyId::new(now, &entropy.id()),
            organization_id,
            name,
            settings: &Settings::default(),
            user_name: name,
            password_hash: &[0; 32],
            owner_id: "{6f1c1f60-5d6c-4a36-8f3a-0d6f1c1f605d}",
            file_id: "{7a2d2a71-6e7d-4b47-9a4b-1e7a2d2a716e}",
        };
        store.create_company(&new, &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"), now).await?;
        store
            .enable_sync(
                new.id,
                now - SignedDuration::from_hours(24 * 60),
                &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"),
                now - SignedDuration::from_hours(24 * 60),
            )
            .await?;
        ids.push(new.id);
    }
    let password_hash = hash_password("look at the pages")?;
    let people = [
        ("admin", Role::Admin, None),
        ("dana", Role::Bookkeeper, Some(ids[0])),
        ("viewer", Role::Viewer, Some(ids[0])),
    ];
    for (name, role, company_id) in people {
        let email = format!("{name}@pages.example");
        let id = PersonId::new(now, &entropy.id());
        let person = NewPerson { id, organization_id, company_id, email: &email, role, password_hash: &password_hash };
        store.create_person(&person, now).await?;
    }
    store.note_heard(ids[0], now - SignedDuration::from_mins(2)).await?;
    Ok(ids[0])
}

async fn hand_over(store: &Store, entropy: &EntropySource, shop: CompanyId, now: Timestamp) -> Result<()> {
    let actor = Actor::new("shop", "api");
    for index in 0..INVOICES + PAYMENTS {
        let at = now - SignedDuration::from_mins(i64::from(INVOICES + PAYMENTS - index) * 37);
        let is_payment = index >= INVOICES;
        let kind = if is_payment { RecordKind::Payment } else { RecordKind::Invoice };
        let content = Content::from_json(kind, &json(index, is_payment, at))?;
        let external_id = format!("{}-{index}", kind.as_str());
        let hand_over =
            HandOver { id_if_new: RecordId::new(at, &entropy.id()), external_id: &external_id, content: &content };
        let answers = store.hand_over(shop, &[hand_over], &actor, at).await?;
        let Some(record) = answers.first().map(|answer| answer.record_id) else { continue };
        for event in events(index, is_payment) {
            store.apply_event(shop, record, event, None, &Actor::new("dana@pages.example", "sync_manager"), at).await?;
        }
    }
    Ok(())
}

fn json(index: u32, is_payment: bool, at: Timestamp) -> String {
    let customer = CUSTOMERS[index as usize % CUSTOMERS.len()];
    let date = at.strftime("%Y-%m-%d").to_string();
    let cents = 1_900 + (index * 7_919) % 390_000;
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    if is_payment {
        let invoice = format!("invoice-{}", index - INVOICES);
        return serde_json::json!({"number": (index + 600).to_string(), "date": date, "customer": {"name": customer},
            "method": "Check", "amount": amount, "applied_to": [{"invoice": invoice, "amount": amount}]})
        .to_string();
    }
    serde_json::json!({"number": (index + 1_000).to_string(), "date": date, "due_date": date, "terms": "Net 30",
        "customer": {"name": customer}, "memo": "Fleet 12",
        "lines": [{"item": "Windshield FW02717", "description": "Windshield, green tint, with molding", "quantity": "1",
            "rate": amount, "amount": amount}], "total": amount})
    .to_string()
}

/// A way for most records that ends somewhere else each time.
fn events(index: u32, is_payment: bool) -> Vec<Event> {
    let posted =
        || Posted { txn_id: format!("{index:X}-1793631600"), edit_sequence: "1793631600".to_owned(), revision: 1 };
    let sent = |last: Event| vec![Event::MarkReady, Event::Enclosed, last];
    match index % 12 {
        0 => vec![Event::MarkReady],
        1 => sent(Event::Accepted { posted: posted(), difference: None }),
        2 if is_payment => vec![Event::MarkReady],
        2 => sent(Event::Refused(Cause::new(
            "qb_3140",
            "QuickBooks has no customer by this name, so it refused the invoice. Add the customer there, or correct its name.",
            "There is an invalid reference to QuickBooks Customer in the Invoice.",
        ))),
        3 if index.is_multiple_of(5) => sent(Event::AnswerLost),
        4 if index.is_multiple_of(4) => vec![Event::Exclude],
        5 if index.is_multiple_of(7) => {
            vec![
                Event::MarkReady,
                Event::Enclosed,
                Event::Accepted { posted: posted(), difference: None },
                Event::Revised,
            ]
        }
        6 if index.is_multiple_of(8) => sent(Event::Refused(Cause::new(
            "number_too_long",
            format!(
                "The number of record {index} has 15 characters; QuickBooks takes 11. Shorten it in your application."
            ),
            "/number",
        ))),
        7 if index == 7 => {
            let lost =
                "Neither the message set nor a look-up tells whether QuickBooks has it. Look for it in QuickBooks.";
            vec![
                Event::MarkReady,
                Event::Enclosed,
                Event::AnswerLost,
                Event::Undecidable(Cause::new("unconfirmed", lost, "")),
            ]
        }
        _ => Vec::new(),
    }
}

/// One visit that is running, with a message set whose answer is awaited.
async fn open_visit(store: &Store, entropy: &EntropySource, shop: CompanyId, now: Timestamp) -> Result<()> {
    let client = "QuickBooks Web Connector 2.3.0.215";
    let early = now - SignedDuration::from_mins(10);
    for (ticket, at) in [([1; 32], early), ([2; 32], now)] {
        let id = VisitId::new(at, &entropy.id());
        let new = NewVisit { id, company_id: shop, ticket_hash: &ticket, session: "{}", client };
        store.open_visit(&new, |_| true, at).await?;
        let Some(mut step) = store.visit_step(&ticket).await? else { continue };
        if at == early {
            let stranger = BooksIdentity {
                company_name: "Ridgeline Auto Glass (copy of March)".to_owned(),
                company_file: r"D:\Old\Ridgeline March.qbw".to_owned(),
                file_id: None,
            };
            let why = "the company file is that of another company";
            step.set_books(&Books { company_name: "Ridgeline Auto Glass".to_owned(), ..Books::default() }).await?;
            step.note_other_books(&stranger, why, at).await?;
            step.keep_counterparts(&counterparts(store, shop).await?, &BTreeMap::new(), at).await?;
            step.close("4 submitted, 1 needs attention", at + SignedDuration::from_secs(14)).await?;
        } else {
            let claimed = step.claimable(now, 2).await?;
            let enclosures = claimed.iter().enumerate().map(|(index, record)| Enclosure {
                record_id: record.record_id,
                revision: record.revision,
                request_id: (index + 1).to_string(),
            });
            let set = NewMessageSet {
                key: MessageSetKey::new(at, &entropy.id()),
                message_set_id: "UGFnZXMgdG8gbG9vayBhdA",
                exchange: 1,
                request_xml: "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"continueOnError\">\
                              <InvoiceAddRq requestID=\"1\"><InvoiceAdd><CustomerRef><FullName>Lawn Depot Inc</FullName>\
                              </CustomerRef></InvoiceAdd></InvoiceAddRq></QBXMLMsgsRq></QBXML>",
                purposes: "[]",
                is_write: true,
            };
            step.enclose(&set, &enclosures.collect::<Vec<_>>(), at).await?;
        }
        step.commit().await?;
    }
    Ok(())
}

/// What QuickBooks has for what was submitted: some of it otherwise, one with money that somebody took there.
async fn counterparts(store: &Store, shop: CompanyId) -> Result<Vec<SeenCounterpart>> {
    let filter = RecordFilter { statuses: vec![Status::Submitted], ..RecordFilter::default() };
    let submitted = store.records(shop, &filter, Sort::default(), None, 100).await?.lines;
    let seen = submitted.iter().enumerate().skip(3).filter_map(|(index, line)| {
        let amount_e5 = line.amount.e5();
        let (difference, amount_e5) = match index % 9 {
            0 => (Some(Difference::Deleted), None),
            1 => (Some(Difference::Amount), Some(amount_e5 - 1_000_000)),
            2 => (Some(Difference::Total), Some(amount_e5 + 1_000)),
            _ => (None, Some(amount_e5)),
        };
        let is_paid = line.kind == RecordKind::Invoice && index % 5 == 0;
        let counterpart = Counterpart {
            edit_sequence: "1793631600".to_owned(),
            amount_e5,
            balance_e5: amount_e5.map(|amount| if is_paid { 0 } else { amount }),
            differences: difference.into_iter().collect(),
        };
        let posted = line.state.posted()?.clone();
        Some(SeenCounterpart { record_id: line.id, posted, sent_e5: Some(line.amount.e5()), counterpart })
    });
    Ok(seen.collect())
}
