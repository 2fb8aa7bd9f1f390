//! Preflight with what is known of QuickBooks' lists and of the other records.

use bookferry_sync::company::{Books, Settings};
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::intake;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::plan::Knowledge;
use bookferry_sync::preflight::{
    Around, Finding, Namesake, PaidInvoice, PreflightContext, Severity, Surroundings, preflight,
};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;
use serde_json::{Value, json};

#[test]
fn a_list_that_was_read_tells_what_is_missing_inactive_and_yet_to_be_created() {
    let mut surroundings = Surroundings { lists_read: ListKind::ALL.into(), ..Surroundings::default() };
    knows(&mut surroundings, ListKind::Item, "Windshield", false);
    knows(&mut surroundings, ListKind::SalesTaxItem, "State Tax", true);
    insta::assert_snapshot!(told(&invoice(), &surroundings, Settings::default()), @r"
    WillBeRefused /terms [terms_missing] QuickBooks had no terms “Net 30” when its list was last read, and Bookferry does not create it here. Create it in QuickBooks under this name, or correct the name in your application.
    Note /customer/name [sub_entry] QuickBooks reads the colon as a step down: the job “Van 7” of “Harbor Taxi”. If that is not meant, take the colon out of the name.
    Note /customer/name [will_be_created] QuickBooks has no customer “Harbor Taxi:Van 7” yet. Bookferry will create it.
    WillBeRefused /lines/0/item [items_inactive] The item “Windshield” is inactive in QuickBooks. Make it active there, or name another in your application.
    ");
    let nothing = Settings { create: Vec::new(), ..Settings::default() };
    assert_eq!(
        refused(&invoice(), &surroundings, nothing),
        ["/terms terms_missing", "/customer/name customers_missing", "/lines/0/item items_inactive"]
    );
    knows(&mut surroundings, ListKind::Customer, "harbor taxi", false);
    let terms = Settings { create: vec![ListKind::Terms, ListKind::Customer], ..Settings::default() };
    assert_eq!(
        refused(&invoice(), &surroundings, terms),
        ["/customer/name customers_inactive", "/lines/0/item items_inactive"],
        "nothing is created under an inactive customer"
    );
}

#[test]
fn a_name_that_quickbooks_gave_somebody_else_is_told_before_the_customer_is_created() {
    for (list, what) in
        [(ListKind::Vendor, "a vendor"), (ListKind::Employee, "an employee"), (ListKind::OtherName, "an other name")]
    {
        let mut surroundings = Surroundings { lists_read: ListKind::ALL.into(), ..Surroundings::default() };
        knows(&mut surroundings, ListKind::Terms, "Net 30", true);
        knows(&mut surroundings, ListKind::Item, "Windshield", true);
        knows(&mut surroundings, ListKind::SalesTaxItem, "State Tax", true);
        assert_eq!(refused(&invoice(), &surroundings, Settings::default()), [""; 0]);
        knows(&mut surroundings, list, "HARBOR taxi", false);
        let message = warned(&invoice(), &surroundings);
        assert!(
            message.contains(&format!("by {what}, which is inactive")) && message.contains("[name_taken]"),
            "{message}"
        );
        let strict = Settings { create: Vec::new(), ..Settings::default() };
        assert_eq!(refused(&invoice(), &surroundings, strict), ["/customer/name customers_missing"]);
        knows(&mut surroundings, ListKind::Customer, "Harbor Taxi", true);
        assert_eq!(refused(&invoice(), &surroundings, Settings::default()), [""; 0], "the job goes under the customer");
    }
    let mut surroundings = Surroundings { lists_read: ListKind::ALL.into(), ..Surroundings::default() };
    knows(&mut surroundings, ListKind::Terms, "Net 30", true);
    knows(&mut surroundings, ListKind::SalesTaxItem, "State Tax", true);
    knows(&mut surroundings, ListKind::SalesTaxItem, "Windshield", true);
    insta::assert_snapshot!(warned(&invoice(), &surroundings), @"WillBeRefused /lines/0/item [name_taken] QuickBooks has no item “Windshield”, and cannot have one: the name is taken by a sales tax item. Say under Lists, Mappings which item it stands for, or have the sales tax item renamed in QuickBooks.");
}

#[test]
fn a_list_that_was_not_read_to_its_end_is_not_judged_by() {
    let mut surroundings = Surroundings { lists_read: [ListKind::Terms].into(), ..Surroundings::default() };
    knows(&mut surroundings, ListKind::Terms, "Net 30", true);
    knows(&mut surroundings, ListKind::Item, "Windshield", false);
    let nothing = Settings { create: Vec::new(), ..Settings::default() };
    assert_eq!(refused(&invoice(), &surroundings, nothing.clone()), Vec::<String>::new());
    let told = findings(&invoice(), &surroundings, nothing);
    let must_exist = told.iter().filter(|finding| finding.code == "must_exist");
    let fields: Vec<&str> = must_exist.map(|finding| finding.field.as_str()).collect();
    assert_eq!(fields, ["/customer/name", "/lines/0/item", "/sales_tax/item"]);
}

#[test]
fn an_entry_that_many_lines_name_is_told_of_once() {
    let surroundings = Surroundings { lists_read: [ListKind::Item].into(), ..Surroundings::default() };
    let mut many = invoice();
    let line = json!({"item": "Windshield", "amount": "0.00"});
    many["lines"] =
        json!([line, line, {"item": " WINDSHIELD ", "amount": "250.00"}, {"item": "Freight", "amount": "0.00"}]);
    let strict = Settings { create: Vec::new(), ..Settings::default() };
    assert_eq!(refused(&many, &surroundings, strict), ["/lines/0/item items_missing", "/lines/3/item items_missing"]);
}

#[test]
fn a_number_that_was_used_for_the_customer_is_told_with_where_it_is() {
    let mut surroundings = Surroundings::default();
    let namesake = Namesake { external_id: "inv-0".to_owned(), status: Status::Submitted };
    surroundings.namesakes.insert((RecordKind::Invoice, "me".to_owned()), namesake);
    surroundings.namesakes.insert(
        (RecordKind::Payment, "me".to_owned()),
        Namesake { external_id: "pay-0".to_owned(), status: Status::Unsent },
    );
    insta::assert_snapshot!(warned(&invoice(), &surroundings), @"Warning /number [number_used_twice] Your application has handed over another invoice with this number for this customer, as “inv-0”, and is in QuickBooks already. QuickBooks would take both. If they are the same invoice, press Do not send on one of them.");
    surroundings.namesakes.remove(&(RecordKind::Payment, "me".to_owned()));
    assert!(!warned(&payment(), &surroundings).contains("number_used_twice"), "an invoice's number is no payment's");
}

#[test]
fn a_payment_is_held_against_its_invoices() {
    let invoice = PaidInvoice {
        number: "1042".to_owned(),
        customer: "HARBOR  Taxi:Van 7".to_owned(),
        total: "270.00".parse().expect("an amount"),
        status: Status::Unsent,
        voided: false,
        paid_before_e5: 0,
    };
    let with = |invoice: PaidInvoice| {
        let mut surroundings = Surroundings::default();
        surroundings.invoices.insert(("me".to_owned(), "inv-1042".to_owned()), invoice);
        warned(&payment(), &surroundings)
    };
    assert_eq!(with(invoice.clone()), "", "a customer pays for their jobs, to the cent");
    insta::assert_snapshot!(with(PaidInvoice { paid_before_e5: 1_000, ..invoice.clone() }), @"WillBeRefused /applied_to/0/amount [more_than_open] 270.00 of this payment goes to invoice 1042, of which 269.99 is open, since earlier payments go to it too. QuickBooks takes no more than is open. Correct what goes to the invoice in your application; the rest may stay as the customer's credit.");
    insta::assert_snapshot!(with(PaidInvoice { voided: true, ..invoice.clone() }), @"WillBeRefused /applied_to/0/invoice [invoice_void] Invoice 1042 is void, so nothing can be paid on it. Correct the payment in your application.");
    insta::assert_snapshot!(with(PaidInvoice { status: Status::Excluded, ..invoice.clone() }), @"Warning /applied_to/0/invoice [invoice_excluded] Invoice 1042 is not to be sent, and the payment waits for it. Press Include on the invoice, or Do not send on this payment too.");
    insta::assert_snapshot!(with(PaidInvoice { customer: "Harbor Taxis".to_owned(), ..invoice }), @"WillBeRefused /applied_to/0/invoice [invoice_of_other_customer] Invoice 1042 is “Harbor Taxis”'s, and this payment is from “Harbor Taxi”. QuickBooks lets a customer pay their own invoices only. Correct the customer or the invoice in your application.");
    insta::assert_snapshot!(warned(&payment(), &Surroundings::default()), @"Warning /applied_to/0/invoice [invoice_unknown] The invoice “inv-1042” was not handed over yet, and the payment waits for it. Hand the invoice over, or correct its name in your application.");
}

fn knows(surroundings: &mut Surroundings, list: ListKind, name: &str, is_active: bool) {
    let entry = ListEntry {
        list,
        full_name: name.to_owned(),
        list_id: "80000001-1".to_owned(),
        is_active,
        facts: EntryFacts::default(),
    };
    surroundings.known.insert((list, NameKey::of(name)), Knowledge::Present(entry));
}

fn invoice() -> Value {
    json!({
        "number": "1042", "date": "2026-11-02", "terms": "Net 30", "customer": {"name": "Harbor Taxi:Van 7"},
        "lines": [{"item": "Windshield", "amount": "250.00"}],
        "sales_tax": {"item": "State Tax", "amount": "20.00"}, "total": "270.00"
    })
}

fn payment() -> Value {
    json!({
        "number": "881", "date": "2026-11-05", "customer": {"name": "Harbor Taxi"}, "amount": "270.00",
        "applied_to": [{"invoice": "inv-1042", "amount": "270.00"}]
    })
}

fn findings(record: &Value, surroundings: &Surroundings, settings: Settings) -> Vec<Finding> {
    let kind = if record.get("lines").is_some() { RecordKind::Invoice } else { RecordKind::Payment };
    let content = intake::content(kind, record, "USD").expect("a record that intake takes");
    let books = Books { taxable_code: Some("Tax".to_owned()), uses_classes: true, ..Books::default() };
    let around = Some(Around { external_id: "me", surroundings });
    preflight(
        &content,
        &PreflightContext { settings: &settings, books: Some(&books), home_currency: "USD", mapped: None, around },
    )
}

fn refused(record: &Value, surroundings: &Surroundings, settings: Settings) -> Vec<String> {
    let findings = findings(record, surroundings, settings).into_iter();
    let refused = findings.filter(|finding| finding.severity == Severity::WillBeRefused);
    refused.map(|finding| format!("{} {}", finding.field, finding.code)).collect()
}

/// All but the notes.
fn warned(record: &Value, surroundings: &Surroundings) -> String {
    let findings = findings(record, surroundings, Settings::default()).into_iter();
    findings.filter(|finding| finding.severity != Severity::Note).map(line).collect()
}

fn told(record: &Value, surroundings: &Surroundings, settings: Settings) -> String {
    findings(record, surroundings, settings).into_iter().map(line).collect()
}

fn line(finding: Finding) -> String {
    format!("{:?} {} [{}] {}\n", finding.severity, finding.field, finding.code, finding.message)
}
