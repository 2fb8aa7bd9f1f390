use anyhow::{Context, Result, ensure};

use super::{Life, OutagesOptions};
use crate::chaos::api::Refused;
use crate::chaos::installation::Installation;
use crate::mount::SmallDisk;
use crate::test_run;
use crate::workspace::Workspace;
use bookferry_simulator::web_connector::Outcome;

pub(super) const PROGRAMS: &[&str] = &["unshare", "mount", "umount"];

const MEGABYTES: u32 = 24;
/// SQLite has room of its own to write to before it needs more of the disk's.
const HAND_OVERS_MAX: u32 = 2_000;
const INSUFFICIENT_STORAGE: u16 = 507;

/// Fills the disk of SQLite and makes room again.
pub(super) fn run(workspace: &Workspace, options: &OutagesOptions) -> Result<()> {
    let binary = test_run::built_binary(workspace)?;
    let disk = SmallDisk::new(MEGABYTES)?;
    let log = workspace.target().join("outages.log");
    let installation = Installation::in_folder(binary, &disk.path().join("data"), log)?;
    let mut life = Life::begin(&installation, options)?;
    for time in 1..=options.times {
        life.live_through(|| disk.fill())?;
        endure(&mut life).with_context(|| format!("with the disk full for the {time}. time"))?;
        disk.make_room()?;
        life.recover()?;
    }
    life.end("disk_full", options)
}

/// What the server can still do, and how it says what it cannot.
fn endure(life: &mut Life<'_>) -> Result<()> {
    let Life { company, witness, .. } = life;
    let mut refused = None;
    for _ in 0..HAND_OVERS_MAX {
        if let Err(error) = company.application.put_pair(&company.api) {
            refused = Some(error);
            break;
        }
    }
    let refused = refused.context("the disk is full, and everything is taken all the same")?;
    let problem = refused.downcast_ref::<Refused>().with_context(|| format!("no answer: {refused:#}"))?;
    ensure!(problem.status == INSUFFICIENT_STORAGE, "{problem}");
    ensure!(problem.fixes().iter().any(|fix| fix.contains("disk")), "it does not say what to do: {problem}");
    // Reading goes on.
    let told = company.api.records().context("nothing can be read while the disk is full")?;
    company.application.broken_promises(&told).into_iter().for_each(|finding| witness.find(finding));
    let report = company.visit_and_report(crate::chaos::company::Mishap::None)?;
    if let Outcome::Failed { message, .. } = &report.outcome {
        witness.see_visit(&report);
        ensure!(message.contains("disk"), "the person at the desk is not told why: {message}");
    }
    Ok(())
}
