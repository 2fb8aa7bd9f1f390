//! `cargo xtask chaos`: the real server, killed again and again while a simulated Web Connector visits it.
//!
//! The records are handed over by `bookferry import` and released through the API. Each kill is a SIGKILL at a random moment
//! of a visit or of a start. QuickBooks lives on, as it does when a server falls over. At the end the [`oracle`] holds what
//! the API says against what the company file holds.

mod api;
mod books;
mod installation;
mod oracle;
mod server;
mod shop;
mod storm;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use clap::Args;

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
    /// The server to kill; by default it is built.
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
}

/// Prints what happened in one line. Fails when a record was lost, posted twice or left behind.
pub(crate) fn run(workspace: &Workspace, options: &ChaosOptions) -> Result<()> {
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
    let mut storm = Storm::new(&installation, &company, random)?;
    storm.rage(options.kills)?;
    let told = storm.calm_down()?;
    let books = storm.books()?;
    let verdict = oracle::judge(&handed, &told, &books);
    println!("{} seed={} {verdict}", storm.counters(), options.seed);
    ensure!(verdict.is_clean(), "{}", verdict.findings_text());
    Ok(())
}
