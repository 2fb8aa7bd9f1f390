use super::settings::Settings;
use super::transport::{Transport, TransportError};
use crate::company_file::CompanyFile;

/// Why the Web Connector does not take an application in. The numbers are its own (Web Connector guide, appendix A).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    #[error("QBWC1010: AppURL must begin with https, except on localhost: {url}")]
    NotHttps { url: String },
    #[error("QBWC1001: AppURL holds an IP address instead of a host name: {url}")]
    AppUrlIsIp { url: String },
    #[error("QBWC1002: AppSupport holds an IP address instead of a host name: {url}")]
    SupportUrlIsIp { url: String },
    #[error("QBWC1000: AppURL and AppSupport are of different domains: {app_host}, {support_host}")]
    DifferentDomains { app_host: String, support_host: String },
    #[error("QBWC1003: AppSupport answered with {status}, neither 200 nor 202")]
    SupportStatus { status: u16 },
    #[error("QBWC1004: AppSupport cannot be reached: {0}")]
    SupportUnreachable(TransportError),
    #[error("QBWC1039: QuickBooks refused the FileID: status {code}")]
    FileIdRefused { code: i32 },
    #[error("QBWC1025: the FileID could not be written into the company file")]
    FileIdNotWritten,
}

/// Adds an application: checks the rules of the `.qwc` file and writes the FileID into the company file
/// (our notes on the Web Connector, section 8).
pub fn import(settings: &Settings, file: &mut CompanyFile, transport: &mut dyn Transport) -> Result<(), ImportError> {
    let url = settings.url.clone();
    let app_host = host(&settings.url);
    let is_local = app_host == "localhost";
    let is_allowed = settings.url.starts_with("https://") || (is_local && settings.url.starts_with("http://"));
    if !is_allowed {
        return Err(ImportError::NotHttps { url });
    }
    if is_ip(app_host) {
        return Err(ImportError::AppUrlIsIp { url });
    }
    check_support(settings, app_host, transport)?;
    let Some(identity) = &settings.identity else {
        return Ok(());
    };
    if settings.is_read_only {
        return Err(ImportError::FileIdRefused { code: 3263 });
    }
    file.write_file_id(&identity.owner_id, &identity.file_id).map_err(|_| ImportError::FileIdNotWritten)
}

fn check_support(settings: &Settings, app_host: &str, transport: &mut dyn Transport) -> Result<(), ImportError> {
    let url = settings.support_url.as_str();
    if url.is_empty() {
        return Ok(());
    }
    let support_host = host(url);
    if is_ip(support_host) {
        return Err(ImportError::SupportUrlIsIp { url: url.to_owned() });
    }
    if domain(app_host) != domain(support_host) {
        return Err(ImportError::DifferentDomains {
            app_host: app_host.to_owned(),
            support_host: support_host.to_owned(),
        });
    }
    match transport.get(url) {
        Ok(answer) if matches!(answer.status, 200 | 202) => Ok(()),
        Ok(answer) => Err(ImportError::SupportStatus { status: answer.status }),
        Err(error) => Err(ImportError::SupportUnreachable(error)),
    }
}

/// The host of a URL, without its port.
fn host(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.starts_with('[') {
        return authority.split_inclusive(']').next().unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

fn is_ip(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
}

/// The last two labels of a host name.
fn domain(host: &str) -> String {
    let mut labels: Vec<&str> = host.rsplit('.').take(2).collect();
    labels.reverse();
    labels.join(".").to_ascii_lowercase()
}
