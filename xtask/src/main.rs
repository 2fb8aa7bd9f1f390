//! The project's own tools, run as `cargo xtask COMMAND`.
//!
//! `test` is the whole check of the project and what `./test` and `.ci/run` call; `tidy` and `crate-graph` are two of its
//! rules, which also run as tests. Nothing here is shipped. Start with [`test_run`].

mod armed;
mod causes;
mod changes;
mod chaos;
mod child;
mod crash_points;
mod crate_graph;
mod half_year;
mod lists;
mod machine;
mod mount;
mod mutants;
mod outages;
mod postgres;
mod power_cuts;
mod preflight;
mod retail;
mod test_run;
mod tidy;
mod toll;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::causes::CausesOptions;
use crate::changes::ChangesOptions;
use crate::chaos::ChaosOptions;
use crate::crash_points::CrashPointsOptions;
use crate::lists::ListsOptions;
use crate::outages::OutagesOptions;
use crate::power_cuts::PowerCutsOptions;
use crate::preflight::PreflightOptions;
use crate::retail::RetailOptions;
use crate::test_run::TestOptions;
use crate::workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks of the Bookferry project", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, start a throwaway PostgreSQL, and run every check.
    Test(TestOptions),
    /// Kill the server again and again amid visits, and check that nothing is lost and nothing is posted twice.
    Chaos(ChaosOptions),
    /// Let the server die at each of its named crash points, and check the same.
    CrashPoints(CrashPointsOptions),
    /// Take out of the server what its promises rest on, one piece at a time, and check that the simulation finds each.
    Mutants,
    /// Carry half a year of a real shop across with faults in the messages, and compare the sums with a run without.
    Retail(RetailOptions),
    /// Meet strict lists with half a year of a real shop, and count the refusals that preflight foretells.
    Preflight(PreflightOptions),
    /// Have QuickBooks' long lists read, kill the server amid it, and measure its memory.
    Lists(ListsOptions),
    /// Have half a year of a real shop change on both sides, and check that nobody's change is lost.
    Changes(ChangesOptions),
    /// Cut the power from the database's disk again and again, and check the same.
    PowerCuts(PowerCutsOptions),
    /// Break what the server stands on while it lives, and check the same.
    Outages(OutagesOptions),
    /// Check the size of files and the words that must not be committed.
    Tidy,
    /// Print how many causes of Needs Attention there are, and how many buttons mend them.
    Causes(CausesOptions),
    /// Print which crate uses which, as docs/crate-graph.txt keeps it.
    CrateGraph,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test(options) => Workspace::find().and_then(|workspace| test_run::run(&workspace, &options)),
        Command::Chaos(options) => Workspace::find().and_then(|workspace| chaos::run(&workspace, &options)),
        Command::CrashPoints(options) => {
            Workspace::find().and_then(|workspace| crash_points::run(&workspace, &options))
        }
        Command::Mutants => Workspace::find().and_then(|workspace| mutants::run(&workspace)),
        Command::Retail(options) => Workspace::find().and_then(|workspace| retail::run(&workspace, &options)),
        Command::Preflight(options) => Workspace::find().and_then(|workspace| preflight::run(&workspace, &options)),
        Command::Lists(options) => Workspace::find().and_then(|workspace| lists::run(&workspace, &options)),
        Command::Changes(options) => Workspace::find().and_then(|workspace| changes::run(&workspace, &options)),
        Command::PowerCuts(options) => Workspace::find().and_then(|workspace| power_cuts::run(&workspace, &options)),
        Command::Outages(options) => Workspace::find().and_then(|workspace| outages::run(&workspace, &options)),
        Command::Tidy => Workspace::find().and_then(|workspace| tidy::print(&workspace)),
        Command::Causes(options) => Workspace::find().and_then(|workspace| causes::print(&workspace, &options)),
        Command::CrateGraph => Workspace::find().and_then(|workspace| crate_graph::print(&workspace)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
