//! The rules that neither the compiler nor clippy holds: sizes of files, names of modules, words that must not be committed.
//!
//! `docs/STYLE.md` gives the reason of each.

mod rules;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::tidy::rules::{Source, broken_rules};
use crate::workspace::Workspace;

/// In lines, of Rust files.
const MEDIAN_MAX: usize = 150;

/// Checks every file and prints how long the Rust files are; fails with the list of what breaks a rule.
pub(crate) fn print(workspace: &Workspace) -> Result<()> {
    let sources = read(workspace)?;
    let figures = Figures::of(&sources);
    println!(
        "tidy: {} Rust files, median {} lines, nine tenths within {}, longest {} ({})",
        figures.count,
        figures.median,
        figures.p90,
        figures.longest,
        figures.longest_path.display()
    );
    let mut broken = broken_rules(&sources, workspace.root().parent());
    if figures.median > MEDIAN_MAX {
        broken.push(format!(
            "half of the Rust files are longer than {MEDIAN_MAX} lines: the median is {}",
            figures.median
        ));
    }
    if broken.is_empty() { Ok(()) } else { bail!("Rules of docs/STYLE.md are broken:\n  {}", broken.join("\n  ")) }
}

struct Figures {
    count: usize,
    median: usize,
    p90: usize,
    longest: usize,
    longest_path: PathBuf,
}

impl Figures {
    fn of(sources: &[Source]) -> Self {
        let mut rust: Vec<_> = sources.iter().filter(|source| source.is_rust()).collect();
        rust.sort_by_key(|source| source.line_count());
        let at = |tenths: usize| rust.get(rust.len() * tenths / 10).map_or(0, |source| source.line_count());
        Self {
            count: rust.len(),
            median: at(5),
            p90: at(9),
            longest: rust.last().map_or(0, |source| source.line_count()),
            longest_path: rust.last().map(|source| source.path.clone()).unwrap_or_default(),
        }
    }
}

fn read(workspace: &Workspace) -> Result<Vec<Source>> {
    let read_one = |path: PathBuf| {
        let bytes =
            fs::read(workspace.root().join(&path)).with_context(|| format!("{} is unreadable", path.display()))?;
        Ok(Source { path, bytes })
    };
    workspace.files()?.into_iter().map(read_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_keep_the_rules() -> Result<()> {
        print(&Workspace::find()?)
    }

    #[test]
    fn figures_are_of_rust_files_only() {
        let source = |path: &str, lines: usize| Source { path: path.into(), bytes: "x\n".repeat(lines).into_bytes() };
        let mut sources: Vec<_> = (1..=10).map(|lines| source(&format!("{lines}.rs"), lines)).collect();
        sources.push(source("page.css", 700));
        let figures = Figures::of(&sources);
        assert_eq!((figures.count, figures.median, figures.p90, figures.longest), (10, 6, 10, 10));
        assert_eq!(figures.longest_path, PathBuf::from("10.rs"));
    }
}
