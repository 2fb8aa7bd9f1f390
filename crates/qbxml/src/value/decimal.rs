use bookferry_xml::{Start, Writer};
use serde::{Deserialize, Serialize};

use crate::element::{Element, ReadError, Source};

/// One unit of the stored integers: all decimals of qbXML have at most five places.
const E5: i64 = 100_000;
const E5_PLACES: usize = 5;

/// Why a number is none that QuickBooks takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    #[error("this is not a decimal number")]
    Form,
    #[error("this has more than {0} decimal places")]
    Places(u32),
    #[error("this number is too large")]
    Range,
}

/// Declares a decimal: a whole number of hundred-thousandths, exact, sortable and summable.
macro_rules! decimal {
    ($(#[$meta:meta])* $name:ident, places: $places:literal, shown: $shown:literal, digits: $digits:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(i64);

        impl $name {
            pub const ZERO: Self = Self(0);
            pub const MAX: Self = Self(10_i64.pow($digits) * E5 - 10_i64.pow(5 - $places));

            /// From a number of hundred-thousandths.
            pub fn from_e5(value: i64) -> Result<Self, DecimalError> {
                if value % 10_i64.pow(5 - $places) != 0 {
                    return Err(DecimalError::Places($places));
                }
                if value.unsigned_abs() > Self::MAX.0.unsigned_abs() {
                    return Err(DecimalError::Range);
                }
                Ok(Self(value))
            }

            /// As a number of hundred-thousandths.
            pub const fn e5(self) -> i64 {
                self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = DecimalError;

            fn from_str(text: &str) -> Result<Self, DecimalError> {
                parse_e5(text, $places).and_then(Self::from_e5)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write_e5(self.0, $shown, f)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = DecimalError;

            fn try_from(text: String) -> Result<Self, DecimalError> {
                text.parse()
            }
        }

        impl Element for $name {
            fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
                Self::read_unless_blank(start, source)?.ok_or_else(|| source.bad_value(start, "it is blank"))
            }

            fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
                let text = source.reader.text()?;
                let text = text.trim();
                if text.is_empty() {
                    return Ok(None);
                }
                if $shown > 0 && source.is_strict() && !has_places(text, $shown) {
                    return Err(source.bad_value(start, "an amount has two decimal places or none"));
                }
                match text.parse() {
                    Ok(value) => Ok(Some(value)),
                    Err(error) => Err(source.bad_value(start, &DecimalError::to_string(&error))),
                }
            }

            fn write(&self, name: &str, out: &mut Writer) {
                out.value(name, self);
            }

            #[cfg(test)]
            fn sample(dice: &mut crate::tests::Dice) -> Self {
                let unit = 10_i64.pow(5 - $places);
                let magnitude = dice.number() % (Self::MAX.0 / unit + 1);
                let shortened = magnitude / 10_i64.pow(dice.below(16));
                Self(if dice.chance() { -shortened * unit } else { shortened * unit })
            }
        }
    };
}

decimal!(
    /// AMTTYPE: money, always with two places.
    Amount, places: 2, shown: 2, digits: 13
);
decimal!(
    /// PRICETYPE: the price of one, with up to five places.
    Price, places: 5, shown: 0, digits: 10
);
decimal!(
    /// QUANTYPE: how many, with up to five places.
    Quantity, places: 5, shown: 0, digits: 10
);
decimal!(
    /// PERCENTTYPE: per cent, with up to five places.
    Percent, places: 5, shown: 0, digits: 10
);

impl Amount {
    /// From a number of cents.
    pub fn from_cents(cents: i64) -> Result<Self, DecimalError> {
        cents.checked_mul(E5 / 100).ok_or(DecimalError::Range).and_then(Self::from_e5)
    }

    pub const fn cents(self) -> i64 {
        self.0 / (E5 / 100)
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).and_then(|sum| Self::from_e5(sum).ok())
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(|difference| Self::from_e5(difference).ok())
    }

    /// `quantity × rate`, rounded to the cent, halves away from zero.
    pub fn of(quantity: Quantity, rate: Price) -> Result<Self, DecimalError> {
        Self::rounded(i128::from(quantity.0) * i128::from(rate.0), i128::from(E5))
    }

    /// `percent` of this amount, rounded to the cent, halves away from zero.
    pub fn percent(self, percent: Percent) -> Result<Self, DecimalError> {
        Self::rounded(i128::from(self.0) * i128::from(percent.0), i128::from(E5) * 100)
    }

    /// Whether `quantity × rate` is this amount without rounding.
    pub fn is_exactly(self, quantity: Quantity, rate: Price) -> bool {
        i128::from(quantity.0) * i128::from(rate.0) == i128::from(self.0) * i128::from(E5)
    }

    /// `numerator / denominator` hundred-thousandths, rounded to the cent.
    fn rounded(numerator: i128, denominator: i128) -> Result<Self, DecimalError> {
        let cent = denominator * i128::from(E5 / 100);
        let half = if numerator < 0 { -cent / 2 } else { cent / 2 };
        let cents = i64::try_from((numerator + half) / cent).map_err(|_| DecimalError::Range)?;
        Self::from_cents(cents)
    }
}

/// QuickBooks takes an amount with exactly these decimal places or with no point at all.
fn has_places(text: &str, places: usize) -> bool {
    text.split_once('.').is_none_or(|(_, fraction)| fraction.len() == places)
}

fn parse_e5(text: &str, places_max: u32) -> Result<i64, DecimalError> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    let has_bare_point = digits.ends_with('.');
    if whole.is_empty() || has_bare_point || !is_number(whole) || !is_number(fraction) {
        return Err(DecimalError::Form);
    }
    if fraction.len() > places_max as usize {
        return Err(DecimalError::Places(places_max));
    }
    let whole: i64 = whole.parse().map_err(|_| DecimalError::Range)?;
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(E5_PLACES);
    let fraction = digits.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let value = whole.checked_mul(E5).and_then(|value| value.checked_add(fraction)).ok_or(DecimalError::Range)?;
    Ok(if negative { -value } else { value })
}

/// With at least `places_min` decimal places and no trailing zeros beyond them.
fn write_e5(value: i64, places_min: usize, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let magnitude = value.unsigned_abs();
    let (whole, mut fraction) = (magnitude / E5.unsigned_abs(), magnitude % E5.unsigned_abs());
    let mut places = E5_PLACES;
    while places > places_min && fraction.is_multiple_of(10) {
        fraction /= 10;
        places -= 1;
    }
    let sign = if value < 0 { "-" } else { "" };
    if places == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{fraction:0places$}") }
}

/// FLOATTYPE: a decimal of any precision, kept as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExchangeRate(String);

impl ExchangeRate {
    /// `None` for a text that is not a decimal number.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        is_decimal(&text).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Element for ExchangeRate {
    fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
        Self::read_unless_blank(start, source)?.ok_or_else(|| source.bad_value(start, "it is blank"))
    }

    fn read_unless_blank(start: &Start<'_>, source: &mut Source<'_>) -> Result<Option<Self>, ReadError> {
        let text = source.reader.text()?;
        match text.trim() {
            "" => Ok(None),
            text => Self::new(text).map(Some).ok_or_else(|| source.bad_value(start, "not a decimal number")),
        }
    }

    fn write(&self, name: &str, out: &mut Writer) {
        out.element(name, &self.0);
    }

    #[cfg(test)]
    fn sample(dice: &mut crate::tests::Dice) -> Self {
        Self(format!("{}.{:07}", dice.below(100), dice.below(10_000_000)))
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number(whole) && is_number(fraction)
}
