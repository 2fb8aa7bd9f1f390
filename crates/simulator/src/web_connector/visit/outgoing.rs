use bookferry_qbwc::{Call, Operation, Password};
use bookferry_xml::Writer;

use super::{Repeated, Stage, Visit};
use crate::company_file::CompanyFile;
use crate::fault::{Fault, Faults};
use crate::web_connector::answer::CallError;
use crate::web_connector::report::Outcome;
use crate::web_connector::settings::Identity;
use crate::web_connector::transport::TransportError;

impl Visit {
    /// The call that the stage makes, or `None` where a fault took it.
    pub(super) fn outgoing(&mut self, file: &mut CompanyFile, faults: &mut Faults) -> Option<Call> {
        if let Some(repeated) = &self.repeated {
            let call = repeated.call.clone();
            self.count_call(call.operation());
            return Some(call);
        }
        let call = self.call(file)?;
        let operation = call.operation();
        if self.strikes(Fault::CutVisit, faults) {
            self.end(Outcome::Cut, file);
            return None;
        }
        let is_lost = self.strikes(Fault::LostRequest, faults)
            || (operation == Operation::ReceiveResponseXml && self.strikes(Fault::LostResponse, faults));
        if is_lost {
            self.call_failed(operation, &CallError::Transport(TransportError::Timeout), file);
            return None;
        }
        if self.strikes(Fault::RepeatedCall, faults) {
            self.repeated = Some(Repeated { call: call.clone(), first: None });
        }
        self.count_call(operation);
        Some(call)
    }

    pub(super) fn reply_is_lost(&mut self, operation: Operation, faults: &mut Faults) -> bool {
        match operation {
            Operation::SendRequestXml => self.strikes(Fault::LostAnswer, faults),
            Operation::ReceiveResponseXml => self.strikes(Fault::LostAcknowledgement, faults),
            Operation::ServerVersion
            | Operation::GetServerVersion
            | Operation::ClientVersion
            | Operation::Authenticate
            | Operation::ConnectionError
            | Operation::GetLastError
            | Operation::CloseConnection
            | Operation::GetInteractiveUrl
            | Operation::InteractiveRejected
            | Operation::InteractiveDone
            | Operation::IsInteractiveDone => self.strikes(Fault::LostReply, faults),
        }
    }

    /// Which call the visit is waiting on.
    pub(super) const fn operation(&self) -> Option<Operation> {
        Some(match &self.stage {
            Stage::ServerVersion => Operation::ServerVersion,
            Stage::ClientVersion => Operation::ClientVersion,
            Stage::Authenticate => Operation::Authenticate,
            Stage::ConnectionError { .. } => Operation::ConnectionError,
            Stage::Send => Operation::SendRequestXml,
            Stage::Receive { .. } => Operation::ReceiveResponseXml,
            Stage::LastErrorAfterSend | Stage::LastErrorAfterReceive => Operation::GetLastError,
            Stage::Close { .. } => Operation::CloseConnection,
            Stage::Certificate | Stage::Connect { .. } | Stage::Execute { .. } | Stage::Pause(..) | Stage::Over => {
                return None;
            }
        })
    }

    fn call(&mut self, file: &mut CompanyFile) -> Option<Call> {
        let ticket = self.ticket.clone();
        let version = self.settings.version.clone();
        Some(match &self.stage {
            Stage::ServerVersion => Call::ServerVersion { version },
            Stage::ClientVersion => Call::ClientVersion { version },
            Stage::Authenticate => Call::Authenticate {
                user_name: self.settings.user_name.clone(),
                password: Password::new(self.settings.password.clone()),
            },
            Stage::ConnectionError { error } => {
                Call::ConnectionError { ticket, hresult: error.hresult.to_string(), message: error.message.to_string() }
            }
            Stage::Send => Call::SendRequestXml {
                ticket,
                host_company_preferences: self.host_company_preferences.clone(),
                company_file: self.open_file(file).path().to_owned(),
                country: "US".to_owned(),
                qbxml_major: Some(13),
                qbxml_minor: Some(0),
            },
            Stage::Receive { response, error } => Call::ReceiveResponseXml {
                ticket,
                response: response.clone(),
                hresult: error.as_ref().map(|error| error.hresult.to_string()).unwrap_or_default(),
                message: error.as_ref().map(|error| error.message.to_string()).unwrap_or_default(),
            },
            Stage::LastErrorAfterSend | Stage::LastErrorAfterReceive => Call::GetLastError { ticket },
            Stage::Close { .. } => Call::CloseConnection { ticket },
            Stage::Certificate | Stage::Connect { .. } | Stage::Execute { .. } | Stage::Pause(..) | Stage::Over => {
                return None;
            }
        })
    }

    fn count_call(&mut self, operation: Operation) {
        *self.report.calls.entry(operation.name()).or_default() += 1;
    }
}

/// What the Web Connector asks QuickBooks at the start of each visit. Only data extensions of an owner that is named
/// come back, and the FileID is one.
pub(super) fn host_company_preferences(identity: Option<&Identity>) -> String {
    let mut out = Writer::new();
    out.declaration();
    out.instruction("qbxml", "version=\"13.0\"");
    out.start("QBXML");
    out.start("QBXMLMsgsRq");
    out.attribute("onError", "continueOnError");
    out.element("HostQueryRq", "");
    out.start("CompanyQueryRq");
    if let Some(identity) = identity {
        out.element("OwnerID", &identity.owner_id);
    }
    out.end("CompanyQueryRq");
    out.element("PreferencesQueryRq", "");
    out.end("QBXMLMsgsRq");
    out.end("QBXML");
    out.finish()
}
