use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bookferry_crash::mutation::{Mutation, is_planted};
use bookferry_qbwc::{Exchange, Outcome, QbxmlVersion as ClientVersion};
use bookferry_qbxml::message_set::{MessageSetId, MessageSetRq, MessageSetRs, QbxmlVersion, Request};
use bookferry_store::{Claimed, Enclosure, MessageSet, NewMessageSet, VisitStep};
use bookferry_sync::books::{self, Connection};
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::id::{CompanyId, MessageSetKey};
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::mapping::Mappings;
use bookferry_sync::mark::Mark;
use bookferry_sync::need::{Need, needs_to_know_of_all};
use bookferry_sync::plan::{self, Candidate, Known, PlannedSet, Purpose, Sent};
use bookferry_sync::recovery;
use bookferry_sync::visit::{Ending, Inquiry, Refusal, VisitState};
use jiff::Timestamp;

use super::{SoapError, lists, look, older, reconciliation, reread, search, take};
use crate::App;

/// Records whose names are looked up together, so that one look-up serves several sets.
const LOOK_AHEAD_RECORDS: u32 = 500;
/// Sets planned in vain, because every record in them was refused beforehand, until the visit sends something harmless and
/// goes on with its next call. Bounds the work of one call.
const REFUSED_SETS_MAX: usize = 10;

/// The visit's first request: nothing is sent before it is clear that these are the right books.
pub(super) async fn first_request(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
    host_company_preferences: &str,
    company_file: &str,
    version: Option<ClientVersion>,
) -> Result<Outcome, SoapError> {
    let highest_version = version.and_then(|version| {
        Some(QbxmlVersion { major: u8::try_from(version.major).ok()?, minor: u8::try_from(version.minor).ok()? })
    });
    let answers = MessageSetRs::from_xml(host_company_preferences).unwrap_or_default();
    let now = app.clock().now();
    state.ready_at_start = visit.count_claimable(now).await?;
    let taken = take_books(app, visit, &answers, company_file, highest_version).await?;
    if let Ok(books) = &taken {
        state.pace = mem::take(&mut state.pace).resumed(&books.quickbooks, now);
        take::note_doubt(app, visit).await?;
    }
    match taken {
        Err(refusal) => Ok(refusal),
        Ok(books) if books.preferences_known => next_message_set(app, visit, state, exchange).await,
        Ok(books) => {
            let owner_id = visit.connection().await?.owner_id;
            let id = message_set_id(app);
            let set = plan::message_set(id, None, books::queries(&owner_id));
            Ok(inquire(state, |qbxml| Inquiry::Books { qbxml }, &set, &books))
        }
    }
}

/// Takes what is known of the books, refuses the wrong ones and binds the visit's company to the right ones.
pub(super) async fn take_books(
    app: &App,
    visit: &mut VisitStep,
    answers: &MessageSetRs,
    company_file: &str,
    highest_version: Option<QbxmlVersion>,
) -> Result<Result<Books, Outcome>, SoapError> {
    let connection = visit.connection().await?;
    let asked =
        Connection { owner_id: &connection.owner_id, file_id: &connection.file_id, company_file, highest_version };
    let found = books::read(answers, &asked);
    if let Err(wrong) = books::check(visit.company.books.as_ref(), &found, &connection.file_id) {
        tracing::warn!(visit.id = %visit.visit.id, "the company file is not the one this connection is bound to");
        visit.note_other_books(&found.identity(), &wrong.to_string(), app.clock().now()).await?;
        let text =
            format!("Nothing was sent: {wrong}. Open the right company file, or ask an administrator of Bookferry.");
        return Ok(Err(Outcome::Refuse { text }));
    }
    visit.set_books(&found).await?;
    visit.end_other_books(app.clock().now()).await?;
    Ok(Ok(found))
}

/// What to send next: first what settles an answer that was lost, then look-ups and records.
pub(super) async fn next_message_set(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
) -> Result<Outcome, SoapError> {
    if ending(visit, app.clock().now()).is_some() {
        return Ok(ask_nothing(app, visit, state));
    }
    if let Some(prepared) = &state.inquiry {
        return Ok(Outcome::Send { qbxml: prepared.qbxml().to_owned() });
    }
    if state.may_be_unsettled {
        while is_planted(Mutation::NoRecovery)
            && let Some(unsettled) = visit.unsettled_message_sets(1).await?.pop()
        {
            take::take_for_not_executed(app, visit, &unsettled).await?;
        }
        if let Some(unsettled) = unsettled_message_set(visit, state).await?
            && unsettled.visits_in_doubt <= recovery::VISITS_IN_DOUBT_MAX
        {
            return ask_about(visit, state, &unsettled);
        }
        state.may_be_unsettled = false;
    }
    if let Some(outcome) = look::for_what_is_there(app, visit, state).await? {
        return Ok(outcome);
    }
    for _ in 0..REFUSED_SETS_MAX {
        match plan_set(app, visit, state, exchange).await? {
            Planned::Sent(qbxml) => return Ok(Outcome::Send { qbxml }),
            Planned::AllRefused => {}
            Planned::NothingReady => return ask_what_can_wait(app, visit, state).await,
        }
    }
    Ok(ask_nothing(app, visit, state))
}

/// What a person was asked about is asked of QuickBooks once nothing else is left to send, so that a question that breaks the
/// visit holds up nothing; the lists come last, and the comparison with what was submitted.
async fn ask_what_can_wait(app: &App, visit: &mut VisitStep, state: &mut VisitState) -> Result<Outcome, SoapError> {
    while let Some(unsettled) = unsettled_message_set(visit, state).await? {
        if unsettled.late_asks < recovery::LATE_ASKS_MAX {
            visit.note_late_ask(unsettled.key).await?;
            return ask_about(visit, state, &unsettled);
        }
        take::give_up(app, visit, &unsettled).await?;
    }
    if let Some(outcome) = look::at_what_stands(app, visit, state).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = older::ask(app, visit, state).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = lists::ask(app, visit, state).await? {
        return Ok(outcome);
    }
    if let Some(outcome) = reconciliation::ask(app, visit, state).await? {
        return Ok(outcome);
    }
    Ok(ask_nothing(app, visit, state))
}

/// The next one to ask about in this visit.
async fn unsettled_message_set(visit: &mut VisitStep, state: &VisitState) -> Result<Option<MessageSet>, SoapError> {
    let limit = u32::try_from(state.put_off.len()).unwrap_or(u32::MAX).saturating_add(1);
    let unsettled = visit.unsettled_message_sets(limit).await?;
    Ok(unsettled.into_iter().find(|set| !state.put_off.contains(&set.key)))
}

/// Why the visit is to end now, though there may be more to do.
pub(super) fn ending(visit: &VisitStep, now: Timestamp) -> Option<Ending> {
    let settings = &visit.company.settings;
    if let Some(until) = settings.quiet_until(now) {
        return Some(Ending::QuietHours { until: settings.time_zone.wall_clock(until, now) });
    }
    settings.visit_limit.is_reached(visit.visit.sent_count, visit.visit.opened_at, now).then_some(Ending::Limit)
}

/// A visit ends without an error only after an answer, so that it takes a question whose answer does not matter.
fn ask_nothing(app: &App, visit: &VisitStep, state: &mut VisitState) -> Outcome {
    let set = plan::message_set(message_set_id(app), None, vec![Request::HostQuery(Default::default())]);
    let books = books_of(visit);
    inquire(state, |qbxml| Inquiry::Nothing { qbxml }, &set, &books)
}

/// The bytes that were handed out for this exchange, once more.
pub(super) async fn replay(
    visit: &mut VisitStep,
    state: &VisitState,
    exchange: Exchange,
) -> Result<Outcome, SoapError> {
    if let Some(inquiry) = &state.inquiry {
        return Ok(Outcome::Send { qbxml: inquiry.qbxml().to_owned() });
    }
    Ok(match visit.request_of(i64::from(exchange.number())).await? {
        Some(qbxml) => Outcome::Send { qbxml },
        None => Outcome::Refuse { text: "What was sent is not known any more.".to_owned() },
    })
}

fn ask_about(visit: &VisitStep, state: &mut VisitState, unsettled: &MessageSet) -> Result<Outcome, SoapError> {
    let Ok(id) = MessageSetId::new(unsettled.message_set_id.as_str()) else {
        return Ok(Outcome::Refuse { text: "A message set of an earlier visit cannot be asked about.".to_owned() });
    };
    let key = unsettled.key;
    let books = books_of(visit);
    Ok(inquire(state, |qbxml| Inquiry::Recovery { message_set: key, qbxml }, &recovery::ask(id), &books))
}

/// Prepares to look for the records of a set in QuickBooks, which does not remember the set itself, or did not take it.
pub(super) fn look_for(
    app: &App,
    visit: &VisitStep,
    state: &mut VisitState,
    set: &MessageSet,
    lost: Vec<Sent>,
    how: LookUp,
) {
    let its_own = MessageSetId::new(set.message_set_id.as_str()).ok().filter(|_| how.is_fence);
    let is_fence = its_own.is_some();
    let request = recovery::fence(&lost, its_own.unwrap_or_else(|| message_set_id(app)));
    let message_set = set.key;
    let inquiry = |qbxml| Inquiry::LookUp { message_set, lost, is_fence, refusal: how.refusal, qbxml };
    inquire(state, inquiry, &request, &books_of(visit));
}

/// How the records of a set are looked for.
pub(super) struct LookUp {
    /// Under the set's own id, where QuickBooks has not seen it yet: see [`recovery::fence`].
    pub(super) is_fence: bool,
    pub(super) refusal: Option<Refusal>,
}

pub(super) fn inquire(
    state: &mut VisitState,
    inquiry: impl FnOnce(String) -> Inquiry,
    set: &MessageSetRq,
    books: &Books,
) -> Outcome {
    let qbxml = set.to_xml(books::version(books));
    state.inquiry = Some(inquiry(qbxml.clone()));
    state.inquiry_id.clone_from(&set.new_message_set_id);
    Outcome::Send { qbxml }
}

enum Planned {
    Sent(String),
    AllRefused,
    NothingReady,
}

async fn plan_set(
    app: &App,
    visit: &mut VisitStep,
    state: &mut VisitState,
    exchange: Exchange,
) -> Result<Planned, SoapError> {
    let now = app.clock().now();
    let mut settings = visit.company.settings.clone();
    settings.wanted = visit.wanted_entries().await?;
    let records_left = settings.visit_limit.records_left(visit.visit.sent_count);
    let records = state.pace.records(settings.target_seconds, settings.records_per_message_set).min(records_left);
    let records_max = u32::try_from(records).unwrap_or(1);
    let candidates = claim(visit, now, records_max).await?;
    if candidates.is_empty() {
        return Ok(Planned::NothingReady);
    }
    if search::is_wanted(visit, state, &candidates) {
        let window = claim(visit, now, LOOK_AHEAD_RECORDS.max(records_max)).await?;
        if let Some(qbxml) = search::search(app, visit, state, &window).await? {
            return Ok(Planned::Sent(qbxml));
        }
    }
    if reread::is_wanted(state, &candidates) {
        let window = claim(visit, now, LOOK_AHEAD_RECORDS.max(records_max)).await?;
        if let Some(Outcome::Send { qbxml }) = reread::ask(app, visit, state, &window) {
            return Ok(Planned::Sent(qbxml));
        }
    }
    let candidates = reread::prepare(visit, state, candidates, now).await?;
    if candidates.is_empty() {
        return Ok(Planned::AllRefused);
    }
    let books = books_of(visit);
    let (known, is_complete) = known(visit, &candidates, &settings, &books).await?;
    if !is_complete {
        let window = claim(visit, now, LOOK_AHEAD_RECORDS.max(records_max)).await?;
        let (known, _) = self::known(visit, &window, &settings, &books).await?;
        let unknown = plan::unknown_needs(&window, &known, &settings, &books);
        let set = plan::look_up(&unknown, message_set_id(app));
        return send(app, visit, exchange, &set, &books).await.map(Planned::Sent);
    }
    let (requests_max, id) = (state.pace.requests(settings.target_seconds), message_set_id(app));
    let planning = plan::write(&candidates, requests_max, &known, &settings, &books, id, state.settled.clone());
    visit.refuse(&planning.refused, now).await?;
    match planning.set {
        Some(set) => {
            for sent in set.purposes.iter().filter_map(Purpose::sent) {
                state.not_there.remove(&sent.record_id);
                state.reread.remove(&sent.record_id);
            }
            send(app, visit, exchange, &set, &books).await.map(Planned::Sent)
        }
        None => Ok(Planned::AllRefused),
    }
}

async fn claim(visit: &mut VisitStep, now: Timestamp, limit: u32) -> Result<Vec<Candidate>, SoapError> {
    let company = visit.company.id;
    let claimed = visit.claimable(now, limit).await?;
    let mappings = visit.mappings(claimed.iter().map(|claimed| &claimed.content)).await?;
    Ok(claimed.into_iter().map(|claimed| candidate(company, claimed, &mappings)).collect())
}

fn candidate(company: CompanyId, claimed: Claimed, mappings: &Mappings) -> Candidate {
    let (content, mapped) = mappings.apply(claimed.content);
    Candidate {
        record_id: claimed.record_id,
        mark: Mark::of(company, claimed.kind, &claimed.external_id),
        revision: claimed.revision,
        errand: claimed.errand,
        content,
        mapped,
        applied_txn_ids: claimed.applied.into_iter().filter_map(|(_, txn_id)| txn_id).collect(),
        basis: None,
    }
}

/// What is known of the names that the candidates need, and whether that is all of them.
async fn known(
    visit: &mut VisitStep,
    candidates: &[Candidate],
    settings: &Settings,
    books: &Books,
) -> Result<(Known, bool), SoapError> {
    let contents = candidates.iter().map(|candidate| &candidate.content);
    let names: Vec<(ListKind, NameKey)> =
        needs_to_know_of_all(contents, settings, books).iter().map(Need::key).collect();
    let known: Known = visit.known(&names).await?.into_iter().collect();
    let is_complete = known.len() == names.len();
    Ok((known, is_complete))
}

/// Writes the set down with its attempts; it leaves once that is committed.
async fn send(
    app: &App,
    visit: &mut VisitStep,
    exchange: Exchange,
    set: &PlannedSet,
    books: &Books,
) -> Result<String, SoapError> {
    let now = app.clock().now();
    let qbxml = set.message_set.to_xml(books::version(books));
    let id = set.id.as_str();
    let enclosures: Vec<Enclosure> = set
        .purposes
        .iter()
        .zip(&set.message_set.requests)
        .filter_map(|(purpose, rq)| match purpose {
            Purpose::Record { sent, .. } => Some(Enclosure {
                record_id: sent.record_id,
                revision: sent.revision,
                request_id: rq.request_id.to_string(),
            }),
            Purpose::LookUp { .. } | Purpose::Create { .. } => None,
        })
        .collect();
    let new = NewMessageSet {
        key: MessageSetKey::new(now, &app.entropy().id()),
        message_set_id: id,
        exchange: i64::from(exchange.number()),
        request_xml: &qbxml,
        purposes: &serde_json::to_string(&set.purposes).map_err(SoapError::Session)?,
        is_write: set.message_set.requests.iter().any(|rq| rq.request.is_write()),
    };
    visit.enclose(&new, &enclosures, now).await?;
    tracing::info!(visit.id = %visit.visit.id, message_set.id = id, requests = set.purposes.len(),
        records = enclosures.len(), "a message set leaves");
    Ok(qbxml)
}

pub(super) fn books_of(visit: &VisitStep) -> Books {
    visit.company.books.clone().unwrap_or_default()
}

/// 16 random bytes in base64url: 22 of the 24 characters that QuickBooks takes.
pub(super) fn message_set_id(app: &App) -> MessageSetId {
    let text = URL_SAFE_NO_PAD.encode(app.entropy().bytes::<16>());
    MessageSetId::new(text).unwrap_or_else(|_| unreachable!("22 letters, digits, - and _ are a message set id"))
}
