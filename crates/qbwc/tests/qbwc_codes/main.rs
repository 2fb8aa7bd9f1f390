//! The catalogue of the Web Connector's error codes, whole, and how they are looked up.

use bookferry_qbwc::qbwc_code;
use proptest::prelude::*;

#[test]
fn every_code_of_the_web_connector_is_explained() {
    let table: Vec<String> = qbwc_code::all()
        .iter()
        .map(|hint| format!("QBWC{} {:?}\n    {}\n    {}", hint.code, hint.actor, hint.meaning, hint.remedy))
        .collect();
    insta::assert_snapshot!(table.join("\n"));
    let codes: Vec<u16> = qbwc_code::all().iter().map(|hint| hint.code).collect();
    let expected: Vec<u16> = (1000..=1048).filter(|code| *code != 1047).collect();
    assert_eq!(codes, expected);
}

#[test]
fn the_texts_are_sentences_and_the_codes_ascend() {
    for hint in qbwc_code::all() {
        for text in [hint.meaning, hint.remedy] {
            assert!(text.is_ascii() && text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
    }
    assert!(qbwc_code::all().is_sorted_by(|a, b| a.code < b.code));
}

#[test]
fn a_code_is_found_in_a_line_of_the_log() {
    let line =
        "20261123.01:02:03 UTC\t: QBWebConnector.SOAPWebService.do_authenticate() : QBWC1012: Authentication failed";
    assert_eq!(qbwc_code::find_in(line).unwrap().code, 1012);
    assert_eq!(qbwc_code::find_in("QBWC and QBWC1047, then QBWC1030").unwrap().code, 1030);
    assert_eq!(qbwc_code::find_in("QBWC99999999999999"), None);
}

proptest! {
    #[test]
    fn any_line_is_searched(text in any::<String>()) {
        let _ = qbwc_code::find_in(&text);
    }
}
