//! Numbers as qbXML writes them. Amounts are held in cents; quantities, rates and per cents in hundred-thousandths.

use super::node::Node;

/// The largest amount: 13 digits before the point.
pub(crate) const CENTS_MAX: i64 = 10_i64.pow(15) - 1;

/// An amount in cents, where it is stated.
pub(crate) fn cents(node: &Node, name: &str) -> Option<i64> {
    e5(node, name).map(|value| value / 1000)
}

/// A number with up to five places, where it is stated.
pub(crate) fn e5(node: &Node, name: &str) -> Option<i64> {
    parse(node.text_of(name)?)
}

pub(crate) fn parse(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.len() > 5 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places = 10_i64.pow(5 - u32::try_from(fraction.len()).ok()?);
    let part = if fraction.is_empty() { 0 } else { fraction.parse::<i64>().ok()? * places };
    let value = whole.parse::<u64>().ok()?;
    let value = i64::try_from(value).ok()?.checked_mul(100_000)?.checked_add(part)?;
    Some(if negative { -value } else { value })
}

/// `1234` as `12.34`.
pub(crate) fn amount(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let size = cents.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// With as many places as it needs.
pub(crate) fn number(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let text = format!("{sign}{}.{:05}", size / 100_000, size % 100_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{amount, number, parse};

    #[test]
    fn numbers_are_read_and_written() {
        for (text, value) in [("1", 100_000), ("-0.5", -50_000), ("+12.34567", 1_234_567), ("0.00001", 1)] {
            assert_eq!(parse(text), Some(value));
            assert_eq!(number(value), text.trim_start_matches('+'));
        }
        assert_eq!([parse(""), parse("1.234567"), parse("1,5"), parse("--1"), parse("1e3")], [None; 5]);
        assert_eq!([amount(1234), amount(-5), amount(0)], ["12.34", "-0.05", "0.00"]);
    }
}
