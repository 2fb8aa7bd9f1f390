//! Message sets and attempts: written before they leave, settled with their answer.

use std::collections::HashMap;

use bookferry_sync::id::{CompanyId, MessageSetKey, RecordId, VisitId};
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::record::UnknownWord;
use bookferry_sync::submission::Event;
use bookferry_sync::visit::Refusal;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, Value, ensure_rows, values};
use crate::error::{Error, Result};
use crate::statement::{Statement, statements};
use crate::step_transaction::StepTransaction;
use crate::submission::{Actor, Moved, MovedRow, Submission, insert_history, save_moved, submission_columns};

/// A message set that is about to leave.
#[derive(Debug, Clone)]
pub struct NewMessageSet<'a> {
    pub key: MessageSetKey,
    /// The `newMessageSetID`; unique for ever.
    pub message_set_id: &'a str,
    /// Counts the message sets of a visit.
    pub exchange: i64,
    /// The exact text that leaves; QuickBooks checks it when it is asked again.
    pub request_xml: &'a str,
    /// What the planner wanted with each request, as JSON; kept for it and not read here.
    pub purposes: &'a str,
    /// Whether QuickBooks' books change; only then is a lost answer asked for again.
    pub is_write: bool,
}

/// A record's part in a message set.
#[derive(Debug, Clone)]
pub struct Enclosure {
    pub record_id: RecordId,
    /// The revision that the request was written from; must be the newest.
    pub revision: i64,
    pub request_id: String,
}

/// A message set without its XML, which is long.
#[derive(Debug, Clone)]
pub struct MessageSet {
    pub key: MessageSetKey,
    pub visit_id: VisitId,
    pub message_set_id: String,
    pub exchange: i64,
    pub purposes: String,
    pub is_write: bool,
    pub state: MessageSetState,
    pub sent_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    /// How many visits have found its answer missing.
    pub visits_in_doubt: i64,
    /// How often QuickBooks was asked about it after a person was.
    pub late_asks: i64,
    /// With what QuickBooks broke down over it, where it did.
    pub breakdown: Option<Refusal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageSetState {
    /// Its answer is awaited by a visit that is open.
    Sent,
    /// Its answer never came; it may have been executed.
    Unsettled,
    /// All its attempts are settled.
    Settled,
    /// Its answer never came, and does not matter, since it only read.
    Abandoned,
}

/// What became of a record's part in a message set.
#[derive(Debug, Clone)]
pub struct Settled {
    pub record_id: RecordId,
    pub event: Event,
    /// A word for the attempt: `accepted`, `refused`, `postponed`, ….
    pub outcome: String,
    /// QuickBooks' statusCode and statusMessage, where it answered.
    pub status_code: Option<i64>,
    pub status_message: Option<String>,
    /// What QuickBooks warned of (statusCode 500–999) though it accepted.
    pub warning: Option<String>,
    /// Before this moment the record is not sent again.
    pub retry_at: Option<Timestamp>,
    /// Why it was postponed. Without this, QuickBooks has never looked at the record, and the attempt does not count.
    pub postponed_because: Option<String>,
}

/// An answer, with all that it comes to; written together.
#[derive(Debug, Clone, Default)]
pub struct Answer<'a> {
    /// `None` where recovery or look-up settles what was never answered.
    pub response_xml: Option<&'a str>,
    pub settled: &'a [Settled],
    /// List entries that the answer shows.
    pub present: &'a [ListEntry],
    /// Names that the answer shows not to be there.
    pub absent: &'a [(ListKind, NameKey)],
    /// Whether more is needed to settle the rest of the set, which stays [`MessageSetState::Unsettled`].
    pub is_partial: bool,
}

/// What an enclosed record's move and its attempt are written from.
#[derive(Serialize)]
struct EnclosedRow<'a> {
    #[serde(flatten)]
    moved: MovedRow<'a>,
    request_id: &'a str,
}

/// What a settled record's move and its attempt are written from.
#[derive(Serialize)]
struct SettledRow<'a> {
    #[serde(flatten)]
    moved: MovedRow<'a>,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_as: Option<&'a str>,
}

macro_rules! message_set_columns {
    () => {
        "m.id, m.visit_id, m.message_set_id, m.exchange, m.purposes, m.is_write, m.state, m.sent_us, m.answered_us, \
         m.visits_in_doubt, m.late_asks, m.breakdown"
    };
}
pub(crate) use message_set_columns;

/// Of the submissions whose attempts `a` are not settled, with whether payments may wait for them.
macro_rules! attempted_columns {
    () => {
        concat!(
            submission_columns!(),
            ", CAST(CASE WHEN EXISTS (
                 SELECT 1 FROM application AS awaits
                 WHERE awaits.company_id = r.company_id AND awaits.invoice_external_id = r.external_id
             ) THEN 1 ELSE 0 END AS BIGINT) AS is_awaited"
        )
    };
}

statements! {
    /// $1 to $10 are the visit's. An attempt's errand is the one that its record is about.
    ENCLOSE = ending_step("message_set.enclose", ["$22", "$23", "$24", "$25"],
        enclosed: "INSERT INTO message_set (id, company_id, visit_id, message_set_id, exchange, request_xml, purposes,
             is_write, state, sent_us)
         VALUES ($16, $13, $1, $17, $18, $19, $20, $21, 'sent', $12)",
        attempted: "INSERT INTO attempt (message_set_key, record_id, revision, request_id, errand, sent_us)
         SELECT $16, given.value->>'id', CAST(given.value->>'sent_revision' AS BIGINT), given.value->>'request_id',
             given.value->>'errand', CAST($12 AS BIGINT)
         FROM jsonb_each($11) AS given",
        moved: save_moved!("$11", "$12"),
        told: insert_history!("$11", "$12", "$13", "$14", "$15"));
    /// The last row is the set's; before it stand those of its submissions that are not settled, which is one trip to the
    /// database less.
    FIND_BY_EXCHANGE = both("message_set.find_by_exchange",
        concat!("SELECT ", attempted_columns!(), ", NULL AS visit_id, NULL AS message_set_id, NULL AS exchange,
             NULL AS purposes, NULL AS is_write, NULL AS state, NULL AS sent_us, NULL AS answered_us,
             NULL AS visits_in_doubt, NULL AS late_asks, NULL AS breakdown, NULL AS is_more_ready
         FROM message_set AS m JOIN attempt AS a ON a.message_set_key = m.id AND a.settled_us IS NULL
         JOIN record AS r ON r.id = a.record_id
         WHERE m.visit_id = $1 AND m.exchange = $2
         UNION ALL
         SELECT m.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
             NULL, NULL, NULL, NULL, m.visit_id, m.message_set_id, m.exchange, m.purposes, m.is_write, m.state, m.sent_us,
             m.answered_us, m.visits_in_doubt, m.late_asks, m.breakdown, CAST(CASE WHEN EXISTS (
             SELECT 1 FROM record AS r WHERE r.company_id = m.company_id AND r.status = 'ready_to_sync' AND r.blockers = 0
                 AND r.available_at_us <= $3) THEN 1 ELSE 0 END AS BIGINT)
         FROM message_set AS m WHERE m.visit_id = $1 AND m.exchange = $2"));
    FIND_REQUEST = both("message_set.find_request",
        "SELECT request_xml FROM message_set WHERE visit_id = $1 AND exchange = $2");
    FIND_BY_ID = both("message_set.find_by_message_set_id",
        concat!("SELECT ", message_set_columns!(),
            " FROM message_set AS m WHERE m.message_set_id = $2 AND m.company_id = $1"));
    /// The state stands there twice so that SQLite knows that the partial index serves.
    FIND_UNSETTLED = both("message_set.find_unsettled",
        concat!("SELECT ", message_set_columns!(), " FROM message_set AS m
         WHERE m.company_id = $1 AND m.state = 'unsettled' AND m.state IN ('sent', 'unsettled')
         ORDER BY m.visits_in_doubt, m.seq LIMIT +$2"));
    FIND_UNSETTLED_BY_KEY = both("message_set.find_unsettled_by_key",
        concat!("SELECT ", message_set_columns!(), " FROM message_set AS m
         WHERE m.id = $2 AND m.company_id = $1 AND m.state = 'unsettled'"));
    NOTE_BREAKDOWN = both("message_set.note_breakdown", "UPDATE message_set SET breakdown = $2 WHERE id = $1");
    /// Since somebody last had it sent again, or changed it.
    COUNT_BREAKDOWNS = both("attempt.count_breakdowns",
        "SELECT COUNT(*) AS breakdowns FROM attempt AS a JOIN message_set AS m ON m.id = a.message_set_key
         WHERE a.record_id = $1 AND m.breakdown IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM attempt AS other
                 WHERE other.message_set_key = a.message_set_key AND other.record_id <> a.record_id)
             AND a.sent_us >= COALESCE((SELECT MAX(h.at_us) FROM history AS h WHERE h.record_id = $1
                 AND h.event IN ('retry', 'not_in_quickbooks', 'send_change', 'revised')), 0)");
    ASK_LATE = both("message_set.ask_late", "UPDATE message_set SET late_asks = late_asks + 1 WHERE id = $1");
    /// A person's word ends the asking.
    DECIDE_ATTEMPTS = both("attempt.decide",
        "UPDATE attempt SET settled_us = $2, outcome = $3 WHERE record_id = $1 AND settled_us IS NULL");
    SETTLE_DECIDED = both("message_set.settle_decided",
        "UPDATE message_set SET state = 'settled'
         WHERE state = 'unsettled' AND id IN (SELECT of.message_set_key FROM attempt AS of WHERE of.record_id = $1)
             AND NOT EXISTS (SELECT 1 FROM attempt AS open
                 WHERE open.message_set_key = message_set.id AND open.settled_us IS NULL)");
    FIND_ATTEMPTED = both("attempt.find_open",
        concat!("SELECT ", attempted_columns!(), " FROM attempt AS a JOIN record AS r ON r.id = a.record_id
         WHERE a.message_set_key = $1 AND a.settled_us IS NULL"));
    /// $1 to $10 are the visit's. COALESCE, whose second value never counts, has SQLite find each given record's attempt
    /// by the whole key; it would compare every attempt of the set with every given record otherwise.
    SETTLE = ending_step("message_set.settle", ["$19", "$20", "$21", "$22"],
        settled: "UPDATE message_set SET state = $17, response_xml = COALESCE($18, response_xml),
             answered_us = CASE WHEN $18 IS NULL THEN answered_us ELSE $12 END
         WHERE id = $16 AND state IN ('sent', 'unsettled')",
        attempted: "UPDATE attempt SET settled_us = $12, outcome = given.value->>'outcome',
             status_code = CAST(given.value->>'status_code' AS BIGINT), status_message = given.value->>'status_message',
             txn_id = given.value->>'accepted_as'
         FROM jsonb_each($11) AS given
         WHERE attempt.message_set_key = COALESCE($16, given.value->>'id') AND attempt.record_id = given.value->>'id'
             AND attempt.settled_us IS NULL",
        moved: save_moved!("$11", "$12"),
        told: insert_history!("$11", "$12", "$13", "$14", "$15"));
    FIND_SENT = both("message_set.find_sent",
        "SELECT m.id, m.is_write FROM message_set AS m
         WHERE m.company_id = $1 AND m.state = 'sent' AND m.state IN ('sent', 'unsettled') AND m.visit_id <> $2
         ORDER BY m.seq");
    LOSE = both("message_set.lose",
        "UPDATE message_set SET state = CASE WHEN is_write = 1 THEN 'unsettled' ELSE 'abandoned' END
         WHERE id = $1 AND state = 'sent'");
}

/// A message set of a visit, as it is needed when its answer comes.
pub(crate) struct Exchanged {
    pub(crate) message_set: MessageSet,
    /// Its submissions that are not settled.
    pub(crate) open: Vec<Submission>,
    /// Whether a record of the company can go now.
    pub(crate) is_more_ready: bool,
}

/// What is written together with the visit at the end of a step, or before the step reads again.
pub(crate) struct Unwritten {
    pub(crate) statement: &'static Statement,
    /// Rows that it touches, the visit included.
    pub(crate) rows: usize,
    /// Those that follow the visit's.
    pub(crate) values: Vec<Value>,
}

impl Unwritten {
    /// The set, its attempts, and the moves of `submissions` to Sending, one for each enclosure.
    pub(crate) fn enclose(
        company: CompanyId,
        visit: VisitId,
        new: &NewMessageSet<'_>,
        enclosures: &[Enclosure],
        submissions: Vec<Submission>,
        now: Timestamp,
    ) -> Result<Self> {
        let by_id: HashMap<RecordId, &Enclosure> =
            enclosures.iter().map(|enclosure| (enclosure.record_id, enclosure)).collect();
        let mut enclosed = Vec::with_capacity(enclosures.len());
        for submission in submissions {
            let Some(enclosure) = by_id.get(&submission.id) else { continue };
            enclosed.push((submission.enclose(enclosure)?, enclosure.request_id.as_str()));
        }
        let rows: Vec<EnclosedRow<'_>> =
            enclosed.iter().map(|(moved, request_id)| EnclosedRow { moved: moved.row(), request_id }).collect();
        let actor = visit_actor(visit);
        let values = values![
            serde_json::to_string(&rows)?,
            now,
            company,
            actor.who,
            actor.from,
            new.key,
            new.message_set_id,
            new.exchange,
            new.request_xml,
            new.purposes,
            new.is_write,
        ];
        Ok(Self { statement: &ENCLOSE, rows: 2 + 3 * enclosures.len(), values })
    }

    /// What an answer comes to, and how it moves the records. `open` are all of the set's that are not settled yet.
    pub(crate) fn settle(
        company: CompanyId,
        visit: VisitId,
        key: MessageSetKey,
        open: Vec<Submission>,
        answer: &Answer<'_>,
        now: Timestamp,
    ) -> Result<(Self, Vec<Moved>)> {
        // A set that counts as settled must leave no record behind that waits for its answer.
        let expected = if answer.is_partial { answer.settled.len() } else { open.len().max(answer.settled.len()) };
        let settled = settle_each(open, answer.settled)?;
        ensure_rows(FIND_ATTEMPTED.name, as_count(expected), as_count(settled.len()))?;
        let rows: Vec<SettledRow<'_>> = settled.iter().map(|(moved, settled)| SettledRow::of(moved, settled)).collect();
        let state = if answer.is_partial { MessageSetState::Unsettled } else { MessageSetState::Settled };
        let actor = visit_actor(visit);
        let values = values![
            serde_json::to_string(&rows)?,
            now,
            company,
            actor.who,
            actor.from,
            key,
            state.as_str(),
            answer.response_xml,
        ];
        let unwritten = Self { statement: &SETTLE, rows: 2 + 3 * rows.len(), values };
        Ok((unwritten, settled.into_iter().map(|(moved, _)| moved).collect()))
    }
}

impl Transaction {
    /// Gives up waiting for the answers of all message sets but those of `except`: those that write become unsettled,
    /// and their records unconfirmed. Returns how many records that were.
    pub(crate) async fn lose_answers(
        &mut self,
        company: CompanyId,
        except: Option<VisitId>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let except = except.map(|visit| visit.to_string()).unwrap_or_default();
        let mut lost = 0;
        for row in self.rows(&FIND_SENT, values![company, except]).await? {
            let key: MessageSetKey = row.parse("id")?;
            self.execute_exactly(1, &LOSE, values![key]).await?;
            let moves = self
                .open_submissions(key)
                .await?
                .into_iter()
                .map(|submission| submission.apply(Event::AnswerLost))
                .collect::<Result<Vec<_>>>()?;
            lost += u64::try_from(moves.len()).unwrap_or(u64::MAX);
            self.save_moves(company, &moves, actor, now).await?;
        }
        Ok(lost)
    }

    pub(crate) async fn request_of_exchange(&mut self, visit: VisitId, exchange: i64) -> Result<Option<String>> {
        self.row(&FIND_REQUEST, values![visit, exchange]).await?.map(|row| row.text("request_xml")).transpose()
    }

    pub(crate) async fn message_set_by_id(&mut self, company: CompanyId, id: &str) -> Result<Option<MessageSet>> {
        self.row(&FIND_BY_ID, values![company, id]).await?.map(|row| MessageSet::read(&row)).transpose()
    }

    pub(crate) async fn unsettled_message_sets(&mut self, company: CompanyId, limit: u32) -> Result<Vec<MessageSet>> {
        let rows = self.rows(&FIND_UNSETTLED, values![company, i64::from(limit)]).await?;
        rows.iter().map(MessageSet::read).collect()
    }

    pub(crate) async fn unsettled_message_set(
        &mut self,
        company: CompanyId,
        key: MessageSetKey,
    ) -> Result<Option<MessageSet>> {
        let row = self.row(&FIND_UNSETTLED_BY_KEY, values![company, key]).await?;
        row.map(|row| MessageSet::read(&row)).transpose()
    }

    pub(crate) async fn note_breakdown(&mut self, key: MessageSetKey, breakdown: &Refusal) -> Result<()> {
        self.execute_exactly(1, &NOTE_BREAKDOWN, values![key, serde_json::to_string(breakdown)?]).await
    }

    pub(crate) async fn breakdowns(&mut self, record: RecordId) -> Result<u64> {
        let row = self.row(&COUNT_BREAKDOWNS, values![record]).await?;
        row.map_or(Ok(0), |row| row.count("breakdowns"))
    }

    pub(crate) async fn note_late_ask(&mut self, key: MessageSetKey) -> Result<()> {
        self.execute_exactly(1, &ASK_LATE, values![key]).await
    }

    /// Ends the asking about a record's part in whatever message set, since a person has said what became of it.
    pub(crate) async fn decide_attempts(&mut self, record: RecordId, word: &str, now: Timestamp) -> Result<()> {
        if self.execute(&DECIDE_ATTEMPTS, values![record, now, word]).await? > 0 {
            self.execute(&SETTLE_DECIDED, values![record]).await?;
        }
        Ok(())
    }

    /// The records whose part in the message set is not settled.
    pub(crate) async fn open_submissions(&mut self, key: MessageSetKey) -> Result<Vec<Submission>> {
        self.rows(&FIND_ATTEMPTED, values![key]).await?.iter().map(read_attempted).collect()
    }
}

impl StepTransaction {
    /// With what is asked whenever a set is answered: its open submissions, and whether a record of the company can go now.
    pub(crate) async fn message_set_of_exchange(
        &mut self,
        visit: VisitId,
        exchange: i64,
        now: Timestamp,
    ) -> Result<Option<Exchanged>> {
        let mut rows = self.rows(&FIND_BY_EXCHANGE, values![visit, exchange, now]).await?;
        let Some(last) = rows.pop() else { return Ok(None) };
        let open = rows.iter().map(read_attempted).collect::<Result<_>>()?;
        Ok(Some(Exchanged { message_set: MessageSet::read(&last)?, open, is_more_ready: last.flag("is_more_ready")? }))
    }
}

fn read_attempted(row: &Row) -> Result<Submission> {
    Ok(Submission { may_be_awaited: row.flag("is_awaited")?, ..Submission::read(row)? })
}

pub(crate) fn visit_actor(visit: VisitId) -> Actor {
    Actor::new("web_connector", visit.to_string())
}

/// Moves those of `open` that are settled.
fn settle_each(open: Vec<Submission>, settled: &[Settled]) -> Result<Vec<(Moved, &Settled)>> {
    let by_id: HashMap<RecordId, &Settled> = settled.iter().map(|settled| (settled.record_id, settled)).collect();
    let moves = open.into_iter().filter_map(|submission| {
        let settled = by_id.get(&submission.id)?;
        Some(submission.apply(settled.event.clone()).map(|mut moved| {
            moved.submission.warning.clone_from(&settled.warning);
            moved.submission.available_at_us = settled.retry_at.map_or(0, Timestamp::as_microsecond);
            if settled.postponed_because.is_some() {
                moved.postponed(settled.postponed_because.as_ref());
            } else if matches!(settled.event, Event::Postponed | Event::NotExecuted) {
                moved.submission.attempt_count = (moved.submission.attempt_count - 1).max(0);
            }
            (moved, *settled)
        }))
    });
    moves.collect()
}

fn as_count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}

impl Submission {
    fn enclose(self, enclosure: &Enclosure) -> Result<Moved> {
        if self.revision != enclosure.revision {
            return Err(Error::Stale { record: self.id.to_string() });
        }
        let mut moved = self.apply(Event::Enclosed)?;
        moved.submission.sent_revision = Some(enclosure.revision);
        moved.submission.attempt_count += 1;
        Ok(moved)
    }
}

impl<'a> SettledRow<'a> {
    fn of(moved: &'a Moved, settled: &'a Settled) -> Self {
        let accepted_as =
            if let Event::Accepted { posted, .. } = &settled.event { Some(posted.txn_id.as_str()) } else { None };
        Self {
            moved: moved.row(),
            outcome: &settled.outcome,
            status_code: settled.status_code,
            status_message: settled.status_message.as_deref(),
            accepted_as,
        }
    }
}

impl MessageSet {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let breakdown = row.optional_text("breakdown")?.map(|json| serde_json::from_str(&json));
        Ok(Self {
            key: row.parse("id")?,
            visit_id: row.parse("visit_id")?,
            message_set_id: row.text("message_set_id")?,
            exchange: row.integer("exchange")?,
            purposes: row.text("purposes")?,
            is_write: row.flag("is_write")?,
            state: row.parse("state")?,
            sent_at: row.instant("sent_us")?,
            answered_at: row.optional_instant("answered_us")?,
            visits_in_doubt: row.integer("visits_in_doubt")?,
            late_asks: row.integer("late_asks")?,
            breakdown: breakdown.transpose().map_err(|error| row.inconsistent("breakdown", error))?,
        })
    }
}

impl MessageSetState {
    pub const ALL: [Self; 4] = [Self::Sent, Self::Unsettled, Self::Settled, Self::Abandoned];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Unsettled => "unsettled",
            Self::Settled => "settled",
            Self::Abandoned => "abandoned",
        }
    }
}

impl std::str::FromStr for MessageSetState {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}
