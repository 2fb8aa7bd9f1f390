use serde::Serialize;

use crate::cause::Cause;

/// What a finding means for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// QuickBooks would refuse the record as it stands.
    WillBeRefused,
    /// QuickBooks will take it, and hold something else than was handed over.
    WillBeChanged,
    /// Good to know; may turn out well.
    Note,
}

/// Something to know about a record before it goes across.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// The field, as a JSON pointer into the record.
    pub field: String,
    /// Stable and machine-readable.
    pub code: &'static str,
    /// In the bookkeeper's words: what is so and what to do.
    pub message: String,
}

impl Finding {
    /// As the cause under Needs Attention, for a record that is not even tried.
    pub fn cause(&self) -> Cause {
        Cause::new(self.code, self.message.as_str(), self.field.as_str())
    }
}

#[derive(Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn refused(&mut self, field: &str, code: &'static str, message: String) {
        self.add(Severity::WillBeRefused, field, code, message);
    }

    pub(super) fn changed(&mut self, field: &str, code: &'static str, message: String) {
        self.add(Severity::WillBeChanged, field, code, message);
    }

    pub(super) fn note(&mut self, field: &str, code: &'static str, message: String) {
        self.add(Severity::Note, field, code, message);
    }

    fn add(&mut self, severity: Severity, field: &str, code: &'static str, message: String) {
        self.0.push(Finding { severity, field: field.to_owned(), code, message });
    }
}
