/// Carries the Web Connector's HTTP exchanges to a server. Tests and virtual networks have their own.
pub trait Transport {
    /// A GET without authentication, as for the check of the certificate.
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError>;
    /// A SOAP call to the address of the service. `soap_action` is without quotes.
    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError>;
}

/// An HTTP answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAnswer {
    pub status: u16,
    pub content_type: Option<String>,
    pub body: Vec<u8>,
}

impl HttpAnswer {
    /// A 200 with `text/xml; charset=utf-8`.
    pub fn xml(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, content_type: Some("text/xml; charset=utf-8".to_owned()), body: body.into() }
    }
}

/// Why no HTTP answer came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    #[error("The operation has timed out")]
    Timeout,
    #[error("{reason}")]
    Broken { reason: String },
}
