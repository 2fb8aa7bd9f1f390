//! Reconciliations: what was submitted, held against what QuickBooks has now. One is open at a time; those that are over are
//! kept, as the answer to when the books were compared last.

use bookferry_sync::change::Reread;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::reconciliation::{AGAIN_AFTER, PORTION, since};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Posted, State};
use jiff::{Timestamp, civil};
use serde::Serialize;

use crate::database::{Row, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Submission, submission_columns};
use crate::visit::VisitStep;

/// One of them, open or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciliation {
    /// 1, 2, 3, … for each company.
    pub number: i64,
    /// An e-mail address, or [`NIGHTLY`].
    pub asked_by: String,
    pub asked_at: Timestamp,
    /// By QuickBooks' clock; `None` where everything that was submitted is compared.
    pub since: Option<civil::DateTime>,
    /// Records with an earlier date are left out.
    pub from_date: Option<civil::Date>,
    /// The place of the record that was compared last, by the order of handing over.
    pub position: i64,
    pub newest_change: Option<civil::DateTime>,
    /// Documents that were held against each other.
    pub compared: u64,
    /// Those of them that went to Needs Attention.
    pub differing: u64,
    pub finished_at: Option<Timestamp>,
    /// Why QuickBooks did not answer the last time, in its own words.
    pub trouble: Option<String>,
}

/// Who asks where nobody did.
pub const NIGHTLY: &str = "nightly";

/// A record that QuickBooks has, by its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InQuickBooks {
    pub position: i64,
    pub kind: RecordKind,
    pub txn_id: String,
}

/// A record that QuickBooks has, as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct AsSent {
    pub record_id: RecordId,
    pub posted: Posted,
    pub content: Content,
    pub state: State,
    /// What it says by now, of one that waits because of a change and with an error.
    pub newest: Option<Content>,
    pub is_revised: bool,
    /// What QuickBooks had when a visit last looked, of one that waits.
    pub shown: Option<Reread>,
    /// Whether it was voided, or deleted, there at the application's word, and is as it should be.
    pub is_withdrawn: bool,
}

#[derive(Serialize)]
struct TxnRow<'a> {
    txn_id: &'a str,
}

macro_rules! columns {
    () => {
        "number, asked_by, asked_us, since, from_date, position, newest_change, compared, differing, finished_us, trouble"
    };
}

statements! {
    FIND_OPEN = both("reconciliation.find_open",
        concat!("SELECT ", columns!(), " FROM reconciliation WHERE company_id = $1 AND finished_us IS NULL"));
    FIND_LATEST = both("reconciliation.find_latest",
        concat!("SELECT ", columns!(), " FROM reconciliation WHERE company_id = $1 ORDER BY number DESC LIMIT +$2"));
    /// The last one that left nothing out.
    FIND_COMPLETE = both("reconciliation.find_complete",
        concat!("SELECT ", columns!(), " FROM reconciliation
         WHERE company_id = $1 AND from_date IS NULL AND finished_us IS NOT NULL ORDER BY number DESC LIMIT 1"));
    GIVE_UP = both("reconciliation.give_up",
        "DELETE FROM reconciliation WHERE company_id = $1 AND finished_us IS NULL");
    FIND_DUE = both("company.reconcile_due", "SELECT reconcile_due_us FROM company WHERE id = $1");
    BEGIN = both("reconciliation.begin",
        "INSERT INTO reconciliation (company_id, number, asked_by, asked_us, since, from_date, newest_change, position,
             compared, differing)
         SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, 0, 0, 0 FROM reconciliation WHERE company_id = $1");
    END_OPEN = both("reconciliation.end_open",
        "UPDATE reconciliation SET finished_us = $2 WHERE company_id = $1 AND finished_us IS NULL");
    NOTE = both("reconciliation.note",
        "UPDATE reconciliation SET position = $3, newest_change = $4, compared = compared + $5,
             differing = differing + $6, trouble = NULL WHERE company_id = $1 AND number = $2");
    NOTE_TROUBLE = both("reconciliation.note_trouble",
        "UPDATE reconciliation SET trouble = $2 WHERE company_id = $1 AND finished_us IS NULL");
    SET_DUE = both("company.set_reconcile_due", "UPDATE company SET reconcile_due_us = $2 WHERE id = $1");
    SUBMITTED_AFTER = both("record.submitted_after",
        "SELECT r.seq, r.kind, r.txn_id FROM record AS r
         WHERE r.company_id = $1 AND r.seq > $2 AND r.status IN ('submitted', 'needs_attention') AND r.txn_id IS NOT NULL
             AND r.date >= $3
             AND r.changed_us >= (SELECT c.books_since_us FROM company AS c WHERE c.id = $1)
         ORDER BY r.seq LIMIT +$4");
    AS_SENT = both("record.as_sent",
        concat!("SELECT ", submission_columns!(), ", posted.content, posted.voided, newest.content AS newest,
             s.content AS shown
         FROM jsonb_each($2) AS given CROSS JOIN record AS r
         JOIN revision AS posted ON posted.record_id = r.id AND posted.number = r.posted_revision
         LEFT JOIN revision AS newest ON newest.record_id = r.id
             AND newest.number = CASE WHEN r.attention = 'error' THEN r.revision END
         LEFT JOIN standing AS s ON s.record_id = CASE WHEN r.status = 'needs_attention' THEN r.id END
         WHERE r.company_id = $1 AND r.txn_id = given.value->>'txn_id'"));
}

impl Store {
    /// Has the next visits compare everything that was submitted, from a date on or at all. What was being compared is not
    /// gone on with.
    pub async fn reconcile(
        &self,
        company: CompanyId,
        from_date: Option<civil::Date>,
        asked_by: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        transaction.execute(&GIVE_UP, values![company]).await?;
        let from_date = from_date.map(|date| date.to_string());
        let values = values![company, asked_by, now, None::<String>, from_date, None::<String>];
        transaction.execute_exactly(1, &BEGIN, values).await?;
        transaction.execute_exactly(1, &SET_DUE, values![company, now]).await?;
        transaction.commit("reconcile").await
    }

    /// The latest, newest first.
    pub async fn reconciliations(&self, company: CompanyId, limit: u32) -> Result<Vec<Reconciliation>> {
        let rows = self.database.rows(&FIND_LATEST, values![company, i64::from(limit)]).await?;
        rows.iter().map(Reconciliation::read).collect()
    }
}

impl VisitStep {
    /// The one that is to go on now; begins the nightly one where it is due.
    pub async fn reconciliation(&mut self, now: Timestamp) -> Result<Option<Reconciliation>> {
        let company = self.company.id;
        let transaction = self.transaction.locked().await?;
        let due = transaction.row(&FIND_DUE, values![company]).await?;
        let due = due.map_or(Ok(None), |row| row.optional_instant("reconcile_due_us"))?;
        if due.is_none_or(|due| due > now) {
            return Ok(None);
        }
        if let Some(row) = transaction.row(&FIND_OPEN, values![company]).await? {
            return Reconciliation::read(&row).map(Some);
        }
        let latest = transaction.row(&FIND_COMPLETE, values![company]).await?;
        let latest = latest.map(|row| Reconciliation::read(&row)).transpose()?;
        let days = latest.as_ref().map_or(0, |latest| now.duration_since(latest.asked_at).as_hours() / 24);
        let since = since(latest.as_ref().and_then(|latest| latest.newest_change), days);
        let newest_change = since.and(latest.and_then(|latest| latest.newest_change));
        let text = |clock: Option<civil::DateTime>| clock.map(|clock| clock.to_string());
        let values = values![company, NIGHTLY, now, text(since), None::<String>, text(newest_change)];
        transaction.execute_exactly(1, &BEGIN, values).await?;
        transaction.row(&FIND_OPEN, values![company]).await?.map(|row| Reconciliation::read(&row)).transpose()
    }

    /// The next records in QuickBooks of one that compares everything: those that are submitted, and those that wait.
    pub async fn submitted_after(&mut self, of: &Reconciliation) -> Result<Vec<InQuickBooks>> {
        let from_date = of.from_date.map(|date| date.to_string()).unwrap_or_default();
        let values = values![self.company.id, of.position, from_date, i64::from(PORTION)];
        let rows = self.transaction.locked().await?.rows(&SUBMITTED_AFTER, values).await?;
        let read = |row: &Row| {
            Ok(InQuickBooks { position: row.integer("seq")?, kind: row.parse("kind")?, txn_id: row.text("txn_id")? })
        };
        rows.iter().map(read).collect()
    }

    /// The records that stand in QuickBooks under these TxnIDs, as they were sent.
    pub async fn as_sent(&mut self, txn_ids: &[&str]) -> Result<Vec<AsSent>> {
        let given: Vec<TxnRow<'_>> = txn_ids.iter().map(|txn_id| TxnRow { txn_id }).collect();
        let values = values![self.company.id, serde_json::to_string(&given)?];
        let rows = self.transaction.locked().await?.rows(&AS_SENT, values).await?;
        rows.iter().map(AsSent::read).collect()
    }

    /// So many more were compared, up to that position.
    pub async fn note_reconciled(&mut self, of: &Reconciliation, compared: usize, differing: usize) -> Result<()> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let newest_change = of.newest_change.map(|change| change.to_string());
        let values = values![self.company.id, of.number, of.position, newest_change, count(compared), count(differing)];
        self.transaction.locked().await?.execute_exactly(1, &NOTE, values).await
    }

    /// The open one is over; the next one begins a day later.
    pub async fn finish_reconciliation(&mut self, now: Timestamp) -> Result<()> {
        let company = self.company.id;
        self.transaction.locked().await?.execute(&END_OPEN, values![company, now]).await?;
        self.put_reconciliation_off(now.saturating_add(AGAIN_AFTER).unwrap_or(Timestamp::MAX), None).await
    }

    /// The open one goes on at `until`; with QuickBooks' words where it did not answer.
    pub async fn put_reconciliation_off(&mut self, until: Timestamp, trouble: Option<&str>) -> Result<()> {
        let company = self.company.id;
        if let Some(trouble) = trouble {
            self.transaction.locked().await?.execute(&NOTE_TROUBLE, values![company, trouble]).await?;
        }
        self.transaction.locked().await?.execute_exactly(1, &SET_DUE, values![company, until]).await
    }
}

impl Reconciliation {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            number: row.integer("number")?,
            asked_by: row.text("asked_by")?,
            asked_at: row.instant("asked_us")?,
            since: clock(row, "since")?,
            from_date: clock(row, "from_date")?,
            position: row.integer("position")?,
            newest_change: clock(row, "newest_change")?,
            compared: row.count("compared")?,
            differing: row.count("differing")?,
            finished_at: row.optional_instant("finished_us")?,
            trouble: row.optional_text("trouble")?,
        })
    }
}

fn clock<T: std::str::FromStr<Err = jiff::Error>>(row: &Row, column: &'static str) -> Result<Option<T>> {
    let text = row.optional_text(column)?;
    text.map(|text| text.parse().map_err(|error| row.inconsistent(column, error))).transpose()
}

impl AsSent {
    fn read(row: &Row) -> Result<Self> {
        let submission = Submission::read(row)?;
        let content = |column: &'static str, json: &str| {
            Content::from_json(submission.kind, json).map_err(|error| row.inconsistent(column, error))
        };
        let newest = row.optional_text("newest")?.map(|json| content("newest", &json)).transpose()?;
        let shown = row.optional_text("shown")?.map(|json| serde_json::from_str(&json)).transpose();
        let posted = Posted {
            txn_id: row.text("txn_id")?,
            edit_sequence: row.text("edit_sequence")?,
            revision: row.integer("posted_revision")?,
        };
        Ok(Self {
            record_id: submission.id,
            content: content("content", &row.text("content")?)?,
            is_revised: submission.revision != posted.revision,
            posted,
            newest,
            shown: shown.map_err(|error| row.inconsistent("shown", error))?,
            is_withdrawn: row.flag("voided")?,
            state: submission.state,
        })
    }
}
