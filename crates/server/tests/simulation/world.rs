use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use bookferry_server::{App, Clock, EntropySource, Secret, router};
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::{Clock as _, VirtualClock};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::web_connector::{Settings as ConnectorSettings, import};
use bookferry_store::{NewCompany, Store};
use bookferry_sync::company::{RecordsPerMessageSet, Settings};
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};
use bookferry_sync::visit::Lease;
use jiff::{SignedDuration, Timestamp};

use crate::added_company::add_company;
use crate::counters::Counters;
use crate::installation::Installation;
use crate::network::Network;
use crate::people::Handed;

/// A company in Bookferry, its company file, the network between them, and the time they share.
pub(crate) struct World<'a> {
    pub(crate) installation: &'a Installation,
    pub(crate) router: Router,
    pub(crate) company: CompanyId,
    pub(crate) file: CompanyFile,
    pub(crate) connector: ConnectorSettings,
    pub(crate) network: Network,
    pub(crate) clock: VirtualClock,
    pub(crate) random: SplitMix64,
    pub(crate) counters: Counters,
    /// What was handed over, as the application and the people remember it.
    pub(crate) handed: Vec<Handed>,
    /// The TxnIDs that went when the company file was restored from its own backup.
    pub(crate) gone: BTreeSet<String>,
    /// What the restored company file has in an earlier state, by its TxnIDs.
    pub(crate) gone_back: BTreeSet<String>,
    /// The TxnIDs of what people typed into QuickBooks themselves.
    pub(crate) typed: BTreeSet<String>,
    /// The changes that QuickBooks has executed, by the revisions that they were made from.
    pub(crate) executed: BTreeSet<(RecordId, i64)>,
    /// The TxnIDs of what people wrote a memo on in QuickBooks.
    pub(crate) noted: BTreeSet<String>,
    entropy: EntropySource,
    server_now_us: Arc<AtomicI64>,
    /// How far the server's clock is off.
    server_off_by: SignedDuration,
}

/// 2026-11-02T15:00:00Z.
const START_US: i64 = 1_793_631_600_000_000;
const OWNER_ID: &str = "{90A44FB5-33D9-4815-AC85-BC87A7E7D1EB}";
const FILE_ID: &str = "{57F3B9B1-86F1-4FCC-B1EE-566DE1813D20}";

impl<'a> World<'a> {
    /// An empty queue, and a company file with QuickBooks' own lists.
    pub(crate) fn new(installation: &'a Installation, seed: u64, records_per_message_set: usize) -> Self {
        Self::with_lease(installation, seed, records_per_message_set, Lease::default())
    }

    pub(crate) fn with_lease(
        installation: &'a Installation,
        seed: u64,
        records_per_message_set: usize,
        lease: Lease,
    ) -> Self {
        let now = Timestamp::from_microsecond(START_US).expect("a moment");
        let server_now_us = Arc::new(AtomicI64::new(START_US));
        let entropy = EntropySource::seeded(seed);
        let company = CompanyId::new(now, &entropy.id());
        let password = Secret::generate(&entropy, "");
        let user_name = format!("ridgeline-{company}");
        let settings = Settings {
            records_per_message_set: RecordsPerMessageSet::try_from(records_per_message_set).expect("a size"),
            ..Settings::default()
        };
        let organization = OrganizationId::new(now, &entropy.id());
        let new = NewCompany {
            id: company,
            organization_id: organization,
            name: "Ridgeline Auto Glass",
            settings: &settings,
            user_name: &user_name,
            password_hash: &password.hash().0,
            owner_id: OWNER_ID,
            file_id: FILE_ID,
        };
        installation.runtime.block_on(add_company(&installation.store, &new, now, now));
        let clock = Clock::Manual(Arc::clone(&server_now_us));
        let app = App::new(installation.store.clone(), clock, entropy.clone(), "http://localhost:8080");
        let connector = ConnectorSettings::new("http://localhost:8080/qbwc", &user_name, password.reveal());
        let mut world = Self {
            installation,
            router: router(app.with_visit_lease(lease)),
            company,
            file: CompanyFile::sample("Ridgeline Auto Glass", now),
            connector: connector.with_identity(OWNER_ID, FILE_ID),
            network: Network::default(),
            clock: VirtualClock::at(now),
            random: SplitMix64::new(seed),
            counters: Counters::default(),
            handed: Vec::new(),
            gone: BTreeSet::new(),
            gone_back: BTreeSet::new(),
            typed: BTreeSet::new(),
            executed: BTreeSet::new(),
            noted: BTreeSet::new(),
            entropy,
            server_now_us,
            server_off_by: SignedDuration::ZERO,
        };
        let settings = world.connector.clone();
        let mut file = world.file.snapshot();
        import(&settings, &mut file, &mut world).expect("the application is taken in");
        world.file = file;
        world
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What the server takes for the present.
    pub(crate) fn server_now(&self) -> Timestamp {
        self.now().saturating_add(self.server_off_by).unwrap_or(Timestamp::MAX)
    }

    /// Lets time pass, at the office and at the server.
    pub(crate) fn pass(&mut self, span: Duration) {
        self.clock.advance(span);
        self.set_server_clock();
    }

    /// Puts the server's clock wrong by `off_by`, or right with nothing.
    pub(crate) fn jump(&mut self, off_by: SignedDuration) {
        if off_by != self.server_off_by {
            self.server_off_by = off_by;
            self.set_server_clock();
            self.forget_visit_in_progress();
        }
    }

    pub(crate) fn record_id(&self) -> RecordId {
        RecordId::new(self.server_now(), &self.entropy.id())
    }

    pub(crate) fn store(&self) -> &'a Store {
        &self.installation.store
    }

    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.installation.runtime.block_on(future)
    }

    /// Whether something strikes that strikes so often in a thousand times; it is counted.
    pub(crate) fn happens(&mut self, what: &'static str, per_mille: u32) -> bool {
        let happens = per_mille > 0 && self.random.happens(per_mille);
        if happens {
            self.counters.strike(what);
        }
        happens
    }

    /// One of `0..bound`.
    pub(crate) fn choose(&mut self, bound: usize) -> usize {
        usize::try_from(self.random.below(bound as u64)).unwrap_or(0)
    }

    fn set_server_clock(&self) {
        self.server_now_us.store(self.server_now().as_microsecond(), Ordering::SeqCst);
    }
}
