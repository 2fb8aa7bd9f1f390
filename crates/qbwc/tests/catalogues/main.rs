//! The catalogues of error codes, whole, and how they are looked up.

use bookferry_qbwc::hresult::{self, Hresult};
use bookferry_qbwc::qbwc_code;
use proptest::prelude::*;

#[test]
fn every_code_of_the_request_processor_is_explained() {
    let table: Vec<String> = hresult::all()
        .iter()
        .map(|hint| {
            format!("{} {:?} {:?}\n    {}\n    {}", hint.code, hint.class, hint.actor, hint.meaning, hint.remedy)
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

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
    let hresults = hresult::all().iter().map(|hint| (hint.meaning, hint.remedy));
    for (meaning, remedy) in hresults.chain(qbwc_code::all().iter().map(|hint| (hint.meaning, hint.remedy))) {
        for text in [meaning, remedy] {
            assert!(text.is_ascii() && text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
    }
    assert!(hresult::all().is_sorted_by(|a, b| a.code < b.code));
}

#[test]
fn a_code_is_read_as_it_comes() {
    for text in ["0x80040414", " 0X80040414 ", "80040414", "-2147220460"] {
        let code: Hresult = text.parse().unwrap();
        assert_eq!(code, Hresult::MODAL_DIALOG_OPEN, "{text}");
        assert_eq!(code.to_string(), "0x80040414");
    }
    for text in ["", "0x", "none", "0x800404140", "-", "-99999999999", "+-1"] {
        assert!(text.parse::<Hresult>().is_err(), "{text}");
    }
    assert!(hresult::look_up(Hresult::MODAL_DIALOG_OPEN).unwrap().meaning.contains("dialog"));
    assert_eq!(hresult::look_up(Hresult(0x8004_0415)), None);
}

#[test]
fn only_a_refused_document_is_certain_to_have_done_nothing() {
    let certain: Vec<Hresult> =
        hresult::all().iter().map(|hint| hint.code).filter(|code| code.nothing_was_executed()).collect();
    assert_eq!(certain, [Hresult::XML_NOT_ACCEPTED]);
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
    fn any_code_crosses(code in any::<u32>(), text in any::<String>()) {
        prop_assert_eq!(Hresult(code).to_string().parse(), Ok(Hresult(code)));
        let _ = text.parse::<Hresult>();
        let _ = qbwc_code::find_in(&text);
    }
}
