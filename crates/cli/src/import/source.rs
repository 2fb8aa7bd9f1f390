//! Opening a source file: its form by its name, gzip by its first bytes.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context, bail};
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressBarIter};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SourceForm {
    Csv,
    Ndjson,
}

impl SourceForm {
    pub(crate) fn of(path: &Path) -> anyhow::Result<Self> {
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.') {
            Some((_, "csv")) => Ok(Self::Csv),
            Some((_, "ndjson")) => Ok(Self::Ndjson),
            _ => bail!("{} is neither .csv nor .ndjson (each may end in .gz); rename it to what it is", path.display()),
        }
    }
}

/// The file's text; `progress` follows the bytes taken from the disk.
pub(crate) fn open(path: &Path, progress: &ProgressBar) -> anyhow::Result<Box<dyn Read + Send>> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut start = Vec::new();
    file.by_ref().take(2).read_to_end(&mut start).with_context(|| format!("{} cannot be read", path.display()))?;
    file.rewind().with_context(|| format!("{} must be a file, not a stream: it is read twice", path.display()))?;
    let file: ProgressBarIter<File> = progress.wrap_read(file);
    Ok(if start == [0x1f, 0x8b] { Box::new(MultiGzDecoder::new(BufReader::new(file))) } else { Box::new(file) })
}
