use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use tokio::net::TcpListener;

use bookferry_server::{App, Clock, EntropySource, Secret, hash_password};
use bookferry_simulator::clock::WallClock;
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::simulation::{self, Event, Options};
use bookferry_simulator::web_connector::{HttpTransport, Outcome, Settings};
use bookferry_store::{Actor, HandOver, Role, Store, StoreOptions};
use bookferry_sync::company::Settings as CompanySettings;
use bookferry_sync::id::{CompanyId, OrganizationId, RecordId};

use super::log::{self, LogArgs};
use super::serve::stop_signal;
use super::simulate::{duration, visit_text};
use super::{company, operator, user};
use crate::demo::{CLOSED_DAYS, ENABLED_DAYS, VENDOR, records};

const COMPANY: &str = "Ferry Street Auto Glass";
const EMAIL: &str = "demo@bookferry.test";
/// Names of their own, so that a demo never meets the database of a real server in the same directory.
const DATABASE: &str = "demo.db";
const COMPANY_FILE: &str = "demo-quickbooks.db";
/// The demo is the same for everybody but for the date.
const SEED: u64 = 1;

/// Shows Bookferry at work: server, simulated QuickBooks and Web Connector, and a sample shop
///
/// Prints one line with the page to open and the login. Everything is thrown away at the end unless --data-dir says where
/// to keep it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bookferry demo\n  bookferry demo --listen 127.0.0.1:9000 --every 10s --data-dir demo-data"
)]
pub(crate) struct DemoArgs {
    /// The address and port to listen on; another free port where this one is taken
    #[arg(long, env = "BOOKFERRY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Keeps the demo here, to go on with it another time
    #[arg(long, env = "BOOKFERRY_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The pause between the Web Connector's visits
    #[arg(long, env = "BOOKFERRY_DEMO_EVERY", value_name = "TIME", default_value = "30s", value_parser = duration)]
    every: Duration,
    #[command(flatten)]
    log: LogArgs,
}

pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<()> {
    log::start(&args.log, "warn")?;
    let temporary = tempfile::Builder::new().prefix("bookferry-demo-").tempdir();
    let temporary = temporary.context("no temporary directory can be made; name one by --data-dir")?;
    let directory = args.data_dir.clone().unwrap_or_else(|| temporary.path().to_owned());
    std::fs::create_dir_all(&directory).with_context(|| format!("{} cannot be made", directory.display()))?;

    let listener = listen(args.listen).await?;
    let address = listener.local_addr()?;
    let store = Store::open(&StoreOptions::sqlite(directory.join(DATABASE))).await?;
    store.migrate().await?;
    let demo = Demo::prepare(&store).await?;

    let stop = Arc::new(AtomicBool::new(false));
    let connector = demo.web_connector(&directory, address, args.every, &stop)?;
    println!("Open http://{address} and sign in as {EMAIL} with password {}", demo.password.reveal());
    eprintln!("The Web Connector calls every {} seconds. Ctrl-C ends the demo.", args.every.as_secs());
    let app = App::new(store, Clock::System, EntropySource::System, &format!("http://localhost:{}", address.port()))
        .with_calls_every(SignedDuration::try_from(args.every)?);
    let stopping = Arc::clone(&stop);
    let served = bookferry_server::serve(listener, app, async move {
        stop_signal().await;
        stopping.store(true, Ordering::Relaxed);
    })
    .await;
    stop.store(true, Ordering::Relaxed);
    connector.await.context("the Web Connector stopped")?;
    served?;
    eprintln!("The demo is over.");
    Ok(())
}

/// The address asked for, or any free port of it.
async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    match TcpListener::bind(address).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let listener = TcpListener::bind((address.ip(), 0)).await?;
            eprintln!("{address} is taken, so the demo listens on {}.", listener.local_addr()?);
            Ok(listener)
        }
        Err(error) => Err(error).with_context(|| format!("{address} cannot be listened on")),
    }
}

/// What the demo needs besides the database.
struct Demo {
    /// For the person who looks at it.
    password: Secret,
    user_name: String,
    web_connector_password: Secret,
    owner_id: String,
    file_id: String,
}

impl Demo {
    /// Adds the company, the person and the shop's records, or takes up a demo that was kept, with new passwords.
    async fn prepare(store: &Store) -> anyhow::Result<Self> {
        let entropy = EntropySource::System;
        let password = Secret::generate(&entropy, "");
        if let Some(kept) = store.companies().await?.into_iter().find(|company| company.name == COMPANY) {
            return Self::take_up(store, kept.id, password).await;
        }
        let now = Clock::System.now();
        let added = company::add(store, None, COMPANY, &CompanySettings::default(), false).await?;
        let since = now.checked_sub(SignedDuration::from_hours(24 * ENABLED_DAYS))?;
        store.enable_sync(added.id, since, &operator(), now).await?;
        Self::add_person(store, added.organization, &password).await?;
        hand_over_shop(store, added.id, now).await?;
        let company::AddedCompany { user_name, password: web_connector_password, owner_id, file_id, .. } = added;
        Ok(Self { password, user_name, web_connector_password, owner_id, file_id })
    }

    async fn take_up(store: &Store, company: CompanyId, password: Secret) -> anyhow::Result<Self> {
        let connection = store.connection(company).await?.context("the kept demo has no connection")?;
        let web_connector_password = Secret::generate(&EntropySource::System, "");
        let (hash, now) = (web_connector_password.hash(), Clock::System.now());
        store.set_password(company, &hash.0, &operator(), now).await?;
        match store.person_by_email(EMAIL).await? {
            Some(person) => {
                let hash =
                    hash_password(password.reveal()).map_err(|error| anyhow::anyhow!("the password: {error}"))?;
                store.set_person_password(person.id, &hash).await?;
            }
            None => Self::add_person(store, connection.company.organization_id, &password).await?,
        }
        let bookferry_store::Connection { user_name, owner_id, file_id, .. } = connection;
        Ok(Self { password, user_name, web_connector_password, owner_id, file_id })
    }

    async fn add_person(store: &Store, organization: OrganizationId, password: &Secret) -> anyhow::Result<()> {
        user::add(store, organization, None, EMAIL, Role::Admin, password.reveal()).await
    }

    /// Starts the simulated QuickBooks and Web Connector on a thread of their own.
    fn web_connector(
        &self,
        directory: &Path,
        server: SocketAddr,
        every: Duration,
        stop: &Arc<AtomicBool>,
    ) -> anyhow::Result<tokio::task::JoinHandle<()>> {
        let url = format!("http://{server}/qbwc");
        let settings = Settings::new(url.clone(), &self.user_name, self.web_connector_password.reveal());
        let options = Options { every, ..Options::new(settings) };
        let (owner_id, file_id) = (self.owner_id.clone(), self.file_id.clone());
        let path = directory.join(COMPANY_FILE);
        let mut clock = WallClock::new(Arc::clone(stop));
        // The company file brings its own runtime, which must not be made within another.
        let opened = std::thread::spawn(move || open_company_file(&path, &owner_id, &file_id, Clock::System.now()));
        let mut file = opened.join().map_err(|_| anyhow::anyhow!("the company file could not be opened"))??;
        Ok(tokio::task::spawn_blocking(move || {
            let mut transport = HttpTransport::new(url);
            simulation::rehearse(&options, &mut file, &mut transport, &mut clock, &mut tell);
        }))
    }
}

/// The shop's QuickBooks: with the vendor and the closing date that make some of its records fail.
fn open_company_file(path: &Path, owner_id: &str, file_id: &str, now: Timestamp) -> anyhow::Result<CompanyFile> {
    let is_new = !path.exists();
    let mut file = CompanyFile::open(path, COMPANY, now)?;
    if is_new {
        file.add_entry("Vendor", &format!("<Name>{VENDOR}</Name>"), now)?;
        let closing_date = now.to_zoned(TimeZone::UTC).date().checked_sub(CLOSED_DAYS.days())?;
        file.change_company(|company| company.closing_date = Some(closing_date))?;
        file.write_file_id(owner_id, file_id)?;
    }
    Ok(file)
}

async fn hand_over_shop(store: &Store, company: CompanyId, now: Timestamp) -> anyhow::Result<()> {
    let entropy = EntropySource::System;
    let shop = records(SEED, now.to_zoned(TimeZone::UTC).date())?;
    let actor = Actor::new("demo shop", "import");
    let given: Vec<HandOver<'_>> = shop
        .iter()
        .map(|record| HandOver {
            id_if_new: RecordId::new(now, &entropy.id()),
            external_id: &record.external_id,
            content: &record.content,
        })
        .collect();
    store.hand_over(company, &given, &actor, now).await?;
    Ok(())
}

/// Visits in which nothing happened are no news.
fn tell(event: Event) {
    if let Event::Visited(report) = event
        && report.outcome != Outcome::NothingToDo
    {
        eprintln!("Web Connector {}", visit_text(&report));
    }
}
