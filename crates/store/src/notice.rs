//! Notices: what everybody at a company's pages is told.

use bookferry_sync::company::BooksIdentity;
use bookferry_sync::id::CompanyId;
use bookferry_sync::notice::Notice;
use jiff::Timestamp;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::message_set::visit_actor;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Actor;
use crate::visit::VisitStep;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    pub seq: i64,
    pub notice: Notice,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub times: i64,
}

statements! {
    INSERT = both("notice.insert",
        "INSERT INTO notice (company_id, kind, detail, first_us, last_us, times) VALUES ($1, $2, $3, $4, $4, 1)
         ON CONFLICT (company_id, kind) WHERE closed_us IS NULL
         DO UPDATE SET detail = excluded.detail, last_us = excluded.last_us, times = notice.times + 1");
    CLOSE_KIND = both("notice.close_kind",
        "UPDATE notice SET closed_us = $3, closed_by = $4 WHERE company_id = $1 AND kind = $2 AND closed_us IS NULL");
    CLOSE = both("notice.close",
        "UPDATE notice SET closed_us = $3, closed_by = $4 WHERE company_id = $1 AND seq = $2 AND closed_us IS NULL");
    FIND_OPEN = both("notice.find_open",
        "SELECT seq, detail, first_us, last_us, times FROM notice WHERE company_id = $1 AND closed_us IS NULL
         ORDER BY seq");
}

impl Store {
    /// The company's open notices, oldest first.
    pub async fn notices(&self, company: CompanyId) -> Result<Vec<NoticeLine>> {
        self.database.rows(&FIND_OPEN, values![company]).await?.iter().map(NoticeLine::read).collect()
    }

    /// Somebody has taken note. Answers whether it was still open.
    pub async fn close_notice(&self, company: CompanyId, seq: i64, actor: &Actor, now: Timestamp) -> Result<bool> {
        let closed = self.database.execute(&CLOSE, values![company, seq, now, actor.who.as_str()]).await?;
        Ok(closed > 0)
    }
}

impl Transaction {
    /// One that is open already tells the newest, and how often.
    pub(crate) async fn open_notice(&mut self, company: CompanyId, notice: &Notice, now: Timestamp) -> Result<()> {
        let values = values![company, notice.kind(), serde_json::to_string(notice)?, now];
        self.execute_exactly(1, &INSERT, values).await
    }

    pub(crate) async fn close_notices(
        &mut self,
        company: CompanyId,
        kind: &'static str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(&CLOSE_KIND, values![company, kind, now, actor.who.as_str()]).await.map(drop)
    }
}

impl VisitStep {
    /// The Web Connector came with books that are not the company's.
    pub async fn note_other_books(&mut self, books: &BooksIdentity, why: &str, now: Timestamp) -> Result<()> {
        let notice = Notice::OtherBooks { books: books.clone(), why: why.to_owned() };
        self.transaction.locked().await?.open_notice(self.company.id, &notice, now).await
    }

    /// It came with the right ones again.
    pub async fn end_other_books(&mut self, now: Timestamp) -> Result<()> {
        let actor = visit_actor(self.visit.id);
        self.transaction.locked().await?.close_notices(self.company.id, Notice::OTHER_BOOKS, &actor, now).await
    }
}

impl NoticeLine {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            seq: row.integer("seq")?,
            notice: serde_json::from_str(&row.text("detail")?).map_err(|error| row.inconsistent("detail", error))?,
            first_at: row.instant("first_us")?,
            last_at: row.instant("last_us")?,
            times: row.integer("times")?,
        })
    }
}
