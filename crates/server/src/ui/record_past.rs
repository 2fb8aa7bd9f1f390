//! What happened to a record, in the words of the page.

use bookferry_store::{Attempt, HistoryLine, Revision};
use bookferry_sync::id::VisitId;
use bookferry_sync::submission::Status;

use super::difference::{Difference, differences};
use super::frame::Frame;
use super::moment::Ago;
use super::money;
use super::row::Mark;

/// Fields that are told of one change; a record that is another one altogether need not be told whole.
const DIFFERENCES_MAX: usize = 30;

pub(super) struct AttemptRow {
    pub(super) attempt: Attempt,
    pub(super) when: Ago,
    pub(super) errand: &'static str,
    pub(super) outcome: String,
}

pub(super) struct RevisionRow {
    pub(super) number: i64,
    pub(super) when: Ago,
    pub(super) actor: String,
    pub(super) what: String,
    pub(super) made_here: bool,
    pub(super) differences: Vec<Difference>,
    /// How many more differ than are told.
    pub(super) untold: usize,
}

pub(super) struct HistoryRow {
    pub(super) when: Ago,
    pub(super) actor: String,
    pub(super) from_where: String,
    pub(super) event: String,
    pub(super) status: Option<Mark>,
    pub(super) reason: String,
}

impl AttemptRow {
    pub(super) fn of(attempt: Attempt, frame: &Frame) -> Self {
        let outcome = attempt.outcome.as_deref().map_or_else(|| "The answer is awaited".to_owned(), spelled_out);
        Self {
            when: Ago { at: attempt.sent_at, now: frame.now },
            errand: match attempt.errand.as_str() {
                "add" => "Add it",
                "mod" => "Change it",
                _ => "Void it",
            },
            outcome,
            attempt,
        }
    }
}

impl RevisionRow {
    /// Newest first, each with what it changed.
    pub(super) fn all(revisions: &[Revision], frame: &Frame) -> Vec<Self> {
        let earlier = revisions.iter().skip(1).map(Some).chain([None]);
        revisions.iter().zip(earlier).map(|(revision, earlier)| Self::of(revision, earlier, frame)).collect()
    }

    fn of(revision: &Revision, earlier: Option<&Revision>, frame: &Frame) -> Self {
        let amount = money::amount(revision.content.amount().e5());
        let mut differences =
            earlier.map(|earlier| differences(&earlier.content, &revision.content)).unwrap_or_default();
        let untold = differences.len().saturating_sub(DIFFERENCES_MAX);
        differences.truncate(DIFFERENCES_MAX);
        Self {
            number: revision.number,
            when: Ago { at: revision.created_at, now: frame.now },
            actor: told_actor(&revision.actor),
            what: if revision.voided {
                "Voided".to_owned()
            } else {
                format!("{} for {amount}", revision.content.customer().name)
            },
            made_here: revision.made_here,
            differences,
            untold,
        }
    }
}

impl HistoryRow {
    pub(super) fn of(line: &HistoryLine, frame: &Frame) -> Self {
        Self {
            when: Ago { at: line.at, now: frame.now },
            actor: told_actor(&line.actor),
            from_where: told_place(&line.from_where),
            event: spelled_out(&line.event),
            status: line.to_status.parse::<Status>().ok().map(Mark),
            reason: line.reason.clone().unwrap_or_default(),
        }
    }
}

pub(super) fn told_actor(actor: &str) -> String {
    if actor == "web_connector" { "Web Connector".to_owned() } else { actor.to_owned() }
}

/// The Web Connector acts in a visit, which is written down by its id.
pub(super) fn told_place(from_where: &str) -> String {
    match from_where {
        "api" => "API".to_owned(),
        "sync_manager" => "Sync Manager".to_owned(),
        visit if visit.parse::<VisitId>().is_ok() => "in a visit".to_owned(),
        other => spelled_out(other),
    }
}

/// `mark_ready` becomes "Mark ready".
pub(super) fn spelled_out(word: &str) -> String {
    let words = word.replace('_', " ");
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
