//! After a restored backup: what is about to be added is looked for in QuickBooks first, many records in one message set.

use std::collections::BTreeSet;

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::VisitStep;
use bookferry_sync::books;
use bookferry_sync::id::RecordId;
use bookferry_sync::plan::{Candidate, Sent};
use bookferry_sync::recovery;
use bookferry_sync::visit::{Inquiry, VisitState};
use jiff::Timestamp;

use super::{SoapError, next};
use crate::App;

/// Whether some of these have to be looked for before they are added.
pub(super) fn is_wanted(visit: &VisitStep, state: &VisitState, candidates: &[Candidate]) -> bool {
    sought(visit, state, candidates).next().is_some()
}

/// Prepares to look for those of the `window` of which the database may have forgotten that they were sent. `None` where a
/// person has already said of all of them that they are not there.
pub(super) async fn search(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    window: &[Candidate],
) -> Result<Option<String>, SoapError> {
    let Some(epoch) = visit.company.epoch else { return Ok(None) };
    let ids: Vec<RecordId> = sought(visit, state, window).map(|candidate| candidate.record_id).collect();
    state.not_there.extend(visit.answered_by_person(&ids, epoch).await?);
    let sought: Vec<Sent> =
        sought(visit, state, window).map(|sought| Sent::of(sought, &visit.company.settings)).collect();
    let Some(set) = recovery::look_up(&sought, next::message_set_id(app)) else {
        // What no query can name was never sent.
        state.not_there.extend(sought.iter().map(|sent| sent.record_id));
        return Ok(None);
    };
    tracing::info!(visit.id = %visit.visit.id, records = sought.len(), "records are looked for before they are sent");
    let qbxml = set.to_xml(books::version(&next::books_of(visit)));
    state.inquiry = Some(Inquiry::Search { sought, qbxml: qbxml.clone() });
    state.inquiry_id.clone_from(&set.new_message_set_id);
    Ok(Some(qbxml))
}

/// Takes the answer. What QuickBooks did not tell of stays ready and is asked for by the next visit.
pub(super) async fn take(
    visit: &mut VisitStep,
    state: &mut VisitState,
    sought: &[Sent],
    answer: &MessageSetRs,
    now: Timestamp,
) -> Result<Option<Outcome>, SoapError> {
    let search = recovery::search(sought, answer);
    let found: BTreeSet<RecordId> = search.found.iter().map(|(record, _)| *record).collect();
    tracing::info!(visit.id = %visit.visit.id, found = found.len(), absent = search.absent.len(),
        "records were looked for in QuickBooks");
    visit.apply_events(&search.found, now).await?;
    state.not_there.extend(search.absent);
    Ok(search.is_partial.then(|| Outcome::Fail {
        text: "QuickBooks did not say whether it has the records that are to be sent. The next visit asks again."
            .to_owned(),
    }))
}

fn sought<'a>(
    visit: &VisitStep,
    state: &VisitState,
    candidates: &'a [Candidate],
) -> impl Iterator<Item = &'a Candidate> {
    let epoch = visit.company.epoch;
    candidates.iter().filter(move |candidate| {
        epoch.is_some_and(|epoch| epoch.may_have_forgotten(&candidate.errand, &candidate.content))
            && !state.not_there.contains(&candidate.record_id)
    })
}
