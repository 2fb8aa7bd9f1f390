//! The commands, their options and their help.

mod backfill;
mod backup;
mod company;
mod demo;
mod doctor;
mod import;
mod key;
mod log;
mod mail;
mod migrate;
mod reconcile;
mod restore;
mod serve;
mod simulate;
mod user;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use bookferry_store::Actor;
use clap::{Parser, Subcommand};

/// How long threads that block may take to end, once the command has done its work.
const THREADS_GRACE: Duration = Duration::from_secs(1);

/// Carries a business application's invoices and payments into QuickBooks Desktop.
#[derive(Debug, Parser)]
#[command(name = "bookferry", version)]
#[command(after_help = "Every option can also stand in the environment as BOOKFERRY_… and in bookferry.toml; \
                        flags win over the environment, and that over the file.\n\n\
                        Examples:\n  \
                        bookferry demo\n  \
                        bookferry company add \"Acme Glass\" --enable --json\n  \
                        bookferry serve --public-url https://books.example.com")]
pub(crate) struct Cli {
    /// The file with options, instead of bookferry.toml here or in the data directory
    #[arg(long, global = true, env = "BOOKFERRY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::DemoArgs),
    Serve(serve::ServeArgs),
    /// Companies: one QuickBooks company file each
    Company {
        #[command(subcommand)]
        command: company::CompanyCommand,
    },
    /// People who sign in to the Sync Manager
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// API keys of the applications that hand records over
    Key {
        #[command(subcommand)]
        command: key::KeyCommand,
    },
    Import(import::ImportArgs),
    Backfill(backfill::BackfillArgs),
    Reconcile(reconcile::ReconcileArgs),
    Simulate(simulate::SimulateArgs),
    Migrate(migrate::MigrateArgs),
    Backup(backup::BackupArgs),
    Restore(restore::RestoreArgs),
    Doctor(doctor::DoctorArgs),
}

pub(crate) fn run(cli: Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("the program cannot start its threads")?;
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => demo::run(args).await,
            Command::Serve(args) => serve::run(args).await,
            Command::Company { command } => company::run(command).await,
            Command::User { command } => user::run(command).await,
            Command::Key { command } => key::run(command).await,
            Command::Import(args) => import::run(args).await,
            Command::Backfill(args) => backfill::run(args).await,
            Command::Reconcile(args) => reconcile::run(args).await,
            Command::Simulate(args) => simulate::run(args).await,
            Command::Migrate(args) => migrate::run(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => restore::run(args).await,
            Command::Doctor(args) => doctor::run(args).await,
        }
    });
    // A delivery that is under way is not waited for; it is noted nowhere, and so is made again.
    runtime.shutdown_timeout(THREADS_GRACE);
    outcome
}

/// Whoever gives commands; who that is is not known here.
fn operator() -> Actor {
    Actor::new("operator", "command_line")
}

/// A result for programs: one line of JSON on standard output.
fn print_json(result: &impl serde::Serialize) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string(result)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory};

    use super::Cli;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_stands_in_the_environment_too() {
        fn check(command: &Command) {
            for arg in command.get_arguments().filter(|arg| !matches!(arg.get_id().as_str(), "help" | "version")) {
                let Some(long) = arg.get_long() else { continue };
                let name = arg.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                let words = long.replace('-', "_").to_uppercase();
                assert!(name.starts_with("BOOKFERRY_") && name.ends_with(&words), "--{long}: {name:?}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
