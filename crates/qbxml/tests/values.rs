//! Numbers are exact; texts fit or are refused.

use bookferry_qbxml::value::{
    Amount, DecimalError, Line, Name, Percent, Price, Quantity, Text, TextError, transliterate,
};
use proptest::prelude::*;

proptest! {
    #[test]
    fn decimals_read_back_as_they_were_written(e5 in -100_000_000_000_000_i64..100_000_000_000_000) {
        let price = Price::from_e5(e5).unwrap();
        prop_assert_eq!(price.to_string().parse::<Price>(), Ok(price));
        prop_assert_eq!(serde_json::from_str::<Price>(&serde_json::to_string(&price).unwrap()).unwrap(), price);
        let amount = Amount::from_cents(e5).unwrap();
        prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        prop_assert_eq!(amount.cents(), e5);
    }

    /// Against long multiplication in cents, halves away from zero.
    #[test]
    fn quantity_times_rate_is_rounded_to_the_cent(quantity in -10_i64.pow(12)..10_i64.pow(12), rate in any::<i32>()) {
        let product = i128::from(quantity) * i128::from(rate);
        let unit = 10_i128.pow(8);
        let (cents, rest) = (product.abs() / unit, product.abs() % unit);
        let rounded = (cents + i128::from(rest * 2 >= unit)) * product.signum();
        let quantity = Quantity::from_e5(quantity).unwrap();
        let rate = Price::from_e5(i64::from(rate)).unwrap();
        let fits = rounded.abs() < 10_i128.pow(15);
        match Amount::of(quantity, rate) {
            Ok(amount) => {
                prop_assert_eq!(i128::from(amount.cents()), rounded);
                prop_assert_eq!(amount.is_exactly(quantity, rate), rest == 0);
            }
            Err(error) => {
                prop_assert_eq!(error, DecimalError::Range);
                prop_assert!(!fits);
            }
        }
    }

    #[test]
    fn transliterated_text_fits(text in any::<String>()) {
        let result = transliterate(&text);
        let fits = Text::<{ usize::MAX }>::new("Memo", result.text.clone()).is_ok();
        prop_assert!(fits);
        prop_assert_eq!(transliterate(&result.text).replaced, Vec::new());
        prop_assert_eq!(result.replaced.is_empty(), result.text == text);
    }

    #[test]
    fn parsing_never_panics(text in any::<String>()) {
        let _ = (text.parse::<Amount>(), text.parse::<Percent>());
    }
}

#[test]
fn numbers_have_their_limits() {
    assert_eq!("9999999999999.99".parse::<Amount>(), Ok(Amount::MAX));
    assert_eq!("10000000000000.00".parse::<Amount>(), Err(DecimalError::Range));
    assert_eq!("-9999999999.99999".parse::<Price>().unwrap().to_string(), "-9999999999.99999");
    assert_eq!("1.005".parse::<Amount>(), Err(DecimalError::Places(2)));
    for text in ["", "1.", ".5", "1,0", "1e3", "--1", "\u{0661}"] {
        assert_eq!(text.parse::<Price>(), Err(DecimalError::Form), "{text}");
    }
}

#[test]
fn texts_fit_or_say_which_field_does_not() {
    assert_eq!(
        Line::<11>::new("RefNumber", "123456789012"),
        Err(TextError::TooLong { field: "RefNumber", length: 12, length_max: 11 })
    );
    assert!(Line::<11>::new("RefNumber", "\u{fc}".repeat(11)).is_ok());
    assert_eq!(Line::<41>::new("Addr1", "a\nb"), Err(TextError::LineBreak { field: "Addr1" }));
    assert!(Text::<41>::new("Memo", "a\nb").is_ok());
    let character = |character| Err(TextError::Character { field: "Memo", character });
    assert_eq!(Text::<41>::new("Memo", "5 \u{20ac}"), character('\u{20ac}'));
    assert_eq!(Text::<41>::new("Memo", "a\r\nb"), character('\r'));
    assert_eq!(Name::<41>::new("Name", "Ada:Job"), Err(TextError::Colon { field: "Name" }));
    assert_eq!(Name::<41>::new("Name", " Ada"), Err(TextError::OuterBlank { field: "Name" }));
    assert_eq!(Name::<41>::new("Name", " "), Err(TextError::Empty { field: "Name" }));
}
