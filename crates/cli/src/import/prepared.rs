//! What the reading side of an import gives to the writing side, document by document.

use bookferry_sync::intake::{self, Faults};
use bookferry_sync::record::{Content, DEFAULT_CURRENCY, RecordKind};

use super::refusal::{Reason, Refusal};

/// A document of the source file: read, and either fit to be handed over or refused.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) origin: Origin,
    /// Its worth, for the sums; what could not be read counts as nothing.
    pub(crate) cents: i128,
    pub(crate) outcome: Result<HandOver, Refusal>,
}

/// Where a document stands in the source file.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) number: String,
    /// Ascending; the first line of a file is 1.
    pub(crate) lines: Vec<u64>,
}

#[derive(Debug)]
pub(crate) struct HandOver {
    pub(crate) external_id: String,
    pub(crate) content: Content,
    /// The payment made up for it by `--derive-payments`, with its own external id.
    pub(crate) derived: Option<(String, Content)>,
}

impl Origin {
    /// `3-7, 12`: runs of lines as ranges.
    pub(crate) fn lines_text(&self) -> String {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for &line in &self.lines {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == line => *last = line,
                _ => runs.push((line, line)),
            }
        }
        let run = |&(first, last): &(u64, u64)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        runs.iter().map(run).collect::<Vec<_>>().join(", ")
    }
}

/// Checks what is to be handed over just as the API does, so that import lets nothing through that a PUT would refuse.
pub(crate) fn check(kind: RecordKind, external_id: &str, record: &serde_json::Value) -> Result<Content, Refusal> {
    intake::external_id(external_id)
        .map_err(|fault| Refusal::new(Reason::NotARecord, format!("{}: {}", fault.pointer, fault.message)))?;
    intake::content(kind, record, DEFAULT_CURRENCY).map_err(|faults| not_a_record(&faults))
}

fn not_a_record(faults: &Faults) -> Refusal {
    const TOLD_MAX: usize = 3;
    let told = faults.as_slice().iter().take(TOLD_MAX).map(|fault| format!("{}: {}", fault.pointer, fault.message));
    let mut detail = told.collect::<Vec<_>>().join(" ");
    if let Some(more) = faults.as_slice().len().checked_sub(TOLD_MAX + 1) {
        detail.push_str(&format!(" And {} more.", more + 1));
    }
    Refusal::new(Reason::NotARecord, detail)
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn runs_of_lines_are_ranges() {
        let origin = Origin { number: "1".to_owned(), lines: vec![3, 4, 5, 9, 11, 12] };
        assert_eq!(origin.lines_text(), "3-5, 9, 11-12");
    }
}
