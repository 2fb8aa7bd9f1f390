//! Whose business records under Needs Attention are, until when they are out of the way, and what people say about them. None
//! of it moves a record; all of it stands in the history.

use std::collections::HashMap;

use bookferry_sync::id::{CompanyId, RecordId};
use jiff::Timestamp;

use crate::database::{Row, values};
use crate::error::Result;
use crate::grid::{RecordLine, line_columns};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Actor, RecordKey};

/// What somebody does about a record without moving it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Care {
    /// Out of the way until then, or until something happens to the record; `None` brings it back.
    Snooze(Option<Timestamp>),
    /// To the person with this e-mail address; `None` to nobody.
    Assign(Option<String>),
    Comment(String),
}

/// What was done about a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cared {
    pub assignee: Option<String>,
    pub snoozed_until: Option<Timestamp>,
}

statements! {
    SNOOZE = both("care.snooze",
        "INSERT INTO care (record_id, company_id, snoozed_until_us, snoozed_version)
         SELECT r.id, r.company_id, CAST($3 AS BIGINT), CASE WHEN CAST($3 AS BIGINT) IS NULL THEN NULL ELSE r.version END
         FROM jsonb_each($2) AS given CROSS JOIN record AS r
         WHERE r.id = given.value->>'id' AND r.company_id = $1 AND r.status = 'needs_attention'
         ON CONFLICT (record_id) DO UPDATE SET snoozed_until_us = excluded.snoozed_until_us,
             snoozed_version = excluded.snoozed_version");
    ASSIGN = both("care.assign",
        "INSERT INTO care (record_id, company_id, assignee)
         SELECT r.id, r.company_id, $3 FROM jsonb_each($2) AS given CROSS JOIN record AS r
         WHERE r.id = given.value->>'id' AND r.company_id = $1
         ON CONFLICT (record_id) DO UPDATE SET assignee = excluded.assignee");
    TELL = both("history.insert_care",
        "INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, from_status, to_status, reason)
         SELECT r.company_id, r.id, CAST($3 AS BIGINT), $4, $5, $6, r.status, r.status, $7
         FROM jsonb_each($2) AS given CROSS JOIN record AS r
         WHERE r.id = given.value->>'id' AND r.company_id = $1");
    OF = both("care.of_records",
        "SELECT c.record_id AS id, c.assignee,
             CASE WHEN c.snoozed_version = r.version AND c.snoozed_until_us > $3 THEN c.snoozed_until_us END AS snoozed_until_us
         FROM jsonb_each($2) AS given CROSS JOIN care AS c JOIN record AS r ON r.id = c.record_id
         WHERE c.record_id = given.value->>'id' AND c.company_id = $1");
    SNOOZED = both("care.snoozed",
        concat!("SELECT ", line_columns!(), ", c.snoozed_until_us
         FROM care AS c JOIN record AS r ON r.id = c.record_id
         WHERE c.company_id = $1 AND r.status = 'needs_attention' AND c.snoozed_version = r.version
             AND c.snoozed_until_us > $2 ORDER BY c.snoozed_until_us, r.seq LIMIT +$3"));
    COUNT_SNOOZED = both("care.count_snoozed",
        "SELECT COUNT(*) AS record_count FROM care AS c JOIN record AS r ON r.id = c.record_id
         WHERE c.company_id = $1 AND c.snoozed_until_us > $2 AND r.status = 'needs_attention'
             AND c.snoozed_version = r.version");
}

impl Store {
    /// Does it about these records, and returns about how many.
    pub async fn care(
        &self,
        company: CompanyId,
        care: &Care,
        records: &[RecordId],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let keys: Vec<RecordKey> = records.iter().map(|&id| RecordKey { id }).collect();
        let keys = serde_json::to_string(&keys)?;
        let (event, reason) = care.told();
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        match care {
            Care::Snooze(until) => {
                let until = until.map(Timestamp::as_microsecond);
                transaction.execute(&SNOOZE, values![company, keys.clone(), until]).await?;
            }
            Care::Assign(assignee) => {
                transaction.execute(&ASSIGN, values![company, keys.clone(), assignee.clone()]).await?;
            }
            Care::Comment(_) => {}
        }
        let values = values![company, keys, now, actor.who.as_str(), actor.from.as_str(), event, reason];
        let told = transaction.execute(&TELL, values).await?;
        transaction.commit("care").await?;
        Ok(told)
    }

    /// What was done about these records; of which nothing was done, nothing is said.
    pub async fn cared(
        &self,
        company: CompanyId,
        records: &[RecordId],
        now: Timestamp,
    ) -> Result<HashMap<RecordId, Cared>> {
        let keys: Vec<RecordKey> = records.iter().map(|&id| RecordKey { id }).collect();
        let rows = self.database.rows(&OF, values![company, serde_json::to_string(&keys)?, now]).await?;
        rows.iter().map(|row| Ok((row.parse("id")?, Cared::read(row)?))).collect()
    }

    /// How many records that need attention are out of the way.
    pub async fn snoozed_count(&self, company: CompanyId, now: Timestamp) -> Result<u64> {
        let row = self.database.row(&COUNT_SNOOZED, values![company, now]).await?;
        row.map_or(Ok(0), |row| row.count("record_count"))
    }

    /// The records that are out of the way, those that come back first first, with when they do.
    pub async fn snoozed(
        &self,
        company: CompanyId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(RecordLine, Timestamp)>> {
        let rows = self.database.rows(&SNOOZED, values![company, now, i64::from(limit)]).await?;
        rows.iter().map(|row| Ok((RecordLine::read(row)?, row.instant("snoozed_until_us")?))).collect()
    }
}

impl Care {
    /// As in the history: the event, and what of it has to be said.
    fn told(&self) -> (&'static str, String) {
        match self {
            Self::Snooze(Some(until)) => ("snooze", format!("Out of the way until {}.", until.strftime("%Y-%m-%d"))),
            Self::Snooze(None) => ("snooze", "Brought back.".to_owned()),
            Self::Assign(Some(person)) => ("assign", format!("To {person}.")),
            Self::Assign(None) => ("assign", "To nobody.".to_owned()),
            Self::Comment(text) => ("comment", text.clone()),
        }
    }
}

impl Cared {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { assignee: row.optional_text("assignee")?, snoozed_until: row.optional_instant("snoozed_until_us")? })
    }
}
