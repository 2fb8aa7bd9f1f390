use bookferry_qbxml::value::{Amount, Price, Quantity};
use serde_json::Value;

use super::fault::Found;
use super::object::{Given, Object};
use super::{LINES_MAX, currency, customer};
use crate::record::{Invoice, Line, SalesTax};

const FIELDS: [&str; 12] = [
    "number",
    "created_at",
    "date",
    "due_date",
    "terms",
    "customer",
    "lines",
    "sales_tax",
    "total",
    "po_number",
    "memo",
    "currency",
];
const LINE_FIELDS: [&str; 7] = ["item", "description", "quantity", "rate", "amount", "taxable", "class"];
const SALES_TAX_FIELDS: [&str; 2] = ["item", "amount"];

pub(super) fn read(value: &Value, home_currency: &str, found: &mut Found) -> Option<Invoice> {
    let record = Object::read(value, String::new(), &FIELDS, found)?;
    let number = record.required_text("number", "the invoice's number", found);
    let created_at = record.timestamp("created_at", found).value();
    let date = record.required("date", record.date("date", found), "the invoice's date, like \"2026-11-02\"", found);
    let due_date = record.date("due_date", found).value();
    let terms = record.text("terms", found);
    let customer = customer::read(&record, found);
    let lines = lines(&record, found);
    let sales_tax = sales_tax(&record, found);
    let total = total(&record, lines.as_deref(), &sales_tax, found);
    let po_number = record.text("po_number", found);
    let memo = record.text("memo", found);
    let currency = currency::read(&record, home_currency, found);
    Some(Invoice {
        number: number?,
        created_at,
        date: date?,
        due_date,
        terms,
        customer: customer?,
        lines: lines?,
        sales_tax: sales_tax.value(),
        total: total?,
        po_number,
        memo,
        currency,
    })
}

/// All lines, or nothing where one of them is faulty.
fn lines(record: &Object<'_>, found: &mut Found) -> Option<Vec<Line>> {
    let given = record.array("lines", LINES_MAX, "lines", found);
    let elements = record.required("lines", given, "at least one line", found)?;
    // Every line is read before one that failed ends the matter, so that all faults are told.
    let lines: Vec<Option<Line>> = elements.map(|(pointer, value)| line(value, pointer, found)).collect();
    if lines.is_empty() {
        found.add(record.at("lines"), "empty", "The invoice has no lines. Send at least one.");
        return None;
    }
    lines.into_iter().collect()
}

fn line(value: &Value, pointer: String, found: &mut Found) -> Option<Line> {
    let line = Object::read(value, pointer, &LINE_FIELDS, found)?;
    let item = line.text("item", found);
    let description = line.text("description", found);
    let quantity = line.decimal("quantity", found);
    let rate = line.decimal("rate", found);
    let amount = line.decimal("amount", found);
    let taxable = line.boolean("taxable", found);
    let class = line.text("class", found);
    if quantity.is_faulty() || rate.is_faulty() || amount.is_faulty() {
        return None;
    }
    let (quantity, rate) = (quantity.value(), rate.value());
    let amount = match (product(&line, quantity, rate, found)?, amount) {
        (Some(product), Given::Is(amount)) if product != amount => {
            found.add(line.at("amount"), "line_does_not_add_up", disagreement(quantity, rate, amount, product));
            return None;
        }
        (_, Given::Is(amount)) => amount,
        (Some(product), Given::Absent | Given::Faulty) => product,
        // A line of text only has nothing to charge.
        (None, Given::Absent | Given::Faulty) if item.is_none() && quantity.is_none() => Amount::ZERO,
        (None, given) => line.required("amount", given, "the line's amount, or its quantity and rate", found)?,
    };
    if item.is_none() && description.is_none() && amount == Amount::ZERO {
        let message = "The line says nothing. Send at least an item or a description, or leave the line out.";
        found.add(line.pointer(), "empty_line", message);
        return None;
    }
    Some(Line { item, description, quantity, rate, amount, taxable, class })
}

/// What quantity and rate come to, where there is a rate; a line without a quantity is one. Nothing at all after a fault.
fn product(
    line: &Object<'_>,
    quantity: Option<Quantity>,
    rate: Option<Price>,
    found: &mut Found,
) -> Option<Option<Amount>> {
    let Some(rate) = rate else { return Some(None) };
    let product = quantity.or_else(|| Quantity::from_e5(100_000).ok()).map(|quantity| Amount::of(quantity, rate))?;
    if product.is_err() {
        let message = "Quantity times rate comes to more than QuickBooks can hold. Split the line.";
        found.add(line.at("amount"), "out_of_range", message);
    }
    product.ok().map(Some)
}

fn disagreement(quantity: Option<Quantity>, rate: Option<Price>, amount: Amount, product: Amount) -> String {
    let quantity = quantity.map_or_else(|| "1".to_owned(), |quantity| quantity.to_string());
    let rate = rate.unwrap_or(Price::ZERO);
    format!(
        "{quantity} at {rate} is {product}, but the amount says {amount}. Correct one of them, or leave out the rate."
    )
}

fn sales_tax(record: &Object<'_>, found: &mut Found) -> Given<SalesTax> {
    let Some(value) = record.get("sales_tax") else { return Given::Absent };
    let read = Object::read(value, record.at("sales_tax"), &SALES_TAX_FIELDS, found).and_then(|tax| {
        let item = tax.required_text("item", "the name of the sales tax item", found);
        let amount = tax.required("amount", tax.decimal("amount", found), "the tax, like \"20.00\"", found);
        Some(SalesTax { item: item?, amount: amount? })
    });
    read.map_or(Given::Faulty, Given::Is)
}

fn total(
    record: &Object<'_>,
    lines: Option<&[Line]>,
    sales_tax: &Given<SalesTax>,
    found: &mut Found,
) -> Option<Amount> {
    let expected = lines.filter(|_| !sales_tax.is_faulty()).map(|lines| sum(lines, sales_tax));
    let what = match expected {
        Some(Some(sum)) => format!("the invoice's total; the lines and the sales tax come to \"{sum}\""),
        Some(None) | None => "the invoice's total, like \"270.00\"".to_owned(),
    };
    let total: Amount = record.required("total", record.decimal("total", found), &what, found)?;
    if total < Amount::ZERO {
        let message = "An invoice below zero is a credit memo, and credit memos are not carried. \
                       Enter it in QuickBooks by hand.";
        found.add(record.at("total"), "below_zero", message);
    }
    match expected {
        Some(Some(sum)) if sum != total => {
            let message = format!(
                "The lines and the sales tax come to {sum}, but the total says {total}. \
                 Correct the total, a line or the tax."
            );
            found.add(record.at("total"), "total_does_not_add_up", message);
            None
        }
        Some(None) => {
            let message = "The lines and the sales tax come to more than QuickBooks can hold. Split the invoice.";
            found.add(record.at("total"), "out_of_range", message);
            None
        }
        Some(Some(_)) | None => Some(total),
    }
}

/// Nothing where the sum is too large.
fn sum(lines: &[Line], sales_tax: &Given<SalesTax>) -> Option<Amount> {
    let tax = if let Given::Is(tax) = sales_tax { tax.amount.cents() } else { 0 };
    let cents: i128 = lines.iter().map(|line| i128::from(line.amount.cents())).sum::<i128>() + i128::from(tax);
    i64::try_from(cents).ok().and_then(|cents| Amount::from_cents(cents).ok())
}
