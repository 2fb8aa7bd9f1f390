use std::io::{self, BufRead as _, Write as _};

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_store::{Error, Rebound, Store};
use bookferry_sync::company::{Books, BooksIdentity};
use bookferry_sync::id::CompanyId;

use crate::command::{operator, print_json};
use crate::database::DatabaseArgs;

/// Binds a company to the other company file that came and was refused
///
/// Bookferry sends nothing to another company file than the one a company is bound to. Where that was on purpose, such as a
/// new file for a new year, open the new file in QuickBooks, let the Web Connector run once, and bind the company to it.
/// What was submitted stays submitted, to the old books. What was on its way there is left to a person. What was released
/// waits to be marked ready again. The lists are read anew, and whatever is to be added is looked for first, since the new
/// books may be a copy of the old. Works while the server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry company rebind ID\n  \
                        bookferry company rebind ID --yes --json")]
pub(crate) struct RebindArgs {
    /// The company's id, as `company add` printed it
    #[arg(value_name = "ID")]
    company: CompanyId,
    /// Do not ask
    #[arg(long, env = "BOOKFERRY_COMPANY_REBIND_YES", value_parser = clap::builder::BoolishValueParser::new())]
    yes: bool,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

pub(super) async fn run(args: RebindArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let Some(company) = store.company(args.company).await? else { bail!("there is no company {}", args.company) };
    let Some(to) = other_books(&store, company.id).await? else {
        bail!(
            "no other company file has come for {} since its own last did. Open the new one in QuickBooks, let the Web \
             Connector run once, and call this again",
            company.name
        )
    };
    let from = company.books.as_ref().map(Books::identity).unwrap_or_default();
    if !args.yes {
        eprint!("{}\nType yes to bind it: ", question(&company.name, &from, &to));
        io::stderr().flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        if !answer.trim().eq_ignore_ascii_case("yes") {
            bail!("nothing was changed");
        }
    }
    let rebound = match store.rebind(company.id, &to, &operator(), Clock::System.now()).await {
        Ok(rebound) => rebound,
        Err(Error::Stale { .. }) => bail!("other books have come meanwhile, or the right ones; nothing was changed"),
        Err(error) => return Err(error.into()),
    };
    store.close().await;
    let Rebound { held, unconfirmed } = rebound;
    if args.json {
        return print_json(&Shown { from: &from, to: &to, held, unconfirmed });
    }
    println!("{} is bound to {} now. The next visit reads its lists.", company.name, told(&to));
    println!("  {held:>9} that were released: they wait to be marked ready again");
    println!("  {unconfirmed:>9} that were on their way to the old books: a person has to say whether they arrived");
    Ok(())
}

/// The books that came last and were refused.
async fn other_books(store: &Store, company: CompanyId) -> anyhow::Result<Option<BooksIdentity>> {
    let notices = store.notices(company).await?;
    Ok(notices.iter().find_map(|line| line.notice.other_books().cloned()))
}

fn question(company: &str, from: &BooksIdentity, to: &BooksIdentity) -> String {
    let by_name = if from.file_id.is_none() || to.file_id.is_none() {
        "\nOne of the two carries no FileID, so that only name and path tell them apart.\n"
    } else {
        ""
    };
    format!(
        "{company} is bound to\n  {}\nand would be bound to\n  {}\n{by_name}\n\
         What was submitted stays submitted, to the old books. What is on its way there is left to a person.\n\
         What is released waits to be marked ready again.",
        told(from),
        told(to)
    )
}

/// "Acme Glass, C:\Books\acme.qbw".
fn told(books: &BooksIdentity) -> String {
    let parts = [&books.company_name, &books.company_file];
    let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    if known.is_empty() { "no books yet".to_owned() } else { known.join(", ") }
}

#[derive(Serialize)]
struct Shown<'a> {
    from: &'a BooksIdentity,
    to: &'a BooksIdentity,
    /// Released, and held for review.
    held: u64,
    /// On their way to the old books.
    unconfirmed: u64,
}
