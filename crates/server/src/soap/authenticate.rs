use bookferry_qbwc::{Authenticated, CompanyFile, Password, Reply, Session, Verdict};
use bookferry_store::{Connection, NewVisit, OpenVisit, Opened};
use bookferry_sync::id::VisitId;

use super::SoapError;
use super::step::VisitMemory;
use crate::{App, Secret, SecretHash};

/// Signs the Web Connector in and opens a visit if there is work for one.
pub(super) async fn authenticate(app: &App, user_name: &str, password: &Password) -> Result<Reply, SoapError> {
    let connection = app.store().company_by_user_name(user_name).await?;
    let presented = SecretHash::of(password.expose());
    let Some(connection) = connection.filter(|connection| presented.is(&connection.password_hash)) else {
        tracing::warn!("a Web Connector signed in with a wrong user name or password");
        return Ok(verdict(String::new(), Verdict::Nvu));
    };
    let company = connection.company.id;
    let now = app.clock().now();
    if !connection.was_heard_lately(now) {
        app.store().note_heard(company, now).await?;
    }
    if !app.store().has_work(company, now).await? {
        return Ok(verdict(String::new(), Verdict::None));
    }
    open_visit(app, &connection).await
}

async fn open_visit(app: &App, connection: &Connection) -> Result<Reply, SoapError> {
    let now = app.clock().now();
    let ticket = Secret::generate(app.entropy(), "");
    let company_file = company_file(connection);
    let records_per_set_max = connection.company.settings.records_per_message_set;
    let memory = VisitMemory::new(Session::new(company_file.clone()), records_per_set_max);
    let visit = NewVisit {
        id: VisitId::new(now, &app.entropy().id()),
        company_id: connection.company.id,
        ticket_hash: &ticket.hash().0,
        session: &memory.to_json()?,
        client: "",
    };
    let lease = app.visit_lease();
    let is_dead = |open: &OpenVisit| lease.has_run_out(open.last_call_at, open.awaited_records, now);
    match app.store().open_visit(&visit, is_dead, now).await? {
        Opened::Open { unconfirmed } => {
            tracing::info!(visit.id = %visit.id, company.id = %visit.company_id, unconfirmed, "a visit begins");
            Ok(verdict(ticket.reveal().to_owned(), Verdict::Work(company_file)))
        }
        Opened::Busy(open) => {
            tracing::info!(company.id = %visit.company_id, busy_with = %open.id, "another visit is in progress");
            Ok(verdict(String::new(), Verdict::Busy))
        }
    }
}

/// The file this connection is bound to; at the first visit, whichever is open.
fn company_file(connection: &Connection) -> CompanyFile {
    let path = connection.company.books.as_ref().map(|books| books.company_file.as_str()).unwrap_or_default();
    CompanyFile::at(path).unwrap_or_else(|_| CompanyFile::open_now())
}

fn verdict(ticket: String, verdict: Verdict) -> Reply {
    Reply::Authenticate(Authenticated { ticket, verdict, run_every_seconds_min: None })
}
