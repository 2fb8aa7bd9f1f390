use anyhow::Context;
use clap::{Args, Subcommand};
use serde::Serialize;

use bookferry_server::{Clock, EntropySource, Secret};
use bookferry_store::{NewApiKey, Store};
use bookferry_sync::id::{ApiKeyId, CompanyId};

use super::print_json;
use crate::database::DatabaseArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    Add(AddArgs),
}

/// Makes an API key for one company and shows it this one time
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry key add --company 0193c1d2-…\n  \
                        bookferry key add --company 0193c1d2-… --read-only --json")]
pub(crate) struct AddArgs {
    /// The company whose records the key opens
    #[arg(long, env = "BOOKFERRY_COMPANY", value_name = "ID")]
    company: CompanyId,
    /// The key may read, but hand nothing over
    #[arg(long, env = "BOOKFERRY_KEY_ADD_READ_ONLY", value_parser = clap::builder::BoolishValueParser::new())]
    read_only: bool,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Serialize)]
struct AddedKey<'a> {
    company: CompanyId,
    api_key: &'a str,
    read_only: bool,
}

pub(crate) async fn run(command: KeyCommand) -> anyhow::Result<()> {
    let KeyCommand::Add(args) = command;
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?;
    let key = add(&store, company.id, args.read_only).await?;
    store.close().await;
    if args.json {
        return print_json(&AddedKey { company: company.id, api_key: key.reveal(), read_only: args.read_only });
    }
    let reads = if args.read_only { " It may only read." } else { "" };
    println!(
        "API key of {}, shown this once:\n\n  {}\n\nSend it as `Authorization: Bearer …`.{reads}",
        company.name,
        key.reveal()
    );
    Ok(())
}

/// Makes a key; what is stored is its hash.
pub(crate) async fn add(store: &Store, company: CompanyId, read_only: bool) -> anyhow::Result<Secret> {
    let (clock, entropy) = (Clock::System, EntropySource::System);
    let now = clock.now();
    let key = Secret::api_key(&entropy);
    let (id, hash) = (ApiKeyId::new(now, &entropy.id()), key.hash());
    let new = NewApiKey { id, company_id: company, hash: &hash.0, name: "", read_only };
    store.create_api_key(&new, now).await?;
    Ok(key)
}

/// The company of that id, or the sentence that there is none.
pub(crate) async fn existing_company(store: &Store, id: CompanyId) -> anyhow::Result<bookferry_sync::company::Company> {
    store
        .company(id)
        .await?
        .with_context(|| format!("there is no company {id}; `bookferry company add` makes one and prints its id"))
}
