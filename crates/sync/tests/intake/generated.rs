//! Records and JSON by chance.

use bookferry_qbxml::value::{Amount, Price, Quantity};
use bookferry_sync::record::{Address, AppliedTo, Content, Customer, Invoice, Line, Payment, SalesTax};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::{invoice, payment, with};

pub(super) fn content() -> impl Strategy<Value = Content> {
    prop_oneof![invoices().prop_map(Content::Invoice), payments().prop_map(Content::Payment)]
}

pub(super) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[-+]?[0-9]{0,15}[.]?[0-9]{0,7}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{0,12})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((member_name(), inner), 0..8).prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

/// A record of the contract with other things in up to three places.
pub(super) fn damaged() -> impl Strategy<Value = Value> {
    let record = prop_oneof![Just(invoice()), Just(payment())];
    (record, vec((any::<prop::sample::Index>(), json_value()), 1..4)).prop_map(|(record, wounds)| {
        wounds.into_iter().fold(record, |record, (index, value)| {
            let mut places = Vec::new();
            collect_places("", &record, &mut places);
            if places.is_empty() { record } else { with(record, &places[index.index(places.len())], value) }
        })
    })
}

/// Every pointer to a member or an element, and in every object one to a stranger.
fn collect_places(at: &str, value: &Value, places: &mut Vec<String>) {
    if let Value::Object(members) = value {
        places.push(format!("{at}/stranger"));
        for (name, member) in members.iter().filter(|(name, _)| !name.contains(['/', '~'])) {
            places.push(format!("{at}/{name}"));
            collect_places(&format!("{at}/{name}"), member, places);
        }
    }
    if let Value::Array(elements) = value {
        for (index, element) in elements.iter().enumerate() {
            places.push(format!("{at}/{index}"));
            collect_places(&format!("{at}/{index}"), element, places);
        }
    }
}

fn member_name() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "number",
        "created_at",
        "date",
        "customer",
        "lines",
        "sales_tax",
        "total",
        "currency",
        "name",
        "external_id",
        "billing_address",
        "item",
        "quantity",
        "rate",
        "amount",
        "applied_to",
        "invoice",
        "a/b~c",
        "",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => any::<String>()]
}

fn invoices() -> impl Strategy<Value = Invoice> {
    let sales_tax = of((text(), 0..1_000_000_i64).prop_map(|(item, cents)| SalesTax { item, amount: amount(cents) }));
    let head = (text(), of(timestamps()), dates(), of(dates()), of(text()), customers());
    let rest = (vec(lines(), 1..8), sales_tax, of(text()), of(text()), of(Just("USD".to_owned())));
    (head, rest).prop_map(|((number, created_at, date, due_date, terms, customer), rest)| {
        let (mut lines, sales_tax, po_number, memo, currency) = rest;
        let below = -lines.iter().map(|line| line.amount.cents()).sum::<i64>();
        if below > 0 {
            lines.push(Line {
                quantity: None,
                rate: None,
                item: Some("Fee".to_owned()),
                amount: amount(below),
                ..lines[0].clone()
            });
        }
        let tax = sales_tax.as_ref().map_or(0, |tax| tax.amount.cents());
        let total = amount(lines.iter().map(|line| line.amount.cents()).sum::<i64>() + tax);
        Invoice {
            number,
            created_at,
            date,
            due_date,
            terms,
            customer,
            lines,
            sales_tax,
            total,
            po_number,
            memo,
            currency,
        }
    })
}

fn payments() -> impl Strategy<Value = Payment> {
    let head = (text(), of(timestamps()), dates(), customers(), of(text()));
    let rest = (0..1_000_000_i64, vec(1..1_000_000_i64, 0..5), of(text()), of(text()), of(Just("USD".to_owned())));
    (head, rest).prop_map(|((number, created_at, date, customer, method), rest)| {
        let (unapplied, applied, deposit_to, memo, currency) = rest;
        let total = applied.iter().sum::<i64>() + unapplied.max(1);
        let applied_to = applied
            .into_iter()
            .enumerate()
            .map(|(at, cents)| AppliedTo { invoice: format!("inv-{at}"), amount: amount(cents) })
            .collect();
        let amount = amount(total);
        Payment { number, created_at, date, customer, method, amount, applied_to, deposit_to, memo, currency }
    })
}

fn customers() -> impl Strategy<Value = Customer> {
    let address = [(); 7].map(|()| of(text())).prop_map(|[line1, line2, line3, city, state, postal_code, country]| {
        Address { line1, line2, line3, city, state, postal_code, country }
    });
    (text(), of("[!-~]{1,200}"), of(text()), of(text()), of(address)).prop_map(
        |(name, external_id, email, phone, billing_address)| Customer {
            name,
            external_id,
            email,
            phone,
            billing_address,
        },
    )
}

fn lines() -> impl Strategy<Value = Line> {
    let quantity = (-10_000_000..10_000_000_i64).prop_map(|e5| Quantity::from_e5(e5).expect("in range"));
    let rate = (-100_000_000..100_000_000_i64).prop_map(|e5| Price::from_e5(e5).expect("in range"));
    (text(), of(text()), of(quantity), of(rate), -1_000_000..1_000_000_i64, of(any::<bool>()), of(text())).prop_map(
        |(item, description, quantity, rate, cents, taxable, class)| {
            let one = Quantity::from_e5(100_000).expect("in range");
            let amount =
                rate.map_or_else(|| amount(cents), |rate| Amount::of(quantity.unwrap_or(one), rate).expect("in range"));
            Line { item: Some(item), description, quantity, rate, amount, taxable, class }
        },
    )
}

/// Says something, and holds no control characters.
fn text() -> impl Strategy<Value = String> {
    r"[\PC\t\n\r]{0,20}[^\pC\pZ][\PC\t\n\r]{0,20}"
}

fn dates() -> impl Strategy<Value = Date> {
    (1..=9999_i16, 1..=12_i8, 1..=28_i8).prop_map(|(year, month, day)| Date::new(year, month, day).expect("a day"))
}

fn timestamps() -> impl Strategy<Value = Timestamp> {
    (-60_000_000_000..250_000_000_000_i64, 0..1_000_000_000_i32)
        .prop_map(|(seconds, nanoseconds)| Timestamp::new(seconds, nanoseconds).expect("an instant"))
}

fn amount(cents: i64) -> Amount {
    Amount::from_cents(cents).expect("in range")
}
