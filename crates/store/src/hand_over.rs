//! Taking records in: new ones, new revisions of known ones, and voids.

use std::collections::HashMap;

use bookferry_sync::company::{Changes, Company, Release};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::{Content, ContentHash, RecordKind};
use bookferry_sync::submission::{Event, State, Status};
use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::{Error, Result};
use crate::number_key::number_key;
use crate::search::searchable;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::{Actor, Moved, RecordKey, StateColumns, Submission, submission_columns};

#[derive(Debug, Clone)]
pub struct HandOver<'a> {
    /// The record's id, if it turns out to be new.
    pub id_if_new: RecordId,
    pub external_id: &'a str,
    pub content: &'a Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOver {
    pub record_id: RecordId,
    pub outcome: Outcome,
    pub status: Status,
    /// The number of the newest revision, from 1.
    pub revision: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Changed,
    /// The same content as the newest revision, which is not void: nothing was written.
    Unchanged,
}

statements! {
    FIND_GIVEN = both("record.find_given",
        concat!("SELECT ", submission_columns!(), ", newest.content_hash, newest.voided, (
             SELECT own.content_hash FROM revision AS own WHERE own.record_id = r.id AND own.made_here = 0
             ORDER BY own.number DESC LIMIT 1) AS given_hash
         FROM jsonb_each($2) AS given CROSS JOIN record_key AS k JOIN record AS r ON r.seq = k.seq
         JOIN revision AS newest ON newest.record_id = r.id AND newest.number = r.revision
         WHERE k.company_id = $1 AND k.kind = given.value->>'kind' AND k.external_id = given.value->>'external_id'"));
    INSERT = both("record.insert",
        "INSERT INTO record (id, company_id, kind, external_id, number, number_key, customer, date, amount_e5, currency, search,
             created_at_us, handed_over_us, changed_us, revision, status, errand, attempt_count, available_at_us,
             blockers, version)
         SELECT given.value->>'id', $2, given.value->>'kind', given.value->>'external_id', given.value->>'number',
             given.value->>'number_key', given.value->>'customer', given.value->>'date', CAST(given.value->>'amount_e5' AS BIGINT),
             given.value->>'currency', given.value->>'search', CAST(given.value->>'created_at_us' AS BIGINT),
             CAST($3 AS BIGINT), CAST($3 AS BIGINT), CAST(given.value->>'revision' AS BIGINT),
             given.value->>'status', given.value->>'errand', 0, 0, 0, 1
         FROM jsonb_each($1) AS given");
    REVISE = both("record.revise",
        "UPDATE record SET
             number = given.value->>'number', number_key = given.value->>'number_key', customer = given.value->>'customer', date = given.value->>'date',
             amount_e5 = CAST(given.value->>'amount_e5' AS BIGINT), currency = given.value->>'currency',
             search = given.value->>'search', revision = CAST(given.value->>'revision' AS BIGINT), older_asked = 0
         FROM jsonb_each($1) AS given WHERE record.id = given.value->>'id'");
    SET_REVISION = both("record.set_revision", "UPDATE record SET revision = $2 WHERE id = $1 AND revision = $2 - 1");
    INSERT_REVISION = both("revision.insert",
        "INSERT INTO revision (record_id, number, content, content_hash, voided, created_us, actor, made_here)
         SELECT given.value->>'id', CAST(given.value->>'revision' AS BIGINT), given.value->>'content',
             unhex(given.value->>'content_hash'), 0, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT)
         FROM jsonb_each($1) AS given");
    INSERT_VOID_REVISION = both("revision.insert_void",
        "INSERT INTO revision (record_id, number, content, content_hash, voided, created_us, actor)
         SELECT record_id, number + 1, content, content_hash, 1, CAST($3 AS BIGINT), $4
         FROM revision WHERE record_id = $1 AND number = $2");
    INSERT_HANDED_OVER = both("history.insert_handed_over",
        "INSERT INTO history (company_id, record_id, at_us, actor, from_where, event, to_status)
         SELECT $2, given.value->>'id', CAST($3 AS BIGINT), $4, $5, 'handed_over', given.value->>'status'
         FROM jsonb_each($1) AS given");
    DELETE_APPLICATIONS = both("application.delete",
        "DELETE FROM application WHERE payment_id IN (SELECT given.value->>'id' FROM jsonb_each($1) AS given)");
    INSERT_APPLICATIONS = both("application.insert",
        "INSERT INTO application (payment_id, position, company_id, invoice_external_id, amount_e5)
         SELECT given.value->>'id', CAST(given.value->>'position' AS BIGINT), $2, given.value->>'invoice',
             CAST(given.value->>'amount_e5' AS BIGINT)
         FROM jsonb_each($1) AS given");
}

/// A record while its hand-overs are worked off.
struct Known {
    submission: Submission,
    hash: ContentHash,
    /// Of what the application said last, where a person has corrected it here since.
    given_hash: ContentHash,
    voided: bool,
}

/// What a slice of hand-overs comes to; each vector is one statement.
#[derive(Default)]
struct Slice<'a> {
    created: Vec<(Key<'a>, &'a Content)>,
    revisions: Vec<RevisionRow>,
    /// One round for every time the same record is changed again within the slice.
    rounds: Vec<Vec<Moved>>,
    newest: HashMap<Key<'a>, &'a Content>,
}

type Key<'a> = (RecordKind, &'a str);

impl Slice<'_> {
    fn add(&mut self, moved: Moved) {
        let is_free = |round: &Vec<Moved>| round.iter().all(|earlier| earlier.submission.id != moved.submission.id);
        match self.rounds.iter().position(is_free).and_then(|round| self.rounds.get_mut(round)) {
            Some(round) => round.push(moved),
            None => self.rounds.push(vec![moved]),
        }
    }
}

#[derive(Serialize)]
struct GivenKey<'a> {
    kind: &'static str,
    external_id: &'a str,
}

#[derive(Serialize)]
struct RevisionRow {
    id: RecordId,
    revision: i64,
    content: String,
    content_hash: String,
}

#[derive(Serialize)]
struct RecordRow<'a> {
    id: RecordId,
    kind: &'static str,
    external_id: &'a str,
    number: &'a str,
    number_key: String,
    customer: &'a str,
    date: String,
    amount_e5: i64,
    currency: &'a str,
    search: String,
    created_at_us: i64,
    revision: i64,
    #[serde(flatten)]
    state: StateColumns,
}

#[derive(Serialize)]
struct ApplicationRow<'a> {
    id: RecordId,
    position: usize,
    invoice: &'a str,
    amount_e5: i64,
}

impl Store {
    /// Takes a slice of records in, all or none, in its order; the answers come in the same order.
    ///
    /// However many processes hand over the same `external_id`, one record results. A few hundred at a time is a good
    /// size: the number of statements does not grow with the slice.
    pub async fn hand_over(
        &self,
        company: CompanyId,
        slice: &[HandOver<'_>],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<HandedOver>> {
        check_storable(slice)?;
        let mut transaction = self.database.begin().await?;
        let company = transaction.lock_company(company).await?;
        let mut known = transaction.find_given(company.id, slice).await?;
        let mut work = Slice::default();
        let mut answers = Vec::with_capacity(slice.len());
        for given in slice {
            answers.push(take_in(&company, &mut known, &mut work, given)?);
        }
        if !work.revisions.is_empty() {
            transaction.write_slice(company.id, &known, work, actor, now).await?;
        }
        transaction.commit("hand_over").await?;
        Ok(answers)
    }

    /// The application voided the record. `None` if there is no such record; what is void already is `Unchanged`.
    pub async fn void(
        &self,
        company: CompanyId,
        kind: RecordKind,
        external_id: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Option<HandedOver>> {
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(company).await?;
        let key = serde_json::to_string(&[GivenKey { kind: kind.as_str(), external_id }])?;
        let Some(row) = transaction.row(&FIND_GIVEN, values![company, key]).await? else { return Ok(None) };
        let Known { submission, voided, .. } = Known::read(&row)?;
        if voided {
            return Ok(Some(HandedOver::of(&submission, Outcome::Unchanged)));
        }
        let values = values![submission.id, submission.revision, now, actor.who.as_str()];
        transaction.execute_exactly(1, &INSERT_VOID_REVISION, values).await?;
        let mut moved = submission.apply(Event::Voided)?;
        moved.submission.revision += 1;
        let values = values![moved.submission.id, moved.submission.revision];
        transaction.execute_exactly(1, &SET_REVISION, values).await?;
        let answer = HandedOver::of(&moved.submission, Outcome::Changed);
        transaction.save_moves(company, &[moved], actor, now).await?;
        transaction.commit("void").await?;
        Ok(Some(answer))
    }
}

/// Decides what one hand-over does, and notes it in `work`.
fn take_in<'a>(
    company: &Company,
    known: &mut HashMap<(RecordKind, String), Known>,
    work: &mut Slice<'a>,
    given: &HandOver<'a>,
) -> Result<HandedOver> {
    let kind = given.content.kind();
    let hash = ContentHash::of(given.content)?;
    let key = (kind, given.external_id.to_owned());
    let Some(record) = known.get_mut(&key) else {
        let submission = first_submission(company, given);
        let answer = HandedOver::of(&submission, Outcome::Created);
        work.revisions.push(RevisionRow::new(&submission, given.content, hash)?);
        work.created.push(((kind, given.external_id), given.content));
        work.newest.insert((kind, given.external_id), given.content);
        known.insert(key, Known { submission, hash, given_hash: hash, voided: false });
        return Ok(answer);
    };
    // An application that repeats what it said before it was corrected says nothing new.
    if (record.hash == hash || record.given_hash == hash) && !record.voided {
        return Ok(HandedOver::of(&record.submission, Outcome::Unchanged));
    }
    let mut moved = record.submission.clone().apply(Event::Revised)?;
    moved.submission.revision += 1;
    let mut after = moved.submission.clone();
    after.version += 1;
    work.revisions.push(RevisionRow::new(&after, given.content, hash)?);
    work.newest.insert((kind, given.external_id), given.content);
    let is_sent = company.settings.changes == Changes::Send && after.state.is_only_changed();
    work.add(moved);
    if is_sent {
        let sent = after.apply(Event::SendChange)?;
        after = sent.submission.clone();
        after.version += 1;
        work.add(sent);
    }
    let answer = HandedOver::of(&after, Outcome::Changed);
    *record = Known { submission: after, hash, given_hash: hash, voided: false };
    Ok(answer)
}

fn first_submission(company: &Company, given: &HandOver<'_>) -> Submission {
    // What does not say when it was created is created now, which is after sync was enabled whatever the clock says.
    let is_since = |enabled_at| given.content.created_at().is_none_or(|created_at| created_at >= enabled_at);
    let since_enabled = company.sync_enabled_at.is_some_and(is_since);
    Submission {
        id: given.id_if_new,
        kind: given.content.kind(),
        external_id: given.external_id.to_owned(),
        state: State::handed_over(since_enabled, company.settings.release == Release::Automatic),
        revision: 1,
        version: 1,
        sent_revision: None,
        attempt_count: 0,
        available_at_us: 0,
        warning: None,
        may_be_awaited: true,
        postponed_because: None,
    }
}

/// Refuses what no column can hold, before anything is written.
fn check_storable(slice: &[HandOver<'_>]) -> Result<()> {
    for given in slice {
        let texts = [
            ("external_id", given.external_id),
            ("number", given.content.number()),
            ("customer.name", &given.content.customer().name),
            ("currency", given.content.currency()),
        ];
        let applied = given.content.applied_to().iter().map(|applied| ("applied_to.invoice", applied.invoice.as_str()));
        if let Some((field, _)) = texts.into_iter().chain(applied).find(|(_, text)| text.contains('\0')) {
            return Err(Error::Unstorable { field });
        }
    }
    Ok(())
}

impl Transaction {
    async fn find_given(
        &mut self,
        company: CompanyId,
        slice: &[HandOver<'_>],
    ) -> Result<HashMap<(RecordKind, String), Known>> {
        let mut keys: Vec<Key<'_>> = slice.iter().map(|given| (given.content.kind(), given.external_id)).collect();
        keys.sort_unstable();
        keys.dedup();
        let keys: Vec<GivenKey<'_>> =
            keys.iter().map(|&(kind, external_id)| GivenKey { kind: kind.as_str(), external_id }).collect();
        let rows = self.rows(&FIND_GIVEN, values![company, serde_json::to_string(&keys)?]).await?;
        let known = rows.iter().map(|row| {
            let known = Known::read(row)?;
            Ok(((known.submission.kind, known.submission.external_id.clone()), known))
        });
        known.collect()
    }

    async fn write_slice(
        &mut self,
        company: CompanyId,
        known: &HashMap<(RecordKind, String), Known>,
        work: Slice<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let record = |&(kind, external_id): &Key<'_>| known.get(&(kind, external_id.to_owned()));
        self.insert_records(company, known, &work, actor, now).await?;
        let revised: Vec<RecordRow<'_>> = work
            .newest
            .iter()
            .filter_map(|(key, content)| Some(RecordRow::new(&record(key)?.submission, content, now)))
            .filter(|row| row.revision > 1)
            .collect();
        if !revised.is_empty() {
            self.execute_exactly(revised.len(), &REVISE, values![serde_json::to_string(&revised)?]).await?;
        }
        self.note_names(company, work.newest.values().copied(), now).await?;
        let revisions = serde_json::to_string(&work.revisions)?;
        let values = values![revisions, now, actor.who.as_str(), 0_i64];
        self.execute_exactly(work.revisions.len(), &INSERT_REVISION, values).await?;
        for round in &work.rounds {
            self.save_moves(company, round, actor, now).await?;
        }
        let payments: Vec<(RecordId, &Content)> = work
            .newest
            .iter()
            .filter(|((kind, _), _)| *kind == RecordKind::Payment)
            .filter_map(|(key, content)| Some((record(key)?.submission.id, *content)))
            .collect();
        self.write_applications(company, &payments).await
    }

    /// Writes what a person made of records, whose revisions are counted up already.
    pub(crate) async fn write_corrections(
        &mut self,
        company: CompanyId,
        corrected: &[(&Submission, &Content)],
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        if corrected.is_empty() {
            return Ok(());
        }
        let rows: Vec<RecordRow<'_>> =
            corrected.iter().map(|(submission, content)| RecordRow::new(submission, content, now)).collect();
        self.execute_exactly(rows.len(), &REVISE, values![serde_json::to_string(&rows)?]).await?;
        self.note_names(company, corrected.iter().map(|(_, content)| *content), now).await?;
        let revision = |(submission, content): &(&Submission, &Content)| {
            RevisionRow::new(submission, content, ContentHash::of(content)?)
        };
        let revisions = corrected.iter().map(revision).collect::<Result<Vec<_>>>()?;
        let values = values![serde_json::to_string(&revisions)?, now, actor.who.as_str(), 1_i64];
        self.execute_exactly(revisions.len(), &INSERT_REVISION, values).await?;
        let payments: Vec<(RecordId, &Content)> = corrected
            .iter()
            .filter(|(submission, _)| submission.kind == RecordKind::Payment)
            .map(|(submission, content)| (submission.id, *content))
            .collect();
        self.write_applications(company, &payments).await
    }

    /// A record is inserted in its first state, even where the slice changes it again.
    async fn insert_records(
        &mut self,
        company: CompanyId,
        known: &HashMap<(RecordKind, String), Known>,
        work: &Slice<'_>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<()> {
        let first = |key: &Key<'_>, content| {
            let record = known.get(&(key.0, key.1.to_owned()))?;
            let earlier = work.rounds.first().and_then(|round| {
                round.iter().find(|moved| moved.submission.id == record.submission.id).map(Moved::before)
            });
            let mut submission = record.submission.clone();
            submission.revision = 1;
            if let Some(state) = earlier {
                submission.state = state.clone();
            }
            Some((submission, content))
        };
        let created: Vec<(Submission, &Content)> =
            work.created.iter().filter_map(|(key, content)| first(key, *content)).collect();
        if created.is_empty() {
            return Ok(());
        }
        let rows: Vec<RecordRow<'_>> =
            created.iter().map(|(submission, content)| RecordRow::new(submission, content, now)).collect();
        let rows_json = serde_json::to_string(&rows)?;
        self.execute_exactly(rows.len(), &INSERT, values![rows_json.clone(), company, now]).await?;
        let values = values![rows_json, company, now, actor.who.as_str(), actor.from.as_str()];
        self.execute_exactly(rows.len(), &INSERT_HANDED_OVER, values).await
    }

    async fn write_applications(&mut self, company: CompanyId, payments: &[(RecordId, &Content)]) -> Result<()> {
        if payments.is_empty() {
            return Ok(());
        }
        let keys: Vec<RecordKey> = payments.iter().map(|&(id, _)| RecordKey { id }).collect();
        self.execute(&DELETE_APPLICATIONS, values![serde_json::to_string(&keys)?]).await?;
        let rows: Vec<ApplicationRow<'_>> = payments
            .iter()
            .flat_map(|&(id, content)| {
                content.applied_to().iter().enumerate().map(move |(position, applied)| ApplicationRow {
                    id,
                    position,
                    invoice: &applied.invoice,
                    amount_e5: applied.amount.e5(),
                })
            })
            .collect();
        let rows_json = serde_json::to_string(&rows)?;
        self.execute_exactly(rows.len(), &INSERT_APPLICATIONS, values![rows_json, company]).await?;
        self.recount_blockers(&keys).await
    }
}

impl Known {
    fn read(row: &Row) -> Result<Self> {
        let hash = |column| {
            let hash = row.blob(column)?.try_into();
            hash.map(ContentHash).map_err(|_| row.inconsistent(column, "not 32 bytes long"))
        };
        Ok(Self {
            submission: Submission::read(row)?,
            hash: hash("content_hash")?,
            given_hash: hash("given_hash")?,
            voided: row.flag("voided")?,
        })
    }
}

impl HandedOver {
    fn of(submission: &Submission, outcome: Outcome) -> Self {
        Self { record_id: submission.id, outcome, status: submission.state.status(), revision: submission.revision }
    }
}

impl RevisionRow {
    fn new(submission: &Submission, content: &Content, hash: ContentHash) -> Result<Self> {
        Ok(Self {
            id: submission.id,
            revision: submission.revision,
            content: content.to_json()?,
            content_hash: hash.0.iter().map(|byte| format!("{byte:02x}")).collect(),
        })
    }
}

impl<'a> RecordRow<'a> {
    fn new(submission: &'a Submission, content: &'a Content, now: Timestamp) -> Self {
        let customer = content.customer().name.as_str();
        Self {
            id: submission.id,
            kind: submission.kind.as_str(),
            external_id: &submission.external_id,
            number: content.number(),
            number_key: number_key(content.number()),
            customer,
            date: content.date().to_string(),
            amount_e5: content.amount().e5(),
            currency: content.currency(),
            search: searchable([content.number(), customer, &submission.external_id]),
            created_at_us: content.created_at().unwrap_or(now).as_microsecond(),
            revision: submission.revision,
            state: StateColumns::of(&submission.state),
        }
    }
}
