use bookferry_store::Compared;
use bookferry_sync::company::Settings;
use bookferry_sync::reconciliation::Difference;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{BOTH, Office, On};

const E5: i64 = 100_000;

#[test]
fn a_day_says_what_was_submitted_what_quickbooks_has_and_what_differs() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=6);
        office.visit();
        let unseen = invoices(&office);
        assert_eq!((unseen.submitted, unseen.submitted_e5), (6, 750 * E5), "{on:?}");
        assert_eq!((unseen.unseen, unseen.unseen_e5, unseen.there), (6, 750 * E5, 0), "{on:?}: nobody has looked yet");
        edit(&mut office, 1, "<TxnDate>2026-11-20</TxnDate>", "");
        void(&mut office, 2);
        delete(&mut office, 3);
        edit(&mut office, 4, "", "<Amount>100.00</Amount>");
        pay_there(&mut office, 5, "40.00");
        pay_here(&mut office, 6, "125.00");
        look(&mut office);
        let seen = invoices(&office);
        let differences =
            [(Difference::Deleted, 1), (Difference::Voided, 1), (Difference::Amount, 1), (Difference::Date, 1)];
        assert_eq!(seen.differences, differences.into(), "{on:?}");
        assert_eq!((seen.submitted, seen.submitted_e5, seen.unseen), (6, 750 * E5, 0), "{on:?}");
        assert_eq!(
            (seen.there, seen.there_e5),
            (5, (750 - 2 * 125 - 25) * E5),
            "{on:?}: the voided one has nothing on it"
        );
        assert_eq!((seen.differing, seen.waiting), (4, 4), "{on:?}");
        assert_eq!((seen.paid_there, seen.paid_there_e5), (1, 40 * E5), "{on:?}: our own payment explains the other");
        let date = "2026-11-02".parse().expect("a date");
        let differing = office.wait_for(office.store.differing(office.company, date, date, 10)).expect("records");
        let told: Vec<_> =
            differing.iter().map(|it| (it.line.number.as_str(), it.there_e5.map(|e5| e5 / E5))).collect();
        assert_eq!(told, [("1", Some(125)), ("2", Some(0)), ("3", None), ("4", Some(100))], "{on:?}");
        let payments = compared(&office, RecordKind::Payment);
        assert_eq!((payments.submitted, payments.there_e5, payments.differing), (1, 125 * E5, 0), "{on:?}");
    }
}

#[test]
fn what_a_person_left_as_it_is_still_explains_the_sums() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=3);
        office.visit();
        edit(&mut office, 1, "", "<Amount>100.00</Amount>");
        delete(&mut office, 2);
        edit(&mut office, 3, "<TxnDate>2026-11-20</TxnDate>", "");
        look(&mut office);
        for number in [1, 2] {
            office.happens(office.line(number).id, Event::KeepQuickBooks);
        }
        office.happens(office.line(3).id, Event::SendChange);
        office.visit();
        look(&mut office);
        let kept = invoices(&office);
        assert_eq!((kept.submitted_e5, kept.there_e5), (375 * E5, 225 * E5), "{on:?}");
        assert_eq!(
            kept.differences,
            [(Difference::Deleted, 1), (Difference::Amount, 1)].into(),
            "{on:?}: one was sent anew"
        );
        assert_eq!((kept.differing, kept.waiting), (2, 0), "{on:?}: but nobody has to look at them");
    }
}

#[test]
fn a_night_shows_what_was_paid_there_by_the_payment_alone() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=2);
        office.visit();
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        assert_eq!((invoices(&office).there, invoices(&office).paid_there), (2, 0), "{on:?}");
        office.pass(SignedDuration::from_hours(30));
        pay_there(&mut office, 1, "125.00");
        office.visit();
        let paid = invoices(&office);
        assert_eq!((paid.paid_there, paid.paid_there_e5), (1, 125 * E5), "{on:?}");
        assert_eq!(office.count(Status::NeedsAttention), 0, "{on:?}: it is no fault");
    }
}

/// Whether QuickBooks counts an invoice as changed whose payment went is not written anywhere.
#[test]
fn a_night_shows_that_money_taken_there_is_gone_or_went_elsewhere() {
    for on in BOTH {
        for is_invoice_touched in [false, true] {
            let mut office = Office::open(on, Settings::default());
            office.release(1..=3);
            office.visit();
            pay_there(&mut office, 1, "125.00");
            office.pass(SignedDuration::from_hours(25));
            office.visit();
            office.pass(SignedDuration::from_hours(30));
            pay_there(&mut office, 2, "40.00");
            office.visit();
            let paid = invoices(&office);
            assert_eq!((paid.paid_there, paid.paid_there_e5), (2, 165 * E5), "{on:?}: seen by both ways");
            office.pass(SignedDuration::from_hours(30));
            delete_payment_of(&mut office, 1);
            move_payment(&mut office, 2, 3, "40.00");
            for number in [1, 2].into_iter().filter(|_| is_invoice_touched) {
                edit(&mut office, number, "<TxnDate>2026-11-02</TxnDate>", "");
            }
            office.visit();
            let left = invoices(&office);
            let told = format!("{on:?}, touched {is_invoice_touched}");
            assert_eq!((left.paid_there, left.paid_there_e5), (1, 40 * E5), "{told}");
            office.pass(SignedDuration::from_hours(30));
            delete_payment_of(&mut office, 3);
            office.visit();
            assert_eq!(invoices(&office).paid_there, 0, "{told}");
            assert_eq!(office.count(Status::NeedsAttention), 0, "{told}: it is no fault");
            // Its invoice, and those of which QuickBooks said that they were changed last.
            assert_eq!(latest_compared(&office), if is_invoice_touched { 3 } else { 1 }, "{told}");
        }
    }
}

#[test]
fn what_was_voided_at_the_applications_word_is_on_neither_side() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=2);
        office.visit();
        office.void("inv-1");
        office.happens(office.line(1).id, Event::SendChange);
        office.visit();
        look(&mut office);
        let seen = invoices(&office);
        assert_eq!((seen.submitted, seen.there, seen.unseen, seen.differing), (1, 1, 0, 0), "{on:?}: {seen:?}");
        assert_eq!((seen.submitted_e5, seen.there_e5), (125 * E5, 125 * E5), "{on:?}");
    }
}

#[test]
fn what_an_older_copy_of_the_company_file_lacks_is_missing_and_not_deleted() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=2);
        office.visit();
        let older = office.file.snapshot();
        office.release(3..=3);
        office.visit();
        office.file = older;
        look(&mut office);
        let seen = invoices(&office);
        assert_eq!(seen.differences, [(Difference::Missing, 1)].into(), "{on:?}");
        assert_eq!((seen.submitted, seen.there, seen.waiting), (3, 2, 1), "{on:?}");
    }
}

#[test]
fn each_customer_of_a_day_is_told_apart() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.release(1..=2);
        let json = r#"{"number":"3","date":"2026-11-02","customer":{"name":"Lawn Depot"},
            "lines":[{"item":"Windshield","quantity":"1","rate":"10.00","amount":"10.00"}],"total":"10.00"}"#;
        let id = office.take_in(3, json);
        office.happens(id, Event::MarkReady);
        office.visit();
        look(&mut office);
        let date = "2026-11-02".parse().expect("a date");
        let customers = office.wait_for(office.store.compared_by_customer(office.company, date, date)).expect("sums");
        let told: Vec<_> =
            customers.iter().map(|((_, name, _), it)| (name.as_str(), it.submitted, it.there_e5)).collect();
        assert_eq!(told, [("Harbor Taxi", 2, 250 * E5), ("Lawn Depot", 1, 10 * E5)], "{on:?}");
        let newest = office.wait_for(office.store.newest_submitted_date(office.company)).expect("a date");
        assert_eq!(newest, Some(date), "{on:?}");
    }
}

#[test]
fn the_page_and_its_csv_show_the_day_the_customers_and_what_differs() {
    let mut office = Office::open(On::Sqlite, Settings::default());
    office.release(1..=2);
    let json = r#"{"number":"3","date":"2026-11-02","customer":{"name":"=1+1"},
        "lines":[{"item":"Windshield","quantity":"1","rate":"10.00","amount":"10.00"}],"total":"10.00"}"#;
    let id = office.take_in(3, json);
    office.happens(id, Event::MarkReady);
    office.visit();
    edit(&mut office, 1, "", "<Amount>100.00</Amount>");
    look(&mut office);
    let dana = Bookkeeper::sign_in(&office);
    let month = dana.read(&office, "lists/reconciliation");
    for shown in [
        "November 2026",
        "?day=2026-11-02",
        "3 \u{b7} $260.00",
        "3 \u{b7} $235.00",
        "-$25.00",
        "1 amount changed",
        "1 waits",
    ] {
        assert!(month.contains(shown), "{shown}: {month}");
    }
    let day = dana.read(&office, "lists/reconciliation?day=2026-11-02");
    for shown in ["Harbor Taxi", "2 \u{b7} $250.00", "invoice 1", "125.00", "100.00", "Needs Attention"] {
        assert!(day.contains(shown), "{shown}: {day}");
    }
    let csv = dana.read(&office, "lists/reconciliation.csv?month=2026-11");
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert_eq!(
        rows,
        [
            "2026-11-02,'=1+1,invoice,1,10.00,1,10.00,0,0,0,0,0,0,0,0,0,0,0,0.00,0,0.00",
            "2026-11-02,Harbor Taxi,invoice,2,250.00,2,225.00,0,0,0,1,0,0,0,0,1,1,0,0.00,0,0.00"
        ]
    );
    let empty = dana.read(&office, "lists/reconciliation?month=2019-01");
    assert!(empty.contains("Nothing dated in January 2019 was submitted."), "{empty}");
}

fn invoices(office: &Office) -> Compared {
    compared(office, RecordKind::Invoice)
}

/// Of the one day on which all of these documents are.
fn compared(office: &Office, kind: RecordKind) -> Compared {
    let (from, to) = ("2026-11-01".parse().expect("a date"), "2026-11-30".parse().expect("a date"));
    let days = office.wait_for(office.store.compared_by_day(office.company, from, to)).expect("sums");
    let of_kind: Vec<_> = days.into_iter().filter(|((_, of), _)| *of == kind).collect();
    assert!(of_kind.len() <= 1, "{of_kind:?}");
    of_kind.into_iter().next().map(|(_, compared)| compared).unwrap_or_default()
}

fn look(office: &mut Office) {
    office.reconcile();
    office.visit();
}

fn shown(office: &mut Office, number: u32) -> String {
    office.in_quickbooks(&format!(
        "<InvoiceQueryRq><RefNumber>{number}</RefNumber><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>"
    ))
}

fn text(xml: &str, element: &str) -> String {
    let (_, rest) = xml.split_once(&format!("<{element}>")).expect("the element");
    rest.split_once('<').expect("its end").0.to_owned()
}

fn txn_id(office: &mut Office, number: u32) -> String {
    text(&shown(office, number), "TxnID")
}

/// Somebody changes fields of the invoice, and of its only line.
fn edit(office: &mut Office, number: u32, fields: &str, of_line: &str) {
    let shown = shown(office, number);
    let [txn_id, sequence, line] = ["TxnID", "EditSequence", "TxnLineID"].map(|element| text(&shown, element));
    office.in_quickbooks(&format!(
        "<InvoiceModRq><InvoiceMod><TxnID>{txn_id}</TxnID><EditSequence>{sequence}</EditSequence>{fields}\
         <InvoiceLineMod><TxnLineID>{line}</TxnLineID>{of_line}</InvoiceLineMod></InvoiceMod></InvoiceModRq>"
    ));
}

fn void(office: &mut Office, number: u32) {
    let txn_id = txn_id(office, number);
    office.in_quickbooks(&format!("<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>{txn_id}</TxnID></TxnVoidRq>"));
}

fn delete(office: &mut Office, number: u32) {
    let txn_id = txn_id(office, number);
    office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
}

/// Somebody takes money at the desk, of which Bookferry knows nothing.
fn pay_there(office: &mut Office, number: u32, amount: &str) {
    let txn_id = txn_id(office, number);
    office.in_quickbooks(&format!(
        "<ReceivePaymentAddRq><ReceivePaymentAdd><CustomerRef><FullName>Harbor Taxi</FullName></CustomerRef>\
         <TotalAmount>{amount}</TotalAmount><AppliedToTxnAdd><TxnID>{txn_id}</TxnID><PaymentAmount>{amount}</PaymentAmount>\
         </AppliedToTxnAdd></ReceivePaymentAdd></ReceivePaymentAddRq>"
    ));
}

fn payment_of(office: &mut Office, number: u32) -> String {
    let txn_id = txn_id(office, number);
    let shown = office.in_quickbooks(&format!(
        "<InvoiceQueryRq><TxnID>{txn_id}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>"
    ));
    let (_, linked) = shown.split_once("<LinkedTxn>").expect("a payment");
    text(linked, "TxnID")
}

fn delete_payment_of(office: &mut Office, number: u32) {
    let txn_id = payment_of(office, number);
    office
        .in_quickbooks(&format!("<TxnDelRq><TxnDelType>ReceivePayment</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
}

/// Somebody has the payment pay another invoice.
fn move_payment(office: &mut Office, from: u32, to: u32, amount: &str) {
    let (payment, from, to) = (payment_of(office, from), txn_id(office, from), txn_id(office, to));
    let shown =
        office.in_quickbooks(&format!("<ReceivePaymentQueryRq><TxnID>{payment}</TxnID></ReceivePaymentQueryRq>"));
    office.in_quickbooks(&format!(
        "<ReceivePaymentModRq><ReceivePaymentMod><TxnID>{payment}</TxnID><EditSequence>{}</EditSequence>\
         <AppliedToTxnMod><TxnID>{from}</TxnID><PaymentAmount>0.00</PaymentAmount></AppliedToTxnMod>\
         <AppliedToTxnMod><TxnID>{to}</TxnID><PaymentAmount>{amount}</PaymentAmount></AppliedToTxnMod>\
         </ReceivePaymentMod></ReceivePaymentModRq>",
        text(&shown, "EditSequence")
    ));
}

fn latest_compared(office: &Office) -> u64 {
    office.reconciliations().first().map_or(0, |latest| latest.compared)
}

fn pay_here(office: &mut Office, number: u32, amount: &str) {
    let json = format!(
        r#"{{"number":"9{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},"method":"Check",
        "amount":"{amount}","applied_to":[{{"invoice":"inv-{number}","amount":"{amount}"}}]}}"#
    );
    let id = office.hand_over_as(RecordKind::Payment, &format!("pay-{number}"), &json);
    office.happens(id, Event::MarkReady);
    office.visit();
    assert_eq!(office.record(id).record.line.state.status(), Status::Submitted);
}
