use std::sync::Arc;
use std::time::Instant;

use bookferry_server::{App, Clock, EntropySource, Secret, serve};
use bookferry_simulator::clock::{Clock as _, WallClock};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::{Outcome, Settings as ConnectorSettings, VisitReport, WebConnector, import};
use bookferry_store::{Actor, BulkMove, HandOver, RecordFilter, Selection, Store, StoreOptions};
use bookferry_sync::company::{RecordsPerMessageSet, Settings};
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};
use bookferry_sync::record::Content;
use bookferry_sync::submission::Status;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::figures::Round;
use crate::invoice::{CUSTOMERS, invoice};
use crate::ridgeline::{FILE_ID, OWNER_ID, USER_NAME, add_ridgeline};
use crate::timed_transport::{Exchange, TimedTransport};

/// The server, and the simulated QuickBooks and Web Connector on this thread.
pub(crate) struct Server<'a> {
    runtime: &'a Runtime,
    store: Store,
    company: CompanyId,
    entropy: EntropySource,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    file: CompanyFile,
    connector: WebConnector,
    transport: TimedTransport,
    clock: WallClock,
    handed_over: usize,
}

const SLICE: usize = 500;
const WARM_UP_VISITS: usize = 3;

impl<'a> Server<'a> {
    pub(crate) fn start(runtime: &'a Runtime, options: &StoreOptions) -> Self {
        let clock = WallClock::new(Arc::default());
        let entropy = EntropySource::System;
        let store = runtime.block_on(Store::open(options)).expect("a database");
        runtime.block_on(store.migrate()).expect("the newest tables");
        let password = Secret::generate(&entropy, "");
        let now = clock.now();
        let (organization, company) = (OrganizationId::new(now, &entropy.id()), CompanyId::new(now, &entropy.id()));
        runtime.block_on(add_ridgeline(&store, (organization, company), &Settings::default(), &password, now));
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
        let app = App::new(store.clone(), Clock::System, entropy.clone(), &address);
        let (stop, stopped) = oneshot::channel();
        let serving = runtime.spawn(async move {
            serve(listener, app, async { drop(stopped.await) }).await.expect("the server serves");
        });
        let url = format!("{address}/qbwc");
        let settings = ConnectorSettings::new(&url, USER_NAME, password.reveal()).with_identity(OWNER_ID, FILE_ID);
        let mut file = CompanyFile::sample("Ridgeline Auto Glass", clock.now());
        let mut transport = TimedTransport::new(&url);
        import(&settings, &mut file, &mut transport).expect("the application is taken in");
        let connector = WebConnector::new(settings, Faults::none());
        Self { runtime, store, company, entropy, stop, serving, file, connector, transport, clock, handed_over: 0 }
    }

    /// Visits that bring every customer and item into the company file, so that the measured ones only carry invoices, and
    /// that let the size of message sets grow to what this QuickBooks can do.
    pub(crate) fn warm_up(&mut self) {
        for _ in 0..WARM_UP_VISITS {
            self.cross(CUSTOMERS * 5, RecordsPerMessageSet::default());
        }
        self.poll(1);
    }

    /// Hands over and releases new invoices, and measures the visit that takes them across.
    pub(crate) fn cross(&mut self, records: usize, to_a_set: RecordsPerMessageSet) -> (Vec<Exchange>, Round) {
        let settings = Settings { records_per_message_set: to_a_set, ..Settings::default() };
        self.runtime
            .block_on(self.store.update_settings(
                self.company,
                &settings,
                &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"),
                jiff::Timestamp::UNIX_EPOCH,
            ))
            .expect("the company's settings");
        self.hand_over(records);
        self.release();
        self.transport.take();
        let start = Instant::now();
        let report = self.visit();
        let whole = start.elapsed();
        assert_eq!(report.outcome.to_string(), format!("Completed: {records} sent."));
        let (exchanges, in_calls) = self.transport.take();
        let round = Round { calls: exchanges.len(), records, in_calls, whole };
        (exchanges, round)
    }

    /// Visits in vain.
    pub(crate) fn poll(&mut self, visits: usize) -> (Vec<Exchange>, Round) {
        self.transport.take();
        let start = Instant::now();
        for _ in 0..visits {
            assert_eq!(self.visit().outcome, Outcome::NothingToDo);
        }
        let whole = start.elapsed();
        let (exchanges, in_calls) = self.transport.take();
        let round = Round { calls: exchanges.len(), records: 0, in_calls, whole };
        (exchanges, round)
    }

    pub(crate) fn stop(self) {
        self.stop.send(()).expect("the server runs");
        drop(self.transport);
        self.runtime.block_on(self.serving).expect("the server ends");
    }

    fn visit(&mut self) -> VisitReport {
        let report = self.connector.visit(&mut self.file, &mut self.transport, &mut self.clock);
        assert_eq!(report.problems, Vec::<String>::new(), "the server broke the protocol");
        report
    }

    fn hand_over(&mut self, count: usize) {
        let numbers = self.handed_over + 1..=self.handed_over + count;
        let contents: Vec<(String, Content)> =
            numbers.map(|number| (format!("inv-{number}"), invoice(number))).collect();
        let (actor, now) = (Actor::new("bench", "api"), self.clock.now());
        for slice in contents.chunks(SLICE) {
            let slice: Vec<HandOver<'_>> = slice
                .iter()
                .map(|(external_id, content)| HandOver {
                    id_if_new: RecordId::new(now, &self.entropy.id()),
                    external_id,
                    content,
                })
                .collect();
            self.runtime.block_on(self.store.hand_over(self.company, &slice, &actor, now)).expect("taken in");
        }
        self.handed_over += count;
    }

    fn release(&self) {
        let filter = RecordFilter { statuses: vec![Status::Unsent], ..RecordFilter::default() };
        let selection = Selection::Matching { filter, except: Vec::new(), seen_until: None };
        let actor = Actor::new("bench", "sync_manager");
        let moved = self.store.move_records(self.company, &selection, BulkMove::MarkReady, &actor, self.clock.now());
        self.runtime.block_on(moved).expect("released");
    }
}
