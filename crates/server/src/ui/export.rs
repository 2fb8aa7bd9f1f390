//! The grid as CSV: everything that the filter admits, written as it is read.

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use bookferry_store::{Cursor, Error as StoreError, PAGE_LIMIT_MAX, RecordFilter, RecordLine, Sort};
use bookferry_sync::id::CompanyId;
use futures_util::stream;

use super::desk::Desk;
use super::page_error::PageError;
use super::row::{Mark, rows};
use super::view::View;
use crate::App;

const HEADING: &str =
    "Kind,Status,Number,Customer,Date,Amount,Currency,Note,TxnID,Your application's id,Created,Last change\r\n";
/// Excel takes a file without this mark for one in the system's own code page.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

struct Export {
    app: App,
    company: CompanyId,
    filter: RecordFilter,
    sort: Sort,
    place: Place,
}

enum Place {
    Start,
    After(Cursor),
    End,
}

pub(super) async fn download(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<([(HeaderName, HeaderValue); 2], Body), PageError> {
    let view = View::read(query.as_deref().unwrap_or(""));
    if !view.is_usable() {
        return Err(PageError::Unreadable);
    }
    let export =
        Export { company: desk.company_id(), filter: view.filter(), sort: view.sort, place: Place::Start, app };
    let pieces = stream::unfold(export, |mut export| async {
        let piece = export.next().await?;
        Some((piece, export))
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"submissions.csv\"")),
    ];
    Ok((headers, Body::from_stream(pieces)))
}

impl Export {
    /// A page of records as text; a browser that reads slowly holds up nothing but itself.
    async fn next(&mut self) -> Option<Result<Bytes, StoreError>> {
        let (after, heading) = match std::mem::replace(&mut self.place, Place::End) {
            Place::Start => (None, format!("{BYTE_ORDER_MARK}{HEADING}")),
            Place::After(cursor) => (Some(cursor), String::new()),
            Place::End => return None,
        };
        Some(self.page(after.as_ref(), heading).await.map(Bytes::from))
    }

    async fn page(&mut self, after: Option<&Cursor>, mut text: String) -> Result<String, StoreError> {
        let store = self.app.store();
        let page = store.records(self.company, &self.filter, self.sort, after, PAGE_LIMIT_MAX).await?;
        let now = self.app.clock().now();
        let shown = rows(store, self.company, &page.lines, now).await?;
        for (line, row) in page.lines.iter().zip(shown) {
            write_line(&mut text, line, &row.note);
        }
        self.place = page.next.map_or(Place::End, Place::After);
        Ok(text)
    }
}

fn write_line(text: &mut String, line: &RecordLine, note: &str) {
    let txn_id = line.state.posted().map_or("", |posted| posted.txn_id.as_str());
    let (created, changed) = (line.created_at.to_string(), line.changed_at.to_string());
    let (date, amount) = (line.date.to_string(), line.amount.to_string());
    let cells = [
        line.kind.as_str().to_owned(),
        Mark(line.state.status()).label().to_owned(),
        cell(&line.number),
        cell(&line.customer),
        date,
        amount,
        cell(&line.currency),
        cell(note),
        cell(txn_id),
        cell(&line.external_id),
        created,
        changed,
    ];
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// A text cell. What a spreadsheet would take for a formula gets an apostrophe before it, as people type it there.
pub(super) fn cell(text: &str) -> String {
    let guarded = guarded(text);
    if guarded.contains([',', '"', '\n', '\r', ';', '\t']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

pub(super) fn guarded(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_and_none_spills_over() {
        for (text, expected) in [
            ("Lawn Depot", "Lawn Depot"),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("+1 555", "'+1 555"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "\"'\t=1\""),
            ("＝1", "'＝1"),
            ("a,b", "\"a,b\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
