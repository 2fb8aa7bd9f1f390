//! One request and one answer of every kind, beside the bytes they are. `BOOKFERRY_WRITE_FIXTURES=1` writes the bytes
//! anew; what changed is then seen in the difference.

mod documents;
mod lists;
mod pieces;
mod setup;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bookferry_qbxml::message_set::{
    Answer, MessageSetId, MessageSetRq, MessageSetRs, OnError, QbxmlVersion, Request, RequestId, Rq, Rs,
};
use bookferry_qbxml::status::Status;

/// A request and the answer to it.
type Pair = (Request, Answer);

fn pairs() -> Vec<Pair> {
    [setup::pairs(), lists::pairs(), documents::pairs()].concat()
}

#[test]
fn every_kind_is_here_once() {
    let names: Vec<&str> = pairs().iter().map(|(request, _)| request.name()).collect();
    assert_eq!(names.iter().copied().collect::<BTreeSet<_>>(), Request::NAMES.iter().copied().collect());
    assert_eq!(names.len(), Request::NAMES.len());
}

#[test]
fn requests_are_these_bytes() {
    for (request, _) in pairs() {
        let name = request.name();
        let set = MessageSetRq {
            on_error: OnError::Continue,
            new_message_set_id: Some(MessageSetId::new("bWVzc2FnZSBzZXQgaWQg").unwrap()),
            old_message_set_id: None,
            requests: vec![Rq::new(RequestId::new("1").unwrap(), request)],
        };
        let bytes = fixture(name, "rq.xml", &set.to_xml(QbxmlVersion::V13_0));
        assert_eq!(set.to_xml(QbxmlVersion::V13_0), bytes, "{name}");
        assert_eq!(MessageSetRq::from_xml(&bytes).unwrap(), (QbxmlVersion::V13_0, set), "{name}");
    }
}

#[test]
fn answers_are_these_bytes() {
    for (request, answer) in pairs() {
        let name = request.name();
        assert_eq!(answer.name(), name);
        let set = MessageSetRs {
            new_message_set_id: Some("bWVzc2FnZSBzZXQgaWQg".to_owned()),
            message_set_status_code: Some(0),
            responses: vec![Rs::new(Some("1".to_owned()), Status::ok(), answer)],
        };
        let bytes = fixture(name, "rs.xml", &set.to_xml());
        assert_eq!(set.to_xml(), bytes, "{name}");
        assert_eq!(MessageSetRs::from_xml(&bytes).unwrap(), set, "{name}");
    }
}

#[expect(clippy::disallowed_methods, reason = "a test is asked this way to write its files anew")]
fn fixture(name: &str, file: &str, current: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name).join(file);
    if std::env::var_os("BOOKFERRY_WRITE_FIXTURES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{current}\n")).unwrap();
    }
    let bytes = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    bytes.trim_end().to_owned()
}
