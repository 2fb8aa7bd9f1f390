use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use bookferry_sync::id::CompanyId;

use super::key::existing_company;
use super::print_json;
use crate::database::DatabaseArgs;
use crate::import::{ImportResult, Importing, Mapping, Reading, RefusedFile, SourceForm};

/// Hands over the records of a file
///
/// CSV needs a mapping, which says what its columns stand for (see examples/small-shop.toml). NDJSON needs none: its lines
/// are those of POST /api/v1/records/batch. Importing a file again changes nothing; what was corrected in it becomes a new
/// revision. Works while the server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry import examples/small-shop.csv --mapping examples/small-shop.toml --company 0193c1d2-…\n  \
                        bookferry import invoices.ndjson.gz --company 0193c1d2-… --json")]
pub(crate) struct ImportArgs {
    /// A .csv or .ndjson file, which may be compressed (.gz)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the columns of a CSV file stand for
    #[arg(long, env = "BOOKFERRY_IMPORT_MAPPING", value_name = "MAP.toml")]
    mapping: Option<PathBuf>,
    /// The company that the records belong to
    #[arg(long, env = "BOOKFERRY_COMPANY", value_name = "ID")]
    company: CompanyId,
    /// Make one payment, in full, for each invoice, for sources that have none
    #[arg(long, env = "BOOKFERRY_IMPORT_DERIVE_PAYMENTS")]
    #[arg(value_parser = clap::builder::BoolishValueParser::new())]
    derive_payments: bool,
    /// Where refused documents are listed; by default FILE.refused.csv
    #[arg(long, env = "BOOKFERRY_IMPORT_REFUSED", value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(crate) async fn run(args: ImportArgs) -> anyhow::Result<()> {
    let reading = reading(&args)?;
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?;
    let refused = args.refused.unwrap_or_else(|| RefusedFile::beside(&args.file));
    let importing = Importing { store: &store, company: company.id, refused };
    let result = importing.run(reading).await?;
    store.close().await;
    if args.json { print_json(&result.to_json()) } else { tell(&result) }
}

fn reading(args: &ImportArgs) -> anyhow::Result<Reading> {
    let form = SourceForm::of(&args.file)?;
    let mapping = match (form, &args.mapping) {
        (SourceForm::Csv, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("the mapping {} cannot be read", path.display()))?;
            Some(Mapping::parse(&text).with_context(|| path.display().to_string())?)
        }
        (SourceForm::Csv, None) => {
            bail!("a CSV file needs --mapping, which says what its columns stand for; see examples/small-shop.toml")
        }
        (SourceForm::Ndjson, Some(_)) => bail!("an NDJSON file takes no --mapping: its lines are records already"),
        (SourceForm::Ndjson, None) if args.derive_payments => {
            bail!("--derive-payments is for CSV; in NDJSON, payments are lines of their own")
        }
        (SourceForm::Ndjson, None) => None,
    };
    Ok(Reading { path: args.file.clone(), form, mapping, derive_payments: args.derive_payments })
}

fn tell(result: &ImportResult) -> anyhow::Result<()> {
    println!("{}", result.to_text());
    Ok(())
}
