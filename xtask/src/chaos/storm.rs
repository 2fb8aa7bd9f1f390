use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::{Clock, WallClock};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::{HttpTransport, Outcome, Settings, VisitReport, WebConnector};

use crate::chaos::Forgotten;
use crate::chaos::api::{Api, Told};
use crate::chaos::books::Books;
use crate::chaos::installation::{Company, Installation};
use crate::chaos::server::Server;

/// A server that is killed and started again, and the QuickBooks that goes on visiting it.
pub(crate) struct Storm<'a> {
    installation: &'a Installation,
    forgotten: Option<Forgotten>,
    api: Api,
    random: SplitMix64,
    file: CompanyFile,
    connector: WebConnector,
    transport: HttpTransport,
    clock: WallClock,
    /// Records that nobody has released yet, by their ids.
    unreleased: Vec<String>,
    /// A kill strikes at most so long after a visit's begin: as long as the last whole visit took, and longer with each
    /// kill since, because what a kill leaves behind makes the next visit longer.
    visit_span: Duration,
    counters: Counters,
}

/// What was done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counters {
    kills: u32,
    starts: u32,
    /// Kills before the server was ready.
    kills_at_start: u32,
    visits: u32,
    /// Visits that a kill cut off, by the SOAP call that it struck.
    cut_in: BTreeMap<String, u32>,
    sets_executed: u32,
    /// Message sets that QuickBooks was asked about again.
    sets_recovered: u32,
}

const KILL_DELAY_MAX: Duration = Duration::from_millis(300);
/// About as long as a start takes.
const START_SPAN: Duration = Duration::from_millis(25);
/// One kill in so many counts its delay from the start of the server instead of the visit's begin.
const KILLS_PER_KILL_AT_START: u64 = 8;
/// The Web Connector's number for a first GET that fails.
const CERTIFICATE_UNVERIFIED: u16 = 1048;
const RELEASED_AT_ONCE_MAX: usize = 1_000;
/// Each visit without a kill settles something, or the next has nothing to do.
const CALM_VISITS_MAX: u32 = 100;

impl<'a> Storm<'a> {
    /// Learns the ids of what was handed over.
    pub(crate) fn new(
        installation: &'a Installation,
        company: &Company,
        forgotten: Option<Forgotten>,
        random: SplitMix64,
    ) -> Result<Self> {
        let address = installation.address();
        let mut settings = Settings::new(format!("{address}/qbwc"), &company.user_name, &company.password);
        settings.no_op_pause = Duration::from_millis(10);
        let clock = WallClock::new(Arc::new(AtomicBool::new(false)));
        let mut storm = Self {
            installation,
            forgotten,
            api: Api::new(address, company.api_key.clone()),
            random,
            file: CompanyFile::sample("Chaos Glass", clock.now()),
            transport: HttpTransport::new(settings.url.clone()),
            connector: WebConnector::new(settings, Faults::none()),
            clock,
            unreleased: Vec::new(),
            visit_span: KILL_DELAY_MAX,
            counters: Counters::default(),
        };
        let _server = storm.start_unharmed()?;
        let mut told = storm.api.records()?;
        told.sort_by(|one, other| one.external_id.cmp(&other.external_id));
        storm.unreleased = told.into_iter().map(|told| told.id).collect();
        storm.shuffle();
        Ok(storm)
    }

    /// Kills the server so many times.
    pub(crate) fn rage(&mut self, kills: u32) -> Result<()> {
        while self.counters.kills < kills {
            let unreleased = self.unreleased.clone();
            if self.forgotten == Some(Forgotten::Commits) {
                self.installation.keep_database()?;
            }
            self.live_and_die(kills).map_err(|error| error.context(self.installation.log_end()))?;
            self.forget(unreleased)?;
        }
        Ok(())
    }

    /// Releases the rest and visits until nothing changes any more; then tells of all records.
    pub(crate) fn calm_down(&mut self) -> Result<Vec<Told>> {
        let _server = self.start_unharmed()?;
        while !self.unreleased.is_empty() {
            self.release(RELEASED_AT_ONCE_MAX)?;
        }
        let mut before = self.api.summary()?;
        for _ in 0..CALM_VISITS_MAX {
            let report = self.visit();
            ensure!(cut_call(&report).is_none(), "a visit that nobody disturbed ended with {}", report.outcome);
            let after = self.api.summary()?;
            if report.outcome == Outcome::NothingToDo && after == before {
                return self.api.records();
            }
            before = after;
        }
        bail!("there is no end of visits; the last summary is {before}")
    }

    /// What QuickBooks has now.
    pub(crate) fn books(&mut self) -> Result<Books> {
        Books::read(&mut self.file, &self.clock)
    }

    pub(crate) const fn counters(&self) -> &Counters {
        &self.counters
    }

    /// One life of the server, to its violent end.
    fn live_and_die(&mut self, kills: u32) -> Result<()> {
        let server = self.start()?;
        let mut killer = None;
        if self.random.below(KILLS_PER_KILL_AT_START) == 0 {
            killer = Some(server.kill_after(self.delay(START_SPAN)));
        }
        if !server.wait_until_ready(&self.api)? {
            self.counters.kills_at_start += 1;
            self.counters.kills += 1;
            return Ok(());
        }
        loop {
            let portion = self.unreleased.len().div_ceil((kills - self.counters.kills) as usize);
            let released = self.release(portion.min(RELEASED_AT_ONCE_MAX));
            if released.is_err() && server.is_running()? {
                return released;
            }
            let armed = match killer.take() {
                Some(killer) => killer,
                None => server.kill_after(self.delay(self.visit_span)),
            };
            let report = self.visit();
            let is_killed = armed.stand_down()?;
            if is_killed {
                self.counters.kills += 1;
                if let Some(call) = cut_call(&report) {
                    *self.counters.cut_in.entry(call.to_owned()).or_default() += 1;
                }
                self.visit_span = (self.visit_span * 3 / 2).min(KILL_DELAY_MAX);
                return Ok(());
            }
            ensure!(cut_call(&report).is_none(), "a visit ended without a kill: {}", report.outcome);
            ensure!(report.problems.is_empty(), "the server broke the protocol: {}", report.problems.join("; "));
            let took = Duration::try_from(report.ended_at.duration_since(report.began_at)).unwrap_or_default();
            self.visit_span = took.clamp(Duration::from_millis(1), KILL_DELAY_MAX);
        }
    }

    /// `unreleased` is what was so before the server started.
    fn forget(&mut self, unreleased: Vec<String>) -> Result<()> {
        match self.forgotten {
            Some(Forgotten::MessageSets) => self.file.forget_stored_states(),
            Some(Forgotten::Commits) => {
                self.installation.put_database_back()?;
                self.unreleased = unreleased;
            }
            None => {}
        }
        Ok(())
    }

    fn start(&mut self) -> Result<Server> {
        self.counters.starts += 1;
        Server::start(self.installation)
    }

    fn start_unharmed(&mut self) -> Result<Server> {
        let server = self.start()?;
        let is_ready =
            server.wait_until_ready(&self.api).map_err(|error| error.context(self.installation.log_end()))?;
        ensure!(is_ready, "the server was killed by somebody else");
        Ok(server)
    }

    /// Releases the next records. What could not be released stays to be released.
    fn release(&mut self, count: usize) -> Result<()> {
        let from = self.unreleased.len().saturating_sub(count);
        let Some(ids) = self.unreleased.get(from..).filter(|ids| !ids.is_empty()) else { return Ok(()) };
        self.api.release(ids)?;
        self.unreleased.truncate(from);
        Ok(())
    }

    fn visit(&mut self) -> VisitReport {
        let report = self.connector.visit(&mut self.file, &mut self.transport, &mut self.clock);
        self.counters.visits += 1;
        self.counters.sets_executed += report.sets_executed;
        self.counters.sets_recovered += report.sets_replayed;
        report
    }

    fn delay(&mut self, max: Duration) -> Duration {
        let micros = u64::try_from(max.as_micros()).unwrap_or(u64::MAX);
        Duration::from_micros(self.random.below(micros.saturating_add(1)))
    }

    /// So that payments are released before their invoices, too.
    fn shuffle(&mut self) {
        for end in (1..self.unreleased.len()).rev() {
            let with = usize::try_from(self.random.below(end as u64 + 1)).unwrap_or(end);
            self.unreleased.swap(end, with);
        }
    }
}

/// The call that failed and so ended the visit.
fn cut_call(report: &VisitReport) -> Option<&str> {
    match &report.outcome {
        Outcome::Failed { qbwc: CERTIFICATE_UNVERIFIED, .. } => Some("get"),
        Outcome::Failed { message, .. } => message.split_once(": ").map(|(call, _)| call),
        Outcome::Cut | Outcome::Interrupted => Some("none"),
        Outcome::NothingToDo
        | Outcome::Busy
        | Outcome::InvalidUser
        | Outcome::Postponed
        | Outcome::Completed { .. }
        | Outcome::Stopped { .. }
        | Outcome::NotConnected { .. } => None,
    }
}

impl std::fmt::Display for Counters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { kills, starts, kills_at_start, visits, cut_in, sets_executed, sets_recovered } = self;
        write!(f, "kills={kills} at_start={kills_at_start} restarts={} ", starts.saturating_sub(1))?;
        write!(f, "visits={visits} message_sets={sets_executed} recovered={sets_recovered}")?;
        cut_in.iter().try_for_each(|(call, count)| write!(f, " cut_in_{call}={count}"))
    }
}
