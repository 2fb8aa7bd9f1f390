//! The mapping: what the columns of a CSV file stand for, as written in TOML.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Deserialize;

use super::derived_payment::unknown_placeholder;
use super::template::Value;

/// A mapping file. One row of the CSV is one line of a document; rows of the same number belong together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    #[serde(default)]
    pub(crate) file: FileForm,
    /// How the cells of a column are cleaned before anything else looks at them.
    #[serde(default)]
    pub(crate) columns: BTreeMap<String, ColumnRule>,
    pub(crate) invoice: InvoiceValues,
    pub(crate) line: LineValues,
    #[serde(default)]
    pub(crate) refuse: Refuse,
    #[serde(default)]
    pub(crate) payment: DerivedPayment,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct FileForm {
    pub(crate) delimiter: char,
    /// The character before the cents.
    pub(crate) decimal_mark: char,
    /// The character between thousands, dropped wherever a number is read.
    pub(crate) thousands_mark: Option<char>,
}

impl Default for FileForm {
    fn default() -> Self {
        Self { delimiter: ',', decimal_mark: '.', thousands_mark: None }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ColumnRule {
    pub(crate) strip_prefix: Option<String>,
    pub(crate) strip_suffix: Option<String>,
    /// Cells with one of these texts count as empty.
    pub(crate) empty: Vec<String>,
    pub(crate) letters: Option<Letters>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Letters {
    Upper,
    Lower,
}

/// What all rows of a document say alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvoiceValues {
    pub(crate) number: Value,
    /// By default the number itself.
    pub(crate) external_id: Option<Value>,
    pub(crate) date: Value,
    /// As strftime writes it; by default ISO 8601, with or without a time of day.
    pub(crate) date_format: Option<String>,
    pub(crate) due_date: Option<Value>,
    /// Days from the date to the due date, where there is no column for it.
    pub(crate) due_days: Option<u16>,
    pub(crate) terms: Option<Value>,
    pub(crate) customer: Value,
    pub(crate) customer_external_id: Option<Value>,
    pub(crate) customer_email: Option<Value>,
    pub(crate) customer_phone: Option<Value>,
    #[serde(default)]
    pub(crate) billing_address: AddressValues,
    pub(crate) sales_tax: Option<SalesTaxValues>,
    /// Where a column says the document's total, it must be the sum of the lines and the sales tax.
    pub(crate) total: Option<Value>,
    pub(crate) po_number: Option<Value>,
    pub(crate) memo: Option<Value>,
    pub(crate) currency: Option<Value>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressValues {
    pub(crate) line1: Option<Value>,
    pub(crate) line2: Option<Value>,
    pub(crate) line3: Option<Value>,
    pub(crate) city: Option<Value>,
    pub(crate) state: Option<Value>,
    pub(crate) postal_code: Option<Value>,
    pub(crate) country: Option<Value>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SalesTaxValues {
    pub(crate) item: Value,
    pub(crate) amount: Value,
}

/// What each row says for itself. Without `amount`, a line is worth `quantity × rate`, rounded to the cent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineValues {
    pub(crate) item: Option<Value>,
    pub(crate) description: Option<Value>,
    pub(crate) quantity: Option<Value>,
    pub(crate) rate: Option<Value>,
    pub(crate) amount: Option<Value>,
    pub(crate) taxable: Option<Value>,
    pub(crate) class: Option<Value>,
}

/// Which documents are no invoices. A document with a negative total is always refused: credit memos are not carried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Refuse {
    /// How a number begins, and the reason that is given for refusing it.
    pub(crate) number_prefix: BTreeMap<String, String>,
    pub(crate) negative_lines: bool,
    pub(crate) zero_total: bool,
}

impl Default for Refuse {
    fn default() -> Self {
        Self { number_prefix: BTreeMap::new(), negative_lines: true, zero_total: false }
    }
}

/// What `--derive-payments` makes of an invoice. Its templates know `{number}` and `{external_id}` of the invoice.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DerivedPayment {
    pub(crate) number: Value,
    pub(crate) external_id: Value,
    pub(crate) after_days: u16,
    pub(crate) method: Option<String>,
    pub(crate) deposit_to: Option<String>,
}

impl Default for DerivedPayment {
    fn default() -> Self {
        let template = |text: &str| Value::parse(text, None).expect("a constant template");
        Self {
            number: template("P-{number}"),
            external_id: template("payment-{external_id}"),
            after_days: 0,
            method: None,
            deposit_to: None,
        }
    }
}

/// Why a mapping cannot be used. The sentence names the key or the column.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MappingError {
    #[error("the mapping is not understood: {0}")]
    Toml(String),
    #[error("the mapping's `{key}` {fault}")]
    Key { key: &'static str, fault: String },
    #[error("the mapping's `{key}` names the column \"{column}\", and the file has only: {known}")]
    Column { key: String, column: String, known: String },
    #[error("the mapping's `{key}` names the column \"{column}\", which the file has twice")]
    Ambiguous { key: String, column: String },
}

impl Mapping {
    pub(crate) fn parse(text: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text).map_err(|error| MappingError::Toml(error.to_string()))?;
        mapping.check()?;
        Ok(mapping)
    }

    fn check(&self) -> Result<(), MappingError> {
        let fault = |key, fault: &str| Err(MappingError::Key { key, fault: fault.to_owned() });
        if !self.file.delimiter.is_ascii() {
            return fault("file.delimiter", "must be one ASCII character, such as \",\", \";\" or \"\\t\"");
        }
        if Some(self.file.decimal_mark) == self.file.thousands_mark {
            return fault("file.thousands_mark", "is the same as `file.decimal_mark`");
        }
        if self.line.amount.is_none() && (self.line.quantity.is_none() || self.line.rate.is_none()) {
            return fault("line", "needs either `amount`, or both `quantity` and `rate`");
        }
        if self.invoice.due_date.is_some() && self.invoice.due_days.is_some() {
            return fault("invoice.due_days", "stands beside `invoice.due_date`; keep one of them");
        }
        if let Some((key, name)) = unknown_placeholder(&self.payment) {
            return fault(key, &format!("knows {{number}} and {{external_id}}, but not {{{name}}}"));
        }
        if let Some(format) = &self.invoice.date_format
            && let Err(error) = jiff::fmt::strtime::format(format, &jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC))
        {
            return fault("invoice.date_format", &format!("is no format of strftime: {error}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Mapping;

    const LEAST: &str = r#"
        [invoice]
        number = "{No}"
        date = "{Date}"
        customer = "{Customer}"
        [line]
        amount = "{Amount}"
    "#;

    fn fault(text: &str) -> String {
        Mapping::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_least_mapping_is_enough() {
        let mapping = Mapping::parse(LEAST).unwrap();
        assert!(mapping.refuse.negative_lines);
        assert_eq!(mapping.file.delimiter, ',');
    }

    #[test]
    fn a_fault_names_its_key() {
        insta::assert_snapshot!(fault(&LEAST.replace("customer =", "custommer =")));
        insta::assert_snapshot!(fault(&LEAST.replace("number = \"{No}\"", "")));
        insta::assert_snapshot!(fault(&LEAST.replace("\"{Date}\"", "\"{Date\"")));
        insta::assert_snapshot!(fault(&LEAST.replace("\"{Date}\"", "{ template = \"{Date}\" }")));
        insta::assert_snapshot!(fault(&LEAST.replace("amount", "rate")));
        insta::assert_snapshot!(fault(&LEAST.replace("[line]", "date_format = \"%!\"\n[line]")));
    }
}
