//! `GET /metrics`: figures for a monitoring system to fetch, in the text format of OpenMetrics.
//!
//! What the queue holds is read from the database when somebody asks, so that every server of an installation says the
//! same; calls are counted by the server that answered them. Labels are ids and words of ours, never names or amounts.

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_TYPE, FORWARDED, HeaderName};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bookferry_store::CompanyHealth;
use jiff::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::App;
use crate::problem::{Problem, Slug};

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the histogram, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What a proxy says about the caller it passes on.
const FROM_ELSEWHERE: [HeaderName; 3] =
    [FORWARDED, HeaderName::from_static("x-forwarded-for"), HeaderName::from_static("x-real-ip")];

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricsReaders {
    /// Callers on the same machine that no proxy passes on.
    #[default]
    SameMachine,
    Everybody,
    Nobody,
}

/// What this server counts while it answers.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    seconds: Family<SurfaceLabels, Histogram, fn() -> Histogram>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    /// Whom the call came from: the application, a person or the Web Connector.
    surface: &'static str,
    /// The first digit of the answer's status.
    status_class: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SurfaceLabels {
    surface: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CompanyLabels {
    company: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RecordLabels {
    company: String,
    status: &'static str,
}

/// Answers with all figures, to those who may read them.
pub(crate) async fn tell(
    State(app): State<App>,
    headers: HeaderMap,
    extensions: Extensions,
) -> Result<Response, Problem> {
    if !app.metrics_readers().include(&headers, &extensions) {
        return Err(Problem::new(Slug::NotFound, "The figures of this server are not for callers from elsewhere.")
            .fix(
                "operator",
                "Fetch them from the same machine, or let everybody read them: serve --metrics everybody",
            ));
    }
    let healths = app.store().health_of_companies().await?;
    let mut text = String::new();
    let written = encode_registry(&mut text, &app.metrics().registry)
        .and_then(|()| encode_registry(&mut text, &queue(&healths)))
        .and_then(|()| encode_eof(&mut text));
    written.map_err(|error| Problem::fault_of_ours(&error))?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text).into_response())
}

/// Counts a call and the time until its answer begins.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let surface = surface_of(request.uri().path());
    let begun = app.clock().now();
    let response = next.run(request).await;
    app.metrics().note(surface, response.status(), begun, app.clock().now());
    response
}

impl Default for Metrics {
    fn default() -> Self {
        let calls = Family::<CallLabels, Counter>::default();
        let seconds: Family<SurfaceLabels, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let mut registry = Registry::with_prefix("bookferry");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program that answers", version);
        registry.register("calls", "Calls that this server answered", calls.clone());
        let help = "Time until the answer began";
        registry.register_with_unit("call_duration", help, Unit::Seconds, seconds.clone());
        Self { registry, calls, seconds }
    }
}

impl Metrics {
    fn note(&self, surface: &'static str, status: StatusCode, begun: Timestamp, ended: Timestamp) {
        self.calls.get_or_create(&CallLabels { surface, status_class: status.as_u16() / 100 }).inc();
        let seconds = ended.duration_since(begun).as_secs_f64().max(0.0);
        self.seconds.get_or_create(&SurfaceLabels { surface }).observe(seconds);
    }
}

impl MetricsReaders {
    fn include(self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        match self {
            Self::Everybody => true,
            Self::Nobody => false,
            Self::SameMachine => {
                let peer = extensions.get::<ConnectInfo<SocketAddr>>();
                peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback())
                    && !FROM_ELSEWHERE.iter().any(|name| headers.contains_key(name))
            }
        }
    }
}

fn surface_of(path: &str) -> &'static str {
    match path {
        "/qbwc" => "web_connector",
        path if path.starts_with("/api/") => "api",
        _ => "page",
    }
}

/// How the companies stand, as gauges that live for one answer.
fn queue(healths: &[CompanyHealth]) -> Registry {
    let records = Family::<RecordLabels, Gauge>::default();
    let heard = Family::<CompanyLabels, Gauge<f64, AtomicU64>>::default();
    for health in healths {
        let company = health.company.to_string();
        for (status, &count) in &health.records {
            let labels = RecordLabels { company: company.clone(), status: status.as_str() };
            records.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        if let Some(heard_at) = health.heard_at {
            let seconds = heard_at.as_duration().as_secs_f64();
            heard.get_or_create(&CompanyLabels { company }).set(seconds);
        }
    }
    let mut registry = Registry::with_prefix("bookferry");
    registry.register("records", "Records, by company and status", records);
    let help = "When the company's Web Connector last called, since 1970; a company without was never heard from";
    registry.register_with_unit("web_connector_heard_timestamp", help, Unit::Seconds, heard);
    registry
}
