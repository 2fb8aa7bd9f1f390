//! Epochs: what a database forgets when it goes back to an earlier time, QuickBooks does not.

use std::collections::BTreeSet;

use bookferry_sync::company::{Company, Release};
use bookferry_sync::epoch::Epoch;
use bookferry_sync::id::{CompanyId, RecordId, VisitId};
use bookferry_sync::notice::Notice;
use bookferry_sync::submission::Status;
use jiff::Timestamp;

use crate::database::{Transaction, values};
use crate::error::Result;
use crate::filter::{RecordFilter, Selection};
use crate::moves::BulkMove;
use crate::statement::statements;
use crate::submission::{Actor, RecordKey};
use crate::visit::VisitStep;

/// What became of the records that were released, or on their way, when the epoch began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Begun {
    pub companies: u64,
    /// Held for review.
    pub held: u64,
    /// Left Ready To Sync, where records are released automatically.
    pub left_ready: u64,
    /// QuickBooks is asked about them.
    pub asked: u64,
}

statements! {
    BEGIN = both("company.begin_epoch",
        "UPDATE company SET epoch = epoch + 1, epoch_started_us = $2 WHERE id = $1");
    FIND_OPEN_VISIT = both("visit.find_open_of_company",
        "SELECT id FROM visit WHERE company_id = $1 AND closed_us IS NULL");
    END_VISIT = both("visit.end",
        "UPDATE visit SET closed_us = $2, outcome = $3 WHERE id = $1 AND closed_us IS NULL");
    COUNT_ASKED = both("record.count_unconfirmed",
        "SELECT COUNT(*) AS asked FROM record WHERE company_id = $1 AND status = 'unconfirmed'");
    COUNT_READY = both("record.count_ready",
        "SELECT COUNT(*) AS ready FROM record WHERE company_id = $1 AND status = 'ready_to_sync'");
    END_WEB_SESSIONS = both("web_session.end_all", "DELETE FROM web_session");
    /// A person who looked knows more than a look-up.
    ANSWERED_BY_PERSON = both("history.answered_by_person",
        "SELECT DISTINCT h.record_id FROM jsonb_each($1) AS given CROSS JOIN history AS h
         WHERE h.record_id = given.value->>'id' AND h.event = 'not_in_quickbooks' AND h.at_us >= $2");
}

impl Transaction {
    /// Begins a new epoch for all companies of a database that was put back to what it was at `backup_at`.
    pub(crate) async fn begin_epoch_after_restore(
        &mut self,
        companies: &[CompanyId],
        backup_at: Timestamp,
        now: Timestamp,
    ) -> Result<Begun> {
        let actor = Actor::new("operator", "restore");
        let mut begun = Begun::default();
        self.execute(&END_WEB_SESSIONS, values![]).await?;
        for &company in companies {
            let company = self.lock_company(company).await?;
            self.end_visit(company.id, "a backup was restored", &actor, now).await?;
            let reason = format!("Restored from a backup of {}", backup_at.strftime("%Y-%m-%d %H:%M UTC"));
            let (held, left_ready) = self.hold_released(&company, &reason, &actor, now).await?;
            let asked = self.begin_epoch(company.id, now).await?;
            self.open_notice(company.id, &Notice::Restored { backup_at, held, asked }, now).await?;
            begun.companies += 1;
            begun.held += held;
            begun.left_ready += left_ready;
            begun.asked += asked;
        }
        Ok(begun)
    }

    /// Returns how many records QuickBooks has to be asked about.
    pub(crate) async fn begin_epoch(&mut self, company: CompanyId, now: Timestamp) -> Result<u64> {
        self.execute_exactly(1, &BEGIN, values![company, now]).await?;
        let row = self.row(&COUNT_ASKED, values![company]).await?;
        row.map_or(Ok(0), |row| row.count("asked"))
    }

    /// Whoever comes with the visit's ticket is a stranger from now on; what it left unanswered is unconfirmed.
    pub(crate) async fn end_visit(
        &mut self,
        company: CompanyId,
        outcome: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        if let Some(row) = self.row(&FIND_OPEN_VISIT, values![company]).await? {
            let visit: VisitId = row.parse("id")?;
            self.execute_exactly(1, &END_VISIT, values![visit, now, outcome]).await?;
        }
        self.lose_answers(company, None, actor, now).await.map(drop)
    }

    /// What a person released may have been withdrawn since, or be meant for other books: it waits to be released again.
    /// Where nobody is asked before a record goes, nobody is asked now. Returns how many were held, and how many not.
    pub(crate) async fn hold_released(
        &mut self,
        company: &Company,
        reason: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(u64, u64)> {
        if company.settings.release == Release::Automatic {
            let row = self.row(&COUNT_READY, values![company.id]).await?;
            return Ok((0, row.map_or(Ok(0), |row| row.count("ready"))?));
        }
        let filter = RecordFilter { statuses: vec![Status::ReadyToSync], ..RecordFilter::default() };
        let released = Selection::Matching { filter, except: Vec::new(), seen_until: None };
        let held = self.move_records(company.id, &released, BulkMove::HoldForReview, actor, Some(reason), now).await?;
        Ok((held, 0))
    }
}

impl VisitStep {
    /// Which of the records a person has looked for in QuickBooks since the epoch began, and did not find.
    pub async fn answered_by_person(&mut self, records: &[RecordId], epoch: Epoch) -> Result<BTreeSet<RecordId>> {
        let keys: Vec<RecordKey> = records.iter().map(|&id| RecordKey { id }).collect();
        let values = values![serde_json::to_string(&keys)?, epoch.started_at];
        let rows = self.transaction.locked().await?.rows(&ANSWERED_BY_PERSON, values).await?;
        rows.iter().map(|row| row.parse("record_id")).collect()
    }
}
