//! Records from before sync was enabled, and which of them seem to be in QuickBooks already.
//!
//! What is known is what Bookferry itself submitted, or was told stands there, and what QuickBooks answered when a visit
//! asked: something with the same number, customer and amount.

use bookferry_qbxml::value::Amount;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::recovery::Seen;
use bookferry_sync::submission::Status;
use jiff::civil::Date;

use crate::database::Row;
use crate::error::Result;
use crate::filter::{RecordFilter, Sql};
use crate::grid::Total;
use crate::store::Store;

/// A record that is held back, beside the one that QuickBooks has.
#[derive(Debug, Clone, PartialEq)]
pub struct OlderTwin {
    pub id: RecordId,
    pub kind: RecordKind,
    pub number: String,
    pub customer: String,
    pub date: Date,
    pub amount: Amount,
    /// The record that was submitted, and as what QuickBooks has it.
    pub twin_id: RecordId,
    pub twin_external_id: String,
    pub twin_txn_id: String,
}

/// What is held back in a range, and how much of it seems to be in QuickBooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OlderTotal {
    pub found: Total,
    pub twins: Total,
}

/// Follows `record AS r`. A number that is missing is no likeness.
const TWIN: &str = "FROM record_key AS k CROSS JOIN record AS twin WHERE k.company_id = r.company_id AND k.kind = r.kind \
     AND k.number_key = r.number_key AND twin.seq = k.seq AND twin.number = r.number AND twin.customer = r.customer \
     AND twin.amount_e5 = r.amount_e5 AND twin.txn_id IS NOT NULL AND twin.id <> r.id AND r.number <> ''";

/// Follows `record AS r`: what QuickBooks has, by its own answer about this revision.
const SEEN: &str = "FROM older_answer AS seen WHERE seen.record_id = r.id AND seen.revision = r.revision";

impl Store {
    /// Counts and sums of what is held back, invoices and payments apart; the filter's statuses do not matter.
    pub async fn older_totals(
        &self,
        company: CompanyId,
        filter: &RecordFilter,
    ) -> Result<Vec<(RecordKind, OlderTotal)>> {
        let mut totals = Vec::with_capacity(RecordKind::ALL.len());
        for kind in RecordKind::ALL.into_iter().filter(|kind| filter.admits_kind(*kind)) {
            let mut total = OlderTotal::default();
            for (part, only_twins) in [(&mut total.found, false), (&mut total.twins, true)] {
                let mut sql = Sql::default();
                sql.push("SELECT COUNT(*) AS record_count, CAST(COALESCE(SUM(r.amount_e5), 0) AS BIGINT) AS sum_e5 ")
                    .push("FROM record AS r WHERE ");
                sql.admitted(company, &held_back(filter, kind));
                if only_twins {
                    sql.push(" AND (EXISTS (SELECT 1 ").push(TWIN).push(") OR EXISTS (SELECT 1 ").push(SEEN).push("))");
                }
                let (sql, values) = sql.finish();
                let rows = self.database.rows_of("record.older_total", sql, values).await?;
                if let Some(row) = rows.first() {
                    *part = Total { count: row.count("record_count")?, sum_e5: row.integer("sum_e5")? };
                }
            }
            totals.push((kind, total));
        }
        Ok(totals)
    }

    /// Those that seem to be in QuickBooks already, by date; at most `limit` of each kind.
    pub async fn older_twins(&self, company: CompanyId, filter: &RecordFilter, limit: u32) -> Result<Vec<OlderTwin>> {
        let mut twins = Vec::new();
        for kind in RecordKind::ALL.into_iter().filter(|kind| filter.admits_kind(*kind)) {
            let mut sql = Sql::default();
            sql.push("SELECT r.id, r.kind, r.number, r.customer, r.date, r.amount_e5, twin.id AS twin_id, ")
                .push("twin.external_id AS twin_external_id, twin.txn_id AS twin_txn_id FROM record AS r ")
                .push("JOIN record AS twin ON twin.seq = (SELECT MIN(twin.seq) ")
                .push(TWIN)
                .push(") WHERE ");
            sql.admitted(company, &held_back(filter, kind));
            sql.push(" ORDER BY r.date, r.seq LIMIT ").bind(i64::from(limit));
            let (sql, values) = sql.finish();
            for row in self.database.rows_of("record.older_twins", sql, values).await? {
                twins.push(OlderTwin::read(&row)?);
            }
        }
        Ok(twins)
    }
}

/// A record that is held back, and what QuickBooks answered it has.
#[derive(Debug, Clone, PartialEq)]
pub struct OlderSeen {
    pub id: RecordId,
    pub kind: RecordKind,
    pub external_id: String,
    pub number: String,
    pub revision: i64,
    pub seen: Seen,
}

impl Store {
    /// Those of which QuickBooks says that it has something like it, by date; at most `limit` of each kind.
    pub async fn older_seen(&self, company: CompanyId, filter: &RecordFilter, limit: u32) -> Result<Vec<OlderSeen>> {
        let mut found = Vec::new();
        for kind in RecordKind::ALL.into_iter().filter(|kind| filter.admits_kind(*kind)) {
            let mut sql = Sql::default();
            sql.push("SELECT r.id, r.kind, r.external_id, r.number, r.revision, seen.txn_id, seen.edit_sequence, ")
                .push("seen.number AS seen_number, seen.customer AS seen_customer, seen.date AS seen_date, ")
                .push("seen.amount_e5 AS seen_amount_e5 FROM record AS r ")
                .push("JOIN older_answer AS seen ON seen.record_id = r.id AND seen.revision = r.revision WHERE ");
            sql.admitted(company, &held_back(filter, kind));
            sql.push(" ORDER BY r.date, r.seq LIMIT ").bind(i64::from(limit));
            let (sql, values) = sql.finish();
            for row in self.database.rows_of("record.older_seen", sql, values).await? {
                found.push(OlderSeen::read(&row)?);
            }
        }
        Ok(found)
    }

    /// How many of those that are held back QuickBooks was not asked about yet.
    pub async fn older_unasked_count(&self, company: CompanyId, filter: &RecordFilter) -> Result<u64> {
        let mut count = 0;
        for kind in RecordKind::ALL.into_iter().filter(|kind| filter.admits_kind(*kind)) {
            let mut sql = Sql::default();
            sql.push("SELECT COUNT(*) AS record_count FROM record AS r WHERE ");
            sql.admitted(company, &held_back(filter, kind));
            sql.push(" AND r.older_asked = 0");
            let (sql, values) = sql.finish();
            let rows = self.database.rows_of("record.older_unasked_count", sql, values).await?;
            count += rows.first().map_or(Ok(0), |row| row.count("record_count"))?;
        }
        Ok(count)
    }
}

impl OlderSeen {
    fn read(row: &Row) -> Result<Self> {
        let amount = row.optional_integer("seen_amount_e5")?.map(Amount::from_e5).transpose();
        let date = row.optional_text("seen_date")?.map(|date| date.parse()).transpose();
        Ok(Self {
            id: row.parse("id")?,
            kind: row.parse("kind")?,
            external_id: row.text("external_id")?,
            number: row.text("number")?,
            revision: row.integer("revision")?,
            seen: Seen {
                txn_id: row.text("txn_id")?,
                edit_sequence: row.text("edit_sequence")?,
                number: row.text("seen_number")?,
                customer: row.text("seen_customer")?,
                date: date.map_err(|error| row.inconsistent("seen_date", error))?,
                amount: amount.map_err(|error| row.inconsistent("seen_amount_e5", error))?,
            },
        })
    }
}

impl Sql {
    /// The condition that nothing like it stands in QuickBooks, as far as is known.
    pub(crate) fn without_twins(&mut self) {
        self.push(" AND NOT EXISTS (SELECT 1 ").push(TWIN).push(") AND NOT EXISTS (SELECT 1 ").push(SEEN).push(")");
    }
}

impl OlderTwin {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.parse("id")?,
            kind: row.parse("kind")?,
            number: row.text("number")?,
            customer: row.text("customer")?,
            date: row.parse("date")?,
            amount: Amount::from_e5(row.integer("amount_e5")?).map_err(|error| row.inconsistent("amount_e5", error))?,
            twin_id: row.parse("twin_id")?,
            twin_external_id: row.text("twin_external_id")?,
            twin_txn_id: row.text("twin_txn_id")?,
        })
    }
}

fn held_back(filter: &RecordFilter, kind: RecordKind) -> RecordFilter {
    RecordFilter { kinds: vec![kind], statuses: vec![Status::HeldBack], ..filter.clone() }
}
