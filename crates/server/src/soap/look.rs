//! Looks for a person: what they say is in QuickBooks already, before anything is sent; and how documents stand that wait for
//! a decision, once nothing else is left to do.

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::VisitStep;
use bookferry_sync::look::{self, Asked, LOOK_MAX};
use bookferry_sync::visit::{Inquiry, VisitState};
use jiff::Timestamp;

use super::{SoapError, next};
use crate::App;

/// `None` where nobody has said anything that was not looked for.
pub(super) async fn for_what_is_there(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
) -> Result<Option<Outcome>, SoapError> {
    let mut sought = visit.sought(LOOK_MAX).await?;
    sought.retain(|sought| !state.looked_at.contains(&sought.record_id));
    Ok(ask(app, visit, state, Asked { sought, ..Asked::default() }))
}

/// `None` where everything that waits was read since it changed.
pub(super) async fn at_what_stands(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
) -> Result<Option<Outcome>, SoapError> {
    let mut standing = visit.unread(LOOK_MAX).await?;
    standing.retain(|(record, ..)| !state.looked_at.contains(record));
    let overpaying = std::mem::take(&mut state.overpaying);
    if !overpaying.is_empty() {
        let mut paid = visit.paid_by(&overpaying).await?;
        paid.truncate(usize::try_from(LOOK_MAX).unwrap_or(usize::MAX));
        paid.retain(|(record, ..)| standing.iter().all(|(other, ..)| other != record));
        standing.extend(paid);
    }
    Ok(ask(app, visit, state, Asked { standing, ..Asked::default() }))
}

/// Keeps what QuickBooks told. What it left unanswered is asked by the next visit.
pub(super) async fn take(
    visit: &mut VisitStep,
    state: &mut VisitState,
    asked: &Asked,
    answer: &MessageSetRs,
    now: Timestamp,
) -> Result<(), SoapError> {
    let seen = look::read(asked, answer);
    state.looked_at.extend(asked.standing.iter().map(|(record, ..)| *record));
    state.looked_at.extend(asked.sought.iter().map(|sought| sought.record_id));
    tracing::info!(visit.id = %visit.visit.id, standing = seen.standing.len(), found = seen.found.len(),
        missed = seen.missed.len(), "QuickBooks was looked into for a person");
    visit.take_look(&asked.sought, &seen, now).await?;
    Ok(())
}

fn ask(app: &App, visit: &VisitStep, state: &mut VisitState, asked: Asked) -> Option<Outcome> {
    let set = look::ask(&asked, next::message_set_id(app))?;
    let books = next::books_of(visit);
    Some(next::inquire(state, |qbxml| Inquiry::Look { asked, qbxml }, &set, &books))
}
