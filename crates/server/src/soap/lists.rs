//! The lists, read at the end of a visit, a portion of each at a time.

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::VisitStep;
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::list_reading::{self, Asks, ListQuestion, Then};
use bookferry_sync::visit::{Inquiry, VisitState};
use jiff::Timestamp;

use super::{SoapError, next};
use crate::App;

/// Asks for what comes next of the lists that are being read, or begins with those that are due. `None` where none is.
pub(super) async fn ask(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
) -> Result<Option<Outcome>, SoapError> {
    let now = app.clock().now();
    if state.list_questions.is_empty() {
        let due = visit.lists_due(now).await?;
        state.list_questions = list_reading::begin(&due, now);
        for question in &state.list_questions {
            if matches!(question.asks, Asks::Whole { .. }) {
                visit.begin_whole_list(question.list, now).await?;
            }
        }
    }
    if state.list_questions.is_empty() {
        return Ok(None);
    }
    let questions = std::mem::take(&mut state.list_questions);
    let set = list_reading::ask(&questions, next::message_set_id(app));
    let books = next::books_of(visit);
    Ok(Some(next::inquire(state, |qbxml| Inquiry::Lists { questions, qbxml }, &set, &books)))
}

/// Takes what QuickBooks showed, and keeps what it has to be asked next.
pub(super) async fn take(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    questions: Vec<ListQuestion>,
    answer: &MessageSetRs,
) -> Result<(), SoapError> {
    let now = app.clock().now();
    let mut entries: Vec<ListEntry> = Vec::new();
    let mut deleted: Vec<(ListKind, String)> = Vec::new();
    let mut finished = Vec::new();
    for (index, question) in questions.iter().enumerate() {
        let shown = list_reading::take(question, answer.responses.get(index));
        entries.extend(shown.entries);
        deleted.extend(shown.deleted.into_iter().flat_map(|id| question.lists().map(move |list| (list, id.clone()))));
        finished.push((question.list, shown.then));
    }
    visit.take_list(&entries, &deleted, now).await?;
    for (list, then) in finished {
        match then {
            Then::Ask(next) => {
                if let Asks::Whole { part: Some(part) } = next.asks {
                    visit.note_list_part(list, part, next.newest_change).await?;
                }
                state.list_questions.push(next);
            }
            Then::Done { newest_change, is_whole } => {
                let entries = visit.finish_list(list, newest_change, is_whole, now).await?;
                tracing::info!(visit.id = %visit.visit.id, list = list.as_str(), entries, "a list is read");
            }
            Then::Nothing => {}
            Then::Trouble(text) => note_one(visit, list, &text, now).await?,
        }
    }
    Ok(())
}

/// QuickBooks gave none of them.
pub(super) async fn note_trouble(
    visit: &mut VisitStep,
    questions: &[ListQuestion],
    text: &str,
    now: Timestamp,
) -> Result<(), SoapError> {
    for question in questions {
        note_one(visit, question.list, text, now).await?;
    }
    Ok(())
}

async fn note_one(visit: &mut VisitStep, list: ListKind, text: &str, now: Timestamp) -> Result<(), SoapError> {
    tracing::warn!(visit.id = %visit.visit.id, list = list.as_str(), "QuickBooks did not give a list");
    visit.note_list_trouble(list, text, now).await?;
    Ok(())
}
