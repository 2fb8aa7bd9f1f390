use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use bookferry_server::{App, Clock, EntropySource, Secret, router};
use bookferry_store::{Actor, NewApiKey, Store, StoreOptions};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{ApiKeyId, CompanyId, OrganizationId};
use bookferry_sync::submission::Event;
use http_body_util::BodyExt;
use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::added_company::add_company;

/// 2026-11-02T15:00:00Z.
pub(crate) const START_US: i64 = 1_793_631_600_000_000;

/// A server on an empty SQLite database, with two companies that have nothing to do with each other.
pub(crate) struct TestServer {
    pub(crate) app: App,
    router: Router,
    pub(crate) glass: Keys,
    pub(crate) tires: Keys,
    micros: Arc<AtomicI64>,
    _folder: TempDir,
}

/// A company and its keys.
pub(crate) struct Keys {
    pub(crate) company: CompanyId,
    pub(crate) write: String,
    pub(crate) read_only: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&StoreOptions::sqlite(folder.path().join("bookferry.db"))).await.expect("a database");
        store.migrate().await.expect("the newest tables");
        let entropy = EntropySource::seeded(7);
        let micros = Arc::new(AtomicI64::new(START_US));
        let clock = Clock::Manual(micros.clone());
        let glass = Keys::create(&store, &clock, &entropy, "Auto Glass").await;
        let tires = Keys::create(&store, &clock, &entropy, "Tires").await;
        let app = App::new(store, clock, entropy, "http://127.0.0.1:8080");
        Self { router: router(app.clone()), app, glass, tires, micros, _folder: folder }
    }

    pub(crate) fn store(&self) -> &Store {
        self.app.store()
    }

    pub(crate) fn pass(&self, seconds: i64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Sends JSON with the first company's key that may write.
    pub(crate) async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send_as(&self.glass.write, method, path, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    /// Asks with the tag of an earlier answer.
    pub(crate) async fn get_unless(&self, path: &str, tag: &str) -> Answer {
        let request = Request::get(path)
            .header("authorization", format!("Bearer {}", self.glass.write))
            .header("if-none-match", tag);
        self.call(request.body(Body::empty()).expect("a request")).await
    }

    /// Lets events of a visit happen to an invoice of the first company.
    pub(crate) async fn happens(&self, external_id: &str, events: impl IntoIterator<Item = Event>) {
        let id = self.id_of(external_id).await.parse().expect("an id");
        let actor = Actor::new("web_connector", "web_connector");
        let now = Timestamp::from_microsecond(START_US).expect("a moment");
        for event in events {
            self.store().apply_event(self.glass.company, id, event, None, &actor, now).await.expect("a possible event");
        }
    }

    /// The id of an invoice of the first company.
    pub(crate) async fn id_of(&self, external_id: &str) -> String {
        let record = self.get(&format!("/api/v1/invoices/{external_id}")).await.json();
        record["id"].as_str().expect("a record").to_owned()
    }

    pub(crate) async fn send_as(&self, key: &str, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {key}"))
            .header("content-type", "application/json");
        self.call(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let body = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// How many records the first company has, in all statuses.
    pub(crate) async fn record_count(&self) -> i64 {
        let summary = self.get("/api/v1/summary").await.json();
        let counts = summary.as_object().expect("an object").values();
        counts.map(|count| count.as_i64().expect("a number")).sum()
    }
}

impl Keys {
    async fn create(store: &Store, clock: &Clock, entropy: &EntropySource, name: &str) -> Self {
        let now = clock.now();
        let organization_id = OrganizationId::new(now, &entropy.id());
        let company = CompanyId::new(now, &entropy.id());
        let new = bookferry_store::NewCompany {
            id: company,
            organization_id,
            name,
            settings: &Settings::default(),
            user_name: name,
            password_hash: &[0; 32],
            owner_id: "{00000000-0000-0000-0000-000000000001}",
            file_id: "{00000000-0000-0000-0000-000000000002}",
        };
        add_company(store, &new, Timestamp::UNIX_EPOCH, now).await;
        let mut keys = [false, true].into_iter().map(|read_only| (Secret::generate(entropy, "bf_live_"), read_only));
        let mut made = Vec::new();
        for (key, read_only) in keys.by_ref() {
            let id = ApiKeyId::new(now, &entropy.id());
            let new = NewApiKey { id, company_id: company, hash: &key.hash().0, name: "", read_only };
            store.create_api_key(&new, now).await.expect("a key");
            made.push(key.reveal().to_owned());
        }
        let read_only = made.pop().expect("a key that may read");
        let write = made.pop().expect("a key that may write");
        Self { company, write, read_only }
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The body as a person reads it, for a snapshot.
    pub(crate) fn pretty(&self) -> String {
        serde_json::to_string_pretty(&self.json()).expect("JSON")
    }

    /// The pointers and codes of a problem's errors, a line each.
    pub(crate) fn faults(&self) -> String {
        let problem = self.json();
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let text = |error: &Value, name: &str| error[name].as_str().unwrap_or("-").to_owned();
        let lines = errors.iter().map(|error| {
            let place = if error["pointer"].is_string() { text(error, "pointer") } else { text(error, "parameter") };
            format!("{place} {}", text(error, "code"))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}
