//! `docs/causes.md` says what the catalogue of causes says. `BOOKFERRY_WRITE_DOCS=1 cargo nextest run -p bookferry-sync` writes
//! it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use bookferry_qbxml::hresult;
use bookferry_qbxml::status::Written;
use bookferry_sync::cause::{Entry, Place, Remedy, catalogue, explain};

const INTRODUCTION: &str = "\
# Causes under Needs Attention

Why records wait for a person, or why a visit ended, and what mends it. **Written** says whether something of the record
may stand in QuickBooks by that errand. **Buttons** are those that Needs Attention and the record's page show, the likeliest
first; *Snooze*, *Assign* and *Comment* stand beside all of them. QuickBooks' status codes begin with `qb_`, the errors of its
request processor with `hresult_`; everything else Bookferry finds itself. A code that is not listed shows QuickBooks' own words.

This page is made from the catalogue in `crates/sync/src/cause`; a test compares them.
";

#[test]
fn the_causes_are_as_documented() {
    let all = catalogue();
    let buttons: BTreeSet<Remedy> = Remedy::ALL.into_iter().collect();
    let mut document = INTRODUCTION.to_owned();
    writeln!(document, "\n{} causes, {} buttons.", all.len(), buttons.len()).expect("a text grows");
    for (title, place) in [("Causes of records", Place::Record), ("Causes of visits", Place::Visit)] {
        write!(
            document,
            "\n## {title}\n\n| Cause | What happened | Why | Who acts | Written | What to do | Buttons |\n"
        )
        .expect("a text grows");
        document.push_str("|---|---|---|---|---|---|---|\n");
        all.iter().filter(|entry| entry.place == place).for_each(|entry| row(entry, &mut document));
    }
    document.push_str("\n## Buttons\n\n| Button | What it does |\n|---|---|\n");
    for remedy in Remedy::ALL {
        writeln!(document, "| {} | {} |", remedy.label(), remedy.preview()).expect("a text grows");
    }
    compare("causes.md", &document);
}

/// Where a set that QuickBooks failed over may have been executed, a person looks before the record is sent again.
#[test]
fn an_error_over_a_record_wrote_nothing_only_where_quickbooks_executed_nothing() {
    let mut certain = BTreeSet::new();
    for known in hresult::entries() {
        let code = format!("hresult_{:#010x}", known.code.0);
        let entry = explain(&code, "").expect("each known error is a cause");
        if entry.place == Place::Visit {
            assert!(!known.code.nothing_was_executed(), "{code} is of a record, and not of the visit");
            continue;
        }
        let is_certain = known.code.nothing_was_executed();
        assert_eq!(entry.written == Written::No, is_certain, "{code}");
        assert_eq!(entry.remedies.contains(&Remedy::AlreadyInQuickBooks), !is_certain, "{code}");
        assert_eq!(entry.remedies.contains(&Remedy::Correct), is_certain, "{code}");
        certain.extend(is_certain.then_some(code));
    }
    assert_eq!(certain, BTreeSet::from(["hresult_0x80040400".to_owned()]));
}

/// Foretold from the other records and the lists as last read, of which the planner knows nothing: no record waits for these.
/// It is sent, and waits for what QuickBooks says of it then.
const FORETOLD_ONLY: [&str; 4] = ["invoice_of_other_customer", "invoice_void", "more_than_open", "name_taken"];

/// Every word that a finding which refuses, or a cause, is made with in this crate's sources.
#[test]
fn whatever_the_sources_refuse_stands_in_the_catalogue() {
    let (mut folders, mut codes) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")], BTreeSet::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let source = std::fs::read_to_string(&path).expect("a source");
                let source = source.split("#[cfg(test)]").next().unwrap_or_default();
                codes.extend(source.split("Cause::new(").skip(1).filter_map(|rest| word(rest, 1)));
                codes.extend(source.split(".refused(").skip(1).filter_map(|rest| word(rest, 2)));
            }
        }
    }
    assert!(codes.len() > 15, "{codes:?}");
    let unknown: Vec<&String> = codes.iter().filter(|code| explain(code, "").is_none()).collect();
    assert_eq!(unknown, FORETOLD_ONLY);
}

/// The argument at that place, where it is a word in quotes.
fn word(arguments: &str, place: usize) -> Option<String> {
    let argument = arguments.split(',').nth(place - 1)?.trim();
    let word = argument.strip_prefix('"')?.strip_suffix('"')?;
    word.chars().all(|character| character.is_ascii_lowercase() || character == '_').then(|| word.to_owned())
}

fn row(entry: &Entry, document: &mut String) {
    let Entry { code, title, why, advice, who, written, remedies, .. } = entry;
    let buttons: Vec<&str> = remedies.iter().map(|remedy| remedy.label()).collect();
    let (who, written, buttons) = (who.as_str(), written.as_str(), buttons.join(", "));
    writeln!(document, "| `{code}` | {title} | {why} | {who} | {written} | {advice} | {buttons} |")
        .expect("a text grows");
}

#[expect(clippy::disallowed_methods, reason = "a test is asked this way to write its files anew")]
fn compare(file: &str, document: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    if std::env::var_os("BOOKFERRY_WRITE_DOCS").is_some() {
        std::fs::write(&path, document).expect("the page is written");
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(current == document, "docs/{file} is out of date: run with BOOKFERRY_WRITE_DOCS=1");
}
