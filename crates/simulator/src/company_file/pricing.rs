//! The arithmetic of lines and of sales tax. It is our own on purpose, not that of the message types: a second opinion.

/// One hundred-thousandth is the unit of quantities, rates and per cents; amounts are in cents.
const E5: i128 = 100_000;

/// What an item does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Something sold, for so much unless the line says otherwise.
    Sale { rate: Option<i64> },
    /// Takes off a sum or a part of the line above.
    Discount { rate: Option<i64>, percent: Option<i64> },
    /// Sums up the lines since the last subtotal.
    Subtotal,
    /// Only text.
    Text,
}

/// What a line states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stated {
    pub(crate) quantity: Option<i64>,
    pub(crate) rate: Option<i64>,
    pub(crate) rate_percent: Option<i64>,
    pub(crate) amount: Option<i64>,
}

/// What the line comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Priced {
    pub(crate) quantity: Option<i64>,
    pub(crate) rate: Option<i64>,
    pub(crate) rate_percent: Option<i64>,
    /// `None` for a line of text.
    pub(crate) amount: Option<i64>,
    /// Whether the amount is part of the document's total; a subtotal only repeats what stands above.
    pub(crate) counts: bool,
    /// Rate and amount were both given, so that the rate did not count.
    pub(crate) rate_was_ignored: bool,
}

/// The lines so far, for those that refer to what is above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Above {
    line: i64,
    since_subtotal: i64,
}

/// A number that is too large for QuickBooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge;

impl Above {
    /// Prices the next line (qbXML notes, section 10.1): quantity × rate rounded to the cent, or the amount as stated.
    pub(crate) fn price(&mut self, effect: Effect, stated: Stated) -> Result<Priced, TooLarge> {
        let priced = match effect {
            Effect::Sale { rate } => sale(rate, stated, self.line)?,
            Effect::Discount { rate, percent } => discount(rate, percent, stated, self.line)?,
            Effect::Subtotal => Priced { amount: Some(self.since_subtotal), ..Priced::default() },
            Effect::Text => Priced { quantity: stated.quantity, ..Priced::default() },
        };
        if effect == Effect::Subtotal {
            *self = Self { line: self.since_subtotal, since_subtotal: 0 };
        } else if let Some(amount) = priced.amount {
            self.line = amount;
            self.since_subtotal = self.since_subtotal.checked_add(amount).ok_or(TooLarge)?;
        }
        Ok(priced)
    }
}

fn sale(default_rate: Option<i64>, stated: Stated, above: i64) -> Result<Priced, TooLarge> {
    let quantity = stated.quantity;
    if let Some(amount) = stated.amount {
        let rate = match quantity {
            Some(quantity) if quantity != 0 => Some(rate_of(amount, quantity)?),
            Some(_) | None => None,
        };
        let rate_was_ignored = stated.rate.is_some() || stated.rate_percent.is_some();
        let amount = Some(amount);
        return Ok(Priced { quantity, rate, amount, counts: true, rate_was_ignored, ..Priced::default() });
    }
    if let Some(percent) = stated.rate_percent {
        let amount = Some(percent_of(above, percent)?);
        return Ok(Priced { quantity, rate_percent: Some(percent), amount, counts: true, ..Priced::default() });
    }
    let rate = stated.rate.or(default_rate);
    let amount = Some(product(quantity.unwrap_or(E5 as i64), rate.unwrap_or(0))?);
    Ok(Priced { quantity, rate, amount, counts: true, ..Priced::default() })
}

/// A discount is negative however it is written.
fn discount(
    default_rate: Option<i64>,
    default_percent: Option<i64>,
    stated: Stated,
    above: i64,
) -> Result<Priced, TooLarge> {
    let takes_off = |amount: i64| Some(-amount.abs());
    let priced = Priced { counts: true, ..Priced::default() };
    if let Some(amount) = stated.amount {
        let rate_was_ignored = stated.rate.is_some() || stated.rate_percent.is_some();
        return Ok(Priced { amount: takes_off(amount), rate_was_ignored, ..priced });
    }
    let (rate, percent) = match (stated.rate, stated.rate_percent) {
        (None, None) => (default_rate, default_percent),
        stated => stated,
    };
    if let Some(percent) = percent {
        let percent = -percent.abs();
        return Ok(Priced { rate_percent: Some(percent), amount: Some(percent_of(above, percent)?), ..priced });
    }
    let rate = -rate.unwrap_or(0).abs();
    Ok(Priced { rate: Some(rate), amount: Some(product(E5 as i64, rate)?), ..priced })
}

/// The sales tax on the taxable amount of a whole document, in cents.
pub(crate) fn tax(taxable: i64, percent: i64) -> Result<i64, TooLarge> {
    percent_of(taxable, percent)
}

fn product(quantity: i64, rate: i64) -> Result<i64, TooLarge> {
    rounded(i128::from(quantity) * i128::from(rate), E5 * E5 / 100)
}

fn percent_of(amount: i64, percent: i64) -> Result<i64, TooLarge> {
    rounded(i128::from(amount) * i128::from(percent), E5 * 100)
}

/// The rate that gives the amount, with five places.
fn rate_of(amount: i64, quantity: i64) -> Result<i64, TooLarge> {
    rounded(i128::from(amount) * (E5 / 100) * E5, i128::from(quantity))
}

/// Halves away from zero.
fn rounded(numerator: i128, denominator: i128) -> Result<i64, TooLarge> {
    let (numerator, denominator) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let half = if numerator < 0 { -(denominator / 2) } else { denominator / 2 };
    i64::try_from((numerator + half) / denominator).map_err(|_| TooLarge)
}

#[cfg(test)]
mod tests {
    use super::{Above, Effect, Priced, Stated, tax};

    const SALE: Effect = Effect::Sale { rate: Some(1_250_000) };

    fn priced(effect: Effect, stated: Stated) -> Priced {
        Above::default().price(effect, stated).unwrap()
    }

    #[test]
    fn quantity_times_rate_is_rounded_to_the_cent() {
        let cases = [
            (150_000, 333_333, 500), // 1.5 × 3.33333
            (100_000, 500, 1),       // 1 × 0.005, half a cent
            (-100_000, 500, -1),
            (300_000, 33_333, 100), // 3 × 0.33333
            (100_000, 499, 0),
        ];
        for (quantity, rate, amount) in cases {
            let line = priced(SALE, Stated { quantity: Some(quantity), rate: Some(rate), ..Stated::default() });
            assert_eq!(line.amount, Some(amount), "{quantity} × {rate}");
        }
    }

    #[test]
    fn the_item_s_own_rate_stands_in_and_one_is_sold() {
        assert_eq!(priced(SALE, Stated::default()).amount, Some(1250));
    }

    #[test]
    fn with_an_amount_the_rate_is_computed_or_ignored() {
        let line = priced(SALE, Stated { quantity: Some(300_000), amount: Some(1000), ..Stated::default() });
        assert_eq!((line.rate, line.amount, line.rate_was_ignored), (Some(333_333), Some(1000), false));
        let line = priced(SALE, Stated { rate: Some(1), amount: Some(1000), ..Stated::default() });
        assert_eq!((line.rate, line.amount, line.rate_was_ignored), (None, Some(1000), true));
    }

    #[test]
    fn a_subtotal_sums_what_is_above_and_a_discount_takes_a_part_of_it() {
        let mut above = Above::default();
        let amount = |cents| Stated { amount: Some(cents), ..Stated::default() };
        for cents in [1000, 2000] {
            above.price(SALE, amount(cents)).unwrap();
        }
        let subtotal = above.price(Effect::Subtotal, Stated::default()).unwrap();
        assert_eq!((subtotal.amount, subtotal.counts), (Some(3000), false));
        let ten_percent = Effect::Discount { rate: None, percent: Some(1_000_000) };
        assert_eq!(above.price(ten_percent, Stated::default()).unwrap().amount, Some(-300));
        assert_eq!(above.price(Effect::Subtotal, Stated::default()).unwrap().amount, Some(-300));
    }

    #[test]
    fn tax_is_rounded_once_halves_away_from_zero() {
        assert_eq!(tax(25_000, 800_000), Ok(2000));
        assert_eq!(tax(10_050, 825_000), Ok(829)); // 829.125
        assert_eq!(tax(50, 700_000), Ok(4)); // 3.5
        assert_eq!(tax(-50, 700_000), Ok(-4));
    }

    #[test]
    fn what_is_too_large_is_said_so() {
        let huge = Stated { quantity: Some(i64::MAX), rate: Some(i64::MAX), ..Stated::default() };
        assert!(Above::default().price(SALE, huge).is_err());
    }
}
