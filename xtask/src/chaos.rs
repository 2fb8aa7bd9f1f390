//! `cargo xtask chaos`: the real server, killed again and again while a simulated Web Connector visits it.
//!
//! The records are handed over by `bookferry import` and released through the API. Each kill is a SIGKILL at a random moment
//! of a visit or of a start. QuickBooks lives on, as it does when a server falls over. At the end the [`oracle`] holds what
//! the API says against what the company file holds.

pub(crate) mod api;
pub(crate) mod application;
pub(crate) mod books;
pub(crate) mod company;
pub(crate) mod installation;
pub(crate) mod oracle;
pub(crate) mod server;
pub(crate) mod shop;
mod storm;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::{Args, ValueEnum};

use crate::chaos::installation::Installation;
use crate::chaos::storm::Storm;
use crate::postgres::Postgres;
use crate::test_run;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct ChaosOptions {
    /// How often the server is killed.
    #[arg(long, value_name = "N", default_value_t = 300)]
    kills: u32,
    /// How many invoices and payments are handed over, together.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    records: u32,
    /// Decides the records, and when the kills strike.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Keep the records in a throwaway PostgreSQL instead of SQLite.
    #[arg(long, conflicts_with = "database_url")]
    postgres: bool,
    /// Keep the records in this PostgreSQL database, which must be empty.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Who forgets something at each kill, besides.
    #[arg(long, value_name = "WHAT")]
    forget: Option<Forgotten>,
    /// The server to kill; by default it is built.
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// What a kill makes somebody forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Forgotten {
    /// QuickBooks forgets its message sets, so that only a look-up by our mark can tell what was written.
    MessageSets,
    /// SQLite forgets what was committed since the server started. Then records must be posted twice, or this run could not
    /// tell if they were: it passes when the oracle finds them.
    Commits,
}

/// Prints what happened in one line. Fails when a record was lost, posted twice or left behind.
pub(crate) fn run(workspace: &Workspace, options: &ChaosOptions) -> Result<()> {
    let is_sqlite = !options.postgres && options.database_url.is_none();
    ensure!(is_sqlite || options.forget != Some(Forgotten::Commits), "only SQLite can be made to forget its commits");
    let binary = match &options.binary {
        Some(binary) => binary.canonicalize().with_context(|| format!("there is no {}", binary.display()))?,
        None => test_run::built_binary(workspace)?,
    };
    let log = workspace.target().join("chaos-postgres.log");
    let postgres = options.postgres.then(|| Postgres::start(&log)).transpose()?;
    let database_url = options.database_url.as_deref().or(postgres.as_ref().map(Postgres::url));
    let installation = Installation::new(binary, database_url, workspace.target().join("chaos-server.log"))?;
    let mut random = SplitMix64::new(options.seed);
    let company = installation.add_company()?;
    let handed = shop::records(options.records, &mut random);
    installation.import(&company, &shop::ndjson(&handed))?;
    let mut storm = Storm::new(&installation, &company, options.forget, random)?;
    storm.rage(options.kills)?;
    let told = storm.calm_down()?;
    let books = storm.books()?;
    let verdict = oracle::judge(&handed, &told, &books);
    println!("{} seed={} {verdict}", storm.counters(), options.seed);
    if options.forget == Some(Forgotten::Commits) {
        ensure!(verdict.has_duplicates(), "the database forgot its commits, and the oracle found nothing posted twice");
        println!("The oracle found what forgotten commits had posted twice, as it must.");
        return Ok(());
    }
    ensure!(verdict.is_clean(), "{}", verdict.findings_text());
    Ok(())
}
