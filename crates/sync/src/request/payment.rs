use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::receive_payment::{
    AppliedToTxnAdd, AppliedToTxnMod, Apply, ReceivePaymentAdd, ReceivePaymentAddRq, ReceivePaymentMod,
    ReceivePaymentModRq,
};
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Date, EditSequence, TxnId};

use super::{Change, Names, PAYMENT_TOLD, cannot_be_cleared, line, optional_text, text, told, unfit};
use crate::cause::Cause;
use crate::list::ListKind;
use crate::plan::Candidate;
use crate::record::{AppliedTo, Payment};
use crate::submission::Posted;

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

/// Writes the fields that changed. What it pays is given whole, or not at all.
pub(super) fn modify(
    posted: &Posted,
    applied_txn_ids: &[String],
    change: &Change<'_, Payment>,
    names: &Names<'_>,
) -> Result<Request, Cause> {
    let Change { sent, now, standing } = *change;
    let differs = |is_it: bool| is_it.then_some(now);
    for (field, is_taken) in [
        ("payment method", sent.method.is_some() && now.method.is_none()),
        ("deposit account", sent.deposit_to.is_some() && now.deposit_to.is_none()),
        ("invoices it pays", !sent.applied_to.is_empty() && now.applied_to.is_empty()),
    ] {
        if is_taken {
            return Err(cannot_be_cleared(field));
        }
    }
    let amount = differs(sent.amount != now.amount || sent.applied_to != now.applied_to);
    let customer = differs(sent.customer.name != now.customer.name);
    let method = differs(sent.method != now.method).and_then(|now| now.method.as_deref());
    let account = differs(sent.deposit_to != now.deposit_to).and_then(|now| now.deposit_to.as_deref());
    let modification = ReceivePaymentMod {
        customer_ref: customer
            .map(|now| names.reference(ListKind::Customer, &now.customer.name, "CustomerRef"))
            .transpose()?,
        txn_date: differs(sent.date != now.date).map(|now| Date(now.date)),
        ref_number: differs(sent.number != now.number).map(|now| line("RefNumber", &now.number)).transpose()?,
        total_amount: amount.map(|now| now.amount),
        payment_method_ref: method
            .map(|name| names.reference(ListKind::PaymentMethod, name, "PaymentMethodRef"))
            .transpose()?,
        memo: differs(sent.memo != now.memo)
            .map(|now| text("Memo", now.memo.as_deref().unwrap_or_default()))
            .transpose()?,
        deposit_to_account_ref: account
            .map(|name| names.reference(ListKind::Account, name, "DepositToAccountRef"))
            .transpose()?,
        applied_to_txn_mod: amount.map(|now| applied_anew(now, applied_txn_ids)).transpose()?.unwrap_or_default(),
        ..ReceivePaymentMod::new(
            TxnId::new(posted.txn_id.as_str()).map_err(unfit)?,
            EditSequence::new(standing.edit_sequence.as_str()).map_err(unfit)?,
        )
    };
    let request =
        ReceivePaymentModRq { include_ret_element: told(&PAYMENT_TOLD), ..ReceivePaymentModRq::new(modification) };
    Ok(Request::ReceivePaymentMod(Box::new(request)))
}

fn applied_anew(payment: &Payment, txn_ids: &[String]) -> Result<Vec<AppliedToTxnMod>, Cause> {
    if payment.applied_to.len() != txn_ids.len() {
        return Err(invoice_not_there());
    }
    let parts = payment.applied_to.iter().zip(txn_ids);
    let part = |(part, txn_id): (&AppliedTo, &String)| {
        let txn_id = TxnId::new(txn_id.as_str()).map_err(unfit)?;
        Ok(AppliedToTxnMod { payment_amount: Some(part.amount), ..AppliedToTxnMod::new(txn_id) })
    };
    parts.map(part).collect()
}

fn invoice_not_there() -> Cause {
    Cause::new(
        "invoice_not_in_quickbooks",
        "An invoice that this payment goes to is not in QuickBooks. Release the invoice, then press Retry.",
        "",
    )
}

fn applied(candidate: &Candidate, payment: &Payment) -> Result<Apply, Cause> {
    if payment.applied_to.len() != candidate.applied_txn_ids.len() {
        return Err(invoice_not_there());
    }
    let mut applied = Vec::new();
    for (part, txn_id) in payment.applied_to.iter().zip(&candidate.applied_txn_ids) {
        let txn_id = TxnId::new(txn_id.as_str()).map_err(unfit)?;
        applied.push(AppliedToTxnAdd { payment_amount: Some(part.amount), ..AppliedToTxnAdd::new(txn_id.into()) });
    }
    Ok(OneOrMore::new(applied).map_or(Apply::IsAutoApply(false), Apply::AppliedToTxns))
}
