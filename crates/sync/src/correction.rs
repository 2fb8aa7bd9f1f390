//! Corrections that a person makes here: what a record says is changed where it stands, without its application.
//!
//! A correction is worked out from the newest revision and becomes one of its own. What it changes is the difference of the
//! two, which is what a person is shown before. Whatever comes out of it is held to the same contract as a hand-over.

use std::collections::BTreeMap;

use bookferry_qbxml::value::{Amount, transliterate};
use jiff::civil::Date;
use serde_json::Value;

use crate::intake::{self, Fault};
use crate::preflight::of_field;
use crate::record::{Content, DEFAULT_CURRENCY};

/// What is to be corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// Texts by their JSON pointers, as a person wrote them; an empty one takes the field away.
    Fields(Vec<(String, String)>),
    /// Every text that is longer than its field in QuickBooks is cut: a number at its beginning, all others at their end.
    Shorten,
    /// The customer's name with this behind it.
    Suffix(String),
    Redate(Date),
    /// What goes to each invoice is at most what is open of it, by the invoices' external_ids in hundred-thousandths; of
    /// others nothing is known, and they stay.
    UpToOpen(BTreeMap<String, i64>),
}

/// Why there is no correction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Uncorrectable {
    #[error("nothing would change")]
    NothingToDo,
    #[error("the corrected record is not one that can be handed over")]
    Faulty(Vec<Fault>),
}

/// A text of a record that a person may correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As a JSON pointer into the record.
    pub pointer: String,
    /// As on a form: "Customer name", "Line 2, description".
    pub label: String,
    /// Empty where the record says nothing.
    pub text: String,
    /// The most characters that QuickBooks holds.
    pub length_max: Option<usize>,
}

const INVOICE_FIELDS: [(&str, &str); 17] = [
    ("/number", "Number"),
    ("/date", "Date"),
    ("/due_date", "Due date"),
    ("/terms", "Terms"),
    ("/customer/name", "Customer name"),
    ("/customer/email", "E-mail"),
    ("/customer/phone", "Phone"),
    ("/customer/billing_address/line1", "First address line"),
    ("/customer/billing_address/line2", "Second address line"),
    ("/customer/billing_address/line3", "Third address line"),
    ("/customer/billing_address/city", "City"),
    ("/customer/billing_address/state", "State"),
    ("/customer/billing_address/postal_code", "Postal code"),
    ("/customer/billing_address/country", "Country"),
    ("/po_number", "P.O. number"),
    ("/sales_tax/item", "Sales tax item"),
    ("/memo", "Memo"),
];
const PAYMENT_FIELDS: [(&str, &str); 6] = [
    ("/number", "Number"),
    ("/date", "Date"),
    ("/customer/name", "Customer name"),
    ("/method", "Payment method"),
    ("/deposit_to", "Deposit to"),
    ("/memo", "Memo"),
];
const LINE_FIELDS: [(&str, &str); 3] = [("item", "item"), ("description", "description"), ("class", "class")];

/// Everything that a person may correct in it. Amounts are the application's business, but for what a payment goes to.
pub fn fields(content: &Content) -> Vec<Field> {
    let Some(value) = json(content) else { return Vec::new() };
    let kind = content.kind();
    let field = |pointer: String, label: String| Field {
        text: value.pointer(&pointer).and_then(Value::as_str).unwrap_or_default().to_owned(),
        length_max: of_field(kind, &pointer),
        pointer,
        label,
    };
    let named = |fields: &[(&str, &str)]| -> Vec<Field> {
        fields.iter().map(|(pointer, label)| field((*pointer).to_owned(), (*label).to_owned())).collect()
    };
    match content {
        Content::Invoice(invoice) => {
            let mut fields = named(&INVOICE_FIELDS);
            // Tax is named only where there is some.
            fields.retain(|field| field.pointer != "/sales_tax/item" || invoice.sales_tax.is_some());
            for line in 0..invoice.lines.len() {
                let of_line = |(name, label): &(&str, &str)| {
                    field(format!("/lines/{line}/{name}"), format!("Line {}, {label}", line + 1))
                };
                fields.extend(LINE_FIELDS.iter().map(of_line));
            }
            fields
        }
        Content::Payment(payment) => {
            let mut fields = named(&PAYMENT_FIELDS);
            let part = |(at, part): (usize, &crate::record::AppliedTo)| {
                field(format!("/applied_to/{at}/amount"), format!("Amount for {}", part.invoice))
            };
            fields.extend(payment.applied_to.iter().enumerate().map(part));
            fields
        }
    }
}

/// The record as corrected.
pub fn corrected(content: &Content, correction: &Correction) -> Result<Content, Uncorrectable> {
    let mut value = json(content).ok_or(Uncorrectable::NothingToDo)?;
    match correction {
        Correction::Fields(texts) => {
            let known = fields(content);
            let is_known = |pointer: &str| known.iter().any(|field| field.pointer == pointer);
            let texts = texts.iter().filter(|(pointer, _)| is_known(pointer));
            texts.for_each(|(pointer, text)| set(&mut value, pointer, text));
        }
        Correction::Shorten => shorten(content, &mut value),
        Correction::Suffix(suffix) => {
            let name = format!("{} {}", content.customer().name.trim(), suffix.trim());
            set(&mut value, "/customer/name", &name);
        }
        Correction::Redate(date) => {
            set(&mut value, "/date", &date.to_string());
            if let Content::Invoice(invoice) = content
                && invoice.due_date.is_some_and(|due| due < *date)
            {
                set(&mut value, "/due_date", &date.to_string());
            }
        }
        Correction::UpToOpen(open) => up_to_open(content, open, &mut value),
    }
    let now = intake::content(content.kind(), &value, DEFAULT_CURRENCY)
        .map_err(|faults| Uncorrectable::Faulty(faults.into_vec()))?;
    if now == *content { Err(Uncorrectable::NothingToDo) } else { Ok(now) }
}

fn json(content: &Content) -> Option<Value> {
    serde_json::from_str(&content.to_json().ok()?).ok()
}

/// Reaches members of objects that are there, and those of an address that is not.
fn set(value: &mut Value, pointer: &str, text: &str) {
    let Some((parent, member)) = pointer.rsplit_once('/') else { return };
    if parent == "/customer/billing_address"
        && value.pointer(parent).is_none()
        && let Some(Value::Object(customer)) = value.pointer_mut("/customer")
    {
        customer.insert("billing_address".to_owned(), Value::Object(serde_json::Map::new()));
    }
    let Some(Value::Object(members)) = value.pointer_mut(parent) else { return };
    if text.trim().is_empty() {
        members.remove(member);
    } else {
        members.insert(member.to_owned(), Value::String(text.trim().to_owned()));
    }
}

fn shorten(content: &Content, value: &mut Value) {
    for field in fields(content) {
        let Some(length_max) = field.length_max else { continue };
        let held = transliterate(&field.text).text;
        let is_name = is_name(&field.pointer);
        let length = |text: &str| text.chars().count();
        let is_short = if is_name {
            held.split(':').all(|part| length(part) <= length_max)
        } else {
            length(held.trim()) <= length_max
        };
        if is_short {
            continue;
        }
        let short = match field.pointer.as_str() {
            "/number" => last(held.trim(), length_max),
            _ if is_name => held.split(':').map(|part| first(part, length_max)).collect::<Vec<_>>().join(":"),
            _ => first(&held, length_max),
        };
        set(value, &field.pointer, &short);
    }
}

/// Names that QuickBooks keeps in steps, each of which has the length.
fn is_name(pointer: &str) -> bool {
    pointer == "/customer/name" || pointer.ends_with("/item") && pointer != "/sales_tax/item"
}

fn first(text: &str, length_max: usize) -> String {
    text.trim().chars().take(length_max).collect::<String>().trim_end().to_owned()
}

/// The end of a number tells one from the next.
fn last(text: &str, length_max: usize) -> String {
    let skipped = text.chars().count().saturating_sub(length_max);
    let end: String = text.chars().skip(skipped).collect();
    end.trim_start_matches(|character: char| !character.is_alphanumeric()).to_owned()
}

fn up_to_open(content: &Content, open: &BTreeMap<String, i64>, value: &mut Value) {
    let mut parts = Vec::new();
    let mut left = open.clone();
    for part in content.applied_to() {
        let mut amount_e5 = part.amount.e5();
        if let Some(left) = left.get_mut(&part.invoice) {
            amount_e5 = amount_e5.min((*left).max(0));
            *left -= amount_e5;
        }
        let Ok(amount) = Amount::from_e5(amount_e5) else { continue };
        if amount_e5 > 0 {
            parts.push(serde_json::json!({ "invoice": part.invoice, "amount": amount.to_string() }));
        }
    }
    if let Value::Object(members) = value {
        members.insert("applied_to".to_owned(), Value::Array(parts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordKind;

    const INVOICE: &str = r#"{"number":"2026-11-20-0022","date":"2026-11-02","due_date":"2026-11-05",
        "customer":{"name":"The Very Long Name of an Honourable Society of Glaziers:Main office"},
        "lines":[{"item":"Labor","amount":"2.00"}],"total":"2.00"}"#;
    const PAYMENT: &str = r#"{"number":"2","date":"2026-11-02","customer":{"name":"Harbor Taxi"},"amount":"300.00",
        "applied_to":[{"invoice":"a","amount":"200.00"},{"invoice":"b","amount":"60.00"},{"invoice":"c","amount":"40.00"}]}"#;

    fn of(kind: RecordKind, json: &str) -> Content {
        Content::from_json(kind, json).expect("a record")
    }

    #[test]
    fn a_number_keeps_its_end_and_a_name_the_beginning_of_each_part() {
        let short = corrected(&of(RecordKind::Invoice, INVOICE), &Correction::Shorten).expect("shorter");
        assert_eq!(short.number(), "11-20-0022");
        assert_eq!(short.customer().name, "The Very Long Name of an Honourable Socie:Main office");
        assert_eq!(corrected(&short, &Correction::Shorten), Err(Uncorrectable::NothingToDo));
    }

    #[test]
    fn a_later_date_takes_the_due_date_along() {
        let date = jiff::civil::date(2026, 12, 1);
        let Content::Invoice(now) =
            corrected(&of(RecordKind::Invoice, INVOICE), &Correction::Redate(date)).expect("later")
        else {
            panic!("an invoice")
        };
        assert_eq!((now.date, now.due_date), (date, Some(date)));
    }

    #[test]
    fn a_payment_pays_what_is_open_and_keeps_its_amount() {
        let open = [("a".to_owned(), 15_000_000), ("b".to_owned(), 0)].into();
        let now = corrected(&of(RecordKind::Payment, PAYMENT), &Correction::UpToOpen(open)).expect("less");
        let parts: Vec<String> =
            now.applied_to().iter().map(|part| format!("{} {}", part.invoice, part.amount)).collect();
        assert_eq!(parts, ["a 150.00", "c 40.00"]);
        assert_eq!(now.amount().to_string(), "300.00");
    }

    #[test]
    fn what_a_person_writes_is_held_to_the_contract() {
        let invoice = of(RecordKind::Invoice, INVOICE);
        let write = |pointer: &str, text: &str| {
            corrected(&invoice, &Correction::Fields(vec![(pointer.to_owned(), text.to_owned())]))
        };
        assert_eq!(write("/number", "1042").expect("a number").number(), "1042");
        let address = write("/customer/billing_address/city", "Ridgeline").expect("a city");
        assert_eq!(address.customer().billing_address.as_ref().and_then(|it| it.city.as_deref()), Some("Ridgeline"));
        assert!(matches!(write("/date", "tomorrow"), Err(Uncorrectable::Faulty(_))));
        assert!(matches!(write("/customer/name", ""), Err(Uncorrectable::Faulty(_))));
        assert_eq!(write("/total", "1.00"), Err(Uncorrectable::NothingToDo), "an amount is the application\u{2019}s");
    }
}
