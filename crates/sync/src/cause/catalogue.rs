use std::borrow::Cow;

use bookferry_qbxml::status::{self, Severity, Status, Who, Written};

use super::Remedy;
use super::{hresults, names, own, statuses};

/// What is known about a cause, in the bookkeeper's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The cause's code; a range of QuickBooks' codes as `qb_2000-2040`.
    pub code: Cow<'static, str>,
    pub place: Place,
    /// What happened, one sentence.
    pub title: Cow<'static, str>,
    /// Why it happens, one sentence.
    pub why: Cow<'static, str>,
    /// What to do, one sentence; empty where the buttons say it.
    pub advice: Cow<'static, str>,
    pub who: Who,
    pub written: Written,
    /// The buttons, the likeliest first.
    pub remedies: Cow<'static, [Remedy]>,
}

/// What a cause holds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Record,
    /// A whole visit or message set: it shows on top of every page and in History, and the records wait or are looked up.
    Visit,
}

/// Everything that is known: QuickBooks' codes, the errors of its request processor, and our own findings.
pub fn catalogue() -> Vec<Entry> {
    let mut entries: Vec<Entry> = statuses::entries().collect();
    entries.extend(hresults::entries());
    entries.extend(own::entries());
    entries.extend(names::entries());
    entries
}

/// What is known about the cause with this code. Of a code of QuickBooks' that no source explains, its range is told, and
/// `said`, QuickBooks' own words.
pub fn explain(code: &str, said: &str) -> Option<Entry> {
    if let Some(number) = code.strip_prefix("qb_") {
        let number = number.parse().ok()?;
        return Some(statuses::find(number).unwrap_or_else(|| by_range(number, said)));
    }
    if let Some(hresult) = code.strip_prefix("hresult_") {
        return Some(hresults::find(hresult).unwrap_or_else(|| hresults::unknown(hresult, said)));
    }
    own::entries().chain(names::entries()).find(|entry| entry.code == code)
}

fn by_range(number: i64, said: &str) -> Entry {
    let told = status::explain(&Status { code: number, severity: Severity::of_code(number), message: said.to_owned() });
    Entry {
        code: format!("qb_{number}").into(),
        place: Place::Record,
        title: told.what.into(),
        why: "No source explains this code of QuickBooks\u{2019}.".into(),
        advice: told.what_to_do.into(),
        who: told.who,
        written: told.written,
        remedies: if told.written == Written::Unknown { LOOK_FIRST } else { CORRECT }.into(),
    }
}

/// Buttons for what may have been written.
pub(super) const LOOK_FIRST: &[Remedy] = &[Remedy::AlreadyInQuickBooks, Remedy::Retry, Remedy::Exclude];
/// Buttons for what is wrong with the record itself.
pub(super) const CORRECT: &[Remedy] = &[Remedy::Correct, Remedy::Retry, Remedy::Exclude];
/// Buttons for what passes, or is mended elsewhere.
pub(super) const RETRY: &[Remedy] = &[Remedy::Retry, Remedy::Exclude];
/// Buttons for a change that rests on what has changed in QuickBooks.
pub(super) const RESEND: &[Remedy] = &[Remedy::Resend, Remedy::KeepQuickBooks, Remedy::Exclude];
/// Buttons for a name that QuickBooks does not find, or not in this place.
pub(super) const LINK: &[Remedy] = &[Remedy::Link, Remedy::Correct, Remedy::Retry, Remedy::Exclude];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_cause_stands_in_the_catalogue_once_and_can_be_mended() {
        let all = catalogue();
        let codes: BTreeSet<&str> = all.iter().map(|entry| entry.code.as_ref()).collect();
        assert_eq!(codes.len(), all.len());
        assert!(all.len() >= 60, "{}", all.len());
        for entry in &all {
            assert!(
                entry.place == Place::Visit
                    || entry.remedies.contains(&Remedy::Exclude)
                    || entry.code.starts_with("unconfirmed"),
                "{}",
                entry.code
            );
            for text in [&entry.title, &entry.why, &entry.advice] {
                assert!(text.is_empty() || text.ends_with('.') || text.ends_with('\u{201d}'), "{}: {text}", entry.code);
            }
            assert!(!entry.title.is_empty() && !entry.why.is_empty(), "{}", entry.code);
            let first = entry.code.split('-').next().unwrap_or_default();
            assert_eq!(explain(first, "").as_ref(), Some(entry));
        }
    }

    #[test]
    fn every_status_that_refuses_a_record_stands_in_the_catalogue() {
        for entry in status::entries() {
            let code = match entry.codes {
                status::Codes::One(code) | status::Codes::Range(code, _) => code,
            };
            let is_done = matches!(entry.class, status::Class::Ok | status::Class::Warning);
            assert_eq!(statuses::find(code).is_none(), is_done, "{code}");
        }
    }

    #[test]
    fn a_code_that_nobody_knows_shows_quickbooks_own_words() {
        let entry = explain("qb_3999", "The moon is in the wrong house.").expect("any status is explained");
        assert!(entry.title.contains("The moon is in the wrong house."), "{}", entry.title);
        let entry = explain("hresult_0x8004FFFF", "Nope.").expect("any error is explained");
        assert!(entry.title.contains("Nope."), "{}", entry.title);
        assert_eq!(explain("no_such_cause", ""), None);
    }
}
