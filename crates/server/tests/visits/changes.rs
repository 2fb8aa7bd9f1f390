use bookferry_store::{Choice, ChosenEntry};
use bookferry_sync::cause::explain;
use bookferry_sync::company::{Changes, Settings, Voids};
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Attention, Event, State, Status};

use crate::office::{BOTH, Office, On};

pub(crate) const LINES: [(&str, &str); 3] = [("Windshield", "250.00"), ("Labor", "80.00"), ("Sealant", "12.50")];

#[test]
fn only_what_the_application_changed_is_written() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        let before = invoice(&mut office);
        // A person's own note on a line, which Bookferry knows nothing of, and the memo.
        edit(&mut office, &before, "<Memo>Call before noon</Memo>", "<Other1>bay 2</Other1>");
        let lines = [("Windshield", "250.00"), ("Labor", "95.00"), ("Sealant", "12.50"), ("Disposal", "5.00")];
        hand_over(&mut office, "2026-11-03", "", &lines);
        assert_eq!(status(&office, id), Status::NeedsAttention);
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let after = invoice(&mut office);
        assert_eq!(all(&after, "TxnDate"), ["2026-11-03"], "{after}");
        assert_eq!(all(&after, "Memo"), ["Call before noon"], "{after}");
        assert_eq!(all(&after, "Amount"), ["250.00", "95.00", "12.50", "5.00"], "{after}");
        assert_eq!(all(&after, "TxnLineID")[..3], all(&before, "TxnLineID")[..], "{after}");
        assert_eq!(all(&after, "Other1"), ["bay 2"], "an untouched line stays as it is in QuickBooks: {after}");
        assert_eq!(office.file.report().transactions["Invoice"].count, 1);
    }
}

#[test]
fn a_change_knows_its_lines_by_the_names_they_are_mapped_to() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        let pane = "<Name>Front pane</Name><SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef>\
                    </SalesOrPurchase>";
        office.file.add_entry("ItemService", pane, office.now()).expect("an item");
        office.visit();
        let entry = ChosenEntry::FullName("Front pane".to_owned());
        office.map(&[Choice { list: ListKind::Item, name: "Windshield".to_owned(), entry }]);
        let id = hand_over(&mut office, "2026-11-02", "", &LINES);
        office.happens(id, Event::MarkReady);
        office.visit();
        let before = invoice(&mut office);
        edit(&mut office, &before, "<Memo>Call before noon</Memo>", "");
        hand_over(&mut office, "2026-11-02", "", &[("Windshield", "260.00"), ("Labor", "80.00"), ("Sealant", "12.50")]);
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let after = invoice(&mut office);
        assert_eq!(all(&after, "Amount"), ["260.00", "80.00", "12.50"], "{after}");
        assert_eq!(all(&after, "TxnLineID"), all(&before, "TxnLineID"), "{after}");
    }
}

#[test]
fn a_payment_in_between_does_not_keep_a_change_away() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        let payment = format!(
            r#"{{"number":"77","date":"2026-11-03","customer":{{"name":"Harbor Taxi"}},"amount":"342.50","applied_to":[{}]}}"#,
            r#"{"invoice":"inv-1","amount":"342.50"}"#
        );
        let paid = office.hand_over_as(RecordKind::Payment, "pay-1", &payment);
        office.happens(paid, Event::MarkReady);
        office.visit();
        assert_eq!(status(&office, paid), Status::Submitted, "{on:?}");
        hand_over(&mut office, "2026-11-02", "PO 4711", &LINES);
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(all(&invoice(&mut office), "PONumber"), ["PO 4711"]);
    }
}

#[test]
fn what_both_changed_is_written_over_only_by_a_persons_word() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        let before = invoice(&mut office);
        edit(&mut office, &before, "<TxnDate>2026-11-10</TxnDate>", "");
        hand_over(&mut office, "2026-11-05", "", &LINES);
        office.happens(id, Event::SendChange);
        office.visit();
        let State::NeedsAttention(Attention::Error { cause, .. }) = office.record(id).record.line.state else {
            panic!("{on:?}: somebody has to decide")
        };
        assert_eq!(cause.code, "changed_on_both_sides");
        assert_eq!(
            cause.detail,
            "date: 2026-11-02 when it was sent, 2026-11-05 here now, 2026-11-10 in QuickBooks now"
        );
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-10"], "{on:?}: nothing was written over");
        office.happens(id, Event::Retry);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}");
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-05"], "now somebody wanted it so");
    }
}

#[test]
fn what_was_deleted_in_quickbooks_is_not_made_again() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        let txn_id = all(&invoice(&mut office), "TxnID")[0].clone();
        office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
        hand_over(&mut office, "2026-11-05", "", &LINES);
        office.happens(id, Event::SendChange);
        office.visit();
        let State::NeedsAttention(Attention::Gone { cause, .. }) = office.record(id).record.line.state else {
            panic!("{on:?}: somebody has to decide")
        };
        assert_eq!(cause.code, "deleted_in_quickbooks");
        let invoices = office.file.report().transactions.get("Invoice").map_or(0, |invoices| invoices.count);
        assert_eq!(invoices, 0, "{on:?}");
    }
}

#[test]
fn a_void_at_the_source_becomes_a_void() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(office.file.report().transactions["Invoice"].total, "0.00");
    }
}

/// A payment that is applied to it goes on standing there, as credit.
#[test]
fn a_void_at_the_source_becomes_a_deletion_where_the_company_wants_it() {
    for on in BOTH {
        let mut office = Office::open(on, Settings { voids: Voids::Delete, ..Settings::default() });
        let id = hand_over(&mut office, "2026-11-02", "", &LINES);
        let payment = r#"{"number":"77","date":"2026-11-03","customer":{"name":"Harbor Taxi"},"amount":"100.00",
            "applied_to":[{"invoice":"inv-1","amount":"100.00"}]}"#;
        let payment = office.hand_over_as(RecordKind::Payment, "pay-1", payment);
        for id in [id, payment] {
            office.happens(id, Event::MarkReady);
        }
        office.visit();
        assert_eq!([id, payment].map(|id| status(&office, id)), [Status::Submitted; 2], "{on:?}");
        office.void("inv-1");
        assert_eq!(status(&office, id), Status::NeedsAttention, "{on:?}: somebody looks at it first");
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let report = office.file.report();
        assert_eq!(report.transactions.get("Invoice").map_or(0, |invoices| invoices.count), 0, "{on:?}");
        assert_eq!(report.transactions["ReceivePayment"].count, 1, "{on:?}");
        compare_all(&mut office);
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: it is gone as it should be");
    }
}

#[test]
fn what_was_voided_at_the_applications_word_is_no_difference() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        office.void("inv-1");
        office.happens(id, Event::SendChange);
        office.visit();
        compare_all(&mut office);
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
    }
}

#[test]
fn what_was_deleted_meanwhile_cannot_be_deleted_again() {
    for on in BOTH {
        let mut office = Office::open(on, Settings { voids: Voids::Delete, ..Settings::default() });
        let id = hand_over(&mut office, "2026-11-02", "", &LINES);
        office.happens(id, Event::MarkReady);
        office.visit();
        let txn_id = all(&invoice(&mut office), "TxnID")[0].clone();
        office.void("inv-1");
        office.in_quickbooks(&format!("<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>"));
        office.happens(id, Event::SendChange);
        office.visit();
        let state = office.record(id).record.line.state;
        let State::NeedsAttention(Attention::Error { cause, .. } | Attention::Gone { cause, .. }) = &state else {
            panic!("{on:?}: {state:?}")
        };
        assert!(explain(&cause.code, &cause.detail).is_some(), "{on:?}: {cause:?}");
    }
}

fn compare_all(office: &mut Office) {
    office.reconcile();
    office.visit();
}

#[test]
fn a_payment_changes_its_amount_and_what_it_pays() {
    for on in BOTH {
        let (mut office, _) = submitted(on);
        let payment = |amount: &str, method: &str| {
            format!(
                r#"{{"number":"77","date":"2026-11-03","customer":{{"name":"Harbor Taxi"}},"method":"{method}","amount":"{amount}",
                "applied_to":[{{"invoice":"inv-1","amount":"{amount}"}}]}}"#
            )
        };
        let id = office.hand_over_as(RecordKind::Payment, "pay-1", &payment("100.00", "Check"));
        office.happens(id, Event::MarkReady);
        office.visit();
        office.hand_over_as(RecordKind::Payment, "pay-1", &payment("142.50", "Visa"));
        office.happens(id, Event::SendChange);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        let payments = &office.file.report().transactions["ReceivePayment"];
        assert_eq!((payments.count, payments.total.as_str(), payments.open.as_str()), (1, "142.50", "0.00"), "{on:?}");
    }
}

/// An office whose one invoice QuickBooks has.
pub(crate) fn submitted(on: On) -> (Office, RecordId) {
    let mut office = Office::open(on, Settings::default());
    let id = hand_over(&mut office, "2026-11-02", "", &LINES);
    office.happens(id, Event::MarkReady);
    office.visit();
    assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
    (office, id)
}

pub(crate) fn hand_over(office: &mut Office, date: &str, po_number: &str, lines: &[(&str, &str)]) -> RecordId {
    let line = |(item, amount): &(&str, &str)| {
        format!(r#"{{"item":"{item}","quantity":"1","rate":"{amount}","amount":"{amount}"}}"#)
    };
    let sum: f64 = lines.iter().map(|(_, amount)| amount.parse::<f64>().expect("an amount")).sum();
    let po_number = if po_number.is_empty() { String::new() } else { format!(r#""po_number":"{po_number}","#) };
    let json = format!(
        r#"{{"number":"1","date":"{date}",{po_number}"customer":{{"name":"Harbor Taxi"}},"lines":[{}],"total":"{sum:.2}"}}"#,
        lines.iter().map(line).collect::<Vec<_>>().join(",")
    );
    office.hand_over_as(RecordKind::Invoice, "inv-1", &json)
}

pub(crate) fn status(office: &Office, id: RecordId) -> Status {
    office.record(id).record.line.state.status()
}

pub(crate) fn invoice(office: &mut Office) -> String {
    office.in_quickbooks(
        "<InvoiceQueryRq><RefNumber>1</RefNumber><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>",
    )
}

/// Somebody changes fields of the invoice, and of its first line.
pub(crate) fn edit(office: &mut Office, shown: &str, fields: &str, of_first_line: &str) {
    let (txn_id, sequence) = (&all(shown, "TxnID")[0], &all(shown, "EditSequence")[0]);
    let lines: String = all(shown, "TxnLineID")
        .iter()
        .enumerate()
        .map(|(index, id)| {
            let fields = if index == 0 { of_first_line } else { "" };
            format!("<InvoiceLineMod><TxnLineID>{id}</TxnLineID>{fields}</InvoiceLineMod>")
        })
        .collect();
    office.in_quickbooks(&format!(
        "<InvoiceModRq><InvoiceMod><TxnID>{txn_id}</TxnID><EditSequence>{sequence}</EditSequence>{fields}{lines}</InvoiceMod>\
         </InvoiceModRq>"
    ));
}

/// The texts of all elements of this name, in their order.
pub(crate) fn all(xml: &str, element: &str) -> Vec<String> {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    xml.split(&start).skip(1).filter_map(|rest| rest.split(&end).next()).map(str::to_owned).collect()
}

#[test]
fn where_the_company_wants_it_changes_cross_by_themselves() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        office.set_settings(&Settings { changes: Changes::Send, ..Settings::default() });
        hand_over(&mut office, "2026-11-05", "", &LINES);
        assert_eq!(status(&office, id), Status::ReadyToSync, "{on:?}");
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-05"]);
        office.void("inv-1");
        assert_eq!(status(&office, id), Status::NeedsAttention, "{on:?}: what is voided waits for a person");
    }
}

#[test]
fn a_change_does_not_cross_by_itself_over_what_somebody_did_in_quickbooks() {
    for on in BOTH {
        let (mut office, id) = submitted(on);
        office.set_settings(&Settings { changes: Changes::Send, ..Settings::default() });
        let before = invoice(&mut office);
        edit(&mut office, &before, "<TxnDate>2026-11-10</TxnDate>", "");
        // The application changes something else.
        hand_over(&mut office, "2026-11-02", "PO 4711", &LINES);
        office.visit();
        let State::NeedsAttention(Attention::Error { cause, .. }) = office.record(id).record.line.state else {
            panic!("{on:?}: somebody has to decide")
        };
        assert_eq!(cause.code, "changed_on_both_sides");
        office.happens(id, Event::Retry);
        office.visit();
        let after = invoice(&mut office);
        assert_eq!(
            (all(&after, "TxnDate"), all(&after, "PONumber")),
            (vec!["2026-11-10".to_owned()], vec!["PO 4711".to_owned()])
        );
    }
}

#[test]
fn what_changes_while_it_is_on_its_way_goes_after_it() {
    for on in BOTH {
        let mut office = Office::open(on, Settings { changes: Changes::Send, ..Settings::default() });
        let id = hand_over(&mut office, "2026-11-02", "", &LINES);
        office.happens(id, Event::MarkReady);
        let asleep = office.fall_asleep();
        hand_over(&mut office, "2026-11-05", "", &LINES);
        office.wake(asleep);
        office.visit();
        assert_eq!(status(&office, id), Status::Submitted, "{on:?}: {:?}", office.record(id).record.line.state);
        assert_eq!(all(&invoice(&mut office), "TxnDate"), ["2026-11-05"], "{on:?}");
    }
}
