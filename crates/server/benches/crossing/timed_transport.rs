use std::time::{Duration, Instant};

use bookferry_simulator::web_connector::{HttpAnswer, HttpTransport, Transport, TransportError};

/// One HTTP call with its answer, to be had once more.
#[derive(Debug, Clone)]
pub(crate) struct Exchange {
    pub(crate) sent: Sent,
    pub(crate) answer: HttpAnswer,
}

#[derive(Debug, Clone)]
pub(crate) enum Sent {
    /// The look at the address with which each visit begins.
    Get,
    Post {
        soap_action: String,
        body: String,
    },
}

/// The Web Connector's HTTP, which keeps what it carries and how long that took.
#[derive(Debug)]
pub(crate) struct TimedTransport {
    http: HttpTransport,
    spent: Duration,
    exchanges: Vec<Exchange>,
}

impl Exchange {
    /// `sendRequestXML`, …; `None` for a GET.
    pub(crate) fn operation(&self) -> Option<&str> {
        match &self.sent {
            Sent::Get => None,
            Sent::Post { soap_action, .. } => soap_action.rsplit('/').next(),
        }
    }

    /// What the Web Connector said.
    pub(crate) fn body(&self) -> String {
        match &self.sent {
            Sent::Get => String::new(),
            Sent::Post { body, .. } => body.clone(),
        }
    }

    /// What it was answered.
    pub(crate) fn reply(&self) -> String {
        String::from_utf8_lossy(&self.answer.body).into_owned()
    }

    /// How many invoices the answer sends to QuickBooks.
    pub(crate) fn records_sent(&self) -> usize {
        self.reply().matches("InvoiceAddRq requestID").count()
    }
}

impl TimedTransport {
    pub(crate) fn new(url: &str) -> Self {
        Self { http: HttpTransport::new(url), spent: Duration::ZERO, exchanges: Vec::new() }
    }

    /// What was carried since the last time, and the time inside its calls.
    pub(crate) fn take(&mut self) -> (Vec<Exchange>, Duration) {
        (std::mem::take(&mut self.exchanges), std::mem::take(&mut self.spent))
    }

    fn timed(
        &mut self,
        call: impl FnOnce(&mut HttpTransport) -> Result<HttpAnswer, TransportError>,
        sent: impl FnOnce() -> Sent,
    ) -> Result<HttpAnswer, TransportError> {
        let start = Instant::now();
        let answer = call(&mut self.http);
        self.spent += start.elapsed();
        if let Ok(answer) = &answer {
            self.exchanges.push(Exchange { sent: sent(), answer: answer.clone() });
        }
        answer
    }
}

impl Transport for TimedTransport {
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError> {
        self.timed(|http| http.get(url), || Sent::Get)
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let sent = || Sent::Post { soap_action: soap_action.to_owned(), body: body.to_owned() };
        self.timed(|http| http.post(soap_action, body), sent)
    }
}
