use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use bookferry_qbwc::{Call, Operation, Reply};
use bookferry_server::{App, Clock, EntropySource, Secret, router};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::{Fault, Faults};
use bookferry_simulator::web_connector::{
    HttpAnswer, Settings as ConnectorSettings, Step, Transport, TransportError, Visit, VisitReport, import,
};
use bookferry_store::{
    Actor, BulkMove, Choice, HandOver, ListStand, MappingLine, Reconciliation, RecordFilter, RecordLine, RecordView,
    Selection, Sort, Store, StoreOptions, Visit as StoredVisit,
};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::preflight::{Around, Finding, PreflightContext, Severity, preflight};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Attention, Event, State, Status};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::network::Network;
use crate::postgres_schema::postgres_schema;
use crate::ridgeline::{FILE_ID, OWNER_ID, USER_NAME, add_ridgeline};

/// A server, and an office in which QuickBooks takes its time: the clock moves while it works.
pub(crate) struct Office {
    pub(crate) store: Store,
    pub(crate) company: CompanyId,
    pub(crate) file: CompanyFile,
    /// How long QuickBooks takes for a request that writes.
    pub(crate) a_request: SignedDuration,
    /// How many records the message sets held, in their order.
    pub(crate) set_sizes: Vec<usize>,
    /// How many portions of long lists were asked for.
    pub(crate) list_portions: usize,
    /// QuickBooks breaks at a question about its lists.
    pub(crate) lists_fail: bool,
    /// QuickBooks refuses to read a message set in which this stands.
    pub(crate) poison: Option<&'static str>,
    runtime: Rc<Runtime>,
    router: Router,
    now_us: Arc<AtomicI64>,
    entropy: EntropySource,
    connector: ConnectorSettings,
    _folder: TempDir,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum On {
    Sqlite,
    Postgres,
}

pub(crate) const BOTH: [On; 2] = [On::Sqlite, On::Postgres];

const PAGE_BYTES_MAX: usize = 64 << 20;

impl Office {
    /// It is Monday, 07:00 in New York, where the company is.
    pub(crate) fn open(on: On, settings: Settings) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let runtime = Rc::new(runtime);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let now: Timestamp = "2026-11-02T07:00:00-05:00".parse().expect("a moment");
        let now_us = Arc::new(AtomicI64::new(now.as_microsecond()));
        let entropy = EntropySource::seeded(7);
        let options = match on {
            On::Sqlite => StoreOptions::sqlite(folder.path().join("bookferry.db")),
            On::Postgres => runtime.block_on(postgres_schema()),
        };
        let store = runtime.block_on(Store::open(&options)).expect("a database");
        runtime.block_on(store.migrate()).expect("the newest tables");
        let company = CompanyId::new(now, &entropy.id());
        let password = Secret::generate(&entropy, "");
        let organization = OrganizationId::new(now, &entropy.id());
        let settings = Settings { time_zone: "America/New_York".parse().expect("a zone"), ..settings };
        runtime.block_on(add_ridgeline(&store, (organization, company), &settings, &password, now));
        let app = App::new(store.clone(), Clock::Manual(Arc::clone(&now_us)), entropy.clone(), "http://localhost:8080");
        let connector = ConnectorSettings::new("http://localhost:8080/qbwc", USER_NAME, password.reveal())
            .with_identity(OWNER_ID, FILE_ID);
        let mut office = Self {
            store,
            company,
            file: CompanyFile::sample("Ridgeline Auto Glass", now),
            a_request: SignedDuration::ZERO,
            set_sizes: Vec::new(),
            list_portions: 0,
            lists_fail: false,
            poison: None,
            runtime,
            router: router(app),
            now_us,
            entropy,
            connector,
            _folder: folder,
        };
        let mut network = Network::to(&office.router, &office.runtime);
        import(&office.connector, &mut office.file, &mut network).expect("the application is taken in");
        office
    }

    /// Hands over the invoices with these numbers, and releases them.
    pub(crate) fn release(&mut self, numbers: std::ops::RangeInclusive<u32>) {
        for number in numbers {
            self.hand_over(number, "125.00");
        }
        self.release_all();
    }

    /// Releases everything that is not sent.
    pub(crate) fn release_all(&self) {
        let filter = RecordFilter { statuses: vec![Status::Unsent], ..RecordFilter::default() };
        let selection = Selection::Matching { filter, except: Vec::new(), seen_until: None };
        let actor = Actor::new("dana@ridgeline.example", "sync_manager");
        let moved = self.store.move_records(self.company, &selection, BulkMove::MarkReady, &actor, self.now());
        self.runtime.block_on(moved).expect("released");
    }

    pub(crate) fn hand_over(&mut self, number: u32, amount: &str) -> RecordId {
        let json = format!(
            r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
            "lines":[{{"item":"Windshield","quantity":"1","rate":"{amount}","amount":"{amount}"}}],"total":"{amount}"}}"#
        );
        self.take_in(number, &json)
    }

    /// Hands over an invoice of this JSON.
    pub(crate) fn take_in(&mut self, number: u32, json: &str) -> RecordId {
        let content = Content::from_json(RecordKind::Invoice, json).expect("an invoice");
        let id_if_new = RecordId::new(self.now(), &self.entropy.id());
        let given = [HandOver { id_if_new, external_id: &format!("inv-{number}"), content: &content }];
        let actor = Actor::new("shop", "api");
        let answers = self.runtime.block_on(self.store.hand_over(self.company, &given, &actor, self.now()));
        answers.expect("taken in")[0].record_id
    }

    /// Hands over what the application says now.
    pub(crate) fn hand_over_as(&mut self, kind: RecordKind, external_id: &str, json: &str) -> RecordId {
        let content = Content::from_json(kind, json).expect("a record");
        let id_if_new = RecordId::new(self.now(), &self.entropy.id());
        let given = [HandOver { id_if_new, external_id, content: &content }];
        let actor = Actor::new("shop", "api");
        let answers = self.runtime.block_on(self.store.hand_over(self.company, &given, &actor, self.now()));
        answers.expect("taken in")[0].record_id
    }

    /// The application voids an invoice.
    pub(crate) fn void(&self, external_id: &str) {
        let actor = Actor::new("shop", "api");
        let voided = self.store.void(self.company, RecordKind::Invoice, external_id, &actor, self.now());
        self.runtime.block_on(voided).expect("voided").expect("it is there");
    }

    /// What goes on while the office waits for the server.
    pub(crate) fn meanwhile<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.runtime.spawn(future)
    }

    pub(crate) fn wait_for<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// What a person at QuickBooks does, or looks at; the answer.
    pub(crate) fn in_quickbooks(&mut self, request: &str) -> String {
        let path = self.file.path().to_owned();
        let session = self.file.begin_session(&path).expect("QuickBooks opens");
        let set = format!(
            "<?xml version=\"1.0\"?><?qbxml version=\"16.0\"?><QBXML><QBXMLMsgsRq onError=\"stopOnError\">{request}\
             </QBXMLMsgsRq></QBXML>"
        );
        let now = self.now();
        let answer = self.file.process_request(session, &set, now).expect("an answer").xml;
        self.file.end_session(session);
        assert!(answer.contains("statusCode=\"0\""), "{answer}");
        answer
    }

    /// One visit, in which QuickBooks takes its time.
    pub(crate) fn visit(&mut self) -> VisitReport {
        self.visit_with(&mut Faults::none())
    }

    pub(crate) fn visit_with(&mut self, faults: &mut Faults) -> VisitReport {
        let report = self.visit_of(usize::MAX, faults);
        assert_eq!(report.problems, Vec::<String>::new(), "the server broke the protocol");
        report
    }

    /// A visit whose machine loses its power before it calls once more than this.
    pub(crate) fn cut_visit(&mut self, calls: usize) -> VisitReport {
        self.visit_of(calls, &mut Faults::none())
    }

    /// A visit whose machine falls asleep with the first message set that writes in hand, before QuickBooks has seen it.
    pub(crate) fn fall_asleep(&mut self) -> Asleep {
        let mut network = Network::to(&self.router, &self.runtime);
        let mut visit = Visit::begin(self.connector.clone(), self.now());
        loop {
            let now = self.now();
            match visit.step(&mut self.file, &mut Faults::none(), now) {
                Step::Get { url } => visit.fetched(network.get(&url)),
                Step::Post(call) => {
                    let answer = network.post(&call.soap_action(), &call.encode());
                    let is_write = |answer: &HttpAnswer| {
                        let body = String::from_utf8_lossy(&answer.body);
                        ["AddRq", "ModRq", "TxnVoidRq", "TxnDelRq"].iter().any(|word| body.contains(word))
                    };
                    if answer.as_ref().is_ok_and(is_write) {
                        return Asleep { visit, in_hand: answer };
                    }
                    let now = self.now();
                    visit.answered(answer, &mut self.file, &mut Faults::none(), now);
                }
                Step::Pause(span) => self.pass(SignedDuration::try_from(span).expect("a short pause")),
                Step::Over => panic!("the visit is over, and nothing was written"),
            }
        }
    }

    /// The answer to the next message set that writes gets lost, whether or not QuickBooks executed the set; and QuickBooks
    /// has forgotten it by the next visit.
    pub(crate) fn lose_answer(&mut self, is_executed: bool) {
        let Asleep { mut visit, in_hand } = self.fall_asleep();
        if is_executed {
            let now = self.now();
            visit.answered(in_hand, &mut self.file, &mut Faults::none(), now);
            let step = visit.step(&mut self.file, &mut Faults::none(), now);
            assert!(matches!(step, Step::Post(Call::ReceiveResponseXml { .. })), "QuickBooks has executed it");
        }
        self.file.restart();
        self.file.forget_stored_states();
        self.pass(SignedDuration::from_mins(30));
    }

    /// Goes on with it, as if no time had gone by.
    pub(crate) fn wake(&mut self, asleep: Asleep) -> VisitReport {
        let Asleep { mut visit, in_hand } = asleep;
        let mut network = Network::to(&self.router, &self.runtime);
        let now = self.now();
        visit.answered(in_hand, &mut self.file, &mut Faults::none(), now);
        loop {
            let now = self.now();
            match visit.step(&mut self.file, &mut Faults::none(), now) {
                Step::Get { url } => visit.fetched(network.get(&url)),
                Step::Post(call) => {
                    let answer = network.post(&call.soap_action(), &call.encode());
                    let now = self.now();
                    visit.answered(answer, &mut self.file, &mut Faults::none(), now);
                }
                Step::Pause(span) => self.pass(SignedDuration::try_from(span).expect("a short pause")),
                Step::Over => return visit.into_report(),
            }
        }
    }

    fn visit_of(&mut self, mut calls: usize, faults: &mut Faults) -> VisitReport {
        let mut network = Network::to(&self.router, &self.runtime);
        let mut visit = Visit::begin(self.connector.clone(), self.now());
        let mut unreadable = false;
        loop {
            let mut refusal = Faults::seeded(1).with(Fault::ProcessError, 1_000);
            let faults = if unreadable { &mut refusal } else { &mut *faults };
            let now = self.now();
            match visit.step(&mut self.file, faults, now) {
                Step::Get { url } => visit.fetched(network.get(&url)),
                Step::Post(_) if calls == 0 => {
                    self.file.restart();
                    break;
                }
                Step::Post(call) => {
                    calls -= 1;
                    if let Call::ReceiveResponseXml { response, .. } = &call {
                        let requests = response.matches("AddRs ").count();
                        self.pass(self.a_request * i32::try_from(requests).expect("a few hundred"));
                    }
                    let answer = network.post(&call.soap_action(), &call.encode());
                    unreadable = self.look_at(&call, &answer);
                    let now = self.now();
                    visit.answered(answer, &mut self.file, faults, now);
                }
                Step::Pause(span) => self.pass(SignedDuration::try_from(span).expect("a short pause")),
                Step::Over => break,
            }
        }
        visit.into_report()
    }

    pub(crate) fn pass(&self, span: SignedDuration) {
        let micros = i64::try_from(span.as_micros()).expect("a short time");
        self.now_us.fetch_add(micros, Ordering::SeqCst);
    }

    pub(crate) fn set_clock(&self, instant: &str) {
        let at: Timestamp = instant.parse().expect("a moment");
        self.now_us.store(at.as_microsecond(), Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now_us.load(Ordering::SeqCst)).expect("a moment")
    }

    pub(crate) fn set_settings(&self, settings: &Settings) {
        self.runtime
            .block_on(self.store.update_settings(
                self.company,
                settings,
                &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"),
                jiff::Timestamp::UNIX_EPOCH,
            ))
            .expect("kept");
    }

    pub(crate) fn count(&self, status: Status) -> u64 {
        self.runtime.block_on(self.store.summary(self.company)).expect("a summary").of_status(status).count
    }

    /// The invoice with this number, as the grid shows it.
    pub(crate) fn line(&self, number: u32) -> RecordLine {
        let filter = RecordFilter { text: Some(format!("inv-{number}")), ..RecordFilter::default() };
        let page = self.store.records(self.company, &filter, Sort::default(), None, 10);
        self.runtime.block_on(page).expect("a page").lines.pop().expect("a record")
    }

    pub(crate) fn list(&self, list: ListKind) -> ListStand {
        let stands = self.runtime.block_on(self.store.list_stands(self.company, self.now())).expect("the lists");
        stands.into_iter().find(|stand| stand.list == list).expect("every list")
    }

    /// The entries with this in their name, with whether they are active.
    pub(crate) fn names(&self, list: ListKind, part: &str) -> Vec<(String, bool)> {
        self.entries(list, part).into_iter().map(|entry| (entry.full_name, entry.is_active)).collect()
    }

    /// The same, with what else is known of them.
    pub(crate) fn entries(&self, list: ListKind, part: &str) -> Vec<ListEntry> {
        let entries = self.store.list_entries(self.company, list, part, None, 1_000_000);
        self.runtime.block_on(entries).expect("the entries")
    }

    /// The names of the application's that are neither an entry's nor mapped.
    pub(crate) fn unmapped(&self, list: ListKind) -> Vec<String> {
        self.runtime.block_on(self.store.unmapped_names(self.company, list, "", None, 100)).expect("names")
    }

    pub(crate) fn map(&self, choices: &[Choice]) {
        let actor = Actor::new("dana@ridgeline.example", "sync_manager");
        let mapped = self.store.map_names(self.company, choices, &actor, self.now());
        assert_eq!(self.runtime.block_on(mapped).expect("an answer"), Ok(()));
    }

    pub(crate) fn mappings(&self, list: ListKind) -> Vec<MappingLine> {
        self.runtime.block_on(self.store.mappings(self.company, list, "", None, 100)).expect("mappings")
    }

    pub(crate) fn happens(&self, id: RecordId, event: Event) {
        let actor = Actor::new("dana@ridgeline.example", "sync_manager");
        let moved = self.store.apply_event(self.company, id, event, None, &actor, self.now());
        self.runtime.block_on(moved).expect("moved");
    }

    /// Why the invoice with this number waits for a person.
    pub(crate) fn cause_code(&self, number: u32) -> String {
        let state = self.line(number).state;
        let State::NeedsAttention(Attention::Error { cause, .. }) = state else { panic!("{state:?}") };
        cause.code
    }

    /// What preflight says of the invoice with this number.
    pub(crate) fn findings(&self, number: u32) -> Vec<Finding> {
        let record = self.record(self.line(number).id).record;
        let company = self.runtime.block_on(self.store.company(self.company)).expect("an answer").expect("a company");
        let external_id = format!("inv-{number}");
        let records = [(external_id.as_str(), &record.content)];
        let surroundings = self.runtime.block_on(self.store.surroundings(&company, &records)).expect("surroundings");
        let around = Some(Around { external_id: &external_id, surroundings: &surroundings });
        let (settings, books) = (&company.settings, company.books.as_ref());
        let context = PreflightContext { settings, books, home_currency: "USD", mapped: None, around };
        preflight(&surroundings.mappings.apply(record.content).0, &context)
    }

    /// The codes of what QuickBooks would refuse in it.
    pub(crate) fn refusals(&self, number: u32) -> Vec<Cow<'static, str>> {
        let findings = self.findings(number).into_iter();
        findings.filter(|finding| finding.severity == Severity::WillBeRefused).map(|finding| finding.code).collect()
    }

    /// The items on the invoices in QuickBooks, by their full names.
    pub(crate) fn items_sold(&mut self) -> Vec<String> {
        let query = "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"stopOnError\">\
            <InvoiceQueryRq><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq></QBXMLMsgsRq></QBXML>";
        let (now, path) = (self.now(), self.file.path().to_owned());
        let session = self.file.begin_session(&path).expect("a session");
        let answer = self.file.process_request(session, query, now).expect("an answer").xml;
        self.file.end_session(session);
        let items = answer.split("<ItemRef>").skip(1);
        let name = |item: &str| item.split("<FullName>").nth(1)?.split('<').next().map(str::to_owned);
        items.map(|item| name(item).expect("a name")).collect()
    }

    /// A request of somebody's browser: the status, the headers and the page.
    pub(crate) fn browse(&self, request: Request<Body>) -> (u16, axum::http::HeaderMap, String) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router always answers");
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, PAGE_BYTES_MAX).await.expect("a body");
            (parts.status.as_u16(), parts.headers, String::from_utf8_lossy(&body).into_owned())
        })
    }

    /// Somebody who may mend.
    pub(crate) fn add_person(&self, email: &str, password: &str) {
        let password_hash = bookferry_server::hash_password(password).expect("a hash");
        let company = self.runtime.block_on(self.store.company(self.company)).expect("an answer").expect("a company");
        let new = bookferry_store::NewPerson {
            id: bookferry_sync::id::PersonId::new(self.now(), &self.entropy.id()),
            organization_id: company.organization_id,
            company_id: Some(self.company),
            email,
            role: bookferry_store::Role::Bookkeeper,
            password_hash: &password_hash,
        };
        self.runtime.block_on(self.store.create_person(&new, self.now())).expect("a person");
    }

    /// Somebody asks for a comparison of everything.
    pub(crate) fn reconcile(&self) {
        let asked = self.store.reconcile(self.company, None, "dana@ridgeline.example", self.now());
        self.runtime.block_on(asked).expect("asked");
    }

    pub(crate) fn reconciliations(&self) -> Vec<Reconciliation> {
        self.runtime.block_on(self.store.reconciliations(self.company, 10)).expect("reconciliations")
    }

    pub(crate) fn record(&self, id: RecordId) -> RecordView {
        self.runtime.block_on(self.store.record(self.company, id)).expect("a record").expect("the record")
    }

    pub(crate) fn last_visit(&self) -> StoredVisit {
        let visits = self.runtime.block_on(self.store.visits(self.company, None, 1)).expect("visits");
        visits.into_iter().next().expect("a visit").visit
    }

    /// Notes the size of a set that leaves, and tells whether QuickBooks will refuse to read it.
    fn look_at(&mut self, call: &Call, answer: &Result<HttpAnswer, TransportError>) -> bool {
        let (Call::SendRequestXml { .. }, Ok(answer)) = (call, answer) else { return false };
        let body = String::from_utf8_lossy(&answer.body);
        let Ok(Reply::SendRequestXml(qbxml)) = Reply::decode(Operation::SendRequestXml, &body) else { return false };
        self.list_portions += usize::from(qbxml.contains("<CustomerQueryRq ") && qbxml.contains(" iterator="));
        let records = qbxml.matches("<InvoiceAddRq ").count();
        if records > 0 {
            self.set_sizes.push(records);
        }
        let is_reading = qbxml.contains("<TemplateQueryRq") || qbxml.contains("<InvoiceQueryRq");
        if self.lists_fail && is_reading {
            return true;
        }
        self.poison.is_some_and(|poison| records > 0 && qbxml.contains(poison))
    }
}

/// A Web Connector with a message set in hand that QuickBooks has not seen.
pub(crate) struct Asleep {
    visit: Visit,
    in_hand: Result<HttpAnswer, TransportError>,
}
