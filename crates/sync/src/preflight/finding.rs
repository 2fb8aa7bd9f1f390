use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::{self, Display};

use serde::Serialize;

use crate::cause::Cause;
use crate::list::{ListKind, NameKey};

/// What a finding means for the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// QuickBooks would refuse the record as it stands.
    WillBeRefused,
    /// QuickBooks will take it, and hold something else than was handed over.
    WillBeChanged,
    /// QuickBooks will take it, or may, and it is hardly what is meant.
    Warning,
    /// Good to know; may turn out well.
    Note,
}

/// Something to know about a record before it goes across.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub severity: Severity,
    /// The field, as a JSON pointer into the record.
    pub field: String,
    /// Stable and machine-readable; that of the cause under which the planner would not send the record, where there is one.
    pub code: Cow<'static, str>,
    /// In the bookkeeper's words: what is so and what to do.
    pub message: String,
}

impl Finding {
    /// As the cause under Needs Attention, for a record that is not even tried.
    pub fn cause(&self) -> Cause {
        Cause::new(self.code.as_ref(), self.message.as_str(), self.field.as_str())
    }
}

/// A field, as a JSON pointer into the record. It is only written out where there is something to say of the field.
pub(super) type Field<'a> = fmt::Arguments<'a>;

#[derive(Default)]
pub(super) struct Findings {
    pub(super) found: Vec<Finding>,
    /// The entries that were spoken of: what a hundred lines name is told at the first of them.
    told: HashSet<(ListKind, NameKey)>,
}

impl Findings {
    pub(super) fn refused(&mut self, field: impl Display, code: impl Into<Cow<'static, str>>, message: String) {
        self.add(Severity::WillBeRefused, field, code, message);
    }

    pub(super) fn changed(&mut self, field: impl Display, code: &'static str, message: String) {
        self.add(Severity::WillBeChanged, field, code, message);
    }

    pub(super) fn warn(&mut self, field: impl Display, code: &'static str, message: String) {
        self.add(Severity::Warning, field, code, message);
    }

    pub(super) fn note(&mut self, field: impl Display, code: &'static str, message: String) {
        self.add(Severity::Note, field, code, message);
    }

    /// Whether this is the first that is said of the entry.
    pub(super) fn is_first(&mut self, entry: &(ListKind, NameKey)) -> bool {
        self.told.insert(entry.clone())
    }

    fn add(&mut self, severity: Severity, field: impl Display, code: impl Into<Cow<'static, str>>, message: String) {
        self.found.push(Finding { severity, field: field.to_string(), code: code.into(), message });
    }
}
