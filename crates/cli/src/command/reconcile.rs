use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_sync::id::CompanyId;

use super::key::existing_company;
use super::print_json;
use crate::database::DatabaseArgs;

/// Has the next visits hold what was submitted against what QuickBooks has now
///
/// What somebody changed, voided or deleted in QuickBooks then waits under Needs Attention; nothing is written to QuickBooks.
/// Every night this happens by itself for what changed there since. Works while the server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry reconcile --company 0193c1d2-…\n  \
                        bookferry reconcile --company 0193c1d2-… --from 2026-01-01")]
pub(crate) struct ReconcileArgs {
    /// The company whose records are compared
    #[arg(long, env = "BOOKFERRY_COMPANY", value_name = "ID")]
    company: CompanyId,
    /// The first date, as on the invoices and payments themselves; without it, all of them
    #[arg(long, env = "BOOKFERRY_RECONCILE_FROM", value_name = "DATE")]
    from: Option<Date>,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Serialize)]
struct Told {
    company: String,
    from: Option<Date>,
}

pub(crate) async fn run(args: ReconcileArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?;
    store.reconcile(company.id, args.from, "bookferry reconcile", Clock::System.now()).await?;
    store.close().await;
    if args.json {
        return print_json(&Told { company: company.id.to_string(), from: args.from });
    }
    println!("The next visit of the Web Connector begins to compare, once everything that is ready has been sent.");
    Ok(())
}
