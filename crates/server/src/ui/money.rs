//! Numbers as people read them.

use bookferry_store::RecordLine;
use bookferry_sync::record::DEFAULT_CURRENCY;

/// An amount in hundred-thousandths, with two decimals (more where there are more) and thousands apart.
pub(super) fn amount(e5: i64) -> String {
    let sign = if e5 < 0 { "-" } else { "" };
    let magnitude = e5.unsigned_abs();
    let fraction = format!("{:05}", magnitude % 100_000);
    let fraction = if fraction.ends_with("000") { fraction.get(..2).unwrap_or("") } else { fraction.as_str() };
    format!("{sign}{}.{fraction}", count(magnitude / 100_000))
}

/// A sum, in the currency that is carried.
pub(super) fn sum(e5: i64) -> String {
    let amount = amount(e5);
    match amount.strip_prefix('-') {
        Some(amount) => format!("-${amount}"),
        None => format!("${amount}"),
    }
}

/// The amount of a record; another currency than the usual one is named.
pub(super) fn of(line: &RecordLine) -> String {
    let amount = amount(line.amount.e5());
    if line.currency == DEFAULT_CURRENCY { amount } else { format!("{} {amount}", line.currency) }
}

/// "4,312".
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// "1 record", "4,312 records".
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::{amount, count, sum};

    #[test]
    fn money_is_exact_and_easy_to_read() {
        let told = [0, 100_000, 27_000_000, -123_450_000_000, 12_345, i64::MIN].map(amount);
        assert_eq!(told, ["0.00", "1.00", "270.00", "-1,234,500.00", "0.12345", "-92,233,720,368,547.75808"]);
        assert_eq!([sum(123_456_000), sum(-50_000)], ["$1,234.56", "-$0.50"]);
        assert_eq!([0, 999, 1_000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
    }
}
