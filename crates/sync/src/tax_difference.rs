//! What becomes of an invoice for which QuickBooks computes another sales tax than the application did.
//!
//! QuickBooks computes the tax itself (qbxml.md section 11), and a cent of difference is normal. It is a person's to look at,
//! or the company accepts it up to a limit, or has a line of the invoice make up for it. It is never settled by money: no payment is ever applied by another amount.

use bookferry_qbxml::value::Amount;
use serde::{Deserialize, Serialize};

/// Written as `attention`, `accept`, `accept 0.03`, `adjust Rounding`, or `adjust 0.03 Rounding`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TaxDifference {
    /// A person looks at each.
    #[default]
    Attention,
    /// Up to so many cents the invoice counts as submitted.
    Accept { cents: i64 },
    /// Up to so many cents a line to this item, not taxed, brings the invoice to the application's total.
    Adjust { cents: i64, item: String },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a difference in the tax is for attention, or is accepted or adjusted from 0.01 up to {max}, not \u{201c}{given}\u{201d}; \
     write attention, accept, accept 0.03, or adjust 0.03 with the name of an item",
    max = Amount::from_cents(TaxDifference::CENTS_MAX).unwrap_or_default()
)]
pub struct NotARule {
    given: String,
}

impl TaxDifference {
    /// What is more than this is no rounding.
    pub const CENTS_MAX: i64 = 100;
    /// What is accepted or adjusted where no limit is given.
    pub const CENTS: i64 = 5;
    /// The longest full name of an item: five levels of 31 characters, and the colons between them.
    pub(crate) const ITEM_CHARACTERS_MAX: usize = 159;

    /// The most that is accepted, in hundred-thousandths.
    pub(crate) const fn accepted_e5(&self) -> i64 {
        match self {
            Self::Accept { cents } => *cents * 1_000,
            Self::Attention | Self::Adjust { .. } => 0,
        }
    }

    /// The adjusting item, and the most that is brought to it, in hundred-thousandths.
    pub fn adjusting(&self) -> Option<(&str, i64)> {
        match self {
            Self::Adjust { cents, item } => Some((item, *cents * 1_000)),
            Self::Attention | Self::Accept { .. } => None,
        }
    }
}

impl std::fmt::Display for TaxDifference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let amount = |cents: &i64| Amount::from_cents(*cents).unwrap_or_default();
        match self {
            Self::Attention => f.write_str("attention"),
            Self::Accept { cents } => write!(f, "accept {}", amount(cents)),
            Self::Adjust { cents, item } => write!(f, "adjust {} {item}", amount(cents)),
        }
    }
}

impl std::str::FromStr for TaxDifference {
    type Err = NotARule;

    fn from_str(text: &str) -> Result<Self, NotARule> {
        let unreadable = || NotARule { given: text.trim().to_owned() };
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["attention"] => Ok(Self::Attention),
            ["accept"] => Ok(Self::Accept { cents: Self::CENTS }),
            ["accept", limit] => Ok(Self::Accept { cents: cents(limit).ok_or_else(unreadable)? }),
            ["adjust", words @ ..] => {
                let (limit, words) = match words {
                    [limit, rest @ ..] if limit.parse::<Amount>().is_ok() && !rest.is_empty() => (Some(limit), rest),
                    words => (None, words),
                };
                let cents = limit.map_or(Some(Self::CENTS), |limit| cents(limit)).ok_or_else(unreadable)?;
                let item = words.join(" ");
                let is_a_name = (1..=Self::ITEM_CHARACTERS_MAX).contains(&item.chars().count());
                if is_a_name { Ok(Self::Adjust { cents, item }) } else { Err(unreadable()) }
            }
            _ => Err(unreadable()),
        }
    }
}

fn cents(limit: &str) -> Option<i64> {
    let limit: Amount = limit.parse().ok()?;
    Some(limit.cents()).filter(|cents| (1..=TaxDifference::CENTS_MAX).contains(cents))
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
            ("adjust Rounding", "adjust 0.05 Rounding", 0),
            ("adjust 0.01 Fees:Sales tax", "adjust 0.01 Fees:Sales tax", 0),
            ("adjust 5", "adjust 0.05 5", 0),
            ("attention", "attention", 0),
            (" accept ", "accept 0.05", 5_000),
            ("accept 0.03", "accept 0.03", 3_000),
            ("accept 1", "accept 1.00", 100_000),
        ] {
            let rule: TaxDifference = text.parse().expect(text);
            assert_eq!((rule.to_string().as_str(), rule.accepted_e5()), (written, accepted_e5));
            assert_eq!(rule.to_string().parse(), Ok(rule));
        }
        for refused in [
            "",
            "accept 0",
            "accept -0.01",
            "accept 1.01",
            "accept 0.001",
            "accept 0.03 more",
            "Accept all",
            "adjust",
            "adjust 2.00 Rounding",
        ] {
            assert!(refused.parse::<TaxDifference>().is_err(), "{refused}");
        }
        assert_eq!(TaxDifference::default().to_string(), "attention");
        let rule: TaxDifference = "adjust 0.02 Fees:Sales  tax".parse().expect("a rule");
        assert_eq!(rule.adjusting(), Some(("Fees:Sales tax", 2_000)));
    }
}
