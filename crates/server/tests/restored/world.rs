use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use bookferry_server::{App, Clock, EntropySource, Secret, router};
use bookferry_simulator::clock::{Clock as _, VirtualClock};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::{Settings as ConnectorSettings, VisitReport, WebConnector, import};
use bookferry_store::{
    Actor, BulkMove, HandOver, Location, RecordFilter, Restored, Selection, Store, StoreOptions, restore,
};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Status;
use jiff::Timestamp;
use sqlx::Connection as _;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::network::Network;
use crate::postgres_schema::postgres_schema;
use crate::ridgeline::{FILE_ID, OWNER_ID, USER_NAME, add_ridgeline};

/// A server, a company file, and the time they share.
pub(crate) struct World {
    pub(crate) runtime: Rc<Runtime>,
    pub(crate) store: Store,
    pub(crate) company: CompanyId,
    pub(crate) file: CompanyFile,
    router: Router,
    /// What the server's clock shows.
    now_us: Arc<AtomicI64>,
    clock: VirtualClock,
    entropy: EntropySource,
    connector: ConnectorSettings,
    options: StoreOptions,
    folder: TempDir,
}

/// Which database a world stands on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

/// 2026-11-02T15:00:00Z.
const START_US: i64 = 1_793_631_600_000_000;
const BETWEEN_VISITS: Duration = Duration::from_secs(600);
/// Visits with faults; after them come visits without.
const VISITS_WITH_FAULTS: u32 = 12;
const VISITS_WITHOUT: u32 = 8;

impl World {
    pub(crate) fn new(seed: u64, on: On) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now = Timestamp::from_microsecond(START_US).expect("a moment");
        let now_us = Arc::new(AtomicI64::new(START_US));
        let entropy = EntropySource::seeded(seed);
        let options = match on {
            On::Sqlite => StoreOptions::sqlite(folder.path().join("bookferry.db")),
            On::Postgres => runtime.block_on(postgres_schema()),
        };
        let store = runtime.block_on(Store::open(&options)).expect("a database");
        runtime.block_on(store.migrate()).expect("the newest tables");
        let company = CompanyId::new(now, &entropy.id());
        let password = Secret::generate(&entropy, "");
        let organization = OrganizationId::new(now, &entropy.id());
        runtime.block_on(add_ridgeline(&store, (organization, company), &Settings::default(), &password, now));
        let router = server(&store, &now_us, &entropy);
        let connector = ConnectorSettings::new("http://localhost:8080/qbwc", USER_NAME, password.reveal())
            .with_identity(OWNER_ID, FILE_ID);
        let mut world = Self {
            runtime: Rc::new(runtime),
            store,
            company,
            file: CompanyFile::sample("Ridgeline Auto Glass", now),
            router,
            now_us,
            clock: VirtualClock::at(now),
            entropy,
            connector,
            options,
            folder,
        };
        let mut network = Network::to(&world.router, &world.runtime);
        import(&world.connector, &mut world.file, &mut network).expect("the application is taken in");
        world
    }

    /// Hands over `count` invoices and a payment for each, all with faults of no kind.
    pub(crate) fn hand_over(&mut self, count: u32) {
        let contents: Vec<(String, Content)> = (1..=count)
            .flat_map(|number| [(format!("inv-{number}"), invoice(number)), (format!("pay-{number}"), payment(number))])
            .collect();
        let slice: Vec<HandOver<'_>> = contents
            .iter()
            .map(|(external_id, content)| HandOver { id_if_new: self.record_id(), external_id, content })
            .collect();
        let actor = Actor::new("test", "api");
        let now = self.now();
        self.runtime.block_on(self.store.hand_over(self.company, &slice, &actor, now)).expect("taken in");
    }

    pub(crate) fn release(&mut self) {
        let filter = RecordFilter { statuses: vec![Status::Unsent], ..RecordFilter::default() };
        let selection = Selection::Matching { filter, except: Vec::new(), seen_until: None };
        let actor = Actor::new("test", "sync_manager");
        let now = self.now();
        let moved = self.store.move_records(self.company, &selection, BulkMove::MarkReady, &actor, now);
        self.runtime.block_on(moved).expect("released");
    }

    /// One visit, and the time until the next.
    pub(crate) fn visit(&mut self, faults: Faults) -> VisitReport {
        let mut connector = WebConnector::new(self.connector.clone(), faults);
        self.visit_of(&mut connector)
    }

    /// Visits with faults, and then without, which must settle everything. Returns how often a fault struck.
    pub(crate) fn visit_until_settled(&mut self, faults: Faults) -> u64 {
        let mut connector = WebConnector::new(self.connector.clone(), faults);
        for _ in 0..VISITS_WITH_FAULTS {
            self.visit_of(&mut connector);
        }
        connector.faults().stop();
        for _ in 0..VISITS_WITHOUT {
            self.visit_of(&mut connector);
        }
        connector.faults().struck().values().sum()
    }

    pub(crate) fn count(&self, status: Status) -> u64 {
        self.runtime.block_on(self.store.summary(self.company)).expect("a summary").of_status(status).count
    }

    fn visit_of(&mut self, connector: &mut WebConnector) -> VisitReport {
        let mut network = Network::to(&self.router, &self.runtime);
        let report = connector.visit(&mut self.file, &mut network, &mut self.clock);
        assert_eq!(report.problems, Vec::<String>::new(), "the server broke the protocol");
        self.clock.advance(BETWEEN_VISITS);
        self.now_us.store(self.clock.now().as_microsecond(), Ordering::SeqCst);
        report
    }

    /// Opens another company file in QuickBooks, to which the same application was added or not; the one before it.
    pub(crate) fn open_other_file(&mut self, name: &str, carries_file_id: bool) -> CompanyFile {
        let mut other = CompanyFile::sample(name, self.now());
        if carries_file_id {
            let mut network = Network::to(&self.router, &self.runtime);
            import(&self.connector, &mut other, &mut network).expect("the application is taken in");
        }
        std::mem::replace(&mut self.file, other)
    }

    /// Writes a backup while the server runs.
    pub(crate) fn back_up(&self) -> PathBuf {
        let path = self.folder.path().join("backup");
        self.runtime.block_on(self.store.back_up(&path, false, self.now(), &mut |_| ())).expect("a backup");
        path
    }

    /// Stops the server, puts the backup back, and starts the server on it.
    pub(crate) fn restore(&mut self, path: &Path) -> Restored {
        self.runtime.block_on(self.store.close());
        let now = self.now();
        let restored = self.runtime.block_on(restore(&self.options, path, true, now, &mut |_| ())).expect("restored");
        self.store = self.runtime.block_on(Store::open(&self.options)).expect("a database");
        self.router = server(&self.store, &self.now_us, &self.entropy);
        restored
    }

    /// Changes the database behind Bookferry's back.
    pub(crate) fn tamper(&self, sql: &'static str) {
        self.runtime.block_on(async {
            match &self.options.location {
                Location::Sqlite(path) => {
                    let url = format!("sqlite://{}", path.display());
                    let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
                    sqlx::raw_sql(sql).execute(&mut connection).await.expect("it is changed");
                }
                Location::SqliteInMemory => unreachable!("no other program reaches it"),
                Location::Postgres(url) => {
                    let mut connection = sqlx::PgConnection::connect(url).await.expect("a connection");
                    sqlx::raw_sql(sql).execute(&mut connection).await.expect("it is changed");
                }
            }
        });
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn record_id(&self) -> RecordId {
        RecordId::new(self.now(), &self.entropy.id())
    }
}

fn server(store: &Store, now_us: &Arc<AtomicI64>, entropy: &EntropySource) -> Router {
    let clock = Clock::Manual(Arc::clone(now_us));
    router(App::new(store.clone(), clock, entropy.clone(), "http://localhost:8080"))
}

fn invoice(number: u32) -> Content {
    let customer = customer(number);
    let quantity = number % 3 + 1;
    let subtotal = u64::from(quantity) * 12_550;
    let (tax, total) = (subtotal * 8 / 100, subtotal * 108 / 100);
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","terms":"Net 30","customer":{{"name":"{customer}"}},
        "lines":[{{"item":"Windshield {}","quantity":"{quantity}","rate":"125.5","amount":"{}","taxable":true}}],
        "sales_tax":{{"item":"State Tax","amount":"{}"}},"total":"{}"}}"#,
        number % 7,
        money(subtotal),
        money(tax),
        money(total)
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}

fn payment(number: u32) -> Content {
    let Content::Invoice(invoice) = invoice(number) else { unreachable!("an invoice") };
    let json = format!(
        r#"{{"number":"P{number}","date":"2026-11-03","customer":{{"name":"{}"}},"method":"Check","amount":"{1}",
        "applied_to":[{{"invoice":"inv-{number}","amount":"{1}"}}]}}"#,
        customer(number),
        invoice.total
    );
    Content::from_json(RecordKind::Payment, &json).expect("a payment")
}

fn customer(number: u32) -> String {
    format!("Customer {}", number % 5)
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
