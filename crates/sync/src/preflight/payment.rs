use super::finding::Findings;
use super::{PreflightContext, check_customer, check_date, length, text};
use crate::record::Payment;

pub(super) fn check(payment: &Payment, context: &PreflightContext<'_>, findings: &mut Findings) {
    text::number("payment number", length::PAYMENT_NUMBER, &payment.number, findings);
    check_date(payment.date, context, findings);
    check_customer(&payment.customer, false, context, findings);
    if let Some(method) = &payment.method {
        text::name(text::PAYMENT_METHOD, "/method", method, context, findings);
    }
    if payment.applied_to.is_empty() {
        let message = "This payment names no invoice. QuickBooks keeps it as the customer's credit.";
        findings.note("/applied_to", "unapplied", message.to_owned());
    }
    if let Some(account) = &payment.deposit_to {
        text::name(text::ACCOUNT, "/deposit_to", account, context, findings);
    }
    text::multi_line("memo", length::PAYMENT_MEMO, "/memo", payment.memo.as_deref(), findings);
}
