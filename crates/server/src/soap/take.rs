use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use bookferry_crash::mutation::{Mutation, is_planted};
use bookferry_qbwc::{Answer as FromWebConnector, Exchange, Outcome};
use bookferry_qbxml::hresult::{self, Hresult};
use bookferry_qbxml::message_set::{MessageSetId, MessageSetRs, QbxmlVersion};
use bookferry_store::{Answer, MessageSet, MessageSetState, Settled, VisitStep};
use bookferry_sync::cause::{Cause, Remedy, explain};
use bookferry_sync::id::{MessageSetKey, RecordId};
use bookferry_sync::outcome::{self, SettledRecord, Settlement};
use bookferry_sync::plan::{Purpose, Sent};
use bookferry_sync::recovery::{self, Remembered};
use bookferry_sync::submission::Event;
use bookferry_sync::visit::{Inquiry, Refusal, VisitState};
use jiff::Timestamp;

use super::next::LookUp;
use super::{SoapError, lists, look, lost_changes, next, older, reconciliation, reread, search};
use crate::App;

/// Takes QuickBooks' answer: all outcomes are in this one transaction, and the percentage tells of what is committed.
pub(super) async fn take_answer(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
    answer: FromWebConnector<'_>,
) -> Result<Outcome, SoapError> {
    let response = match answer {
        FromWebConnector::Response(response) => response,
        FromWebConnector::Failed { hresult, message } => {
            return failed(app, visit, state, exchange, hresult, message).await;
        }
        FromWebConnector::Nothing => return Ok(fail("QuickBooks gave neither an answer nor an error.")),
    };
    let Ok(answer) = MessageSetRs::from_xml(response) else {
        tracing::warn!(visit.id = %visit.visit.id, "an answer of QuickBooks is not readable; it is asked about again");
        return Ok(fail("The answer of QuickBooks could not be read. The next visit asks for it again."));
    };
    match state.inquiry.take() {
        Some(inquiry) if state.inquiry_id.as_ref().is_some_and(|id| is_anothers(&answer, id.as_str())) => {
            state.inquiry = Some(inquiry);
            Ok(Outcome::AnsweredBefore)
        }
        Some(inquiry) => inquired(app, visit, state, inquiry, &answer, response).await,
        None => planned(app, visit, state, exchange, &answer, response).await,
    }
}

fn fail(text: &str) -> Outcome {
    Outcome::Fail { text: text.to_owned() }
}

/// The answer to a set of the planner's.
async fn planned(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
    answer: &MessageSetRs,
    response: &str,
) -> Result<Outcome, SoapError> {
    let Some(set) = visit.message_set(i64::from(exchange.number()), app.clock().now()).await? else {
        return Ok(fail("This answer belongs to no request of this visit."));
    };
    if set.state != MessageSetState::Sent || is_anothers(answer, &set.message_set_id) {
        return Ok(Outcome::AnsweredBefore);
    }
    if let Some(reason) = settle(app, visit, state, &set, answer, Some(response)).await? {
        return Ok(Outcome::Fail { text: format!("QuickBooks could not look up its lists: {reason}") });
    }
    if set.is_write {
        state.settled = MessageSetId::new(set.message_set_id.as_str()).ok();
        let now = app.clock().now();
        let took = now.duration_since(visit.visit.last_call_at);
        state.pace.answered(answer.responses.len(), took, visit.company.settings.target_seconds, now);
    }
    go_on(app, visit, state).await
}

/// Whether the answer names another message set than `id`, by its own attribute or by its requests' ids.
fn is_anothers(answer: &MessageSetRs, id: &str) -> bool {
    if let Some(named) = &answer.new_message_set_id {
        return named != id;
    }
    let first = answer.responses.iter().find_map(|rs| rs.request_id.as_deref());
    first.and_then(|request_id| request_id.rsplit_once('.')).is_some_and(|(set, _)| set != id)
}

/// The answer to a request that only asked.
async fn inquired(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    inquiry: Inquiry,
    answer: &MessageSetRs,
    response: &str,
) -> Result<Outcome, SoapError> {
    match inquiry {
        Inquiry::Books { .. } => {
            let bound = visit.company.books.clone().unwrap_or_default();
            let version = QbxmlVersion { major: bound.qbxml_major, minor: bound.qbxml_minor };
            match next::take_books(app, visit, answer, &bound.company_file, Some(version)).await? {
                Ok(books) => {
                    state.pace = mem::take(&mut state.pace).resumed(&books.quickbooks, app.clock().now());
                }
                Err(Outcome::Refuse { text }) => return Ok(Outcome::Fail { text }),
                Err(other) => return Ok(other),
            }
        }
        Inquiry::Recovery { message_set, .. } => recover(app, visit, state, message_set, answer, response).await?,
        Inquiry::LookUp { message_set, lost, is_fence, refusal, .. } => {
            looked_up(app, visit, state, LookedUp { message_set, lost, is_fence, refusal }, answer).await?;
        }
        Inquiry::Search { sought, .. } => {
            if let Some(fail) = search::take(visit, state, &sought, answer, app.clock().now()).await? {
                return Ok(fail);
            }
        }
        // It is asked once there is nothing else to do, in this visit.
        Inquiry::Nothing { .. } if !state.put_off.is_empty() || !state.looked_at.is_empty() => {
            return Ok(Outcome::Done);
        }
        Inquiry::Reread { asked, .. } => {
            if let Some(fail) = reread::take(state, &asked, answer) {
                return Ok(fail);
            }
        }
        Inquiry::Look { asked, .. } => look::take(visit, state, &asked, answer, app.clock().now()).await?,
        Inquiry::Older { asked, .. } => older::take(app, visit, state, &asked, answer).await?,
        Inquiry::Lists { questions, .. } => lists::take(app, visit, state, questions, answer).await?,
        Inquiry::Reconciliation { questions, .. } => {
            reconciliation::take(app, visit, state, &questions, answer).await?
        }
        Inquiry::Nothing { .. } => {}
    }
    go_on(app, visit, state).await
}

/// QuickBooks says what became of a set: the stored answer counts as if it had come in time.
async fn recover(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    key: MessageSetKey,
    answer: &MessageSetRs,
    response: &str,
) -> Result<(), SoapError> {
    let Some(set) = visit.unsettled_message_set(key).await? else { return Ok(()) };
    let remembered = recovery::remembered(answer);
    if remembered == Remembered::Answer {
        tracing::info!(visit.id = %visit.visit.id, message_set.id = %set.message_set_id, "a lost answer was recovered");
        settle(app, visit, state, &set, answer, Some(response)).await?;
        state.settled = MessageSetId::new(set.message_set_id.as_str()).ok();
    }
    let lost = lost_records(visit, &set).await?;
    if lost.is_empty() {
        return Ok(());
    }
    if remembered == Remembered::LookUp {
        let untold = conclude(app, visit, &set, lost, answer, None).await?;
        if !untold.is_empty() {
            // QuickBooks tells no more under that id than it told then.
            next::look_for(app, visit, state, &set, untold, LookUp { is_fence: false, refusal: None });
        }
        return Ok(());
    }
    if is_planted(Mutation::NoLookUp) {
        return take_for_not_executed(app, visit, &set).await;
    }
    let is_fence = remembered == Remembered::Nothing;
    next::look_for(app, visit, state, &set, lost, LookUp { is_fence, refusal: None });
    Ok(())
}

/// What was looked for, and how.
struct LookedUp {
    message_set: MessageSetKey,
    lost: Vec<Sent>,
    is_fence: bool,
    refusal: Option<Refusal>,
}

async fn looked_up(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    looked_up: LookedUp,
    answer: &MessageSetRs,
) -> Result<(), SoapError> {
    let LookedUp { message_set, lost, is_fence, refusal } = looked_up;
    let Some(set) = visit.unsettled_message_set(message_set).await? else { return Ok(()) };
    if is_fence && !recovery::was_looked_up(answer) {
        // QuickBooks has seen the id meanwhile: whatever came of it, a look-up under another id shows it.
        next::look_for(app, visit, state, &set, lost, LookUp { is_fence: false, refusal: None });
        return Ok(());
    }
    if refusal.is_some() {
        state.pace.refused(lost.len());
    }
    if !conclude(app, visit, &set, lost, answer, refusal.as_ref()).await?.is_empty() {
        tracing::info!(visit.id = %visit.visit.id, message_set.id = %set.message_set_id,
            "QuickBooks did not tell whether it has some records; the next visit asks again");
        state.put_off.insert(message_set);
    }
    Ok(())
}

/// Settles what the look-up tells of, and returns those of which it tells nothing: they stay open.
async fn conclude(
    app: &App,
    visit: &mut VisitStep,
    set: &MessageSet,
    lost: Vec<Sent>,
    answer: &MessageSetRs,
    refusal: Option<&Refusal>,
) -> Result<Vec<Sent>, SoapError> {
    let now = app.clock().now();
    let changes = lost_changes::changes(visit, &lost).await?;
    let mut settled = recovery::settle(&lost, &changes, answer);
    if is_planted(Mutation::NoChangeRule) {
        let changes: BTreeSet<RecordId> = changes.between.into_keys().collect();
        for record in settled.iter_mut().filter(|record| changes.contains(&record.record_id)) {
            record.event = Event::NotExecuted;
        }
    }
    let told: BTreeSet<RecordId> = settled.iter().map(|record| record.record_id).collect();
    if let Some(refusal) = refusal {
        settled = refused(settled, refusal, lost.len() == 1, now);
    } else if let Some(breakdown) = &set.breakdown {
        settled = broken_down(visit, settled, breakdown, now).await?;
    }
    let untold: Vec<Sent> = lost.into_iter().filter(|sent| !told.contains(&sent.record_id)).collect();
    let settled: Vec<Settled> = settled.into_iter().map(row).collect();
    let answer = Answer { settled: &settled, is_partial: !untold.is_empty(), ..Answer::default() };
    visit.settle(set.key, &answer, now).await?;
    Ok(untold)
}

/// A record that was alone in a set over which QuickBooks broke down, and is not there, lets the others go first; if that
/// happens again and again, it is the culprit.
async fn broken_down(
    visit: &mut VisitStep,
    settled: Vec<SettledRecord>,
    breakdown: &Refusal,
    now: Timestamp,
) -> Result<Vec<SettledRecord>, SoapError> {
    let mut concluded = Vec::with_capacity(settled.len());
    for record in settled {
        let breakdowns = if record.event == Event::NotExecuted { visit.breakdowns(record.record_id).await? } else { 0 };
        let is_suspect = breakdowns > 0;
        concluded.push(if is_suspect { recovery::broken_down(record, breakdowns, breakdown, now) } else { record });
    }
    Ok(concluded)
}

/// Nothing of a set that QuickBooks' parser did not take was executed. Where the record stood alone, it is the culprit.
fn refused(settled: Vec<SettledRecord>, refusal: &Refusal, alone: bool, now: Timestamp) -> Vec<SettledRecord> {
    let cause = Cause::new(format!("hresult_{}", refusal.hresult), &refusal.text, &refusal.hresult);
    let refused = |record: SettledRecord| {
        if matches!(record.event, Event::Accepted { .. }) {
            return record;
        }
        if alone {
            return SettledRecord { event: Event::Refused(cause.clone()), ..record };
        }
        SettledRecord { event: Event::Postponed, retry_at: Some(now), ..record }
    };
    settled.into_iter().map(refused).collect()
}

/// Counts this visit for the sets whose answer is missing. Where that makes one visit too many, a person is asked as well.
pub(super) async fn note_doubt(app: &App, visit: &mut VisitStep) -> Result<(), SoapError> {
    let doubtful = u32::try_from(visit.note_doubt().await?).unwrap_or(u32::MAX);
    if doubtful == 0 {
        return Ok(());
    }
    for set in visit.unsettled_message_sets(doubtful).await? {
        if set.visits_in_doubt <= recovery::VISITS_IN_DOUBT_MAX {
            continue;
        }
        let open = visit.open_attempts(set.key).await?;
        let is_new = |sent: &&Sent| open.iter().any(|open| open.record_id == sent.record_id && !open.is_a_persons);
        let lost = lost_records(visit, &set).await?;
        let events: Vec<(RecordId, Event)> =
            lost.iter().filter(is_new).map(|sent| (sent.record_id, recovery::in_doubt(sent))).collect();
        visit.apply_events(&events, app.clock().now()).await?;
    }
    Ok(())
}

/// A person has to say what became of the records: QuickBooks was asked often enough.
pub(super) async fn give_up(app: &App, visit: &mut VisitStep, set: &MessageSet) -> Result<(), SoapError> {
    let lost = lost_records(visit, set).await?;
    tracing::warn!(visit.id = %visit.visit.id, message_set.id = %set.message_set_id, records = lost.len(),
        "QuickBooks never told what became of a message set");
    settle_lost(app, visit, set.key, recovery::give_up(&lost)).await
}

/// What two of the mutations do, by which the simulation shows that it would find them.
pub(super) async fn take_for_not_executed(app: &App, visit: &mut VisitStep, set: &MessageSet) -> Result<(), SoapError> {
    let lost = lost_records(visit, set).await?;
    let ready_again = lost.iter().map(|sent| sent.settled(Event::NotExecuted, None)).collect();
    settle_lost(app, visit, set.key, ready_again).await
}

/// The records of a set of which nothing is known yet.
async fn lost_records(visit: &mut VisitStep, set: &MessageSet) -> Result<Vec<Sent>, SoapError> {
    let open: Vec<RecordId> = visit.open_attempts(set.key).await?.iter().map(|attempt| attempt.record_id).collect();
    Ok(purposes(set)?
        .into_iter()
        .filter_map(|purpose| match purpose {
            Purpose::Record { sent, .. } if open.contains(&sent.record_id) => Some(sent),
            Purpose::Record { .. } | Purpose::LookUp { .. } | Purpose::Create { .. } => None,
        })
        .collect())
}

async fn settle_lost(
    app: &App,
    visit: &mut VisitStep,
    message_set: MessageSetKey,
    records: Vec<SettledRecord>,
) -> Result<(), SoapError> {
    let settled: Vec<Settled> = records.into_iter().map(row).collect();
    let answer = Answer { settled: &settled, ..Answer::default() };
    visit.settle(message_set, &answer, app.clock().now()).await?;
    Ok(())
}

/// Writes an answer with all it comes to. Records of which it says nothing stay open and are asked about again. Returns
/// QuickBooks' words where a look-up has to wait.
async fn settle(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    set: &MessageSet,
    answer: &MessageSetRs,
    response: Option<&str>,
) -> Result<Option<String>, SoapError> {
    let now = app.clock().now();
    let attempts = visit.open_attempts(set.key).await?;
    let attempts: BTreeMap<RecordId, i64> =
        attempts.into_iter().map(|attempt| (attempt.record_id, attempt.attempt_count)).collect();
    let count = |record| attempts.get(&record).copied().unwrap_or(1);
    let Settlement { records, learned, absent, stalled } = outcome::settle(&purposes(set)?, answer, count, now);
    // What an earlier part of the answer has settled stays as it is.
    let open = records.into_iter().filter(|record| attempts.contains_key(&record.record_id));
    let (lost, known): (Vec<_>, Vec<_>) = open.partition(|record| record.event == Event::AnswerLost);
    let settled: Vec<Settled> = known.into_iter().map(row).collect();
    state.overpaying.extend(settled.iter().filter(|settled| is_overpaying(settled)).map(|settled| settled.record_id));
    let answer = Answer {
        response_xml: response,
        settled: &settled,
        present: &learned,
        absent: &absent,
        is_partial: !lost.is_empty(),
    };
    visit.settle(set.key, &answer, now).await?;
    state.may_be_unsettled |= answer.is_partial;
    if set.state == MessageSetState::Sent && !lost.is_empty() {
        let events: Vec<(RecordId, Event)> = lost.into_iter().map(|lost| (lost.record_id, lost.event)).collect();
        visit.apply_events(&events, now).await?;
    }
    Ok(stalled)
}

/// Whether a button may mend it by which a payment pays no more than is open.
fn is_overpaying(settled: &Settled) -> bool {
    let Event::Refused(cause) = &settled.event else { return false };
    explain(&cause.code, "").is_some_and(|entry| entry.remedies.contains(&Remedy::ApplyOpen))
}

fn purposes(set: &MessageSet) -> Result<Vec<Purpose>, SoapError> {
    serde_json::from_str(&set.purposes).map_err(SoapError::Session)
}

fn row(record: SettledRecord) -> Settled {
    Settled {
        record_id: record.record_id,
        outcome: record.event.name().to_owned(),
        event: record.event,
        status_code: record.status_code,
        status_message: Some(record.status_message).filter(|message| !message.is_empty()),
        warning: record.warning,
        retry_at: record.retry_at,
        postponed_because: record.postponed_because,
    }
}

/// QuickBooks' request processor threw. Only of 0x80040400 it is certain that nothing was executed (qbxml.md section 13).
async fn failed(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
    hresult: &str,
    message: &str,
) -> Result<Outcome, SoapError> {
    let code: Option<Hresult> = hresult.parse().ok();
    let known = code.and_then(hresult::find);
    let text = known.map_or_else(
        || format!("QuickBooks failed: {message} ({hresult}). The next visit tries again."),
        |known| format!("{} {}", known.what, known.what_to_do),
    );
    tracing::warn!(visit.id = %visit.visit.id, hresult, "QuickBooks' request processor failed");
    let inquiry = state.inquiry.take();
    if matches!(inquiry, Some(Inquiry::Books { .. })) {
        // Some connectors answer none of the three; the lists and the records may go across all the same.
        return go_on(app, visit, state).await;
    }
    if let Some(Inquiry::Lists { questions, .. }) = &inquiry {
        // Nothing that crosses depends on the lists.
        lists::note_trouble(visit, questions, &text, app.clock().now()).await?;
        return go_on(app, visit, state).await;
    }
    if let Some(Inquiry::Reconciliation { .. }) = &inquiry {
        reconciliation::put_off(visit, state, &text, app.clock().now()).await?;
        return go_on(app, visit, state).await;
    }
    if matches!(inquiry, Some(Inquiry::Older { .. })) {
        older::give_up(state);
        return go_on(app, visit, state).await;
    }
    let is_inquiry = inquiry.is_some();
    let nothing_was_executed = code.is_some_and(Hresult::nothing_was_executed);
    let set = visit.message_set(i64::from(exchange.number()), app.clock().now()).await?;
    let Some(set) = set.filter(|set| set.is_write && !is_inquiry) else { return Ok(Outcome::Fail { text }) };
    if !nothing_was_executed {
        // What became of it is asked in the next visit; if a record of it breaks QuickBooks, that one is closed in on.
        state.pace.refused(visit.open_attempts(set.key).await?.len());
        visit.note_breakdown(set.key, &Refusal { hresult: hresult.to_owned(), text: text.clone() }).await?;
        return Ok(Outcome::Fail { text });
    }
    if set.state != MessageSetState::Sent {
        return Ok(Outcome::AnsweredBefore);
    }
    refused_as_a_whole(app, visit, state, &set, Refusal { hresult: hresult.to_owned(), text }).await
}

/// A set that QuickBooks' parser does not take is halved until the record it stumbles over stands alone. An error names no
/// message set and may be an earlier one's that comes late, so it is made sure first that this one was not executed.
async fn refused_as_a_whole(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    set: &MessageSet,
    refusal: Refusal,
) -> Result<Outcome, SoapError> {
    let now = app.clock().now();
    let lost = lost_records(visit, set).await?;
    visit.settle(set.key, &Answer { is_partial: true, ..Answer::default() }, now).await?;
    let events: Vec<(RecordId, Event)> = lost.iter().map(|sent| (sent.record_id, Event::AnswerLost)).collect();
    visit.apply_events(&events, now).await?;
    state.may_be_unsettled = true;
    next::look_for(app, visit, state, set, lost, LookUp { is_fence: true, refusal: Some(refusal) });
    go_on(app, visit, state).await
}

/// What is left to do decides between "go on" and "done".
async fn go_on(app: &App, visit: &mut VisitStep, state: &mut VisitState) -> Result<Outcome, SoapError> {
    let now: Timestamp = app.clock().now();
    state.ending = next::ending(visit, now);
    if state.ending.is_some() {
        return Ok(Outcome::Done);
    }
    let is_asked_on = state.inquiry.is_some()
        || !state.list_questions.is_empty()
        || !state.reconciliation_questions.is_empty()
        || !state.overpaying.is_empty();
    if !is_asked_on && !visit.has_work(now).await? && !older::is_left(visit, state).await? {
        return Ok(Outcome::Done);
    }
    let settled = visit.visit.submitted_count.saturating_add(visit.visit.attention_count);
    Ok(Outcome::Progress { percent: state.percent(u64::try_from(settled).unwrap_or(0)) })
}
