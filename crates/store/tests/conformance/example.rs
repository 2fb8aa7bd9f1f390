//! An organization with one company, its records, and the ids and times that tests need.

use bookferry_store::{
    Actor, Answer, Claimed, Enclosure, HandOver, HandedOver, NewCompany, NewMessageSet, NewVisit, Opened, Settled,
    Store, VisitStep,
};
use bookferry_sync::company::{Books, Release, Settings};
use bookferry_sync::id::{CompanyId, MessageSetKey, OrganizationId, RecordId, VisitId};
use bookferry_sync::list_reading::LISTS_READ;
use bookferry_sync::record::{AppliedTo, Content, Customer, Invoice, Line, Payment};
use bookferry_sync::submission::{Event, Posted};
use jiff::{SignedDuration, Timestamp};
use std::sync::atomic::{AtomicU64, Ordering};

static COUNTER: AtomicU64 = AtomicU64::new(1);

/// Entropy that never repeats within a process.
pub(crate) fn entropy() -> [u8; 10] {
    let mut entropy = [0; 10];
    entropy[2..].copy_from_slice(&COUNTER.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    entropy
}

/// `seconds` after the moment at which the examples' sync was enabled.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_793_000_000).expect("a moment") + SignedDuration::from_secs(seconds)
}

pub(crate) fn actor() -> Actor {
    Actor::new("ada@example.com", "sync_manager")
}

pub(crate) fn hash(of: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().zip(of.bytes()) {
        *place = byte;
    }
    hash
}

/// A company whose sync is enabled and which has been visited once.
pub(crate) async fn company(store: &Store, release: Release) -> CompanyId {
    let organization = OrganizationId::new(at(0), &entropy());
    let company = CompanyId::new(at(0), &entropy());
    store.create_organization(organization, "Clearview", at(0)).await.expect("an organization");
    let new = NewCompany {
        id: company,
        organization_id: organization,
        name: "Clearview Auto Glass",
        settings: &Settings { release, ..Settings::default() },
        user_name: &format!("bookferry-{company}"),
        password_hash: &hash("password"),
        owner_id: "{owner}",
        file_id: "{file}",
    };
    let ruth = Actor::new("ruth@harbor.example", "sync_manager");
    store.create_company(&new, &ruth, at(0)).await.expect("a company");
    store.enable_sync(company, at(0), &ruth, at(0)).await.expect("sync enabled");
    let books = Books { company_name: "Clearview".to_owned(), ..Books::default() };
    store.set_books(company, Some(&books)).await.expect("books");
    company
}

pub(crate) fn customer(name: &str) -> Customer {
    Customer { name: name.to_owned(), external_id: None, email: None, phone: None, billing_address: None }
}

pub(crate) fn invoice(number: &str, dollars: &str) -> Content {
    let line = Line {
        item: Some("Windshield".to_owned()),
        description: Some("Windshield FW02717, fitted".to_owned()),
        quantity: None,
        rate: None,
        amount: dollars.parse().expect("an amount"),
        taxable: None,
        class: None,
    };
    Content::Invoice(Invoice {
        number: number.to_owned(),
        created_at: Some(at(10)),
        date: "2026-11-02".parse().expect("a date"),
        due_date: None,
        terms: None,
        customer: customer("Müller Auto & Glass"),
        lines: vec![line; 10],
        sales_tax: None,
        total: dollars.parse().expect("an amount"),
        po_number: None,
        memo: None,
        currency: None,
    })
}

pub(crate) fn payment(number: &str, dollars: &str, invoices: &[&str]) -> Content {
    let applied_to = invoices
        .iter()
        .map(|invoice| AppliedTo { invoice: (*invoice).to_owned(), amount: dollars.parse().expect("an amount") })
        .collect();
    Content::Payment(Payment {
        number: number.to_owned(),
        created_at: Some(at(10)),
        date: "2026-11-05".parse().expect("a date"),
        customer: customer("Müller Auto & Glass"),
        method: Some("Check".to_owned()),
        amount: dollars.parse().expect("an amount"),
        applied_to,
        deposit_to: None,
        memo: None,
        currency: None,
    })
}

/// Hands over in one slice.
pub(crate) async fn hand_over(store: &Store, company: CompanyId, given: &[(&str, Content)]) -> Vec<HandedOver> {
    let slice: Vec<HandOver<'_>> = given
        .iter()
        .map(|(external_id, content)| HandOver { id_if_new: RecordId::new(at(20), &entropy()), external_id, content })
        .collect();
    store.hand_over(company, &slice, &actor(), at(20)).await.expect("handed over")
}

/// Opens a visit and returns the hash of its ticket.
pub(crate) async fn open_visit(store: &Store, company: CompanyId, now: Timestamp) -> [u8; 32] {
    let id = VisitId::new(now, &entropy());
    let mut ticket_hash = [0; 32];
    ticket_hash[..16].copy_from_slice(id.as_uuid().as_bytes());
    let new = NewVisit { id, company_id: company, ticket_hash: &ticket_hash, session: "{}", client: "QBWC 34" };
    let opened = store.open_visit(&new, |_| false, now).await.expect("a visit");
    assert!(matches!(opened, Opened::Open { .. }), "another visit is in progress");
    ticket_hash
}

pub(crate) async fn step(store: &Store, ticket_hash: &[u8; 32]) -> VisitStep {
    store.visit_step(ticket_hash).await.expect("the store answers").expect("the visit is known")
}

pub(crate) async fn step_in_turn(store: &Store, ticket_hash: &[u8; 32]) -> VisitStep {
    store.visit_step_in_turn(ticket_hash).await.expect("the store answers").expect("the visit is known")
}

/// The lists of an empty company file.
pub(crate) async fn read_all_lists(step: &mut VisitStep, now: Timestamp) {
    for list in LISTS_READ {
        step.finish_list(list, None, true, now).await.expect("a list is read");
    }
}

/// Encloses what was claimed in a message set of its own.
pub(crate) async fn enclose(step: &mut VisitStep, claimed: &[Claimed], exchange: i64, now: Timestamp) -> MessageSetKey {
    let key = MessageSetKey::new(now, &entropy());
    let message_set_id = key.to_string();
    let new = NewMessageSet {
        key,
        message_set_id: &message_set_id,
        exchange,
        request_xml: "<QBXML/>",
        purposes: "[]",
        is_write: true,
    };
    let enclosures: Vec<Enclosure> = claimed
        .iter()
        .enumerate()
        .map(|(index, claimed)| Enclosure {
            record_id: claimed.record_id,
            revision: claimed.revision,
            request_id: index.to_string(),
        })
        .collect();
    step.enclose(&new, &enclosures, now).await.expect("enclosed");
    key
}

pub(crate) fn posted(record: RecordId, revision: i64) -> Posted {
    Posted { txn_id: format!("T-{record}"), edit_sequence: "1".to_owned(), revision }
}

pub(crate) fn settled(record_id: RecordId, event: Event) -> Settled {
    let outcome = event.name().to_owned();
    Settled {
        record_id,
        postponed_because: (event == Event::Postponed).then(|| "Somebody has it open.".to_owned()),
        event,
        outcome,
        status_code: Some(0),
        status_message: None,
        warning: None,
        retry_at: None,
    }
}

pub(crate) fn accepted(claimed: &Claimed) -> Settled {
    let posted = posted(claimed.record_id, claimed.revision);
    settled(claimed.record_id, Event::Accepted { posted, difference: None })
}

pub(crate) fn answer(settled: &[Settled]) -> Answer<'_> {
    Answer { response_xml: Some("<QBXML/>"), settled, ..Answer::default() }
}
