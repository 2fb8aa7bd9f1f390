use std::net::SocketAddr;

use anyhow::Context;
use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use tokio::net::TcpListener;

use bookferry_server::{App, Clock, EntropySource, MetricsReaders};
use bookferry_sync::visit::Lease;

use super::log::{self, LogArgs};
use super::mail::MailArgs;
use crate::database::DatabaseArgs;

/// Runs the server: the Web Connector's service, the API and the Sync Manager
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry serve\n  \
                        bookferry serve --listen 0.0.0.0:8080 --public-url https://books.example.com\n  \
                        BOOKFERRY_DATABASE_URL=postgres://… bookferry serve")]
pub(crate) struct ServeArgs {
    /// The address and port to listen on
    #[arg(long, env = "BOOKFERRY_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where people and the Web Connector find the server; by default http://localhost with the port
    #[arg(long, env = "BOOKFERRY_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// How long the Web Connector must be silent before its visit counts as dead and the next may take over
    #[arg(long, env = "BOOKFERRY_VISIT_LEASE_SECONDS", value_name = "SECONDS", default_value_t = 60)]
    visit_lease_seconds: u32,
    /// How much longer, for each record that QuickBooks is at work on
    #[arg(long, env = "BOOKFERRY_VISIT_LEASE_SECONDS_PER_RECORD", value_name = "SECONDS", default_value_t = 2)]
    visit_lease_seconds_per_record: u32,
    /// Who may read /metrics: callers on the same machine that come through no proxy, everybody, or nobody
    #[arg(long, env = "BOOKFERRY_METRICS", value_name = "WHO", value_enum, default_value_t = Readers::SameMachine)]
    metrics: Readers,
    /// Lets webhooks go to addresses of this machine, by http too, and of its own network
    #[arg(long, env = "BOOKFERRY_PRIVATE_WEBHOOKS", value_parser = clap::builder::BoolishValueParser::new())]
    private_webhooks: bool,
    #[command(flatten)]
    mail: MailArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    log: LogArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Readers {
    SameMachine,
    Everybody,
    Nobody,
}

pub(crate) async fn run(args: ServeArgs) -> anyhow::Result<()> {
    log::start(&args.log, "warn,bookferry_server=info")?;
    let store = args.database.open().await?;
    let listener = listen(args.listen).await?;
    let port = listener.local_addr()?.port();
    let public_url = args.public_url.unwrap_or_else(|| format!("http://localhost:{port}"));
    let lease = Lease {
        silence: SignedDuration::from_secs(i64::from(args.visit_lease_seconds)),
        per_record: SignedDuration::from_secs(i64::from(args.visit_lease_seconds_per_record)),
    };
    let mut app = App::new(store, Clock::System, EntropySource::System, &public_url)
        .with_visit_lease(lease)
        .with_metrics_readers(args.metrics.into());
    if let Some(mailer) = args.mail.mailer()? {
        app = app.with_mailer(mailer);
    }
    if args.private_webhooks {
        app = app.with_private_webhooks();
    }
    eprintln!("Bookferry listens on {} and is found at {public_url}", listener.local_addr()?);
    bookferry_server::serve(listener, app, stop_signal()).await?;
    Ok(())
}

impl From<Readers> for MetricsReaders {
    fn from(readers: Readers) -> Self {
        match readers {
            Readers::SameMachine => Self::SameMachine,
            Readers::Everybody => Self::Everybody,
            Readers::Nobody => Self::Nobody,
        }
    }
}

pub(crate) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on; choose another address by --listen"))
}

/// Resolves when the operator or the system wants the program to end: Ctrl-C or SIGTERM.
pub(crate) async fn stop_signal() {
    let interrupted = async {
        // Without the handler the default remains: Ctrl-C ends the program at once.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
