use std::collections::VecDeque;
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
use tokio::net::TcpListener;
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;

use crate::bare_store::{BareStore, Keeps, SetRows};
use crate::commits;
use crate::figures::Round;
use crate::timed_transport::{Exchange, Sent, TimedTransport};

/// Answers each call by what it was told to, after so many commits; reads nothing and knows nothing.
pub(crate) struct BareServer {
    runtime: Handle,
    store: BareStore,
    script: Arc<Mutex<VecDeque<Scripted>>>,
    transport: TimedTransport,
    url: String,
    serving: JoinHandle<()>,
}

struct Scripted {
    answer: HttpAnswer,
    work: Work,
}

/// What a call commits.
enum Work {
    Notes(u32),
    Rows(SetRows),
}

#[derive(Clone)]
struct Shared {
    script: Arc<Mutex<VecDeque<Scripted>>>,
    store: BareStore,
}

impl BareServer {
    pub(crate) fn start(runtime: &Runtime, store: BareStore) -> Self {
        let script = Arc::<Mutex<VecDeque<Scripted>>>::default();
        let shared = Shared { script: Arc::clone(&script), store: store.clone() };
        let routes = Router::new().route("/qbwc", get(answer).post(answer)).layer(DefaultBodyLimit::disable());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let url = format!("http://localhost:{}/qbwc", listener.local_addr().expect("an address").port());
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a TCP connection"));
        let serving = runtime.spawn(async move {
            axum::serve(listener, routes.with_state(shared)).await.expect("the bare server serves");
        });
        let transport = TimedTransport::new(&url);
        Self { runtime: runtime.handle().clone(), store, script, transport, url, serving }
    }

    /// Takes the same calls once more, each with as many commits of one short row.
    pub(crate) fn repeat(&mut self, exchanges: &[Exchange], records: usize) -> Round {
        let is_visit = exchanges.iter().any(|exchange| exchange.operation() == Some("sendRequestXML"));
        self.play(exchanges, records, |exchange| Work::Notes(commits(exchange, is_visit)))
    }

    /// Takes the same calls of a visit once more; the commits of a message set and of its answer write the rows of each
    /// record instead.
    pub(crate) fn repeat_with_rows(&mut self, exchanges: &[Exchange], records: usize, keeps: Keeps) -> Round {
        let ids: Vec<String> = (0..records).map(|_| self.store.next_record()).collect();
        self.runtime.block_on(self.store.insert_records(&ids, keeps)).expect("records to send");
        let (mut unsent, mut in_flight) = (ids.as_slice(), None);
        self.play(exchanges, records, |exchange| {
            let (sent, rest) = unsent.split_at(exchange.records_sent());
            unsent = rest;
            if !sent.is_empty() {
                in_flight = Some(sent);
                return Work::Rows(SetRows::sent(sent, keeps, exchange.reply()));
            }
            match in_flight.take_if(|_| exchange.operation() == Some("receiveResponseXML")) {
                Some(answered) => Work::Rows(SetRows::answered(answered, keeps, exchange.body())),
                None => Work::Notes(commits(exchange, true)),
            }
        })
    }

    fn play(&mut self, exchanges: &[Exchange], records: usize, work: impl FnMut(&Exchange) -> Work) -> Round {
        let answers = exchanges.iter().map(|exchange| exchange.answer.clone());
        let scripted = answers.zip(exchanges.iter().map(work)).map(|(answer, work)| Scripted { answer, work });
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

async fn answer(State(shared): State<Shared>, _body: Bytes) -> Response {
    let next = shared.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let Some(next) = next else { return StatusCode::GONE.into_response() };
    if work_off(&shared.store, &next.work).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let content_type = next.answer.content_type.unwrap_or_default();
    ([(header::CONTENT_TYPE, content_type)], next.answer.body).into_response()
}

async fn work_off(store: &BareStore, work: &Work) -> Result<(), sqlx::Error> {
    match work {
        Work::Notes(commits) => {
            for _ in 0..*commits {
                store.note().await?;
            }
            Ok(())
        }
        Work::Rows(rows) => store.write(rows).await,
    }
}
