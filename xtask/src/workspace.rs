//! Where the project's files and its build are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The checked-out project, as Cargo sees it.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    packages: Vec<Value>,
}

impl Workspace {
    /// Asks Cargo for the workspace that this program was built from. Fetches nothing.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1", "--no-deps"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .context("cargo metadata did not start")?;
        ensure!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("cargo metadata did not answer in JSON")?;
        let folder = |key: &str| metadata[key].as_str().map(PathBuf::from).with_context(|| format!("no {key} in it"));
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
            packages: metadata["packages"].as_array().cloned().context("no packages in it")?,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The build folder, which also keeps what the suites download: virtual environments, screenshots.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The workspace's packages in the form of `cargo metadata`.
    pub(crate) fn packages(&self) -> &[Value] {
        &self.packages
    }

    /// The files that are committed or about to be: what Git tracks, and what it neither tracks nor ignores. Paths are
    /// relative to the root.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>> {
        let output = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&self.root)
            .output()
            .context("git did not start")?;
        ensure!(output.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
        let listing = String::from_utf8(output.stdout).context("a path is not UTF-8")?;
        let mut files: Vec<_> = listing.split_terminator('\0').map(PathBuf::from).collect();
        // A file deleted but not yet committed is listed still.
        files.retain(|file| self.root.join(file).is_file());
        files.sort();
        files.dedup();
        Ok(files)
    }
}
