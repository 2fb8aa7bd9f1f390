use serde_json::{Value, json};

/// A small invoice without a fault.
pub(crate) fn invoice(number: &str) -> Value {
    json!({
        "number": number,
        "created_at": "2026-11-02T15:04:05Z",
        "date": "2026-11-02",
        "customer": {"name": "Müller Auto & Glass"},
        "lines": [{"item": "Windshield FW02717", "quantity": "1", "rate": "250.00", "amount": "250.00"}],
        "total": "250.00"
    })
}

/// A payment for the invoice with this external id.
pub(crate) fn payment(number: &str, invoice: &str) -> Value {
    json!({
        "number": number,
        "date": "2026-11-05",
        "customer": {"name": "Müller Auto & Glass"},
        "method": "Check",
        "amount": "250.00",
        "applied_to": [{"invoice": invoice, "amount": "250.00"}]
    })
}

/// `invoice("1")` with one field changed or, for null, left out.
pub(crate) fn invoice_but(field: &str, value: Value) -> String {
    let mut invoice = invoice("1");
    if value.is_null() {
        invoice.as_object_mut().expect("an object").remove(field);
    } else {
        invoice[field] = value;
    }
    invoice.to_string()
}
