//! What QuickBooks has for what was submitted: kept by reconciliations as they look, and added up by day and by customer.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::reconciliation::{Counterpart, Difference};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Posted;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::database::{Row, Transaction, Value, values};
use crate::error::Result;
use crate::grid::{RecordLine, line_columns};
use crate::statement::statements;
use crate::store::Store;
use crate::visit::VisitStep;

/// A submitted record and what a reconciliation saw for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenCounterpart {
    pub record_id: RecordId,
    pub posted: Posted,
    /// What was sent, in hundred-thousandths; `None` where it was voided at the application's word.
    pub sent_e5: Option<i64>,
    pub counterpart: Counterpart,
}

/// What was submitted of a day, or of a customer's day, beside what QuickBooks had when it was last looked at. Sums are
/// hundred-thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Compared {
    pub submitted: u64,
    pub submitted_e5: i64,
    /// Documents that are there; voided ones are, with nothing on them.
    pub there: u64,
    pub there_e5: i64,
    /// Not looked at since they were submitted; they are among the submitted alone.
    pub unseen: u64,
    pub unseen_e5: i64,
    /// How many differ in what; one document may differ in several.
    pub differences: BTreeMap<Difference, u64>,
    pub differing: u64,
    /// Those of them that wait under Needs Attention.
    pub waiting: u64,
    /// Invoices that were paid or credited there by others than our payments, and by how much.
    pub paid_there: u64,
    pub paid_there_e5: i64,
}

/// A record whose document in QuickBooks is not as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Differing {
    pub line: RecordLine,
    pub differences: BTreeSet<Difference>,
    pub sent_e5: i64,
    pub there_e5: Option<i64>,
    pub seen_at: Timestamp,
}

#[derive(Serialize)]
struct CounterpartRow<'a> {
    record_id: RecordId,
    txn_id: &'a str,
    revision: i64,
    edit_sequence: &'a str,
    sent_e5: Option<i64>,
    amount_e5: Option<i64>,
    balance_e5: Option<i64>,
    differences: String,
}

#[derive(Serialize)]
struct BalanceRow<'a> {
    txn_id: &'a str,
    balance_e5: i64,
}

/// How much of the invoice with this external_id the payments that are in QuickBooks paid.
macro_rules! paid_here {
    ($company:literal, $invoice:literal) => {
        concat!(
            "COALESCE((SELECT CAST(SUM(a.amount_e5) AS BIGINT) FROM application AS a JOIN record AS p ON p.id = a.payment_id
                 WHERE a.company_id = ", $company, " AND a.invoice_external_id = ", $invoice, " AND p.txn_id IS NOT NULL), 0)"
        )
    };
}

/// The submitted records of some days, those that went to other books left out, with what was last seen of them. Two conditions
/// are written so that no index answers them, since SQLite would take one that leads to all days.
macro_rules! submitted {
    () => {
        "FROM record AS r LEFT JOIN counterpart AS c
             ON c.record_id = r.id AND c.txn_id = r.txn_id AND c.revision = r.posted_revision
         WHERE r.company_id = $1 AND r.kind IN ('invoice', 'payment')
             AND r.status IN ('submitted', 'needs_attention', 'excluded', 'ready_to_sync', 'sending', 'unconfirmed')
             AND r.date >= $2 AND r.date <= $3 AND COALESCE(r.txn_id, '') <> ''
             AND +r.changed_us >= (SELECT b.books_since_us FROM company AS b WHERE b.id = $1)"
    };
}

macro_rules! sums {
    () => {
        "r.kind, c.differences, CAST(CASE WHEN r.attention IN ('differs', 'gone') THEN 1 ELSE 0 END AS BIGINT) AS is_waiting,
         CAST(CASE WHEN c.record_id IS NOT NULL AND c.sent_e5 IS NULL THEN 1 ELSE 0 END AS BIGINT) AS is_withdrawn,
         COUNT(*) AS record_count, CAST(SUM(COALESCE(c.sent_e5, r.amount_e5)) AS BIGINT) AS sent_e5,
         COUNT(c.amount_e5) AS there, CAST(COALESCE(SUM(c.amount_e5), 0) AS BIGINT) AS there_e5,
         COUNT(CASE WHEN c.amount_e5 - c.balance_e5 > c.paid_here_e5 THEN 1 END) AS paid_there,
         CAST(COALESCE(SUM(CASE WHEN c.amount_e5 - c.balance_e5 > c.paid_here_e5
             THEN c.amount_e5 - c.balance_e5 - c.paid_here_e5 END), 0) AS BIGINT) AS paid_there_e5 "
    };
}

statements! {
    /// A document that nobody touched since it was last looked at differs in what it did then, whether or not a person has
    /// decided meanwhile to leave it so.
    SAVE = both("counterpart.save",
        concat!("INSERT INTO counterpart (record_id, company_id, txn_id, revision, edit_sequence, seen_us, sent_e5, amount_e5,
             balance_e5, paid_here_e5, differences)
         SELECT r.id, r.company_id, given.value->>'txn_id', CAST(given.value->>'revision' AS BIGINT),
             given.value->>'edit_sequence', CAST($3 AS BIGINT), CAST(given.value->>'sent_e5' AS BIGINT),
             CAST(given.value->>'amount_e5' AS BIGINT), CAST(given.value->>'balance_e5' AS BIGINT), ",
             paid_here!("r.company_id", "r.external_id"), ", given.value->>'differences'
         FROM jsonb_each($2) AS given CROSS JOIN record AS r WHERE r.id = given.value->>'record_id' AND r.company_id = $1
         ON CONFLICT (record_id) DO UPDATE SET txn_id = excluded.txn_id, revision = excluded.revision,
             edit_sequence = excluded.edit_sequence, seen_us = excluded.seen_us, sent_e5 = excluded.sent_e5,
             amount_e5 = excluded.amount_e5, balance_e5 = excluded.balance_e5, paid_here_e5 = excluded.paid_here_e5,
             differences = CASE WHEN counterpart.txn_id = excluded.txn_id AND counterpart.revision = excluded.revision
                 AND counterpart.edit_sequence = excluded.edit_sequence
                 THEN counterpart.differences ELSE excluded.differences END"));
    /// What a payment says of an invoice that was seen before. As an INSERT, since SQLite would run an UPDATE from the side of
    /// the table.
    SAVE_BALANCES = both("counterpart.save_balances",
        concat!("INSERT INTO counterpart (record_id, company_id, txn_id, revision, edit_sequence, seen_us, balance_e5,
             paid_here_e5, differences)
         SELECT c.record_id, c.company_id, c.txn_id, c.revision, c.edit_sequence, c.seen_us,
             CAST(given.value->>'balance_e5' AS BIGINT), ", paid_here!("r.company_id", "r.external_id"), ", c.differences
         FROM jsonb_each($2) AS given CROSS JOIN record AS r JOIN counterpart AS c ON c.record_id = r.id
         WHERE r.company_id = $1 AND r.txn_id = given.value->>'txn_id' AND r.kind = 'invoice'
         ON CONFLICT (record_id) DO UPDATE SET balance_e5 = excluded.balance_e5, paid_here_e5 = excluded.paid_here_e5"));
    FORGET = both("counterpart.forget_all", "DELETE FROM counterpart WHERE company_id = $1");
    DAYS = both("counterpart.days",
        concat!("SELECT r.date, ", sums!(), submitted!(), " GROUP BY r.date, r.kind, c.differences, is_waiting, is_withdrawn"));
    CUSTOMERS = both("counterpart.customers",
        concat!("SELECT r.date, r.customer, ", sums!(), submitted!(), "
         GROUP BY r.date, r.customer, r.kind, c.differences, is_waiting, is_withdrawn"));
    DIFFERING = both("counterpart.differing",
        concat!("SELECT ", line_columns!(), ", c.differences, c.sent_e5, c.amount_e5 AS there_e5, c.seen_us ",
         submitted!(), " AND c.differences <> '' ORDER BY r.date, r.kind, r.seq LIMIT +$4"));
    NEWEST = both("record.newest_submitted_date",
        "SELECT MAX(newest) AS newest FROM (
             SELECT MAX(i.date) AS newest FROM record AS i
             WHERE i.company_id = $1 AND i.kind = 'invoice' AND i.status = 'submitted'
             UNION ALL SELECT MAX(p.date) FROM record AS p
             WHERE p.company_id = $1 AND p.kind = 'payment' AND p.status = 'submitted'
             UNION ALL SELECT MAX(w.date) FROM record AS w
             WHERE w.company_id = $1 AND w.status = 'needs_attention' AND w.txn_id IS NOT NULL) AS dates");
}

impl Store {
    /// What was submitted of these days, beside what QuickBooks had; by day and kind.
    pub async fn compared_by_day(
        &self,
        company: CompanyId,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<(Date, RecordKind), Compared>> {
        let rows = self.database.rows_planned_for_values(&DAYS, span(company, from, to)).await?;
        let mut days: BTreeMap<_, Compared> = BTreeMap::new();
        for row in &rows {
            days.entry((row.parse("date")?, row.parse("kind")?)).or_default().add(row)?;
        }
        Ok(days)
    }

    /// The same by customer too.
    pub async fn compared_by_customer(
        &self,
        company: CompanyId,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<(Date, String, RecordKind), Compared>> {
        let rows = self.database.rows_planned_for_values(&CUSTOMERS, span(company, from, to)).await?;
        let mut customers: BTreeMap<_, Compared> = BTreeMap::new();
        for row in &rows {
            let key = (row.parse("date")?, row.text("customer")?, row.parse("kind")?);
            customers.entry(key).or_default().add(row)?;
        }
        Ok(customers)
    }

    /// The records of these days whose documents in QuickBooks are not as they were sent.
    pub async fn differing(&self, company: CompanyId, from: Date, to: Date, limit: u32) -> Result<Vec<Differing>> {
        let mut values = span(company, from, to);
        values.push(Value::from(i64::from(limit)));
        let rows = self.database.rows_planned_for_values(&DIFFERING, values).await?;
        rows.iter().map(Differing::read).collect()
    }

    /// The newest date of what was submitted.
    pub async fn newest_submitted_date(&self, company: CompanyId) -> Result<Option<Date>> {
        let row = self.database.row(&NEWEST, values![company]).await?;
        let Some(row) = row else { return Ok(None) };
        let newest = row.optional_text("newest")?;
        newest.map(|date| date.parse().map_err(|error: jiff::Error| row.inconsistent("newest", error))).transpose()
    }
}

impl VisitStep {
    /// Keeps what a reconciliation saw, and what payments say is open of other invoices, by these invoices' TxnIDs.
    pub async fn keep_counterparts(
        &mut self,
        seen: &[SeenCounterpart],
        balances: &BTreeMap<String, i64>,
        now: Timestamp,
    ) -> Result<()> {
        let company = self.company.id;
        let transaction = self.transaction.locked().await?;
        if !seen.is_empty() {
            let rows: Vec<CounterpartRow<'_>> = seen.iter().map(CounterpartRow::of).collect();
            let values = values![company, serde_json::to_string(&rows)?, now];
            transaction.execute_exactly(rows.len(), &SAVE, values).await?;
        }
        if !balances.is_empty() {
            let row = |(txn_id, &balance_e5): (_, &i64)| BalanceRow { txn_id, balance_e5 };
            let rows: Vec<BalanceRow<'_>> =
                balances.iter().map(|(txn_id, balance)| row((txn_id.as_str(), balance))).collect();
            transaction.execute(&SAVE_BALANCES, values![company, serde_json::to_string(&rows)?]).await?;
        }
        Ok(())
    }
}

impl Transaction {
    /// What other books had says nothing of these.
    pub(crate) async fn forget_counterparts(&mut self, company: CompanyId) -> Result<()> {
        self.execute(&FORGET, values![company]).await?;
        self.forget_payers(company).await
    }
}

impl Compared {
    /// Adds up what another day or customer has.
    pub fn and(&mut self, other: &Self) {
        self.submitted += other.submitted;
        self.submitted_e5 = self.submitted_e5.saturating_add(other.submitted_e5);
        self.there += other.there;
        self.there_e5 = self.there_e5.saturating_add(other.there_e5);
        self.unseen += other.unseen;
        self.unseen_e5 = self.unseen_e5.saturating_add(other.unseen_e5);
        for (difference, count) in &other.differences {
            *self.differences.entry(*difference).or_default() += count;
        }
        self.differing += other.differing;
        self.waiting += other.waiting;
        self.paid_there += other.paid_there;
        self.paid_there_e5 = self.paid_there_e5.saturating_add(other.paid_there_e5);
    }

    /// A document that was voided at the application's word is on neither side, unless something stands on it again.
    fn add(&mut self, row: &Row) -> Result<()> {
        let (there_e5, count) = (row.integer("there_e5")?, row.count("record_count")?);
        if row.flag("is_withdrawn")? {
            self.there_e5 = self.there_e5.saturating_add(there_e5);
            return Ok(());
        }
        let sent_e5 = row.integer("sent_e5")?;
        let differences = row.optional_text("differences")?;
        let found = match &differences {
            None => Self { unseen: count, unseen_e5: sent_e5, ..Self::default() },
            Some(words) => {
                let differences = differences_of(row, words)?;
                let differing = if differences.is_empty() { 0 } else { count };
                Self {
                    there: row.count("there")?,
                    there_e5,
                    differing,
                    waiting: if row.flag("is_waiting")? { differing } else { 0 },
                    differences: differences.into_iter().map(|difference| (difference, count)).collect(),
                    paid_there: row.count("paid_there")?,
                    paid_there_e5: row.integer("paid_there_e5")?,
                    ..Self::default()
                }
            }
        };
        self.and(&Self { submitted: count, submitted_e5: sent_e5, ..found });
        Ok(())
    }
}

impl Differing {
    fn read(row: &Row) -> Result<Self> {
        let line = RecordLine::read(row)?;
        Ok(Self {
            differences: differences_of(row, &row.text("differences")?)?,
            sent_e5: row.optional_integer("sent_e5")?.unwrap_or_default(),
            there_e5: row.optional_integer("there_e5")?,
            seen_at: row.instant("seen_us")?,
            line,
        })
    }
}

impl<'a> CounterpartRow<'a> {
    fn of(seen: &'a SeenCounterpart) -> Self {
        let words: Vec<&str> = seen.counterpart.differences.iter().map(|difference| difference.as_str()).collect();
        Self {
            record_id: seen.record_id,
            txn_id: &seen.posted.txn_id,
            revision: seen.posted.revision,
            edit_sequence: &seen.counterpart.edit_sequence,
            sent_e5: seen.sent_e5,
            amount_e5: seen.counterpart.amount_e5,
            balance_e5: seen.counterpart.balance_e5,
            differences: words.join(","),
        }
    }
}

fn span(company: CompanyId, from: Date, to: Date) -> Vec<Value> {
    values![company, from.to_string(), to.to_string()]
}

fn differences_of(row: &Row, words: &str) -> Result<BTreeSet<Difference>> {
    let words = words.split(',').filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_err(|error| row.inconsistent("differences", Box::new(error)))).collect()
}
