//! A step of a visit: what one call of the Web Connector reads and writes, as one transaction.

use std::collections::{HashMap, HashSet};

use bookferry_sync::cause::Cause;
use bookferry_sync::company::{Books, Changes, Company};
use bookferry_sync::id::{MessageSetKey, RecordId};
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::plan::Knowledge;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Errand, Event, State, Status};
use bookferry_sync::visit::Refusal;
use jiff::Timestamp;

use super::{HAS_WORK, LISTS, Visit, longest_wait, visit_columns};
use crate::company::{Connection, read_company};
use crate::database::{Row, values};
use crate::error::Result;
use crate::message_set::{Answer, Enclosure, Exchanged, MessageSet, NewMessageSet, Unwritten, visit_actor};
use crate::statement::{Statement, statements};
use crate::step_transaction::StepTransaction;
use crate::store::Store;
use crate::submission::{Moved, RecordKey, Submission, join_paid_invoice, submission_columns};

/// A record that can go into the next message set.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub record_id: RecordId,
    pub kind: RecordKind,
    pub external_id: String,
    pub number: String,
    pub revision: i64,
    pub errand: Errand,
    pub content: Content,
    /// Earlier message sets it was in, since a person last released it.
    pub attempt_count: i64,
    /// The invoices a payment goes to, in its order, with their TxnID.
    pub applied: Vec<(String, Option<String>)>,
}

/// One step of a visit: everything written is kept together, by [`commit`](Self::commit), or not at all, and rests on what
/// was read. On SQLite no other step, and no hand-over, runs meanwhile. On PostgreSQL one may; where it changes what this step
/// rests on, nothing is written, the error [says so](crate::Error::may_be_overtaken), and the step is to be taken
/// [in turn](Store::visit_step_in_turn). Do not wait for the network in it.
pub struct VisitStep {
    pub(crate) transaction: StepTransaction,
    pub visit: Visit,
    pub company: Company,
    /// What this step does, which names its commit.
    pub operation: &'static str,
    /// Whether any name of the company's is mapped.
    pub(crate) has_mappings: bool,
    /// Whether anybody ever wanted an entry created.
    pub(crate) has_wanted_entries: bool,
    /// Whether people say of anything that it is in QuickBooks.
    pub(crate) is_sought: bool,
    /// Whether `visit` is not yet as stored.
    is_unsaved: bool,
    /// What this step has read of records, each until it moves it. Nobody else moves them meanwhile.
    claimed: HashMap<RecordId, Submission>,
    /// Of a message set those that are not settled, until the step moves any.
    open: Option<(MessageSetKey, Vec<Submission>)>,
    /// Whether a record was seen that can go, and that this step has not moved.
    is_more_ready: bool,
}

/// A record's part in a message set that is not settled yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenAttempt {
    pub record_id: RecordId,
    /// How often it was sent since a person last released it, this time included.
    pub attempt_count: i64,
    /// Whether a person was asked what became of it.
    pub is_a_persons: bool,
}

macro_rules! find_visit {
    ($seen:literal) => {
        concat!(
            "SELECT ",
            visit_columns!(),
            ", c.organization_id, c.name, c.settings, c.books, c.sync_enabled_at_us, c.epoch, c.epoch_started_us,
             c.has_mappings, c.has_wanted_entries, CAST(CASE WHEN EXISTS (
                 SELECT 1 FROM sought AS q WHERE q.company_id = c.id AND q.answered_us IS NULL
             ) THEN 1 ELSE 0 END AS BIGINT) AS is_sought",
            $seen,
            "
         FROM visit AS v JOIN company AS c ON c.id = v.company_id WHERE v.ticket_hash = $1"
        )
    };
}

statements! {
    /// PostgreSQL: with what tells later whether both rows are as they were.
    FIND = each("visit.find",
        find_visit!(""),
        find_visit!(", CAST(c.xmin AS TEXT) AS seen_company, CAST(v.xmin AS TEXT) AS seen_visit"));
    /// PostgreSQL: both rows are locked, the company first as everywhere. A step that had to wait for another reads both as
    /// that one left them; what began to be sought meanwhile it leaves to the next step.
    FIND_AND_LOCK = each("visit.find_and_lock",
        find_visit!(""),
        concat!(find_visit!(""), " FOR NO KEY UPDATE OF c, v"));
    /// Where the limit is a query of its own, PostgreSQL keeps one plan for any limit. It takes each content by its key, whatever
    /// it believes of how many there will be.
    CLAIMABLE = both("record.claimable",
        concat!("SELECT ", submission_columns!(), ", r.number, (
             SELECT newest.content FROM revision AS newest
             WHERE newest.record_id = r.id AND newest.number = r.revision) AS content
         FROM record AS r
         WHERE r.company_id = $1 AND r.status = 'ready_to_sync' AND r.blockers = 0
             AND (r.available_at_us <= $2 OR r.available_at_us > $3)
         ORDER BY r.kind, r.seq LIMIT (SELECT CAST($4 AS BIGINT))"));
    COUNT_CLAIMABLE = both("record.count_claimable",
        "SELECT COUNT(*) AS claimable FROM record
         WHERE company_id = $1 AND status = 'ready_to_sync' AND blockers = 0
             AND (available_at_us <= $2 OR available_at_us > $3)");
    NOTE_DOUBT = both("message_set.note_doubt",
        "UPDATE message_set SET visits_in_doubt = visits_in_doubt + 1
         WHERE company_id = $1 AND state = 'unsettled' AND state IN ('sent', 'unsettled')");
    APPLIED = both("application.find",
        concat!("SELECT a.payment_id AS id, a.invoice_external_id, invoice.txn_id
         FROM jsonb_each($1) AS given CROSS JOIN application AS a
         ", join_paid_invoice!(), "
         WHERE a.payment_id = given.value->>'id' ORDER BY a.payment_id, a.position"));
}

impl Store {
    /// Begins a step of the visit with this ticket, open or closed; `None` if there never was one.
    pub async fn visit_step(&self, ticket_hash: &[u8; 32]) -> Result<Option<VisitStep>> {
        VisitStep::begin(StepTransaction::begin(&self.database).await?, &FIND, ticket_hash).await
    }

    /// The same for a step that was overtaken: it waits for whatever happens to the company, and is overtaken by nothing.
    pub async fn visit_step_in_turn(&self, ticket_hash: &[u8; 32]) -> Result<Option<VisitStep>> {
        VisitStep::begin(StepTransaction::begin_locked(&self.database).await?, &FIND_AND_LOCK, ticket_hash).await
    }
}

impl VisitStep {
    async fn begin(mut transaction: StepTransaction, find: &Statement, ticket_hash: &[u8; 32]) -> Result<Option<Self>> {
        let Some(row) = transaction.row(find, values![ticket_hash]).await? else { return Ok(None) };
        transaction.rest_on(&row)?;
        let visit = Visit::read(&row)?;
        let company = read_company(&row, visit.company_id)?;
        Ok(Some(Self {
            transaction,
            visit,
            company,
            operation: "step_without_work",
            has_mappings: row.flag("has_mappings")?,
            has_wanted_entries: row.flag("has_wanted_entries")?,
            is_sought: row.flag("is_sought")?,
            is_unsaved: false,
            claimed: HashMap::new(),
            open: None,
            is_more_ready: false,
        }))
    }

    /// Records that can go now: released, waiting for nothing, not put off. Invoices before payments, oldest first.
    pub async fn claimable(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Claimed>> {
        let values = values![self.company.id, now, longest_wait(now), i64::from(limit)];
        let rows = self.transaction.rows(&CLAIMABLE, values).await?;
        let mut claimed = Vec::with_capacity(rows.len());
        for row in &rows {
            let submission = Submission::read(row)?;
            claimed.push(Claimed::of(&submission, row)?);
            self.claimed.insert(submission.id, submission);
        }
        let payments: Vec<RecordKey> = claimed
            .iter()
            .filter(|claimed| !claimed.content.applied_to().is_empty())
            .map(|claimed| RecordKey { id: claimed.record_id })
            .collect();
        if !payments.is_empty() {
            let mut applied = self.applied(&payments).await?;
            for claimed in &mut claimed {
                claimed.applied = applied.remove(&claimed.record_id).unwrap_or_default();
            }
        }
        Ok(claimed)
    }

    /// How many records [`claimable`](Self::claimable) would give without a limit. Walks them all: once a visit.
    pub async fn count_claimable(&mut self, now: Timestamp) -> Result<u64> {
        let values = values![self.company.id, now, longest_wait(now)];
        let row = self.transaction.row(&COUNT_CLAIMABLE, values).await?;
        row.map_or(Ok(0), |row| row.count("claimable"))
    }

    /// As [`Store::has_work`], with all that this step has written, and without the older records.
    pub async fn has_work(&mut self, now: Timestamp) -> Result<bool> {
        if self.is_more_ready {
            return Ok(true);
        }
        let values = values![self.company.id, now, longest_wait(now), LISTS];
        let row = self.transaction.row(&HAS_WORK, values).await?;
        row.map_or(Ok(false), |row| row.flag("has_work"))
    }

    /// What is known of these names; names of which nothing is known are left out.
    pub async fn known(&mut self, names: &[(ListKind, NameKey)]) -> Result<HashMap<(ListKind, NameKey), Knowledge>> {
        self.transaction.known(self.company.id, self.visit.id, names).await
    }

    /// The entry is not, or no longer, what was thought.
    pub async fn forget(&mut self, list: ListKind, name: &NameKey) -> Result<()> {
        self.transaction.locked().await?.forget(self.company.id, list, name).await
    }

    /// What the company's Web Connector needs to be known by.
    pub async fn connection(&mut self) -> Result<Connection> {
        self.transaction.locked().await?.connection(self.company.id).await
    }

    /// Binds the company to the company file that this visit found, with its preferences.
    pub async fn set_books(&mut self, books: &Books) -> Result<()> {
        self.transaction.locked().await?.set_books(self.company.id, books).await?;
        self.company.books = Some(books.clone());
        Ok(())
    }

    /// Stores a message set with its attempts and moves its records to Sending. Commit before it leaves.
    /// [`Error::Stale`](crate::Error::Stale) if a record has a newer revision than the one enclosed.
    pub async fn enclose(&mut self, new: &NewMessageSet<'_>, enclosures: &[Enclosure], now: Timestamp) -> Result<()> {
        let ids: Vec<RecordId> = enclosures.iter().map(|enclosure| enclosure.record_id).collect();
        (self.is_more_ready, self.open) = (false, None);
        let submissions = self.submissions(&ids).await?;
        let (company, visit) = (self.company.id, self.visit.id);
        let unwritten = Unwritten::enclose(company, visit, new, enclosures, submissions, now)?;
        self.write_later(unwritten).await?;
        self.visit.message_set_count += 1;
        self.visit.sent_count += i64::try_from(enclosures.len()).unwrap_or(i64::MAX);
        self.is_unsaved = true;
        Ok(())
    }

    /// The planner knows that QuickBooks would refuse these records.
    pub async fn refuse(&mut self, refused: &[(RecordId, Cause)], now: Timestamp) -> Result<()> {
        let events: Vec<(RecordId, Event)> =
            refused.iter().map(|(record, cause)| (*record, Event::Refused(cause.clone()))).collect();
        self.apply_events(&events, now).await
    }

    /// Moves records that are no part of a message set's answer; each at most once.
    pub async fn apply_events(&mut self, events: &[(RecordId, Event)], now: Timestamp) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let ids: Vec<RecordId> = events.iter().map(|(record, _)| *record).collect();
        let by_id: HashMap<RecordId, &Event> = events.iter().map(|(record, event)| (*record, event)).collect();
        (self.is_more_ready, self.open) = (false, None);
        let submissions = self.submissions(&ids).await?;
        let moves = submissions
            .into_iter()
            .filter_map(|submission| by_id.get(&submission.id).map(|&event| submission.apply(event.clone())))
            .collect::<Result<Vec<_>>>()?;
        self.transaction.locked().await?.save_moves(self.company.id, &moves, &visit_actor(self.visit.id), now).await?;
        self.count(moves.iter().map(|moved| moved.submission.state.status()));
        Ok(())
    }

    /// The message set that this visit sent as its `exchange`-th.
    pub async fn message_set(&mut self, exchange: i64, now: Timestamp) -> Result<Option<MessageSet>> {
        let found = self.transaction.message_set_of_exchange(self.visit.id, exchange, now).await?;
        let Some(Exchanged { message_set, open, is_more_ready }) = found else { return Ok(None) };
        self.is_more_ready = is_more_ready;
        self.open = Some((message_set.key, open));
        Ok(Some(message_set))
    }

    /// The text of the message set that this visit sent as its `exchange`-th.
    pub async fn request_of(&mut self, exchange: i64) -> Result<Option<String>> {
        self.transaction.locked().await?.request_of_exchange(self.visit.id, exchange).await
    }

    /// A message set of the company, of whichever visit.
    pub async fn message_set_by_id(&mut self, message_set_id: &str) -> Result<Option<MessageSet>> {
        self.transaction.locked().await?.message_set_by_id(self.company.id, message_set_id).await
    }

    /// A message set of the company whose answer never came.
    pub async fn unsettled_message_set(&mut self, key: MessageSetKey) -> Result<Option<MessageSet>> {
        self.transaction.locked().await?.unsettled_message_set(self.company.id, key).await
    }

    /// Message sets whose answer never came, first those that the fewest visits have found so, then the oldest.
    pub async fn unsettled_message_sets(&mut self, limit: u32) -> Result<Vec<MessageSet>> {
        self.transaction.locked().await?.unsettled_message_sets(self.company.id, limit).await
    }

    /// Counts this visit for every message set whose answer never came. Returns how many those are.
    pub async fn note_doubt(&mut self) -> Result<u64> {
        self.transaction.locked().await?.execute(&NOTE_DOUBT, values![self.company.id]).await
    }

    /// Notes that QuickBooks broke down over the message set instead of answering it.
    pub async fn note_breakdown(&mut self, message_set: MessageSetKey, breakdown: &Refusal) -> Result<()> {
        self.transaction.locked().await?.note_breakdown(message_set, breakdown).await
    }

    /// Over how many message sets QuickBooks broke down in which this record was the only one, since somebody last had it
    /// sent again.
    pub async fn breakdowns(&mut self, record: RecordId) -> Result<u64> {
        self.transaction.locked().await?.breakdowns(record).await
    }

    /// Counts a question about a message set of which a person was asked already.
    pub async fn note_late_ask(&mut self, message_set: MessageSetKey) -> Result<()> {
        self.transaction.locked().await?.note_late_ask(message_set).await
    }

    /// The records whose part in a message set is not settled yet.
    pub async fn open_attempts(&mut self, message_set: MessageSetKey) -> Result<Vec<OpenAttempt>> {
        let open = self.open_submissions(message_set).await?;
        let attempt = |open: &Submission| OpenAttempt {
            record_id: open.id,
            attempt_count: open.attempt_count,
            is_a_persons: open.state.status() == Status::NeedsAttention,
        };
        let attempts = open.iter().map(attempt).collect();
        self.open = Some((message_set, open));
        Ok(attempts)
    }

    /// Writes an answer with everything it comes to: attempts, records, their history, the payments that waited for
    /// them, and the lists. [`Error::Conflict`] if a record cannot be moved so, [`Error::RowCount`] if the set was
    /// settled before or, unless the answer is partial, leaves an attempt open.
    ///
    /// [`Error::Conflict`]: crate::Error::Conflict
    /// [`Error::RowCount`]: crate::Error::RowCount
    pub async fn settle(&mut self, message_set: MessageSetKey, answer: &Answer<'_>, now: Timestamp) -> Result<()> {
        let (company, visit) = (self.company.id, self.visit.id);
        let open = self.open_submissions(message_set).await?;
        let (unwritten, moves) = Unwritten::settle(company, visit, message_set, open, answer, now)?;
        self.write_later(unwritten).await?;
        self.count(moves.iter().map(|moved| moved.submission.state.status()));
        if moves.iter().any(Moved::may_free_payments) {
            self.transaction.locked().await?.free_dependents(company, &moves).await?;
        }
        // What changed while it was on its way goes after it, where the company wants that.
        if self.company.settings.changes == Changes::Send {
            let changed = moves.iter().map(|moved| &moved.submission).filter(|it| it.state.is_only_changed());
            let events: Vec<(RecordId, Event)> = changed.map(|it| (it.id, Event::SendChange)).collect();
            if !events.is_empty() {
                self.apply_events(&events, now).await?;
            }
        }
        if !answer.present.is_empty() || !answer.absent.is_empty() {
            self.transaction.locked().await?.learn(company, visit, answer.present, answer.absent, now).await?;
        }
        Ok(())
    }

    /// Gives up waiting for the message sets of earlier visits. Returns how many records became unconfirmed.
    pub async fn lose_answers(&mut self, now: Timestamp) -> Result<u64> {
        let actor = visit_actor(self.visit.id);
        self.open = None;
        self.transaction.locked().await?.lose_answers(self.company.id, Some(self.visit.id), &actor, now).await
    }

    /// Keeps the protocol session for the next call, which may reach another process.
    pub fn save_session(&mut self, session: &str, now: Timestamp) {
        self.visit.session = session.to_owned();
        self.visit.last_call_at = now;
        self.is_unsaved = true;
    }

    /// Notes what goes wrong with the visit, which may be the last that is heard of it.
    pub fn note_trouble(&mut self, trouble: &str) {
        self.visit.trouble = Some(trouble.to_owned());
        self.is_unsaved = true;
    }

    /// Ends the visit; what it sent without an answer becomes unconfirmed. A visit that is closed stays as it is.
    pub async fn close(&mut self, outcome: &str, now: Timestamp) -> Result<()> {
        if self.visit.closed_at.is_some() {
            return Ok(());
        }
        self.visit.closed_at = Some(now);
        self.visit.outcome = Some(outcome.to_owned());
        (self.is_unsaved, self.open) = (true, None);
        self.transaction
            .locked()
            .await?
            .lose_answers(self.company.id, None, &visit_actor(self.visit.id), now)
            .await
            .map(drop)
    }

    /// Makes all of it last. Without this, nothing of the step happened.
    pub async fn commit(self) -> Result<()> {
        let visit = self.is_unsaved.then(|| self.visit.columns());
        self.transaction.commit(visit, self.operation).await
    }

    async fn write_later(&mut self, unwritten: Unwritten) -> Result<()> {
        self.is_unsaved = true;
        self.transaction.write_later(unwritten, self.visit.columns()).await
    }

    fn count(&mut self, statuses: impl Iterator<Item = Status>) {
        self.is_unsaved = true;
        for status in statuses {
            match status {
                Status::Submitted => self.visit.submitted_count += 1,
                Status::NeedsAttention => self.visit.attention_count += 1,
                Status::Unsent
                | Status::ReadyToSync
                | Status::Sending
                | Status::Unconfirmed
                | Status::Excluded
                | Status::HeldBack => {}
            }
        }
    }

    /// Those that this step has read, or as they are stored.
    async fn open_submissions(&mut self, message_set: MessageSetKey) -> Result<Vec<Submission>> {
        match self.open.take() {
            Some((key, open)) if key == message_set => Ok(open),
            Some(_) | None => self.transaction.locked().await?.open_submissions(message_set).await,
        }
    }

    /// The submissions named: those that this step has read, and the others as they are stored.
    async fn submissions(&mut self, ids: &[RecordId]) -> Result<Vec<Submission>> {
        let mut submissions: Vec<Submission> = ids.iter().filter_map(|id| self.claimed.remove(id)).collect();
        let read: HashSet<RecordId> = submissions.iter().map(|submission| submission.id).collect();
        let unread: Vec<RecordId> = ids.iter().copied().filter(|id| !read.contains(id)).collect();
        if !unread.is_empty() {
            submissions.extend(self.transaction.locked().await?.load_submissions(self.company.id, &unread).await?);
        }
        Ok(submissions)
    }

    async fn applied(&mut self, payments: &[RecordKey]) -> Result<HashMap<RecordId, Vec<(String, Option<String>)>>> {
        let rows = self.transaction.rows(&APPLIED, values![serde_json::to_string(payments)?]).await?;
        let mut applied: HashMap<RecordId, Vec<(String, Option<String>)>> = HashMap::new();
        for row in &rows {
            let invoice = (row.text("invoice_external_id")?, row.optional_text("txn_id")?);
            applied.entry(row.parse("id")?).or_default().push(invoice);
        }
        Ok(applied)
    }
}

impl Claimed {
    fn of(submission: &Submission, row: &Row) -> Result<Self> {
        let errand = match &submission.state {
            State::ReadyToSync(errand) => errand.clone(),
            State::HeldBack
            | State::Unsent
            | State::Sending { .. }
            | State::Unconfirmed { .. }
            | State::Submitted(_)
            | State::NeedsAttention(_)
            | State::Excluded { .. } => return Err(row.inconsistent("status", "not ready to sync")),
        };
        Ok(Self {
            record_id: submission.id,
            kind: submission.kind,
            external_id: submission.external_id.clone(),
            number: row.text("number")?,
            revision: submission.revision,
            errand,
            content: Content::from_json(submission.kind, &row.text("content")?)
                .map_err(|error| row.inconsistent("content", error))?,
            attempt_count: submission.attempt_count,
            applied: Vec::new(),
        })
    }
}
