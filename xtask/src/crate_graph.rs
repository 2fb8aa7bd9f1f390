//! Which of our crates uses which, and the rules on it.
//!
//! `docs/crate-graph.txt` keeps the arrows, so that a new one shows in review; the tests below also hold the rules that no
//! snapshot may relax.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::workspace::Workspace;

/// Our crates by name, with the crates of ours that each uses.
struct CrateGraph(BTreeMap<String, Uses>);

#[derive(Default)]
struct Uses {
    always: Vec<String>,
    in_tests: Vec<String>,
}

/// Prints the graph as the snapshot keeps it.
pub(crate) fn print(workspace: &Workspace) -> Result<()> {
    print!("{}", CrateGraph::read(workspace)?.text());
    Ok(())
}

impl CrateGraph {
    fn read(workspace: &Workspace) -> Result<Self> {
        let name = |package: &Value| package["name"].as_str().map(str::to_owned).context("a package without a name");
        let ours = workspace.packages().iter().map(name).collect::<Result<Vec<_>>>()?;
        let uses = |package: &Value| {
            let declared = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
            let mut uses = Uses::default();
            for dependency in declared {
                let used = name(dependency)?;
                if !ours.contains(&used) {
                    continue;
                }
                // A build dependency is reached by the crate like a normal one.
                let list = if dependency["kind"] == "dev" { &mut uses.in_tests } else { &mut uses.always };
                list.push(used);
            }
            uses.always.sort();
            uses.in_tests.sort();
            Ok((name(package)?, uses))
        };
        workspace.packages().iter().map(uses).collect::<Result<_>>().map(Self)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (name, uses) in &self.0 {
            text.push_str(name);
            text.push('\n');
            for (kind, used) in [("uses", &uses.always), ("in tests also", &uses.in_tests)] {
                if !used.is_empty() {
                    text.push_str(&format!("  {kind}: {}\n", used.join(", ")));
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::process::Command;

    use anyhow::ensure;

    use super::*;

    const SNAPSHOT: &str = "docs/crate-graph.txt";

    /// The crates that know no runtime, database, network, clock or randomness.
    const PURE: &[&str] = &["bookferry-xml", "bookferry-qbxml", "bookferry-qbwc", "bookferry-sync"];
    const IMPURE: &[&str] =
        &["tokio", "sqlx", "axum", "hyper", "rand", "ureq", "reqwest", "tracing-subscriber", "clap"];

    #[test]
    fn the_arrows_are_the_ones_that_were_reviewed() -> Result<()> {
        let workspace = Workspace::find()?;
        let now = CrateGraph::read(&workspace)?.text();
        let reviewed = fs::read_to_string(workspace.root().join(SNAPSHOT)).unwrap_or_default();
        assert_eq!(now, reviewed, "a new arrow is a decision; if it is right: cargo xtask crate-graph > {SNAPSHOT}");
        Ok(())
    }

    #[test]
    fn pure_crates_reach_nothing_that_is_not() -> Result<()> {
        for pure in PURE {
            let reached = reached(pure)?;
            let impure: Vec<_> = IMPURE.iter().filter(|name| reached.contains(**name)).collect();
            assert!(
                impure.is_empty(),
                "{pure} is pure, but reaches {impure:?}: cargo tree -p {pure} -e normal -i NAME"
            );
        }
        Ok(())
    }

    #[test]
    fn the_simulator_never_sees_the_rules_it_checks() -> Result<()> {
        let reached = reached("bookferry-simulator")?;
        for forbidden in ["bookferry-sync", "bookferry-store", "bookferry-server"] {
            assert!(!reached.contains(forbidden), "the simulator is a second opinion, but reaches {forbidden}");
        }
        Ok(())
    }

    #[test]
    fn nobody_uses_the_binary_and_only_it_joins_server_and_simulator() -> Result<()> {
        let graph = CrateGraph::read(&Workspace::find()?)?;
        for (name, uses) in &graph.0 {
            assert!(!uses.always.iter().any(|used| used == "bookferry"), "{name} uses the binary");
            let joins =
                ["bookferry-server", "bookferry-simulator"].iter().all(|one| uses.always.iter().any(|u| u == one));
            assert!(!joins || name == "bookferry", "{name} joins server and simulator");
        }
        Ok(())
    }

    /// Everything that a crate, built by itself, links: its normal dependencies and theirs, with the features it asks for.
    fn reached(package: &str) -> Result<BTreeSet<String>> {
        let output = Command::new("cargo")
            .args(["tree", "--locked", "--edges", "normal", "--prefix", "none", "--package", package])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()?;
        ensure!(output.status.success(), "cargo tree failed: {}", String::from_utf8_lossy(&output.stderr));
        let listing = String::from_utf8(output.stdout)?;
        let names: BTreeSet<_> = listing.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
        ensure!(names.contains(package), "cargo tree did not list {package} itself");
        Ok(names)
    }
}
