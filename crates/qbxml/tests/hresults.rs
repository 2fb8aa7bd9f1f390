//! The catalogue of the request processor's errors, whole, and how they are looked up.

use bookferry_qbxml::hresult::{self, Hresult};
use proptest::prelude::*;

#[test]
fn every_code_is_explained() {
    let table: Vec<String> = hresult::entries()
        .iter()
        .map(|entry| {
            let hresult::Entry { code, who, what, why, what_to_do } = entry;
            format!("{code} {who:?}\n    {what}\n    {why}\n    {what_to_do}")
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn the_texts_are_sentences_and_the_codes_ascend() {
    for entry in hresult::entries() {
        for text in [entry.what, entry.why, entry.what_to_do] {
            assert!(text.is_ascii() && text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
    }
    assert!(hresult::entries().is_sorted_by(|a, b| a.code < b.code));
}

#[test]
fn a_code_is_read_as_it_comes() {
    for text in ["0x80040414", " 0X80040414 ", "80040414", "-2147220460"] {
        let code: Hresult = text.parse().unwrap();
        assert_eq!(code, Hresult(0x8004_0414), "{text}");
        assert_eq!(code.to_string(), "0x80040414");
    }
    for text in ["", "0x", "none", "0x800404140", "-", "-99999999999", "+-1"] {
        assert!(text.parse::<Hresult>().is_err(), "{text}");
    }
    assert!(hresult::find(Hresult(0x8004_0414)).unwrap().what.contains("dialog"));
    assert_eq!(hresult::find(Hresult(0x8004_0415)), None);
}

#[test]
fn only_a_refused_document_is_certain_to_have_done_nothing() {
    let certain: Vec<Hresult> =
        hresult::entries().iter().map(|entry| entry.code).filter(|code| code.nothing_was_executed()).collect();
    assert_eq!(certain, [Hresult::XML_NOT_ACCEPTED]);
}

proptest! {
    #[test]
    fn any_code_crosses(code in any::<u32>(), text in any::<String>()) {
        prop_assert_eq!(Hresult(code).to_string().parse(), Ok(Hresult(code)));
        let _ = text.parse::<Hresult>();
    }
}
