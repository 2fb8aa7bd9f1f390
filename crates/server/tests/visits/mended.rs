//! Every status by which QuickBooks refuses a record: provoked, mended by a button of its cause, and submitted.

use bookferry_sync::cause::{Entry, Place, Remedy, catalogue, explain};
use bookferry_sync::company::Settings;
use bookferry_sync::id::RecordId;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Attention, Event, State, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{Office, On};

/// QuickBooks answers so often that it is busy before somebody is asked.
const BUSY_TIMES: usize = 5;

#[test]
fn every_status_that_refuses_a_record_is_mended_by_a_button_and_the_record_submitted() {
    let mut office = Office::open(On::Sqlite, Settings::default());
    let pane = "<Name>Front pane</Name><SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef>\
                </SalesOrPurchase>";
    office.file.add_entry("ItemService", pane, office.now()).expect("an item");
    office.visit();
    let dana = Bookkeeper::sign_in(&office);
    let mut mended = 0;
    let statuses =
        catalogue().into_iter().filter(|entry| entry.place == Place::Record && entry.code.starts_with("qb_"));
    let unknown = explain("qb_3999", "Nobody knows why.");
    for (number, entry) in (100..).zip(statuses.chain(unknown)) {
        let id = provoked(&mut office, number, &entry);
        let page = dana.read(&office, "attention");
        let title = entry.title.trim_end_matches('.').split(['\u{201c}', '\'']).next().unwrap_or_default();
        assert!(page.contains(title), "{}: {title} is not on the page", entry.code);
        let remedy = pressed(&entry);
        if remedy == Remedy::AlreadyInQuickBooks {
            enter_by_hand(&mut office, number);
        }
        let told = dana.mend(&office, remedy, id, &filled(remedy, number));
        office.pass(SignedDuration::from_mins(10));
        office.visit();
        let state = office.record(id).record.line.state;
        assert_eq!(state.status(), Status::Submitted, "{} by {remedy:?} ({told}): {state:?}", entry.code);
        mended += 1;
    }
    assert_eq!(office.file.report().duplicates, Vec::new());
    println!("provoked_and_mended={mended}");
    assert!(mended >= 60, "{mended}");
}

/// A record that QuickBooks refused with that status: a new invoice, or a change where the cause is one of changes.
fn provoked(office: &mut Office, number: u32, entry: &Entry) -> RecordId {
    let code: i32 =
        entry.code.trim_start_matches("qb_").split('-').next().and_then(|it| it.parse().ok()).expect("a code");
    let is_change = entry.remedies.contains(&Remedy::KeepQuickBooks);
    let id = office.take_in(number, &invoice(number, ""));
    office.happens(id, Event::MarkReady);
    if is_change {
        office.visit();
        assert_eq!(office.record(id).record.line.state.status(), Status::Submitted);
        office.hand_over_as(RecordKind::Invoice, &format!("inv-{number}"), &invoice(number, "PO 7"));
        office.happens(id, Event::SendChange);
    }
    let request = if is_change { "InvoiceModRq" } else { "InvoiceAddRq" };
    for _ in 0..BUSY_TIMES {
        office.file.refuse_next(request, code, "Something is not right.");
        office.visit();
        if office.record(id).record.line.state.status() == Status::NeedsAttention {
            break;
        }
        office.pass(SignedDuration::from_hours(1));
    }
    let State::NeedsAttention(Attention::Error { cause, .. }) = office.record(id).record.line.state else {
        panic!("{}: {:?}", entry.code, office.record(id).record.line.state)
    };
    assert_eq!(cause.code, format!("qb_{code}"));
    id
}

/// The likeliest button. What QuickBooks finds too long or too much here is neither, so that those are corrected instead.
fn pressed(entry: &Entry) -> Remedy {
    let fits = |remedy: &&Remedy| !matches!(remedy, Remedy::Shorten | Remedy::ApplyOpen);
    *entry.remedies.iter().find(fits).expect("a button")
}

fn filled(remedy: Remedy, number: u32) -> Vec<(&'static str, &'static str)> {
    match remedy {
        Remedy::Link | Remedy::Relink => {
            vec![("list", "items"), ("name", "Windshield"), ("entry", ""), ("other", "Front pane")]
        }
        Remedy::Correct => vec![("texts", "1"), ("/memo", "Corrected here")],
        Remedy::Redate => vec![("date", "2026-12-24")],
        Remedy::Rename => vec![("suffix", "(customer)")],
        Remedy::AlreadyInQuickBooks => vec![("place", String::leak(number.to_string()))],
        Remedy::Create
        | Remedy::Shorten
        | Remedy::ApplyOpen
        | Remedy::Retry
        | Remedy::Resend
        | Remedy::SendChange
        | Remedy::KeepQuickBooks
        | Remedy::NotInQuickBooks
        | Remedy::Exclude
        | Remedy::Snooze
        | Remedy::Assign
        | Remedy::Comment => Vec::new(),
    }
}

fn invoice(number: u32, po_number: &str) -> String {
    let po_number = if po_number.is_empty() { String::new() } else { format!(r#""po_number":"{po_number}","#) };
    format!(
        r#"{{"number":"{number}","date":"2026-11-02",{po_number}"customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Windshield","quantity":"1","rate":"125.00","amount":"125.00"}}],"total":"125.00"}}"#
    )
}

/// Somebody has entered it in QuickBooks already.
fn enter_by_hand(office: &mut Office, number: u32) {
    office.in_quickbooks(&format!(
        "<InvoiceAddRq><InvoiceAdd><CustomerRef><FullName>Harbor Taxi</FullName></CustomerRef><RefNumber>{number}</RefNumber>\
         <InvoiceLineAdd><ItemRef><FullName>Front pane</FullName></ItemRef><Amount>125.00</Amount></InvoiceLineAdd>\
         </InvoiceAdd></InvoiceAddRq>"
    ));
}
