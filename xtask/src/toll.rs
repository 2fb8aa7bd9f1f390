use anyhow::{Result, bail};

use crate::chaos::oracle::Verdict;

/// What it came to that the server was struck again and again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Toll {
    pub(crate) records: usize,
    pub(crate) lost: usize,
    pub(crate) duplicated: usize,
    findings: Vec<String>,
}

const FINDINGS_SHOWN: usize = 20;

impl Toll {
    /// Adds the promises that were broken, and what came of all records.
    pub(crate) fn add(&mut self, when: &str, (broken, verdict): (Vec<String>, Verdict)) {
        self.records = self.records.max(verdict.records());
        self.lost += broken.len() + verdict.lost();
        self.duplicated += verdict.duplicated();
        let findings = broken.iter().chain(verdict.findings());
        self.findings.extend(findings.map(|finding| format!("{when}: {finding}")));
    }

    pub(crate) const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    pub(crate) fn print_findings(&self) {
        self.findings.iter().take(FINDINGS_SHOWN).for_each(|finding| eprintln!("  {finding}"));
    }

    pub(crate) fn ensure_clean(&self) -> Result<()> {
        if self.is_clean() {
            return Ok(());
        }
        self.print_findings();
        bail!("{} findings", self.findings.len())
    }
}

impl std::fmt::Display for Toll {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { records, lost, duplicated, .. } = self;
        write!(f, "records={records} lost={lost} duplicated={duplicated}")
    }
}
