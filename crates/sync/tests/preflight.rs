//! Preflight: what QuickBooks would refuse or change, told beforehand.

use std::borrow::Cow;

use bookferry_qbxml::value::{Line, Name, Text, transliterate};
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::intake;
use bookferry_sync::preflight::{Finding, PreflightContext, Severity, preflight};
use bookferry_sync::record::{Content, RecordKind};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn the_contracts_examples_cross_as_they_are() {
    assert_eq!(refused_or_changed(&invoice()), []);
    assert_eq!(refused_or_changed(&payment()), []);
}

#[test]
fn everything_that_quickbooks_would_refuse_or_change_is_told() {
    let mut invoice = invoice();
    invoice["number"] = json!("INV-2026-000123");
    invoice["date"] = json!("2026-10-31");
    invoice["terms"] = json!("Net: 30");
    invoice["customer"]["name"] = json!("M\u{fc}ller \u{201c}Auto\u{201d} :Caf\u{e9} \u{20ac}\n2");
    invoice["customer"]["phone"] = json!("555 0100 extension 1234");
    invoice["customer"]["billing_address"]["line1"] = json!("1 Main St\r\nYard");
    invoice["lines"] = json!([
        {"item": "\u{6771}\u{4eac}", "description": "\u{10c}esk\u{fd} \u{2013} \u{1f600}\u{200b}", "amount": "250.00", "taxable": false,
         "class": "Shop::Van"},
        {"description": "Labour", "quantity": "2", "rate": "0", "amount": "0.00"},
        {"description": "Freight", "amount": "7.00"},
        {"item": "Glass:Windshields:A name of more than thirty-one characters", "amount": "-7.00"},
    ]);
    insta::assert_snapshot!(told(&invoice));
}

#[test]
fn everything_about_a_payment_is_told() {
    let mut payment = payment();
    payment["number"] = json!("TRANSFER 2026-11-05/881");
    payment["date"] = json!("0206-11-05");
    payment["method"] = json!("Bank transfer from the customer's account");
    payment["applied_to"] = json!([]);
    payment["deposit_to"] = json!("Bank:Checking");
    payment["memo"] = json!("one\ntwo \u{3b1}\u{3b2}\u{3b3}\u{3b4}\u{3b5}\u{3b6}\u{3b7}\u{3b8}\u{3b9}");
    insta::assert_snapshot!(told(&payment));
}

#[test]
fn a_company_file_that_was_never_read_is_not_judged() {
    let settings = Settings::default();
    let context =
        PreflightContext { settings: &settings, books: None, home_currency: "USD", mapped: None, around: None };
    let mut invoice = invoice();
    invoice["date"] = json!("2020-01-01");
    let findings = preflight(&content(&invoice), &context);
    assert!(findings.iter().all(|finding| finding.severity == Severity::Note), "{findings:?}");
}

#[test]
fn what_is_switched_off_in_the_company_file_is_told() {
    let settings = Settings::default();
    let books = Books { taxable_code: None, uses_classes: false, ..books() };
    let context =
        PreflightContext { settings: &settings, books: Some(&books), home_currency: "CAD", mapped: None, around: None };
    let findings = preflight(&content(&invoice()), &context);
    let refused = findings.iter().filter(|finding| finding.severity == Severity::WillBeRefused);
    let codes: Vec<&str> = refused.map(|finding| finding.code.as_ref()).collect();
    assert_eq!(codes, ["classes_off", "sales_tax_off", "currency_not_supported"]);
}

/// The lengths of qbxml.md section 6.2, told apart to the character.
#[test]
fn each_length_is_held_to_the_character() {
    let long = |length: usize| "x".repeat(length);
    for (kind, field, length_max) in [
        (RecordKind::Invoice, "/number", 11),
        (RecordKind::Invoice, "/customer/name", 41),
        (RecordKind::Invoice, "/customer/email", 1023),
        (RecordKind::Invoice, "/customer/phone", 21),
        (RecordKind::Invoice, "/customer/billing_address/line1", 41),
        (RecordKind::Invoice, "/customer/billing_address/line2", 41),
        (RecordKind::Invoice, "/customer/billing_address/line3", 41),
        (RecordKind::Invoice, "/customer/billing_address/city", 31),
        (RecordKind::Invoice, "/customer/billing_address/state", 21),
        (RecordKind::Invoice, "/customer/billing_address/postal_code", 13),
        (RecordKind::Invoice, "/customer/billing_address/country", 31),
        (RecordKind::Invoice, "/terms", 31),
        (RecordKind::Invoice, "/lines/0/item", 31),
        (RecordKind::Invoice, "/lines/0/description", 4095),
        (RecordKind::Invoice, "/lines/0/class", 159),
        (RecordKind::Invoice, "/sales_tax/item", 31),
        (RecordKind::Invoice, "/po_number", 25),
        (RecordKind::Invoice, "/memo", 4095),
        (RecordKind::Payment, "/number", 20),
        (RecordKind::Payment, "/method", 31),
        (RecordKind::Payment, "/deposit_to", 159),
        (RecordKind::Payment, "/memo", 4095),
    ] {
        let with = |text: String| {
            let mut record = if kind == RecordKind::Invoice { invoice() } else { payment() };
            *record.pointer_mut(field).expect(field) = json!(text);
            refused_or_changed(&record)
        };
        assert_eq!(with(long(length_max)), [], "{field}");
        // Blanks around it do not cross, so they do not count.
        assert_eq!(with(format!(" {} ", long(length_max))), [], "{field}");
        assert_eq!(with(long(length_max + 1)), [(field.to_owned(), "too_long".into())], "{field}");
    }
    let mut deep = invoice();
    deep["customer"]["name"] = json!([(); 5].map(|()| long(41)).join(":"));
    assert_eq!(refused_or_changed(&deep), [], "209 characters make the longest full name");
    deep["customer"]["name"] = json!([(); 6].map(|()| long(35)).join(":"));
    assert_eq!(refused_or_changed(&deep), [("/customer/name".to_owned(), "too_long".into())]);
}

proptest! {
    /// Preflight and the types that are sent agree on what fits.
    #[test]
    fn what_is_not_refused_fits_the_types(text in r"[\PC\n\t]{0,6}[^\pC\pZ][\PC\n\t]{0,60}") {
        let mut record = invoice();
        for field in ["/number", "/customer/name", "/po_number", "/memo"] {
            *record.pointer_mut(field).expect(field) = json!(text);
        }
        let refused = refused(&record);
        let is_refused = |field: &str| {
            refused.iter().any(|(at, code)| at == field && matches!(code.as_ref(), "too_long" | "line_break" | "empty_name"))
        };
        let sent = transliterate(&text).text;
        prop_assert_eq!(is_refused("/number"), Line::<11>::new("RefNumber", sent.trim()).is_err());
        prop_assert_eq!(is_refused("/po_number"), Line::<25>::new("PONumber", sent.trim()).is_err());
        prop_assert_eq!(is_refused("/memo"), Text::<4095>::new("Memo", sent.trim()).is_err());
        let names = sent.split(':').map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
        prop_assert_eq!(is_refused("/customer/name"), names.into_iter().any(|name| Name::<41>::new("Name", name).is_err()));
    }
}

fn invoice() -> Value {
    json!({
        "number": "1042", "date": "2026-11-02", "terms": "Net 30",
        "customer": {
            "name": "M\u{fc}ller Auto & Glass", "email": "office@mueller.example", "phone": "555 0100",
            "billing_address": {
                "line1": "1 Main St", "line2": "Yard", "line3": "Gate 3", "city": "Springfield", "state": "IL",
                "postal_code": "62701", "country": "USA"
            }
        },
        "lines": [{"item": "Windshield FW02717", "description": "Green tint", "amount": "250.00", "class": "Shop"}],
        "sales_tax": {"item": "State Tax", "amount": "20.00"}, "total": "270.00", "po_number": "PO 7", "memo": "Thanks"
    })
}

fn payment() -> Value {
    json!({
        "number": "881", "date": "2026-11-05", "customer": {"name": "M\u{fc}ller Auto & Glass"}, "method": "Check",
        "amount": "270.00", "applied_to": [{"invoice": "inv-1042", "amount": "270.00"}],
        "deposit_to": "Undeposited Funds", "memo": "Thanks"
    })
}

fn content(record: &Value) -> Content {
    let kind = if record.get("lines").is_some() { RecordKind::Invoice } else { RecordKind::Payment };
    intake::content(kind, record, "USD").expect("a record that intake takes")
}

fn books() -> Books {
    Books {
        taxable_code: Some("Tax".to_owned()),
        non_taxable_code: Some("Non".to_owned()),
        uses_classes: true,
        closing_date: Some(jiff::civil::date(2026, 10, 31)),
        ..Books::default()
    }
}

fn findings(record: &Value) -> Vec<Finding> {
    let (settings, books) = (Settings::default(), books());
    preflight(
        &content(record),
        &PreflightContext {
            settings: &settings,
            books: Some(&books),
            home_currency: "USD",
            mapped: None,
            around: None,
        },
    )
}

fn refused(record: &Value) -> Vec<(String, Cow<'static, str>)> {
    let refused = findings(record).into_iter().filter(|finding| finding.severity == Severity::WillBeRefused);
    refused.map(|finding| (finding.field, finding.code)).collect()
}

fn refused_or_changed(record: &Value) -> Vec<(String, Cow<'static, str>)> {
    let telling = findings(record).into_iter().filter(|finding| finding.severity != Severity::Note);
    telling.map(|finding| (finding.field, finding.code)).collect()
}

/// One finding a line, as a person would read them.
fn told(record: &Value) -> String {
    let line =
        |finding: Finding| format!("{:?} {} [{}] {}\n", finding.severity, finding.field, finding.code, finding.message);
    findings(record).into_iter().map(line).collect()
}
