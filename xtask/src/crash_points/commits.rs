//! Every commit in our crates stands in one of the lists of `bookferry_crash`: an armed process would end at one that does
//! not, and a point that nobody listed is never struck.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bookferry_crash::{COMMITS, NOT_STRUCK};

use crate::workspace::Workspace;

/// What comes before the name of an operation that is committed.
const BEFORE_A_NAME: [&str; 5] =
    [".commit(\"", "before_commit(\"", "operation = \"", "Rule::clearing(\"", "Rule::taking_back(\""];
/// All that stands in quotation marks here is the name of a step.
const STEPS: &str = "soap/operation.rs";

#[test]
fn every_commit_is_listed_and_nothing_else_is() -> Result<()> {
    let workspace = Workspace::find()?;
    let mut committed = BTreeSet::new();
    for folder in ["crates/store/src", "crates/server/src", "crates/cli/src"] {
        for path in sources(&workspace.root().join(folder))? {
            committed.extend(names(&path)?);
        }
    }
    let listed: BTreeSet<String> = COMMITS.iter().chain(NOT_STRUCK).map(|name| (*name).to_owned()).collect();
    assert_eq!(listed.len(), COMMITS.len() + NOT_STRUCK.len(), "a name stands in both lists");
    let unlisted: Vec<_> = committed.difference(&listed).collect();
    assert_eq!(unlisted, Vec::<&String>::new(), "committed, and in no list of bookferry_crash");
    let gone: Vec<_> = listed.difference(&committed).collect();
    assert_eq!(gone, Vec::<&String>::new(), "listed in bookferry_crash, and committed nowhere");
    Ok(())
}

fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources.extend(self::sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push(path);
        }
    }
    Ok(sources)
}

fn names(path: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(path)?;
    let mut names: Vec<String> = Vec::new();
    for before in BEFORE_A_NAME {
        names.extend(text.split(before).skip(1).map(until_quotation_mark));
    }
    if path.ends_with(STEPS) {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        names.extend(code.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned)));
    }
    // A statement that is a transaction of its own commits under its own name.
    for (at, _) in text.match_indices(".execute") {
        let (before, call) = text.split_at(at);
        let constant = call.split_once("(&").map(|(_, rest)| rest.split([',', ')']).next().unwrap_or_default());
        if let Some(constant) = constant.filter(|_| before.trim_end().ends_with("database")) {
            names.push(name_of_statement(&text, constant)?);
        }
    }
    Ok(names)
}

fn name_of_statement(text: &str, constant: &str) -> Result<String> {
    let declared = text.split_once(&format!(" {constant} = ")).and_then(|(_, rest)| rest.split_once('"'));
    let (_, name) = declared.with_context(|| format!("{constant} is not declared where it is used"))?;
    Ok(until_quotation_mark(name))
}

fn until_quotation_mark(text: &str) -> String {
    text.split('"').next().unwrap_or_default().to_owned()
}
