//! Whether there are examples in documentation to run. nextest does not run them, and `cargo test --doc` links each crate
//! anew, so it is worth knowing that there is nothing to do.

use std::fs;

use anyhow::{Context, Result};

use crate::workspace::Workspace;

/// Whether any Rust file has an example in its documentation.
pub(super) fn exist(workspace: &Workspace) -> Result<bool> {
    for path in workspace.files()? {
        if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(workspace.root().join(&path))
                .with_context(|| format!("{} is unreadable", path.display()))?;
            if has_example(&text) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// rustdoc runs a fenced block unless its fence names another language.
fn has_example(text: &str) -> bool {
    const RUN: &[&str] = &["", "rust", "no_run", "should_panic", "compile_fail"];
    let documentation = text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))
    });
    let fences = documentation.filter_map(|line| line.trim().strip_prefix("```"));
    // Every second fence closes a block.
    fences.step_by(2).any(|language| RUN.contains(&language.split(',').next().unwrap_or_default().trim()))
}

#[cfg(test)]
mod tests {
    use super::has_example;

    #[test]
    fn only_a_block_of_rust_is_an_example() {
        assert!(has_example("/// ```\n/// let x = 1;\n/// ```\n"));
        assert!(has_example("    //! ```rust,no_run\n//! ```\n"));
        assert!(has_example("/// ```text\n/// a\n/// ```\n///\n/// ```\n/// b\n/// ```\n"));
        assert!(!has_example("/// ```text\n/// a\n/// ```\n/// ```xml\n/// b\n/// ```\n"));
        assert!(!has_example("// ```\nfn f() {}\n"));
    }
}
