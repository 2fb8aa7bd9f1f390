//! `cargo xtask crash-points`: the real server dies at each of its crash points once, and nothing is lost or posted twice.
//!
//! One database serves all points, one after the other. For each the server is started with that point armed, a [`day`]
//! goes by until it is dead, and it is started again without; then whoever got no answer asks again, and QuickBooks visits
//! until there is nothing left to do. After that the promises the server made, the API and the company file must agree. A
//! point that is never reached fails the run, and so does a server that ends otherwise.

#[cfg(test)]
mod commits;
mod day;
mod going_back;
mod setting_up;

use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::{Args, ValueEnum};

use crate::armed::ArmedBinary;
use crate::chaos::company::Company;
use crate::chaos::installation::Installation;
use crate::postgres::Postgres;
use crate::toll::Toll;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct CrashPointsOptions {
    /// On which database; on both by default.
    #[arg(long, value_name = "NAME")]
    database: Option<DatabaseName>,
    /// Strike this point only; may be given several times.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    only: Vec<String>,
    /// Print the names of all points.
    #[arg(long)]
    list: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DatabaseName {
    Sqlite,
    Postgres,
}

/// What striking the points of one database came to.
struct Struck {
    points: usize,
    hit: usize,
    toll: Toll,
}

/// Prints a line for each database. Fails when a point was not hit, or something was lost or posted twice.
pub(crate) fn run(workspace: &Workspace, options: &CrashPointsOptions) -> Result<()> {
    let points: Vec<String> = bookferry_crash::names().collect();
    if options.list {
        points.iter().for_each(|point| println!("{point}"));
        return Ok(());
    }
    let mut chosen: Vec<String> =
        points.into_iter().filter(|point| options.only.is_empty() || options.only.contains(point)).collect();
    ensure!(!chosen.is_empty(), "there is no such crash point; --list prints them all");
    // Once the database has gone back, everything is looked for before it is sent, and a day takes another way.
    chosen.sort_by_key(|point| going_back::is_about(point));
    let binary = ArmedBinary::build(workspace)?;
    let databases: Vec<DatabaseName> = match options.database {
        Some(database) => vec![database],
        None => vec![DatabaseName::Sqlite, DatabaseName::Postgres],
    };
    // Each mostly waits for its disk, so that they hardly hold each other up.
    let runs: Vec<Result<Struck>> = thread::scope(|scope| {
        let run = |database| {
            scope.spawn({
                let (binary, chosen, target) = (&binary, &chosen, workspace.target());
                move || strike_all(database, binary, chosen, target)
            })
        };
        let runs: Vec<_> = databases.iter().map(|database| run(*database)).collect();
        runs.into_iter().map(|run| run.join().map_err(|_| anyhow::anyhow!("a run panicked"))?).collect()
    });
    let mut is_clean = true;
    for (database, run) in databases.iter().zip(runs) {
        let Struck { points, hit, toll } = run.with_context(|| format!("on {database:?}"))?;
        println!("crash_points={points} hit={hit} {toll} database={database:?}");
        toll.print_findings();
        is_clean &= toll.is_clean() && hit == points;
    }
    ensure!(is_clean, "something was lost, or posted twice, or a point was not hit");
    Ok(())
}

fn strike_all(database: DatabaseName, binary: &ArmedBinary, points: &[String], target: &Path) -> Result<Struck> {
    let name = format!("{database:?}").to_lowercase();
    let postgres_log = target.join("crash-points-postgres.log");
    let postgres = (database == DatabaseName::Postgres).then(|| Postgres::start(&postgres_log)).transpose()?;
    let log = target.join(format!("crash-points-{name}.log"));
    let installation = Installation::new(binary.path().to_owned(), postgres.as_ref().map(Postgres::url), log)?;
    let (mut toll, mut hit) = (Toll::default(), 0);
    let mut main: Option<Company<'_>> = None;
    for point in points {
        let at = || format!("at {point}: {}", installation.log_end());
        if setting_up::is_about(point) {
            let mut company = setting_up::strike(&installation, point).with_context(at)?;
            toll.add(point, company.settle().with_context(at)?);
        } else {
            let company = match &mut main {
                Some(company) => company,
                None => main.insert(Company::add(&installation, SplitMix64::new(1))?),
            };
            let strike = if going_back::is_about(point) { going_back::strike } else { day::strike };
            strike(company, point).with_context(at)?;
            toll.add(point, company.settle().with_context(at)?);
        }
        hit += 1;
        if !toll.is_clean() {
            // What is wrong now stays wrong at every later point.
            break;
        }
    }
    Ok(Struck { points: points.len(), hit, toll })
}
