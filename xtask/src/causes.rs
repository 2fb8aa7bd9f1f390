use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;

use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct CausesOptions {
    /// Hold the account of the browser tests against the catalogue: which causes they mended, which buttons they pressed.
    #[arg(long, value_name = "FILE")]
    mended: Option<PathBuf>,
}

/// Causes that nothing brings about from outside, and why they stay.
const GUARDS: [(&str, &str); 3] = [
    (
        "currency_not_supported",
        "the hand-over refuses such a record; this keeps one in a database that came from elsewhere from being sent",
    ),
    (
        "invoice_not_in_quickbooks",
        "a payment is not taken up before its invoices have TxnIDs; this keeps the planner from applying it to fewer",
    ),
    ("not_read_again", "a change is read in QuickBooks first; this keeps the planner from writing one that was not"),
];

/// Prints how many causes the catalogue has and how many buttons mend them, as docs/causes.md has them; a test of sync's
/// compares that page with the catalogue.
pub(crate) fn print(workspace: &Workspace, options: &CausesOptions) -> Result<()> {
    let page = fs::read_to_string(workspace.root().join("docs/causes.md")).context("docs/causes.md is not there")?;
    let (records, visits) = (rows(&page, "Causes of records"), rows(&page, "Causes of visits"));
    let buttons = rows(&page, "Buttons");
    match &options.mended {
        None => {
            let (causes, of_records, of_visits) = (records.len() + visits.len(), records.len(), visits.len());
            println!("causes={causes} of_records={of_records} of_visits={of_visits} buttons={}", buttons.len());
            Ok(())
        }
        Some(file) => {
            let account = fs::read_to_string(file).context("the browser tests left no account")?;
            let causes = records.into_iter().chain(visits).collect();
            compare(&account, &causes, &buttons)
        }
    }
}

fn compare(account: &str, causes: &BTreeSet<String>, buttons: &BTreeSet<String>) -> Result<()> {
    let told = |what: &str| -> BTreeSet<String> {
        account.lines().filter_map(|line| line.strip_prefix(what)).map(str::to_owned).collect()
    };
    let (mended, pressed) = (told("cause "), told("button "));
    let (mended_here, pressed_here) = (causes.intersection(&mended).count(), buttons.intersection(&pressed).count());
    println!(
        "causes_mended_in_chromium={mended_here} of {} buttons_pressed={pressed_here} of {}",
        causes.len(),
        buttons.len()
    );
    for (guard, why) in GUARDS {
        println!("not mended: {guard}: {why}");
    }
    let is_guard = |cause: &&String| GUARDS.iter().any(|(guard, _)| guard == cause);
    let left: Vec<&String> = causes.difference(&mended).filter(|cause| !is_guard(cause)).collect();
    ensure!(left.is_empty(), "no browser test mends {left:?}");
    let unpressed: Vec<&String> = buttons.difference(&pressed).collect();
    ensure!(unpressed.is_empty(), "no browser test presses {unpressed:?}");
    Ok(())
}

/// What stands first in each row of the section's table.
fn rows(page: &str, heading: &str) -> BTreeSet<String> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
    rows.skip(1).filter_map(|row| Some(row.split_once(" | ")?.0.trim_matches('`').to_owned())).collect()
}
