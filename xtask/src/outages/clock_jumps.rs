use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::{Life, OutagesOptions};
use crate::chaos::installation::Installation;
use crate::machine;
use crate::postgres::Postgres;
use crate::test_run;
use crate::workspace::Workspace;

/// Where the server's clock stands beside the real one, one after the other.
const OFFSETS: [&str; 6] = ["-2h", "+3d", "+0", "+400d", "-2h", "+0"];

/// The file that libfaketime reads the offset from.
struct Offset {
    folder: TempDir,
}

/// Lets the server's clock jump; QuickBooks and the Web Connector keep theirs.
pub(super) fn run(workspace: &Workspace, options: &OutagesOptions) -> Result<()> {
    let library = machine::faketime().context("there is no libfaketime on this machine")?;
    let binary = test_run::built_binary(workspace)?;
    let postgres_log = workspace.target().join("outages-postgres.log");
    let postgres = options.postgres.then(|| Postgres::start(&postgres_log)).transpose()?;
    let log = workspace.target().join("outages.log");
    let mut installation = Installation::new(binary, postgres.as_ref().map(Postgres::url), log)?;
    let offset = Offset { folder: tempfile::tempdir()? };
    offset.set("+0")?;
    for (name, value) in offset.environment(&library) {
        installation.set(name, &value);
    }
    let mut life = Life::begin(&installation, options)?;
    for (_, jump) in (0..options.times).zip(OFFSETS.iter().cycle()) {
        life.live_through(|| offset.set(jump))?;
        life.recover().with_context(|| format!("after the clock jumped to {jump}"))?;
    }
    ensure!(life.witness.is_untroubled(), "a call was refused because the clock jumped: {}", life.witness.last());
    life.end("clock_jumps", options)
}

impl Offset {
    fn path(&self) -> PathBuf {
        self.folder.path().join("offset")
    }

    /// As one: whoever reads it finds the old or the new one.
    fn set(&self, offset: &str) -> Result<()> {
        let new = self.folder.path().join("new");
        fs::write(&new, format!("{offset}\n"))?;
        fs::rename(&new, self.path()).context("the clock cannot be moved")
    }

    /// What makes a program live by it. Time that only measures goes on evenly, as it does when somebody sets a clock.
    fn environment(&self, library: &Path) -> [(&'static str, String); 4] {
        [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.path().display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}
