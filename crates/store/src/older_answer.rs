//! What QuickBooks said of records from before sync was enabled: whether something like them stands there.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::recovery::OlderAnswer;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;
use crate::visit::VisitStep;

/// A record that QuickBooks was not asked about yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OlderRecord {
    pub record_id: RecordId,
    pub kind: RecordKind,
    pub external_id: String,
    pub revision: i64,
    pub content: Content,
}

#[derive(Serialize)]
struct AnswerRow<'a> {
    id: RecordId,
    revision: i64,
    txn_id: Option<&'a str>,
    edit_sequence: &'a str,
    number: &'a str,
    customer: &'a str,
    date: Option<String>,
    amount_e5: Option<i64>,
}

statements! {
    /// The partial index holds those alone.
    UNASKED = both("record.older_unasked",
        "SELECT r.id, r.kind, r.external_id, r.revision, newest.content
         FROM record AS r JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE r.company_id = $1 AND r.status = 'held_back' AND r.older_asked = 0 ORDER BY r.seq LIMIT +$2");
    IS_UNASKED = both("record.is_older_unasked",
        "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM record WHERE company_id = $1 AND status = 'held_back'
             AND older_asked = 0) THEN 1 ELSE 0 END AS BIGINT) AS is_unasked");
    NOTE_ASKED = both("record.note_older_asked",
        "UPDATE record SET older_asked = 1 FROM jsonb_each($1) AS given
         WHERE record.id = given.value->>'id' AND record.revision = CAST(given.value->>'revision' AS BIGINT)");
    FORGET = both("older_answer.forget",
        "DELETE FROM older_answer WHERE record_id IN (SELECT given.value->>'id' FROM jsonb_each($1) AS given)");
    NOTE = both("older_answer.insert",
        "INSERT INTO older_answer (record_id, company_id, revision, answered_us, txn_id, edit_sequence, number, customer,
             date, amount_e5)
         SELECT given.value->>'id', $2, CAST(given.value->>'revision' AS BIGINT), CAST($3 AS BIGINT),
             given.value->>'txn_id', given.value->>'edit_sequence', given.value->>'number',
             given.value->>'customer', given.value->>'date', CAST(given.value->>'amount_e5' AS BIGINT)
         FROM jsonb_each($1) AS given WHERE given.value->>'txn_id' IS NOT NULL");
    ASK_AGAIN = both("record.ask_older_again",
        "UPDATE record SET older_asked = 0 WHERE company_id = $1 AND status = 'held_back' AND older_asked <> 0");
    FORGET_ALL = both("older_answer.forget_all", "DELETE FROM older_answer WHERE company_id = $1");
}

impl Store {
    /// Whether QuickBooks has to be asked about some record that is held back.
    pub(crate) async fn is_older_unasked(&self, company: CompanyId) -> Result<bool> {
        let row = self.database.row(&IS_UNASKED, values![company]).await?;
        row.map_or(Ok(false), |row| row.flag("is_unasked"))
    }

    /// Has the next visits ask QuickBooks about everything that is held back once more.
    pub async fn ask_about_older_again(&self, company: CompanyId) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        transaction.forget_older_answers(company).await?;
        transaction.commit("ask_about_older_again").await
    }
}

impl VisitStep {
    /// Records that are held back and that QuickBooks was not asked about, the first that came first.
    pub async fn older_unasked(&mut self, limit: u32) -> Result<Vec<OlderRecord>> {
        let values = values![self.company.id, i64::from(limit)];
        let rows = self.transaction.locked().await?.rows(&UNASKED, values).await?;
        rows.iter().map(OlderRecord::read).collect()
    }

    /// Whether there are any.
    pub async fn is_older_unasked(&mut self) -> Result<bool> {
        let row = self.transaction.locked().await?.row(&IS_UNASKED, values![self.company.id]).await?;
        row.map_or(Ok(false), |row| row.flag("is_unasked"))
    }

    /// Keeps what QuickBooks said. A record that was revised since is asked about again.
    pub async fn note_older(&mut self, answers: &[OlderAnswer], now: Timestamp) -> Result<()> {
        if answers.is_empty() {
            return Ok(());
        }
        let rows: Vec<AnswerRow<'_>> = answers.iter().map(AnswerRow::of).collect();
        let rows = serde_json::to_string(&rows)?;
        let company = self.company.id;
        let transaction = self.transaction.locked().await?;
        transaction.execute(&NOTE_ASKED, values![rows.clone()]).await?;
        transaction.execute(&FORGET, values![rows.clone()]).await?;
        transaction.execute(&NOTE, values![rows, company, now]).await.map(drop)
    }
}

impl Transaction {
    /// What other books, or these an hour ago, had is not what they have now.
    pub(crate) async fn forget_older_answers(&mut self, company: CompanyId) -> Result<()> {
        self.execute(&ASK_AGAIN, values![company]).await?;
        self.execute(&FORGET_ALL, values![company]).await.map(drop)
    }
}

impl OlderRecord {
    fn read(row: &Row) -> Result<Self> {
        let kind: RecordKind = row.parse("kind")?;
        Ok(Self {
            record_id: row.parse("id")?,
            kind,
            external_id: row.text("external_id")?,
            revision: row.integer("revision")?,
            content: Content::from_json(kind, &row.text("content")?)
                .map_err(|error| row.inconsistent("content", error))?,
        })
    }
}

impl<'a> AnswerRow<'a> {
    fn of(answer: &'a OlderAnswer) -> Self {
        let seen = answer.seen.as_ref();
        Self {
            id: answer.record_id,
            revision: answer.revision,
            txn_id: seen.map(|seen| seen.txn_id.as_str()),
            edit_sequence: seen.map_or("", |seen| seen.edit_sequence.as_str()),
            number: seen.map_or("", |seen| seen.number.as_str()),
            customer: seen.map_or("", |seen| seen.customer.as_str()),
            date: seen.and_then(|seen| seen.date).map(|date| date.to_string()),
            amount_e5: seen.and_then(|seen| seen.amount).map(Amount::e5),
        }
    }
}
