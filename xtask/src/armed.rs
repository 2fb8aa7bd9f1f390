//! The binary with its crash points in it, which is built for these tests alone.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::test_run;
use crate::workspace::Workspace;

/// The words by which the environment arms it; no shipped binary has them in it.
const MARK: &[u8] = b"BOOKFERRY_CRASH_POINT";

pub(crate) struct ArmedBinary(PathBuf);

impl ArmedBinary {
    /// Builds it beside the one to be shipped, which must have no crash points.
    pub(crate) fn build(workspace: &Workspace) -> Result<Self> {
        let built = test_run::built_binary(workspace)?;
        ensure!(!holds_mark(&built)?, "the binary that is shipped has crash points in it");
        let status = Command::new("cargo")
            // This program is not built again while it runs; everything else is built with the features that the tests'
            // build had, so that nothing but our own crates is compiled a second time.
            .args(["build", "--locked", "--workspace", "--exclude", "xtask", "--bins", "--quiet"])
            .args(["--features", "bookferry/crash-points"])
            .current_dir(workspace.root())
            .status()
            .context("cargo did not start")?;
        ensure!(status.success(), "the server with crash points could not be built");
        let folder = workspace.target().join("armed");
        fs::create_dir_all(&folder)?;
        let armed = folder.join(format!("bookferry{EXE_SUFFIX}"));
        fs::copy(&built, &armed).with_context(|| format!("{} cannot be written", armed.display()))?;
        // Cargo puts the one to be shipped back in its place.
        ensure!(!holds_mark(&test_run::built_binary(workspace)?)?, "the binary that is shipped got crash points");
        ensure!(holds_mark(&armed)?, "the binary for this test has no crash points");
        Ok(Self(armed))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

fn holds_mark(binary: &Path) -> Result<bool> {
    let bytes = fs::read(binary).with_context(|| format!("{} cannot be read", binary.display()))?;
    Ok(bytes.windows(MARK.len()).any(|window| window == MARK))
}
