//! `cargo xtask mutants`: what the promises rest on is taken out of the server, one piece at a time, and the simulation
//! must find each by its oracle.
//!
//! The mutations are in the code, in a build of the simulation that has crash points too; none are in one that is shipped.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::Workspace;

/// Prints a line for each mutation: after how many seeds it was found, and by what. Fails when one survives.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let status = command().current_dir(workspace.root()).status().context("cargo did not start")?;
    ensure!(status.success(), "a mutation survives, or something is found without any");
    Ok(())
}

/// With the features that the tests' build had, and the binary with crash points, so that only our own crates are compiled
/// a second time.
pub(crate) fn command() -> Command {
    let mut command = Command::new("cargo");
    command.args(["nextest", "run", "--locked", "--workspace", "--exclude", "xtask", "--test", "simulation"]);
    command.args([
        "--features",
        "bookferry/crash-points",
        "--success-output",
        "immediate",
        "-E",
        "test(every_mutation_)",
    ]);
    command
}
