use std::collections::HashSet;

use bookferry_qbxml::value::Amount;
use serde_json::Value;

use super::fault::Found;
use super::object::{Given, Object, quote};
use super::{LINES_MAX, currency, customer};
use crate::record::{AppliedTo, Payment};

const FIELDS: [&str; 10] =
    ["number", "created_at", "date", "customer", "method", "amount", "applied_to", "deposit_to", "memo", "currency"];
const APPLIED_TO_FIELDS: [&str; 2] = ["invoice", "amount"];

pub(super) fn read(value: &Value, home_currency: &str, found: &mut Found) -> Option<Payment> {
    let record = Object::read(value, String::new(), &FIELDS, found)?;
    let number = record.required_text("number", "the payment's number", found);
    let created_at = record.timestamp("created_at", found).value();
    let date = record.required("date", record.date("date", found), "the payment's date, like \"2026-11-05\"", found);
    let customer = customer::read(&record, found);
    let method = record.text("method", found);
    let amount = positive(&record, "the amount that was paid", found);
    let applied_to = applied_to(&record, found);
    if let (Some(amount), Some(applied_to)) = (amount, &applied_to) {
        check_applied(&record, amount, applied_to, found);
    }
    let deposit_to = record.text("deposit_to", found);
    let memo = record.text("memo", found);
    let currency = currency::read(&record, home_currency, found);
    Some(Payment {
        number: number?,
        created_at,
        date: date?,
        customer: customer?,
        method,
        amount: amount?,
        applied_to: applied_to?,
        deposit_to,
        memo,
        currency,
    })
}

/// All invoices that the payment goes to, or nothing where one of them is faulty.
fn applied_to(record: &Object<'_>, found: &mut Found) -> Option<Vec<AppliedTo>> {
    let elements = match record.array("applied_to", LINES_MAX, "invoices", found) {
        Given::Absent => return Some(Vec::new()),
        Given::Faulty => return None,
        Given::Is(elements) => elements,
    };
    let mut named = HashSet::new();
    let applied: Vec<Option<AppliedTo>> = elements
        .map(|(pointer, value)| {
            let object = Object::read(value, pointer, &APPLIED_TO_FIELDS, found)?;
            let given = object.external_id("invoice", found);
            let invoice = object.required("invoice", given, "the external_id of the invoice", found);
            if let Some(invoice) = invoice.as_ref().filter(|invoice| !named.insert((*invoice).clone())) {
                let message = format!("The invoice {} stands here twice. Add the two amounts up.", quote(invoice));
                found.add(object.at("invoice"), "repeated_invoice", message);
            }
            let amount = positive(&object, "how much of the payment goes to this invoice", found);
            Some(AppliedTo { invoice: invoice?, amount: amount? })
        })
        .collect();
    applied.into_iter().collect()
}

fn positive(object: &Object<'_>, what: &str, found: &mut Found) -> Option<Amount> {
    let amount: Amount = object.required("amount", object.decimal("amount", found), what, found)?;
    if amount <= Amount::ZERO {
        let message = format!("{amount} is no payment. Send {what}, more than zero; refunds are not carried.");
        found.add(object.at("amount"), "not_positive", message);
        return None;
    }
    Some(amount)
}

fn check_applied(record: &Object<'_>, amount: Amount, applied_to: &[AppliedTo], found: &mut Found) {
    let applied: i128 = applied_to.iter().map(|applied| i128::from(applied.amount.cents())).sum();
    if applied > i128::from(amount.cents()) {
        let applied = format!("{}.{:02}", applied / 100, applied % 100);
        let message = format!(
            "{applied} goes to invoices, but only {amount} was paid. Correct the amount or what goes to the invoices."
        );
        found.add(record.at("applied_to"), "applied_more_than_paid", message);
    }
}
