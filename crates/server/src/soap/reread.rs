//! Before a change is sent, the document is read as it stands in QuickBooks, in the same visit.

use std::collections::HashMap;

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::VisitStep;
use bookferry_sync::change::{self, READ_MAX, Reread};
use bookferry_sync::id::RecordId;
use bookferry_sync::plan::Candidate;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::Errand;
use bookferry_sync::visit::{Inquiry, VisitState};
use jiff::Timestamp;

use super::{SoapError, next};
use crate::App;

/// Prepares to read those of the `window` that are changes and were not read in this visit. `None` where there are none.
pub(super) fn ask(app: &App, visit: &VisitStep, state: &mut VisitState, window: &[Candidate]) -> Option<Outcome> {
    let unread: Vec<&Candidate> = window.iter().filter(|it| is_unread(state, it)).take(READ_MAX).collect();
    let set = change::ask(&unread, next::message_set_id(app))?;
    let asked: Vec<(RecordId, RecordKind, String)> = unread
        .iter()
        .filter_map(|it| Some((it.record_id, it.content.kind(), it.errand.posted()?.txn_id.clone())))
        .collect();
    let books = next::books_of(visit);
    Some(next::inquire(state, |qbxml| Inquiry::Reread { asked, qbxml }, &set, &books))
}

/// Whether one of these has to be read before it is sent.
pub(super) fn is_wanted(state: &VisitState, candidates: &[Candidate]) -> bool {
    candidates.iter().any(|candidate| is_unread(state, candidate))
}

/// Keeps what QuickBooks has. Where it did not answer, the visit ends, and the next one asks again.
pub(super) fn take(
    state: &mut VisitState,
    asked: &[(RecordId, RecordKind, String)],
    answer: &MessageSetRs,
) -> Option<Outcome> {
    let read = change::reread(asked, answer);
    let is_partial = read.len() < asked.len();
    state.reread.extend(read);
    is_partial.then(|| Outcome::Fail {
        text: "QuickBooks did not show what it has of records that changed. The next visit asks again.".to_owned(),
    })
}

/// Gives the changes what they are worked out from. Those that somebody changed in QuickBooks too are a person's now, and left
/// out of what is returned.
pub(super) async fn prepare(
    visit: &mut VisitStep,
    state: &mut VisitState,
    candidates: Vec<Candidate>,
    now: Timestamp,
) -> Result<Vec<Candidate>, SoapError> {
    let posted = |it: &Candidate| match &it.errand {
        Errand::Mod(posted) => Some((it.record_id, posted.revision)),
        Errand::Add | Errand::Void(_) => None,
    };
    let changes: Vec<(RecordId, i64)> = candidates.iter().filter_map(posted).collect();
    if changes.is_empty() {
        return Ok(candidates);
    }
    let sent = visit.revisions(&changes).await?;
    // As the candidates name things, so that a mapping is no change.
    let mappings = visit.mappings(sent.values()).await?;
    let sent: HashMap<RecordId, Content> =
        sent.into_iter().map(|(record, content)| (record, mappings.apply(content).0)).collect();
    let rule = visit.company.settings.changes;
    let mut prepared = Vec::with_capacity(candidates.len());
    let mut conflicts = Vec::new();
    for mut candidate in candidates {
        if let (Some(sent), Some(reread)) = (sent.get(&candidate.record_id), state.reread.get(&candidate.record_id)) {
            if let Some(event) = change::hindrance(&candidate, sent, reread, rule) {
                conflicts.push((candidate.record_id, event));
                continue;
            }
            if let Reread::Standing(standing) = reread {
                candidate.basis = Some(change::basis(sent, &candidate.content, standing));
            }
        }
        prepared.push(candidate);
    }
    if !conflicts.is_empty() {
        visit.apply_events(&conflicts, now).await?;
    }
    Ok(prepared)
}

fn is_unread(state: &VisitState, candidate: &Candidate) -> bool {
    matches!(candidate.errand, Errand::Mod(_)) && !state.reread.contains_key(&candidate.record_id)
}
