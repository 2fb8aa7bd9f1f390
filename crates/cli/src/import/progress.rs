//! How far an import is: a bar on a terminal, a line now and then elsewhere. Both on standard error.

use std::cell::Cell;
use std::io::IsTerminal;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

pub(crate) struct Progress {
    bar: ProgressBar,
    is_terminal: bool,
    next_line_at: Cell<u64>,
}

/// Without a terminal, a line is written every so many documents.
const LINE_EVERY: u64 = 5_000;

impl Progress {
    /// Of reading this file, by its bytes on the disk.
    pub(crate) fn for_file(path: &Path) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = if is_terminal {
            let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
            let template = "{bar:32} {percent:>3} %  {msg}  {eta} left";
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::new(bytes).with_style(style)
        } else {
            eprintln!("Importing {}", path.display());
            ProgressBar::hidden()
        };
        Self { bar, is_terminal, next_line_at: Cell::new(LINE_EVERY) }
    }

    pub(crate) fn bar(&self) -> ProgressBar {
        self.bar.clone()
    }

    pub(crate) fn documents(&self, documents: u64) {
        self.bar.set_message(format!("{documents} documents"));
        if !self.is_terminal && documents >= self.next_line_at.get() {
            eprintln!("{documents} documents so far");
            self.next_line_at.set(documents - documents % LINE_EVERY + LINE_EVERY);
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
