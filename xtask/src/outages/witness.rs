use anyhow::{Result, bail};
use bookferry_simulator::fault::Fault;
use bookferry_simulator::web_connector::{Outcome, VisitReport};

use crate::chaos::api::Refused;
use crate::chaos::company::{Company, Mishap};

/// Who sees how the server takes it.
#[derive(Debug, Default)]
pub(super) struct Witness {
    lives: u32,
    well: u32,
    api_refusals: u32,
    soap_faults: u32,
    last: String,
    /// Refusals that do not say what they are, a sentence each.
    strange: Vec<String>,
}

const STRANGE_SHOWN: usize = 10;
/// One visit in so many loses an answer, so that the next has to take over and ask.
const VISITS_PER_LOST_ANSWER: u32 = 3;

impl Witness {
    /// Hands over, releases and visits; tells whether all went well.
    pub(super) fn live(&mut self, company: &mut Company<'_>) -> bool {
        self.lives += 1;
        let handed = company.application.put_pair(&company.api);
        let handed = self.see(handed);
        let released = company.application.release(&company.api);
        let released = self.see(released);
        let is_lost = self.lives.is_multiple_of(VISITS_PER_LOST_ANSWER);
        let mishap = if is_lost { Mishap::AtWrites(Fault::LostResponse) } else { Mishap::None };
        let visited = company.visit_and_report(mishap).is_ok_and(|report| self.see_visit(&report));
        let well = handed && released && visited;
        self.well += u32::from(well);
        well
    }

    /// A refusal for want of what the server stands on says so, and that trying again helps.
    pub(super) fn see(&mut self, answered: Result<()>) -> bool {
        let Err(error) = answered else { return true };
        self.api_refusals += 1;
        self.last = format!("{error:#}");
        let is_plain = error.downcast_ref::<Refused>().is_some_and(Refused::says_to_try_again);
        if !is_plain {
            self.strange.push(format!("the API: {error:#}"));
        }
        false
    }

    /// The person at the desk is told what became of it.
    pub(super) fn see_visit(&mut self, report: &VisitReport) -> bool {
        let Outcome::Failed { message, .. } = &report.outcome else {
            // Nobody else visits, so this one is thought to be under way still.
            self.last = report.outcome.to_string();
            return report.outcome != Outcome::Busy;
        };
        if report.faults.contains(&Fault::LostResponse) {
            return true;
        }
        self.soap_faults += 1;
        self.last.clone_from(message);
        if !message.contains("The next visit") {
            self.strange.push(format!("the Web Connector: {message}"));
        }
        false
    }

    pub(super) fn find(&mut self, finding: String) {
        self.strange.push(finding);
    }

    /// The trouble seen last.
    pub(super) fn last(&self) -> &str {
        &self.last
    }

    pub(super) const fn is_untroubled(&self) -> bool {
        self.api_refusals == 0 && self.soap_faults == 0
    }

    pub(super) fn ensure_plain(&self) -> Result<()> {
        if self.strange.is_empty() {
            return Ok(());
        }
        self.strange.iter().take(STRANGE_SHOWN).for_each(|finding| eprintln!("  {finding}"));
        bail!("{} refusals do not say what they are", self.strange.len())
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { lives, well, api_refusals, soap_faults, strange, .. } = self;
        let unexplained = strange.len();
        write!(f, "rounds={lives} untroubled={well} api_refusals={api_refusals} soap_faults={soap_faults} ")?;
        write!(f, "unexplained={unexplained}")
    }
}
