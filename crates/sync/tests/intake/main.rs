//! Intake: every fault at once, with its place, and nothing that is sent makes it stumble.

mod faults;
mod generated;
mod rules;

use bookferry_sync::intake::{self, Fault, Faults};
use bookferry_sync::record::{Content, RecordKind};
use serde_json::{Value, json};

fn intake(kind: RecordKind, value: &Value) -> Result<Content, Faults> {
    intake::content(kind, value, "USD")
}

/// The invoice of the contract.
fn invoice() -> Value {
    json!({
        "number": "1042", "created_at": "2026-11-02T15:04:05Z", "date": "2026-11-02", "due_date": "2026-12-02",
        "terms": "Net 30",
        "customer": {
            "name": "Müller Auto & Glass", "external_id": "c-17", "email": "office@mueller.example",
            "phone": "555 0100",
            "billing_address": {
                "line1": "1 Main St", "line2": "Yard", "line3": "Gate 3", "city": "Springfield", "state": "IL",
                "postal_code": "62701", "country": "USA"
            }
        },
        "lines": [{
            "item": "Windshield FW02717", "description": "Green tint", "quantity": "1", "rate": "250.00",
            "amount": "250.00", "taxable": true, "class": "Shop"
        }],
        "sales_tax": {"item": "State Tax", "amount": "20.00"}, "total": "270.00", "po_number": "PO 7", "memo": "Thanks",
        "currency": "USD"
    })
}

fn payment() -> Value {
    json!({
        "number": "881", "created_at": "2026-11-05T09:00:00Z", "date": "2026-11-05",
        "customer": {"name": "Müller Auto & Glass"}, "method": "Check", "amount": "270.00",
        "applied_to": [{"invoice": "inv-1042", "amount": "270.00"}], "deposit_to": "Undeposited Funds", "memo": "Thanks",
        "currency": "USD"
    })
}

/// `record` with `value` where `pointer` points; `null` takes the member away.
fn with(mut record: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer to a member");
    let parent = record.pointer_mut(parent).expect("the member's parent stands");
    if let Value::Array(elements) = parent {
        elements[name.parse::<usize>().expect("an index")] = value;
    } else if value.is_null()
        && let Value::Object(members) = parent
    {
        members.shift_remove(name);
    } else {
        parent[name] = value;
    }
    record
}

/// One fault a line, as a person would read them.
fn told(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("{} [{}] {}\n", fault.pointer, fault.code, fault.message)).collect()
}
