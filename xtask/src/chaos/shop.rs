use std::fmt::Write as _;

use bookferry_simulator::SplitMix64;
use serde_json::json;

/// A record that was handed over, as far as QuickBooks must hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Handed {
    pub(crate) kind: Kind,
    pub(crate) external_id: String,
    pub(crate) number: String,
    pub(crate) customer: String,
    pub(crate) cents: i64,
    /// The number of the invoice that a payment is for.
    pub(crate) pays: Option<String>,
    subtotal_cents: i64,
    quantity: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Invoice,
    Payment,
}

const CUSTOMERS: u64 = 60;
const ITEMS: i64 = 25;

/// Invoices by turns with payments for them, each with a number of its own.
pub(crate) fn records(count: u32, random: &mut SplitMix64) -> Vec<Handed> {
    let mut records: Vec<Handed> = Vec::new();
    for at in 0..count {
        let record = match records.last() {
            Some(invoice) if at % 2 == 1 => payment(invoice, random),
            Some(_) | None => invoice(at / 2 + 1, random),
        };
        records.push(record);
    }
    records
}

/// The `number`-th invoice, from 1, and the payment for it.
pub(crate) fn pair(number: u32, random: &mut SplitMix64) -> [Handed; 2] {
    let invoice = invoice(number, random);
    let payment = payment(&invoice, random);
    [invoice, payment]
}

/// The lines of an NDJSON file.
pub(crate) fn ndjson(records: &[Handed]) -> String {
    records.iter().fold(String::new(), |mut text, record| {
        // Writing to a String cannot fail.
        writeln!(text, "{}", record.to_json()).ok();
        text
    })
}

fn invoice(number: u32, random: &mut SplitMix64) -> Handed {
    let quantity = i64::from(number % 4) + 1;
    // In quarters of a dollar the tax of 8 % comes out in whole cents.
    let rate_cents = 25 * i64::try_from(1 + random.below(4_000)).unwrap_or(1);
    let subtotal_cents = rate_cents * quantity;
    Handed {
        kind: Kind::Invoice,
        external_id: format!("inv-{number}"),
        number: number.to_string(),
        customer: format!("Customer {}", random.below(CUSTOMERS)),
        cents: subtotal_cents * 108 / 100,
        pays: None,
        subtotal_cents,
        quantity,
    }
}

/// In full, or in part.
fn payment(invoice: &Handed, random: &mut SplitMix64) -> Handed {
    let is_in_part = random.happens(300) && invoice.cents > 1;
    Handed {
        kind: Kind::Payment,
        external_id: format!("pay-{}", invoice.number),
        number: format!("P{}", invoice.number),
        cents: if is_in_part { invoice.cents / 2 } else { invoice.cents },
        pays: Some(invoice.number.clone()),
        ..invoice.clone()
    }
}

impl Handed {
    /// Its content, as it is handed over by its name.
    pub(crate) fn content(&self) -> serde_json::Value {
        let mut content = self.to_json();
        if let Some(members) = content.as_object_mut() {
            members.retain(|name, _| name != "kind" && name != "external_id");
        }
        content
    }

    /// Where the API keeps it.
    pub(crate) fn place(&self) -> String {
        let folder = match self.kind {
            Kind::Invoice => "invoices",
            Kind::Payment => "payments",
        };
        format!("{folder}/{}", self.external_id)
    }

    fn to_json(&self) -> serde_json::Value {
        let (external_id, number) = (&self.external_id, &self.number);
        let (customer, amount) = (json!({ "name": self.customer }), money(self.cents));
        match &self.pays {
            None => json!({
                "kind": "invoice", "external_id": external_id, "number": number, "date": "2026-11-02",
                "customer": customer,
                "lines": [{
                    "item": format!("Glass {}", self.subtotal_cents % ITEMS + self.quantity),
                    "quantity": self.quantity.to_string(),
                    "rate": money(self.subtotal_cents / self.quantity),
                    "amount": money(self.subtotal_cents),
                    "taxable": true,
                }],
                "sales_tax": { "item": "State Tax", "amount": money(self.cents - self.subtotal_cents) },
                "total": amount,
            }),
            Some(invoice) => json!({
                "kind": "payment", "external_id": external_id, "number": number, "date": "2026-11-03",
                "customer": customer, "method": "Check", "amount": amount,
                "applied_to": [{ "invoice": format!("inv-{invoice}"), "amount": amount }],
            }),
        }
    }
}

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
