use bookferry_crash::mutation::{Mutation, is_planted};
use bookferry_qbwc::{Call, Outcome, Reply, Session, Step, reply_without_session};
use bookferry_qbxml::hresult;
use bookferry_store::VisitStep;
use bookferry_sync::pace::Pace;
use bookferry_sync::visit::{Ending, VisitState, closing_words};
use serde::{Deserialize, Serialize};

use super::{SoapError, next, operation, take};
use crate::{App, SecretHash};

/// What a visit keeps between two calls, stored as JSON.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct VisitMemory {
    pub(super) session: Session,
    pub(super) state: VisitState,
}

impl VisitMemory {
    pub(super) const fn new(session: Session, pace: Pace) -> Self {
        Self { session, state: VisitState::new(pace) }
    }

    pub(super) fn to_json(&self) -> Result<String, SoapError> {
        serde_json::to_string(self).map_err(SoapError::Session)
    }
}

/// Steps the visit that the call's ticket names. A step that something else of the company overtakes has written nothing, and
/// is taken anew in its turn.
pub(super) async fn step(app: &App, call: &Call) -> Result<Reply, SoapError> {
    let ticket_hash = SecretHash::of(call.ticket().unwrap_or_default());
    match try_step(app, call, app.store().visit_step(&ticket_hash.0).await?).await {
        Err(SoapError::Store(error)) if error.may_be_overtaken() => {
            tracing::debug!(operation = call.operation().name(), %error, "a step was overtaken and is taken anew");
            try_step(app, call, app.store().visit_step_in_turn(&ticket_hash.0).await?).await
        }
        result => result,
    }
}

/// Loaded, stepped, saved and committed as one, and answered after that.
async fn try_step(app: &App, call: &Call, visit: Option<VisitStep>) -> Result<Reply, SoapError> {
    let Some(mut visit) = visit else { return Ok(stranger(call)) };
    let mut memory: VisitMemory = serde_json::from_str(&visit.visit.session).map_err(SoapError::Session)?;
    if visit.visit.closed_at.is_some() {
        memory.session.take_over();
    }
    let mut is_sending = false;
    let reply = match memory.session.handle(call) {
        Step::Reply(reply) => reply,
        Step::NotOfASession => return Ok(stranger(call)),
        work @ (Step::FirstRequest { .. }
        | Step::NextMessageSet { .. }
        | Step::Replay { .. }
        | Step::TakeAnswer { .. }
        | Step::ConnectionFailed { .. }
        | Step::Close { .. }) => {
            visit.operation = operation::name(&work, &memory.state);
            let outcome = work_off(app, &mut visit, &mut memory.state, work).await?;
            visit.operation = operation::name_once_planned(visit.operation, &memory.state);
            if let Outcome::Fail { text } | Outcome::Refuse { text } | Outcome::GiveUp { text } = &outcome {
                visit.note_trouble(text);
                memory.state.ending = Some(Ending::Trouble { text: text.clone() });
            }
            is_sending = visit.operation == "next_message_set";
            memory.session.resume(outcome)?
        }
    };
    let now = app.clock().now();
    visit.save_session(&memory.to_json()?, now);
    if !(is_sending && is_planted(Mutation::NoCommitBeforeReply)) {
        visit.commit().await?;
    }
    Ok(reply)
}

/// The one piece of work without which the call has no reply.
async fn work_off(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    work: Step<'_>,
) -> Result<Outcome, SoapError> {
    match work {
        Step::FirstRequest { exchange, host_company_preferences, company_file, version, .. } => {
            next::first_request(app, visit, state, exchange, host_company_preferences, company_file, version).await
        }
        Step::NextMessageSet { exchange } => next::next_message_set(app, visit, state, exchange).await,
        Step::Replay { exchange } if is_planted(Mutation::NoReplay) => {
            next::next_message_set(app, visit, state, exchange).await
        }
        Step::Replay { exchange } => next::replay(visit, state, exchange).await,
        Step::TakeAnswer { exchange, answer } => take::take_answer(app, visit, state, exchange, answer).await,
        Step::ConnectionFailed { hresult, message, may_retry, .. } => {
            Ok(connection_failed(visit, hresult, message, may_retry))
        }
        Step::Close { .. } => close(app, visit, state).await,
        Step::Reply(_) | Step::NotOfASession => Ok(Outcome::NothingMore),
    }
}

/// With the remembered path QuickBooks may refuse because it has another file open, or the file was moved. The file that is
/// open is tried once; the check at the first request tells whether it is the right one.
fn connection_failed(visit: &VisitStep, hresult: &str, message: &str, may_retry: bool) -> Outcome {
    tracing::warn!(visit.id = %visit.visit.id, hresult, "the Web Connector could not open the company file");
    if may_retry {
        return Outcome::TryOpenFile;
    }
    let text = match hresult.parse().ok().and_then(hresult::find) {
        Some(known) => known.told(),
        None => format!("QuickBooks could not be opened: {message} ({hresult})"),
    };
    Outcome::GiveUp { text }
}

async fn close(app: &App, visit: &mut VisitStep, state: &VisitState) -> Result<Outcome, SoapError> {
    let now = app.clock().now();
    let waiting = match &state.ending {
        Some(Ending::Limit | Ending::QuietHours { .. }) => visit.count_claimable(now).await?,
        Some(Ending::Trouble { .. }) | None => 0,
    };
    let (submitted, attention) = (visit.visit.submitted_count, visit.visit.attention_count);
    let text = closing_words(submitted, attention, waiting, state.ending.as_ref());
    visit.close(&text, now).await?;
    tracing::info!(visit.id = %visit.visit.id, submitted = visit.visit.submitted_count,
        attention = visit.visit.attention_count, "a visit ends");
    Ok(Outcome::Closed { text })
}

/// A ticket that nobody was given: the closing calls are answered, and nothing is done.
fn stranger(call: &Call) -> Reply {
    reply_without_session(call).unwrap_or_else(|| Reply::GetLastError("This visit is not known.".to_owned()))
}
