use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use bookferry_server::{App, Clock, EntropySource, hash_password, router};
use bookferry_store::{Actor, HandOver, NewCompany, NewPerson, Role, Store, StoreOptions};
use bookferry_sync::cause::Cause;
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId, PersonId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, Posted, Status};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::added_company::add_company;

/// 2026-11-22T14:03:00Z.
const START_US: i64 = 1_795_356_180_000_000;

pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const DANA: &str = "dana@ridgeline.example";
pub(crate) const VIEWER: &str = "viewer@ridgeline.example";
pub(crate) const ADMIN: &str = "admin@ridgeline.example";
/// Sees all companies of another organization.
pub(crate) const STRANGER: &str = "owner@tires.example";

/// A server on an empty SQLite database, with a company, its people, and a company of strangers.
pub(crate) struct TestCompany {
    pub(crate) app: App,
    pub(crate) id: CompanyId,
    pub(crate) strangers: CompanyId,
    pub(crate) records: HashMap<String, RecordId>,
    micros: Arc<AtomicI64>,
    clock: Clock,
    entropy: EntropySource,
    _folder: TempDir,
}

impl TestCompany {
    pub(crate) async fn start() -> Self {
        Self::start_at("http://localhost:8080").await
    }

    pub(crate) async fn start_at(public_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&StoreOptions::sqlite(folder.path().join("bookferry.db"))).await.expect("a database");
        store.migrate().await.expect("the newest tables");
        let micros = Arc::new(AtomicI64::new(START_US));
        let clock = Clock::Manual(Arc::clone(&micros));
        let entropy = EntropySource::seeded(11);
        let id = create_company(
            &store,
            &clock,
            &entropy,
            "Ridgeline Auto Glass",
            &[(DANA, Role::Bookkeeper), (VIEWER, Role::Viewer), (ADMIN, Role::Admin)],
        )
        .await;
        let strangers = create_company(&store, &clock, &entropy, "Tires & More", &[(STRANGER, Role::Admin)]).await;
        let app = App::new(store, clock.clone(), entropy.clone(), public_url);
        Self { app, id, strangers, records: HashMap::new(), micros, clock, entropy, _folder: folder }
    }

    /// As [`start`](Self::start), with records in every status.
    pub(crate) async fn with_records() -> Self {
        let mut company = Self::start().await;
        for (number, customer, amount) in [
            ("1040", "Lawn Depot", "612.35"),
            ("1041", "Harbor Taxi Co-op", "540.00"),
            ("1042", "City of Ashland Fleet", "3905.00"),
            ("1043", "Müller Auto & Glass", "270.00"),
            ("1044", "<b>Northgate</b>", "1284.50"),
            ("1045", "Harbor Taxi Co-op", "99.00"),
            ("1046", "Lawn Depot", "10.00"),
            ("1047", "Lawn Depot", "20.00"),
        ] {
            company.invoice(number, customer, amount).await;
            company.pass(60);
        }
        company.payment("881", "1042", "City of Ashland Fleet", "3905.00").await;
        company.payment("880", "1043", "Müller Auto & Glass", "270.00").await;
        company.pass(3_600);
        company.happens("1041", [Event::MarkReady, Event::Enclosed, Event::AnswerLost]).await;
        company.happens("1042", [Event::MarkReady]).await;
        company.happens("881", [Event::MarkReady]).await;
        company.happens("1045", [Event::MarkReady, Event::Enclosed, Event::Refused(missing_customer())]).await;
        company.happens("1046", [Event::Exclude]).await;
        company
            .happens(
                "1047",
                [Event::MarkReady, Event::Enclosed, Event::Accepted { posted: posted(), difference: None }],
            )
            .await;
        company
    }

    pub(crate) fn router(&self) -> Router {
        router(self.app.clone())
    }

    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/companies/{}/{rest}", self.id)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.micros.fetch_add(SignedDuration::from_secs(seconds).as_micros() as i64, Ordering::SeqCst);
    }

    pub(crate) fn record(&self, number: &str) -> String {
        self.records[number].to_string()
    }

    pub(crate) async fn status(&self, number: &str) -> Status {
        let view = self.app.store().record(self.id, self.records[number]).await.expect("an answer").expect("a record");
        view.record.line.state.status()
    }

    pub(crate) async fn invoice(&mut self, number: &str, customer: &str, amount: &str) {
        let json = serde_json::json!({
            "number": number, "date": "2026-11-20", "customer": {"name": customer},
            "lines": [{"item": "Windshield", "amount": amount}], "total": amount,
        });
        self.hand_over(RecordKind::Invoice, number, &json.to_string()).await;
    }

    pub(crate) async fn payment(&mut self, number: &str, invoice: &str, customer: &str, amount: &str) {
        let json = serde_json::json!({
            "number": number, "date": "2026-11-21", "customer": {"name": customer}, "amount": amount,
            "applied_to": [{"invoice": invoice, "amount": amount}],
        });
        self.hand_over(RecordKind::Payment, number, &json.to_string()).await;
    }

    /// Invoices of these numbers over 1.00 each, handed over together.
    pub(crate) async fn invoices(&self, numbers: std::ops::Range<u32>, customer: &str) {
        let now = self.clock.now();
        let given: Vec<(String, Content)> = numbers
            .map(|number| {
                let json = serde_json::json!({
                    "number": number.to_string(), "date": "2026-11-20", "customer": {"name": customer},
                    "lines": [{"item": "Windshield", "amount": "1.00"}], "total": "1.00",
                });
                (number.to_string(), Content::from_json(RecordKind::Invoice, &json.to_string()).expect("a record"))
            })
            .collect();
        for slice in given.chunks(1_000) {
            let slice: Vec<_> = slice
                .iter()
                .map(|(external_id, content)| HandOver {
                    id_if_new: RecordId::new(now, &self.entropy.id()),
                    external_id,
                    content,
                })
                .collect();
            self.app.store().hand_over(self.id, &slice, &Actor::new("shop", "api"), now).await.expect("taken in");
        }
    }

    async fn hand_over(&mut self, kind: RecordKind, external_id: &str, json: &str) {
        let content = Content::from_json(kind, json).expect("a record");
        let now = self.clock.now();
        let hand_over = HandOver { id_if_new: RecordId::new(now, &self.entropy.id()), external_id, content: &content };
        let actor = Actor::new("shop", "api");
        let answers = self.app.store().hand_over(self.id, &[hand_over], &actor, now).await.expect("it is taken in");
        self.records.insert(external_id.to_owned(), answers[0].record_id);
    }

    pub(crate) async fn happens(&self, number: &str, events: impl IntoIterator<Item = Event>) {
        for event in events {
            let (actor, now) = (Actor::new("web_connector", "web_connector"), self.clock.now());
            let moved = self.app.store().apply_event(self.id, self.records[number], event, None, &actor, now).await;
            moved.expect("a possible event");
        }
    }
}

async fn create_company(
    store: &Store,
    clock: &Clock,
    entropy: &EntropySource,
    name: &str,
    people: &[(&str, Role)],
) -> CompanyId {
    let now = clock.now();
    let organization_id = OrganizationId::new(now, &entropy.id());
    let id = CompanyId::new(now, &entropy.id());
    let new = NewCompany {
        id,
        organization_id,
        name,
        settings: &Settings::default(),
        user_name: name,
        password_hash: &[0; 32],
        owner_id: "{6f1c1f60-5d6c-4a36-8f3a-0d6f1c1f605d}",
        file_id: "{7a2d2a71-6e7d-4b47-9a4b-1e7a2d2a716e}",
    };
    add_company(store, &new, Timestamp::UNIX_EPOCH, now).await;
    let password_hash = hash_password(PASSWORD).expect("a hash");
    for &(email, role) in people {
        let person = NewPerson {
            id: PersonId::new(now, &entropy.id()),
            organization_id,
            company_id: (role == Role::Viewer).then_some(id),
            email,
            role,
            password_hash: &password_hash,
        };
        store.create_person(&person, now).await.expect("a person");
    }
    id
}

fn missing_customer() -> Cause {
    Cause::new(
        "qb_3140",
        "QuickBooks has no customer by this name. Add it in QuickBooks, or correct the name.",
        "There is an invalid reference to QuickBooks Customer \"Harbor Taxi Co-op\" in the Invoice.",
    )
}

fn posted() -> Posted {
    Posted { txn_id: "1A2B-1793631600".to_owned(), edit_sequence: "1793631600".to_owned(), revision: 1 }
}
