//! The writing side: takes prepared documents and hands them over in slices, one transaction each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;
use indicatif::ProgressBar;
use serde::Serialize;
use tokio::sync::mpsc;

use bookferry_server::{Clock, EntropySource};
use bookferry_store::{Actor, HandOver, HandedOver, Outcome, Store};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::submission::Status;

use super::prepared::Prepared;
use super::progress::Progress;
use super::reading::{Continue, Notes, Reading};
use super::refused_file::RefusedFile;
use super::tally::{Tally, TallyJson};

/// The most documents of a transaction, and the most lines: few enough to hold nobody up for long.
const SLICE_DOCUMENTS_MAX: usize = 500;
const SLICE_LINES_MAX: usize = 10_000;

/// How often a slice is tried while another process writes; each try waits as long as the store does.
const TRIES_MAX: u32 = 5;

/// An import into one company.
pub(crate) struct Importing<'a> {
    pub(crate) store: &'a Store,
    pub(crate) company: CompanyId,
    pub(crate) refused: PathBuf,
}

/// What an import did.
#[derive(Debug)]
pub(crate) struct ImportResult {
    tally: Tally,
    /// In which status the records are that were handed over, with derived payments.
    statuses: BTreeMap<Status, u64>,
    derive_payments: bool,
    refused_file: Option<PathBuf>,
}

impl Importing<'_> {
    /// Reads on a thread of its own while the database works. What is handed over stays so if a later part fails; the
    /// same import can be run again.
    pub(crate) async fn run(self, reading: Reading) -> anyhow::Result<ImportResult> {
        let derive_payments = reading.derive_payments;
        let progress = Progress::for_file(&reading.path);
        let (slices, received) = mpsc::channel(2);
        let bar = progress.bar();
        let reader = tokio::task::spawn_blocking(move || read_slices(&reading, &bar, &slices));
        let mut result =
            ImportResult { tally: Tally::default(), statuses: BTreeMap::new(), derive_payments, refused_file: None };
        let written = self.write(received, &progress, &mut result).await;
        let notes = reader.await.context("the reading side stopped")?;
        written?;
        result.tally.windows_1252_cells = notes?.windows_1252_cells;
        progress.finish();
        assert!(result.tally.adds_up(), "documents went missing between the file and the database: {:?}", result.tally);
        Ok(result)
    }

    async fn write(
        self,
        mut slices: mpsc::Receiver<Vec<Prepared>>,
        progress: &Progress,
        result: &mut ImportResult,
    ) -> anyhow::Result<()> {
        let mut refused_file = RefusedFile::new(self.refused.clone());
        while let Some(slice) = slices.recv().await {
            let answers = self.hand_over(&slice).await?;
            let mut answers = answers.iter();
            for prepared in &slice {
                let lines = prepared.origin.lines.len();
                result.tally.source.add(lines, prepared.cents);
                match &prepared.outcome {
                    Ok(given) => {
                        result.count(answers.next(), false, lines, prepared.cents);
                        if given.derived.is_some() {
                            result.count(answers.next(), true, 1, prepared.cents);
                        }
                    }
                    Err(refusal) => {
                        let count = result.tally.refused.entry(refusal.reason.clone()).or_default();
                        count.add(lines, prepared.cents);
                        refused_file
                            .add(&prepared.origin, prepared.cents, refusal)
                            .with_context(|| format!("{} cannot be written", self.refused.display()))?;
                    }
                }
            }
            progress.documents(result.tally.source.documents);
        }
        result.refused_file =
            refused_file.finish().with_context(|| format!("{} cannot be written", self.refused.display()))?;
        Ok(())
    }

    /// Hands over what is fit in the slice, each invoice before the payment derived from it.
    async fn hand_over(&self, slice: &[Prepared]) -> anyhow::Result<Vec<HandedOver>> {
        let (clock, entropy) = (Clock::System, EntropySource::System);
        let now = clock.now();
        let given = slice.iter().filter_map(|prepared| prepared.outcome.as_ref().ok());
        let records = given.flat_map(|given| {
            let derived = given.derived.iter().map(|(external_id, content)| (external_id, content));
            std::iter::once((&given.external_id, &given.content)).chain(derived)
        });
        let records: Vec<HandOver<'_>> = records
            .map(|(external_id, content)| HandOver {
                id_if_new: RecordId::new(now, &entropy.id()),
                external_id,
                content,
            })
            .collect();
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let actor = Actor::new("operator", "import");
        bookferry_crash::before_commit("import");
        let mut tries = 0;
        loop {
            tries += 1;
            match self.store.hand_over(self.company, &records, &actor, now).await {
                Err(error) if error.is_retryable() && tries < TRIES_MAX => {}
                other => {
                    bookferry_crash::after_commit("import");
                    return other.context("the records could not be handed over; run the import again");
                }
            }
        }
    }
}

impl ImportResult {
    fn count(&mut self, answer: Option<&HandedOver>, is_derived: bool, lines: usize, cents: i128) {
        let Some(answer) = answer else { return };
        *self.statuses.entry(answer.status).or_default() += 1;
        let tally = &mut self.tally;
        let count = match (answer.outcome, is_derived) {
            (Outcome::Created, false) => &mut tally.taken,
            (Outcome::Changed, false) => &mut tally.changed,
            (Outcome::Unchanged, false) => &mut tally.unchanged,
            (Outcome::Created, true) => &mut tally.derived_taken,
            (Outcome::Changed, true) => &mut tally.derived_changed,
            (Outcome::Unchanged, true) => &mut tally.derived_unchanged,
        };
        count.add(lines, cents);
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = self.tally.to_text();
        if self.derive_payments {
            text.push_str(&self.tally.derived_text());
        }
        let statuses = self.statuses.iter().map(|(status, count)| format!("{count} {}", status.label()));
        text.push_str(&format!("\nThe records stand so: {}.", statuses.collect::<Vec<_>>().join(", ")));
        if self.statuses.contains_key(&Status::HeldBack) {
            text.push_str("\nHeld Back means created before sync was enabled; add older records to queue them.");
        }
        if self.tally.windows_1252_cells > 0 {
            let cells = self.tally.windows_1252_cells;
            text.push_str(&format!("\n{cells} cells were not UTF-8 and were read as Windows-1252."));
        }
        if let Some(path) = &self.refused_file {
            text.push_str(&format!("\nWhat was refused, line by line, is in {}.", path.display()));
        }
        text
    }

    pub(crate) fn to_json(&self) -> ImportJson<'_> {
        ImportJson {
            documents: self.tally.to_json(),
            payments_are_derived: self.derive_payments,
            statuses: self.statuses.iter().map(|(status, &count)| (status.as_str(), count)).collect(),
            windows_1252_cells: self.tally.windows_1252_cells,
            refused_file: self.refused_file.as_ref().map(|path| path.display().to_string()),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct ImportJson<'a> {
    #[serde(flatten)]
    documents: TallyJson,
    payments_are_derived: bool,
    statuses: BTreeMap<&'a str, u64>,
    windows_1252_cells: u64,
    refused_file: Option<String>,
}

fn read_slices(reading: &Reading, bar: &ProgressBar, slices: &mpsc::Sender<Vec<Prepared>>) -> anyhow::Result<Notes> {
    let mut slice = Vec::new();
    let mut lines = 0;
    let notes = reading.run(bar, |prepared| {
        lines += prepared.origin.lines.len();
        slice.push(prepared);
        if slice.len() < SLICE_DOCUMENTS_MAX && lines < SLICE_LINES_MAX {
            return Continue::Yes;
        }
        lines = 0;
        // The other side is gone only after it failed, and then says so itself.
        if slices.blocking_send(std::mem::take(&mut slice)).is_ok() { Continue::Yes } else { Continue::No }
    })?;
    if !slice.is_empty() {
        let _ = slices.blocking_send(slice);
    }
    Ok(notes)
}
