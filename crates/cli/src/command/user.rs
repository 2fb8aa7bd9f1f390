use std::io::{BufRead, IsTerminal};

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand, ValueEnum};

use bookferry_server::{Clock, EntropySource, PASSWORD_CHARACTERS, hash_password};
use bookferry_store::{Error, NewPerson, Role, Store};
use bookferry_sync::id::{CompanyId, OrganizationId, PersonId};

use super::key::existing_company;
use crate::database::DatabaseArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    Add(AddArgs),
}

/// Adds a person; the password is read from standard input, its first line
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry user add nora@example.com --role bookkeeper < password.txt\n  \
                        pass show bookferry | bookferry user add ops@example.com --role admin")]
pub(crate) struct AddArgs {
    /// The person's e-mail address, with which they sign in
    #[arg(value_name = "EMAIL", value_parser = email)]
    email: String,
    /// What the person may do: everything, release and mend records, or look
    #[arg(long, env = "BOOKFERRY_USER_ADD_ROLE")]
    role: RoleWord,
    /// The one company the person sees; without it, all of the organization's
    #[arg(long, env = "BOOKFERRY_COMPANY", value_name = "ID")]
    company: Option<CompanyId>,
    #[command(flatten)]
    database: DatabaseArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleWord {
    Admin,
    Bookkeeper,
    Viewer,
}

impl From<RoleWord> for Role {
    fn from(word: RoleWord) -> Self {
        match word {
            RoleWord::Admin => Self::Admin,
            RoleWord::Bookkeeper => Self::Bookkeeper,
            RoleWord::Viewer => Self::Viewer,
        }
    }
}

pub(crate) async fn run(command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Add(args) = command;
    let store = args.database.open().await?;
    let password = read_password()?;
    let organization = organization(&store, &args).await?;
    let is_first = store.companies().await?.is_empty();
    add(&store, organization, args.company, &args.email, args.role.into(), &password).await?;
    store.close().await;
    let next = if is_first { " The first page adds the company." } else { "" };
    println!("{} can sign in now.{next}", args.email);
    Ok(())
}

/// Adds a person. The password is hashed; nothing keeps it.
pub(crate) async fn add(
    store: &Store,
    organization: OrganizationId,
    company: Option<CompanyId>,
    email: &str,
    role: Role,
    password: &str,
) -> anyhow::Result<()> {
    let (clock, entropy) = (Clock::System, EntropySource::System);
    let now = clock.now();
    let password_hash = hash_password(password).map_err(|error| anyhow::anyhow!("the password: {error}"))?;
    let person = NewPerson {
        id: PersonId::new(now, &entropy.id()),
        organization_id: organization,
        company_id: company,
        email,
        role,
        password_hash: &password_hash,
    };
    match store.create_person(&person, now).await {
        Err(Error::Exists { .. }) => bail!("there is somebody with the e-mail address {email} already"),
        other => Ok(other?),
    }
}

/// The organization of the company, or the only one there is. The first administrator of all comes before any company,
/// and adds one in the page.
async fn organization(store: &Store, args: &AddArgs) -> anyhow::Result<OrganizationId> {
    if let Some(company) = args.company {
        return Ok(existing_company(store, company).await?.organization_id);
    }
    match store.organizations().await?.as_slice() {
        [] if args.role == RoleWord::Admin => {
            let (clock, entropy) = (Clock::System, EntropySource::System);
            let now = clock.now();
            let organization = OrganizationId::new(now, &entropy.id());
            let name = args.email.rsplit('@').next().unwrap_or(&args.email);
            store.create_organization(organization, name, now).await?;
            Ok(organization)
        }
        [] => bail!("there is no company yet; run `bookferry company add` first, or add an administrator"),
        [only] => Ok(*only),
        _ => bail!("there are several organizations here; say which one by --company"),
    }
}

fn read_password() -> anyhow::Result<String> {
    let (min, max) = (PASSWORD_CHARACTERS.start(), PASSWORD_CHARACTERS.end());
    let password = if std::io::stdin().is_terminal() {
        eprint!("Password ({min} characters or more, not shown): ");
        console::Term::stderr().read_secure_line().context("the password could not be read")?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("the password could not be read from standard input")?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    let length = password.chars().count();
    ensure!(length > 0, "there was no password on standard input; give it there, for instance by `< password.txt`");
    ensure!(PASSWORD_CHARACTERS.contains(&length), "the password has {length} characters; {min} to {max} are taken");
    Ok(password)
}

fn email(text: &str) -> Result<String, String> {
    match text.split_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') && !text.contains(char::is_whitespace) => {
            Ok(text.to_lowercase())
        }
        _ => Err("it is no e-mail address".to_owned()),
    }
}
