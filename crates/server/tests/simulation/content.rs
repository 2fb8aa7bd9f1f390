use bookferry_qbxml::value::Amount;
use bookferry_sync::record::{Content, RecordKind};

/// The `revision`-th content of the `number`-th invoice: every revision has another total.
pub(crate) fn invoice(number: u32, revision: u32) -> Content {
    let quantity = number % 3 + revision;
    let subtotal = u64::from(quantity) * 12_550 + 995;
    let tax = (subtotal * 8 + 50) / 100;
    let total = subtotal + tax;
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","terms":"Net 30","customer":{{"name":"{}"}},
        "lines":[{{"item":"Windshield {}","quantity":"{quantity}","rate":"125.5","amount":"{}","taxable":true}},
        {{"item":"Molding","amount":"9.95","taxable":true}}],
        "sales_tax":{{"item":"State Tax","amount":"{}"}},"total":"{}"}}"#,
        customer(number),
        number % 3,
        money(subtotal - 995),
        money(tax),
        money(total)
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}

/// A payment of the first revision's total, and a dollar less with each further revision, for the invoice of that number.
pub(crate) fn payment(number: u32, revision: u32) -> Content {
    let amount = Amount::from_e5(invoice(number, 1).amount().e5() - i64::from(revision - 1) * 100_000);
    let json = format!(
        r#"{{"number":"P{number}","date":"2026-11-03","customer":{{"name":"{}"}},"method":"Check","amount":"{1}",
        "applied_to":[{{"invoice":"inv-{number}","amount":"{1}"}}]}}"#,
        customer(number),
        amount.expect("an amount")
    );
    Content::from_json(RecordKind::Payment, &json).expect("a payment")
}

fn customer(number: u32) -> String {
    format!("Customer {}", number % 2)
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
