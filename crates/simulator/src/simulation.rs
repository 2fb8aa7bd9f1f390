//! Letting a Web Connector visit a server again and again, as `bookferry simulate` does.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::{Clock, Pause, WallClock};
use crate::company_file::{ComError, CompanyFile, Edit, Report, SetupError, StorageError};
use crate::fault::{Fault, Faults};
use crate::web_connector::{HttpTransport, Outcome, Settings, Transport, VisitReport, WebConnector, import};

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Options {
    pub settings: Settings,
    /// Where the company file is kept; `None` keeps it in memory.
    pub company_file: Option<PathBuf>,
    /// The company's name, for a file that is made now.
    pub company_name: String,
    /// What a person does in QuickBooks before the first visit.
    pub edits: Vec<Edit>,
    /// The pause between visits.
    pub every: Duration,
    /// How many visits; `None` goes on until it is stopped.
    pub visits_max: Option<u64>,
    /// Faults, and how often in a thousand opportunities each strikes.
    pub faults: Vec<(Fault, u32)>,
    /// Documents that QuickBooks refuses once, by their numbers.
    pub refused: Vec<(String, Refused)>,
    /// QuickBooks lets no session begin, for this reason.
    pub shut_by: Option<ComError>,
    pub seed: u64,
}

/// How QuickBooks refuses a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// By the status code of its answer.
    Status(i32),
    /// By an error of the request processor, over the whole message set.
    Failure(ComError),
}

impl Options {
    /// Without faults, every ten minutes, in memory.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            company_file: None,
            company_name: COMPANY_NAME.to_owned(),
            edits: Vec::new(),
            every: Duration::from_secs(600),
            visits_max: None,
            faults: Vec::new(),
            refused: Vec::new(),
            shut_by: None,
            seed: 0,
        }
    }
}

/// The name of a company whose file is made for a rehearsal.
pub const COMPANY_NAME: &str = "Rehearsal Company";

/// Why a simulation cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error("the company file is not there to be visited")]
    File(#[source] StorageError),
    #[error("`{edit}` cannot be done")]
    Edit {
        edit: Box<Edit>,
        #[source]
        source: SetupError,
    },
}

/// What happened, as it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The application was added, and its FileID written, or why not.
    Imported(Result<(), String>),
    Visited(Box<VisitReport>),
    /// The next visit is so far away.
    Waiting(Duration),
}

/// What all visits came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    pub visits: u64,
    pub problems: u64,
    pub report: Report,
}

/// Visits the server until `stop` is set or the visits are used up. Blocks the thread it is called on.
pub fn run(options: &Options, stop: &Arc<AtomicBool>, tell: &mut dyn FnMut(Event)) -> Result<Summary, BeginError> {
    let mut clock = WallClock::new(Arc::clone(stop));
    let mut file = match &options.company_file {
        Some(path) => CompanyFile::open(path, &options.company_name, clock.now()).map_err(BeginError::File)?,
        None => CompanyFile::sample(&options.company_name, clock.now()),
    };
    edit(&mut file, &options.edits, clock.now())?;
    let mut transport = HttpTransport::new(options.settings.url.clone());
    Ok(rehearse(options, &mut file, &mut transport, &mut clock, tell))
}

/// Does in QuickBooks what the edits say, one after the other, up to the first that cannot be done.
pub fn edit(file: &mut CompanyFile, edits: &[Edit], now: Timestamp) -> Result<(), BeginError> {
    let mut edits = edits.iter();
    edits.try_for_each(|edit| {
        file.edit(edit, now).map_err(|source| BeginError::Edit { edit: Box::new(edit.clone()), source })
    })
}

/// The same as [`run`] with a company file, a transport and a clock of the caller's, in a company file that is edited already.
pub fn rehearse(
    options: &Options,
    file: &mut CompanyFile,
    transport: &mut dyn Transport,
    clock: &mut dyn Clock,
    tell: &mut dyn FnMut(Event),
) -> Summary {
    if options.settings.identity.is_some() {
        let imported = import(&options.settings, file, transport);
        tell(Event::Imported(imported.map_err(|error| error.to_string())));
    }
    let faults = options
        .faults
        .iter()
        .fold(Faults::seeded(options.seed), |faults, &(fault, per_mille)| faults.with(fault, per_mille));
    for (number, refused) in &options.refused {
        match refused {
            Refused::Status(code) => file.refuse_document(number, *code, "The rehearsal was told to refuse this."),
            Refused::Failure(error) => file.fail_over_document(number, error.clone()),
        }
    }
    file.shut(options.shut_by.clone());
    let mut connector = WebConnector::new(options.settings.clone(), faults);
    let (mut visits, mut problems) = (0, 0);
    loop {
        let report = connector.visit(file, transport, clock);
        visits += 1;
        problems += report.problems.len() as u64;
        let is_interrupted = report.outcome == Outcome::Interrupted;
        let pause = pause_after(&report, options.every);
        tell(Event::Visited(Box::new(report)));
        if is_interrupted || options.visits_max.is_some_and(|visits_max| visits >= visits_max) {
            break;
        }
        tell(Event::Waiting(pause));
        if clock.pause(pause) == Pause::Interrupted {
            break;
        }
    }
    Summary { visits, problems, report: file.report() }
}

/// Until the next visit: the interval, at least the shortest that the server allows, or what the server put it off by.
fn pause_after(report: &VisitReport, every: Duration) -> Duration {
    let seconds = |seconds: Option<u32>| seconds.map(|seconds| Duration::from_secs(u64::from(seconds)));
    match seconds(report.postponed_seconds) {
        Some(postponed) => postponed,
        None => every.max(seconds(report.run_every_seconds_min).unwrap_or_default()),
    }
}
