//! A server in this process that answers by a script, and remembers what it was told.

use std::collections::VecDeque;

use bookferry_qbwc::{
    Authenticated, Call, ClientVersionVerdict, CompanyFile as NamedFile, ConnectionVerdict, Fault, Reply, Verdict,
};
use bookferry_simulator::clock::VirtualClock;
use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::{HttpAnswer, Settings, Transport, TransportError, VisitReport, WebConnector};

pub(crate) struct Server {
    pub(crate) calls: Vec<Call>,
    pub(crate) verdict: Verdict,
    /// What `sendRequestXML` hands out, one after the other; `""` when they are used up.
    pub(crate) sets: VecDeque<String>,
    /// What `getLastError` says, one after the other; the last one stays.
    pub(crate) errors: VecDeque<String>,
    pub(crate) percent: i32,
    /// Changes the answer to a call before it leaves.
    pub(crate) spoil: fn(&Call, HttpAnswer) -> HttpAnswer,
    pub(crate) page: HttpAnswer,
}

impl Server {
    /// Hands out these message sets, and is done with the last of them.
    pub(crate) fn handing_out(sets: &[&str]) -> Self {
        Self {
            calls: Vec::new(),
            verdict: Verdict::Work(NamedFile::open_now()),
            sets: sets.iter().map(|requests| document(requests)).collect(),
            errors: VecDeque::from(["nothing is wrong".to_owned()]),
            percent: 50,
            spoil: |_, answer| answer,
            page: HttpAnswer { status: 200, content_type: Some("text/plain".to_owned()), body: b"Bookferry".to_vec() },
        }
    }

    /// One visit without faults.
    pub(crate) fn visited(&mut self, file: &mut CompanyFile) -> VisitReport {
        self.visited_with(file, Faults::none())
    }

    pub(crate) fn visited_with(&mut self, file: &mut CompanyFile, faults: Faults) -> VisitReport {
        let mut clock = VirtualClock::at("2026-11-02T20:00:00Z".parse().unwrap());
        WebConnector::new(settings(), faults).visit(file, self, &mut clock)
    }

    /// The names of the operations that were called.
    pub(crate) fn operations(&self) -> Vec<&'static str> {
        self.calls.iter().map(|call| call.operation().name()).collect()
    }

    fn reply(&mut self, call: &Call) -> Reply {
        match call {
            Call::ServerVersion { .. } => Reply::ServerVersion("1".to_owned()),
            Call::ClientVersion { .. } => Reply::ClientVersion(ClientVersionVerdict::Accepted),
            Call::Authenticate { .. } => Reply::Authenticate(Authenticated {
                ticket: "ticket".to_owned(),
                verdict: self.verdict.clone(),
                run_every_seconds_min: None,
            }),
            Call::SendRequestXml { .. } => Reply::SendRequestXml(self.sets.pop_front().unwrap_or_default()),
            Call::ReceiveResponseXml { hresult, .. } => {
                let is_last = self.sets.is_empty() && hresult.is_empty();
                Reply::ReceiveResponseXml(if is_last { 100 } else { self.percent })
            }
            Call::ConnectionError { .. } => Reply::ConnectionError(ConnectionVerdict::Done),
            Call::GetLastError { .. } => {
                let error = self.errors.front().cloned().unwrap_or_default();
                if self.errors.len() > 1 {
                    self.errors.pop_front();
                }
                Reply::GetLastError(error)
            }
            Call::CloseConnection { .. } => Reply::CloseConnection("All done".to_owned()),
            Call::GetServerVersion { .. }
            | Call::GetInteractiveUrl { .. }
            | Call::InteractiveRejected { .. }
            | Call::InteractiveDone { .. }
            | Call::IsInteractiveDone { .. } => panic!("the Web Connector does not call {call:?}"),
        }
    }
}

impl Transport for Server {
    fn get(&mut self, _url: &str) -> Result<HttpAnswer, TransportError> {
        Ok(self.page.clone())
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        let call = Call::decode(body).unwrap();
        assert_eq!(soap_action, call.soap_action());
        let reply = self.reply(&call).encode();
        let answer = (self.spoil)(&call, HttpAnswer::xml(reply));
        self.calls.push(call);
        Ok(answer)
    }
}

pub(crate) fn settings() -> Settings {
    Settings::new("http://localhost/qbwc", "shop", "secret").with_identity(OWNER_ID, FILE_ID)
}

pub(crate) const OWNER_ID: &str = "{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}";
pub(crate) const FILE_ID: &str = "{11111111-2222-3333-4444-555555555555}";

pub(crate) fn file() -> CompanyFile {
    let mut file = CompanyFile::sample("Auto Glass", "2026-11-02T19:00:00Z".parse().unwrap());
    file.write_file_id(OWNER_ID, FILE_ID).unwrap();
    file
}

pub(crate) fn add_customer(name: &str) -> String {
    format!("<CustomerAddRq requestID=\"1\"><CustomerAdd><Name>{name}</Name></CustomerAdd></CustomerAddRq>")
}

pub(crate) fn document(requests: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><?qbxml version=\"13.0\"?><QBXML>\
         <QBXMLMsgsRq onError=\"continueOnError\">{requests}</QBXMLMsgsRq></QBXML>"
    )
}

/// A SOAP fault with HTTP status 500.
pub(crate) fn fault() -> HttpAnswer {
    HttpAnswer { status: 500, ..HttpAnswer::xml(Fault::server("no such thing").encode()) }
}
