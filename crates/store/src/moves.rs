//! Moving many records at once, in the database.
//!
//! The rules are those of [`State::apply`](bookferry_sync::submission::State::apply) written as SQL; a conformance test
//! compares the two for every state. No rule admits a record that is on its way to QuickBooks.

use bookferry_sync::id::{CompanyId, PersonId};
use jiff::Timestamp;

use crate::database::{Row, Transaction, ensure_rows};
use crate::desk::LastMove;
use crate::error::Result;
use crate::filter::{Selection, Sql};
use crate::store::Store;
use crate::submission::Actor;

/// How many records one statement moves.
const PORTION: i64 = 10_000;

/// What a person, or the application, does to many records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkMove {
    AddOlder,
    HoldBack,
    MarkReady,
    MarkUnsent,
    Exclude,
    Include,
    Retry,
    SendChange,
    KeepQuickBooks,
    HoldForReview,
}

/// Expressions over the record's columns before the move.
struct Rule {
    event: &'static str,
    admits: &'static str,
    status: &'static str,
    errand: &'static str,
    attention: &'static str,
    meanwhile: &'static str,
    /// Whether attempts are counted anew.
    is_released_anew: bool,
}

/// What a person has done to many records.
#[derive(Debug, Clone, Copy)]
pub struct PersonsMove<'a> {
    pub company: CompanyId,
    /// Moved one after the other.
    pub parts: &'a [Selection],
    pub bulk: BulkMove,
    pub actor: &'a Actor,
    /// Whose last move it is from now on, and the word for it; without, it cannot be taken back.
    pub noted: Option<(PersonId, &'a str)>,
    pub at: Timestamp,
}

/// Records as they were when they were selected.
struct Portion {
    /// A JSON array of their sequence numbers, versions and statuses.
    records: String,
    record_count: u64,
}

impl Store {
    /// Moves all selected records that admit it, all of them or none, and leaves the others as they are. Returns how many
    /// were moved.
    pub async fn move_records(
        &self,
        company: CompanyId,
        selection: &Selection,
        bulk: BulkMove,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let moved = transaction.move_records(company, selection, bulk, actor, None, now).await?;
        transaction.commit(bulk.rule().event).await?;
        Ok(moved)
    }

    /// As [`move_records`](Store::move_records), for a request that bears a key: that it was done is committed with what
    /// it did.
    pub async fn move_records_for_request(
        &self,
        company: CompanyId,
        key: &str,
        selection: &Selection,
        bulk: BulkMove,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let moved = transaction.move_records(company, selection, bulk, actor, None, now).await?;
        transaction.note_moved(company, key, moved).await?;
        transaction.commit(bulk.rule().event).await?;
        Ok(moved)
    }

    /// As [`move_records`](Store::move_records), but `PORTION` records at a time, so that nobody else who writes waits
    /// for all of them; what has changed since it was selected stays as it is. What was moved before something breaks
    /// stays moved, and is the person's last move. `tell` hears after each portion how many were moved, and of how many.
    pub async fn move_for_person(&self, wanted: PersonsMove<'_>, tell: impl Fn(u64, u64)) -> Result<u64> {
        let mut portions = Vec::new();
        for part in wanted.parts {
            let (sql, values) = wanted.bulk.rule().portions(wanted.company, part)?.finish();
            portions.extend(self.database.rows_of("record.portions", sql, values).await?);
        }
        let portions = portions.iter().map(Portion::read).collect::<Result<Vec<_>>>()?;
        let of = portions.iter().map(|portion| portion.record_count).sum();
        let mut moved = 0;
        for portion in portions {
            let mut transaction = self.database.begin().await?;
            transaction.lock_company(wanted.company).await?;
            let PersonsMove { company, bulk, actor, at, .. } = wanted;
            moved += transaction.move_portion(company, portion, bulk, actor, None, at).await?;
            if let Some((person, deed)) = wanted.noted.filter(|_| moved > 0) {
                let last = LastMove { deed: deed.to_owned(), at, record_count: moved };
                transaction.note_last_move(person, company, &last).await?;
            }
            transaction.commit(bulk.rule().event).await?;
            tell(moved, of);
        }
        Ok(moved)
    }
}

impl Transaction {
    pub(crate) async fn move_records(
        &mut self,
        company: CompanyId,
        selection: &Selection,
        bulk: BulkMove,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<u64> {
        let (sql, values) = bulk.rule().portions(company, selection)?.finish();
        let mut moved = 0;
        for portion in self.rows_of("record.portions", sql, values).await? {
            moved += self.move_portion(company, Portion::read(&portion)?, bulk, actor, reason, now).await?;
        }
        Ok(moved)
    }

    async fn move_portion(
        &mut self,
        company: CompanyId,
        portion: Portion,
        bulk: BulkMove,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<u64> {
        let rule = bulk.rule();
        if !self.is_sqlite() {
            let (sql, values) = rule.update_with_history(company, portion, actor, reason, now).finish();
            return self.execute_text("record.move_bulk", sql, values).await;
        }
        let (sql, values) = rule.history(company, &portion, actor, reason, now).finish();
        let noted = self.execute_text("history.insert_bulk", sql, values).await?;
        let (sql, values) = rule.update(company, portion, now).finish();
        let moved = self.execute_text("record.move_bulk", sql, values).await?;
        ensure_rows("record.move_bulk", noted, moved)?;
        Ok(moved)
    }
}

impl Portion {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { records: row.text("records")?, record_count: row.count("record_count")? })
    }
}

impl Rule {
    /// A move after which none of the columns that go with the old status is left.
    const fn clearing(event: &'static str, admits: &'static str, status: &'static str) -> Self {
        let nothing = "NULL";
        Self { event, admits, status, errand: nothing, attention: nothing, meanwhile: nothing, is_released_anew: false }
    }

    /// Whatever was released is not any more.
    const fn taking_back(event: &'static str) -> Self {
        Self {
            status: "CASE r.errand WHEN 'add' THEN 'unsent' ELSE 'needs_attention' END",
            attention: "CASE r.errand WHEN 'mod' THEN 'updated' WHEN 'void' THEN 'voided' END",
            ..Self::clearing(event, "r.status = 'ready_to_sync'", "")
        }
    }

    /// All that is selected and admits the move, in portions.
    fn portions(&self, company: CompanyId, selection: &Selection) -> Result<Sql> {
        let mut sql = Sql::default();
        sql.push(
            "SELECT COUNT(*) AS record_count, '[{' || string_agg(record, '},{') || '}]' AS records \
             FROM (SELECT '\"seq\":' || r.seq || ',\"version\":' || r.version || ',\"status\":\"' || r.status || '\"' AS record, \
             (ROW_NUMBER() OVER (ORDER BY r.seq) - 1) / ",
        )
        .bind(PORTION)
        .push(" AS portion FROM record AS r WHERE ")
        .push(self.admits)
        .push(" AND ");
        sql.selection(company, selection)?;
        sql.push(") AS chosen GROUP BY portion ORDER BY portion");
        Ok(sql)
    }

    /// The lines of history, written before the records are moved.
    fn history(
        &self,
        company: CompanyId,
        portion: &Portion,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Sql {
        let mut sql = Sql::default();
        self.note(&mut sql, "r.status", self.status, actor, reason, now);
        sql.push(" FROM jsonb_each(").bind(&portion.records).push(") AS given CROSS JOIN record AS r WHERE ");
        self.is_as_selected(company, &mut sql);
        sql
    }

    /// Both at once, which SQLite cannot: each record is read once. As its version is the one it was selected with, so is
    /// its status.
    fn update_with_history(
        &self,
        company: CompanyId,
        portion: Portion,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Sql {
        let mut sql = Sql::default();
        sql.push("WITH moved AS (");
        self.change(&mut sql, company, portion, now);
        sql.push(
            " RETURNING r.company_id, r.id, r.revision, given.value->>'status' AS from_status, r.status AS to_status) ",
        );
        self.note(&mut sql, "r.from_status", "r.to_status", actor, reason, now);
        sql.push(" FROM moved AS r");
        sql
    }

    /// `INSERT INTO history SELECT …` for the records `r`.
    fn note(
        &self,
        sql: &mut Sql,
        from: &'static str,
        to: &'static str,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) {
        sql.push(
            "INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, from_status, to_status, \
             reason) ",
        )
        .push("SELECT r.company_id, r.id, CAST(")
        .bind(now)
        .push(" AS BIGINT), ")
        .bind(actor.who.as_str())
        .push(", ")
        .bind(actor.from.as_str())
        .push(", ")
        .word(self.event)
        .push(", ")
        .push(from)
        .push(", ")
        .push(to);
        match reason {
            Some(reason) => sql.push(", CAST(").bind(reason).push(" AS TEXT)"),
            None if self.is_released_anew => sql.push(", 'Revision ' || r.revision || ' was released.'"),
            None => sql.push(", NULL"),
        };
    }

    fn update(&self, company: CompanyId, portion: Portion, now: Timestamp) -> Sql {
        let mut sql = Sql::default();
        self.change(&mut sql, company, portion, now);
        sql
    }

    fn change(&self, sql: &mut Sql, company: CompanyId, portion: Portion, now: Timestamp) {
        sql.push("UPDATE record AS r SET status = ")
            .push(self.status)
            .push(", errand = ")
            .push(self.errand)
            .push(", attention = ")
            .push(self.attention)
            .push(", meanwhile = ")
            .push(self.meanwhile)
            .push(
                ", cause_code = NULL, cause_text = NULL, cause_detail = NULL, postponed_because = NULL, changed_us = ",
            )
            .bind(now)
            .push(", version = r.version + 1")
            .push(if self.is_released_anew { ", attempt_count = 0, available_at_us = 0" } else { "" })
            .push(" FROM jsonb_each(")
            .bind(portion.records)
            .push(") AS given WHERE ");
        self.is_as_selected(company, sql);
    }

    /// That `record AS r` is the `given` one, and nothing has happened to it since it was selected. No index begins with a
    /// text that is put together, so that SQLite finds the record by its number and not by walking the company's.
    fn is_as_selected(&self, company: CompanyId, sql: &mut Sql) {
        sql.push("r.seq = CAST(given.value->>'seq' AS BIGINT) AND r.version = CAST(given.value->>'version' AS BIGINT)")
            .push(" AND r.company_id || '' = ")
            .bind(company)
            .push(" AND ")
            .push(self.admits);
    }
}

impl BulkMove {
    pub const ALL: [Self; 10] = [
        Self::AddOlder,
        Self::HoldBack,
        Self::MarkReady,
        Self::MarkUnsent,
        Self::Exclude,
        Self::Include,
        Self::Retry,
        Self::SendChange,
        Self::KeepQuickBooks,
        Self::HoldForReview,
    ];

    const fn rule(self) -> Rule {
        // What is deleted there stays deleted.
        const KEPT: &str = "CASE r.attention WHEN 'gone' THEN 'excluded' ELSE 'submitted' END";
        const HAS_POSTED: &str = "r.status = 'needs_attention' AND r.attention IN ('updated', 'voided', 'differs')";
        match self {
            Self::AddOlder => Rule::clearing("add_older", "r.status = 'held_back'", "'unsent'"),
            Self::HoldBack => Rule::clearing("hold_back", "r.status = 'unsent'", "'held_back'"),
            Self::MarkReady => Rule {
                errand: "'add'",
                is_released_anew: true,
                ..Rule::clearing("mark_ready", "r.status = 'unsent'", "'ready_to_sync'")
            },
            Self::MarkUnsent => Rule::taking_back("mark_unsent"),
            Self::HoldForReview => Rule::taking_back("held_for_review"),
            // What is unconfirmed is not put aside; what was voided stays so.
            Self::Exclude => Rule {
                admits: "(r.status IN ('held_back', 'unsent', 'ready_to_sync') \
                          OR (r.status = 'needs_attention' AND r.attention <> 'unconfirmed'))",
                meanwhile: "CASE r.attention WHEN 'voided' THEN 'voided' END",
                ..Rule::clearing("exclude", "", "'excluded'")
            },
            Self::Include => Rule {
                admits: "r.status = 'excluded' AND (r.meanwhile IS NULL OR r.txn_id IS NOT NULL)",
                status: "CASE WHEN r.txn_id IS NULL THEN 'unsent' ELSE 'needs_attention' END",
                attention: "CASE WHEN r.txn_id IS NULL THEN NULL WHEN r.meanwhile = 'voided' THEN 'voided' \
                            ELSE 'updated' END",
                ..Rule::clearing("include", "", "")
            },
            Self::Retry => Rule {
                admits: "r.status = 'needs_attention' AND r.attention = 'error'",
                errand: "r.errand",
                is_released_anew: true,
                ..Rule::clearing("retry", "", "'ready_to_sync'")
            },
            Self::SendChange => Rule {
                errand: "CASE r.attention WHEN 'voided' THEN 'void' ELSE 'mod' END",
                is_released_anew: true,
                ..Rule::clearing("send_change", HAS_POSTED, "'ready_to_sync'")
            },
            Self::KeepQuickBooks => Rule {
                admits: "r.status = 'needs_attention' AND (r.attention IN ('updated', 'voided', 'differs', 'gone') \
                         OR (r.attention = 'error' AND r.errand <> 'add'))",
                ..Rule::clearing("keep_quickbooks", "", KEPT)
            },
        }
    }
}
