//! Counts and sums of an import: what came in is what was taken, changed, unchanged and refused, to the cent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::refusal::Reason;

/// How many documents, of how many lines, worth how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) documents: u64,
    pub(crate) lines: u64,
    pub(crate) cents: i128,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// All that the source holds, counted as it is read and not from the parts below.
    pub(crate) source: Count,
    pub(crate) taken: Count,
    /// Known before, with another content: a new revision.
    pub(crate) changed: Count,
    pub(crate) unchanged: Count,
    pub(crate) refused: BTreeMap<Reason, Count>,
    /// Payments made up by `--derive-payments`; outside the sums above.
    pub(crate) derived_taken: Count,
    pub(crate) derived_changed: Count,
    pub(crate) derived_unchanged: Count,
    pub(crate) windows_1252_cells: u64,
}

impl Count {
    pub(crate) fn add(&mut self, lines: usize, cents: i128) {
        self.documents += 1;
        self.lines += lines as u64;
        self.cents += cents;
    }

    fn plus(self, other: Self) -> Self {
        Self {
            documents: self.documents + other.documents,
            lines: self.lines + other.lines,
            cents: self.cents + other.cents,
        }
    }
}

impl Tally {
    pub(crate) fn refused_in_all(&self) -> Count {
        self.refused.values().fold(Count::default(), |sum, &count| sum.plus(count))
    }

    /// Whether nothing was lost on the way: documents, lines and cents.
    pub(crate) fn adds_up(&self) -> bool {
        self.source == self.taken.plus(self.changed).plus(self.unchanged).plus(self.refused_in_all())
    }

    fn derived_in_all(&self) -> Count {
        self.derived_taken.plus(self.derived_changed).plus(self.derived_unchanged)
    }

    /// A table for people.
    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{:<44}{:>10}{:>10}{:>18}\n", "", "documents", "lines", "sum");
        let mut row = |name: &str, count: Count| {
            let sum = money(count.cents);
            text.push_str(&format!("{name:<44}{:>10}{:>10}{sum:>18}\n", count.documents, count.lines));
        };
        row("in the file", self.source);
        row("taken", self.taken);
        if self.changed.documents > 0 {
            row("changed (a new revision)", self.changed);
        }
        row("unchanged", self.unchanged);
        row("refused", self.refused_in_all());
        for (reason, &count) in &self.refused {
            row(&format!("  {reason}"), count);
        }
        text
    }

    pub(crate) fn derived_text(&self) -> String {
        let derived = self.derived_in_all();
        format!(
            "\nThe file has no payments. {} payments over {} were derived, one for each invoice in full: \
             {} taken, {} changed, {} unchanged.\n",
            derived.documents,
            money(derived.cents),
            self.derived_taken.documents,
            self.derived_changed.documents,
            self.derived_unchanged.documents,
        )
    }

    pub(crate) fn to_json(&self) -> TallyJson {
        let refused = self
            .refused
            .iter()
            .map(|(reason, count)| RefusedJson { reason: reason.to_string(), count: count.to_json() });
        TallyJson {
            source: self.source.to_json(),
            taken: self.taken.to_json(),
            changed: self.changed.to_json(),
            unchanged: self.unchanged.to_json(),
            refused: self.refused_in_all().to_json(),
            refused_by_reason: refused.collect(),
            derived_payments: DerivedJson {
                taken: self.derived_taken.to_json(),
                changed: self.derived_changed.to_json(),
                unchanged: self.derived_unchanged.to_json(),
            },
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct TallyJson {
    source: CountJson,
    taken: CountJson,
    changed: CountJson,
    unchanged: CountJson,
    refused: CountJson,
    refused_by_reason: Vec<RefusedJson>,
    derived_payments: DerivedJson,
}

#[derive(Debug, Serialize)]
struct DerivedJson {
    taken: CountJson,
    changed: CountJson,
    unchanged: CountJson,
}

#[derive(Debug, Serialize)]
struct RefusedJson {
    reason: String,
    #[serde(flatten)]
    count: CountJson,
}

#[derive(Debug, Serialize)]
struct CountJson {
    documents: u64,
    lines: u64,
    sum: String,
}

impl Count {
    fn to_json(self) -> CountJson {
        CountJson { documents: self.documents, lines: self.lines, sum: money(self.cents) }
    }
}

/// Cents as a decimal with two places.
pub(crate) fn money(cents: i128) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let magnitude = cents.unsigned_abs();
    format!("{sign}{}.{:02}", magnitude / 100, magnitude % 100)
}
