//! The Web Connector: a blocking SOAP client as strict as the .NET program, written from its published behaviour.

mod answer;
mod http_transport;
mod import;
mod report;
mod settings;
mod transport;
mod visit;

pub use answer::CallError;
pub use http_transport::HttpTransport;
pub use import::{ImportError, import};
pub use report::{Outcome, VisitReport};
pub use settings::{Identity, Settings};
pub use transport::{HttpAnswer, Transport, TransportError};
pub use visit::{Step, Visit};

use crate::clock::{Clock, Pause};
use crate::company_file::CompanyFile;
use crate::fault::Faults;

/// One application in the Web Connector, with the faults that befall it.
#[derive(Debug, Clone)]
pub struct WebConnector {
    settings: Settings,
    faults: Faults,
}

impl WebConnector {
    pub const fn new(settings: Settings, faults: Faults) -> Self {
        Self { settings, faults }
    }

    /// Makes one whole visit, as *Update Selected* does.
    pub fn visit(
        &mut self,
        file: &mut CompanyFile,
        transport: &mut dyn Transport,
        clock: &mut dyn Clock,
    ) -> VisitReport {
        let mut visit = Visit::begin(self.settings.clone(), clock.now());
        loop {
            match visit.step(file, &mut self.faults, clock.now()) {
                Step::Get { url } => visit.fetched(transport.get(&url)),
                Step::Post(call) => {
                    let answer = transport.post(&call.soap_action(), &call.encode());
                    visit.answered(answer, file, &mut self.faults, clock.now());
                }
                Step::Pause(span) => {
                    if clock.pause(span) == Pause::Interrupted {
                        visit.interrupt(file);
                    }
                }
                Step::Over => return visit.into_report(),
            }
        }
    }

    pub const fn faults(&mut self) -> &mut Faults {
        &mut self.faults
    }

    pub const fn settings(&self) -> &Settings {
        &self.settings
    }
}
