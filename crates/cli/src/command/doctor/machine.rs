//! The machine: its clock, its disk, who may read the data, and under which address the server is found.

use std::path::Path;

use indicatif::HumanBytes;
use jiff::Timestamp;

use super::finding::Finding;

/// Before this program was written no clock that is right can be.
const WRITTEN_AT_SECONDS: i64 = 1_793_577_600;
/// Below this, or twice the database, a backup or a busy day may not fit any more.
const FREE_BYTES_MIN: u64 = 1 << 30;

pub(super) fn clock(now: Timestamp) -> Finding {
    if now.as_second() < WRITTEN_AT_SECONDS {
        return Finding::bad(
            "clock",
            format!("it shows {now}, which is past"),
            "Set the clock, and keep it set by NTP.",
        );
    }
    Finding::good("clock", format!("it shows {}", now.strftime("%Y-%m-%d %H:%M UTC")))
}

/// The Web Connector takes https, and http on its own machine only (web-connector.md section 8).
pub(super) fn public_url(url: Option<&str>) -> Finding {
    let check = "public URL";
    let Some(url) = url else {
        return Finding::bad(
            check,
            "none is given, so people and the Web Connector are sent to http://localhost",
            "Give --public-url or BOOKFERRY_PUBLIC_URL, the same as the server's, unless QuickBooks runs on this machine.",
        );
    };
    let rest = url.strip_prefix("https://").filter(|host| !host.is_empty());
    let is_local = ["http://localhost", "http://127.0.0.1"]
        .into_iter()
        .any(|local| url.strip_prefix(local).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])));
    match rest {
        Some(_) => Finding::good(check, url),
        None if is_local => Finding::good(check, format!("{url}, for a Web Connector on this machine only")),
        None => Finding::bad(
            check,
            format!("{url} is not https"),
            "The Web Connector refuses it: put a proxy with a certificate in front, and give its https address.",
        ),
    }
}

/// What is kept in the data directory is nobody else's business, and needs room.
pub(super) fn directory(directory: &Path, database: &Path) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(permissions(directory, database));
    findings.extend(free_space(directory, database));
    findings
}

#[cfg(unix)]
fn permissions(directory: &Path, database: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777).ok();
    let directory_mode = mode(directory)?;
    let check = "data directory";
    if directory_mode & 0o077 == 0 {
        return Some(Finding::good(check, format!("{} is for its owner alone", directory.display())));
    }
    let database_mode = mode(database)?;
    if database_mode & 0o077 == 0 {
        return Some(Finding::good(check, format!("{} is for its owner alone", database.display())));
    }
    Some(Finding::bad(
        check,
        format!("others can look into {} (mode {directory_mode:o})", directory.display()),
        format!("Run: chmod 700 {}", directory.display()),
    ))
}

#[cfg(not(unix))]
fn permissions(_: &Path, _: &Path) -> Option<Finding> {
    None
}

#[cfg(unix)]
fn free_space(directory: &Path, database: &Path) -> Option<Finding> {
    let disk = rustix::fs::statvfs(directory).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let size = std::fs::metadata(database).map_or(0, |metadata| metadata.len());
    let needed = FREE_BYTES_MIN.max(size.saturating_mul(2));
    let found = format!("{} free, the database has {}", HumanBytes(free), HumanBytes(size));
    Some(if free < needed {
        Finding::bad("disk", found, format!("Make room: {} should be free.", HumanBytes(needed)))
    } else {
        Finding::good("disk", found)
    })
}

#[cfg(not(unix))]
fn free_space(_: &Path, _: &Path) -> Option<Finding> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_that_the_web_connector_takes_is_good() {
        let is_good = |url: &str| public_url(Some(url)).to_do.is_none();
        for good in ["https://books.example.com", "http://localhost:8080", "http://localhost", "http://127.0.0.1:8080/"]
        {
            assert!(is_good(good), "{good}");
        }
        for bad in ["http://books.example.com", "http://localhost.example.com", "https://", "books.example.com", ""] {
            assert!(!is_good(bad), "{bad}");
        }
        assert!(public_url(None).to_do.is_some());
    }
}
