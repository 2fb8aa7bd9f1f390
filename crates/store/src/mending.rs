//! What people do to records that wait for them: mending, and taking that back.
//!
//! Every mending notes how the record stood before. As long as nothing else has happened to the record since, it can be
//! brought back to that; what has left for QuickBooks cannot.

use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Event, State};
use bookferry_sync::submission_row::StateRow;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::grid::line_columns;
use crate::mapping::Unmappable;
use crate::record_view::RecordContent;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Actor, Moved, RecordKey, Submission, submission_columns};
use crate::taught::{Teaching, Unlearned};

/// Records under Needs Attention that wait for one reason, as a person saw them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// `error`, `unconfirmed`, `updated`, `voided`, `differs` or `gone`.
    pub attention: String,
    pub cause_code: Option<String>,
    /// What changed or came in afterwards is not among them.
    pub seen_until: Timestamp,
}

/// What is to become of one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Mending {
    pub id: RecordId,
    /// As the person saw it: one that was changed since is left as it is.
    pub version: i64,
    pub event: Event,
    /// What it says from now on, where it is corrected.
    pub content: Option<Content>,
}

/// A person's last mending of a record, while it can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub deed: String,
    pub at: Timestamp,
    pub actor: String,
}

#[derive(Serialize)]
struct MendingRow {
    id: RecordId,
    version: i64,
    revision: i64,
    state: String,
}

statements! {
    WAITING = both("record.waiting",
        concat!("SELECT ", line_columns!(), ", newest.content, newest.voided, newest.made_here
         FROM record AS r JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE r.company_id = $1 AND r.status = 'needs_attention' AND r.attention = $2
             AND (r.cause_code = $3 OR (r.cause_code IS NULL AND $3 = '')) AND r.changed_us <= $4 AND r.seq > $5
             AND NOT EXISTS (SELECT 1 FROM care AS c WHERE c.record_id = r.id AND c.snoozed_version = r.version
                 AND c.snoozed_until_us > $4)
         ORDER BY r.seq LIMIT +$6"));
    CONTENTS = both("record.contents",
        concat!("SELECT ", line_columns!(), ", newest.content, newest.voided, newest.made_here
         FROM jsonb_each($2) AS given CROSS JOIN record AS r
         JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE r.id = given.value->>'id' AND r.company_id = $1 ORDER BY r.seq"));
    SAVE = both("mending.save",
        "INSERT INTO mending (record_id, company_id, at_us, actor, deed, version, revision, state)
         SELECT given.value->>'id', $2, CAST($3 AS BIGINT), $4, $5, CAST(given.value->>'version' AS BIGINT),
             CAST(given.value->>'revision' AS BIGINT), given.value->>'state'
         FROM jsonb_each($1) AS given WHERE TRUE
         ON CONFLICT (record_id) DO UPDATE SET at_us = excluded.at_us, actor = excluded.actor, deed = excluded.deed,
             version = excluded.version, revision = excluded.revision, state = excluded.state");
    /// Those to which nothing else has happened since.
    FIND_AT = both("mending.at",
        concat!("SELECT ", submission_columns!(), ", m.state, m.revision AS revision_before, before.content
         FROM mending AS m JOIN record AS r ON r.id = m.record_id AND r.version = m.version
         JOIN revision AS before ON before.record_id = m.record_id AND before.number = m.revision
         WHERE m.company_id = $1 AND m.at_us = $2 AND (m.record_id = $3 OR $3 = '') ORDER BY r.seq LIMIT +$4"));
    COUNT_AT = both("mending.count_at",
        "SELECT COUNT(*) AS record_count FROM mending AS m JOIN record AS r ON r.id = m.record_id AND r.version = m.version
         WHERE m.company_id = $1 AND m.at_us = $2");
    OF_RECORD = both("mending.of_record",
        "SELECT m.deed, m.at_us, m.actor FROM mending AS m JOIN record AS r ON r.id = m.record_id AND r.version = m.version
         WHERE m.company_id = $1 AND m.record_id = $2");
    DELETE = both("mending.delete",
        "DELETE FROM mending WHERE record_id IN (SELECT given.value->>'id' FROM jsonb_each($1) AS given)");
}

/// Records taken back in one statement.
const SLICE: i64 = 500;

impl Store {
    /// Those that wait for the reason, after the one with that `seq`, in the order of their arrival.
    pub async fn waiting(
        &self,
        company: CompanyId,
        waiting: &Waiting,
        after_seq: i64,
        limit: u32,
    ) -> Result<Vec<RecordContent>> {
        let values = values![
            company,
            waiting.attention.replace('\0', ""),
            waiting.cause_code.as_deref().unwrap_or_default().replace('\0', ""),
            waiting.seen_until,
            after_seq,
            i64::from(limit)
        ];
        let rows = self.database.rows(&WAITING, values).await?;
        rows.iter().map(RecordContent::read).collect()
    }

    /// These records with their newest contents, in the order of their arrival; those of another company are left out.
    pub async fn contents(&self, company: CompanyId, ids: &[RecordId]) -> Result<Vec<RecordContent>> {
        let keys: Vec<RecordKey> = ids.iter().map(|&id| RecordKey { id }).collect();
        let rows = self.database.rows(&CONTENTS, values![company, serde_json::to_string(&keys)?]).await?;
        rows.iter().map(RecordContent::read).collect()
    }

    /// Mends a slice of records, and returns how many; those whose version is another by now, or whose state does not admit
    /// it, are left as they are.
    pub async fn mend(
        &self,
        company: CompanyId,
        deed: &str,
        mendings: &[Mending],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let mended = transaction.mend(company, deed, mendings, actor, now).await?;
        transaction.commit("mend").await?;
        Ok(mended)
    }

    /// The same, with what a person says of names: nothing of it is said where no record is mended. Says why, by the places in
    /// what was said, where an entry cannot be mapped to; then nothing is mended.
    pub async fn mend_and_teach(
        &self,
        company: CompanyId,
        deed: &str,
        teaching: Teaching<'_>,
        mendings: &[Mending],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Result<u64, Vec<(usize, Unmappable)>>> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        if let Err(refused) = transaction.teach(company, teaching, actor, now).await? {
            return Ok(Err(refused));
        }
        let mended = transaction.mend(company, deed, mendings, actor, now).await?;
        if mended > 0 {
            transaction.commit("mend").await?;
        }
        Ok(Ok(mended))
    }

    /// Takes back what was mended at that instant, of one record or of all, as far as nothing else has happened to them;
    /// returns of how many, and what became of what was said of names.
    pub async fn take_back(
        &self,
        company: CompanyId,
        at: Timestamp,
        only: Option<RecordId>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(u64, Unlearned)> {
        let (mut count, mut unlearned) = (0, Unlearned::Nothing);
        loop {
            let (taken_back, names) = self.take_slice_back(company, at, only, actor, now).await?;
            if taken_back == 0 {
                return Ok((count, unlearned));
            }
            count += taken_back;
            unlearned = names;
        }
    }

    async fn take_slice_back(
        &self,
        company: CompanyId,
        at: Timestamp,
        only: Option<RecordId>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(u64, Unlearned)> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let only = only.map(|id| id.to_string()).unwrap_or_default();
        let rows = transaction.rows(&FIND_AT, values![company, at, only, SLICE]).await?;
        let (mut moves, mut corrected, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let (submission, before, content) = read_before(row)?;
            keys.push(RecordKey { id: submission.id });
            let State::NeedsAttention(attention) = before else { continue };
            let Ok(mut moved) = submission.apply(Event::TakenBack(Box::new(attention))) else { continue };
            if let Some(content) = content {
                moved.submission.revision += 1;
                corrected.push((moved.submission.clone(), content));
            }
            moves.push(moved);
        }
        let corrected: Vec<(Submission, &Content)> =
            corrected.iter().map(|(submission, content)| (submission.clone(), content)).collect();
        transaction.save_mendings(company, &moves, &corrected, actor, now).await?;
        transaction.execute(&DELETE, values![serde_json::to_string(&keys)?]).await?;
        let unlearned = if moves.is_empty() { Unlearned::Nothing } else { transaction.unlearn(company, at).await? };
        transaction.commit("take_back").await?;
        Ok((u64::try_from(moves.len()).unwrap_or(u64::MAX), unlearned))
    }

    /// Of how many records the mending of that instant can still be taken back.
    pub async fn mended_at(&self, company: CompanyId, at: Timestamp) -> Result<u64> {
        let row = self.database.row(&COUNT_AT, values![company, at]).await?;
        row.map_or(Ok(0), |row| row.count("record_count"))
    }

    /// The last mending of the record, while it can be taken back.
    pub async fn last_mending(&self, company: CompanyId, record: RecordId) -> Result<Option<Mended>> {
        let row = self.database.row(&OF_RECORD, values![company, record]).await?;
        row.map(|row| Ok(Mended { deed: row.text("deed")?, at: row.instant("at_us")?, actor: row.text("actor")? }))
            .transpose()
    }
}

impl Transaction {
    async fn mend(
        &mut self,
        company: CompanyId,
        deed: &str,
        mendings: &[Mending],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64> {
        let ids: Vec<RecordId> = mendings.iter().map(|mending| mending.id).collect();
        let submissions = self.load_submissions(company, &ids).await?;
        let (mut moves, mut before, mut corrected) = (Vec::new(), Vec::new(), Vec::new());
        for submission in submissions {
            let Some(mending) = mendings.iter().find(|mending| mending.id == submission.id) else { continue };
            let row = MendingRow::of(&submission)?;
            let is_as_seen = submission.version == mending.version;
            let Ok(mut moved) = submission.apply(mending.event.clone()) else { continue };
            if !is_as_seen {
                continue;
            }
            if let Some(content) = &mending.content {
                moved.submission.revision += 1;
                corrected.push((moved.submission.clone(), content));
            }
            before.push(row);
            moves.push(moved);
        }
        self.save_mendings(company, &moves, &corrected, actor, now).await?;
        let values = values![serde_json::to_string(&before)?, company, now, actor.who.as_str(), deed];
        self.execute_exactly(before.len(), &SAVE, values).await?;
        Ok(u64::try_from(moves.len()).unwrap_or(u64::MAX))
    }

    async fn save_mendings(
        &mut self,
        company: CompanyId,
        moves: &[Moved],
        corrected: &[(Submission, &Content)],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let corrected: Vec<(&Submission, &Content)> =
            corrected.iter().map(|(submission, content)| (submission, *content)).collect();
        self.write_corrections(company, &corrected, actor, now).await?;
        self.save_moves(company, moves, actor, now).await
    }
}

impl MendingRow {
    fn of(submission: &Submission) -> Result<Self> {
        Ok(Self {
            id: submission.id,
            version: submission.version + 1,
            revision: submission.revision,
            state: serde_json::to_string(&StateRow::from(&submission.state))?,
        })
    }
}

/// The record as it is, its state before, and what it said before where that was something else.
fn read_before(row: &Row) -> Result<(Submission, State, Option<Content>)> {
    let submission = Submission::read(row)?;
    let state: StateRow =
        serde_json::from_str(&row.text("state")?).map_err(|error| row.inconsistent("state", error))?;
    let state = State::try_from(&state).map_err(|error| row.inconsistent("state", error))?;
    let is_corrected = row.integer("revision_before")? != submission.revision;
    let kind: RecordKind = submission.kind;
    let content = is_corrected.then(|| Content::from_json(kind, &row.text("content").unwrap_or_default())).transpose();
    Ok((submission, state, content.map_err(|error| row.inconsistent("content", error))?))
}
