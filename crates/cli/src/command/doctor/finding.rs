use std::fmt;

use serde::Serialize;

/// What one check found.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) found: String,
    /// Where something has to be done.
    pub(super) to_do: Option<String>,
}

impl Finding {
    pub(super) fn good(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, found: found.into(), to_do: None }
    }

    pub(super) fn bad(check: &'static str, found: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { check, found: found.into(), to_do: Some(to_do.into()) }
    }

    pub(super) fn database_unreachable(error: &anyhow::Error) -> Self {
        let causes = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        Self::bad(
            "database",
            causes,
            "Check --data-dir or --database-url, whether the database runs, and whether this user may use it.",
        )
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.to_do.is_some() { "!!" } else { "ok" };
        write!(f, "{mark}  {:<15} {}", self.check, self.found)?;
        self.to_do.as_ref().map_or(Ok(()), |to_do| write!(f, "\n{:20} {to_do}", ""))
    }
}
