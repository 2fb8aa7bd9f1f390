use clap::Args;

use crate::database::DatabaseArgs;

/// Brings the database to this version
///
/// Every other command does so by itself; this one is for those who want it done before the servers start.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bookferry migrate --database-url postgres://bookferry@db.example.com/bookferry")]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: MigrateArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    store.close().await;
    println!("The database is at this version.");
    Ok(())
}
