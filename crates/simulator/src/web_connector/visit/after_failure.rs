use bookferry_qbwc::Operation;

use super::{Stage, Visit, is_unknown_operation};
use crate::company_file::CompanyFile;
use crate::web_connector::answer::{self, CallError};
use crate::web_connector::report::Outcome;

impl Visit {
    /// A failed call ends the run: there is no repetition of calls (our notes on the Web Connector, section 6). Only the
    /// two version calls, which the vendor's own contract lacks, may fail.
    pub(super) fn call_failed(&mut self, operation: Operation, error: &CallError, file: &mut CompanyFile) {
        let is_version = matches!(operation, Operation::ServerVersion | Operation::ClientVersion);
        if is_version && is_unknown_operation(error) {
            let is_first = operation == Operation::ServerVersion;
            self.stage = if is_first { Stage::ClientVersion } else { Stage::Authenticate };
            return;
        }
        self.fail(answer::qbwc_code(operation), format!("{}: {error}", operation.name()), error.is_breach());
        self.leave(file);
    }

    pub(super) fn fail(&mut self, qbwc: u16, message: String, is_breach: bool) {
        if is_breach {
            self.report.problems.push(format!("QBWC{qbwc}: {message}"));
        }
        self.report.outcome = Outcome::Failed { qbwc, message };
        self.stage = Stage::Over;
    }

    pub(super) fn end(&mut self, outcome: Outcome, file: &mut CompanyFile) {
        self.report.outcome = outcome;
        self.stage = Stage::Over;
        self.leave(file);
    }

    /// EndSession: what was only valid in this session, such as iterators, is gone.
    pub(super) fn leave(&mut self, file: &mut CompanyFile) {
        if let Some(session) = self.session.take() {
            self.open_file(file).end_session(session);
        }
    }
}
