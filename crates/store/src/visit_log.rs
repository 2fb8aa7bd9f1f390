//! Visits and message sets as History shows them.

use bookferry_sync::id::{CompanyId, MessageSetKey, VisitId};
use jiff::Timestamp;

use crate::database::{Row, values};
use crate::error::Result;
use crate::message_set::{MessageSet, MessageSetState, message_set_columns};
use crate::statement::statements;
use crate::store::Store;
use crate::visit::{Visit, visit_columns};

/// A visit in the log; `seq` orders visits and begins the next page.
#[derive(Debug, Clone)]
pub struct VisitLine {
    pub seq: i64,
    pub visit: Visit,
}

/// A message set without its XML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSetLine {
    pub key: MessageSetKey,
    pub message_set_id: String,
    pub exchange: i64,
    pub is_write: bool,
    pub state: MessageSetState,
    pub sent_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub attempt_count: u64,
}

/// A message set with its XML both ways.
#[derive(Debug, Clone)]
pub struct MessageSetWithXml {
    pub message_set: MessageSet,
    pub request_xml: String,
    pub response_xml: Option<String>,
}

statements! {
    VISITS = both("visit.page",
        concat!("SELECT ", visit_columns!(), ", v.seq FROM visit AS v WHERE v.company_id = $1 AND v.seq < $2
         ORDER BY v.seq DESC LIMIT +$3"));
    MESSAGE_SETS = both("message_set.of_visit",
        "SELECT m.id, m.message_set_id, m.exchange, m.is_write, m.state, m.sent_us, m.answered_us,
             (SELECT COUNT(*) FROM attempt WHERE attempt.message_set_key = m.id) AS attempt_count
         FROM message_set AS m WHERE m.visit_id = $2 AND m.company_id = $1 AND m.exchange > $3
         ORDER BY m.exchange LIMIT +$4");
    FIND_BY_KEY = both("message_set.find_by_key",
        concat!("SELECT ", message_set_columns!(), ", m.request_xml, m.response_xml FROM message_set AS m WHERE m.id = $2 AND m.company_id = $1"));
}

impl Store {
    /// Visits, newest first, before `before`.
    pub async fn visits(&self, company: CompanyId, before: Option<i64>, limit: u32) -> Result<Vec<VisitLine>> {
        let values = values![company, before.unwrap_or(i64::MAX), i64::from(limit)];
        let rows = self.database.rows(&VISITS, values).await?;
        rows.iter().map(|row| Ok(VisitLine { seq: row.integer("seq")?, visit: Visit::read(row)? })).collect()
    }

    /// The message sets of a visit in order, after the given exchange (0 for the first).
    pub async fn message_sets_of(
        &self,
        company: CompanyId,
        visit: VisitId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<MessageSetLine>> {
        let rows = self.database.rows(&MESSAGE_SETS, values![company, visit, after, i64::from(limit)]).await?;
        rows.iter().map(MessageSetLine::read).collect()
    }

    /// A message set of the company, of whichever visit.
    pub async fn message_set(&self, company: CompanyId, key: MessageSetKey) -> Result<Option<MessageSetWithXml>> {
        self.database
            .row(&FIND_BY_KEY, values![company, key])
            .await?
            .map(|row| MessageSetWithXml::read(&row))
            .transpose()
    }
}

impl MessageSetWithXml {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            message_set: MessageSet::read(row)?,
            request_xml: row.text("request_xml")?,
            response_xml: row.optional_text("response_xml")?,
        })
    }
}

impl MessageSetLine {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            key: row.parse("id")?,
            message_set_id: row.text("message_set_id")?,
            exchange: row.integer("exchange")?,
            is_write: row.flag("is_write")?,
            state: row.parse("state")?,
            sent_at: row.instant("sent_us")?,
            answered_at: row.optional_instant("answered_us")?,
            attempt_count: row.count("attempt_count")?,
        })
    }
}
