use bookferry_qbxml::message::invoice::InvoiceRet;
use bookferry_qbxml::message::receive_payment::ReceivePaymentRet;
use bookferry_qbxml::message::removal::TxnDelType;
use bookferry_qbxml::message::txn::TxnType;

use super::{PORTION, Question};
use crate::record::RecordKind;

/// What of these kinds is deleted tells something of our documents: they are invoices and payments, or pay invoices.
pub(super) const DELETED: [TxnDelType; 6] = [
    TxnDelType::Invoice,
    TxnDelType::ReceivePayment,
    TxnDelType::CreditMemo,
    TxnDelType::JournalEntry,
    TxnDelType::Deposit,
    TxnDelType::Check,
];

/// A transaction that pays an invoice, both by their TxnIDs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payer {
    pub txn_id: String,
    pub invoice_txn_id: String,
}

impl Payer {
    /// All that pay the invoice, where it was asked for with what it is linked to.
    pub(super) fn of_invoice(ret: &InvoiceRet) -> impl Iterator<Item = Self> + '_ {
        let pays = |kind: &TxnType| {
            matches!(
                kind,
                TxnType::ReceivePayment
                    | TxnType::CreditMemo
                    | TxnType::JournalEntry
                    | TxnType::Deposit
                    | TxnType::Check
            )
        };
        let paying = ret.linked_txn.iter().filter(move |linked| pays(&linked.txn_type));
        paying.map(|linked| Self { txn_id: linked.txn_id.to_string(), invoice_txn_id: ret.txn_id.to_string() })
    }

    pub(super) fn of_payment(ret: &ReceivePaymentRet) -> impl Iterator<Item = Self> + '_ {
        let paid = ret.applied_to_txn_ret.iter();
        paid.map(|paid| Self { txn_id: ret.txn_id.to_string(), invoice_txn_id: paid.txn_id.to_string() })
    }
}

/// Asks for invoices again of which something went that paid them. QuickBooks names what was deleted, and not what it paid;
/// whether it counts the invoice as changed then is not documented.
pub fn read_again(invoice_txn_ids: &[String]) -> impl Iterator<Item = Question> + '_ {
    let portion = usize::try_from(PORTION).unwrap_or(usize::MAX);
    let portions = invoice_txn_ids.chunks(portion);
    portions.map(|portion| Question::ById { kind: RecordKind::Invoice, txn_ids: portion.to_vec() })
}
