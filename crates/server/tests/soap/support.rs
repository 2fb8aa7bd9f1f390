use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use bookferry_qbwc::{Call, Password, Reply};
use bookferry_server::{App, Clock, EntropySource, Secret, router};
use bookferry_store::{NewCompany, Store, StoreOptions};
use bookferry_sync::company::Settings;
use bookferry_sync::id::{CompanyId, OrganizationId};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A server with one company, whose Web Connector signs in as `ridgeline`.
pub(crate) struct Server {
    pub(crate) password: String,
    router: Router,
    runtime: Runtime,
    _folder: TempDir,
}

/// 2026-11-02T15:00:00Z.
const START_US: i64 = 1_793_631_600_000_000;

impl Server {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let entropy = EntropySource::seeded(5);
        let password = Secret::generate(&entropy, "");
        let options = StoreOptions::sqlite(folder.path().join("bookferry.db"));
        let store = runtime.block_on(set_up(&options, &entropy, &password));
        let clock = Clock::Manual(Arc::new(AtomicI64::new(START_US)));
        let router = router(App::new(store, clock, entropy, "http://localhost:8080"));
        Self { password: password.reveal().to_owned(), router, runtime, _folder: folder }
    }

    pub(crate) fn authenticate(&self, user_name: &str, password: &str) -> Reply {
        self.call(&Call::Authenticate { user_name: user_name.to_owned(), password: Password::new(password) })
    }

    /// A call as .NET makes it, and the reply as .NET reads it.
    pub(crate) fn call(&self, call: &Call) -> Reply {
        let (status, _, body) = self.post(call.encode().into_bytes());
        assert_eq!(status, StatusCode::OK, "{body}");
        Reply::decode(call.operation(), &body).expect("a reply that .NET takes")
    }

    pub(crate) fn get(&self, path: &str) -> (StatusCode, String, String) {
        self.exchange(Request::get(path).body(Body::empty()).expect("a request"))
    }

    pub(crate) fn post(&self, body: Vec<u8>) -> (StatusCode, String, String) {
        let request = Request::post("/qbwc").header("content-type", "text/xml; charset=utf-8");
        self.exchange(request.body(Body::from(body)).expect("a request"))
    }

    fn exchange(&self, request: Request<Body>) -> (StatusCode, String, String) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router always answers");
            let status = response.status();
            let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            let content_type = content_type.unwrap_or_default().to_owned();
            let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
            (status, content_type, String::from_utf8(body.to_vec()).expect("text"))
        })
    }
}

async fn set_up(options: &StoreOptions, entropy: &EntropySource, password: &Secret) -> Store {
    let now = Timestamp::from_microsecond(START_US).expect("a moment");
    let store = Store::open(options).await.expect("a database");
    store.migrate().await.expect("the newest tables");
    let organization_id = OrganizationId::new(now, &entropy.id());
    store.create_organization(organization_id, "Ridgeline", now).await.expect("an organization");
    let company = NewCompany {
        id: CompanyId::new(now, &entropy.id()),
        organization_id,
        name: "Ridgeline Auto Glass",
        settings: &Settings::default(),
        user_name: "ridgeline",
        password_hash: &password.hash().0,
        owner_id: "{90A44FB5-33D9-4815-AC85-BC87A7E7D1EB}",
        file_id: "{57F3B9B1-86F1-4FCC-B1EE-566DE1813D20}",
    };
    store
        .create_company(&company, &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"), now)
        .await
        .expect("a company");
    store
}
