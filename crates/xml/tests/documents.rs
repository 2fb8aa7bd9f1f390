//! What is written is read back; what is hostile is refused early.

use bookferry_xml::{Limits, ReadError, Reader, Writer};
use proptest::prelude::*;

proptest! {
    #[test]
    fn text_and_attributes_come_back(text in "[ -~\u{a0}-\u{2fff}\n\t\r]{0,80}", value in "[ -~\u{a0}-\u{2fff}\n\t\r]{0,80}") {
        let document = written(&text, &value);
        prop_assert!(document.is_ascii());
        let mut reader = Reader::new(&document, Limits::DEFAULT).unwrap();
        let root = reader.root().unwrap();
        prop_assert_eq!(root.attribute("v").unwrap(), value);
        let child = reader.child().unwrap().unwrap();
        prop_assert_eq!(child.name(), "t");
        prop_assert_eq!(reader.text().unwrap(), text);
        prop_assert!(reader.child().unwrap().is_none());
        reader.finish().unwrap();
    }

    #[test]
    fn no_input_panics(document in any::<String>()) {
        walk(&document);
    }

    #[test]
    fn no_markup_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        walk(&pieces.concat());
    }
}

const PIECES: &[&str] = &[
    "<a>",
    "</a>",
    "<b x=\"1\">",
    "</b>",
    "<c/>",
    "text",
    "&amp;",
    "&#65;",
    "&#0;",
    "&nope;",
    "<![CDATA[x]]>",
    "<!-- c -->",
    "<?p i?>",
    "<?xml version=\"1.0\"?>",
    "<!DOCTYPE a>",
    "<",
    ">",
    "&",
    "\"",
    "<n:d xmlns:n=\"u\">",
    "</n:d>",
    "<n:e/>",
];

fn walk(document: &str) {
    let Ok(mut reader) = Reader::new(document, Limits::DEFAULT) else { return };
    let _ = reader.path();
    while let Ok(Some(start)) = reader.child() {
        let _ = (start.name().len(), start.attributes().count());
        if start.name() == "b" && reader.text().is_err() {
            return;
        }
        if start.name() == "c" && reader.skip().is_err() {
            return;
        }
    }
}

fn written(text: &str, value: &str) -> String {
    let mut writer = Writer::new();
    writer.declaration();
    writer.start("r");
    writer.attribute("v", value);
    writer.element("t", text);
    writer.end("r");
    writer.finish()
}

#[test]
fn an_empty_element_is_self_closed() {
    let mut writer = Writer::new();
    writer.start("a");
    writer.element("b", "");
    writer.end("a");
    assert_eq!(writer.finish(), "<a><b/></a>");
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>";
    assert_eq!(Reader::new(bomb, Limits::DEFAULT).unwrap().root().unwrap_err(), ReadError::DocumentType);
    let mut reader = Reader::new("<l>&b;</l>", Limits::DEFAULT).unwrap();
    reader.root().unwrap();
    assert!(matches!(reader.text(), Err(ReadError::Malformed { .. })));
}

#[test]
fn limits_hold() {
    let deep = "<a>".repeat(100);
    let mut reader = Reader::new(&deep, Limits::DEFAULT).unwrap();
    reader.root().unwrap();
    assert!(matches!(reader.skip(), Err(ReadError::TooMuch { limit: "depth", .. })));

    let wide = format!("<a {}/>", (0..300).map(|n| format!("x{n}=\"\"")).collect::<Vec<_>>().join(" "));
    let error = Reader::new(&wide, Limits::DEFAULT).unwrap().root().unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: "number of attributes", .. }));

    let large = format!("<a x=\"{}\"/>", "y".repeat((1 << 20) + 1));
    let error = Reader::new(&large, Limits::DEFAULT).unwrap().root().unwrap_err();
    assert!(matches!(error, ReadError::TooMuch { limit: "attribute size", .. }));

    let small = Limits { document_bytes_max: 3, ..Limits::DEFAULT };
    assert!(matches!(Reader::new("<a/>", small), Err(ReadError::TooMuch { limit: "document size", .. })));
}

#[test]
fn errors_name_the_path() {
    let mut reader = Reader::new("<a><b><c>x</d></b></a>", Limits::DEFAULT).unwrap();
    reader.root().unwrap();
    reader.child().unwrap();
    reader.child().unwrap();
    let error = reader.text().unwrap_err();
    assert!(error.to_string().contains("a/b/c"), "{error}");
}

#[test]
fn namespaces_are_resolved_whatever_the_prefix() {
    for document in ["<s:e xmlns:s=\"u\"/>", "<e xmlns=\"u\"/>"] {
        let mut reader = Reader::new(document, Limits::DEFAULT).unwrap();
        let root = reader.root().unwrap();
        assert_eq!((root.name(), root.namespace()), ("e", Some("u")));
        assert_eq!(root.attributes().count(), 0);
    }
}
