//! Where deliveries may go: not into the network that the server stands in, unless the operator allows it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::Uri;

/// Why an address is no endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnusableAddress {
    #[error("that is no address; it begins with https:// and names a host")]
    Unreadable,
    #[error("it must begin with https://; http:// is for addresses of this machine, where the operator allows them")]
    Scheme,
    #[error("it must not hold a user or a password; what is posted there is signed")]
    User,
    #[error("it is longer than 2,000 characters")]
    Long,
}

const CHARACTERS_MAX: usize = 2_000;

/// Checks an address's form, and answers it as it is kept. Which machine it stands for is looked at for each delivery.
pub(super) fn check_address(text: &str) -> Result<String, UnusableAddress> {
    let text = text.trim();
    if text.chars().count() > CHARACTERS_MAX {
        return Err(UnusableAddress::Long);
    }
    let uri: Uri = text.parse().map_err(|_| UnusableAddress::Unreadable)?;
    match uri.scheme_str() {
        Some("https" | "http") => {}
        Some(_) => return Err(UnusableAddress::Scheme),
        None => return Err(UnusableAddress::Unreadable),
    }
    let authority = uri.authority().ok_or(UnusableAddress::Unreadable)?;
    if authority.as_str().contains('@') {
        return Err(UnusableAddress::User);
    }
    if uri.scheme_str() == Some("http") && !names_this_machine(authority.host()) {
        return Err(UnusableAddress::Scheme);
    }
    if authority.host().is_empty() { Err(UnusableAddress::Unreadable) } else { Ok(text.to_owned()) }
}

/// What of an address everybody may read: a path or a query can be a secret.
pub(crate) fn host_of(url: &str) -> String {
    let uri: Option<Uri> = url.parse().ok();
    uri.and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default()
}

fn names_this_machine(host: &str) -> bool {
    let address: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
    address.map_or(host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

/// Whether the address is one of the open internet's, and of nobody's own network (IANA's special-purpose registries).
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 240..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=239, _, _)
    );
    !is_special
}

const fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Addresses of the old internet behind a translator's prefix (RFC 6052) are as public as those.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::{UnusableAddress, check_address, is_public};

    #[test]
    fn only_addresses_of_the_open_internet_are_public() {
        for public in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
        for own in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(own.parse().expect("an address")), "{own}");
        }
    }

    #[test]
    fn an_endpoint_is_https_and_names_a_host() {
        for good in ["https://shop.example/hook?key=1", "http://127.0.0.1:9/", "http://[::1]:9/", " https://a.example "]
        {
            assert_eq!(check_address(good).as_deref(), Ok(good.trim()));
        }
        for (bad, why) in [
            ("", UnusableAddress::Unreadable),
            ("shop.example/hook", UnusableAddress::Unreadable),
            ("http://shop.example/hook", UnusableAddress::Scheme),
            ("http://127.0.0.1.example/", UnusableAddress::Scheme),
            ("ftp://shop.example/", UnusableAddress::Scheme),
            ("https://user:password@shop.example/", UnusableAddress::User),
        ] {
            assert_eq!(check_address(bad), Err(why), "{bad}");
        }
        assert_eq!(check_address(&format!("https://a.example/{}", "x".repeat(2_000))), Err(UnusableAddress::Long));
    }
}
