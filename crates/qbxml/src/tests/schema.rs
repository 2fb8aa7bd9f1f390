use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::{Dice, answers, message_set, sample_rq, sample_rs};
use crate::message_set::{QbxmlVersion, Request};

const MESSAGES: usize = 10_000;
const MESSAGES_PER_FILE: usize = 250;
const FILES_PER_PROCESS: usize = 20;

#[test]
fn ten_thousand_generated_requests_are_valid() {
    assert_valid(|numbers, dice| {
        message_set(numbers.map(|number| sample_rq(number, &mut dice())).collect()).to_xml(QbxmlVersion::V13_0)
    });
}

#[test]
fn ten_thousand_generated_answers_are_valid() {
    assert_valid(|numbers, dice| answers(numbers.map(|number| sample_rs(number, &mut dice())).collect()).to_xml());
}

/// Kinds take turns, so each of them comes up equally often.
fn assert_valid(document: impl Fn(std::ops::Range<usize>, &mut dyn FnMut() -> Dice) -> String) {
    let Some(schema) = schema() else {
        println!("skipped: no schema");
        return;
    };
    let (mut runner, strategy) = (TestRunner::deterministic(), Dice::strategy());
    let mut dice = || strategy.new_tree(&mut runner).unwrap().current();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for first in (0..MESSAGES).step_by(MESSAGES_PER_FILE) {
        let file = folder.path().join(format!("{first}.xml"));
        std::fs::write(&file, document(first..first + MESSAGES_PER_FILE, &mut dice)).unwrap();
        files.push(file);
    }
    assert!(MESSAGES_PER_FILE > Request::NAMES.len());
    for files in files.chunks(FILES_PER_PROCESS) {
        validate(&schema, files);
    }
}

fn validate(schema: &Path, files: &[PathBuf]) {
    let output = Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .args(files)
        .output()
        .expect("install libxml2-utils: xmllint does not start");
    let complaints = String::from_utf8_lossy(&output.stderr);
    let first: Vec<&str> = complaints.lines().filter(|line| !line.ends_with("validates")).take(10).collect();
    assert!(output.status.success(), "xmllint says:\n{}", first.join("\n"));
}

/// The vendor's schema, which is not part of this repository.
#[expect(clippy::disallowed_methods, reason = "a test may be told where the schema is")]
fn schema() -> Option<PathBuf> {
    let beside_repository = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/data");
    let folder = std::env::var_os("BOOKFERRY_QBXML_SCHEMA").map_or_else(beside_repository, PathBuf::from);
    Some(folder.join("qbxmlops130.xsd")).filter(|schema| schema.is_file())
}
