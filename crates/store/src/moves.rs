//! Moving many records at once, in the database.
//!
//! The rules are those of [`State::apply`](bookferry_sync::submission::State::apply) written as SQL; a conformance test
//! compares the two for every state. No rule admits a record that is on its way to QuickBooks.

use bookferry_sync::id::CompanyId;
use jiff::Timestamp;

use crate::database::{Transaction, ensure_rows};
use crate::error::Result;
use crate::filter::{Selection, Sql};
use crate::store::Store;
use crate::submission::Actor;

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

impl Store {
    /// Moves all selected records that admit it, and leaves the others as they are. Returns how many were moved.
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
        let rule = bulk.rule();
        let (sql, values) = rule.history(company, selection, actor, reason, now)?.finish();
        let noted = self.execute_text("history.insert_bulk", sql, values).await?;
        let (sql, values) = rule.update(company, selection, now)?.finish();
        let moved = self.execute_text("record.move_bulk", sql, values).await?;
        ensure_rows("record.move_bulk", noted, moved)?;
        Ok(moved)
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

    fn history(
        &self,
        company: CompanyId,
        selection: &Selection,
        actor: &Actor,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<Sql> {
        let mut sql = Sql::default();
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
        .push(", r.status, ")
        .push(self.status);
        match reason {
            Some(reason) => sql.push(", CAST(").bind(reason).push(" AS TEXT)"),
            None if self.is_released_anew => sql.push(", 'Revision ' || r.revision || ' was released.'"),
            None => sql.push(", NULL"),
        };
        sql.push(" FROM record AS r WHERE ").push(self.admits).push(" AND ");
        sql.selection(company, selection)?;
        Ok(sql)
    }

    fn update(&self, company: CompanyId, selection: &Selection, now: Timestamp) -> Result<Sql> {
        let mut sql = Sql::default();
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
            .push(" WHERE ")
            .push(self.admits)
            .push(" AND ");
        sql.selection(company, selection)?;
        Ok(sql)
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
