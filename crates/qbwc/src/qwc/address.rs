use std::net::Ipv4Addr;

/// As much of a URL as the rules need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) is_https: bool,
    /// In lower case, without its port.
    pub(super) host: String,
}

impl Address {
    /// `None` for what is not an absolute `http` or `https` URL with a host and without a user, a password or a fragment.
    pub(super) fn parse(url: &str) -> Option<Self> {
        if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['#', '\\', '"', '<', '>']) {
            return None;
        }
        let (scheme, rest) = url.split_once("://")?;
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority = rest.split(['/', '?']).next()?;
        let host = if authority.starts_with('[') {
            let end = authority.find(']')?;
            check_port(authority.get(end + 1..)?)?;
            authority.get(..=end)?
        } else {
            let end = authority.find(':').unwrap_or(authority.len());
            check_port(authority.get(end..)?)?;
            let host = authority.get(..end)?;
            if !is_host_name(host) {
                return None;
            }
            host
        };
        Some(Self { is_https, host: host.to_ascii_lowercase() })
    }

    /// Whether the host is an IP address, in any of the forms that Windows takes for one: `[::1]`, `127.0.0.1`, `127.1`,
    /// `2130706433`, `0x7f000001`.
    pub(super) fn is_ip(&self) -> bool {
        let last = self.host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
        self.host.starts_with('[')
            || self.host.parse::<Ipv4Addr>().is_ok()
            || last.bytes().all(|byte| byte.is_ascii_digit())
            || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
    }

    pub(super) fn is_localhost(&self) -> bool {
        self.host == "localhost"
    }
}

fn check_port(text: &str) -> Option<()> {
    match text.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse::<u16>().ok().filter(|port| *port > 0).map(|_| ())
        }
        Some(_) => None,
        None => text.is_empty().then_some(()),
    }
}

fn is_host_name(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.len() <= 253 && host.strip_suffix('.').unwrap_or(host).split('.').all(is_label)
}
