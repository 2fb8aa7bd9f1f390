use std::time::Duration;

use super::transport::{HttpAnswer, Transport, TransportError};

/// HTTP as the proxy class of .NET does it: no redirects, no cookies, no compression, and 100 seconds for a call
/// (Web Connector guide, section 2.2 of our notes).
#[derive(Debug)]
pub struct HttpTransport {
    agent: ureq::Agent,
    url: String,
}

/// The default of .NET's proxy class.
const CALL_TIMEOUT: Duration = Duration::from_secs(100);

const USER_AGENT: &str = "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)";

/// More than any answer of the protocol; the server sends requests, not lists.
const BODY_BYTES_MAX: u64 = 64 << 20;

impl HttpTransport {
    /// For the service at that address.
    pub fn new(url: impl Into<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(CALL_TIMEOUT))
            .accept_encoding("")
            .accept("")
            .user_agent(USER_AGENT)
            .build();
        Self { agent: config.new_agent(), url: url.into() }
    }
}

impl Transport for HttpTransport {
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError> {
        read(self.agent.get(url).call())
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let request = self
            .agent
            .post(&self.url)
            .header("SOAPAction", format!("\"{soap_action}\""))
            .header("Content-Type", "text/xml; charset=utf-8")
            .header("Expect", "100-continue");
        read(request.send(body))
    }
}

fn read(answered: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<HttpAnswer, TransportError> {
    let mut response = answered.map_err(error)?;
    let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(BODY_BYTES_MAX).read_to_vec().map_err(error)?;
    Ok(HttpAnswer { status, content_type, body })
}

fn error(error: ureq::Error) -> TransportError {
    if matches!(error, ureq::Error::Timeout(_)) {
        return TransportError::Timeout;
    }
    TransportError::Broken { reason: error.to_string() }
}
