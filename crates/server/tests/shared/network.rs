use std::rc::Rc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use bookferry_simulator::web_connector::{HttpAnswer, Transport, TransportError};
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// Carries calls straight into the router.
pub(crate) struct Network {
    router: Router,
    runtime: Rc<Runtime>,
}

const REPLY_BYTES_MAX: usize = 64 << 20;

impl Network {
    pub(crate) fn to(router: &Router, runtime: &Rc<Runtime>) -> Self {
        Self { router: router.clone(), runtime: Rc::clone(runtime) }
    }

    fn exchange(&mut self, request: Request<Body>) -> Result<HttpAnswer, TransportError> {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router always answers");
            let status = response.status().as_u16();
            let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
            let content_type = content_type.map(str::to_owned);
            let body = to_bytes(response.into_body(), REPLY_BYTES_MAX).await.expect("a body");
            Ok(HttpAnswer { status, content_type, body: body.to_vec() })
        })
    }
}

impl Transport for Network {
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError> {
        self.exchange(Request::get(url).body(Body::empty()).expect("a request"))
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let request = Request::post("http://localhost:8080/qbwc")
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", format!("\"{soap_action}\""));
        self.exchange(request.body(Body::from(body.to_owned())).expect("a request"))
    }
}
