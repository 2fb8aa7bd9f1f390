//! The file in which every refused document stands, with its lines and the reason.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::prepared::Origin;
use super::refusal::Refusal;
use super::tally::money;

const HEADER: [&str; 5] = ["lines", "number", "sum", "reason", "detail"];

/// Written from the first refusal on. An older file of the same name is replaced, or removed where nothing is refused now.
pub(crate) struct RefusedFile {
    path: PathBuf,
    writer: Option<csv::Writer<File>>,
}

impl RefusedFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, writer: None }
    }

    /// `retail.csv.gz` becomes `retail.csv.gz.refused.csv`, beside it.
    pub(crate) fn beside(input: &Path) -> PathBuf {
        let mut name = input.as_os_str().to_owned();
        name.push(".refused.csv");
        PathBuf::from(name)
    }

    pub(crate) fn add(&mut self, origin: &Origin, cents: i128, refusal: &Refusal) -> csv::Result<()> {
        if self.writer.is_none() {
            let mut writer = csv::Writer::from_path(&self.path)?;
            writer.write_record(HEADER)?;
            self.writer = Some(writer);
        }
        if let Some(writer) = &mut self.writer {
            let (lines, reason, sum) = (origin.lines_text(), refusal.reason.to_string(), money(cents));
            let cells = [inert(&lines), inert(&origin.number), sum.into(), inert(&reason), inert(&refusal.detail)];
            writer.write_record(cells.iter().map(|cell| cell.as_bytes()))?;
        }
        Ok(())
    }

    /// The path, if anything was refused.
    pub(crate) fn finish(self) -> std::io::Result<Option<PathBuf>> {
        match self.writer {
            Some(mut writer) => {
                writer.flush()?;
                Ok(Some(self.path))
            }
            None => {
                if is_ours(&self.path) {
                    std::fs::remove_file(&self.path)?;
                }
                Ok(None)
            }
        }
    }
}

/// Whether an earlier import left this file, so that removing it loses nothing of anybody's.
fn is_ours(path: &Path) -> bool {
    let mut start = [0; 64];
    let read = File::open(path).and_then(|mut file| file.read(&mut start)).unwrap_or(0);
    start.get(..read).is_some_and(|start| start.starts_with(HEADER.join(",").as_bytes()))
}

/// A spreadsheet must not take a cell of somebody else's file for a formula.
fn inert(cell: &str) -> std::borrow::Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) {
        std::borrow::Cow::Owned(format!("'{cell}"))
    } else {
        std::borrow::Cow::Borrowed(cell)
    }
}
