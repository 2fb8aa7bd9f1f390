use super::address::Address;
use super::{APP_DESCRIPTION_CHARS_MAX, QwcSettings, RunEvery};

/// Why the Web Connector would refuse a `.qwc` file. Each variant says the QBWC code that the customer is spared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QwcError {
    #[error("{field} is empty")]
    Empty { field: &'static str },
    #[error("{field} holds a character that XML cannot")]
    ControlCharacter { field: &'static str },
    #[error("{field} is not a URL: {url:?}")]
    NotAUrl { field: &'static str, url: String },
    #[error("AppURL and AppSupport are at different hosts, {app_url} and {app_support} (QBWC1000)")]
    DomainsDiffer { app_url: String, app_support: String },
    /// Also for `127.0.0.1`: it must be written `localhost`.
    #[error("AppURL names an IP address, {host}, instead of a host (QBWC1001)")]
    AppUrlIsAnAddress { host: String },
    #[error("AppSupport names an IP address, {host}, instead of a host (QBWC1002)")]
    AppSupportIsAnAddress { host: String },
    #[error("AppURL begins with http:, which is for localhost alone; it needs https: (QBWC1010)")]
    NotHttps { host: String },
    #[error("AppSupport is a page of Intuit's, at {host}")]
    AppSupportIsIntuits { host: String },
    #[error("CertURL needs https: and the name of a host (QBWC1048)")]
    CertUrlUnfit { url: String },
    #[error("AppDescription has {chars} characters; {APP_DESCRIPTION_CHARS_MAX} are the most")]
    DescriptionTooLong { chars: usize },
    #[error("{field} is the nil GUID, which names nothing (QBWC1039)")]
    NilGuid { field: &'static str },
    #[error("OwnerID and FileID are the same GUID; one names the application, the other a company (QBWC1039)")]
    SameGuid,
    #[error("the scheduler's interval is zero")]
    NoInterval,
    #[error("AuthFlags has bits that mean nothing: {flags:#x} (QBWC1034)")]
    UnknownAuthFlags { flags: u8 },
}

impl QwcError {
    /// The QBWC code that this error prevents, where the vendor lists one.
    pub const fn code(&self) -> Option<u16> {
        match self {
            Self::DomainsDiffer { .. } => Some(1000),
            Self::AppUrlIsAnAddress { .. } => Some(1001),
            Self::AppSupportIsAnAddress { .. } => Some(1002),
            Self::NotHttps { .. } => Some(1010),
            Self::UnknownAuthFlags { .. } => Some(1034),
            Self::NilGuid { .. } | Self::SameGuid => Some(1039),
            Self::CertUrlUnfit { .. } => Some(1048),
            Self::Empty { .. }
            | Self::ControlCharacter { .. }
            | Self::NotAUrl { .. }
            | Self::AppSupportIsIntuits { .. }
            | Self::DescriptionTooLong { .. }
            | Self::NoInterval => None,
        }
    }
}

pub(super) fn check(settings: &QwcSettings) -> Result<(), QwcError> {
    check_texts(settings)?;
    check_urls(settings)?;
    for (field, guid) in [("OwnerID", settings.owner_id), ("FileID", settings.file_id)] {
        if guid.is_nil() {
            return Err(QwcError::NilGuid { field });
        }
    }
    if settings.owner_id == settings.file_id {
        return Err(QwcError::SameGuid);
    }
    match settings.run_every {
        Some(RunEvery::Minutes(0) | RunEvery::Seconds(0)) => return Err(QwcError::NoInterval),
        Some(RunEvery::Minutes(_) | RunEvery::Seconds(_)) | None => {}
    }
    match settings.auth_flags {
        Some(flags) if flags > 0xf => Err(QwcError::UnknownAuthFlags { flags }),
        Some(_) | None => Ok(()),
    }
}

fn check_texts(settings: &QwcSettings) -> Result<(), QwcError> {
    let needed = [
        ("AppName", settings.app_name.as_str()),
        ("AppDescription", &settings.app_description),
        ("UserName", &settings.user_name),
        ("AppURL", &settings.app_url),
        ("AppSupport", &settings.app_support),
    ];
    if let Some((field, _)) = needed.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(QwcError::Empty { field });
    }
    let optional = [
        ("AppDisplayName", settings.app_display_name.as_deref()),
        ("AppUniqueName", settings.app_unique_name.as_deref()),
    ];
    let given = optional.into_iter().filter_map(|(field, text)| text.map(|text| (field, text)));
    for (field, text) in needed.into_iter().chain([("AppID", settings.app_id.as_str())]).chain(given) {
        if text.chars().any(|character| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}')) {
            return Err(QwcError::ControlCharacter { field });
        }
    }
    let chars = settings.app_description.chars().count();
    if chars > APP_DESCRIPTION_CHARS_MAX {
        return Err(QwcError::DescriptionTooLong { chars });
    }
    Ok(())
}

fn check_urls(settings: &QwcSettings) -> Result<(), QwcError> {
    let app_url = address("AppURL", &settings.app_url)?;
    let app_support = address("AppSupport", &settings.app_support)?;
    if app_url.is_ip() {
        return Err(QwcError::AppUrlIsAnAddress { host: app_url.host });
    }
    if app_support.is_ip() {
        return Err(QwcError::AppSupportIsAnAddress { host: app_support.host });
    }
    if !app_url.is_https && !app_url.is_localhost() {
        return Err(QwcError::NotHttps { host: app_url.host });
    }
    if app_support.host == "intuit.com" || app_support.host.ends_with(".intuit.com") {
        return Err(QwcError::AppSupportIsIntuits { host: app_support.host });
    }
    // The vendor speaks of domains without saying how many labels make one; the same host satisfies every reading.
    if app_url.host != app_support.host {
        return Err(QwcError::DomainsDiffer { app_url: app_url.host, app_support: app_support.host });
    }
    match &settings.cert_url {
        Some(url) if !Address::parse(url).is_some_and(|address| address.is_https && !address.is_ip()) => {
            Err(QwcError::CertUrlUnfit { url: url.clone() })
        }
        Some(_) | None => Ok(()),
    }
}

fn address(field: &'static str, url: &str) -> Result<Address, QwcError> {
    Address::parse(url).ok_or_else(|| QwcError::NotAUrl { field, url: url.to_owned() })
}
