use bookferry_crash::mutation::{Mutation, is_planted};
use bookferry_qbwc::{Authenticated, CompanyFile, Password, Reply, Session, Verdict};
use bookferry_store::{Connection, NewVisit, OpenVisit, Opened};
use bookferry_sync::id::VisitId;
use bookferry_sync::pace::Pace;
use jiff::Timestamp;

use super::SoapError;
use super::step::VisitMemory;
use crate::{App, Secret, SecretHash};

/// A visit is put off in steps of the usual interval, so that the Web Connector is heard meanwhile, and a change of the quiet
/// hours takes effect.
const POSTPONED_SECONDS_MAX: u32 = 600;

/// Signs the Web Connector in and opens a visit if there is work for one.
pub(super) async fn authenticate(app: &App, user_name: &str, password: &Password) -> Result<Reply, SoapError> {
    let connection = app.store().company_by_user_name(user_name).await?;
    let presented = SecretHash::of(password.expose());
    let now = app.clock().now();
    let Some(connection) = connection else { return Ok(refused()) };
    let company = connection.company.id;
    if !presented.is(&connection.password_hash) {
        // The setup says so to whoever has just typed it wrong.
        app.store().note_refused(company, now).await?;
        return Ok(refused());
    }
    if !connection.was_heard_lately(now) {
        app.store().note_heard(company, now).await?;
    }
    if let Some(verdict) = quiet(&connection, now) {
        return Ok(self::verdict(String::new(), verdict));
    }
    if !app.store().has_work(company, now).await? {
        return Ok(verdict(String::new(), Verdict::None));
    }
    open_visit(app, &connection).await
}

fn refused() -> Reply {
    tracing::warn!("a Web Connector signed in with a wrong user name or password");
    verdict(String::new(), Verdict::Nvu)
}

/// In quiet hours QuickBooks is not opened at all, not even to ask about answers that were lost: nothing of those is sent
/// again before they are asked about, so that they can wait. The connection is still set up.
fn quiet(connection: &Connection, now: Timestamp) -> Option<Verdict> {
    let company = &connection.company;
    company.books.as_ref()?;
    let left = company.settings.quiet_until(now)?.duration_since(now);
    let seconds = u32::try_from(left.as_secs().saturating_add(1)).unwrap_or(u32::MAX).min(POSTPONED_SECONDS_MAX);
    Some(Verdict::Postpone { seconds })
}

/// How fast QuickBooks was in the company's last visit, however that ended.
async fn last_pace(app: &App, connection: &Connection) -> Result<Pace, SoapError> {
    let last = app.store().visits(connection.company.id, None, 1).await?.pop();
    let memory = last.and_then(|line| serde_json::from_str::<VisitMemory>(&line.visit.session).ok());
    Ok(memory.map(|memory| memory.state.pace).unwrap_or_default())
}

async fn open_visit(app: &App, connection: &Connection) -> Result<Reply, SoapError> {
    let now = app.clock().now();
    let ticket = Secret::generate(app.entropy(), "");
    let company_file = company_file(connection);
    let pace = last_pace(app, connection).await?;
    let memory = VisitMemory::new(Session::new(company_file.clone()), pace);
    let visit = NewVisit {
        id: VisitId::new(now, &app.entropy().id()),
        company_id: connection.company.id,
        ticket_hash: &ticket.hash().0,
        session: &memory.to_json()?,
        client: "",
    };
    let lease = app.visit_lease();
    let is_dead = |open: &OpenVisit| {
        lease.has_run_out(open.last_call_at, open.awaited_records, now) || is_planted(Mutation::NoBusy)
    };
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
