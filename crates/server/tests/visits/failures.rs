//! Every error by which QuickBooks' request processor fails: over a record, which is mended by a button of its cause and
//! submitted, or over a whole visit, which says so and goes well the next time.

use bookferry_qbxml::hresult;
use bookferry_simulator::company_file::ComError;
use bookferry_simulator::web_connector::Outcome;
use bookferry_sync::cause::{Entry, Place, Remedy, catalogue};
use bookferry_sync::company::Settings;
use bookferry_sync::submission::{Event, Status};
use jiff::SignedDuration;

use crate::bookkeeper::Bookkeeper;
use crate::office::{Office, On};

#[test]
fn every_error_over_a_record_is_mended_by_a_button_and_the_record_submitted_once() {
    let mut office = Office::open(On::Sqlite, Settings::default());
    let dana = Bookkeeper::sign_in(&office);
    let mut mended = 0;
    let entries = catalogue().into_iter().filter(|entry| entry.place == Place::Record);
    for (number, entry) in (100..).zip(entries.filter(|entry| entry.code.starts_with("hresult_"))) {
        let hresult = entry.code.trim_start_matches("hresult_");
        let id = office.take_in(number, &invoice(number));
        let neighbour = office.take_in(number + 1_000, &invoice(number + 1_000));
        for id in [id, neighbour] {
            office.happens(id, Event::MarkReady);
        }
        office.file.fail_over_document(number.to_string(), ComError::told(hresult));
        for _ in 0..8 {
            office.visit();
            office.pass(SignedDuration::from_hours(1));
        }
        office.file.bear_document(&number.to_string());
        assert_eq!(office.record(neighbour).record.line.state.status(), Status::Submitted, "{hresult}");
        let page = dana.read(&office, "attention");
        let state = office.record(id).record.line.state;
        assert!(page.contains(shown(&entry.title)), "{hresult} is not on the page: {state:?}");
        let pressed = buttons(&entry);
        for &remedy in &pressed {
            let fields: &[(&str, &str)] =
                if remedy == Remedy::Correct { &[("texts", "1"), ("/memo", "Corrected here")] } else { &[] };
            dana.mend(&office, remedy, id, fields);
            office.pass(SignedDuration::from_mins(10));
            office.visit();
        }
        let state = office.record(id).record.line.state;
        assert_eq!(state.status(), Status::Submitted, "{hresult} by {pressed:?}: {state:?}");
        mended += 1;
    }
    assert_eq!(office.file.report().duplicates, Vec::new());
    println!("provoked_and_mended={mended}");
    assert!(mended >= 7, "{mended}");
}

#[test]
fn every_error_over_a_visit_is_said_and_the_next_visit_goes_well() {
    let mut office = Office::open(On::Sqlite, Settings::default());
    office.visit();
    let dana = Bookkeeper::sign_in(&office);
    let mut said = 0;
    let entries = catalogue().into_iter().filter(|entry| entry.place == Place::Visit);
    for (number, entry) in (100..).zip(entries.filter(|entry| entry.code.starts_with("hresult_"))) {
        let hresult = entry.code.trim_start_matches("hresult_");
        let id = office.take_in(number, &invoice(number));
        office.happens(id, Event::MarkReady);
        office.file.shut(Some(ComError::told(hresult)));
        let report = office.visit();
        let failed = Outcome::NotConnected { hresult: hresult.to_owned() };
        assert_eq!(report.outcome, failed, "{:?}", report.problems);
        let known = hresult.parse().ok().and_then(hresult::find).expect("a known code");
        let page = dana.read(&office, "attention");
        assert!(page.contains(shown(known.what)), "{hresult} is not on the page");
        office.pass(SignedDuration::from_mins(10));
        office.file.shut(None);
        office.visit();
        office.pass(SignedDuration::from_mins(10));
        let page = dana.read(&office, "attention");
        assert!(!page.contains(shown(known.what)), "{hresult} is still on the page");
        assert_eq!(office.record(id).record.line.state.status(), Status::Submitted, "{hresult}");
        said += 1;
    }
    println!("provoked_and_over={said}");
    assert!(said >= 30, "{said}");
}

/// The likeliest button; where that is to look whether QuickBooks has it, which it has not, the record is sent again then.
fn buttons(entry: &Entry) -> Vec<Remedy> {
    let likeliest = *entry.remedies.first().expect("a button");
    let then = (likeliest == Remedy::AlreadyInQuickBooks).then_some(Remedy::Retry);
    [likeliest].into_iter().chain(then).collect()
}

/// A sentence as far as the page has the same characters.
fn shown(sentence: &str) -> &str {
    sentence.trim_end_matches('.').split(['\u{201c}', '\'']).next().unwrap_or_default()
}

fn invoice(number: u32) -> String {
    format!(
        r#"{{"number":"{number}","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},
        "lines":[{{"item":"Windshield","quantity":"1","rate":"125.00","amount":"125.00"}}],"total":"125.00"}}"#
    )
}
