//! The grid: pages of records by key, and the counts and sums of what a filter admits.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{State, Status};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::database::{Row, Value, values};
use crate::error::Result;
use crate::filter::{RecordFilter, Sql};
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Submission;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    pub by: SortBy,
    pub ascending: bool,
}

/// What the grid is ordered by; ties go by arrival. Only the date has an index of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    #[default]
    Date,
    Number,
    Customer,
    Amount,
    Changed,
}

/// Where a page ended. As text: the sequence number, a colon and the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    key: String,
    seq: i64,
}

/// A text that is no cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no cursor, or one for another order")]
pub struct CursorError;

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

macro_rules! line_columns {
    () => {
        concat!(
            $crate::submission::submission_columns!(),
            ", r.seq, r.number, r.customer, r.date, r.amount_e5, r.currency, r.created_at_us, r.handed_over_us, \
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
        let (sql, values) = page_sql(company, filter, sort, cursor, limit).finish();
        let rows = self.database.rows_of("record.page", sql, values).await?;
        let mut lines = rows.iter().map(RecordLine::read).collect::<Result<Vec<_>>>()?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let is_last = lines.len() <= shown;
        lines.truncate(shown);
        let next = if is_last { None } else { lines.last().map(|line| Cursor::after(line, sort.by)) };
        Ok(Page { lines, next })
    }

    /// Count and sum of what the filter admits, invoices and payments apart. A filter by kind and status alone costs
    /// nothing; any other walks what it admits.
    pub async fn totals(&self, company: CompanyId, filter: &RecordFilter) -> Result<Vec<(RecordKind, Total)>> {
        if filter.is_by_status_only() {
            let summary = self.summary(company).await?;
            return Ok(RecordKind::ALL.map(|kind| (kind, summary.total(filter, kind))).to_vec());
        }
        let mut totals = Vec::with_capacity(RecordKind::ALL.len());
        for kind in RecordKind::ALL {
            totals.push((kind, self.walked_total(company, filter, kind).await?));
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

    async fn walked_total(&self, company: CompanyId, filter: &RecordFilter, kind: RecordKind) -> Result<Total> {
        if !filter.kinds.is_empty() && !filter.kinds.contains(&kind) {
            return Ok(Total::default());
        }
        let mut sql = Sql::default();
        sql.push("SELECT COUNT(*) AS record_count, CAST(COALESCE(SUM(amount_e5), 0) AS BIGINT) AS sum_e5 FROM (");
        for (index, status) in statuses(filter).into_iter().enumerate() {
            sql.push(if index == 0 { "" } else { " UNION ALL " }).push("SELECT r.amount_e5 FROM record AS r WHERE ");
            branch(&mut sql, company, filter, kind, status);
        }
        sql.push(") AS admitted");
        let (sql, values) = sql.finish();
        let rows = self.database.rows_of("record.total", sql, values).await?;
        let total =
            rows.first().map(|row| Ok(Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? }));
        total.unwrap_or_else(|| Ok(Total::default()))
    }
}

/// One branch for every kind and status, each cut off at the limit, so that the index gives every branch in order and
/// nothing is sorted but the few rows that are left.
fn page_sql(company: CompanyId, filter: &RecordFilter, sort: Sort, cursor: Option<&Cursor>, limit: u32) -> Sql {
    let mut sql = Sql::default();
    let key = sort.by.column();
    let (comparison, direction) = if sort.ascending { (" > (", " ASC") } else { (" < (", " DESC") };
    let limit = i64::from(limit) + 1;
    let mut separator = "";
    for kind in RecordKind::ALL {
        for status in statuses(filter) {
            if !filter.admits(kind, status) {
                continue;
            }
            sql.push(separator).push(concat!("SELECT * FROM (SELECT ", line_columns!(), " FROM record AS r WHERE "));
            branch(&mut sql, company, filter, kind, status);
            if let Some(cursor) = cursor {
                sql.push(" AND (r.").push(key).push(", r.seq)").push(comparison).bind(cursor.key_value(sort.by));
                sql.push(", ").bind(cursor.seq).push(")");
            }
            sql.push(" ORDER BY r.").push(key).push(direction).push(", r.seq").push(direction);
            sql.push(" LIMIT ").bind(limit).push(") AS branch");
            separator = " UNION ALL ";
        }
    }
    sql.push(" ORDER BY ").push(key).push(direction).push(", seq").push(direction).push(" LIMIT ").bind(limit);
    sql
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

impl SortBy {
    const fn column(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Number => "number",
            Self::Customer => "customer",
            Self::Amount => "amount_e5",
            Self::Changed => "changed_us",
        }
    }

    const fn is_number(self) -> bool {
        match self {
            Self::Date | Self::Number | Self::Customer => false,
            Self::Amount | Self::Changed => true,
        }
    }
}

impl Cursor {
    fn after(line: &RecordLine, by: SortBy) -> Self {
        let key = match by {
            SortBy::Date => line.date.to_string(),
            SortBy::Number => line.number.clone(),
            SortBy::Customer => line.customer.clone(),
            SortBy::Amount => line.amount.e5().to_string(),
            SortBy::Changed => line.changed_at.as_microsecond().to_string(),
        };
        Self { key, seq: line.seq }
    }

    /// Reads what [`Display`](std::fmt::Display) wrote, for the same order.
    pub fn parse(text: &str, by: SortBy) -> Result<Self, CursorError> {
        let (seq, key) = text.split_once(':').ok_or(CursorError)?;
        let seq = seq.parse().map_err(|_| CursorError)?;
        if key.contains('\0') || (by.is_number() && key.parse::<i64>().is_err()) {
            return Err(CursorError);
        }
        Ok(Self { key: key.to_owned(), seq })
    }

    fn key_value(&self, by: SortBy) -> Value {
        if by.is_number() { Value::from(self.key.parse::<i64>().ok()) } else { Value::from(&self.key) }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.seq, self.key)
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
