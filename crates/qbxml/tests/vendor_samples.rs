//! The vendor's own examples, where they are at hand: requests to the letter, answers with an open mind.

use std::path::{Path, PathBuf};

use bookferry_qbxml::element::ReadError;
use bookferry_qbxml::message_set::{Answer, MessageSetRq, MessageSetRs};

#[test]
fn requests_of_our_kinds_are_read_to_the_letter() {
    let mut read = 0;
    for (path, document) in samples(&["intuit", "qbxml-gem/requests"]) {
        match MessageSetRq::from_xml(&document) {
            Ok((version, set)) => {
                let again = MessageSetRq::from_xml(&set.to_xml(version)).unwrap();
                assert_eq!(again, (version, set), "{}", path.display());
                read += 1;
            }
            Err(error) => assert!(is_beyond_us(&error), "{}: {error}", path.display()),
        }
    }
    assert!(read > 0 || samples(&["intuit"]).is_empty());
}

#[test]
fn answers_are_read_with_an_open_mind() {
    for (path, document) in samples(&["qbxml-gem/responses"]) {
        let set = MessageSetRs::from_xml(&document).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for rs in &set.responses {
            assert!(!matches!(rs.answer, Answer::Unreadable { .. }), "{}: {:?}", path.display(), rs.answer);
        }
    }
}

/// Messages that this crate does not declare, and the card and contact blocks it leaves out.
fn is_beyond_us(error: &ReadError) -> bool {
    matches!(error, ReadError::Misplaced { name, .. }
        if name.ends_with("Rq") || name.starts_with("CreditCard") || name.starts_with("Contacts"))
}

#[expect(clippy::disallowed_methods, reason = "a test may be told where the samples are")]
fn samples(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let beside_repository = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data");
    let data = std::env::var_os("BOOKFERRY_QBXML_SCHEMA").map_or_else(beside_repository, PathBuf::from);
    let mut samples = Vec::new();
    for folder in folders.iter().map(|folder| data.join("samples").join(folder)) {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("skipped: no samples");
            continue;
        };
        for path in entries.map(|entry| entry.unwrap().path()) {
            // Some are in ISO-8859-1; what they hold beyond ASCII does not matter here.
            let document = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            samples.push((path, document));
        }
    }
    samples
}
