mod database;
mod finding;
mod machine;

use anyhow::bail;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_store::Store;

use super::print_json;
use crate::database::DatabaseArgs;
use finding::Finding;

/// Looks for what is wrong and says what to do about it; changes nothing
///
/// Ends with 1 if something needs doing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry doctor --public-url https://books.example.com\n  \
                        bookferry doctor --json")]
pub(crate) struct DoctorArgs {
    /// Where people and the Web Connector find the server
    #[arg(long, env = "BOOKFERRY_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Serialize)]
struct Shown<'a> {
    ok: bool,
    findings: &'a [Finding],
}

pub(crate) async fn run(args: DoctorArgs) -> anyhow::Result<()> {
    let now = Clock::System.now();
    let findings = examine(&args, now).await;
    let to_do = findings.iter().filter(|finding| finding.to_do.is_some()).count();
    if args.json {
        print_json(&Shown { ok: to_do == 0, findings: &findings })?;
    } else {
        findings.iter().for_each(|finding| println!("{finding}"));
    }
    match to_do {
        0 => Ok(()),
        1 => bail!("1 thing needs doing"),
        to_do => bail!("{to_do} things need doing"),
    }
}

async fn examine(args: &DoctorArgs, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![machine::clock(now), machine::public_url(args.public_url.as_deref())];
    if let Some(path) = args.database.sqlite_path() {
        findings.extend(machine::directory(&args.database.data_dir, &path));
    }
    match args.database.open_as_it_is().await {
        Ok(store) => {
            findings.extend(of_store(&store, now).await);
            store.close().await;
        }
        Err(error) => findings.push(Finding::database_unreachable(&error)),
    }
    findings
}

async fn of_store(store: &Store, now: Timestamp) -> Vec<Finding> {
    match database::examine(store, now).await {
        Ok(findings) => findings,
        Err(error) => vec![Finding::database_unreachable(&error.into())],
    }
}
