//! The rule for changes whose answers got lost: what the document in QuickBooks tells of them, for the usual cases as a table,
//! and as properties of whatever people do to it meanwhile.

use std::fmt::Write as _;

use bookferry_sync::change::{Reread, Standing};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::mark::Mark;
use bookferry_sync::plan::{Sent, SentChange};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::recovery::{Between, Fate, fate};
use bookferry_sync::submission::{Errand, Posted};
use bookferry_sync::tax_difference::TaxDifference;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What the request was to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Change,
    Void,
    Delete,
}

#[test]
fn the_document_tells_what_became_of_a_change() {
    let mut table = "lost                              | stands           | fate\n".to_owned();
    for (name, task, before, sent) in lost() {
        for (stands, document) in standings(task, &before, &sent) {
            let between = Between { before: content(&before), sent: content(&sent) };
            let lost = lost_of(task, &between);
            let fate = fate(&lost, Some(&between), &document, &TaxDifference::Attention);
            let _ = writeln!(table, "{name:33} | {stands:16} | {}", told(&fate));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_a_person_is_told_names_what_quickbooks_does_not_show() {
    let (before, sent) = (invoice(), with(&invoice(), "/date", &json!("2026-11-05")));
    let stands = standing(&with(&before, "/date", &json!("2026-11-10")), "101");
    let between = Between { before: content(&before), sent: content(&sent) };
    let words = |task| match fate(&lost_of(task, &between), Some(&between), &stands, &TaxDifference::Attention) {
        Fate::Untold { edit_sequence, cause } => format!("{edit_sequence}\n{}\n{}", cause.text, cause.detail),
        settled @ (Fate::Taken | Fate::NotTaken | Fate::Gone(_)) => format!("{settled:?}"),
    };
    insta::assert_snapshot!([Task::Change, Task::Void].map(words).join("\n\n"));
}

/// The line that made up for a difference in the tax is none that somebody wrote.
#[test]
fn an_adjusting_line_speaks_neither_for_nor_against_a_change() {
    let (before, sent) = (invoice(), with(&invoice(), "/lines/0/amount", &json!("260.00")));
    let rule: TaxDifference = "adjust 0.05 Rounding".to_owned().try_into().expect("a rule");
    let adjusted = |invoice: &Value| {
        let mut adjusted = invoice.clone();
        let line = json!({ "item": "Rounding", "amount": "0.01" });
        adjusted.pointer_mut("/lines").and_then(Value::as_array_mut).expect("lines").push(line);
        standing(&adjusted, "101")
    };
    let between = Between { before: content(&before), sent: content(&sent) };
    let lost = lost_of(Task::Change, &between);
    assert_eq!(fate(&lost, Some(&between), &adjusted(&sent), &rule), Fate::Taken);
    assert!(matches!(fate(&lost, Some(&between), &adjusted(&before), &rule), Fate::Untold { .. }));
}

/// The pairs of revisions that tell something apart, by what is to be done.
fn lost() -> Vec<(&'static str, Task, Value, Value)> {
    let change = |name, pointer, value: Value| (name, Task::Change, invoice(), with(&invoice(), pointer, &value));
    let pays = |invoices: Value| with(&payment(), "/applied_to", &invoices);
    let address = json!({ "line1": "1 Pier", "city": "Ridgeline" });
    vec![
        change("change of the date", "/date", json!("2026-11-05")),
        change("change of the memo", "/memo", json!("Call first")),
        ("change that takes the memo away", Task::Change, with(&invoice(), "/memo", &json!("Call first")), invoice()),
        change("change of an amount", "/lines/0/amount", json!("260.00")),
        ("change of what is taxed", Task::Change, taxed("26.40", "356.40", true), taxed("6.40", "336.40", false)),
        change("change of a class", "/lines/0/class", json!("North")),
        change("change of a rate alone", "/lines/0/rate", json!("125.00")),
        change("first address", "/customer/billing_address", address.clone()),
        (
            "change of the address",
            Task::Change,
            with(&invoice(), "/customer/billing_address", &address),
            with(&invoice(), "/customer/billing_address", &json!({ "line1": "2 Pier", "city": "Ridgeline" })),
        ),
        ("nothing, written over once more", Task::Change, invoice(), invoice()),
        (
            "change of a payment's amount",
            Task::Change,
            payment(),
            pays(json!([{ "invoice": "inv-1", "amount": "90.00" }])),
        ),
        (
            "change of the invoice it pays",
            Task::Change,
            payment(),
            pays(json!([{ "invoice": "inv-2", "amount": "100.00" }])),
        ),
        ("void", Task::Void, invoice(), invoice()),
        ("void of an invoice of nothing", Task::Void, nothing(), nothing()),
        ("deletion", Task::Delete, invoice(), invoice()),
        ("deletion of a payment", Task::Delete, payment(), payment()),
    ]
}

/// What QuickBooks may have by the time that it is asked.
fn standings(task: Task, before: &Value, sent: &Value) -> Vec<(&'static str, Reread)> {
    let otherwise = with(before, "/date", &json!("2026-12-24"));
    let mut standings = vec![
        ("untouched", standing(before, "100")),
        ("before, touched", standing(before, "101")),
        ("changed there", standing(&otherwise, "101")),
        ("voided", standing(&voided(before), "101")),
        ("gone", Reread::Gone),
    ];
    if task == Task::Change {
        standings.insert(1, ("as sent", standing(sent, "101")));
    }
    standings
}

fn told(fate: &Fate) -> String {
    match fate {
        Fate::Taken => "taken: settled".to_owned(),
        Fate::NotTaken => "not taken: sent again".to_owned(),
        Fate::Gone(_) => "gone".to_owned(),
        Fate::Untold { cause, .. } => {
            let about = cause.text.split_once("the change: ").or(cause.text.split_once("the void: "));
            let fields = about.and_then(|(_, rest)| rest.split_once(". Nothing")).map_or("", |(fields, _)| fields);
            format!("a person decides: {fields}")
        }
    }
}

/// What happens to a document between the request that got lost and the look-up.
#[derive(Debug, Clone)]
enum Deed {
    /// QuickBooks executes what was sent.
    Execute,
    /// Somebody changes a field there.
    Edit(&'static str, Value),
    Void,
    Delete,
}

proptest! {
    /// Nothing is sent again that QuickBooks took, nothing counts as taken that it does not have, and nobody is asked where
    /// nobody else touched the document.
    #[test]
    fn nothing_is_done_twice_and_nothing_counts_that_is_not_there(
        task in prop::sample::select(vec![Task::Change, Task::Void, Task::Delete]),
        revisions in (invoices(), invoices()),
        deeds in prop::collection::vec(deed(), 0..4),
    ) {
        let (before, mut sent) = revisions;
        if task != Task::Change {
            sent = before.clone();
        }
        let is_rewritten = task == Task::Change && before == sent;
        prop_assume!(!is_rewritten);
        let between = Between { before: content(&before), sent: content(&sent) };
        let mut document = Document::new(&before);
        deeds.iter().for_each(|deed| document.does(deed, task, &before, &sent));
        let fate = fate(&lost_of(task, &between), Some(&between), &document.reread(), &TaxDifference::Attention);
        match &fate {
            Fate::NotTaken => prop_assert!(!document.is_executed, "sent twice: {:?}", document),
            Fate::Taken => prop_assert!(document.has(task, &before, &sent), "counts and is not there: {:?}", document),
            Fate::Gone(_) => prop_assert!(document.content.is_none()),
            Fate::Untold { .. } => prop_assert!(document.is_edited, "somebody is asked for nothing: {:?}", document),
        }
        if !document.is_edited {
            prop_assert_eq!(fate, if document.is_executed { Fate::Taken } else { Fate::NotTaken });
        }
    }
}

#[derive(Debug)]
struct Document {
    /// `None` where it was deleted.
    content: Option<Value>,
    sequence: u32,
    is_executed: bool,
    is_edited: bool,
}

impl Document {
    fn new(content: &Value) -> Self {
        Self { content: Some(content.clone()), sequence: 100, is_executed: false, is_edited: false }
    }

    fn does(&mut self, deed: &Deed, task: Task, before: &Value, sent: &Value) {
        let Some(content) = self.content.clone() else { return };
        // The request bears the EditSequence of what was read; a void bears none.
        let is_refused = task == Task::Change && self.sequence != 100;
        let next = match deed {
            Deed::Execute if self.is_executed || is_refused => return,
            Deed::Execute => {
                self.is_executed = true;
                match task {
                    Task::Change => Some(merged(&content, before, sent)),
                    Task::Void => Some(voided(&content)),
                    Task::Delete => None,
                }
            }
            Deed::Edit(pointer, value) => Some(with(&content, pointer, value)),
            Deed::Void => Some(voided(&content)),
            Deed::Delete => None,
        };
        self.is_edited |= !matches!(deed, Deed::Execute);
        self.content = next;
        self.sequence += 1;
    }

    fn reread(&self) -> Reread {
        self.content.as_ref().map_or(Reread::Gone, |content| standing(content, &self.sequence.to_string()))
    }

    /// Whether it shows what the request was to make of it.
    fn has(&self, task: Task, before: &Value, sent: &Value) -> bool {
        match (task, &self.content) {
            (Task::Change, Some(content)) => merged(content, before, sent) == *content,
            (Task::Void, Some(content)) => voided(content) == *content,
            (Task::Delete, content) => content.is_none(),
            (Task::Change | Task::Void, None) => false,
        }
    }
}

const POINTERS: [&str; 5] = ["/date", "/number", "/memo", "/po_number", "/lines"];

/// What the change from `before` to `sent` makes of a document: it writes the fields that differ.
fn merged(content: &Value, before: &Value, sent: &Value) -> Value {
    let changed = POINTERS.into_iter().filter(|pointer| before.pointer(pointer) != sent.pointer(pointer));
    changed.fold(content.clone(), |content, pointer| {
        with(&content, pointer, sent.pointer(pointer).unwrap_or(&Value::Null))
    })
}

fn voided(content: &Value) -> Value {
    let mut voided = content.clone();
    if content.get("lines").is_none() {
        return with(&with(&voided, "/amount", &json!("0.00")), "/applied_to", &json!([]));
    }
    for line in voided.pointer_mut("/lines").and_then(Value::as_array_mut).into_iter().flatten() {
        *line = with(line, "/amount", &json!("0.00"));
    }
    voided
}

fn invoices() -> impl Strategy<Value = Value> {
    let optional = |texts: [&'static str; 2]| prop::option::of(prop::sample::select(texts.to_vec()));
    let line = (prop::sample::select(vec!["Labor", "Glass"]), 1..3_u32)
        .prop_map(|(item, amount)| json!({ "item": item, "amount": format!("{amount}.00") }));
    let lines = prop::collection::vec(line, 1..4);
    (1..4_u32, 1..3_u32, optional(["a", "b"]), optional(["PO 1", "PO 2"]), lines).prop_map(
        |(day, number, memo, po_number, lines)| {
            let sum: f64 = lines.iter().filter_map(|line| line["amount"].as_str()?.parse::<f64>().ok()).sum();
            json!({ "number": number.to_string(), "date": format!("2026-11-0{day}"), "memo": memo, "po_number": po_number,
                "customer": { "name": "Harbor Taxi" }, "lines": lines, "total": format!("{sum:.2}") })
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
    let text = |pointer, texts: [&str; 3]| {
        prop::sample::select(texts.map(|text| json!(text)).to_vec()).prop_map(move |text| Deed::Edit(pointer, text))
    };
    prop_oneof![
        4 => Just(Deed::Execute),
        1 => text("/date", ["2026-11-01", "2026-11-02", "2026-12-24"]),
        1 => text("/number", ["1", "2", "9"]),
        1 => text("/memo", ["a", "b", "Call first"]),
        1 => text("/po_number", ["PO 1", "PO 2", "PO 9"]),
        1 => Just(Deed::Edit("/lines", json!([{ "item": "Labor", "amount": "1.00" }]))),
        1 => Just(Deed::Void),
        1 => Just(Deed::Delete),
    ]
}

fn lost_of(task: Task, between: &Between) -> Sent {
    let posted = Posted { txn_id: "1A-1".to_owned(), edit_sequence: "100".to_owned(), revision: 1 };
    let content = &between.sent;
    let moment = "2026-11-02T12:00:00Z".parse().expect("a moment");
    let company = CompanyId::new(moment, &[7; 10]);
    Sent {
        record_id: RecordId::new(moment, &[8; 10]),
        mark: Mark::of(company, content.kind(), "inv-1"),
        kind: content.kind(),
        revision: 2,
        errand: if task == Task::Change { Errand::Mod(posted) } else { Errand::Void(posted) },
        change: Some(Box::new(SentChange {
            edit_sequence: "100".to_owned(),
            is_deletion: task == Task::Delete,
            pays: content.applied_to().iter().map(|part| (part.invoice.clone(), part.amount.e5())).collect(),
        })),
        number: content.number().to_owned(),
        customer: content.customer().name.clone(),
        date: content.date(),
        total_e5: content.amount().e5(),
        sales_tax_e5: 0,
        accepted_e5: 0,
    }
}

fn content(record: &Value) -> Content {
    let kind = if record.get("lines").is_some() { RecordKind::Invoice } else { RecordKind::Payment };
    Content::from_json(kind, &record.to_string()).expect("a record")
}

/// The document that says what the record says.
fn standing(record: &Value, edit_sequence: &str) -> Reread {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let e5 = |value: &Value| value.as_str().and_then(|text| text.parse::<f64>().ok()).map(|it| (it * 1e5) as i64);
    let lines = record.pointer("/lines").and_then(Value::as_array).cloned().unwrap_or_default();
    let line = |line: &Value| {
        json!({ "txn_line_id": "1", "is_group": false, "item": line["item"], "description": "", "quantity": "",
            "class": line["class"].as_str().unwrap_or_default(), "amount_e5": e5(&line["amount"]) })
    };
    let address = record.pointer("/customer/billing_address").and_then(Value::as_object);
    let name = address.map(|_| text("/customer/name"));
    let address = address.into_iter().flat_map(|address| address.values()).filter_map(Value::as_str).map(str::to_owned);
    let bill_address = name.into_iter().chain(address).collect::<Vec<_>>().join("\n");
    let applied = record.pointer("/applied_to").and_then(Value::as_array).cloned().unwrap_or_default();
    let applied: Vec<Value> = applied.iter().map(|part| json!([part["invoice"], e5(&part["amount"])])).collect();
    let standing = json!({
        "edit_sequence": edit_sequence, "customer": text("/customer/name"), "number": text("/number"),
        "date": text("/date"), "due_date": null, "terms": "", "po_number": text("/po_number"), "memo": text("/memo"),
        "bill_address": bill_address, "total_e5": record.get("total").and_then(e5),
        "tax_item": text("/sales_tax/item"), "lines": lines.iter().map(line).collect::<Vec<_>>(),
        "amount_e5": record.get("amount").and_then(e5), "method": "", "deposit_to": "", "applied": applied,
    });
    let standing: Standing = serde_json::from_value(standing).expect("a document");
    Reread::Standing(Box::new(standing))
}

fn invoice() -> Value {
    json!({ "number": "1", "date": "2026-11-02", "customer": { "name": "Harbor Taxi" },
        "lines": [{ "item": "Glass", "amount": "250.00" }, { "item": "Labor", "amount": "80.00" }], "total": "330.00" })
}

fn taxed(tax: &str, total: &str, is_glass_taxed: bool) -> Value {
    let invoice = with(&invoice(), "/sales_tax", &json!({ "item": "State Tax", "amount": tax }));
    with(&with(&invoice, "/lines/0/taxable", &json!(is_glass_taxed)), "/total", &json!(total))
}

fn nothing() -> Value {
    with(&voided(&invoice()), "/total", &json!("0.00"))
}

fn payment() -> Value {
    json!({ "number": "77", "date": "2026-11-03", "customer": { "name": "Harbor Taxi" }, "amount": "100.00",
        "applied_to": [{ "invoice": "inv-1", "amount": "100.00" }] })
}

/// The record with another value at the pointer, a payment with the amount of what it pays.
fn with(record: &Value, pointer: &str, value: &Value) -> Value {
    let mut other = record.clone();
    let (parent, member) = pointer.rsplit_once('/').expect("a pointer");
    let parent = other.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    parent.insert(member.to_owned(), value.clone());
    if pointer == "/applied_to"
        && let Some(amount) = value.pointer("/0/amount")
    {
        other["amount"] = amount.clone();
    }
    other
}
