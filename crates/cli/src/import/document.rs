//! The rows of one document, read from CSV and grouped by number.
//!
//! A file is read twice: once to count the rows of each number, once to group them. A document is complete with its last
//! row, wherever that stands, so that only documents whose rows lie apart are held in memory, and never the file.

use std::collections::HashMap;
use std::io::Read;

use csv::{ByteRecord, StringRecord};

use super::bound::Bound;
use super::mapping::{Mapping, MappingError};

/// The rows of one number, in the order of the file.
#[derive(Debug, Default)]
pub(crate) struct Document {
    pub(crate) number: String,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug)]
pub(crate) struct Row {
    /// The line of the file, the first being 1.
    pub(crate) line: u64,
    pub(crate) cells: StringRecord,
    /// Set where the row has more or fewer cells than the header.
    pub(crate) is_damaged: bool,
}

/// How many rows each number has. Rows without a number are documents of their own and not counted here.
#[derive(Debug, Default)]
pub(crate) struct RowCounts {
    by_number: HashMap<String, u32>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error("the file cannot be read")]
    Csv(#[from] csv::Error),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error("the file is UTF-16; save it as UTF-8 and import it again")]
    Utf16,
    #[error("the file has no header row, or is empty")]
    Empty,
    #[error("the file changed while it was read; import it again when it is complete")]
    Changed,
}

/// Rows of a CSV file with the mapping bound to its header.
pub(crate) struct Rows<R> {
    reader: csv::Reader<R>,
    pub(crate) bound: Bound,
    width: usize,
    record: ByteRecord,
    /// Cells that were not UTF-8 and were read as Windows-1252.
    pub(crate) windows_1252_cells: u64,
}

impl<R: Read> Rows<R> {
    pub(crate) fn open(reader: R, mapping: &Mapping) -> Result<Self, ReadError> {
        let delimiter = u8::try_from(mapping.file.delimiter).unwrap_or(b',');
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(reader);
        let header = reader.byte_headers()?.clone();
        if matches!(header.get(0), Some([0xff, 0xfe, ..] | [0xfe, 0xff, ..])) {
            return Err(ReadError::Utf16);
        }
        let (header, _) = decode(&header);
        if header.iter().all(|name| name.trim().is_empty()) {
            return Err(ReadError::Empty);
        }
        let bound = Bound::new(mapping, &header)?;
        Ok(Self { reader, bound, width: header.len(), record: ByteRecord::new(), windows_1252_cells: 0 })
    }

    pub(crate) fn count(mut self) -> Result<RowCounts, ReadError> {
        let mut counts = RowCounts::default();
        while let Some(row) = self.next_row()? {
            let number = self.bound.number.of(&row.cells);
            if number.is_empty() {
                continue;
            }
            match counts.by_number.get_mut(number.as_ref()) {
                Some(count) => *count += 1,
                None => {
                    counts.by_number.insert(number.into_owned(), 1);
                }
            }
        }
        Ok(counts)
    }

    pub(crate) fn documents(self, counts: RowCounts) -> Documents<R> {
        Documents { rows: self, counts, open: HashMap::new() }
    }

    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        if !self.reader.read_byte_record(&mut self.record)? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let is_damaged = self.record.len() != self.width;
        let (cells, windows_1252_cells) = decode(&self.record);
        self.windows_1252_cells += windows_1252_cells;
        Ok(Some(Row { line, cells, is_damaged }))
    }
}

/// Documents in the order in which their last rows stand in the file.
pub(crate) struct Documents<R> {
    pub(crate) rows: Rows<R>,
    counts: RowCounts,
    open: HashMap<String, Vec<Row>>,
}

impl<R: Read> Documents<R> {
    pub(crate) fn next_document(&mut self) -> Result<Option<Document>, ReadError> {
        while let Some(row) = self.rows.next_row()? {
            let number = self.rows.bound.number.of(&row.cells).into_owned();
            if number.is_empty() {
                return Ok(Some(Document { number, rows: vec![row] }));
            }
            let missing = self.counts.by_number.get_mut(&number).ok_or(ReadError::Changed)?;
            *missing -= 1;
            if *missing > 0 {
                self.open.entry(number).or_default().push(row);
                continue;
            }
            self.counts.by_number.remove(&number);
            let mut rows = self.open.remove(&number).unwrap_or_default();
            rows.push(row);
            return Ok(Some(Document { number, rows }));
        }
        if self.open.is_empty() { Ok(None) } else { Err(ReadError::Changed) }
    }
}

/// UTF-8 as it stands; a cell that is none is taken for Windows-1252, which is what old exports are. Returns how many.
fn decode(record: &ByteRecord) -> (StringRecord, u64) {
    if let Ok(text) = StringRecord::from_byte_record(record.clone()) {
        return (text, 0);
    }
    let mut text = StringRecord::new();
    let mut windows_1252_cells = 0;
    for cell in record {
        match std::str::from_utf8(cell) {
            Ok(cell) => text.push_field(cell),
            Err(_) => {
                windows_1252_cells += 1;
                text.push_field(&cell.iter().copied().map(windows_1252).collect::<String>());
            }
        }
    }
    (text, windows_1252_cells)
}

fn windows_1252(byte: u8) -> char {
    const C1: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => C1[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}
