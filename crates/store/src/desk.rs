//! What a person left on their desk: saved views, and what they moved last.

use bookferry_sync::id::{CompanyId, PersonId};
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use crate::database::{Transaction, Value, values};
use crate::error::Result;
use crate::filter::Sql;
use crate::statement::statements;
use crate::store::Store;

/// A view of the grid under a name of the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub name: String,
    /// Its filters and its order, as in the address.
    pub query: String,
}

/// What a person moved last, for taking it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMove {
    /// A word of the caller's.
    pub deed: String,
    pub at: Timestamp,
    pub record_count: u64,
}

/// What somebody did to so many records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deeds {
    pub actor: String,
    pub event: String,
    pub record_count: u64,
    /// The last time.
    pub at: Timestamp,
}

statements! {
    VIEWS = both("saved_view.of_person",
        "SELECT name, query FROM saved_view WHERE person_id = $1 AND company_id = $2 ORDER BY name");
    SAVE_VIEW = both("saved_view.save",
        "INSERT INTO saved_view (person_id, company_id, name, query) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person_id, company_id, name) DO UPDATE SET query = excluded.query");
    DELETE_VIEW = both("saved_view.delete",
        "DELETE FROM saved_view WHERE person_id = $1 AND company_id = $2 AND name = $3");
    SAVE_MOVE = both("last_move.save",
        "INSERT INTO last_move (person_id, company_id, deed, at_us, record_count) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person_id, company_id)
         DO UPDATE SET deed = excluded.deed, at_us = excluded.at_us, record_count = excluded.record_count");
    FIND_MOVE = both("last_move.find",
        "SELECT deed, at_us, record_count FROM last_move WHERE person_id = $1 AND company_id = $2");
    DELETE_MOVE = both("last_move.delete", "DELETE FROM last_move WHERE person_id = $1 AND company_id = $2");
    DEEDS_SINCE = both("history.deeds_since",
        "SELECT actor, event, COUNT(*) AS record_count, MAX(at_us) AS at_us FROM history
         WHERE company_id = $1 AND seq > $2 AND actor <> $3 GROUP BY actor, event ORDER BY MAX(seq) DESC LIMIT $4");
}

impl Store {
    /// The person's views of this company, by name.
    pub async fn saved_views(&self, person: PersonId, company: CompanyId) -> Result<Vec<SavedView>> {
        let rows = self.database.rows(&VIEWS, values![person, company]).await?;
        rows.iter().map(|row| Ok(SavedView { name: row.text("name")?, query: row.text("query")? })).collect()
    }

    /// Replaces a view of the same name.
    pub async fn save_view(&self, person: PersonId, company: CompanyId, view: &SavedView) -> Result<()> {
        self.database.execute_one(&SAVE_VIEW, values![person, company, &view.name, &view.query]).await
    }

    pub async fn delete_view(&self, person: PersonId, company: CompanyId, name: &str) -> Result<()> {
        self.database.execute(&DELETE_VIEW, values![person, company, name]).await.map(drop)
    }

    pub async fn note_last_move(&self, person: PersonId, company: CompanyId, last: &LastMove) -> Result<()> {
        self.database.execute_one(&SAVE_MOVE, last.values(person, company)).await
    }

    pub async fn last_move(&self, person: PersonId, company: CompanyId) -> Result<Option<LastMove>> {
        let row = self.database.row(&FIND_MOVE, values![person, company]).await?;
        let read = row.map(|row| {
            Ok(LastMove {
                deed: row.text("deed")?,
                at: row.instant("at_us")?,
                record_count: row.count("record_count")?,
            })
        });
        read.transpose()
    }

    pub async fn forget_last_move(&self, person: PersonId, company: CompanyId) -> Result<()> {
        self.database.execute(&DELETE_MOVE, values![person, company]).await.map(drop)
    }

    /// Whether anything is still as a move left it.
    pub async fn is_anything_moved_at(&self, company: CompanyId, status: Status, at: Timestamp) -> Result<bool> {
        let mut sql = Sql::default();
        sql.push("SELECT r.id FROM record AS r WHERE ");
        sql.moved_at(company, status, at);
        sql.push(" LIMIT 1");
        let (sql, values) = sql.finish();
        Ok(!self.database.rows_of("record.moved_at", sql, values).await?.is_empty())
    }

    /// What others than `actor` did after this line of the history, the newest first.
    pub async fn deeds_since(
        &self,
        company: CompanyId,
        history_seq: i64,
        actor: &str,
        limit: u32,
    ) -> Result<Vec<Deeds>> {
        let rows = self.database.rows(&DEEDS_SINCE, values![company, history_seq, actor, i64::from(limit)]).await?;
        let deeds = rows.iter().map(|row| {
            Ok(Deeds {
                actor: row.text("actor")?,
                event: row.text("event")?,
                record_count: row.count("record_count")?,
                at: row.instant("at_us")?,
            })
        });
        deeds.collect()
    }
}

impl Transaction {
    pub(crate) async fn note_last_move(&mut self, person: PersonId, company: CompanyId, last: &LastMove) -> Result<()> {
        self.execute_exactly(1, &SAVE_MOVE, last.values(person, company)).await
    }
}

impl LastMove {
    fn values(&self, person: PersonId, company: CompanyId) -> Vec<Value> {
        let count = i64::try_from(self.record_count).unwrap_or(i64::MAX);
        values![person, company, &self.deed, self.at, count]
    }
}
