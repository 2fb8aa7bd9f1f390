use bookferry_sync::intake::{FAULTS_MAX, LINES_MAX, external_id};
use bookferry_sync::record::RecordKind::{Invoice, Payment};
use serde_json::{Value, json};

use super::{intake, invoice, payment, told, with};

#[test]
fn the_contracts_examples_are_taken() {
    intake(Invoice, &invoice()).expect("the invoice of the contract");
    intake(Payment, &payment()).expect("the payment of the contract");
}

#[test]
fn every_fault_of_a_record_is_told_at_once() {
    let invoice = json!({
        "number": " ", "created_at": "yesterday", "dueDate": "2026-12-02", "date": "2026-02-30", "terms": 30,
        "customer": {"name": "", "e-mail": "x", "external_id": "c\u{200b}17", "billing_address": {"line1": "bell\u{7}", "zip/~": "1"}},
        "lines": [
            {"item": "A", "quantity": 2, "rate": "1.123456", "amount": "2.255"},
            {"item": "A", "quantity": "2", "rate": "10.005", "amount": "20.02"},
            {"item": "A", "quantity": "2"},
            {"description": " "},
            {"item": "A", "quantity": "9999999999", "rate": "9999999999"},
            {"item": "A", "amount": "$5", "taxable": "yes"},
            "text"
        ],
        "sales_tax": {"amount": "1,000.00"}, "total": "99999999999999", "currency": "EUR", "memo": "x".repeat(10_001)
    });
    insta::assert_snapshot!(told(intake(Invoice, &invoice).expect_err("faulty").as_slice()));
}

#[test]
fn every_fault_of_a_payment_is_told_at_once() {
    let payment = json!({
        "customer": "Müller", "amount": "0.00", "lines": [], "currency": "Dollar",
        "applied_to": [
            {"invoice": "a", "amount": "1.00"}, {"invoice": "a", "amount": "-1.00"}, {"amount": "1"}, {"invoice": 7},
        ],
    });
    insta::assert_snapshot!(told(intake(Payment, &payment).expect_err("faulty").as_slice()));
}

#[test]
fn what_is_missing_is_named() {
    let both = [Invoice, Payment].map(|kind| told(intake(kind, &json!({})).expect_err("empty").as_slice()));
    insta::assert_snapshot!(both.join("\n"));
}

/// Each case differs from a good record in one place and gets the one fault that says so.
#[test]
fn one_slip_gets_one_fault() {
    let slips = [
        (Invoice, "/total", json!("270.01")),
        (Invoice, "/total", json!(270.00)),
        (Invoice, "/total", json!("270.000")),
        (Invoice, "/total", Value::Null),
        (Invoice, "/lines/0/rate", json!("250.01")),
        (Invoice, "/lines/0/quantity", json!("0.5")),
        (Invoice, "/lines/0/quantity", json!("1.000001")),
        (Invoice, "/lines/0/taxible", json!(true)),
        (Invoice, "/lines", json!([])),
        (Invoice, "/lines", json!({})),
        (Invoice, "/lines", json!(vec![Value::Null; LINES_MAX + 1])),
        (Invoice, "/date", json!("2026-11-02T15:04:05Z")),
        (Invoice, "/date", json!("11/02/2026")),
        (Invoice, "/created_at", json!("2026-11-02T15:04:05")),
        (Invoice, "/created_at", json!("2026-11-02")),
        (Invoice, "/created_at", json!(1_762_095_845)),
        (Invoice, "/number", json!(1042)),
        (Invoice, "/currency", json!("CAD")),
        (Invoice, "/currency", json!("usd")),
        (Invoice, "/currency", json!("XXZ")),
        (Invoice, "/customer/billing_address", json!("1 Main St")),
        (Invoice, "/customer/billing_address/zip_code", json!("62701")),
        (Invoice, "/customer/billing_address/postalCode", json!("62701")),
        (Payment, "/amount", json!("-270.00")),
        (Payment, "/amount", json!("200")),
        (Payment, "/applied_to/0/amount", json!("0")),
        (Payment, "/applied_to/0/invoice", json!("")),
        (Payment, "/customer/name", Value::Null),
    ];
    let told: String = slips
        .into_iter()
        .map(|(kind, pointer, value)| {
            let record = if kind == Invoice { invoice() } else { payment() };
            let faults = intake(kind, &with(record, pointer, value)).expect_err(pointer);
            assert_eq!(faults.as_slice().len(), 1, "{faults:?}");
            told(faults.as_slice())
        })
        .collect();
    insta::assert_snapshot!(told);
}

#[test]
fn an_invoice_below_zero_is_a_credit_memo() {
    let record = with(with(invoice(), "/sales_tax", Value::Null), "/lines/0", json!({"item": "A", "amount": "-5.00"}));
    let faults = intake(Invoice, &with(record, "/total", json!("-5.00"))).expect_err("a credit memo");
    insta::assert_snapshot!(told(faults.as_slice()), @"/total [below_zero] An invoice below zero is a credit memo, and credit memos are not carried. Enter it in QuickBooks by hand.");
}

#[test]
fn no_more_faults_are_told_than_the_limit() {
    let members = (0..FAULTS_MAX * 3).map(|at| (format!("x{at}"), Value::Null)).collect();
    let faults = intake(Invoice, &Value::Object(members)).expect_err("strange").into_vec();
    assert_eq!(faults.len(), FAULTS_MAX + 1);
    assert_eq!(faults.last().map(|fault| fault.code), Some("more_faults"));
}

#[test]
fn an_external_id_is_visible_and_short() {
    for good in ["1", "inv-1042", "INV 2026/7", "Ä#%?", &"x".repeat(200)] {
        assert_eq!(external_id(good), Ok(()), "{good:?}");
    }
    let bad = ["", " ", " a", "a ", "a\tb", "a\u{0}", "a\u{a0}b", "a\u{200b}", "\u{feff}a", &"x".repeat(201)];
    let codes: Vec<_> = bad.iter().map(|bad| external_id(bad).expect_err(bad).code).collect();
    insta::assert_snapshot!(codes.join(" "));
}
