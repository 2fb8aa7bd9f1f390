use super::fault::Found;
use super::object::{Object, quote};

/// The record's currency: the company's own, or left out.
pub(super) fn read(record: &Object<'_>, home_currency: &str, found: &mut Found) -> Option<String> {
    let code = record.string("currency", found).value().filter(|code| !code.trim().is_empty())?;
    if code == home_currency {
        return Some(code.to_owned());
    }
    let capitals = code.to_ascii_uppercase();
    let is_known = |code: &str| code == home_currency || CODES.contains(&code);
    let (reason, message) = if is_known(code) {
        (
            "currency_not_supported",
            format!(
                "This company's books are kept in {home_currency}, and records in several currencies are not supported. \
                 Enter this one in QuickBooks by hand, or send it in {home_currency}."
            ),
        )
    } else if code.len() == 3 && is_known(&capitals) {
        ("unknown_currency", format!("Currency codes are written in capitals. Send {capitals:?}."))
    } else {
        (
            "unknown_currency",
            format!("{} is no currency code. Send the three letters of ISO 4217, here {home_currency:?}.", quote(code)),
        )
    };
    found.add(record.at("currency"), reason, message);
    None
}

/// ISO 4217, list one: the currencies in use, without metals, funds and test codes.
const CODES: [&str; 155] = [
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD", "BND",
    "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE",
    "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD",
    "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY",
    "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD",
    "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO",
    "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF",
    "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB",
    "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND",
    "VUV", "WST", "XAF", "XCD", "XCG", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
];
