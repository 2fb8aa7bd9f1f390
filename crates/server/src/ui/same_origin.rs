//! Requests that change something come from our own pages, or not at all.

use axum::http::{HeaderMap, header};

/// Whether a form was sent by a page of ours, and not by another site through somebody's browser.
///
/// Browsers say where a request comes from: in `Sec-Fetch-Site` over https and at localhost, in `Origin` with any POST.
pub(super) fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let site = headers.get("sec-fetch-site").map(|site| site.as_bytes() == b"same-origin");
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_origin = origin.map(|origin| {
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        origin.eq_ignore_ascii_case(public_url) || (authority.is_some() && authority == host)
    });
    match (site, is_origin) {
        (None, None) => false,
        (site, is_origin) => site != Some(false) && is_origin != Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::is_own;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn only_our_own_pages_may_send_forms() {
        for (given, expected) in [
            (headers(&[("host", "books.example"), ("origin", "https://books.example")]), true),
            (headers(&[("host", "inside:8080"), ("origin", "https://books.example")]), true),
            (headers(&[("host", "books.example"), ("sec-fetch-site", "same-origin")]), true),
            (headers(&[("host", "books.example"), ("origin", "https://evil.example")]), false),
            (headers(&[("host", "books.example"), ("origin", "null")]), false),
            (headers(&[("host", "books.example"), ("sec-fetch-site", "cross-site")]), false),
            (headers(&[("host", "books.example"), ("sec-fetch-site", "same-site")]), false),
            (
                headers(&[
                    ("host", "books.example"),
                    ("sec-fetch-site", "cross-site"),
                    ("origin", "https://books.example"),
                ]),
                false,
            ),
            (headers(&[("host", "books.example")]), false),
        ] {
            assert_eq!(is_own(&given, "https://books.example"), expected, "{given:?}");
        }
    }
}
