use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_store::{BackupError, Restored, restore};

use super::backup::{Bar, Shown, told};
use super::print_json;
use crate::database::DatabaseArgs;

/// Puts a backup back, in such a way that nothing is sent twice
///
/// QuickBooks may hold what was sent after the backup was made. So QuickBooks is asked about records that were on their way,
/// records that a person released wait to be released again, and before a record is added it is looked for there. Stop the
/// servers first; a SQLite database that was there is kept beside the new one.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry restore /backups/bookferry.backup\n  \
                        bookferry restore /backups/bookferry.backup --replace\n  \
                        bookferry restore sqlite.backup --database-url postgres://bookferry@db.example.com/bookferry")]
pub(crate) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace what is in the database
    #[arg(long, env = "BOOKFERRY_RESTORE_REPLACE", value_parser = clap::builder::BoolishValueParser::new())]
    replace: bool,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: RestoreArgs) -> anyhow::Result<()> {
    let options = args.database.options()?;
    let bar = Bar::new();
    let now = Clock::System.now();
    let restored = restore(&options, &args.file, args.replace, now, &mut |progress| bar.show(progress)).await;
    bar.finish();
    let restored = match restored {
        Ok(restored) => restored,
        Err(error @ BackupError::NotEmpty { .. }) => {
            return Err(anyhow!("{error}; --replace puts the backup in their place"));
        }
        Err(error @ BackupError::InUse { .. }) => return Err(anyhow!("{error}; stop the server first")),
        Err(error) => return Err(error.into()),
    };
    if args.json { print_json(&ShownRestored::of(&restored)) } else { print(&restored) }
}

fn print(restored: &Restored) -> anyhow::Result<()> {
    let Restored { summary, begun, kept } = restored;
    println!("Restored the backup of {}: {}.", summary.made_at.strftime("%Y-%m-%d %H:%M UTC"), told(summary));
    println!("Nothing is sent twice:");
    println!("  {:>9} that were on their way: QuickBooks is asked about them first", begun.asked);
    println!("  {:>9} that were released: they wait to be marked ready again", begun.held);
    if begun.left_ready > 0 {
        println!("  {:>9} that are released automatically: they stay ready", begun.left_ready);
    }
    println!("  Whatever is to be added is looked for in QuickBooks first.");
    println!("Hand over again what was handed over since the backup was made; everybody signs in again.");
    if let Some(kept) = kept {
        println!("The database that was there before is kept as {}.", kept.display());
    }
    Ok(())
}

#[derive(Serialize)]
struct ShownRestored {
    backup: Shown,
    asked: u64,
    held: u64,
    left_ready: u64,
    kept: Option<PathBuf>,
}

impl ShownRestored {
    fn of(restored: &Restored) -> Self {
        let begun = restored.begun;
        Self {
            backup: Shown::of(&restored.summary),
            asked: begun.asked,
            held: begun.held,
            left_ready: begun.left_ready,
            kept: restored.kept.clone(),
        }
    }
}
