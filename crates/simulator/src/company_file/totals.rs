use std::collections::BTreeMap;

use serde::Serialize;

use super::CompanyFile;
use super::kind::{Kind, List};
use super::money;
use super::txns::TxnKind;

/// What a company file holds, to be compared with what was sent. Amounts are decimal strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub company: String,
    /// By kind: `Invoice`, `CreditMemo`, `ReceivePayment`.
    pub transactions: BTreeMap<&'static str, TxnTotals>,
    pub customers: usize,
    pub items: usize,
    /// What all customers owe.
    pub balance: String,
    /// Invoices that are not paid, payments and credits that are not used up.
    pub open: Vec<OpenDocument>,
    /// Documents that look like one another.
    pub duplicates: Vec<Duplicate>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TxnTotals {
    pub count: usize,
    /// Tax included.
    pub total: String,
    pub tax: String,
    /// What is not paid or not used.
    pub open: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenDocument {
    pub kind: &'static str,
    pub txn_id: String,
    pub ref_number: String,
    pub customer: String,
    pub open: String,
}

/// Several documents of one kind with the same number, customer and total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Duplicate {
    pub kind: &'static str,
    pub ref_number: String,
    pub customer: String,
    pub total: String,
    pub txn_ids: Vec<String>,
}

impl CompanyFile {
    /// Counts and sums everything.
    pub fn report(&self) -> Report {
        let books = &self.books;
        let customer_name =
            |id: &str| books.lists.customer(id).map_or_else(String::new, |entry| entry.full_name.clone());
        let mut sums: BTreeMap<&'static str, (usize, i64, i64, i64)> = BTreeMap::new();
        let mut open_documents = Vec::new();
        let mut alike: BTreeMap<(TxnKind, &str, &str, i64), Vec<String>> = BTreeMap::new();
        for txn in books.txns.iter() {
            let open = match txn.kind {
                TxnKind::Invoice => books.ledger.open_amount(&txn.txn_id),
                TxnKind::CreditMemo | TxnKind::ReceivePayment => books.ledger.unused_amount(&txn.txn_id),
            };
            let sum = sums.entry(txn.kind.word()).or_default();
            let tax = money::cents(&txn.node, "SalesTaxTotal").unwrap_or(0);
            *sum = (sum.0 + 1, sum.1 + txn.total, sum.2 + tax, sum.3 + open);
            if open != 0 {
                open_documents.push(OpenDocument {
                    kind: txn.kind.word(),
                    txn_id: txn.txn_id.clone(),
                    ref_number: txn.ref_number().to_owned(),
                    customer: customer_name(&txn.customer_id),
                    open: money::amount(open),
                });
            }
            let key = (txn.kind, txn.ref_number(), txn.customer_id.as_str(), txn.total);
            alike.entry(key).or_default().push(txn.txn_id.clone());
        }
        let duplicates = alike.into_iter().filter(|(_, ids)| ids.len() > 1);
        let duplicates = duplicates.map(|((kind, ref_number, customer_id, total), txn_ids)| Duplicate {
            kind: kind.word(),
            ref_number: ref_number.to_owned(),
            customer: customer_name(customer_id),
            total: money::amount(total),
            txn_ids,
        });
        Report {
            company: books.company.name.clone(),
            transactions: sums.into_iter().map(|(word, sums)| (word, totals(sums))).collect(),
            customers: books.lists.count(Kind::Customer),
            items: books.lists.of(List::Items).len(),
            balance: money::amount(books.ledger.balance_of_all()),
            open: open_documents,
            duplicates: duplicates.collect(),
        }
    }
}

fn totals((count, total, tax, open): (usize, i64, i64, i64)) -> TxnTotals {
    TxnTotals { count, total: money::amount(total), tax: money::amount(tax), open: money::amount(open) }
}
