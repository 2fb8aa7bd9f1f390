//! What the words of `bookferry simulate --edit` do in QuickBooks, as the lists and the comparisons see it.

use bookferry_store::{Choice, ChosenEntry};
use bookferry_sync::cause::{Remedy, catalogue};
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Event, Status};
use bookferry_sync::submission_row::StateRow;
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{BOTH, Office, On};

#[test]
fn a_merged_customer_leaves_the_list_and_what_names_them_is_linked_to_the_one_that_stays() {
    for on in BOTH {
        let mut office = merged(on, Settings { create: Vec::new(), ..Settings::default() });
        let names = office.names(ListKind::Customer, "smith");
        assert_eq!(names, [("Smith, John".to_owned(), true)], "{on:?}");
        office.reconcile();
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}: nobody touched the invoice itself");
        let dana = Bookkeeper::sign_in(&office);
        let invoice = invoice(&mut office, 2, "Smith");
        let mapped = self::invoice(&mut office, 3, "J. Smith");
        let payment = payment(&mut office, "125.00");
        office.visit();
        assert_eq!(code(&office, invoice), "customers_missing", "{on:?}");
        assert_eq!(code(&office, payment), "customers_missing", "{on:?}");
        assert_eq!(code(&office, mapped), "customers_mapping_gone", "{on:?}");
        for (id, name) in [(invoice, "Smith"), (mapped, "J. Smith")] {
            let code = code(&office, id);
            let remedy = catalogue().iter().find(|entry| entry.code == code).expect("it is known").remedies[0];
            let fields = [("list", "customers"), ("name", name), ("entry", ""), ("other", "Smith, John")];
            dana.mend(&office, remedy, id, &fields);
        }
        dana.mend(&office, Remedy::Retry, payment, &[]);
        next_visit_submits(&mut office, on, &[invoice, mapped, payment]);
        assert_eq!(office.file.report().customers, 1, "{on:?}: nobody was made anew");
    }
}

/// A company that lets customers be created would make the merged one anew, whose payment the other's invoice refuses.
#[test]
fn a_payment_for_a_merged_customers_invoice_makes_nobody_anew() {
    for on in BOTH {
        let mut office = merged(on, Settings::default());
        let payment = payment(&mut office, "125.00");
        office.visit();
        lacks_the_customer(&office, on, payment, "merged it with another");
        let dana = Bookkeeper::sign_in(&office);
        let fields = [("list", "customers"), ("name", "Smith"), ("entry", ""), ("other", "Smith, John")];
        dana.mend(&office, Remedy::Link, payment, &fields);
        next_visit_submits(&mut office, on, &[payment]);
        assert_eq!(office.file.report().customers, 1, "{on:?}");
    }
}

/// The same of an invoice: a company that lets customers be created has this one created once a person wants it.
#[test]
fn an_invoice_for_a_merged_customer_makes_nobody_anew_unless_a_person_wants_it() {
    for on in BOTH {
        let mut office = merged(on, Settings::default());
        let invoice = invoice(&mut office, 2, "Smith");
        office.visit();
        lacks_the_customer(&office, on, invoice, "merged it with another");
        assert_eq!(office.file.report().customers, 1, "{on:?}");
        let dana = Bookkeeper::sign_in(&office);
        let fields = [("list", "customers"), ("name", "Smith")];
        dana.mend(&office, Remedy::Create, invoice, &fields);
        dana.undo(&office, invoice);
        dana.mend(&office, Remedy::Retry, invoice, &[]);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        assert_eq!(code(&office, invoice), "customers_missing", "{on:?}: taken back");
        dana.mend(&office, Remedy::Create, invoice, &fields);
        next_visit_submits(&mut office, on, &[invoice]);
        assert_eq!(office.file.report().customers, 2, "{on:?}");
    }
}

/// Neither a change nor a void writes the customer, whatever became of them.
#[test]
fn a_change_and_a_void_of_a_merged_customers_invoice_make_nobody_anew() {
    for on in BOTH {
        let mut office = merged(on, Settings::default());
        let json = r#"{"number":"1","date":"2026-11-02","customer":{"name":"Smith"},"memo":"Call first",
            "lines":[{"item":"Windshield","amount":"125.00"}],"total":"125.00"}"#;
        let id = office.take_in(1, json);
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}");
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(office.line(1).state.status(), Status::Submitted, "{on:?}");
        let shown = office.in_quickbooks("<InvoiceQueryRq><RefNumber>1</RefNumber></InvoiceQueryRq>");
        assert!(shown.contains("<Subtotal>0.00</Subtotal>"), "{on:?}: {shown}");
        assert_eq!(office.file.report().customers, 1, "{on:?}");
    }
}

/// Its old name would be free for another one; the record says what it is called now.
#[test]
fn an_invoice_for_a_renamed_customer_makes_nobody_anew() {
    for on in BOTH {
        let mut office = merged(on, Settings::default());
        does(&mut office, "rename customer Smith, John to Smith & Sons");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let invoice = invoice(&mut office, 2, "Smith, John");
        office.visit();
        lacks_the_customer(&office, on, invoice, "is called \u{201c}Smith & Sons\u{201d} there now");
        let dana = Bookkeeper::sign_in(&office);
        let page = dana.ask(&office, Remedy::Link, invoice);
        assert!(page.contains("selected>Smith &#38; Sons (its name now)</option>"), "{on:?}: {page}");
        let fields = [("list", "customers"), ("name", "Smith, John"), ("entry", ""), ("other", "Smith & Sons")];
        dana.mend(&office, Remedy::Link, invoice, &fields);
        next_visit_submits(&mut office, on, &[invoice]);
        assert_eq!(office.file.report().customers, 1, "{on:?}");
    }
}

#[test]
fn an_amount_that_somebody_changes_is_seen_by_the_next_comparison() {
    for on in BOTH {
        let mut office = merged(on, Settings::default());
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        does(&mut office, "change invoice 1 amount 250.00");
        office.pass(SignedDuration::from_hours(25));
        office.visit();
        let state = StateRow::from(&office.line(1).state);
        assert_eq!(state.cause_code.as_deref(), Some("changed_in_quickbooks"), "{on:?}: {state:?}");
        let invoice = office.line(1).id;
        office.happens(invoice, Event::SendChange);
        office.visit();
        assert_eq!(code(&office, invoice), "customers_missing", "{on:?}: all of it is ours, the customer too");
        let fields = [("list", "customers"), ("name", "Smith"), ("entry", ""), ("other", "Smith, John")];
        Bookkeeper::sign_in(&office).mend(&office, Remedy::Link, invoice, &fields);
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let shown = office.in_quickbooks("<InvoiceQueryRq><RefNumber>1</RefNumber></InvoiceQueryRq>");
        assert!(shown.contains("<Subtotal>125.00</Subtotal>"), "{on:?}: {shown}");
    }
}

/// An office that has sent an invoice for Smith, whom somebody has merged into Smith, John since, and read its lists again.
fn merged(on: On, settings: Settings) -> Office {
    let mut office = Office::open(on, settings);
    for deed in ["add customer Smith", "add customer Smith, John", "add item Windshield"] {
        does(&mut office, deed);
    }
    office.visit();
    let entry = ChosenEntry::FullName("Smith".to_owned());
    office.map(&[Choice { list: ListKind::Customer, name: "J. Smith".to_owned(), entry }]);
    let id = invoice(&mut office, 1, "Smith");
    office.visit();
    assert_eq!(office.record(id).record.line.state.status(), Status::Submitted, "{on:?}");
    does(&mut office, "merge customer Smith into Smith, John");
    office.pass(SignedDuration::from_hours(25));
    office.visit();
    office
}

fn lacks_the_customer(office: &Office, on: On, id: RecordId, because: &str) {
    let state = StateRow::from(&office.record(id).record.line.state);
    assert_eq!(state.cause_code.as_deref(), Some("customers_missing"), "{on:?}: {state:?}");
    assert!(state.cause_text.as_ref().is_some_and(|text| text.contains(because)), "{on:?}: {state:?}");
}

fn next_visit_submits(office: &mut Office, on: On, ids: &[RecordId]) {
    office.pass(SignedDuration::from_mins(10));
    office.visit();
    for &id in ids {
        let state = office.record(id).record.line.state;
        assert_eq!(state.status(), Status::Submitted, "{on:?}: {state:?}");
    }
}

fn does(office: &mut Office, deed: &str) {
    let now = office.now();
    office.file.edit(&deed.parse().expect("a deed"), now).expect("done");
}

fn invoice(office: &mut Office, number: u32, customer: &str) -> RecordId {
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"{customer}"}},
            "lines":[{{"item":"Windshield","amount":"125.00"}}],"total":"125.00"}}"#
    );
    let id = office.take_in(number, &json);
    office.happens(id, Event::MarkReady);
    id
}

fn payment(office: &mut Office, amount: &str) -> RecordId {
    let json = format!(
        r#"{{"number":"881","date":"2026-11-05","customer":{{"name":"Smith"}},"amount":"{amount}",
            "applied_to":[{{"invoice":"inv-1","amount":"{amount}"}}]}}"#
    );
    let id = office.hand_over_as(RecordKind::Payment, "pay-1", &json);
    office.happens(id, Event::MarkReady);
    id
}

fn code(office: &Office, id: RecordId) -> String {
    StateRow::from(&office.record(id).record.line.state).cause_code.unwrap_or_default()
}
