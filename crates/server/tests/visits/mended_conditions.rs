//! Conditions of the books and of records that make one wait: each brought about, mended by its button, and submitted.

use bookferry_sync::cause::Remedy;
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};
use bookferry_sync::submission_row::StateRow;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::bookkeeper::Bookkeeper;
use crate::office::{BOTH, Office, On};

const INCOME: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

type Fields = &'static [(&'static str, &'static str)];

/// What is wrong with a record, and the button that mends it.
struct Case {
    code: &'static str,
    kind: RecordKind,
    /// What the record says otherwise than others.
    says: fn() -> Value,
    remedy: Remedy,
    fields: Fields,
}

#[test]
fn what_is_wrong_with_a_record_is_mended_by_a_button_and_the_record_submitted() {
    let mut office = open(On::Sqlite);
    let dana = Bookkeeper::sign_in(&office);
    for (number, case) in (1..).zip(CASES) {
        let id = hand_over(&mut office, number, case.kind, (case.says)());
        office.happens(id, Event::MarkReady);
        office.visit();
        mend(&mut office, &dana, id, case);
    }
    assert_eq!(office.file.report().duplicates, Vec::new());
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    invoice("items_missing", || json!({ "lines": [line("Glass X")] }), Remedy::Link, &[("list", "items"), ("name", "Glass X"), ("entry", ""), ("other", "Windshield")]),
    invoice("items_missing", || json!({ "lines": [line("Glass Y")] }), Remedy::Create, &[]),
    invoice("items_inactive", || json!({ "lines": [line("Old pane")] }), Remedy::Link, &[("list", "items"), ("name", "Old pane"), ("entry", ""), ("other", "Front pane")]),
    invoice("customers_inactive", || json!({ "customer": { "name": "Gone Taxi" } }), Remedy::Link, &[("list", "customers"), ("name", "Gone Taxi"), ("entry", ""), ("other", "Harbor Taxi")]),
    invoice("terms_missing", || json!({ "terms": "30 days net" }), Remedy::Link, &[("list", "terms"), ("name", "30 days net"), ("entry", ""), ("other", "Net 30")]),
    invoice("terms_missing", || json!({ "terms": "Net 45" }), Remedy::Create, &[]),
    payment("payment_methods_missing", || json!({ "method": "Card" }), Remedy::Link, &[("list", "payment_methods"), ("name", "Card"), ("entry", ""), ("other", "Visa")]),
    payment("payment_methods_missing", || json!({ "method": "Voucher" }), Remedy::Create, &[]),
    payment("accounts_missing", || json!({ "deposit_to": "Bank" }), Remedy::Link, &[("list", "accounts"), ("name", "Bank"), ("entry", ""), ("other", "Checking")]),
    invoice("sales_tax_items_missing", || json!({ "sales_tax": { "item": "VAT", "amount": "10.00" }, "total": "135.00" }), Remedy::Link, &[("list", "sales_tax_items"), ("name", "VAT"), ("entry", ""), ("other", "State Tax")]),
    invoice("classes_off", || json!({ "lines": [{ "item": "Windshield", "amount": "125.00", "class": "North" }] }), Remedy::Correct, &[("texts", "1"), ("/lines/0/class", "")]),
    invoice("date_closed", || json!({ "date": "2026-10-15" }), Remedy::Redate, &[("date", "2026-11-02")]),
    invoice("too_long", || json!({ "number": "2026-11-20-0022" }), Remedy::Shorten, &[]),
    invoice("line_break", || json!({ "number": "10\n42" }), Remedy::Correct, &[("texts", "1"), ("/number", "1042")]),
    invoice("colon", || json!({ "terms": "Net:30" }), Remedy::Correct, &[("texts", "1"), ("/terms", "Net 30")]),
    invoice("empty_name", || json!({ "lines": [line("Windshield:")] }), Remedy::Correct, &[("texts", "1"), ("/lines/0/item", "Windshield")]),
    invoice("unreadable", || json!({ "customer": { "name": "\u{6771}\u{4eac}" } }), Remedy::Correct, &[("texts", "1"), ("/customer/name", "Tokyo Taxi")]),
    invoice("amount_without_item", || json!({ "lines": [{ "description": "Glass", "amount": "125.00" }] }), Remedy::Correct, &[("texts", "1"), ("/lines/0/item", "Windshield")]),
    invoice("qb_3100", || json!({ "customer": { "name": "State Board of Equalization" } }), Remedy::Rename, &[("suffix", "(customer)")]),
];

const fn invoice(code: &'static str, says: fn() -> Value, remedy: Remedy, fields: Fields) -> Case {
    Case { code, kind: RecordKind::Invoice, says, remedy, fields }
}

const fn payment(code: &'static str, says: fn() -> Value, remedy: Remedy, fields: Fields) -> Case {
    Case { code, kind: RecordKind::Payment, says, remedy, fields }
}

#[test]
fn who_may_create_nothing_links_customers_and_what_was_mapped_to_what_is_gone_is_linked_anew() {
    for on in BOTH {
        let mut office = open(on);
        let dana = Bookkeeper::sign_in(&office);
        office.set_settings(&Settings { create: Vec::new(), ..Settings::default() });
        let id = hand_over(&mut office, 1, RecordKind::Invoice, json!({ "customer": { "name": "Harbour Cabs" } }));
        office.happens(id, Event::MarkReady);
        office.visit();
        let fields = &[("list", "customers"), ("name", "Harbour Cabs"), ("entry", ""), ("other", "Harbor Taxi")];
        mend(&mut office, &dana, id, &invoice("customers_missing", || Value::Null, Remedy::Link, fields));

        office
            .file
            .add_entry("ItemService", &format!("<Name>Short-lived</Name>{INCOME}"), office.now())
            .expect("an item");
        // The lists are read anew once a day.
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let entry = bookferry_store::ChosenEntry::FullName("Short-lived".to_owned());
        office.map(&[bookferry_store::Choice { list: ListKind::Item, name: "Pane".to_owned(), entry }]);
        office.file.delete_entry("ItemService", "Short-lived", office.now()).expect("it is gone");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let dana = Bookkeeper::again(&office);
        let id = hand_over(&mut office, 2, RecordKind::Invoice, json!({ "lines": [line("Pane")] }));
        office.happens(id, Event::MarkReady);
        office.visit();
        let fields = &[("list", "items"), ("name", "Pane"), ("entry", ""), ("other", "Front pane")];
        mend(&mut office, &dana, id, &invoice("items_mapping_gone", || Value::Null, Remedy::Relink, fields));

        let now = office.now();
        office
            .file
            .change_entry("ItemService", "Front pane", "<IsActive>false</IsActive>", now)
            .expect("put out of use");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let dana = Bookkeeper::again(&office);
        let id = hand_over(&mut office, 3, RecordKind::Invoice, json!({ "lines": [line("Pane")] }));
        office.happens(id, Event::MarkReady);
        office.visit();
        let fields = &[("list", "items"), ("name", "Pane"), ("entry", ""), ("other", "Windshield")];
        mend(&mut office, &dana, id, &invoice("items_mapping_inactive", || Value::Null, Remedy::Relink, fields));
    }
}

#[test]
fn a_payment_above_what_quickbooks_says_is_open_pays_just_that() {
    let mut office = open(On::Sqlite);
    let dana = Bookkeeper::sign_in(&office);
    let id = hand_over(&mut office, 1, RecordKind::Invoice, json!({}));
    office.happens(id, Event::MarkReady);
    office.visit();
    let txn_id = office.record(id).record.line.state.posted().expect("it is there").txn_id.clone();
    // Somebody takes a part of it at the desk, of which Bookferry knows nothing.
    office.in_quickbooks(&format!(
        "<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><FullName>Harbor Taxi</FullName></CustomerRef>\
         <TotalAmount>25.00</TotalAmount><AppliedToTxnAdd><TxnID>{txn_id}</TxnID><PaymentAmount>25.00</PaymentAmount>\
         </AppliedToTxnAdd></ReceivePaymentAdd></ReceivePaymentAddRq>"
    ));
    let says = json!({ "applied_to": [{ "invoice": "invoice-1", "amount": "125.00" }] });
    let id = hand_over(&mut office, 2, RecordKind::Payment, says);
    office.happens(id, Event::MarkReady);
    office.visit();
    mend(&mut office, &dana, id, &payment("qb_3210", || Value::Null, Remedy::ApplyOpen, &[]));
    let payments = &office.file.report().transactions["ReceivePayment"];
    assert_eq!((payments.total.as_str(), payments.open.as_str()), ("150.00", "25.00"), "the rest stays as credit");
}

#[test]
fn what_quickbooks_has_otherwise_is_sent_kept_or_read_again() {
    let mut office = open(On::Sqlite);
    let dana = Bookkeeper::sign_in(&office);
    let changed = |code, remedy| invoice(code, || Value::Null, remedy, &[]);
    let there = |office: &mut Office, number: u32, says: Value| {
        let id = hand_over(office, number, RecordKind::Invoice, says);
        office.happens(id, Event::MarkReady);
        office.visit();
        id
    };
    let id = there(&mut office, 1, json!({}));
    hand_over(&mut office, 1, RecordKind::Invoice, json!({ "po_number": "PO 7" }));
    mend(&mut office, &dana, id, &changed("updated", Remedy::SendChange));
    office.void("invoice-1");
    mend(&mut office, &dana, id, &changed("voided", Remedy::SendChange));

    let id =
        there(&mut office, 2, json!({ "sales_tax": { "item": "State Tax", "amount": "9.99" }, "total": "134.99" }));
    mend(&mut office, &dana, id, &changed("total_differs", Remedy::KeepQuickBooks));

    let id = there(&mut office, 3, json!({}));
    change_at_the_desk(&mut office, id, "<TxnDate>2026-11-10</TxnDate>");
    hand_over(&mut office, 3, RecordKind::Invoice, json!({ "date": "2026-11-05" }));
    office.happens(id, Event::SendChange);
    office.visit();
    mend(&mut office, &dana, id, &changed("changed_on_both_sides", Remedy::Resend));

    let id = there(&mut office, 4, json!({ "terms": "Net 30" }));
    hand_over(&mut office, 4, RecordKind::Invoice, json!({}));
    office.happens(id, Event::SendChange);
    office.visit();
    mend(&mut office, &dana, id, &changed("cannot_be_cleared", Remedy::KeepQuickBooks));

    let id = there(&mut office, 5, json!({}));
    let txn_id = office.record(id).record.line.state.posted().expect("it is there").txn_id.clone();
    office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
    hand_over(&mut office, 5, RecordKind::Invoice, json!({ "po_number": "PO 10" }));
    office.happens(id, Event::SendChange);
    office.visit();
    dana.mend(&office, Remedy::KeepQuickBooks, id, &[]);
    assert_eq!(
        office.record(id).record.line.state.status(),
        Status::Excluded,
        "it stays deleted, and is not made again"
    );
}

#[test]
fn what_quickbooks_cannot_read_and_what_is_not_carried_is_mended_too() {
    let mut office = open(On::Sqlite);
    let dana = Bookkeeper::sign_in(&office);
    office.poison = Some("<Memo>Poison</Memo>");
    let id = hand_over(&mut office, 1, RecordKind::Invoice, json!({ "memo": "Poison" }));
    office.happens(id, Event::MarkReady);
    office.visit();
    let fields = &[("texts", "1"), ("/memo", "Medicine")];
    mend(&mut office, &dana, id, &invoice("hresult_0x80040400", || Value::Null, Remedy::Correct, fields));

    let id = hand_over(&mut office, 2, RecordKind::Invoice, json!({ "currency": "EUR" }));
    office.happens(id, Event::MarkReady);
    office.visit();
    office.in_quickbooks(
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>Harbor Taxi</FullName></CustomerRef><RefNumber>E-2</RefNumber>\
         <InvoiceLineAdd><ItemRef><FullName>Windshield</FullName></ItemRef><Amount>140.00</Amount></InvoiceLineAdd>\
         </InvoiceAdd></InvoiceAddRq>",
    );
    let fields = &[("place", "E-2")];
    let case = invoice("currency_not_supported", || Value::Null, Remedy::AlreadyInQuickBooks, fields);
    mend(&mut office, &dana, id, &case);

    office.file.change_company(|company| company.charges_sales_tax = false).expect("switched off");
    let says = json!({ "sales_tax": { "item": "State Tax", "amount": "10.00" }, "total": "135.00" });
    let id = hand_over(&mut office, 3, RecordKind::Invoice, says);
    office.happens(id, Event::MarkReady);
    office.visit();
    office.file.change_company(|company| company.charges_sales_tax = true).expect("switched on");
    mend(&mut office, &dana, id, &invoice("sales_tax_off", || Value::Null, Remedy::Retry, &[]));
}

/// An office whose company may create customers only, and whose books have items, an inactive customer and an inactive item.
fn open(on: On) -> Office {
    let mut office = Office::open(on, Settings { create: vec![ListKind::Customer], ..Settings::default() });
    for item in ["Windshield", "Front pane", "Old pane"] {
        office.file.add_entry("ItemService", &format!("<Name>{item}</Name>{INCOME}"), office.now()).expect("an item");
    }
    for customer in ["Harbor Taxi", "Gone Taxi"] {
        office.file.add_entry("Customer", &format!("<Name>{customer}</Name>"), office.now()).expect("a customer");
    }
    let inactive = "<IsActive>false</IsActive>";
    office.file.change_entry("ItemService", "Old pane", inactive, office.now()).expect("inactive");
    office.file.change_entry("Customer", "Gone Taxi", inactive, office.now()).expect("inactive");
    let closing = "2026-10-31".parse().ok();
    office.file.change_company(|company| company.closing_date = closing).expect("the books are closed");
    office.visit();
    office
}

/// Presses the button of a record that waits for that cause, which is submitted afterwards.
fn mend(office: &mut Office, dana: &Bookkeeper, id: RecordId, case: &Case) {
    let row = StateRow::from(&office.record(id).record.line.state);
    let code = row.cause_code.clone().or(row.attention.clone()).unwrap_or_default();
    assert_eq!(code, case.code, "{row:?}");
    let told = dana.mend(office, case.remedy, id, case.fields);
    office.pass(SignedDuration::from_mins(10));
    office.visit();
    let state = office.record(id).record.line.state;
    assert_eq!(state.status(), Status::Submitted, "{} by {:?} ({told}): {state:?}", case.code, case.remedy);
}

/// Hands over what is usual, but for what this one says otherwise.
fn hand_over(office: &mut Office, number: u32, kind: RecordKind, says: Value) -> RecordId {
    let mut record = match kind {
        RecordKind::Invoice => json!({ "number": number.to_string(), "date": "2026-11-02",
            "customer": { "name": "Harbor Taxi" }, "lines": [line("Windshield")], "total": "125.00" }),
        RecordKind::Payment => json!({ "number": number.to_string(), "date": "2026-11-02",
            "customer": { "name": "Harbor Taxi" }, "amount": "125.00" }),
    };
    if let (Value::Object(record), Value::Object(says)) = (&mut record, says) {
        record.extend(says);
    }
    office.hand_over_as(kind, &format!("{}-{number}", kind.as_str()), &record.to_string())
}

fn line(item: &str) -> Value {
    json!({ "item": item, "amount": "125.00" })
}

fn change_at_the_desk(office: &mut Office, id: RecordId, fields: &str) {
    let posted = office.record(id).record.line.state.posted().expect("it is there").clone();
    office.in_quickbooks(&format!(
        "<InvoiceModRq><InvoiceMod><TxnID>{}</TxnID><EditSequence>{}</EditSequence>{fields}</InvoiceMod></InvoiceModRq>",
        posted.txn_id, posted.edit_sequence
    ));
}
