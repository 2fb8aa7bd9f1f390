use serde_json::Value;

use super::fault::Found;
use super::object::Object;
use crate::record::{Address, Customer};

const FIELDS: [&str; 5] = ["name", "external_id", "email", "phone", "billing_address"];
const ADDRESS_FIELDS: [&str; 7] = ["line1", "line2", "line3", "city", "state", "postal_code", "country"];

/// The customer of a record.
pub(super) fn read(record: &Object<'_>, found: &mut Found) -> Option<Customer> {
    let Some(value) = record.get("customer") else {
        let message = "The customer is missing. Send an object with at least the customer's name.";
        found.add(record.at("customer"), "missing", message);
        return None;
    };
    let customer = Object::read(value, record.at("customer"), &FIELDS, found)?;
    let name = customer.required_text("name", "the customer's name", found);
    let external_id = customer.external_id("external_id", found).value();
    let email = customer.text("email", found);
    let phone = customer.text("phone", found);
    let billing_address =
        customer.get("billing_address").and_then(|value| address(value, customer.at("billing_address"), found));
    Some(Customer { name: name?, external_id, email, phone, billing_address })
}

fn address(value: &Value, pointer: String, found: &mut Found) -> Option<Address> {
    let address = Object::read(value, pointer, &ADDRESS_FIELDS, found)?;
    let mut text = |name| address.text(name, found);
    Some(Address {
        line1: text("line1"),
        line2: text("line2"),
        line3: text("line3"),
        city: text("city"),
        state: text("state"),
        postal_code: text("postal_code"),
        country: text("country"),
    })
}
