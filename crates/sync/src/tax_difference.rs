//! What becomes of an invoice for which QuickBooks computes another sales tax than the application did.
//!
//! QuickBooks computes the tax itself (qbxml.md section 11), and a cent of difference is normal. It is a person's to look at,
//! or the company accepts it up to a limit. It is never settled by money: no payment is ever applied by another amount.

use bookferry_qbxml::value::Amount;
use serde::{Deserialize, Serialize};

/// Written as `attention`, `accept`, or `accept 0.03`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaxDifference {
    /// Up to which difference an invoice counts as submitted; zero where a person looks at each.
    accepted_cents: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a difference in the tax is for attention, or is accepted from 0.01 up to {max}, not \u{201c}{given}\u{201d}; write \
     attention, accept, or accept 0.03",
    max = Amount::from_cents(TaxDifference::CENTS_MAX).unwrap_or_default()
)]
pub struct NotARule {
    given: String,
}

impl TaxDifference {
    /// What is more than this is no rounding.
    pub const CENTS_MAX: i64 = 100;
    /// What is accepted where no limit is given.
    pub const CENTS: i64 = 5;

    /// The most that is accepted, in hundred-thousandths.
    pub const fn accepted_e5(self) -> i64 {
        self.accepted_cents * 1_000
    }
}

impl std::fmt::Display for TaxDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.accepted_cents {
            0 => f.write_str("attention"),
            cents => write!(f, "accept {}", Amount::from_cents(cents).unwrap_or_default()),
        }
    }
}

impl std::str::FromStr for TaxDifference {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        let unreadable = || NotARule { given: text.trim().to_owned() };
        let accepted_cents = match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["attention"] => 0,
            ["accept"] => Self::CENTS,
            ["accept", limit] => {
                let limit: Amount = limit.parse().map_err(|_| unreadable())?;
                Some(limit.cents()).filter(|cents| (1..=Self::CENTS_MAX).contains(cents)).ok_or_else(unreadable)?
            }
            _ => return Err(unreadable()),
        };
        Ok(Self { accepted_cents })
    }
}

impl TryFrom<String> for TaxDifference {
    type Error = NotARule;

    fn try_from(text: String) -> Result<Self, NotARule> {
        text.parse()
    }
}

impl From<TaxDifference> for String {
    fn from(rule: TaxDifference) -> Self {
        rule.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_it_is_written() {
        for (text, written, accepted_e5) in [
            ("attention", "attention", 0),
            (" accept ", "accept 0.05", 5_000),
            ("accept 0.03", "accept 0.03", 3_000),
            ("accept 1", "accept 1.00", 100_000),
        ] {
            let rule: TaxDifference = text.parse().expect(text);
            assert_eq!((rule.to_string().as_str(), rule.accepted_e5()), (written, accepted_e5));
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        for refused in ["", "accept 0", "accept -0.01", "accept 1.01", "accept 0.001", "accept 0.03 more", "Accept all"]
        {
            assert!(refused.parse::<TaxDifference>().is_err(), "{refused}");
        }
        assert_eq!(TaxDifference::default().to_string(), "attention");
    }
}
