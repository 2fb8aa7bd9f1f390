use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use bookferry_qbwc::Call;
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::{Clock, WallClock};
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::{Fault, Faults};
use bookferry_simulator::web_connector::{
    HttpTransport, Outcome, Settings, Step, Transport, Visit, VisitReport, WebConnector,
};
use serde_json::json;

use crate::chaos::api::Api;
use crate::chaos::application::Application;
use crate::chaos::books::Books;
use crate::chaos::installation::{self, Installation};
use crate::chaos::oracle::{self, Verdict};
use crate::chaos::server::Server;

/// A company with its application and its QuickBooks, all of which outlive the server.
pub(crate) struct Company<'a> {
    pub(crate) installation: &'a Installation,
    pub(crate) id: String,
    pub(crate) api: Api,
    pub(crate) application: Application,
    pub(crate) file: CompanyFile,
    settings: Settings,
    transport: HttpTransport,
    pub(crate) clock: WallClock,
}

/// What goes wrong in a visit, besides the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mishap {
    None,
    Always(Fault),
    /// At each message set that writes.
    AtWrites(Fault),
    /// The Web Connector does not tell which company is open.
    NothingTold,
    /// What was released is taken back once the visit has begun.
    TakenBack,
}

/// Runs that need more visits do not end.
const VISITS_MAX: u32 = 100;
const VISITS_OF_THE_RELEASED_MAX: u32 = 50_000;

impl<'a> Company<'a> {
    /// Adds it to the installation.
    pub(crate) fn add(installation: &'a Installation, random: SplitMix64) -> Result<Self> {
        Ok(Self::new(installation, &installation.add_company()?, random))
    }

    pub(crate) fn new(installation: &'a Installation, added: &installation::Company, random: SplitMix64) -> Self {
        let address = installation.address();
        let mut settings = Settings::new(format!("{address}/qbwc"), &added.user_name, &added.password);
        settings.no_op_pause = Duration::from_millis(1);
        let clock = WallClock::new(Arc::default());
        Self {
            installation,
            id: added.id.clone(),
            api: Api::new(address, added.api_key.clone()),
            application: Application::new(random),
            file: CompanyFile::sample("Chaos Glass", clock.now()),
            transport: HttpTransport::new(settings.url.clone()),
            settings,
            clock,
        }
    }

    /// Starts the server, lets everybody ask again, and holds all accounts against one another. Tells which
    /// promises were broken, and what came of all records.
    pub(crate) fn settle(&mut self) -> Result<(Vec<String>, Verdict)> {
        let _server = self.start_server()?;
        self.settle_up()
    }

    /// A server that is ready, and that nobody kills.
    pub(crate) fn start_server(&self) -> Result<Server> {
        let server = Server::start(self.installation)?;
        ensure!(server.wait_until_ready(&self.api)?, "the server was killed by somebody else");
        Ok(server)
    }

    /// The same on a server that runs.
    pub(crate) fn settle_up(&mut self) -> Result<(Vec<String>, Verdict)> {
        let broken = self.application.broken_promises(&self.api.records()?);
        self.application.make_up(&self.api)?;
        self.api.move_records("include", &json!({ "filter": {} }))?;
        self.cross()?;
        let (handed, told) = self.application.due(self.api.records()?);
        let books = Books::read(&mut self.file, &self.clock)?;
        Ok((broken, oracle::judge(&handed, &told, &books)))
    }

    /// Visits until there is nothing to do any more.
    fn cross(&mut self) -> Result<()> {
        let mut before = self.api.summary()?;
        for _ in 0..VISITS_MAX {
            self.api.move_records("retry", &json!({ "filter": {} }))?;
            self.application.release(&self.api)?;
            let report = self.visit(Mishap::None)?;
            ensure!(report.problems.is_empty(), "the server broke the protocol: {}", report.problems.join("; "));
            let after = self.api.summary()?;
            if report.outcome == Outcome::NothingToDo && after == before {
                return Ok(());
            }
            before = after;
        }
        bail!("there is no end of visits; the last summary is {before}")
    }

    /// Visits until nothing that was released is left.
    pub(crate) fn visit_until_done(&mut self) -> Result<()> {
        self.visit_until_done_amid(&mut Faults::none(), |_| ())
    }

    /// The same while these strike as they may, and each visit is told.
    pub(crate) fn visit_until_done_amid(
        &mut self,
        faults: &mut Faults,
        mut tell: impl FnMut(&VisitReport),
    ) -> Result<()> {
        for _ in 0..VISITS_OF_THE_RELEASED_MAX {
            let report = self.visit_amid(faults)?;
            tell(&report);
            if report.outcome == Outcome::NothingToDo {
                return Ok(());
            }
        }
        bail!("there is no end of visits: {}", self.api.summary()?)
    }

    /// Fails where the server is gone afterwards.
    pub(crate) fn visit(&mut self, mishap: Mishap) -> Result<VisitReport> {
        let report = self.visit_and_report(mishap)?;
        self.api.summary()?;
        Ok(report)
    }

    /// Fails only where the application could not interfere.
    pub(crate) fn visit_and_report(&mut self, mishap: Mishap) -> Result<VisitReport> {
        let (mut always, mut at_writes) = match mishap {
            Mishap::Always(fault) => (Faults::none().with(fault, 1_000), Faults::none()),
            Mishap::AtWrites(fault) => (Faults::none(), Faults::none().with(fault, 1_000)),
            Mishap::None | Mishap::NothingTold | Mishap::TakenBack => (Faults::none(), Faults::none()),
        };
        self.go(mishap, &mut always, &mut at_writes)
    }

    /// A visit in which these strike as they may.
    pub(crate) fn visit_amid(&mut self, faults: &mut Faults) -> Result<VisitReport> {
        let report = self.go(Mishap::None, faults, &mut Faults::none())?;
        ensure!(report.problems.is_empty(), "the server broke the protocol: {}", report.problems.join("; "));
        Ok(report)
    }

    /// A visit by another way to the server than its own.
    pub(crate) fn visit_through(&mut self, transport: &mut impl Transport) -> VisitReport {
        WebConnector::new(self.settings.clone(), Faults::none()).visit(&mut self.file, transport, &mut self.clock)
    }

    fn go(&mut self, mishap: Mishap, always: &mut Faults, at_writes: &mut Faults) -> Result<VisitReport> {
        let mut visit = Visit::begin(self.settings.clone(), self.clock.now());
        let mut is_write = false;
        loop {
            let is_mishap_due = is_write && matches!(mishap, Mishap::AtWrites(_));
            let faults = if is_mishap_due { &mut *at_writes } else { &mut *always };
            match visit.step(&mut self.file, faults, self.clock.now()) {
                Step::Get { url } => visit.fetched(self.transport.get(&url)),
                Step::Post(call) => {
                    let call = self.interfere(mishap, call)?;
                    let answer = self.transport.post(&call.soap_action(), &call.encode());
                    let body = answer.as_ref().map(|answer| answer.body.as_slice()).unwrap_or_default();
                    let is_request = matches!(call, Call::SendRequestXml { .. });
                    // A look-up after a refusal goes under the id of the set that was refused, and is none that writes.
                    let body = String::from_utf8_lossy(body);
                    is_write = is_request && ["AddRq", "ModRq", "VoidRq"].iter().any(|rq| body.contains(rq));
                    visit.answered(answer, &mut self.file, faults, self.clock.now());
                }
                Step::Pause(span) => drop(self.clock.pause(span)),
                Step::Over => break,
            }
        }
        Ok(visit.into_report())
    }

    fn interfere(&mut self, mishap: Mishap, mut call: Call) -> Result<Call> {
        if let Call::SendRequestXml { host_company_preferences, .. } = &mut call {
            match mishap {
                Mishap::NothingTold => host_company_preferences.clear(),
                Mishap::TakenBack if !host_company_preferences.is_empty() => self.application.take_back(&self.api)?,
                Mishap::None | Mishap::Always(_) | Mishap::AtWrites(_) | Mishap::TakenBack => {}
            }
        }
        Ok(call)
    }
}
