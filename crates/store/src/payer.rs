//! What pays submitted invoices in QuickBooks and is none of ours, as reconciliations see it.

use std::collections::BTreeSet;

use bookferry_sync::id::CompanyId;
use bookferry_sync::reconciliation::Payer;
use serde::Serialize;

use crate::database::{Row, Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::visit::VisitStep;

#[derive(Serialize)]
struct TxnRow<'a> {
    txn_id: &'a str,
}

#[derive(Serialize)]
struct PayerRow<'a> {
    txn_id: &'a str,
    invoice_txn_id: &'a str,
}

statements! {
    FIND_PAID = both("payer.find_paid",
        "SELECT DISTINCT p.invoice_txn_id FROM jsonb_each($2) AS given CROSS JOIN payer AS p
         WHERE p.company_id = $1 AND p.txn_id = given.value->>'txn_id' ORDER BY p.invoice_txn_id");
    DELETE = both("payer.delete",
        "DELETE FROM payer WHERE company_id = $1
             AND invoice_txn_id IN (SELECT given.value->>'txn_id' FROM jsonb_each($2) AS given)");
    /// Our own payments are counted by what they were sent with. They are left out by a value, since PostgreSQL would read the
    /// whole table for a NOT EXISTS where nobody has analysed it.
    SAVE = both("payer.save",
        "INSERT INTO payer (company_id, txn_id, invoice_txn_id)
         SELECT r.company_id, given.value->>'txn_id', r.txn_id FROM jsonb_each($2) AS given CROSS JOIN record AS r
         WHERE r.company_id = $1 AND r.txn_id = given.value->>'invoice_txn_id'
             AND (SELECT MIN(p.seq) FROM record AS p
                 WHERE p.company_id = r.company_id AND p.txn_id = given.value->>'txn_id') IS NULL
         ON CONFLICT DO NOTHING");
    FORGET = both("payer.forget_all", "DELETE FROM payer WHERE company_id = $1");
}

impl VisitStep {
    /// The TxnIDs of the invoices that these were last seen to pay.
    pub async fn invoices_paid_by(&mut self, txn_ids: &[&str]) -> Result<Vec<String>> {
        let values = values![self.company.id, given(txn_ids)?];
        let rows = self.transaction.locked().await?.rows(&FIND_PAID, values).await?;
        rows.iter().map(|row: &Row| row.text("invoice_txn_id")).collect()
    }

    /// Keeps what pays submitted invoices; of those that were `shown`, that is all.
    pub async fn keep_payers(&mut self, shown: &[&str], payers: &BTreeSet<Payer>) -> Result<()> {
        let company = self.company.id;
        let transaction = self.transaction.locked().await?;
        if !shown.is_empty() {
            transaction.execute(&DELETE, values![company, given(shown)?]).await?;
        }
        if !payers.is_empty() {
            let rows: Vec<PayerRow<'_>> = payers.iter().map(PayerRow::of).collect();
            transaction.execute(&SAVE, values![company, serde_json::to_string(&rows)?]).await?;
        }
        Ok(())
    }
}

impl Transaction {
    pub(crate) async fn forget_payers(&mut self, company: CompanyId) -> Result<()> {
        self.execute(&FORGET, values![company]).await.map(drop)
    }
}

impl<'a> PayerRow<'a> {
    fn of(payer: &'a Payer) -> Self {
        Self { txn_id: &payer.txn_id, invoice_txn_id: &payer.invoice_txn_id }
    }
}

fn given(txn_ids: &[&str]) -> Result<String> {
    let rows: Vec<TxnRow<'_>> = txn_ids.iter().map(|txn_id| TxnRow { txn_id }).collect();
    Ok(serde_json::to_string(&rows)?)
}
