use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Prints how many causes the catalogue has and how many buttons mend them, as docs/causes.md has them; a test of sync's
/// compares that page with the catalogue.
pub(crate) fn print(workspace: &Workspace) -> Result<()> {
    let page = fs::read_to_string(workspace.root().join("docs/causes.md")).context("docs/causes.md is not there")?;
    let rows = |heading: &str| {
        let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap_or_default();
        section.lines().filter(|line| line.starts_with("| ")).count().saturating_sub(1)
    };
    let (records, visits, buttons) = (rows("Causes of records"), rows("Causes of visits"), rows("Buttons"));
    println!("causes={} of_records={records} of_visits={visits} buttons={buttons}", records + visits);
    Ok(())
}
