//! Reconciliation, at the end of visits: what was submitted is held against what QuickBooks has now.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use bookferry_qbwc::Outcome;
use bookferry_qbxml::message_set::MessageSetRs;
use bookferry_store::{AsSent, InQuickBooks, NIGHTLY, Reconciliation, SeenCounterpart, VisitStep};
use bookferry_sync::change::Reread;
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::mapping::Mappings;
use bookferry_sync::reconciliation::{
    self, GO_ON_AFTER, PORTIONS_PER_VISIT, Payer, QUESTIONS_AT_ONCE, Question, TRY_AGAIN_AFTER, Waiting,
};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, State};
use bookferry_sync::visit::{Inquiry, VisitState};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{SoapError, next};
use crate::App;

/// What QuickBooks showed in one answer, by TxnID.
#[derive(Default)]
struct Found {
    documents: HashMap<String, Reread>,
    deleted: HashSet<String>,
    balances: BTreeMap<String, i64>,
    payers: BTreeSet<Payer>,
}

/// Asks for what comes next of the reconciliation that goes on, or begins the one that is due. `None` where there is none, or
/// this visit has done its share.
pub(super) async fn ask(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
) -> Result<Option<Outcome>, SoapError> {
    let now = app.clock().now();
    if state.reconciliation_questions.is_empty() {
        let Some(open) = visit.reconciliation(now).await? else { return Ok(None) };
        state.reconciliation_questions = match open.since {
            Some(since) => reconciliation::begin(since),
            None => by_id(&open, visit.submitted_after(&open).await?, now),
        };
        if state.reconciliation_questions.is_empty() {
            visit.finish_reconciliation(now).await?;
            return Ok(None);
        }
        let is_share_done = state.portions_reconciled >= PORTIONS_PER_VISIT;
        if open.since.is_none() && open.asked_by == NIGHTLY && is_share_done {
            state.reconciliation_questions.clear();
            visit.put_reconciliation_off(now.saturating_add(GO_ON_AFTER).unwrap_or(Timestamp::MAX), None).await?;
            return Ok(None);
        }
    }
    state.portions_reconciled = state.portions_reconciled.saturating_add(1);
    let count = state.reconciliation_questions.len().min(QUESTIONS_AT_ONCE);
    let questions: Vec<Question> = state.reconciliation_questions.drain(..count).collect();
    let set = reconciliation::ask(&questions, next::message_set_id(app));
    let books = next::books_of(visit);
    Ok(Some(next::inquire(state, |qbxml| Inquiry::Reconciliation { questions, qbxml }, &set, &books)))
}

/// Has what differs wait for a person, and keeps how far the reconciliation is.
pub(super) async fn take(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    questions: &[Question],
    answer: &MessageSetRs,
) -> Result<(), SoapError> {
    let now = app.clock().now();
    let Some(mut open) = visit.reconciliation(now).await? else { return Ok(()) };
    let mut found = Found::default();
    for (index, question) in questions.iter().enumerate() {
        let shown = reconciliation::take(question, answer.responses.get(index));
        if let Some(trouble) = shown.trouble {
            return put_off(visit, state, &trouble, now).await;
        }
        found.documents.extend(shown.found);
        found.deleted.extend(shown.deleted);
        found.balances.extend(shown.balances);
        found.payers.extend(shown.payers);
        open.newest_change = open.newest_change.max(shown.newest_change);
        state.reconciliation_questions.extend(shown.next);
    }
    let asked: Vec<&str> = questions.iter().flat_map(Question::txn_ids).collect();
    if open.since.is_none() {
        // These are the ones that were asked for: nothing else has moved the position since.
        let portion = visit.submitted_after(&open).await?;
        let up_to = portion.iter().filter(|record| asked.contains(&record.txn_id.as_str())).map(|it| it.position).max();
        open.position = up_to.unwrap_or(open.position);
    }
    let paid_otherwise = keep_payers(visit, &found).await?;
    if open.since.is_some() {
        state.reconciliation_questions.extend(reconciliation::read_again(&paid_otherwise));
    }
    let (compared, differing) = compare(visit, found, now).await?;
    visit.note_reconciled(&open, compared, differing).await?;
    if state.reconciliation_questions.is_empty() && open.since.is_some() {
        finish(visit, &open, now).await?;
    }
    Ok(())
}

/// QuickBooks did not answer; a later visit asks again.
pub(super) async fn put_off(
    visit: &mut VisitStep,
    state: &mut VisitState,
    trouble: &str,
    now: Timestamp,
) -> Result<(), SoapError> {
    tracing::warn!(visit.id = %visit.visit.id, "QuickBooks did not show what it has of submitted records");
    state.reconciliation_questions.clear();
    let until = now.saturating_add(TRY_AGAIN_AFTER).unwrap_or(Timestamp::MAX);
    visit.put_reconciliation_off(until, Some(trouble)).await?;
    Ok(())
}

/// Keeps what pays the invoices that were shown, and tells of which others something went that paid them.
async fn keep_payers(visit: &mut VisitStep, found: &Found) -> Result<Vec<String>, SoapError> {
    let shown: Vec<&str> = found.documents.keys().map(String::as_str).collect();
    let mut paid = visit.invoices_paid_by(&shown).await?;
    paid.retain(|txn_id| !found.documents.contains_key(txn_id) && !found.balances.contains_key(txn_id));
    visit.keep_payers(&shown, &found.payers).await?;
    Ok(paid)
}

/// Tells how many were compared, and how many of them differ. What waits for a person is renewed where somebody changed it again;
/// what is on its way, or put aside, is noted for the sums alone.
async fn compare(visit: &mut VisitStep, found: Found, now: Timestamp) -> Result<(usize, usize), SoapError> {
    let txn_ids: Vec<&str> = found.documents.keys().map(String::as_str).collect();
    let sent = visit.as_sent(&txn_ids).await?;
    let mut named: Vec<&Content> = sent.iter().map(|sent| &sent.content).collect();
    named.extend(sent.iter().filter_map(|sent| sent.newest.as_ref()));
    let mappings = visit.mappings(named.into_iter()).await?;
    let is_compared = |sent: &&AsSent| matches!(sent.state, State::Submitted(_)) && !sent.is_withdrawn;
    let compared = sent.iter().filter(is_compared).count();
    let settings = visit.company.settings.clone();
    let (mut events, mut standing) = (Vec::<(RecordId, Event)>::new(), BTreeMap::new());
    let mut differing = 0;
    let mut seen: Vec<SeenCounterpart> = Vec::with_capacity(sent.len());
    for sent in sent {
        let Some(document) = found.documents.get(&sent.posted.txn_id) else { continue };
        let content = mappings.apply(sent.content.clone()).0;
        let is_deleted = found.deleted.contains(&sent.posted.txn_id);
        let rule = &settings.tax_difference;
        let mut counterpart = reconciliation::counterpart(&content, &sent.posted, document, is_deleted, rule);
        if sent.is_withdrawn {
            counterpart.differences.clear();
        } else if let Some(event) = happened(&sent, &content, &mappings, document, &settings) {
            differing += usize::from(matches!(sent.state, State::Submitted(_)));
            events.push((sent.record_id, event));
            standing.insert(sent.record_id, document.clone());
        }
        let sent_e5 = (!sent.is_withdrawn).then_some(content.amount().e5());
        seen.push(SeenCounterpart { record_id: sent.record_id, posted: sent.posted, sent_e5, counterpart });
    }
    let Found { documents, mut balances, .. } = found;
    balances.retain(|txn_id, _| !documents.contains_key(txn_id));
    visit.keep_counterparts(&seen, &balances, now).await?;
    if !events.is_empty() {
        visit.apply_events(&events, now).await?;
        visit.keep_standing(&standing, now).await?;
    }
    Ok((compared, differing))
}

/// What somebody did in QuickBooks to a record that is submitted, or waits.
fn happened(
    sent: &AsSent,
    content: &Content,
    mappings: &Mappings,
    document: &Reread,
    settings: &Settings,
) -> Option<Event> {
    match &sent.state {
        State::Submitted(posted) => reconciliation::drift(content, posted, document, &settings.tax_difference),
        State::NeedsAttention(attention) => {
            let newest = sent.newest.clone().map(|newest| mappings.apply(newest).0);
            let ours = newest.as_ref().unwrap_or(content);
            let (is_revised, shown) = (sent.is_revised, sent.shown.as_ref());
            Waiting { attention, sent: content, ours, is_revised, shown }.renewed(document, settings)
        }
        State::HeldBack
        | State::Unsent
        | State::ReadyToSync(_)
        | State::Sending { .. }
        | State::Unconfirmed { .. }
        | State::Excluded { .. } => None,
    }
}

async fn finish(visit: &mut VisitStep, of: &Reconciliation, now: Timestamp) -> Result<(), SoapError> {
    tracing::info!(visit.id = %visit.visit.id, reconciliation = of.number, "a reconciliation is over");
    visit.finish_reconciliation(now).await?;
    Ok(())
}

/// A question for each kind of document; before the first of them, what was deleted.
fn by_id(of: &Reconciliation, portion: Vec<InQuickBooks>, now: Timestamp) -> Vec<Question> {
    let of_kind = |kind: RecordKind| {
        let of_kind = portion.iter().filter(|record| record.kind == kind);
        let txn_ids: Vec<String> = of_kind.map(|record| record.txn_id.clone()).collect();
        (!txn_ids.is_empty()).then_some(Question::ById { kind, txn_ids })
    };
    let is_first = of.position == 0 && !portion.is_empty();
    let today = TimeZone::UTC.to_datetime(now);
    let deleted = is_first.then(|| reconciliation::deleted_before(today)).flatten();
    deleted.into_iter().chain([RecordKind::Invoice, RecordKind::Payment].into_iter().filter_map(of_kind)).collect()
}
