//! `--derive-payments`: one payment for each invoice, in full, for sources that have none.

use jiff::ToSpan;

use bookferry_qbxml::value::Amount;
use bookferry_sync::record::{AppliedTo, Content, Invoice, Payment, RecordKind};

use super::mapping::DerivedPayment;
use super::prepared::check;
use super::refusal::{Reason, Refusal};
use super::template::{Part, Value};

const PLACEHOLDERS: [&str; 2] = ["number", "external_id"];

/// The placeholder of `rule` that an invoice does not have.
pub(crate) fn unknown_placeholder(rule: &DerivedPayment) -> Option<(&'static str, &str)> {
    [("payment.number", &rule.number), ("payment.external_id", &rule.external_id)].into_iter().find_map(
        |(key, value)| {
            value.parts.iter().find_map(|part| match part {
                Part::Column(name) if !PLACEHOLDERS.contains(&name.as_str()) => Some((key, name.as_str())),
                Part::Column(_) | Part::Text(_) => None,
            })
        },
    )
}

/// The payment of an invoice with its external id; none for an invoice of 0.00, which nobody pays.
pub(crate) fn derive(
    rule: &DerivedPayment,
    invoice: &Invoice,
    invoice_external_id: &str,
) -> Result<Option<(String, Content)>, Refusal> {
    if invoice.total == Amount::ZERO {
        return Ok(None);
    }
    let fill = |value: &Value| -> String {
        let text = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Column(name) if name == "number" => invoice.number.clone(),
            Part::Column(_) => invoice_external_id.to_owned(),
        };
        value.parts.iter().map(text).collect()
    };
    let date = invoice
        .date
        .checked_add(i64::from(rule.after_days).days())
        .map_err(|_| Refusal::new(Reason::Date, format!("{} and {} days", invoice.date, rule.after_days)))?;
    let external_id = fill(&rule.external_id);
    let payment = Payment {
        number: fill(&rule.number),
        created_at: None,
        date,
        customer: invoice.customer.clone(),
        method: rule.method.clone(),
        amount: invoice.total,
        applied_to: vec![AppliedTo { invoice: invoice_external_id.to_owned(), amount: invoice.total }],
        deposit_to: rule.deposit_to.clone(),
        memo: Some("Derived at import, paid in full".to_owned()),
        currency: invoice.currency.clone(),
    };
    let json = serde_json::to_value(&payment)
        .map_err(|error| Refusal::new(Reason::NotARecord, format!("the derived payment: {error}")))?;
    let content = check(RecordKind::Payment, &external_id, &json)
        .map_err(|refusal| Refusal::new(refusal.reason, format!("the derived payment: {}", refusal.detail)))?;
    Ok(Some((external_id, content)))
}
