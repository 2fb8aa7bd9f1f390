//! `cargo xtask crash-points`: the real server dies at each of its crash points once, and nothing is lost or posted twice.
//!
//! One database serves all points, one after the other. For each the server is started with that point armed, a [`day`]
//! goes by until it is dead, and it is started again without; then whoever got no answer asks again, and QuickBooks visits
//! until there is nothing left to do. After that the promises the server made, the API and the company file must agree. A
//! point that is never reached fails the run, and so does a server that ends otherwise.

mod company;
mod day;
mod setting_up;

use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::{Args, ValueEnum};

use crate::armed::ArmedBinary;
use crate::chaos::installation::Installation;
use crate::chaos::oracle::Verdict;
use crate::crash_points::company::Company;
use crate::postgres::Postgres;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct CrashPointsOptions {
    /// On which database; on both by default.
    #[arg(long, value_name = "NAME")]
    database: Option<DatabaseName>,
    /// Strike this point only.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    only: Option<String>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Toll {
    points: usize,
    hit: usize,
    records: usize,
    lost: usize,
    duplicated: usize,
    findings: Vec<String>,
}

const FINDINGS_SHOWN: usize = 20;

/// Prints a line for each database. Fails when a point was not hit, or something was lost or posted twice.
pub(crate) fn run(workspace: &Workspace, options: &CrashPointsOptions) -> Result<()> {
    let points: Vec<String> = bookferry_crash::names().collect();
    if options.list {
        points.iter().for_each(|point| println!("{point}"));
        return Ok(());
    }
    let chosen: Vec<String> =
        points.into_iter().filter(|point| options.only.as_ref().is_none_or(|only| only == point)).collect();
    ensure!(!chosen.is_empty(), "there is no such crash point; --list prints them all");
    let binary = ArmedBinary::build(workspace)?;
    let databases: Vec<DatabaseName> = match options.database {
        Some(database) => vec![database],
        None => vec![DatabaseName::Sqlite, DatabaseName::Postgres],
    };
    // Each mostly waits for its disk, so that they hardly hold each other up.
    let tolls: Vec<Result<Toll>> = thread::scope(|scope| {
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
    for (database, toll) in databases.iter().zip(tolls) {
        let toll = toll.with_context(|| format!("on {database:?}"))?;
        println!("{toll} database={database:?}");
        toll.findings.iter().take(FINDINGS_SHOWN).for_each(|finding| eprintln!("  {finding}"));
        is_clean &= toll.findings.is_empty() && toll.hit == toll.points;
    }
    ensure!(is_clean, "something was lost, or posted twice, or a point was not hit");
    Ok(())
}

fn strike_all(database: DatabaseName, binary: &ArmedBinary, points: &[String], target: &Path) -> Result<Toll> {
    let name = format!("{database:?}").to_lowercase();
    let postgres_log = target.join("crash-points-postgres.log");
    let postgres = (database == DatabaseName::Postgres).then(|| Postgres::start(&postgres_log)).transpose()?;
    let log = target.join(format!("crash-points-{name}.log"));
    let installation = Installation::new(binary.path().to_owned(), postgres.as_ref().map(Postgres::url), log)?;
    let mut toll = Toll { points: points.len(), ..Toll::default() };
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
            company.strike(point).with_context(at)?;
            toll.add(point, company.settle().with_context(at)?);
        }
        toll.hit += 1;
        if !toll.findings.is_empty() {
            // What is wrong now stays wrong at every later point.
            break;
        }
    }
    Ok(toll)
}

impl Toll {
    fn add(&mut self, point: &str, (broken, verdict): (Vec<String>, Verdict)) {
        self.records = self.records.max(verdict.records());
        self.lost += broken.len() + verdict.lost();
        self.duplicated += verdict.duplicated();
        let findings = broken.iter().chain(verdict.findings());
        self.findings.extend(findings.map(|finding| format!("{point}: {finding}")));
    }
}

impl std::fmt::Display for Toll {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { points, hit, records, lost, duplicated, .. } = self;
        write!(f, "crash_points={points} hit={hit} records={records} lost={lost} duplicated={duplicated}")
    }
}
