//! Webhooks of a company, on the command line.

use anyhow::bail;
use clap::{Args, Subcommand};
use serde::Serialize;

use bookferry_server::{AddedWebhook, Clock, EntropySource, add_webhook};
use bookferry_store::WebhookLine;
use bookferry_sync::id::{CompanyId, WebhookId};

use crate::command::key::existing_company;
use crate::command::{operator, print_json};
use crate::database::DatabaseArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    Add(AddArgs),
    List(ListArgs),
    Remove(ChosenArgs),
    /// Tries a webhook again that was switched off, or waits after a failure
    TryAgain(ChosenArgs),
}

/// Has what happens to records posted to an address, and shows the secret that signs it, this one time
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
                        bookferry company webhook add ID https://shop.example/bookferry")]
pub(crate) struct AddArgs {
    /// The company's id, as `company add` printed it
    #[arg(value_name = "ID")]
    company: CompanyId,
    /// Where what happens from now on is posted
    #[arg(value_name = "URL")]
    url: String,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Lists a company's webhooks, and how they fare
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// The company's id, as `company add` printed it
    #[arg(value_name = "ID")]
    company: CompanyId,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Removes a webhook, and forgets its secret
#[derive(Debug, Args)]
pub(crate) struct ChosenArgs {
    /// The company's id, as `company add` printed it
    #[arg(value_name = "ID")]
    company: CompanyId,
    /// The webhook's id, as `webhook list` prints it
    #[arg(value_name = "WEBHOOK")]
    webhook: WebhookId,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Serialize)]
struct ShownSecret<'a> {
    id: WebhookId,
    company: CompanyId,
    url: &'a str,
    secret: &'a str,
}

#[derive(Serialize)]
struct ShownWebhook<'a> {
    id: WebhookId,
    url: &'a str,
    created_at: jiff::Timestamp,
    delivered_at: Option<jiff::Timestamp>,
    failing_since: Option<jiff::Timestamp>,
    trouble: Option<&'a str>,
    off_since: Option<jiff::Timestamp>,
}

pub(crate) async fn run(command: WebhookCommand) -> anyhow::Result<()> {
    match command {
        WebhookCommand::Add(args) => add(args).await,
        WebhookCommand::List(args) => list(args).await,
        WebhookCommand::Remove(args) => remove(args).await,
        WebhookCommand::TryAgain(args) => try_again(args).await,
    }
}

async fn add(args: AddArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?;
    let (entropy, now) = (EntropySource::System, Clock::System.now());
    let AddedWebhook { id, url, secret } =
        add_webhook(&store, &entropy, company.id, &args.url, &operator(), now).await?;
    store.close().await;
    let secret = secret.reveal();
    if args.json {
        return print_json(&ShownSecret { id, company: company.id, url: &url, secret: &secret });
    }
    println!(
        "Webhook {id} of {}. Its secret is shown this once:\n\n  {secret}\n\n\
         What happens to records from now on is posted to {url}, signed as Standard Webhooks has it.",
        company.name,
    );
    Ok(())
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?;
    let lines = store.webhooks(company.id).await?;
    store.close().await;
    if args.json {
        return print_json(&lines.iter().map(ShownWebhook::from).collect::<Vec<_>>());
    }
    if lines.is_empty() {
        println!("{} has no webhook", company.name);
    }
    for line in lines {
        println!("{}  {}\n  {}", line.id, line.url, state(&line));
    }
    Ok(())
}

fn state(line: &WebhookLine) -> String {
    let delivered = line.delivered_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
    match (&line.trouble, line.failing_since, line.off_since) {
        (Some(trouble), Some(since), Some(off)) => {
            format!("switched off since {off}: failing since {since}, {trouble}; last delivered {delivered}")
        }
        (Some(trouble), Some(since), None) => {
            format!("failing since {since}: {trouble}; tried again at {}; last delivered {delivered}", line.due_at)
        }
        _ => format!("works; last delivered {delivered}"),
    }
}

async fn remove(args: ChosenArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let was_there = store.remove_webhook(args.company, args.webhook, &operator(), Clock::System.now()).await?;
    store.close().await;
    if !was_there {
        bail!("the company {} has no webhook {}", args.company, args.webhook);
    }
    println!("Nothing is delivered there any more");
    Ok(())
}

async fn try_again(args: ChosenArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let is_there = store.try_webhook_again(args.company, args.webhook, &operator(), Clock::System.now()).await?;
    store.close().await;
    if !is_there {
        bail!("the company {} has no webhook {}", args.company, args.webhook);
    }
    println!("The server tries it again now, from where it stopped");
    Ok(())
}

impl<'a> From<&'a WebhookLine> for ShownWebhook<'a> {
    fn from(line: &'a WebhookLine) -> Self {
        Self {
            id: line.id,
            url: &line.url,
            created_at: line.created_at,
            delivered_at: line.delivered_at,
            failing_since: line.failing_since,
            trouble: line.trouble.as_deref(),
            off_since: line.off_since,
        }
    }
}
