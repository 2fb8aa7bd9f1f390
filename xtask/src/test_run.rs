//! `cargo xtask test`: every check of the project, one after the other, stopping at the first that fails.

mod doc_tests;
mod steps;

pub(crate) use steps::built_binary;

use std::io::{self, IsTerminal};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;

use crate::child::Children;
use crate::machine;
use crate::postgres::Postgres;
use crate::test_run::steps::{ON_DEMAND, STEPS, Step};
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct TestOptions {
    /// Leave the browser suite out.
    #[arg(long)]
    no_browser: bool,
    /// Run this step only; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = steps::names())]
    only: Vec<String>,
}

/// A step that passed: how long it took, and the lines that count what it did.
struct Passed {
    name: &'static str,
    took: Duration,
    counts: Vec<String>,
}

/// Runs the chosen steps and prints the counts last. Fails with a sentence saying which step failed.
pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<()> {
    let chosen = options.choose();
    if chosen.is_empty() {
        bail!("No step is left to run.");
    }
    let clock = Stopwatch::start();
    let children = Children::new()?;
    let needed: Vec<_> = chosen.iter().flat_map(|step| step.needs).copied().collect();
    machine::provide(&children, &needed)?;
    let postgres = if chosen.iter().any(|step| step.postgres) { Some(start_postgres(workspace)?) } else { None };
    let mut passed = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!("\n{} ({} of {}): {}", step.name, index + 1, chosen.len(), step.about);
        passed.push(run_step(workspace, &children, postgres.as_ref(), step)?);
    }
    report(&passed, clock.elapsed());
    Ok(())
}

impl TestOptions {
    fn choose(&self) -> Vec<&'static Step> {
        let is_asked = |step: &&Step| self.only.iter().any(|only| only == step.name);
        let mut chosen: Vec<_> = STEPS.iter().filter(|step| self.only.is_empty() || is_asked(step)).collect();
        chosen.extend(ON_DEMAND.iter().filter(is_asked));
        chosen.retain(|step| !(self.no_browser && step.name == "browser"));
        chosen
    }
}

fn start_postgres(workspace: &Workspace) -> Result<Postgres> {
    let log = workspace.target().join("test-postgres.log");
    let clock = Stopwatch::start();
    let postgres = Postgres::start(&log)?;
    println!("PostgreSQL started in {}; its log is {}", seconds(clock.elapsed()), log.display());
    Ok(postgres)
}

fn run_step(workspace: &Workspace, children: &Children, postgres: Option<&Postgres>, step: &Step) -> Result<Passed> {
    let clock = Stopwatch::start();
    let mut counts = Vec::new();
    for mut command in (step.commands)(workspace)? {
        prepare(&mut command, workspace, postgres);
        let failure = format!("{} failed after {}.", step.name, seconds(clock.elapsed()));
        counts.extend(children.run(&mut command, &failure, step.is_count)?);
    }
    let took = clock.elapsed();
    println!("{} passed in {}", step.name, seconds(took));
    Ok(Passed { name: step.name, took, counts })
}

fn prepare(command: &mut Command, workspace: &Workspace, postgres: Option<&Postgres>) {
    if command.get_current_dir().is_none() {
        command.current_dir(workspace.root());
    }
    if let Some(postgres) = postgres {
        command.env("BOOKFERRY_TEST_POSTGRES", postgres.url());
    }
    command.env("CARGO_TERM_COLOR", if io::stdout().is_terminal() { "always" } else { "never" });
}

fn report(passed: &[Passed], took: Duration) {
    println!();
    for step in passed {
        println!("{:<10} {:>8}", step.name, seconds(step.took));
    }
    println!();
    for step in passed {
        for line in &step.counts {
            println!("{:<10} {}", step.name, line.trim());
        }
    }
    println!("All {} steps passed in {}.", passed.len(), seconds(took));
}

/// The only place of this program that reads a clock.
struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "the duration of a step is for people to read; nothing depends on it"
    )]
    fn start() -> Self {
        Self(Instant::now())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole < 60 {
        format!("{:.1} s", duration.as_secs_f32())
    } else {
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}
