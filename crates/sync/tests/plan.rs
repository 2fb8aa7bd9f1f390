//! From records that are ready to the message sets that carry them, and back from the answers.

use bookferry_qbxml::message_set::{MessageSetId, MessageSetRs, QbxmlVersion};
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::mapping::{MappedNames, Mappings, mapping_key};
use bookferry_sync::mark::Mark;
use bookferry_sync::need::{Need, needs};
use bookferry_sync::outcome::{self, Settlement};
use bookferry_sync::pace::Pace;
use bookferry_sync::plan::{self, Candidate, Knowledge, Known, PlannedSet};
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Errand, Event};
use jiff::Timestamp;

#[test]
fn unknown_names_are_looked_up_first() {
    let candidates = [candidate(1, INVOICE), candidate(2, PAYMENT)];
    let unknown = plan::unknown_needs(&candidates, &Known::new(), &Settings::default(), &books());
    insta::assert_snapshot!(xml(&plan::look_up(&unknown, id("lookup"))));
}

#[test]
fn what_is_missing_is_created_before_the_record_that_needs_it() {
    let candidates = [candidate(1, INVOICE)];
    let known = known(&candidates, &[(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax")]);
    let planning = write(&candidates, &known, &Settings::default());
    assert_eq!(planning.refused, []);
    insta::assert_snapshot!(xml(&planning.set.expect("a set")));
}

#[test]
fn a_set_ends_before_it_is_too_large_but_never_before_its_first_record() {
    let candidates = [candidate(1, INVOICE), candidate(2, INVOICE), candidate(3, INVOICE)];
    let known = known(&candidates, &[(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax")]);
    let requests = |requests_max| {
        let planning = plan::write(&candidates, requests_max, &known, &Settings::default(), &books(), id("set"), None);
        planning.set.expect("a set").purposes.len()
    };
    // The first invoice brings its customer, the account and the item along.
    assert_eq!([1, 4, 5, 6, 200].map(requests), [4, 4, 5, 6, 6]);
}

#[test]
fn known_entries_are_named_by_id_and_a_payment_goes_to_its_invoice() {
    let mut payment = candidate(2, PAYMENT);
    payment.applied_txn_ids = vec!["2C-1039887390".to_owned()];
    let candidates = [payment];
    let everything = known(
        &candidates,
        &[
            (ListKind::Customer, "Müller Auto & Glass"),
            (ListKind::PaymentMethod, "Check"),
            (ListKind::Account, "Undeposited Funds"),
        ],
    );
    let planning = write(&candidates, &everything, &Settings::default());
    insta::assert_snapshot!(xml(&planning.set.expect("a set")));
}

#[test]
fn what_may_not_be_created_is_a_cause_and_nothing_of_it_is_sent() {
    let candidates = [candidate(1, INVOICE)];
    let known = known(&candidates, &[(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax")]);
    let settings = Settings { create: vec![ListKind::Customer], ..Settings::default() };
    let planning = write(&candidates, &known, &settings);
    assert_eq!(planning.set, None);
    insta::assert_snapshot!(planning.refused[0].1.text);
}

/// The record of [`INVOICE`] whose item and customer stand for others.
fn mapped() -> Candidate {
    let mapping = |list, name, to: &str| ((list, mapping_key(list, name)), to.to_owned());
    let mappings = Mappings::new(
        [
            mapping(ListKind::Item, "windshield  FW02717", "Glass:Windshields"),
            mapping(ListKind::Customer, "Müller Auto & Glass", "Walk-in"),
        ]
        .into(),
    );
    let candidate = candidate(1, INVOICE);
    let (content, mapped) = mappings.apply(candidate.content);
    Candidate { content, mapped, ..candidate }
}

#[test]
fn a_mapped_name_crosses_as_its_entry_and_nothing_is_created_for_it() {
    let candidates = [mapped()];
    let there = [
        (ListKind::Terms, "Net 30"),
        (ListKind::SalesTaxItem, "State Tax"),
        (ListKind::Customer, "Walk-in"),
        (ListKind::Item, "Glass"),
        (ListKind::Item, "Glass:Windshields"),
    ];
    let planning = write(&candidates, &known(&candidates, &there), &Settings::default());
    assert_eq!(planning.refused, []);
    let set = planning.set.expect("a set");
    assert_eq!(set.purposes[0].sent().expect("the record alone").customer, "Walk-in", "by which it is looked for");
    insta::assert_snapshot!(xml(&set));
}

#[test]
fn a_mapping_whose_entry_is_gone_is_a_cause_even_where_items_may_be_created() {
    let candidates = [mapped()];
    let there = [(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax"), (ListKind::Customer, "Walk-in")];
    let planning = write(&candidates, &known(&candidates, &there), &Settings::default());
    assert_eq!(planning.set, None);
    assert_eq!(planning.refused[0].1.code, "items_mapping_gone");
    assert!(planning.refused[0].1.text.starts_with(
        "\u{201c}Windshield FW02717\u{201d} is mapped to the item \u{201c}Glass:Windshields\u{201d}, which QuickBooks does"
    ));
}

#[test]
fn an_inactive_customer_is_a_cause() {
    let candidates = [candidate(1, INVOICE)];
    let mut known = known(&candidates, &[(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax")]);
    let key = Need::new(ListKind::Customer, "MÜLLER AUTO & GLASS").key();
    known.insert(
        key,
        Knowledge::Present(ListEntry { is_active: false, ..entry(ListKind::Customer, "Müller Auto & Glass", 9) }),
    );
    let planning = write(&candidates, &known, &Settings::default());
    assert_eq!(planning.refused[0].1.code, "customers_inactive");
}

#[test]
fn the_answer_submits_the_record_and_teaches_the_lists() {
    let settlement = settle(
        "<CustomerAddRs requestID=\"set.0\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\"><CustomerRet>\
         <ListID>80-1</ListID><EditSequence>1</EditSequence><Name>Müller Auto &amp; Glass</Name><FullName>Müller Auto &amp; \
         Glass</FullName></CustomerRet></CustomerAddRs>\
         <AccountAddRs requestID=\"set.1\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"\"/>\
         <ItemServiceAddRs requestID=\"set.2\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"\"/>\
         <InvoiceAddRs requestID=\"set.3\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\"><InvoiceRet>\
         <TxnID>2C-1</TxnID><EditSequence>77</EditSequence><Subtotal>250.00</Subtotal><SalesTaxTotal>20.00</SalesTaxTotal>\
         </InvoiceRet></InvoiceAddRs>",
    );
    assert_eq!(settlement.learned.len(), 1);
    let Event::Accepted { posted, difference: None } = &settlement.records[0].event else { panic!("{settlement:?}") };
    assert_eq!((posted.txn_id.as_str(), posted.edit_sequence.as_str(), posted.revision), ("2C-1", "77", 1));
}

#[test]
fn another_total_is_told() {
    let settlement = settle(
        "<InvoiceAddRs requestID=\"set.3\" statusCode=\"0\" statusSeverity=\"Info\" statusMessage=\"Status OK\"><InvoiceRet>\
         <TxnID>2C-1</TxnID><EditSequence>77</EditSequence><Subtotal>250.00</Subtotal><SalesTaxTotal>20.01</SalesTaxTotal>\
         </InvoiceRet></InvoiceAddRs>",
    );
    let Event::Accepted { difference: Some(cause), .. } = &settlement.records[0].event else {
        panic!("{settlement:?}")
    };
    assert_eq!(cause.detail, "270.00 here, 270.01 in QuickBooks");
}

#[test]
fn a_customer_that_could_not_be_created_is_the_reason_the_bookkeeper_reads() {
    let settlement = settle(
        "<CustomerAddRs requestID=\"set.0\" statusCode=\"3100\" statusSeverity=\"Error\" statusMessage=\"The name is already in \
         use.\"/><InvoiceAddRs requestID=\"set.3\" statusCode=\"3140\" statusSeverity=\"Error\" statusMessage=\"There is an \
         invalid reference to QuickBooks Customer.\"/>",
    );
    let Event::Refused(cause) = &settlement.records[0].event else { panic!("{settlement:?}") };
    assert_eq!(cause.code, "qb_3100");
    assert!(
        cause.text.starts_with("The customer \u{201c}Müller Auto & Glass\u{201d} could not be created."),
        "{}",
        cause.text
    );
}

#[test]
fn a_lock_puts_it_off_and_silence_leaves_it_open() {
    let locked = settle(
        "<InvoiceAddRs requestID=\"set.3\" statusCode=\"3175\" statusSeverity=\"Error\" statusMessage=\"in use\"/>",
    );
    assert_eq!(locked.records[0].event, Event::Postponed);
    assert!(locked.records[0].retry_at > Some(Timestamp::UNIX_EPOCH));
    assert_eq!(settle("").records[0].event, Event::AnswerLost);
}

/// What becomes of the set that creates a customer, the account, an item and the invoice, in this order.
fn settle(responses: &str) -> Settlement {
    let candidates = [candidate(1, INVOICE)];
    let known = known(&candidates, &[(ListKind::Terms, "Net 30"), (ListKind::SalesTaxItem, "State Tax")]);
    let set = write(&candidates, &known, &Settings::default()).set.expect("a set");
    assert_eq!(set.purposes.len(), 4);
    let answer = format!("<QBXML><QBXMLMsgsRs newMessageSetID=\"set\">{responses}</QBXMLMsgsRs></QBXML>");
    let answer = MessageSetRs::from_xml(&answer).expect("an answer");
    outcome::settle(&set.purposes, &answer, |_| 1, Timestamp::UNIX_EPOCH)
}

fn write(candidates: &[Candidate], known: &Known, settings: &Settings) -> plan::Planning {
    plan::write(candidates, Pace::REQUESTS_MAX, known, settings, &books(), id("set"), None)
}

/// Everything the candidates need, as absent but for `present`.
fn known(candidates: &[Candidate], present: &[(ListKind, &str)]) -> Known {
    let mut known = Known::new();
    for need in candidates.iter().flat_map(|it| needs(&it.content, &Settings::default(), &books())) {
        known.insert(need.key(), Knowledge::Absent);
    }
    for (index, &(list, name)) in present.iter().enumerate() {
        known.insert(Need::new(list, name).key(), Knowledge::Present(entry(list, name, index)));
    }
    known
}

fn entry(list: ListKind, name: &str, index: usize) -> ListEntry {
    ListEntry {
        list,
        full_name: name.to_owned(),
        list_id: format!("8000000{index}-1"),
        is_active: true,
        facts: EntryFacts::default(),
    }
}

fn books() -> Books {
    Books {
        preferences_known: true,
        taxable_code: Some("Tax".to_owned()),
        non_taxable_code: Some("Non".to_owned()),
        ..Books::default()
    }
}

fn candidate(number: u8, content: &str) -> Candidate {
    let kind = if content.contains("\"lines\"") { RecordKind::Invoice } else { RecordKind::Payment };
    Candidate {
        record_id: RecordId::new(Timestamp::UNIX_EPOCH, &[number; 10]),
        mark: Mark::of(CompanyId::new(Timestamp::UNIX_EPOCH, &[0; 10]), kind, &number.to_string()),
        revision: 1,
        errand: Errand::Add,
        content: Content::from_json(kind, content).expect("a record"),
        mapped: MappedNames::default(),
        applied_txn_ids: Vec::new(),
        basis: None,
    }
}

fn id(text: &str) -> MessageSetId {
    MessageSetId::new(text).expect("an id")
}

/// With an element a line, to be read by people.
fn xml(set: &PlannedSet) -> String {
    set.message_set.to_xml(QbxmlVersion::V13_0).replace("><", ">\n<")
}

const INVOICE: &str = r#"{"number":"1042","date":"2026-11-02","due_date":"2026-12-02","terms":"Net 30",
 "customer":{"name":"Müller Auto & Glass","phone":"555-0100","billing_address":{"line1":"1 Harbor Rd","city":"Ashland","state":"OR","postal_code":"97520"}},
 "lines":[{"item":"Windshield FW02717","description":"Windshield “green”","quantity":"1","rate":"250.00","amount":"250.00","taxable":true},
          {"description":"Thank you","amount":"0.00"}],
 "sales_tax":{"item":"State Tax","amount":"20.00"},"total":"270.00","memo":"Fleet 12"}"#;

const PAYMENT: &str = r#"{"number":"881","date":"2026-11-05","customer":{"name":"Müller Auto & Glass"},"method":"Check","amount":"270.00",
 "applied_to":[{"invoice":"inv-1042","amount":"270.00"}],"deposit_to":"Undeposited Funds"}"#;
