//! Records as NDJSON: the same lines that `POST /api/v1/records/batch` takes.

use std::io::{BufRead, Read};

use serde_json::Value;

use bookferry_qbxml::value::Amount;
use bookferry_sync::record::RecordKind;

use super::prepared::{HandOver, Origin, Prepared, check};
use super::refusal::{Reason, Refusal};

/// The longest line, in bytes: many times the largest record.
const LINE_BYTES_MAX: usize = 4 << 20;

/// Lines of a file, each a record; blank lines are passed over.
pub(crate) struct NdjsonRecords<R> {
    reader: R,
    line: u64,
}

impl<R: BufRead> NdjsonRecords<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, line: 0 }
    }

    pub(crate) fn next_record(&mut self) -> std::io::Result<Option<Prepared>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = self.reader.by_ref().take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if bytes.len() == LINE_BYTES_MAX && bytes.last() != Some(&b'\n') {
                self.reader.skip_until(b'\n')?;
                let detail = format!("the line is longer than {LINE_BYTES_MAX} bytes");
                return Ok(Some(self.refused(Refusal::new(Reason::TooLarge, detail))));
            }
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.line == 1).unwrap_or(&bytes);
            if !text.trim_ascii().is_empty() {
                return Ok(Some(self.record(text)));
            }
        }
    }

    fn record(&self, text: &[u8]) -> Prepared {
        let record = match serde_json::from_slice(text) {
            Ok(Value::Object(record)) => record,
            Ok(_) => return self.refused(Refusal::new(Reason::NotARecord, "the line is JSON, but no object")),
            Err(error) => {
                return self.refused(Refusal::new(Reason::NotARecord, format!("the line is no JSON: {error}")));
            }
        };
        let mut prepared = self.refused(Refusal::new(Reason::NotARecord, ""));
        let text_of = |name: &str| record.get(name).and_then(Value::as_str);
        prepared.origin.number = text_of("number").unwrap_or_default().to_owned();
        let worth = text_of("total").or(text_of("amount")).and_then(|worth| worth.parse::<Amount>().ok());
        prepared.cents = worth.map_or(0, |worth| i128::from(worth.cents()));
        prepared.outcome = hand_over(record);
        prepared
    }

    fn refused(&self, refusal: Refusal) -> Prepared {
        let origin = Origin { number: String::new(), lines: vec![self.line] };
        Prepared { origin, cents: 0, outcome: Err(refusal) }
    }
}

fn hand_over(mut record: serde_json::Map<String, Value>) -> Result<HandOver, Refusal> {
    let kind = record.shift_remove("kind");
    let kind: RecordKind = kind
        .as_ref()
        .and_then(Value::as_str)
        .and_then(|kind| kind.parse().ok())
        .ok_or_else(|| Refusal::new(Reason::NotARecord, "/kind: This must be \"invoice\" or \"payment\"."))?;
    let Some(Value::String(external_id)) = record.shift_remove("external_id") else {
        return Err(Refusal::new(Reason::NotARecord, "/external_id: This must be the application's own id, as text."));
    };
    let content = check(kind, &external_id, &Value::Object(record))?;
    Ok(HandOver { external_id, content, derived: None })
}

#[cfg(test)]
mod tests {
    use super::NdjsonRecords;
    use crate::import::prepared::Prepared;

    fn read(text: &[u8]) -> Vec<Prepared> {
        let mut records = NdjsonRecords::new(text);
        std::iter::from_fn(|| records.next_record().unwrap()).collect()
    }

    #[test]
    fn every_line_is_taken_or_refused_with_its_line_number() {
        let good = r#"{"kind":"payment","external_id":"p-1","number":"881","date":"2026-11-05","customer":{"name":"Acme"},"amount":"270.00"}"#;
        let text = format!("\u{feff}{good}\n\nnot json\n[1]\n{}\n", good.replace("payment", "refund"));
        let records = read(text.as_bytes());
        let shown: Vec<_> = records
            .iter()
            .map(|record| match &record.outcome {
                Ok(taken) => format!("{}: {} {}", record.origin.lines_text(), taken.external_id, record.cents),
                Err(refusal) => format!("{}: {}: {}", record.origin.lines_text(), refusal.reason, refusal.detail),
            })
            .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        1: p-1 27000
        3: not a valid record: the line is no JSON: expected ident at line 1 column 2
        4: not a valid record: the line is JSON, but no object
        5: not a valid record: /kind: This must be "invoice" or "payment".
        "#);
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let records = read(b"{\"kind\":\"\xff\"}\n");
        assert!(records[0].outcome.is_err());
    }
}
