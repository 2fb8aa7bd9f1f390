use std::io::IsTerminal;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_store::{BackupError, BackupSummary, Progress};

use super::print_json;
use crate::database::DatabaseArgs;

/// Writes the whole database to one file, while the server runs
///
/// The file is written under another name, checked, and put in its place at the end. It is a SQLite database, also where the
/// server's is PostgreSQL, and `bookferry restore` puts it into either. It holds business data and the hashes of passwords
/// and keys, so only this user can read it; keep copies where nobody else can.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry backup /backups/bookferry.backup --force\n  \
                        bookferry backup before-upgrade.backup --json")]
pub(crate) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Overwrite the file if it is there
    #[arg(long, env = "BOOKFERRY_BACKUP_FORCE", value_parser = clap::builder::BoolishValueParser::new())]
    force: bool,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: BackupArgs) -> anyhow::Result<()> {
    let store = args.database.open_as_it_is().await?;
    let bar = Bar::new();
    let now = Clock::System.now();
    let written = store.back_up(&args.file, args.force, now, &mut |progress| bar.show(progress)).await;
    bar.finish();
    let summary = match written {
        Ok(summary) => summary,
        Err(error @ BackupError::Exists { .. }) => return Err(anyhow!("{error}; --force overwrites it")),
        Err(error) => return Err(error.into()),
    };
    store.close().await;
    if args.json {
        return print_json(&Shown::of(&summary));
    }
    println!("Wrote {} and checked it: {}.", args.file.display(), told(&summary));
    for (status, records) in &summary.records {
        println!("  {records:>9} {}", status.replace('_', " "));
    }
    Ok(())
}

/// "2 companies, 1204 records, 1.5 MiB".
pub(super) fn told(summary: &BackupSummary) -> String {
    let plural = |count: u64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let companies = plural(summary.companies, "company", "companies");
    format!("{companies}, {}, {}", plural(summary.record_count(), "record", "records"), HumanBytes(summary.bytes))
}

/// What a backup holds, for programs.
#[derive(Serialize)]
pub(super) struct Shown {
    made_at: String,
    made_by: String,
    companies: u64,
    records: std::collections::BTreeMap<String, u64>,
    bytes: u64,
}

impl Shown {
    pub(super) fn of(summary: &BackupSummary) -> Self {
        Self {
            made_at: summary.made_at.to_string(),
            made_by: summary.made_by.clone(),
            companies: summary.companies,
            records: summary.records.clone(),
            bytes: summary.bytes,
        }
    }
}

/// How far it is, on a terminal's standard error.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {msg}");
        Self(ProgressBar::new(1).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub(super) fn show(&self, progress: Progress<'_>) {
        self.0.set_length(progress.total.max(1));
        self.0.set_position(progress.done);
        self.0.set_message(progress.part.to_owned());
    }

    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
