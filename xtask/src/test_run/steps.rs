//! The steps of a test run, in their order: what is quick to fail comes first.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::machine::{self, Requirement};
use crate::mutants;
use crate::test_run::doc_tests;
use crate::workspace::Workspace;

/// One check, made of commands that must all succeed.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) needs: &'static [&'static Requirement],
    /// Whether the throwaway PostgreSQL must run meanwhile.
    pub(crate) postgres: bool,
    pub(crate) commands: fn(&Workspace) -> Result<Vec<Command>>,
    /// Recognises the lines that count what was done; they are repeated at the end of the run.
    pub(crate) is_count: fn(&str) -> bool,
}

/// Formatting, sizes and words need no build. Lints, documents and tests share one build folder and one profile; the suites
/// use the binary that the tests' build has left there.
pub(crate) const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "cargo fmt --check",
        needs: &[&machine::RUSTFMT],
        postgres: false,
        commands: |_| Ok(vec![cargo(&["fmt", "--all", "--check"])]),
        is_count: |_| false,
    },
    Step {
        name: "tidy",
        about: "sizes of files, words that must not be committed, and how many causes are known",
        needs: &[],
        postgres: false,
        commands: |_| Ok(vec![this_program(&["tidy"])?, this_program(&["causes"])?]),
        is_count: |line| line.contains(" files, median ") || line.starts_with("causes="),
    },
    Step {
        name: "lint",
        about: "cargo clippy, every warning an error",
        needs: &[&machine::CLIPPY],
        postgres: false,
        commands: |_| {
            Ok(vec![cargo(&["clippy", "--locked", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"])])
        },
        is_count: |_| false,
    },
    Step {
        name: "documents",
        about: "cargo doc, every warning an error",
        needs: &[],
        postgres: false,
        commands: |_| Ok(vec![document()]),
        is_count: |_| false,
    },
    Step {
        name: "tests",
        about: "cargo nextest, on SQLite and PostgreSQL",
        needs: &[&machine::NEXTEST, &machine::POSTGRES, &machine::XMLLINT],
        postgres: true,
        commands: tests,
        is_count: |line| line.contains("tests run: ") || line.starts_with("test result: "),
    },
    Step {
        name: "simulation",
        about: "20,000 seeds of visits with troubles, against the ledger oracle",
        needs: &[&machine::NEXTEST],
        postgres: false,
        commands: |_| Ok(vec![simulation()]),
        is_count: |line| line.trim_start().starts_with("seeds="),
    },
    Step {
        name: "mutants",
        about: "what the promises rest on taken out, piece by piece: the simulation must find each",
        needs: &[&machine::NEXTEST],
        postgres: false,
        commands: |_| Ok(vec![mutants::command()]),
        is_count: |line| line.trim_start().starts_with("mutant="),
    },
    Step {
        name: "chaos",
        about: "the server killed amid visits, on SQLite and PostgreSQL, and a control that must fail",
        needs: &[&machine::POSTGRES],
        postgres: false,
        commands: chaos,
        is_count: |line| line.starts_with("kills=") || line.starts_with("The oracle found "),
    },
    Step {
        name: "crash-points",
        about: "the server dead at each of its crash points, on SQLite and PostgreSQL",
        needs: &[&machine::POSTGRES],
        postgres: false,
        commands: |_| Ok(vec![this_program(&["crash-points"])?]),
        is_count: |line| line.starts_with("crash_points="),
    },
    Step {
        name: "power-cuts",
        about: "the power cut from the database's disk, and a control that must lose something",
        needs: &[&machine::POSTGRES],
        postgres: false,
        commands: power_cuts,
        is_count: |line| ["power_cuts=", "The account found ", "skipped: "].iter().any(|start| line.starts_with(start)),
    },
    Step {
        name: "outages",
        about: "PostgreSQL down, the disk full and the clock jumping while the server lives",
        needs: &[&machine::POSTGRES, &machine::FAKETIME],
        postgres: false,
        commands: outages,
        is_count: |line| {
            ["postgres_down=", "disk_full=", "clock_jumps=", "skipped: "].iter().any(|start| line.starts_with(start))
        },
    },
    Step {
        name: "soap",
        about: "a visit by a client that Python's zeep generates from the WSDL",
        needs: &[&machine::PYTHON],
        postgres: false,
        commands: soap_clients,
        is_count: |line| line.starts_with("zeep: "),
    },
    Step {
        name: "browser",
        about: "the pages in Chromium",
        needs: &[&machine::NODE, &machine::CHROMIUM, &machine::FAKETIME],
        postgres: false,
        commands: browser,
        is_count: |line| {
            ["# tests ", "# pass ", "# fail ", "causes_mended_in_chromium="].iter().any(|count| line.starts_with(count))
        },
    },
];

/// Steps that run when `--only` names them, and not of themselves.
pub(crate) const ON_DEMAND: &[Step] = &[Step {
    name: "lighthouse",
    about: "what Lighthouse says of the pages' accessibility; it brings 185 MB of packages",
    needs: &[&machine::NODE, &machine::CHROMIUM],
    postgres: false,
    commands: lighthouse,
    is_count: |line| line.starts_with("lighthouse: "),
}];

/// All steps' names, for `--only`.
pub(crate) fn names() -> Vec<&'static str> {
    STEPS.iter().chain(ON_DEMAND).map(|step| step.name).collect()
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments);
    command
}

/// A step may have built this program anew, in the same place; Linux then tells that the one that runs was deleted there.
fn this_program(arguments: &[&str]) -> Result<Command> {
    let path = std::env::current_exe().context("this program has no path")?;
    let path = path.to_str().context("this program's path is not UTF-8")?;
    let mut command = Command::new(path.trim_end_matches(" (deleted)"));
    command.args(arguments);
    Ok(command)
}

fn document() -> Command {
    let mut command = cargo(&["doc", "--locked", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

fn tests(workspace: &Workspace) -> Result<Vec<Command>> {
    let mut commands = vec![cargo(&["nextest", "run", "--locked", "--workspace"])];
    if doc_tests::exist(workspace)? {
        commands.push(cargo(&["test", "--locked", "--workspace", "--doc"]));
    }
    Ok(commands)
}

/// The seeds in memory, with what each share of them counts.
fn simulation() -> Command {
    let mut command = cargo(&["nextest", "run", "--locked", "--workspace", "--success-output", "immediate"]);
    command.args(["-E", "binary(simulation) and test(of_8)"]).env("SEEDS", "20000");
    command
}

fn chaos(_: &Workspace) -> Result<Vec<Command>> {
    let runs: [&[&str]; 4] = [
        &["chaos", "--kills", "300", "--records", "10000"],
        &["chaos", "--kills", "60", "--records", "2000", "--postgres"],
        &["chaos", "--kills", "30", "--records", "1000", "--forget", "message-sets"],
        &["chaos", "--kills", "20", "--records", "400", "--forget", "commits"],
    ];
    runs.into_iter().map(this_program).collect()
}

fn power_cuts(_: &Workspace) -> Result<Vec<Command>> {
    let runs: [&[&str]; 3] = [
        &["power-cuts", "--cuts", "10"],
        &["power-cuts", "--cuts", "3", "--unsynced"],
        &["power-cuts", "--cuts", "4", "--postgres"],
    ];
    runs.into_iter().map(this_program).collect()
}

fn outages(_: &Workspace) -> Result<Vec<Command>> {
    let runs: [&[&str]; 4] = [
        &["outages", "postgres-down", "--times", "6"],
        &["outages", "disk-full", "--times", "5"],
        &["outages", "clock-jumps", "--times", "12"],
        &["outages", "clock-jumps", "--times", "6", "--postgres"],
    ];
    runs.into_iter().map(this_program).collect()
}

fn soap_clients(workspace: &Workspace) -> Result<Vec<Command>> {
    let mut visit = Command::new("python3");
    visit.arg("tests/soap-clients/run.py").arg(binary(workspace)).arg(workspace.target().join("soap-clients"));
    Ok(vec![build_binary(), visit])
}

/// The tests add to an account which causes they mended and by which buttons; that it is all of them is the last command's.
fn browser(workspace: &Workspace) -> Result<Vec<Command>> {
    let account = workspace.target().join("mended-in-chromium");
    match fs::remove_file(&account) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).context("the last account cannot be removed");
        }
        Ok(()) | Err(_) => {}
    }
    let mut test = Command::new("node");
    test.args(["--test", "--test-reporter=tap", "--test-concurrency=1"])
        .current_dir(workspace.root().join("tests/browser"))
        .env("BOOKFERRY_BINARY", binary(workspace))
        .env("BOOKFERRY_MENDED", &account)
        .env("BOOKFERRY_SCREENSHOTS", workspace.target().join("screenshots"));
    let mut compare = this_program(&["causes", "--mended"])?;
    compare.arg(account);
    Ok(vec![build_binary(), packages(workspace, "tests/browser"), test, compare])
}

/// Its script has the browser tests' modules bring the server and the browser.
fn lighthouse(workspace: &Workspace) -> Result<Vec<Command>> {
    let mut score = Command::new("node");
    score
        .arg("lighthouse.mjs")
        .current_dir(workspace.root().join("tests/lighthouse"))
        .env("BOOKFERRY_BINARY", binary(workspace));
    Ok(vec![build_binary(), packages(workspace, "tests/browser"), packages(workspace, "tests/lighthouse"), score])
}

fn packages(workspace: &Workspace, folder: &str) -> Command {
    let mut install = Command::new("npm");
    install.args(["ci", "--silent", "--no-audit", "--no-fund"]).current_dir(workspace.root().join(folder));
    install
}

/// The server's binary, built now where it is not the newest.
pub(crate) fn built_binary(workspace: &Workspace) -> Result<PathBuf> {
    let status = build_binary().current_dir(workspace.root()).status().context("cargo did not start")?;
    ensure!(status.success(), "the server could not be built");
    Ok(binary(workspace))
}

/// Builds with the features that the tests' build had, so that nothing is compiled a second time.
fn build_binary() -> Command {
    cargo(&["build", "--locked", "--workspace", "--bins", "--quiet"])
}

fn binary(workspace: &Workspace) -> PathBuf {
    workspace.target().join("debug").join(format!("bookferry{EXE_SUFFIX}"))
}
