use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::receive_payment::{AppliedToTxnAdd, Apply, ReceivePaymentAdd, ReceivePaymentAddRq};
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Date, TxnId};

use super::{Names, PAYMENT_TOLD, line, optional_text, told, unfit};
use crate::cause::Cause;
use crate::list::ListKind;
use crate::plan::Candidate;
use crate::record::Payment;

/// A payment that goes to no invoice stays as credit; QuickBooks is never left to choose what it pays.
pub(super) fn add(candidate: &Candidate, payment: &Payment, names: &Names<'_>) -> Result<Request, Cause> {
    let customer = names.reference(ListKind::Customer, &payment.customer.name, "CustomerRef")?;
    let method = payment.method.as_deref();
    let account = payment.deposit_to.as_deref();
    let add = ReceivePaymentAdd {
        txn_date: Some(Date(payment.date)),
        ref_number: Some(line("RefNumber", &payment.number)?),
        total_amount: Some(payment.amount),
        payment_method_ref: method
            .map(|name| names.reference(ListKind::PaymentMethod, name, "PaymentMethodRef"))
            .transpose()?,
        memo: optional_text("Memo", payment.memo.as_deref())?,
        deposit_to_account_ref: account
            .map(|name| names.reference(ListKind::Account, name, "DepositToAccountRef"))
            .transpose()?,
        external_guid: candidate.mark.guid(),
        ..ReceivePaymentAdd::new(customer, applied(candidate, payment)?)
    };
    let request =
        ReceivePaymentAddRq { include_ret_element: told(&PAYMENT_TOLD), ..ReceivePaymentAddRq::new(add.into()) };
    Ok(Request::ReceivePaymentAdd(Box::new(request)))
}

fn applied(candidate: &Candidate, payment: &Payment) -> Result<Apply, Cause> {
    if payment.applied_to.len() != candidate.applied_txn_ids.len() {
        return Err(Cause::new(
            "invoice_not_in_quickbooks",
            "An invoice that this payment goes to is not in QuickBooks. Release the invoice, then press Retry.",
            "",
        ));
    }
    let mut applied = Vec::new();
    for (part, txn_id) in payment.applied_to.iter().zip(&candidate.applied_txn_ids) {
        let txn_id = TxnId::new(txn_id.as_str()).map_err(unfit)?;
        applied.push(AppliedToTxnAdd { payment_amount: Some(part.amount), ..AppliedToTxnAdd::new(txn_id.into()) });
    }
    Ok(OneOrMore::new(applied).map_or(Apply::IsAutoApply(false), Apply::AppliedToTxns))
}
