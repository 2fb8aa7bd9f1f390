mod creating;
mod rebind;
mod webhook;

use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use bookferry_server::{Clock, EntropySource, Secret, add_company};
use bookferry_store::Store;
use bookferry_sync::company::{Changes, RecordsPerMessageSet, Release, Settings, TooManyOrNone, Voids};
use bookferry_sync::id::{CompanyId, OrganizationId};
use bookferry_sync::list::ListKind;
use bookferry_sync::pace::TargetSeconds;
use bookferry_sync::quiet_hours::QuietHours;
use bookferry_sync::tax_difference::TaxDifference;
use bookferry_sync::time_zone::ZoneName;
use bookferry_sync::visit_limit::VisitLimit;

use super::{key, operator, print_json};
use crate::database::DatabaseArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum CompanyCommand {
    Add(AddArgs),
    Set(SetArgs),
    Rebind(rebind::RebindArgs),
    /// Webhooks: where what happens to records is posted as it happens
    Webhook {
        #[command(subcommand)]
        command: webhook::WebhookCommand,
    },
}

/// Adds a company, with an API key and the Web Connector's password, both shown this one time
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry company add \"Acme Glass\" --enable\n  \
                        bookferry company add \"Acme Glass\" --enable --release automatic --json\n  \
                        bookferry company add \"Acme Glass\" --create customers,items,terms\n  \
                        bookferry company add \"Acme Glass\" --item-kind non-inventory --charges \"Shipping; Handling\"")]
pub(crate) struct AddArgs {
    /// The company's name
    #[arg(value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    name: String,
    /// Enable sync at once: records created from now on enter the queue
    #[arg(long, env = "BOOKFERRY_COMPANY_ADD_ENABLE", value_parser = clap::builder::BoolishValueParser::new())]
    enable: bool,
    /// Whether new records wait for a person to release them
    #[arg(long, env = "BOOKFERRY_COMPANY_ADD_RELEASE", default_value = "manual")]
    release: ReleaseWord,
    /// What Bookferry may create in QuickBooks where a record names it and QuickBooks lacks it: customers, items, terms,
    /// payment_methods; or none
    #[arg(long, env = "BOOKFERRY_COMPANY_ADD_CREATE", value_name = "LISTS", default_value = "customers,items")]
    #[arg(value_parser = creatable)]
    create: Lists,
    /// The organization to add it to, or `new`; by default the one there is
    #[arg(long, env = "BOOKFERRY_COMPANY_ADD_ORGANIZATION", value_name = "ID")]
    #[arg(value_parser = organization_choice)]
    organization: Option<OrganizationChoice>,
    /// Where people and the Web Connector find the server
    #[arg(long, env = "BOOKFERRY_PUBLIC_URL", value_name = "URL", default_value = "http://localhost:8080")]
    public_url: String,
    #[command(flatten)]
    creating: creating::CreatingArgs,
    #[command(flatten)]
    timing: TimingArgs,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Changes a company's rules: when and how fast its records go, and as what missing items are created; what is not given
/// stays
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry company set ID --time-zone America/New_York --quiet-hours \"Mon-Fri 09:00-12:00\"\n  \
                        bookferry company set ID --target-seconds 3 --visit-limit \"500 records, 30 minutes\"\n  \
                        bookferry company set ID --quiet-hours none --visit-limit none\n  \
                        bookferry company set ID --item-kind inventory --income-account Income:Sales --asset-account Stock")]
pub(crate) struct SetArgs {
    /// The company's id, as `company add` printed it
    #[arg(value_name = "ID")]
    company: CompanyId,
    #[command(flatten)]
    creating: creating::CreatingArgs,
    #[command(flatten)]
    timing: TimingArgs,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// When and how fast records go.
#[derive(Debug, Args)]
struct TimingArgs {
    /// How long QuickBooks may be busy with one message set, in seconds; its size follows
    #[arg(long, env = "BOOKFERRY_COMPANY_TARGET_SECONDS", value_name = "SECONDS")]
    target_seconds: Option<TargetSeconds>,
    /// How many records at most go into a message set, from 1 to 200
    #[arg(long, env = "BOOKFERRY_COMPANY_RECORDS_PER_MESSAGE_SET", value_name = "COUNT", value_parser = records)]
    records_per_message_set: Option<RecordsPerMessageSet>,
    /// Where the clock hangs by which the quiet hours are told, such as America/New_York
    #[arg(long, env = "BOOKFERRY_COMPANY_TIME_ZONE", value_name = "NAME")]
    time_zone: Option<ZoneName>,
    /// When QuickBooks is left alone, such as "Mon-Fri 09:00-12:00; Sat 22:00-06:00"; or none
    #[arg(long, env = "BOOKFERRY_COMPANY_QUIET_HOURS", value_name = "RANGES")]
    quiet_hours: Option<QuietHours>,
    /// After how much a visit ends, such as "500 records, 30 minutes"; or none
    #[arg(long, env = "BOOKFERRY_COMPANY_VISIT_LIMIT", value_name = "LIMIT")]
    visit_limit: Option<VisitLimit>,
    /// What becomes of an invoice for which QuickBooks computes another sales tax than the application did: `attention`;
    /// `accept` up to 0.05, or up to another limit, such as "accept 0.03"; or a line to an item that makes up for it, such as
    /// "adjust Rounding" or "adjust 0.03 Rounding"
    #[arg(long, env = "BOOKFERRY_COMPANY_TAX_DIFFERENCE", value_name = "RULE")]
    tax_difference: Option<TaxDifference>,
    /// Whether a record that the application changes after QuickBooks had it waits for a person, or crosses by itself where
    /// nobody touched it in QuickBooks; what is voided always waits
    #[arg(long, env = "BOOKFERRY_COMPANY_CHANGES", value_enum)]
    changes: Option<ChangesWord>,
    /// What becomes in QuickBooks of an invoice that the application voids, once somebody has sent the change: it stays with
    /// amounts of zero, or is deleted. Payments can only be deleted
    #[arg(long, env = "BOOKFERRY_COMPANY_VOIDS", value_enum)]
    voids: Option<VoidsWord>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VoidsWord {
    Void,
    Delete,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ChangesWord {
    Attention,
    Send,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ReleaseWord {
    Automatic,
    Manual,
}

/// The lists of `--create`, as one value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Lists(Vec<ListKind>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrganizationChoice {
    New,
    Existing(OrganizationId),
}

/// A company that was just added, and the secrets that nothing keeps.
pub(crate) struct AddedCompany {
    pub(crate) id: CompanyId,
    pub(crate) organization: OrganizationId,
    pub(crate) name: String,
    pub(crate) api_key: Secret,
    pub(crate) user_name: String,
    pub(crate) password: Secret,
    pub(crate) owner_id: String,
    pub(crate) file_id: String,
}

pub(crate) async fn run(command: CompanyCommand) -> anyhow::Result<()> {
    match command {
        CompanyCommand::Add(args) => run_add(args).await,
        CompanyCommand::Set(args) => run_set(args).await,
        CompanyCommand::Rebind(args) => rebind::run(args).await,
        CompanyCommand::Webhook { command } => webhook::run(command).await,
    }
}

async fn run_set(args: SetArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let Some(company) = store.company(args.company).await? else { bail!("there is no company {}", args.company) };
    let settings = args.creating.over(args.timing.over(company.settings));
    store.update_settings(company.id, &settings, &operator(), Clock::System.now()).await?;
    store.close().await;
    println!(
        "{name} ({id})\n\n  \
         Seconds for a message set     {target_seconds}\n  \
         Records in a message set      {records}\n  \
         Time zone                     {time_zone}\n  \
         Quiet hours                   {quiet_hours}\n  \
         A visit ends after            {visit_limit}\n  \
         A difference in the tax       {tax_difference}\n  \
         A change after submission     {changes}\n  \
         An invoice that is voided     {voids}\n  \
         {created}",
        created = creating::told(&settings),
        name = company.name,
        id = company.id,
        target_seconds = settings.target_seconds.get(),
        records = settings.records_per_message_set.get(),
        time_zone = settings.time_zone,
        quiet_hours = settings.quiet_hours,
        visit_limit = settings.visit_limit,
        tax_difference = settings.tax_difference,
        changes = match settings.changes {
            Changes::Attention => "waits for a person",
            Changes::Send => "crosses by itself",
        },
        voids = match settings.voids {
            Voids::Void => "stays with amounts of zero",
            Voids::Delete => "is deleted in QuickBooks",
        },
    );
    Ok(())
}

async fn run_add(args: AddArgs) -> anyhow::Result<()> {
    let store = args.database.open().await?;
    let organization = organization(&store, args.organization).await?;
    let release = match args.release {
        ReleaseWord::Automatic => Release::Automatic,
        ReleaseWord::Manual => Release::Manual,
    };
    let settings = Settings { release, create: args.create.0.clone(), ..Settings::default() };
    let settings = args.creating.over(args.timing.over(settings));
    let added = add(&store, organization, &args.name, &settings, args.enable).await?;
    store.close().await;
    let shown = Shown::new(&added, args.public_url.trim_end_matches('/'));
    if args.json {
        return print_json(&shown);
    }
    println!("{}", shown.to_text(args.enable));
    Ok(())
}

impl TimingArgs {
    /// The settings, with what is given in place of what they say.
    fn over(&self, settings: Settings) -> Settings {
        Settings {
            target_seconds: self.target_seconds.unwrap_or(settings.target_seconds),
            records_per_message_set: self.records_per_message_set.unwrap_or(settings.records_per_message_set),
            time_zone: self.time_zone.clone().unwrap_or(settings.time_zone),
            quiet_hours: self.quiet_hours.clone().unwrap_or(settings.quiet_hours),
            visit_limit: self.visit_limit.unwrap_or(settings.visit_limit),
            tax_difference: self.tax_difference.clone().unwrap_or(settings.tax_difference),
            changes: match self.changes {
                Some(ChangesWord::Attention) => Changes::Attention,
                Some(ChangesWord::Send) => Changes::Send,
                None => settings.changes,
            },
            voids: match self.voids {
                Some(VoidsWord::Void) => Voids::Void,
                Some(VoidsWord::Delete) => Voids::Delete,
                None => settings.voids,
            },
            ..settings
        }
    }
}

/// Adds a company to the organization, or to a new one of the same name.
pub(crate) async fn add(
    store: &Store,
    organization: Option<OrganizationId>,
    name: &str,
    settings: &Settings,
    enable: bool,
) -> anyhow::Result<AddedCompany> {
    let (clock, entropy) = (Clock::System, EntropySource::System);
    let now = clock.now();
    let organization = match organization {
        Some(organization) => organization,
        None => {
            let organization = OrganizationId::new(now, &entropy.id());
            store.create_organization(organization, name, now).await?;
            organization
        }
    };
    let id = CompanyId::new(now, &entropy.id());
    let added = add_company(store, &entropy, (organization, id), name, settings, &operator(), now).await?;
    if enable {
        store.enable_sync(id, now, &operator(), now).await?;
    }
    let api_key = key::add(store, id, false).await?;
    let name = name.to_owned();
    let bookferry_server::AddedCompany { user_name, password, owner_id, file_id, .. } = added;
    Ok(AddedCompany { id, organization, name, api_key, user_name, password, owner_id, file_id })
}

/// None where a new one is to be made.
async fn organization(store: &Store, choice: Option<OrganizationChoice>) -> anyhow::Result<Option<OrganizationId>> {
    let known = store.organizations().await?;
    match (choice, known.as_slice()) {
        (Some(OrganizationChoice::New), _) | (None, []) => Ok(None),
        (Some(OrganizationChoice::Existing(id)), known) if known.contains(&id) => Ok(Some(id)),
        (Some(OrganizationChoice::Existing(id)), _) => bail!("there is no organization {id}"),
        (None, [only]) => Ok(Some(*only)),
        (None, several) => {
            let ids = several.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            bail!("there are several organizations here; choose one by --organization: {ids}, or new")
        }
    }
}

/// The contract's form.
#[derive(Serialize)]
struct Shown<'a> {
    company: ShownCompany<'a>,
    api_key: &'a str,
    web_connector: ShownWebConnector<'a>,
}

#[derive(Serialize)]
struct ShownCompany<'a> {
    id: CompanyId,
    name: &'a str,
}

#[derive(Serialize)]
struct ShownWebConnector<'a> {
    url: String,
    user_name: &'a str,
    password: &'a str,
    qwc_url: String,
}

impl<'a> Shown<'a> {
    fn new(added: &'a AddedCompany, public_url: &str) -> Self {
        Self {
            company: ShownCompany { id: added.id, name: &added.name },
            api_key: added.api_key.reveal(),
            web_connector: ShownWebConnector {
                url: format!("{public_url}/qbwc"),
                user_name: &added.user_name,
                password: added.password.reveal(),
                qwc_url: format!("{public_url}/qwc/{}.qwc", added.id),
            },
        }
    }

    fn to_text(&self, is_enabled: bool) -> String {
        let Self { company, api_key, web_connector } = self;
        let enabled = if is_enabled {
            "Sync is enabled: records created from now on enter the queue."
        } else {
            "Sync is not enabled yet: records are held back until it is."
        };
        format!(
            "Added {name} ({id}). {enabled}\n\nThe two secrets below are shown this once.\n\n  \
             API key                 {api_key}\n  \
             Web Connector file      {qwc_url}\n  \
             Web Connector user      {user_name}\n  \
             Web Connector password  {password}",
            name = company.name,
            id = company.id,
            qwc_url = web_connector.qwc_url,
            user_name = web_connector.user_name,
            password = web_connector.password,
        )
    }
}

fn creatable(text: &str) -> Result<Lists, String> {
    if text == "none" {
        return Ok(Lists(Vec::new()));
    }
    let of_name = |name: &str| match name.trim().parse::<ListKind>() {
        Ok(list @ (ListKind::Customer | ListKind::Item | ListKind::Terms | ListKind::PaymentMethod)) => Ok(list),
        Ok(
            ListKind::Account
            | ListKind::Vendor
            | ListKind::Employee
            | ListKind::OtherName
            | ListKind::SalesTaxCode
            | ListKind::SalesTaxItem
            | ListKind::Class
            | ListKind::Template,
        )
        | Err(_) => Err(format!("`{name}` is none of customers, items, terms, payment_methods; or write none")),
    };
    text.split(',').map(of_name).collect::<Result<_, _>>().map(Lists)
}

fn records(text: &str) -> Result<RecordsPerMessageSet, String> {
    let records: usize = text.parse().map_err(|_| format!("`{text}` is no number from 1 to 200"))?;
    records.try_into().map_err(|error: TooManyOrNone| error.to_string())
}

fn organization_choice(text: &str) -> Result<OrganizationChoice, String> {
    match text {
        "new" => Ok(OrganizationChoice::New),
        id => id.parse().map(OrganizationChoice::Existing).map_err(|_| "it is neither an id nor `new`".to_owned()),
    }
}
