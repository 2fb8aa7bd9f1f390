//! Visits: whether one has anything to do, opening it, and ending one that is dead.

pub(crate) mod step;

use bookferry_sync::id::{CompanyId, VisitId};
use bookferry_sync::list_reading::LISTS_READ;
use bookferry_sync::retry::PAUSE_MAX;
use jiff::Timestamp;

use crate::database::{Row, Value, values};
use crate::error::Result;
use crate::message_set::visit_actor;
use crate::statement::statements;
use crate::store::Store;

pub use step::{Claimed, OpenAttempt, VisitStep};

#[derive(Debug, Clone)]
pub struct NewVisit<'a> {
    pub id: VisitId,
    pub company_id: CompanyId,
    /// SHA-256 of the ticket.
    pub ticket_hash: &'a [u8; 32],
    /// The protocol session, as JSON; not read here.
    pub session: &'a str,
    /// What is known of the caller (version, address), for a person to read.
    pub client: &'a str,
}

/// A visit as stored.
#[derive(Debug, Clone)]
pub struct Visit {
    pub id: VisitId,
    pub company_id: CompanyId,
    pub session: String,
    pub client: String,
    pub opened_at: Timestamp,
    pub last_call_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    /// How it ended, for a person to read.
    pub outcome: Option<String>,
    /// What went wrong, if that ended it, for a person to read.
    pub trouble: Option<String>,
    pub message_set_count: i64,
    /// Records enclosed, and what became of them so far.
    pub sent_count: i64,
    pub submitted_count: i64,
    pub attention_count: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The visit is open. `unconfirmed` records were on their way in a visit that died, and are now to be asked about.
    Open { unconfirmed: u64 },
    /// Another visit is in progress.
    Busy(OpenVisit),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenVisit {
    pub id: VisitId,
    pub opened_at: Timestamp,
    pub last_call_at: Timestamp,
    /// How many records stand in the message set whose answer is awaited; `None` where none is.
    pub awaited_records: Option<u64>,
}

/// How many lists are read.
const LISTS: i64 = LISTS_READ.len() as i64;

macro_rules! visit_columns {
    () => {
        "v.id, v.company_id, v.session, v.client, v.opened_us, v.last_call_us, v.closed_us, v.outcome, \
         v.trouble, v.message_set_count, v.sent_count, v.submitted_count, v.attention_count"
    };
}
pub(crate) use visit_columns;

statements! {
    INSERT = both("visit.insert",
        "INSERT INTO visit (id, company_id, ticket_hash, session, client, opened_us, last_call_us, message_set_count,
             sent_count, submitted_count, attention_count)
         VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 0, 0, 0)");
    FIND_OPEN = both("visit.find_open",
        "SELECT v.id, v.opened_us, v.last_call_us,
             (SELECT COUNT(*) FROM message_set AS m WHERE m.visit_id = v.id AND m.company_id = v.company_id
                 AND m.state = 'sent' AND m.state IN ('sent', 'unsettled')) AS awaited_sets,
             (SELECT COUNT(*) FROM message_set AS m JOIN attempt AS a ON a.message_set_key = m.id
              WHERE m.visit_id = v.id AND m.company_id = v.company_id
                 AND m.state = 'sent' AND m.state IN ('sent', 'unsettled')) AS awaited_records
         FROM visit AS v WHERE v.company_id = $1 AND v.closed_us IS NULL");
    EXPIRE = both("visit.expire",
        "UPDATE visit SET closed_us = $2, outcome = COALESCE(trouble, $3) WHERE id = $1 AND closed_us IS NULL");
    HAS_WORK = both("record.has_work",
        "SELECT CAST(CASE
             WHEN EXISTS (SELECT 1 FROM record WHERE company_id = $1 AND status = 'ready_to_sync' AND blockers = 0
                 AND (available_at_us <= $2 OR available_at_us > $3)) THEN 1
             WHEN EXISTS (SELECT 1 FROM message_set WHERE company_id = $1 AND state IN ('sent', 'unsettled')) THEN 1
             WHEN EXISTS (SELECT 1 FROM company WHERE id = $1 AND books IS NULL) THEN 1
             WHEN EXISTS (SELECT 1 FROM sought AS q JOIN record AS r ON r.id = q.record_id
                 WHERE q.company_id = $1 AND q.answered_us IS NULL
                     AND r.status NOT IN ('sending', 'unconfirmed', 'submitted')
                     AND (r.attention IS NULL OR r.attention <> 'differs')) THEN 1
             WHEN EXISTS (SELECT 1 FROM record AS r LEFT JOIN standing AS s ON s.record_id = r.id
                 WHERE r.company_id = $1 AND r.status = 'needs_attention' AND r.txn_id IS NOT NULL
                     AND (s.version IS NULL OR s.version <> r.version)) THEN 1
             WHEN (SELECT COUNT(*) FROM list_reading WHERE company_id = $1 AND due_us > $2) < $4 THEN 1
             WHEN (SELECT reconcile_due_us FROM company WHERE id = $1) <= $2 THEN 1
             ELSE 0 END AS BIGINT) AS has_work");
}

impl Store {
    /// Whether a visit would have anything to do: a record that can go, an unsettled message set, or a company file not
    /// yet read, or older records that QuickBooks was not asked about. Costs two looks at an index, however long the queue is.
    pub async fn has_work(&self, company: CompanyId, now: Timestamp) -> Result<bool> {
        let row = self.database.row(&HAS_WORK, values![company, now, longest_wait(now), LISTS]).await?;
        if row.map_or(Ok(false), |row| row.flag("has_work"))? {
            return Ok(true);
        }
        self.is_older_unasked(company).await
    }

    /// The company's visit in progress, dead or alive.
    pub async fn open_visit_of(&self, company: CompanyId) -> Result<Option<OpenVisit>> {
        self.database.row(&FIND_OPEN, values![company]).await?.map(|row| OpenVisit::read(&row)).transpose()
    }

    /// Opens a visit unless another is in progress. One that `is_dead` is closed, and what it had sent without an answer
    /// becomes unconfirmed, in the same transaction.
    pub async fn open_visit(
        &self,
        new: &NewVisit<'_>,
        is_dead: impl Fn(&OpenVisit) -> bool,
        now: Timestamp,
    ) -> Result<Opened> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(new.company_id).await?;
        let mut operation = "open_visit";
        if let Some(row) = transaction.row(&FIND_OPEN, values![new.company_id]).await? {
            let open = OpenVisit::read(&row)?;
            if !is_dead(&open) {
                return Ok(Opened::Busy(open));
            }
            transaction.execute_exactly(1, &EXPIRE, values![open.id, now, "taken over"]).await?;
            operation = "take_visit_over";
        }
        let actor = visit_actor(new.id);
        let unconfirmed = transaction.lose_answers(new.company_id, None, &actor, now).await?;
        let values = values![new.id, new.company_id, new.ticket_hash, new.session, new.client, now];
        transaction.execute_exactly(1, &INSERT, values).await?;
        transaction.commit(operation).await?;
        Ok(Opened::Open { unconfirmed })
    }

    /// Closes the company's visit if its last call came before `dead_before`; its unanswered records become
    /// unconfirmed. Returns the visit that was closed.
    pub async fn expire_visit(
        &self,
        company: CompanyId,
        dead_before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<VisitId>> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let Some(row) = transaction.row(&FIND_OPEN, values![company]).await? else { return Ok(None) };
        let open = OpenVisit::read(&row)?;
        if open.last_call_at >= dead_before {
            return Ok(None);
        }
        transaction.execute_exactly(1, &EXPIRE, values![open.id, now, "no call came any more"]).await?;
        transaction.lose_answers(company, None, &visit_actor(open.id), now).await?;
        transaction.commit("expire_visit").await?;
        Ok(Some(open.id))
    }
}

/// A record that is to wait for longer was put off by a clock that was wrong, and waits no more.
fn longest_wait(now: Timestamp) -> Timestamp {
    now.checked_add(PAUSE_MAX).unwrap_or(now)
}

impl Visit {
    /// As `save_visit` takes them.
    fn columns(&self) -> Vec<Value> {
        values![
            self.id,
            &self.session,
            self.last_call_at,
            self.message_set_count,
            self.sent_count,
            self.submitted_count,
            self.attention_count,
            self.closed_at,
            self.outcome.clone(),
            self.trouble.clone(),
        ]
    }

    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            company_id: row.parse("company_id")?,
            session: row.text("session")?,
            client: row.text("client")?,
            opened_at: row.instant("opened_us")?,
            last_call_at: row.instant("last_call_us")?,
            closed_at: row.optional_instant("closed_us")?,
            outcome: row.optional_text("outcome")?,
            trouble: row.optional_text("trouble")?,
            message_set_count: row.integer("message_set_count")?,
            sent_count: row.integer("sent_count")?,
            submitted_count: row.integer("submitted_count")?,
            attention_count: row.integer("attention_count")?,
        })
    }
}

impl OpenVisit {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            opened_at: row.instant("opened_us")?,
            last_call_at: row.instant("last_call_us")?,
            awaited_records: match row.count("awaited_sets")? {
                0 => None,
                _ => Some(row.count("awaited_records")?),
            },
        })
    }
}
