//! `cargo xtask power-cuts`: the power goes at random moments, and nothing that was acknowledged is lost.
//!
//! The database is on an ext4 file system of its own, from which the power is cut by `EXT4_IOC_SHUTDOWN`: what was not
//! synced is gone. The server dies in the same moment, as the rest of a machine does. It must: of a sync that is under way
//! at that call ext4 now and then says that it succeeded, and what it was for is gone all the same. The application and
//! QuickBooks live on elsewhere and keep account of what they were promised.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::Args;

use crate::armed::ArmedBinary;
use crate::chaos::company::{Company, Mishap};
use crate::chaos::installation::Installation;
use crate::mount::{self, Disk, PowerSwitch};
use crate::postgres::Postgres;
use crate::test_run;
use crate::toll::Toll;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct PowerCutsOptions {
    /// How often the power goes.
    #[arg(long, value_name = "N", default_value_t = 25)]
    cuts: u32,
    /// Decides the records, and when the power goes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Keep the records in a PostgreSQL on that disk instead of SQLite.
    #[arg(long)]
    postgres: bool,
    /// The control: the database does not wait for the disk. Then this must find what was lost, or it could not tell.
    #[arg(long)]
    unsynced: bool,
    #[arg(long, hide = true)]
    alone: bool,
}

/// What the database is called within its disk.
const DATA: &str = "data";
const LIFE_MAX: Duration = Duration::from_millis(500);
const PROGRAMS: &[&str] = &["unshare", "mount", "umount", "mkfs.ext4", "perl", "sync"];

/// Prints a line of counts. Where this machine does not allow it, says so and passes.
pub(crate) fn run(workspace: &Workspace, options: &PowerCutsOptions) -> Result<()> {
    if let Some(obstacle) = mount::obstacle(PROGRAMS) {
        println!("skipped: power cuts need a file system of their own: {obstacle}");
        return Ok(());
    }
    mount::be_alone(options.alone)?;
    let disk = match Disk::new() {
        Ok(disk) => disk,
        Err(error) => {
            println!("skipped: power cuts need a file system of their own: {error:#}");
            return Ok(());
        }
    };
    let toll =
        if options.postgres { on_postgres(workspace, options, &disk) } else { on_sqlite(workspace, options, &disk) }?;
    let database = if options.postgres { "Postgres" } else { "Sqlite" };
    println!(
        "power_cuts={} seed={} {toll} database={database} unsynced={}",
        options.cuts, options.seed, options.unsynced
    );
    if options.unsynced {
        ensure!(toll.lost + toll.duplicated > 0, "the database did not wait for the disk, and nothing was lost");
        println!("The account found what a database lost that does not wait for the disk, as it must.");
        return Ok(());
    }
    toll.ensure_clean()
}

fn on_sqlite(workspace: &Workspace, options: &PowerCutsOptions, disk: &Disk) -> Result<Toll> {
    let binary = if options.unsynced {
        ArmedBinary::build(workspace)?.path().to_owned()
    } else {
        test_run::built_binary(workspace)?
    };
    let log = workspace.target().join("power-cuts.log");
    let mut installation = Installation::in_folder(binary, &disk.path().join(DATA), log)?;
    if options.unsynced {
        installation.set(UNSYNCED, "1");
    }
    strike(options, &installation, || Ok(()), || disk.power_on(), &disk.path())
}

/// The environment by which the binary with crash points does without syncs.
const UNSYNCED: &str = "BOOKFERRY_CRASH_UNSYNCED";

fn on_postgres(workspace: &Workspace, options: &PowerCutsOptions, disk: &Disk) -> Result<Toll> {
    let binary = test_run::built_binary(workspace)?;
    let log = workspace.target().join("power-cuts-postgres.log");
    let mut postgres = Postgres::start_in(&disk.path(), &log)?;
    disk.sync()?;
    let without = if options.unsynced { "?options[synchronous_commit]=off" } else { "" };
    let url = format!("{}{without}", postgres.url());
    let log = workspace.target().join("power-cuts.log");
    let installation = Installation::new(binary, Some(&url), log)?;
    let postgres = std::cell::RefCell::new(&mut postgres);
    let power_off = || postgres.borrow_mut().stop_at_once();
    let power_on = || disk.power_on().and_then(|()| postgres.borrow_mut().start_again());
    strike(options, &installation, power_off, power_on, &disk.path())
}

/// Lets the company live, and cuts the power; `power_off` ends what is left on the disk, `power_on` mounts it again.
fn strike(
    options: &PowerCutsOptions,
    installation: &Installation,
    power_off: impl Fn() -> Result<()>,
    power_on: impl Fn() -> Result<()>,
    disk: &Path,
) -> Result<Toll> {
    let mut random = SplitMix64::new(options.seed);
    let mut company = Company::add(installation, SplitMix64::new(options.seed))?;
    let mut toll = Toll::default();
    for cut in 1..=options.cuts {
        let delay = Duration::from_millis(random.below(LIFE_MAX.as_millis() as u64));
        live_until_dark(&mut company, disk, delay).with_context(|| installation.log_end())?;
        power_off()?;
        power_on().with_context(|| format!("after cut {cut}"))?;
        toll.add(&format!("cut {cut}"), company.settle().with_context(|| installation.log_end())?);
        if !toll.is_clean() {
            break;
        }
    }
    Ok(toll)
}

/// Hands over, releases and visits until a call fails, since the power went meanwhile.
fn live_until_dark(company: &mut Company<'_>, disk: &Path, delay: Duration) -> Result<()> {
    let server = company.start_server()?;
    let power = PowerSwitch::of(disk)?;
    let cut = server.kill_after_and(delay, || power.off());
    // A call fails soon after, since nobody answers any more.
    let failure = loop {
        if let Err(failure) = live(company) {
            break failure;
        }
    };
    ensure!(cut.stand_down()?, "a call failed before the power went: {failure:#}");
    Ok(())
}

fn live(company: &mut Company<'_>) -> Result<()> {
    for _ in 0..3 {
        company.application.put_pair(&company.api)?;
    }
    company.application.release(&company.api)?;
    company.visit(Mishap::None).map(drop)
}
