//! The grid: pages of records by key, and the counts and sums of what a filter admits.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{State, Status};
use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::SqlSafeStr;

use crate::database::{Row, Value, values};
use crate::error::Result;
use crate::filter::{RecordFilter, Sql};
use crate::search::{Found, Groups};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Submission;

#[cfg(test)]
mod far_enough;
mod order;
#[cfg(test)]
mod plans;

use order::Source;
pub use order::{Cursor, CursorError, Sort, SortBy};

/// A record as a row of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordLine {
    pub id: RecordId,
    /// The order of arrival, across companies.
    pub seq: i64,
    pub kind: RecordKind,
    pub external_id: String,
    pub number: String,
    pub customer: String,
    pub date: Date,
    pub amount: Amount,
    pub currency: String,
    /// When the application created it, handed it over first, and when it last changed here.
    pub created_at: Timestamp,
    pub handed_over_at: Timestamp,
    pub changed_at: Timestamp,
    pub revision: i64,
    pub state: State,
    /// How many invoices a payment waits for.
    pub blockers: u64,
    pub warning: Option<String>,
    pub attempt_count: i64,
    /// Not sent before this moment.
    pub retry_at: Timestamp,
    /// Why QuickBooks put it off, as a sentence.
    pub postponed_because: Option<String>,
    /// Changes whenever the record does; see [`Store::apply_event`].
    pub version: i64,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub lines: Vec<RecordLine>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

/// How many records, and how much money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Total {
    pub count: u64,
    /// In hundred-thousandths; a sum may be larger than any one [`Amount`].
    pub sum_e5: i64,
}

/// Counts and sums for every kind and status.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    entries: Vec<(RecordKind, Status, Total)>,
}

pub const PAGE_LIMIT_MAX: u32 = 1_000;
/// So many records are sorted for a page; of more than these a page is soon full when their order is walked.
const SORTED_MAX: u64 = 20_000;
/// So many records are looked through for a common text while a person waits.
const LOOKED_THROUGH_MAX: u64 = 5_000;
/// So many records of a kind are counted for a page while a person waits.
pub const COUNTED_AT_ONCE_MAX: u64 = 200_000;

macro_rules! line_columns {
    () => {
        concat!(
            $crate::submission::submission_columns!(),
            ", r.seq, r.number, r.number_key, r.customer, r.date, r.amount_e5, r.currency, r.created_at_us, r.handed_over_us, \
             r.changed_us, r.blockers"
        )
    };
}
pub(crate) use line_columns;

statements! {
    COUNTS = both("queue_count.of_company",
        "SELECT kind, status, record_count, sum_e5 FROM queue_count WHERE company_id = $1 AND record_count <> 0");
}

impl Store {
    /// A page of at most `limit` records (and at most [`PAGE_LIMIT_MAX`]), after the cursor.
    pub async fn records(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
        sort: Sort,
        cursor: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page> {
        let limit = limit.clamp(1, PAGE_LIMIT_MAX);
        let found = self.find(company, filter).await?;
        let groups = if let Found::Several(groups) = &found { Some(groups) } else { None };
        let query = PageQuery { company, filter, groups, sort, cursor, limit: i64::from(limit) + 1 };
        let page = match &found {
            Found::Few(_) => query.of_found(&found)?,
            Found::Several(_) | Found::Many if sort.by.is_by_status() => query.by_date(),
            Found::Several(_) | Found::Many if self.admitted(company, filter).await? <= SORTED_MAX => {
                query.sorted(self.source(SortBy::Date, filter))
            }
            Found::Several(_) | Found::Many => query.in_order(self.source(sort.by, filter)),
        };
        let (sql, values) = page.finish();
        let rows = self.filtered(filter, "record.page", sql, values).await?;
        let mut lines = rows.iter().map(RecordLine::read).collect::<Result<Vec<_>>>()?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = lines.len() <= shown;
        lines.truncate(shown);
        let next = if is_last { None } else { lines.last().map(|line| Cursor::at(line, sort.by)) };
        Ok(Page { lines, next })
    }

    /// Count and sum of what the filter admits, invoices and payments apart. A filter by kind and status alone costs
    /// nothing; any other walks what it admits.
    pub async fn totals(&self, company: CompanyId, filter: &RecordFilter) -> Result<Vec<(RecordKind, Total)>> {
        if filter.is_by_status_only() {
            return self.kept_totals(company, filter).await;
        }
        let found = self.find(company, filter).await?;
        self.counted(company, filter, &found, None).await
    }

    /// As [`totals`](Self::totals); `None` where a text that many records contain would have to be looked for in many.
    pub async fn quick_totals(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
    ) -> Result<Option<Vec<(RecordKind, Total)>>> {
        if filter.is_by_status_only() {
            return self.kept_totals(company, filter).await.map(Some);
        }
        let found = self.find(company, filter).await?;
        let is_text_of_many = filter.text.is_some() && !matches!(found, Found::Few(_));
        if is_text_of_many && self.admitted(company, filter).await? > LOOKED_THROUGH_MAX {
            return Ok(None);
        }
        let totals = self.counted(company, filter, &found, Some(COUNTED_AT_ONCE_MAX)).await?;
        Ok(Some(totals).filter(|totals| totals.iter().all(|(_, total)| total.count <= COUNTED_AT_ONCE_MAX)))
    }

    async fn kept_totals(&self, company: CompanyId, filter: &RecordFilter) -> Result<Vec<(RecordKind, Total)>> {
        let summary = self.summary(company).await?;
        Ok(RecordKind::ALL.map(|kind| (kind, summary.total(filter, kind))).to_vec())
    }

    /// With `up_to`, a kind of which there are more is looked through as far as that shows.
    async fn counted(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
        found: &Found,
        up_to: Option<u64>,
    ) -> Result<Vec<(RecordKind, Total)>> {
        if *found != Found::Many {
            return self.total_of_found(company, filter, found).await;
        }
        let mut totals = Vec::with_capacity(RecordKind::ALL.len());
        for kind in RecordKind::ALL {
            totals.push((kind, self.walked_total(company, filter, kind, up_to).await?));
        }
        Ok(totals)
    }

    /// Counts and sums by kind and status; kept up to date by the database, never counted.
    pub async fn summary(&self, company: CompanyId) -> Result<Summary> {
        let rows = self.database.rows(&COUNTS, values![company]).await?;
        let entries = rows.iter().map(|row| {
            let total = Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? };
            Ok((row.parse("kind")?, row.parse("status")?, total))
        });
        Ok(Summary { entries: entries.collect::<Result<_>>()? })
    }

    /// How many records there are of the filter's kinds and statuses.
    async fn admitted(&self, company: CompanyId, filter: &RecordFilter) -> Result<u64> {
        let summary = self.summary(company).await?;
        Ok(RecordKind::ALL.into_iter().map(|kind| summary.total(filter, kind).count).sum())
    }

    /// What a filter leaves depends on what it seeks: a plan for anything reads the whole table for what three records have.
    async fn filtered(
        &self,
        filter: &RecordFilter,
        name: &'static str,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<Row>> {
        if filter.is_by_status_only() {
            self.database.rows_of(name, sql, values).await
        } else {
            self.database.rows_of_planned_for_values(name, sql, values).await
        }
    }

    fn source(&self, by: SortBy, filter: &RecordFilter) -> Source {
        let is_of_submitted = filter.statuses == [Status::Submitted];
        if self.database.is_sqlite() {
            Source::of_sqlite(by, is_of_submitted)
        } else {
            Source::of_postgres(by, is_of_submitted)
        }
    }

    async fn total_of_found(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
        found: &Found,
    ) -> Result<Vec<(RecordKind, Total)>> {
        let mut sql = Sql::default();
        sql.push("SELECT r.kind, COUNT(*) AS record_count, CAST(SUM(r.amount_e5) AS BIGINT) AS sum_e5 FROM ");
        from_found(&mut sql, company, filter, found)?;
        sql.push(" GROUP BY r.kind");
        let (sql, values) = sql.finish();
        let rows = self.database.rows_of("record.total_of_found", sql, values).await?;
        let mut totals = RecordKind::ALL.map(|kind| (kind, Total::default()));
        for row in &rows {
            let kind: RecordKind = row.parse("kind")?;
            let total = Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? };
            totals.iter_mut().filter(|(it, _)| *it == kind).for_each(|(_, entry)| *entry = total);
        }
        Ok(totals.to_vec())
    }

    async fn walked_total(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
        kind: RecordKind,
        up_to: Option<u64>,
    ) -> Result<Total> {
        if !filter.kinds.is_empty() && !filter.kinds.contains(&kind) {
            return Ok(Total::default());
        }
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) AS record_count, CAST(COALESCE(SUM(amount_e5), 0) AS BIGINT) AS sum_e5 FROM (");
        for (index, status) in statuses(filter).into_iter().enumerate() {
            sql.push(if index == 0 { "" } else { " UNION ALL " }).push("SELECT r.amount_e5 FROM record AS r WHERE ");
            branch(&mut sql, company, filter, kind, status);
        }
        if let Some(up_to) = up_to {
            sql.push(" LIMIT ").bind(i64::try_from(up_to).unwrap_or(i64::MAX).saturating_add(1));
        }
        sql.push(") AS admitted");
        let (sql, values) = sql.finish();
        let rows = self.filtered(filter, "record.total", sql, values).await?;
        let total =
            rows.first().map(|row| Ok(Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? }));
        total.unwrap_or_else(|| Ok(Total::default()))
    }
}

/// A page as it is asked for.
struct PageQuery<'a> {
    company: CompanyId,
    filter: &'a RecordFilter,
    groups: Option<&'a Groups>,
    sort: Sort,
    cursor: Option<&'a Cursor>,
    /// One more than the page shows, which tells whether another follows.
    limit: i64,
}

impl PageQuery<'_> {
    /// The few records that something else in the filter names are known; the rest is asked of these alone.
    fn of_found(&self, found: &Found) -> Result<Sql> {
        let mut sql = Sql::default();
        sql.push(concat!("SELECT ", line_columns!(), " FROM "));
        from_found(&mut sql, self.company, self.filter, found)?;
        self.sort.after(self.cursor, &mut sql);
        self.ordered(&mut sql);
        Ok(sql)
    }

    /// One branch for every kind and status, each in the index's order and cut off at the limit, so that nothing is sorted
    /// but the few rows that are left.
    fn by_date(&self) -> Sql {
        let branches = self.kinds_and_statuses().map(|(kind, status)| {
            move |sql: &mut Sql| {
                branch(sql, self.company, self.filter, kind, status);
                sql.among(self.groups);
                self.sort.after_among(status, self.cursor, sql);
                self.sort.ordered_among(sql);
                self.limited(sql);
            }
        });
        self.union("FROM record AS r", branches)
    }

    /// The records of few statuses, found by these and sorted.
    fn sorted(&self, source: Source) -> Sql {
        let branches = self.kinds_and_statuses().map(|(kind, status)| {
            move |sql: &mut Sql| {
                branch(sql, self.company, self.filter, kind, status);
                sql.among(self.groups);
                self.sort.after(self.cursor, sql);
            }
        });
        self.union(source.from, branches)
    }

    /// One branch for every kind, in the order of its own index, of which so many records are admitted that a page is soon
    /// full.
    fn in_order(&self, source: Source) -> Sql {
        let kinds = RecordKind::ALL.into_iter().filter(|kind| self.filter.admits_kind(*kind));
        let branches = kinds.map(|kind| {
            move |sql: &mut Sql| {
                sql.push("r.kind = ").word(kind.as_str()).push(" AND ");
                sql.admitted(self.company, self.filter);
                sql.among(self.groups);
                if source.is_of_keys() {
                    sql.push(" AND k.company_id = ").bind(self.company).push(" AND k.kind = ").word(kind.as_str());
                }
                self.sort.after_in(source, self.cursor, sql);
                self.sort.ordered_in(source, sql);
                self.limited(sql);
            }
        });
        self.union(source.from, branches)
    }

    fn kinds_and_statuses(&self) -> impl Iterator<Item = (RecordKind, Status)> {
        let statuses = statuses(self.filter);
        let kinds = RecordKind::ALL.into_iter().filter(|kind| self.filter.admits_kind(*kind));
        kinds.flat_map(move |kind| statuses.clone().into_iter().map(move |status| (kind, status)))
    }

    fn union(&self, from: &'static str, branches: impl Iterator<Item = impl FnOnce(&mut Sql)>) -> Sql {
        let mut sql = Sql::default();
        sql.push("SELECT r.* FROM (");
        for (index, condition) in branches.enumerate() {
            sql.push(if index == 0 { "" } else { " UNION ALL " });
            sql.push(concat!("SELECT * FROM (SELECT ", line_columns!(), " ")).push(from).push(" WHERE ");
            condition(&mut sql);
            sql.push(") AS branch");
        }
        sql.push(") AS r");
        self.ordered(&mut sql);
        sql
    }

    fn ordered(&self, sql: &mut Sql) {
        self.sort.ordered(sql);
        self.limited(sql);
    }

    fn limited(&self, sql: &mut Sql) {
        sql.push(" LIMIT +").bind(self.limit);
    }
}

fn from_found(sql: &mut Sql, company: CompanyId, filter: &RecordFilter, found: &Found) -> Result<()> {
    match found {
        Found::Few(found) => {
            sql.push("jsonb_each(").bind(serde_json::to_string(found)?);
            sql.push(") AS found CROSS JOIN record AS r WHERE r.seq = CAST(found.value->>'seq' AS BIGINT) AND ");
        }
        Found::Several(groups) => {
            sql.push("record_search AS found CROSS JOIN record AS r WHERE found.record_search MATCH ").bind(&groups.0);
            sql.push(" AND r.seq = found.rowid AND ");
        }
        Found::Many => {
            sql.push("record AS r WHERE ");
        }
    }
    sql.admitted(company, filter);
    Ok(())
}

fn statuses(filter: &RecordFilter) -> Vec<Status> {
    if filter.statuses.is_empty() { Status::ALL.to_vec() } else { filter.statuses.clone() }
}

fn branch(sql: &mut Sql, company: CompanyId, filter: &RecordFilter, kind: RecordKind, status: Status) {
    sql.push("r.company_id = ").bind(company).push(" AND r.kind = ").word(kind.as_str());
    sql.push(" AND r.status = ").word(status.as_str());
    sql.conditions(filter);
}

impl RecordLine {
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let submission = Submission::read(row)?;
        Ok(Self {
            id: submission.id,
            seq: row.integer("seq")?,
            kind: submission.kind,
            external_id: submission.external_id,
            number: row.text("number")?,
            customer: row.text("customer")?,
            date: row.parse("date")?,
            amount: Amount::from_e5(row.integer("amount_e5")?).map_err(|error| row.inconsistent("amount_e5", error))?,
            currency: row.text("currency")?,
            created_at: row.instant("created_at_us")?,
            handed_over_at: row.instant("handed_over_us")?,
            changed_at: row.instant("changed_us")?,
            revision: submission.revision,
            state: submission.state,
            blockers: row.count("blockers")?,
            warning: submission.warning,
            postponed_because: submission.postponed_because,
            attempt_count: submission.attempt_count,
            retry_at: row.instant("available_at_us")?,
            version: submission.version,
        })
    }
}

impl Summary {
    /// Invoices and payments together.
    pub fn of_status(&self, status: Status) -> Total {
        self.sum(|_, entry| entry == status)
    }

    pub fn of(&self, kind: RecordKind, status: Status) -> Total {
        self.sum(|entry_kind, entry_status| (entry_kind, entry_status) == (kind, status))
    }

    fn total(&self, filter: &RecordFilter, kind: RecordKind) -> Total {
        self.sum(|entry_kind, status| entry_kind == kind && filter.admits(kind, status))
    }

    fn sum(&self, admits: impl Fn(RecordKind, Status) -> bool) -> Total {
        let admitted = self.entries.iter().filter(|(kind, status, _)| admits(*kind, *status));
        admitted.fold(Total::default(), |total, (_, _, entry)| Total {
            count: total.count + entry.count,
            sum_e5: total.sum_e5.saturating_add(entry.sum_e5),
        })
    }
}
