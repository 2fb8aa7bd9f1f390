//! The orders of the grid, and where a page of one ended.

use bookferry_sync::submission::Status;

use super::RecordLine;
use crate::database::Value;
use crate::filter::Sql;
use crate::number_key::number_key;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sort {
    pub by: SortBy,
    pub ascending: bool,
}

/// What the grid is ordered by, each by an index; ties go by arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortBy {
    #[default]
    Date,
    Number,
    Customer,
    Amount,
    /// In the order in which a record goes through them, and by date within each.
    Status,
    Created,
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

/// Where the records of an order are read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    /// Gives `record AS r`, and on PostgreSQL `record_key AS k` where that has the order's index.
    pub(super) from: &'static str,
    /// What the index is ordered by, and how ties go.
    key: &'static str,
    seq: &'static str,
}

impl Source {
    /// SQLite takes another index where it believes one to be better, and knows little of how many rows there are. Some orders
    /// have another one of what is submitted alone.
    pub(super) const fn of_sqlite(by: SortBy, is_of_submitted: bool) -> Self {
        let from = match by {
            SortBy::Number if is_of_submitted => "FROM record AS r INDEXED BY record_submitted_number",
            SortBy::Created if is_of_submitted => "FROM record AS r INDEXED BY record_submitted_created",
            SortBy::Date | SortBy::Status => "FROM record AS r INDEXED BY record_grid",
            SortBy::Number => "FROM record AS r INDEXED BY record_number",
            SortBy::Customer => "FROM record AS r INDEXED BY record_customer",
            SortBy::Amount => "FROM record AS r INDEXED BY record_amount",
            SortBy::Created => "FROM record AS r INDEXED BY record_created",
            SortBy::Changed => "FROM record AS r INDEXED BY record_changed",
        };
        Self { from, ..Self::of_records(by) }
    }

    pub(super) const fn of_postgres(by: SortBy, is_of_submitted: bool) -> Self {
        let key = match by {
            SortBy::Number | SortBy::Created if is_of_submitted => return Self::of_records(by),
            SortBy::Number => "k.number_key",
            SortBy::Customer => "k.customer",
            SortBy::Amount => "k.amount_e5",
            SortBy::Created => "k.created_at_us",
            SortBy::Date | SortBy::Status | SortBy::Changed => return Self::of_records(by),
        };
        Self { from: "FROM record_key AS k JOIN record AS r ON r.seq = k.seq", key, seq: "k.seq" }
    }

    /// Whether a condition on `record_key AS k` is wanted too.
    pub(super) const fn is_of_keys(self) -> bool {
        matches!(self.seq.as_bytes(), b"k.seq")
    }

    const fn of_records(by: SortBy) -> Self {
        Self { from: "FROM record AS r", key: by.key(), seq: "r.seq" }
    }
}

impl SortBy {
    pub const ALL: [Self; 7] =
        [Self::Date, Self::Number, Self::Customer, Self::Amount, Self::Status, Self::Created, Self::Changed];

    /// Of `record AS r`.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Date => "r.date",
            Self::Number => "r.number_key",
            Self::Customer => "r.customer",
            Self::Amount => "r.amount_e5",
            Self::Status => {
                "(CASE r.status WHEN 'unsent' THEN '0' WHEN 'ready_to_sync' THEN '1' WHEN 'sending' THEN '2' \
                 WHEN 'unconfirmed' THEN '3' WHEN 'submitted' THEN '4' WHEN 'needs_attention' THEN '5' \
                 WHEN 'excluded' THEN '6' WHEN 'held_back' THEN '7' END || r.date)"
            }
            Self::Created => "r.created_at_us",
            Self::Changed => "r.changed_us",
        }
    }

    /// Whether the records of each status, one status after the other, are read in this order.
    pub(super) const fn is_by_status(self) -> bool {
        matches!(self, Self::Date | Self::Status)
    }

    const fn is_number(self) -> bool {
        match self {
            Self::Date | Self::Number | Self::Customer | Self::Status => false,
            Self::Amount | Self::Created | Self::Changed => true,
        }
    }
}

impl Sort {
    /// Continues a condition on `record AS r`: what comes after the cursor.
    pub(super) fn after(self, cursor: Option<&Cursor>, sql: &mut Sql) {
        self.after_in(Source::of_records(self.by), cursor, sql);
    }

    /// The same by the columns of the source's index.
    pub(super) fn after_in(self, source: Source, cursor: Option<&Cursor>, sql: &mut Sql) {
        let Some(cursor) = cursor else { return };
        self.after_key(cursor.key_value(self.by), cursor.seq, source, sql);
    }

    /// The same among the records of one status, whose order by status is that of their dates.
    pub(super) fn after_among(self, status: Status, cursor: Option<&Cursor>, sql: &mut Sql) {
        let (Some(cursor), SortBy::Status) = (cursor, self.by) else { return self.after(cursor, sql) };
        let mine = rank(status);
        let (theirs, date) = cursor.key.split_at_checked(mine.len()).unwrap_or_default();
        if mine == theirs {
            self.after_key(Value::from(date), cursor.seq, Source::of_records(SortBy::Date), sql);
        } else if (mine > theirs) != self.ascending {
            sql.push(" AND FALSE");
        }
    }

    pub(super) fn ordered(self, sql: &mut Sql) {
        self.ordered_in(Source::of_records(self.by), sql);
    }

    /// The order among the records of one status.
    pub(super) fn ordered_among(self, sql: &mut Sql) {
        let by = if self.by == SortBy::Status { SortBy::Date } else { self.by };
        self.ordered_in(Source::of_records(by), sql);
    }

    pub(super) fn ordered_in(self, source: Source, sql: &mut Sql) {
        let direction = if self.ascending { " ASC" } else { " DESC" };
        sql.push(" ORDER BY ").push(source.key).push(direction).push(", ").push(source.seq).push(direction);
    }

    fn after_key(self, key: Value, seq: i64, source: Source, sql: &mut Sql) {
        sql.push(" AND (").push(source.key).push(", ").push(source.seq);
        sql.push(if self.ascending { ") > (" } else { ") < (" }).bind(key).push(", ").bind(seq).push(")");
    }
}

impl Cursor {
    /// The place of this record in this order.
    pub fn at(line: &RecordLine, by: SortBy) -> Self {
        let key = match by {
            SortBy::Date => line.date.to_string(),
            SortBy::Number => number_key(&line.number),
            SortBy::Customer => line.customer.clone(),
            SortBy::Amount => line.amount.e5().to_string(),
            SortBy::Status => format!("{}{}", rank(line.state.status()), line.date),
            SortBy::Created => line.created_at.as_microsecond().to_string(),
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

/// The first character of the key by status.
const fn rank(status: Status) -> &'static str {
    match status {
        Status::Unsent => "0",
        Status::ReadyToSync => "1",
        Status::Sending => "2",
        Status::Unconfirmed => "3",
        Status::Submitted => "4",
        Status::NeedsAttention => "5",
        Status::Excluded => "6",
        Status::HeldBack => "7",
    }
}
