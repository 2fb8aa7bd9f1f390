//! Mappings as CSV: written for a spreadsheet, and read again from what a spreadsheet makes of it.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::{Choice, ChosenEntry, Unmappable};
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::mapping::{LISTS_NAMED, mapping_key};

use super::desk::Desk;
use super::export::{BYTE_ORDER_MARK, cell, guarded};
use super::mappings::named_list;
use super::page_error::PageError;
use crate::App;

const HEADING: [&str; 3] = ["List", "Your application's name", "Name in QuickBooks"];
const LINES_AT_A_TIME: u32 = 1_000;
/// Lines with an error that are told; whoever has more looks for their common cause.
pub(super) const ERRORS_SHOWN: usize = 50;
/// About fifty thousand lines.
pub(super) const IMPORT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A line that says what a name stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    number: u64,
    pub(super) choice: Choice,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct LineError {
    pub(super) line: u64,
    pub(super) what: String,
}

/// What an import answers with.
pub(super) enum Imported {
    Done(Redirect),
    Refused(Html<String>),
}

impl IntoResponse for Imported {
    fn into_response(self) -> Response {
        match self {
            Self::Done(redirect) => redirect.into_response(),
            Self::Refused(page) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        }
    }
}

/// All mappings, and the names that have none, for filling them in.
pub(super) async fn download(
    State(app): State<App>,
    desk: Desk,
) -> Result<([(HeaderName, HeaderValue); 2], String), PageError> {
    let mut text = format!("{BYTE_ORDER_MARK}{}\r\n", HEADING.join(","));
    for list in LISTS_NAMED {
        let mut after = None;
        loop {
            let page = app.store().mappings(desk.company_id(), list, "", after.as_ref(), LINES_AT_A_TIME).await?;
            let Some(last) = page.last() else { break };
            after = Some(mapping_key(list, &last.name));
            for line in &page {
                let entry = line.entry.as_ref().map_or(&line.chosen_name, |entry| &entry.full_name);
                write_line(&mut text, list, &line.name, entry);
            }
        }
        let mut after = None;
        loop {
            let page = app.store().unmapped_names(desk.company_id(), list, "", after.as_ref(), LINES_AT_A_TIME).await?;
            let Some(last) = page.last() else { break };
            after = Some(mapping_key(list, last));
            for name in &page {
                write_line(&mut text, list, name, "");
            }
        }
    }
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"mappings.csv\"")),
    ];
    Ok((headers, text))
}

/// The lines that say what a name stands for, or everything that is wrong with the text. Lines without an entry are left out.
pub(super) fn read(text: &str) -> Result<Vec<Line>, Vec<LineError>> {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let lines_of_text = (1..).zip(text.lines());
    if let Some((line, _)) = lines_of_text.into_iter().find(|(_, text)| text.contains('\u{fffd}')) {
        let what =
            "This holds letters that are not written in UTF-8. Save the table as “CSV UTF-8” and choose it again.";
        return Err(vec![LineError { line, what: what.to_owned() }]);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut lines, mut errors, mut columns) = (Vec::new(), Vec::new(), None::<[usize; 3]>);
    let mut seen: HashMap<(ListKind, NameKey), (u64, NameKey)> = HashMap::new();
    let mut numbering = Numbering { text: text.as_bytes(), counted: 0, line: 1 };
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = numbering.line_at(error.position());
                errors.push(LineError { line, what: "This cannot be read as CSV.".to_owned() });
                continue;
            }
        };
        let number = numbering.line_at(record.position());
        let error = |what: String| LineError { line: number, what };
        let Some([list, name, entry]) = columns else {
            match heading(&record) {
                Some(found) => columns = Some(found),
                None => {
                    return Err(vec![error(format!(
                        "The first line has to name the columns: {}.",
                        HEADING.join(", ")
                    ))]);
                }
            }
            continue;
        };
        let field = |column: usize| unguarded(record.get(column).unwrap_or(""));
        if field(entry).is_empty() {
            continue;
        }
        match line(number, field(list), field(name), field(entry), &mut seen) {
            Ok(line) => lines.push(line),
            Err(what) => errors.push(error(what)),
        }
    }
    if errors.is_empty() { Ok(lines) } else { Err(errors) }
}

impl Line {
    pub(super) fn refused(&self, why: Unmappable) -> LineError {
        let noun = self.choice.list.noun();
        let name = match &self.choice.entry {
            ChosenEntry::FullName(name) | ChosenEntry::ListId(name) => name,
        };
        let what = match why {
            Unmappable::NotThere => format!("QuickBooks has no {noun} named “{name}”, as far as the list was read."),
            Unmappable::Inactive => format!("The {noun} “{name}” is inactive in QuickBooks."),
        };
        LineError { line: self.number, what }
    }
}

/// The reader tells where it began to look for a record, which is before the blank lines above it.
struct Numbering<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl Numbering<'_> {
    /// Places have to come in their order.
    fn line_at(&mut self, place: Option<&csv::Position>) -> u64 {
        let place = place.and_then(|place| usize::try_from(place.byte()).ok()).unwrap_or(self.counted);
        let is_blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let blanks = self.text.iter().skip(place).take_while(is_blank).count();
        let until = place.saturating_add(blanks).max(self.counted);
        let passed = self.text.get(self.counted..until).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').fold(0, |lines, _| lines + 1);
        self.counted = until;
        self.line
    }
}

fn line(
    number: u64,
    list: &str,
    name: &str,
    entry: &str,
    seen: &mut HashMap<(ListKind, NameKey), (u64, NameKey)>,
) -> Result<Line, String> {
    let Some(list) = named_list(&list.to_lowercase().replace(' ', "_")) else {
        let lists = LISTS_NAMED.map(ListKind::as_str).join(", ");
        return Err(format!("“{list}” is none of the lists. They are {lists}."));
    };
    if name.is_empty() {
        return Err("Your application's name is missing.".to_owned());
    }
    if name.contains('\0') || entry.contains('\0') {
        return Err("It contains a character that no name has (U+0000).".to_owned());
    }
    let key = (list, mapping_key(list, name));
    let (first, other) = seen.entry(key).or_insert_with(|| (number, NameKey::of(entry)));
    if *other != NameKey::of(entry) {
        return Err(format!("“{name}” stands for something else in line {first}."));
    }
    let choice = Choice { list, name: name.to_owned(), entry: ChosenEntry::FullName(entry.to_owned()) };
    Ok(Line { number, choice })
}

/// Where the three columns are.
fn heading(record: &csv::StringRecord) -> Option<[usize; 3]> {
    let place = |heading: &str| record.iter().position(|cell| cell.replace('’', "'").eq_ignore_ascii_case(heading));
    let [list, name, entry] = HEADING.map(place);
    Some([list?, name?, entry?])
}

/// Spreadsheets write semicolons where the comma is the decimal point, and tabs where one pastes from them.
fn delimiter(text: &str) -> u8 {
    let heading = text.lines().next().unwrap_or("");
    [b'\t', b';'].into_iter().find(|delimiter| heading.contains(char::from(*delimiter))).unwrap_or(b',')
}

/// Without the apostrophe that keeps a spreadsheet from taking it for a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| guarded(rest) == cell).unwrap_or(cell)
}

fn write_line(text: &mut String, list: ListKind, name: &str, entry: &str) {
    text.push_str(&[list.as_str().to_owned(), cell(name), cell(entry)].join(","));
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line's number, the name and its entry.
    type Told = (u64, String, String);

    fn told(text: &str) -> Result<Vec<Told>, Vec<(u64, String)>> {
        let line = |line: Line| match line.choice.entry {
            ChosenEntry::FullName(entry) | ChosenEntry::ListId(entry) => (line.number, line.choice.name, entry),
        };
        read(text)
            .map(|lines| lines.into_iter().map(line).collect())
            .map_err(|errors| errors.into_iter().map(|error| (error.line, error.what)).collect())
    }

    #[test]
    fn what_was_written_is_read_again_whatever_the_spreadsheet_makes_of_it() {
        let mut written = format!("{BYTE_ORDER_MARK}{}\r\n", HEADING.join(","));
        let names = [("=1+1", "Sum"), ("a,\"b\"\nc", "@home"), ("'quoted'", "-5"), ("Ünïcode", "Glass:Windshields")];
        for (name, entry) in names {
            write_line(&mut written, ListKind::Item, name, entry);
        }
        write_line(&mut written, ListKind::Terms, "Left alone", "");
        let read = told(&written).expect("it is ours");
        let read: Vec<(&str, &str)> = read.iter().map(|(_, name, entry)| (name.as_str(), entry.as_str())).collect();
        assert_eq!(read, names);
        let semicolons = "your application’s name;Note;List;NAME IN QUICKBOOKS\nA;x;Payment methods;Check\n";
        assert_eq!(told(semicolons), Ok(vec![(2, "A".to_owned(), "Check".to_owned())]));
        let pasted = "List\tYour application's name\tName in QuickBooks\r\nitems\tA\tB\r\n";
        assert_eq!(told(pasted), Ok(vec![(2, "A".to_owned(), "B".to_owned())]));
    }

    #[test]
    fn each_wrong_line_is_told_by_its_number() {
        let text = "List,Your application's name,Name in QuickBooks\nitems,A,B\nvendors,C,D\nitems,,D\n\nitems, a ,b\n\
                    items,A,Z\nitems\n\r\n\r\nvendors,X,Y\r\nvendors,Y,Z\r\n";
        let lists = "customers, items, accounts, terms, payment_methods, sales_tax_items, classes";
        assert_eq!(
            told(text),
            Err(vec![
                (3, format!("“vendors” is none of the lists. They are {lists}.")),
                (4, "Your application's name is missing.".to_owned()),
                (7, "“A” stands for something else in line 2.".to_owned()),
                (11, format!("“vendors” is none of the lists. They are {lists}.")),
                (12, format!("“vendors” is none of the lists. They are {lists}.")),
            ])
        );
        let heading = "The first line has to name the columns: List, Your application's name, Name in QuickBooks.";
        assert_eq!(told("items,A,B\n"), Err(vec![(1, heading.to_owned())]));
        assert_eq!(told(""), Ok(Vec::new()));
    }
}
