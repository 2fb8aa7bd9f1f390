//! The tables in `docs/` say what the code does. `BOOKFERRY_WRITE_DOCS=1 cargo test -p bookferry-qbxml --test documentation`
//! writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use bookferry_qbxml::status::{Codes, entries};
use bookferry_qbxml::value::transliterate;

#[test]
fn status_codes_are_as_documented() {
    let mut document = String::from(
        "# QuickBooks' status codes\n\n\
         What Bookferry makes of each code that QuickBooks answers with. **Class** says what the code calls for: *ok* and\n\
         *warning* mean done; *busy* may succeed later as it is; *stale* needs fresh data from QuickBooks first;\n\
         *mend-and-retry* needs a person; *fatal* means that a program is at fault. **Written** says whether the company file\n\
         has changed, if the request was one that writes.\n\n\
         Codes 3170, 3175, 3176 and 3180 count as busy whenever QuickBooks' own words say that something is locked or in use.\n\
         Codes that are not listed are judged by their range, and QuickBooks' own words are shown.\n\n\
         This page is made from the catalogue in `crates/qbxml/src/status/catalogue`; a test compares them.\n\n\
         | Code | Class | Who acts | Written | What happened | What to do |\n|---|---|---|---|---|---|\n",
    );
    for entry in entries() {
        let codes = match entry.codes {
            Codes::One(code) => code.to_string(),
            Codes::Range(first, last) => format!("{first}\u{2013}{last}"),
        };
        let (class, who, written) = (entry.class.as_str(), entry.who.as_str(), entry.written.as_str());
        writeln!(document, "| {codes} | {class} | {who} | {written} | {} | {} |", entry.what, entry.what_to_do)
            .unwrap();
    }
    compare("status-codes.md", &document);
}

#[test]
fn characters_are_as_documented() {
    let mut document = String::from(
        "# Characters\n\n\
         QuickBooks holds the characters of ISO-8859-1 (Western European) and nothing else; what it cannot hold it turns into\n\
         `?`. Bookferry never lets that happen unseen. A text that does not fit is refused with the name of its field, or is\n\
         spelled with the nearest characters that QuickBooks can hold, by the table below and by nothing else; what was\n\
         replaced is shown before the record crosses. A character that is not in the table becomes `?`, and is shown too.\n\
         Nothing is ever cut to length.\n\n\
         - Taken as they are: the printable characters of ASCII and of U+00A0 to U+00FF, and in texts of several lines\n\
         \x20 (descriptions, memos, notes) line feed and tab.\n\
         - Names hold no colon, since QuickBooks keeps it for sub-entries, and no blanks at either end.\n\
         - Numbers, names and address lines are single lines.\n\n\
         This page is made from the table in `crates/qbxml/src/value/transliterate.rs`; a test compares them.\n\n\
         Accents that stand as characters of their own (U+0300 to U+036F) are left out.\n\n\
         | Becomes | Characters |\n|---|---|\n",
    );
    let mut table: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for character in '\0'..=char::MAX {
        for (character, replacement) in transliterate(&character.to_string()).replaced {
            if replacement != "?" && !('\u{300}'..='\u{36f}').contains(&character) {
                let shown = if character.is_alphanumeric() { format!("{character} ") } else { String::new() };
                table.entry(replacement).or_default().push(format!("{shown}U+{:04X}", u32::from(character)));
            }
        }
    }
    for (replacement, characters) in table {
        let replacement = match replacement {
            "" => "nothing".to_owned(),
            " " => "a blank".to_owned(),
            "\n" => "a line feed".to_owned(),
            other => format!("`{other}`"),
        };
        writeln!(document, "| {replacement} | {} |", characters.join(", ")).unwrap();
    }
    compare("characters.md", &document);
}

#[expect(clippy::disallowed_methods, reason = "a test is asked this way to write its files anew")]
fn compare(file: &str, document: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    if std::env::var_os("BOOKFERRY_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, document).unwrap();
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(current == document, "docs/{file} is out of date: run with BOOKFERRY_WRITE_DOCS=1");
}
