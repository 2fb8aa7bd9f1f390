use bookferry_qbwc::{Call, Operation, Reply};
use proptest::prelude::*;

use crate::samples;

#[test]
fn document_types_and_entities_are_refused() {
    let call = Call::CloseConnection { ticket: "t".to_owned() }.encode();
    let (declaration, rest) = call.split_at(call.find("<soap:").unwrap());
    let plain = format!("{declaration}<!DOCTYPE x>{rest}");
    let bomb = format!(
        "{declaration}<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>{}",
        rest.replace(">t<", ">&b;<")
    );
    let external = format!("{declaration}<!DOCTYPE x SYSTEM \"file:///etc/passwd\">{rest}");
    for message in [plain, bomb, external] {
        assert_eq!(refusal(&message), "Client: the XML holds a document type declaration, which is never accepted");
    }
    assert!(refusal(&call.replace(">t<", ">&b;<")).contains("entity"));
}

#[test]
fn depth_and_attributes_have_limits() {
    let call = Call::CloseConnection { ticket: "t".to_owned() }.encode();
    let deep = format!("{}{}<ticket>", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert!(refusal(&call.replacen("<ticket>", &deep, 1)).contains("depth"));
    let attributes: String = (0..300).map(|number| format!(" a{number}=\"\"")).collect();
    assert!(refusal(&call.replacen("<ticket>", &format!("<ticket{attributes}>"), 1)).contains("number of attributes"));
    let long = format!("<ticket a=\"{}\">", "x".repeat(2 << 20));
    assert!(refusal(&call.replacen("<ticket>", &long, 1)).contains("attribute size"));
    let large = call.replacen(">t<", &format!(">{}<", "x".repeat(33 << 20)), 1);
    assert!(refusal(&large).contains("document size"));
}

#[test]
fn a_fault_does_not_repeat_a_long_message() {
    let call = Call::CloseConnection { ticket: "t".to_owned() }.encode();
    assert!(refusal(&call.replace("closeConnection", &"x".repeat(1 << 20))).len() < 400);
}

#[test]
fn bad_nesting_is_refused() {
    let call = Call::CloseConnection { ticket: "t".to_owned() }.encode();
    for (from, to) in [
        ("</ticket>", ""),
        ("</ticket>", "</tocket>"),
        ("</soap:Body>", "</soap:Envelope>"),
        ("<ticket>", "<x:ticket>"),
        ("<ticket>", "text<ticket>"),
    ] {
        assert!(refusal(&call.replace(from, to)).starts_with("Client: "), "{from} -> {to}");
    }
}

#[test]
fn a_call_cut_short_anywhere_is_refused() {
    for call in samples() {
        let message = call.encode();
        for length in 0..message.len() {
            assert!(Call::decode(&message[..length]).is_err(), "{} at {length}", call.operation().name());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(Call::decode(&text).is_err());
        for operation in Operation::ALL {
            prop_assert!(Reply::decode(operation, &text).is_err());
        }
    }

    #[test]
    fn a_damaged_call_is_survived(
        sample in 0usize..13,
        at in any::<proptest::sample::Index>(),
        with in "[<>&;\"'/!\\[\\]a-z \u{0}\u{fe}]{0,4}",
        taken in 0usize..6,
    ) {
        let message = samples()[sample].encode();
        let at = at.index(message.len());
        let damaged = format!("{}{with}{}", &message[..at], &message[(at + taken).min(message.len())..]);
        if let Err(error) = Call::decode(&damaged) {
            prop_assert!(!error.fault().string.is_empty());
        }
        for operation in Operation::ALL {
            prop_assert!(Reply::decode(operation, &damaged).is_err());
        }
    }
}

fn refusal(message: &str) -> String {
    let fault = Call::decode(message).unwrap_err().fault();
    fault.to_string().replacen("soap:", "", 1)
}
