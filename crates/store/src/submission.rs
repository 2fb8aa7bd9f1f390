//! A record's place in the queue: loading states, moving them through the state machine, and writing the history.

use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Attention, Event, State};
use bookferry_sync::submission_row::StateRow;
use bookferry_sync::told;
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::{Error, Result};
use crate::statement::statements;
use crate::store::Store;

/// Who moves a record, for its history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// A person's e-mail address, an API key's id, `web_connector`, ….
    pub who: String,
    /// `api`, `sync_manager`, `web_connector`, `import`, ….
    pub from: String,
}

impl Actor {
    pub fn new(who: impl Into<String>, from: impl Into<String>) -> Self {
        Self { who: who.into(), from: from.into() }
    }
}

/// What is needed to move a record.
#[derive(Debug, Clone)]
pub(crate) struct Submission {
    pub(crate) id: RecordId,
    pub(crate) kind: RecordKind,
    pub(crate) external_id: String,
    pub(crate) state: State,
    pub(crate) revision: i64,
    pub(crate) version: i64,
    pub(crate) sent_revision: Option<i64>,
    pub(crate) attempt_count: i64,
    pub(crate) available_at_us: i64,
    pub(crate) warning: Option<String>,
    /// Whether payments may wait for this invoice; `false` only where that was looked up.
    pub(crate) may_be_awaited: bool,
    /// Why QuickBooks put it off, until it is sent again or somebody moves it.
    pub(crate) postponed_because: Option<String>,
}

/// A submission that was moved, and how; written by [`Transaction::save_moves`].
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) submission: Submission,
    event: &'static str,
    from: State,
    /// What the history says about the move, where the new state has no cause.
    reason: Option<String>,
}

/// A state's columns as JSON. What is left out is NULL to the statement that reads it.
#[derive(Serialize)]
pub(crate) struct StateColumns {
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errand: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meanwhile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause_detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    txn_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edit_sequence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted_revision: Option<i64>,
}

#[derive(Serialize)]
pub(crate) struct MovedRow<'a> {
    id: RecordId,
    version: i64,
    #[serde(flatten)]
    state: StateColumns,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_revision: Option<i64>,
    attempt_count: i64,
    available_at_us: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postponed_because: Option<&'a str>,
    event: &'static str,
    from_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct RecordKey {
    pub(crate) id: RecordId,
}

macro_rules! state_columns {
    () => {
        "r.status, r.errand, r.attention, r.meanwhile, r.cause_code, r.cause_text, r.cause_detail, r.txn_id, \
         r.edit_sequence, r.posted_revision"
    };
}
pub(crate) use state_columns;

macro_rules! submission_columns {
    () => {
        concat!(
            "r.id, r.kind, r.external_id, r.revision, r.version, r.sent_revision, r.attempt_count, r.available_at_us, \
             r.warning, r.postponed_because, ",
            $crate::submission::state_columns!()
        )
    };
}
pub(crate) use submission_columns;

/// Takes the places of the values in a statement: of the moved rows, and of now.
macro_rules! save_moved {
    ($rows:literal, $now:literal) => {
        concat!(
            "UPDATE record SET
             status = given.value->>'status', errand = given.value->>'errand', attention = given.value->>'attention',
             meanwhile = given.value->>'meanwhile', cause_code = given.value->>'cause_code',
             cause_text = given.value->>'cause_text', cause_detail = given.value->>'cause_detail',
             txn_id = given.value->>'txn_id', edit_sequence = given.value->>'edit_sequence',
             posted_revision = CAST(given.value->>'posted_revision' AS BIGINT),
             sent_revision = CAST(given.value->>'sent_revision' AS BIGINT),
             attempt_count = CAST(given.value->>'attempt_count' AS BIGINT),
             available_at_us = CAST(given.value->>'available_at_us' AS BIGINT),
             warning = given.value->>'warning', postponed_because = given.value->>'postponed_because',
             changed_us = ", $now, ", version = record.version + 1
             FROM jsonb_each(", $rows, ") AS given
             WHERE record.id = given.value->>'id' AND record.version = CAST(given.value->>'version' AS BIGINT)"
        )
    };
}
pub(crate) use save_moved;

/// As [`save_moved`], and of the company, and who and from where.
macro_rules! insert_history {
    ($rows:literal, $now:literal, $company:literal, $who:literal, $from:literal) => {
        concat!(
            "INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, from_status, to_status, reason)
             SELECT ", $company, ", given.value->>'id', CAST(", $now, " AS BIGINT), ", $who, ", ", $from, ",
                 given.value->>'event', given.value->>'from_status', given.value->>'status',
                 COALESCE(given.value->>'cause_text', given.value->>'reason')
             FROM jsonb_each(", $rows, ") AS given"
        )
    };
}
pub(crate) use insert_history;

/// Gives `application AS a` the `invoice` that it goes to, where there is one.
macro_rules! join_paid_invoice {
    () => {
        "LEFT JOIN record_key AS k ON k.company_id = a.company_id AND k.kind = 'invoice' \
             AND k.external_id = a.invoice_external_id \
         LEFT JOIN record AS invoice ON invoice.seq = k.seq"
    };
}
pub(crate) use join_paid_invoice;

/// Of payments whose ids follow.
macro_rules! recount_blockers {
    () => {
        concat!(
            "UPDATE record SET blockers = (
             SELECT COUNT(*) FROM application AS a ",
            join_paid_invoice!(),
            "
             WHERE a.payment_id = record.id AND invoice.txn_id IS NULL)
         WHERE id IN ("
        )
    };
}

statements! {
    /// CROSS JOIN keeps SQLite from walking the company's records to find the few that are meant.
    LOAD = both("record.load",
        concat!("SELECT ", submission_columns!(), " FROM jsonb_each($2) AS given CROSS JOIN record AS r
         WHERE r.id = given.value->>'id' AND r.company_id = $1"));
    SAVE = together("record.save", moved: save_moved!("$1", "$2"),
        told: insert_history!("$1", "$2", "$3", "$4", "$5"));
    RECOUNT_BLOCKERS = both("record.recount_blockers",
        concat!(recount_blockers!(), "SELECT given.value->>'id' FROM jsonb_each($1) AS given)"));
    RECOUNT_BLOCKERS_OF_DEPENDENTS = both("record.recount_blockers_of_dependents",
        concat!(recount_blockers!(), "
             SELECT application.payment_id FROM jsonb_each($2) AS given CROSS JOIN application
             WHERE application.company_id = $1 AND application.invoice_external_id = given.value->>'external_id')"));
}

impl Store {
    /// Moves one record. [`Error::Conflict`] if its status does not admit the event, [`Error::Stale`] if `version` is
    /// given and no longer the record's. Returns the new state.
    pub async fn apply_event(
        &self,
        company: CompanyId,
        record: RecordId,
        event: Event,
        version: Option<i64>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<State> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let submission = transaction.load_one(company, record).await?;
        if version.is_some_and(|version| version != submission.version) {
            return Err(Error::Stale { record: record.to_string() });
        }
        let is_asked_about = matches!(submission.state, State::NeedsAttention(Attention::Unconfirmed { .. }));
        let word = event.name();
        let moved = submission.apply(event)?;
        let state = moved.submission.state.clone();
        transaction.save_moves(company, &[moved], actor, now).await?;
        if is_asked_about {
            transaction.decide_attempts(record, word, now).await?;
        }
        transaction.commit("resolve").await?;
        Ok(state)
    }
}

impl Submission {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let state = StateRow {
            status: row.text("status")?,
            errand: row.optional_text("errand")?,
            attention: row.optional_text("attention")?,
            meanwhile: row.optional_text("meanwhile")?,
            cause_code: row.optional_text("cause_code")?,
            cause_text: row.optional_text("cause_text")?,
            cause_detail: row.optional_text("cause_detail")?,
            txn_id: row.optional_text("txn_id")?,
            edit_sequence: row.optional_text("edit_sequence")?,
            posted_revision: row.optional_integer("posted_revision")?,
        };
        Ok(Self {
            id: row.parse("id")?,
            kind: row.parse("kind")?,
            external_id: row.text("external_id")?,
            state: State::try_from(&state).map_err(|error| row.inconsistent("status", error))?,
            revision: row.integer("revision")?,
            version: row.integer("version")?,
            sent_revision: row.optional_integer("sent_revision")?,
            attempt_count: row.integer("attempt_count")?,
            available_at_us: row.integer("available_at_us")?,
            warning: row.optional_text("warning")?,
            may_be_awaited: true,
            postponed_because: row.optional_text("postponed_because")?,
        })
    }

    /// Moves the submission; attempts are counted anew once a person sends it again.
    pub(crate) fn apply(mut self, event: Event) -> Result<Moved> {
        let name = event.name();
        let by_person = matches!(
            event,
            Event::MarkReady | Event::Retry | Event::Corrected | Event::SendChange | Event::NotInQuickBooks
        );
        let from = self.state.clone();
        let newest = self.revision + i64::from(matches!(event, Event::Revised | Event::Voided | Event::Corrected));
        let reason = told::reason(&from, &event, newest);
        self.postponed_because = None;
        self.state =
            self.state.apply(event).map_err(|source| Error::Conflict { record: self.id.to_string(), source })?;
        if by_person {
            self.attempt_count = 0;
            self.available_at_us = 0;
        }
        Ok(Moved { submission: self, event: name, from, reason })
    }
}

impl Moved {
    pub(crate) const fn before(&self) -> &State {
        &self.from
    }

    /// QuickBooks was busy with the record; the history and the row say with what.
    pub(crate) fn postponed(&mut self, because: Option<&String>) {
        self.submission.postponed_because = because.cloned();
        self.reason = because.cloned();
    }

    /// Whether payments may wait for it, and the invoice came to stand in QuickBooks by this move, or ceased to.
    pub(crate) fn may_free_payments(&self) -> bool {
        let txn_id = |state: &State| state.posted().map(|posted| posted.txn_id.clone());
        self.submission.kind == RecordKind::Invoice
            && self.submission.may_be_awaited
            && txn_id(&self.from) != txn_id(&self.submission.state)
    }

    pub(crate) fn row(&self) -> MovedRow<'_> {
        MovedRow {
            id: self.submission.id,
            version: self.submission.version,
            state: StateColumns::of(&self.submission.state),
            sent_revision: self.submission.sent_revision,
            attempt_count: self.submission.attempt_count,
            available_at_us: self.submission.available_at_us,
            warning: self.submission.warning.as_deref(),
            postponed_because: self.submission.postponed_because.as_deref(),
            event: self.event,
            from_status: self.from.status().as_str(),
            reason: self.reason.as_deref(),
        }
    }
}

impl StateColumns {
    pub(crate) fn of(state: &State) -> Self {
        let row = StateRow::from(state);
        Self {
            status: row.status,
            errand: row.errand,
            attention: row.attention,
            meanwhile: row.meanwhile,
            cause_code: row.cause_code,
            cause_text: row.cause_text,
            cause_detail: row.cause_detail,
            txn_id: row.txn_id,
            edit_sequence: row.edit_sequence,
            posted_revision: row.posted_revision,
        }
    }
}

impl Transaction {
    /// The submissions named, in no particular order. [`Error::Missing`] if one is not the company's.
    pub(crate) async fn load_submissions(&mut self, company: CompanyId, ids: &[RecordId]) -> Result<Vec<Submission>> {
        let keys: Vec<RecordKey> = ids.iter().map(|&id| RecordKey { id }).collect();
        let rows = self.rows(&LOAD, values![company, serde_json::to_string(&keys)?]).await?;
        let submissions = rows.iter().map(Submission::read).collect::<Result<Vec<_>>>()?;
        if submissions.len() != ids.len() {
            let missing = ids.iter().find(|&&id| submissions.iter().all(|submission| submission.id != id));
            return Err(Error::Missing {
                table: "record",
                row: missing.map_or_else(|| "named twice".to_owned(), ToString::to_string),
            });
        }
        Ok(submissions)
    }

    pub(crate) async fn load_one(&mut self, company: CompanyId, id: RecordId) -> Result<Submission> {
        let submission = self.load_submissions(company, &[id]).await?.pop();
        submission.ok_or_else(|| Error::Missing { table: "record", row: id.to_string() })
    }

    /// Writes moved submissions and their history, and frees the payments that waited for them.
    pub(crate) async fn save_moves(
        &mut self,
        company: CompanyId,
        moves: &[Moved],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        if moves.is_empty() {
            return Ok(());
        }
        let rows = serde_json::to_string(&moves.iter().map(Moved::row).collect::<Vec<_>>())?;
        let values = values![rows, now, company, actor.who.as_str(), actor.from.as_str()];
        self.execute_together(2 * moves.len(), &SAVE, values).await?;
        self.free_dependents(company, moves).await
    }

    pub(crate) async fn recount_blockers(&mut self, payments: &[RecordKey]) -> Result<()> {
        let payments_json = serde_json::to_string(payments)?;
        self.execute_exactly(payments.len(), &RECOUNT_BLOCKERS, values![payments_json]).await
    }

    /// Counts anew what the payments wait for that go to moved invoices.
    pub(crate) async fn free_dependents(&mut self, company: CompanyId, moves: &[Moved]) -> Result<()> {
        #[derive(Serialize)]
        struct Invoice<'a> {
            external_id: &'a str,
        }
        let invoices: Vec<Invoice<'_>> = moves
            .iter()
            .filter(|moved| moved.may_free_payments())
            .map(|moved| Invoice { external_id: &moved.submission.external_id })
            .collect();
        if invoices.is_empty() {
            return Ok(());
        }
        let values = values![company, serde_json::to_string(&invoices)?];
        self.execute(&RECOUNT_BLOCKERS_OF_DEPENDENTS, values).await.map(drop)
    }
}
