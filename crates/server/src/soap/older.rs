//! Before older records are added: QuickBooks is asked whether it has them, a bounded number in each visit.

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::{OlderRecord, VisitStep};
use bookferry_sync::id::CompanyId;
use bookferry_sync::mapping::Mappings;
use bookferry_sync::mark::Mark;
use bookferry_sync::plan::{Candidate, Sent};
use bookferry_sync::recovery::{self, OLDER_PER_SET, OLDER_PER_VISIT_MAX};
use bookferry_sync::submission::Errand;
use bookferry_sync::visit::{Inquiry, VisitState};

use super::{SoapError, next};
use crate::App;

/// Asks about the next of those that are held back. `None` where there is none, or this visit has asked enough.
pub(super) async fn ask(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
) -> Result<Option<Outcome>, SoapError> {
    while state.older_asked < OLDER_PER_VISIT_MAX {
        let records = visit.older_unasked(OLDER_PER_SET).await?;
        if records.is_empty() {
            return Ok(None);
        }
        state.older_asked = state.older_asked.saturating_add(OLDER_PER_SET);
        let mappings = visit.mappings(records.iter().map(|record| &record.content)).await?;
        let (company, settings) = (visit.company.id, visit.company.settings.clone());
        let asked: Vec<Sent> =
            records.into_iter().map(|record| Sent::of(&candidate(company, record, &mappings), &settings)).collect();
        if let Some(set) = recovery::look_up(&asked, next::message_set_id(app)) {
            let books = next::books_of(visit);
            return Ok(Some(next::inquire(state, |qbxml| Inquiry::Older { asked, qbxml }, &set, &books)));
        }
        visit.note_older(&recovery::older_unasked(&asked), app.clock().now()).await?;
    }
    Ok(None)
}

/// Whether this visit is to ask about more.
pub(super) async fn is_left(visit: &mut VisitStep, state: &VisitState) -> Result<bool, SoapError> {
    Ok(state.older_asked < OLDER_PER_VISIT_MAX && visit.is_older_unasked().await?)
}

/// Keeps what QuickBooks said. What it did not tell of is asked by the next visit.
pub(super) async fn take(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    asked: &[Sent],
    answer: &MessageSetRs,
) -> Result<(), SoapError> {
    let answers = recovery::older(asked, answer);
    let seen = answers.iter().filter(|answer| answer.seen.is_some()).count();
    tracing::info!(visit.id = %visit.visit.id, asked = asked.len(), seen, "older records were looked for in QuickBooks");
    if answers.len() < asked.len() {
        give_up(state);
    }
    visit.note_older(&answers, app.clock().now()).await?;
    Ok(())
}

/// This visit asks no more.
pub(super) const fn give_up(state: &mut VisitState) {
    state.older_asked = OLDER_PER_VISIT_MAX;
}

fn candidate(company: CompanyId, record: OlderRecord, mappings: &Mappings) -> Candidate {
    let (content, mapped) = mappings.apply(record.content);
    Candidate {
        record_id: record.record_id,
        mark: Mark::of(company, record.kind, &record.external_id),
        revision: record.revision,
        errand: Errand::Add,
        content,
        mapped,
        applied_txn_ids: Vec::new(),
        basis: None,
    }
}
