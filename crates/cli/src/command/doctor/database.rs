//! The database: whether it is whole and of this version, and what it says about companies and their connectors.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use bookferry_store::{Connection, Result, Store, Version};
use bookferry_sync::digest::silent_after;
use bookferry_sync::id::CompanyId;
use bookferry_sync::notice::Notice;

use super::finding::Finding;

/// A connector calls every ten minutes; after a day somebody has to look.
/// What was written may be this much later than now, where several servers write.
const CLOCKS_DIFFER_MAX: SignedDuration = SignedDuration::from_mins(2);

pub(super) async fn examine(store: &Store, now: Timestamp) -> Result<Vec<Finding>> {
    let version = store.version().await?;
    let mut findings = vec![of_version(version)];
    if version != Version::Same {
        return Ok(findings);
    }
    findings.push(integrity(store.damage().await?));
    findings.push(match store.check_writable().await {
        Ok(()) => Finding::good("writing", "the database takes writes"),
        Err(error) => Finding::bad(
            "writing",
            format!("the database takes no writes: {error}"),
            "See whether the disk is full or read-only, and who else has the database open.",
        ),
    });
    findings.extend(store.newest_instant().await?.map(|newest| clock(newest, now)));
    let unconfirmed = store.unconfirmed_of_companies().await?;
    let companies = store.companies().await?;
    if companies.is_empty() {
        let to_do = "Add one: bookferry company add NAME --enable";
        findings.push(Finding::bad("companies", "there are none", to_do));
    }
    for company in companies {
        if let Some(connection) = store.connection(company.id).await? {
            findings.extend(of_company(store, &connection, &unconfirmed, now).await?);
        }
    }
    Ok(findings)
}

fn of_version(version: Version) -> Finding {
    let check = "database";
    match version {
        Version::Same => Finding::good(check, "it can be reached and is of this version"),
        Version::Empty => Finding::bad(check, "it has no tables yet", "Run: bookferry migrate"),
        Version::Older => {
            Finding::bad(check, "its tables are older than this program's", "Back it up, then run: bookferry migrate")
        }
        Version::Newer => Finding::bad(
            check,
            "its tables are newer than this program's",
            "Use the version of Bookferry that brought them there, or a newer one.",
        ),
    }
}

fn integrity(damage: Option<String>) -> Finding {
    match damage {
        None => Finding::good("integrity", "nothing is damaged as far as can be seen"),
        Some(damage) => Finding::bad(
            "integrity",
            damage,
            "Stop the servers, keep a copy of the database as it is, and restore the last good backup.",
        ),
    }
}

/// What was written cannot be later than now.
fn clock(newest: Timestamp, now: Timestamp) -> Finding {
    let check = "clock";
    if newest.duration_since(now) > CLOCKS_DIFFER_MAX {
        return Finding::bad(
            check,
            format!("something was written at {newest}, which is later than now"),
            "A clock of this or another server is, or was, wrong: set all of them by NTP.",
        );
    }
    Finding::good(check, "nothing was written later than now")
}

async fn of_company(
    store: &Store,
    connection: &Connection,
    unconfirmed: &HashMap<CompanyId, u64>,
    now: Timestamp,
) -> Result<Vec<Finding>> {
    let company = &connection.company;
    let mut findings = vec![connector(connection, now)];
    if company.sync_enabled_at.is_none() {
        let found = format!("{}: sync is not enabled, so its records are held back", company.name);
        findings.push(Finding::bad("sync", found, "Enable it when the books are ready for what is handed over."));
    }
    if let Some(waiting) = unconfirmed.get(&company.id) {
        findings.push(Finding::bad(
            "records",
            format!("{}: {waiting} of which nobody knows whether QuickBooks has them", company.name),
            "Somebody has to look in QuickBooks and say so under Needs Attention.",
        ));
    }
    let notices = store.notices(company.id).await?;
    findings.extend(notices.iter().filter_map(|line| notice(&company.name, &line.notice)));
    Ok(findings)
}

fn connector(connection: &Connection, now: Timestamp) -> Finding {
    let (check, name) = ("connector", &connection.company.name);
    match connection.last_heard_at {
        None => Finding::bad(
            check,
            format!("{name}: the Web Connector has never called"),
            "Follow the Setup page on the computer with QuickBooks.",
        ),
        Some(heard) if now.duration_since(heard) > silent_after() => Finding::bad(
            check,
            format!("{name}: the Web Connector was last heard at {}", heard.strftime("%Y-%m-%d %H:%M UTC")),
            "See whether the computer is on, the Web Connector runs with Auto-Run, and this server can be reached from there.",
        ),
        Some(heard) => Finding::good(check, format!("{name}: last heard at {}", heard.strftime("%Y-%m-%d %H:%M UTC"))),
    }
}

fn notice(company: &str, notice: &Notice) -> Option<Finding> {
    match notice {
        Notice::OtherBooks { books, .. } => Some(Finding::bad(
            "books",
            format!(
                "{company}: the Web Connector came with other books, {} ({})",
                books.company_name, books.company_file
            ),
            "Open the right company file in QuickBooks; or bind the company to these books on its Setup page.",
        )),
        Notice::Restored { held, .. } | Notice::Rebound { held, .. } if *held > 0 => Some(Finding::bad(
            "records",
            format!("{company}: {held} released records were held for review"),
            "Somebody has to mark them ready again, and to take note on the company's pages.",
        )),
        Notice::Restored { .. } | Notice::Rebound { .. } => None,
        // The check of the connector says so.
        Notice::ConnectorSilent { .. } => None,
        Notice::MailLost { email, trouble } => Some(Finding::bad(
            "mail",
            format!("{company}: a letter to {email} was not sent, since {trouble}"),
            "Look at --smtp-url and the mail server's log; then take note on the company's pages.",
        )),
        Notice::WebhookOff { host, trouble } => Some(Finding::bad(
            "webhooks",
            format!("{company}: nothing is delivered to {host} any more, since {trouble}"),
            "Have it mended, then press Try again under People and keys, or use bookferry company webhook try-again.",
        )),
    }
}
