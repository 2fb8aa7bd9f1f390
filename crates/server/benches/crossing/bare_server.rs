use std::collections::VecDeque;
use std::path::Path;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use bookferry_simulator::web_connector::{HttpAnswer, Transport};
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::commits;
use crate::figures::Round;
use crate::timed_transport::{Exchange, Sent, TimedTransport};

/// Answers each call by what it was told to, after so many commits; reads nothing and knows nothing.
pub(crate) struct BareServer {
    script: Arc<Mutex<VecDeque<Scripted>>>,
    transport: TimedTransport,
    url: String,
    serving: JoinHandle<()>,
}

struct Scripted {
    answer: HttpAnswer,
    commits: u32,
}

/// One table, to which a row is added and committed.
#[derive(Clone)]
pub(crate) enum BareStore {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[derive(Clone)]
struct Shared {
    script: Arc<Mutex<VecDeque<Scripted>>>,
    store: BareStore,
}

const CREATE: &str = "CREATE TABLE bare_note (note TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare_note (note) VALUES ($1)";
const NOTE: &str = "About as long as the shortest row that could tell what a call was about, and no longer.";

impl BareServer {
    pub(crate) fn start(runtime: &Runtime, store: BareStore) -> Self {
        let script = Arc::<Mutex<VecDeque<Scripted>>>::default();
        let shared = Shared { script: Arc::clone(&script), store };
        let routes = Router::new().route("/qbwc", get(answer).post(answer)).layer(DefaultBodyLimit::disable());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://localhost:{}/qbwc", listener.local_addr().expect("an address").port());
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a TCP connection"));
        let serving = runtime.spawn(async move {
            axum::serve(listener, routes.with_state(shared)).await.expect("the bare server serves");
        });
        Self { script, transport: TimedTransport::new(&url), url, serving }
    }

    /// Takes the same calls once more.
    pub(crate) fn repeat(&mut self, exchanges: &[Exchange], records: usize) -> Round {
        let is_visit = exchanges.iter().any(|exchange| exchange.operation() == Some("sendRequestXML"));
        let scripted = exchanges
            .iter()
            .map(|exchange| Scripted { answer: exchange.answer.clone(), commits: commits(exchange, is_visit) });
        self.script.lock().unwrap_or_else(PoisonError::into_inner).extend(scripted);
        let start = Instant::now();
        for exchange in exchanges {
            let answer = match &exchange.sent {
                Sent::Get => self.transport.get(&self.url),
                Sent::Post { soap_action, body } => self.transport.post(soap_action, body),
            };
            assert_eq!(answer.as_ref(), Ok(&exchange.answer), "the bare server replies the same");
        }
        let whole: Duration = start.elapsed();
        let (_, in_calls) = self.transport.take();
        Round { calls: exchanges.len(), records, in_calls, whole }
    }

    pub(crate) fn stop(self) {
        self.serving.abort();
    }
}

impl BareStore {
    pub(crate) async fn sqlite(path: &Path) -> Self {
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let options = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).test_before_acquire(false);
        let pool = options.connect_with(connect).await.expect("a database");
        sqlx::raw_sql(CREATE).execute(&pool).await.expect("a table");
        Self::Sqlite(pool)
    }

    pub(crate) async fn postgres(url: &str) -> Self {
        let connect = sqlx::postgres::PgConnectOptions::from_str(url).expect("a URL");
        let options = sqlx::postgres::PgPoolOptions::new().max_connections(2).test_before_acquire(false);
        let pool = options.connect_with(connect).await.expect("a database");
        sqlx::raw_sql(CREATE).execute(&pool).await.expect("a table");
        Self::Postgres(pool)
    }

    async fn commit(&self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
            Self::Postgres(pool) => sqlx::query(INSERT).bind(NOTE).execute(pool).await.map(drop),
        }
    }
}

async fn answer(State(shared): State<Shared>, _body: Bytes) -> Response {
    let next = shared.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let Some(next) = next else { return StatusCode::GONE.into_response() };
    for _ in 0..next.commits {
        if shared.store.commit().await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    }
    let content_type = next.answer.content_type.unwrap_or_default();
    ([(header::CONTENT_TYPE, content_type)], next.answer.body).into_response()
}
