//! What people did, for History: by person, by day, by record; and what crossed each day.

use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use jiff::Timestamp;

use crate::database::{Row, values};
use crate::error::Result;
use crate::filter::Sql;
use crate::statement::statements;
use crate::store::Store;
use crate::visit::{Visit, visit_columns};
use crate::visit_log::VisitLine;

/// One move by a person, with the record it moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub event: String,
    pub from_status: Option<String>,
    pub to_status: String,
    pub reason: Option<String>,
    pub record_id: RecordId,
    pub kind: RecordKind,
    pub number: String,
    pub customer: String,
}

/// What the visits of a day came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossings {
    /// Days since 1970-01-01.
    pub day: i64,
    pub submitted: u64,
    pub attention: u64,
}

/// Which deeds are meant; a part that is empty admits all.
#[derive(Debug, Clone, Default)]
pub struct DeedFilter {
    pub actor: Option<String>,
    pub from: Option<Timestamp>,
    /// Not itself included.
    pub before: Option<Timestamp>,
    pub records: Option<Vec<RecordId>>,
}

statements! {
    VISITS_BETWEEN = both("visit.between",
        concat!("SELECT ", visit_columns!(), ", v.seq FROM visit AS v
         WHERE v.company_id = $1 AND v.opened_us >= $2 AND v.opened_us < $3 AND v.seq < $4
         ORDER BY v.seq DESC LIMIT $5"));
    CROSSINGS = both("visit.crossings_by_day",
        "SELECT opened_us / 86400000000 AS day, CAST(SUM(submitted_count) AS BIGINT) AS submitted,
             CAST(SUM(attention_count) AS BIGINT) AS attention
         FROM visit WHERE company_id = $1 AND opened_us >= $2 GROUP BY opened_us / 86400000000 ORDER BY 1");
}

impl Store {
    /// Deeds of people, newest first, after the place where the last page ended.
    pub async fn deeds(
        &self,
        company: CompanyId,
        filter: &DeedFilter,
        after: Option<(Timestamp, i64)>,
        limit: u32,
    ) -> Result<Vec<Deed>> {
        let mut sql = Sql::default();
        sql.push(
            "SELECT h.seq, h.at_us, h.actor, h.event, h.from_status, h.to_status, h.reason, r.id, r.kind, r.number, \
             r.customer FROM history AS h JOIN record AS r ON r.id = h.record_id \
             WHERE h.from_where = 'sync_manager' AND h.company_id = ",
        );
        sql.bind(company);
        if let Some(actor) = &filter.actor {
            sql.push(" AND h.actor = ").bind(actor.replace('\0', ""));
        }
        if let Some(from) = filter.from {
            sql.push(" AND h.at_us >= ").bind(from);
        }
        if let Some(before) = filter.before {
            sql.push(" AND h.at_us < ").bind(before);
        }
        if let Some(records) = &filter.records {
            sql.push(" AND h.record_id IN ");
            sql.ids(records)?;
        }
        if let Some((at, seq)) = after {
            sql.push(" AND (h.at_us, h.seq) < (").bind(at).push(", ").bind(seq).push(")");
        }
        sql.push(" ORDER BY h.at_us DESC, h.seq DESC LIMIT ").bind(i64::from(limit));
        let (sql, values) = sql.finish();
        let rows = self.database.rows_of("history.deeds", sql, values).await?;
        rows.iter().map(Deed::read).collect()
    }

    /// What visits since then came to, for each day (UTC) that had any, oldest first.
    pub async fn crossings(&self, company: CompanyId, since: Timestamp) -> Result<Vec<Crossings>> {
        let rows = self.database.rows(&CROSSINGS, values![company, since]).await?;
        let crossings = rows.iter().map(|row| {
            Ok(Crossings {
                day: row.integer("day")?,
                submitted: row.count("submitted")?,
                attention: row.count("attention")?,
            })
        });
        crossings.collect()
    }

    /// Visits that began in this span, newest first, before the visit of that number.
    pub async fn visits_between(
        &self,
        company: CompanyId,
        from: Timestamp,
        until: Timestamp,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<VisitLine>> {
        let values = values![company, from, until, before.unwrap_or(i64::MAX), i64::from(limit)];
        let rows = self.database.rows(&VISITS_BETWEEN, values).await?;
        rows.iter().map(|row| Ok(VisitLine { seq: row.integer("seq")?, visit: Visit::read(row)? })).collect()
    }
}

impl Deed {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            seq: row.integer("seq")?,
            at: row.instant("at_us")?,
            actor: row.text("actor")?,
            event: row.text("event")?,
            from_status: row.optional_text("from_status")?,
            to_status: row.text("to_status")?,
            reason: row.optional_text("reason")?,
            record_id: row.parse("id")?,
            kind: row.parse("kind")?,
            number: row.text("number")?,
            customer: row.text("customer")?,
        })
    }
}
