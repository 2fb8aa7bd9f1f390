use bookferry_qbxml::value::Amount;

use super::finding::{Field, Findings};
use super::surroundings::{Around, PaidInvoice};
use super::{PreflightContext, check_customer, check_date, length, text};
use crate::list::NameKey;
use crate::need::quickbooks_name;
use crate::record::{AppliedTo, Payment};
use crate::submission::Status;

pub(super) fn check(payment: &Payment, context: &PreflightContext<'_>, findings: &mut Findings) {
    text::number("payment number", length::PAYMENT_NUMBER, &payment.number, findings);
    check_date(payment.date, context, findings);
    check_customer(&payment.customer, false, context, findings);
    if let Some(method) = &payment.method {
        text::name(text::PAYMENT_METHOD, format_args!("/method"), method, context, findings);
    }
    if payment.applied_to.is_empty() {
        let message = "This payment names no invoice. QuickBooks keeps it as the customer's credit.";
        findings.note("/applied_to", "unapplied", message.to_owned());
    }
    if let Some(around) = context.around {
        for (at, part) in payment.applied_to.iter().enumerate() {
            check_part(payment, part, format_args!("/applied_to/{at}"), around, findings);
        }
    }
    if let Some(account) = &payment.deposit_to {
        text::name(text::ACCOUNT, format_args!("/deposit_to"), account, context, findings);
    }
    text::multi_line("memo", length::PAYMENT_MEMO, format_args!("/memo"), payment.memo.as_deref(), findings);
}

/// What goes to one invoice, held against that invoice.
fn check_part(payment: &Payment, part: &AppliedTo, at: Field<'_>, around: Around<'_>, findings: &mut Findings) {
    let field = format_args!("{at}/invoice");
    let Some(invoice) = around.invoice(&part.invoice) else {
        let message = format!(
            "The invoice {} was not handed over yet, and the payment waits for it. Hand the invoice over, or correct its \
             name in your application.",
            text::quote(&part.invoice)
        );
        return findings.warn(field, "invoice_unknown", message);
    };
    if !may_pay(&payment.customer.name, &invoice.customer) {
        let message = format!(
            "Invoice {} is {}'s, and this payment is from {}. QuickBooks lets a customer pay their own invoices only. \
             Correct the customer or the invoice in your application.",
            invoice.number,
            text::quote(&invoice.customer),
            text::quote(&payment.customer.name)
        );
        findings.refused(field, "invoice_of_other_customer", message);
    }
    if invoice.voided {
        let message = format!(
            "Invoice {} is void, so nothing can be paid on it. Correct the payment in your application.",
            invoice.number
        );
        return findings.refused(field, "invoice_void", message);
    }
    if invoice.status == Status::Excluded {
        let message = format!(
            "Invoice {} is not to be sent, and the payment waits for it. Press Include on the invoice, or Do not send on \
             this payment too.",
            invoice.number
        );
        findings.warn(field, "invoice_excluded", message);
    }
    check_open(part, invoice, at, findings);
}

/// QuickBooks takes no more than is open of an invoice (qbxml.md section 12, 3210).
fn check_open(part: &AppliedTo, invoice: &PaidInvoice, at: Field<'_>, findings: &mut Findings) {
    let open_e5 = invoice.total.e5().saturating_sub(invoice.paid_before_e5).max(0);
    if part.amount.e5() <= open_e5 {
        return;
    }
    let open = Amount::from_e5(open_e5).unwrap_or(Amount::ZERO);
    let others = if invoice.paid_before_e5 > 0 { ", since earlier payments go to it too" } else { "" };
    let message = format!(
        "{} of this payment goes to invoice {}, of which {open} is open{others}. QuickBooks takes no more than is open. \
         Correct what goes to the invoice in your application; the rest may stay as the customer's credit.",
        part.amount, invoice.number
    );
    findings.refused(format_args!("{at}/amount"), "more_than_open", message);
}

/// A customer pays their own invoices and those of their jobs.
fn may_pay(payer: &str, customer: &str) -> bool {
    let key = |name: &str| NameKey::of(&quickbooks_name(name));
    let (payer, customer) = (key(payer), key(customer));
    customer.as_str().strip_prefix(payer.as_str()).is_some_and(|job| job.is_empty() || job.starts_with(':'))
}
