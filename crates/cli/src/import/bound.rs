//! A mapping bound to the columns of one file.

use std::borrow::Cow;

use csv::StringRecord;

use super::mapping::{AddressValues, ColumnRule, Letters, Mapping, MappingError};
use super::template::{Part, Value};

/// The templates of a mapping with their columns found.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) number: BoundValue,
    pub(crate) external_id: Option<BoundValue>,
    pub(crate) date: BoundValue,
    pub(crate) due_date: Option<BoundValue>,
    pub(crate) terms: Option<BoundValue>,
    pub(crate) customer: BoundValue,
    pub(crate) customer_external_id: Option<BoundValue>,
    pub(crate) customer_email: Option<BoundValue>,
    pub(crate) customer_phone: Option<BoundValue>,
    pub(crate) billing_address: BoundAddress,
    pub(crate) sales_tax: Option<(BoundValue, BoundValue)>,
    pub(crate) total: Option<BoundValue>,
    pub(crate) po_number: Option<BoundValue>,
    pub(crate) memo: Option<BoundValue>,
    pub(crate) currency: Option<BoundValue>,
    pub(crate) line: BoundLine,
}

#[derive(Debug)]
pub(crate) struct BoundAddress {
    pub(crate) line1: Option<BoundValue>,
    pub(crate) line2: Option<BoundValue>,
    pub(crate) line3: Option<BoundValue>,
    pub(crate) city: Option<BoundValue>,
    pub(crate) state: Option<BoundValue>,
    pub(crate) postal_code: Option<BoundValue>,
    pub(crate) country: Option<BoundValue>,
}

#[derive(Debug)]
pub(crate) struct BoundLine {
    pub(crate) item: Option<BoundValue>,
    pub(crate) description: Option<BoundValue>,
    pub(crate) quantity: Option<BoundValue>,
    pub(crate) rate: Option<BoundValue>,
    pub(crate) amount: Option<BoundValue>,
    pub(crate) taxable: Option<BoundValue>,
    pub(crate) class: Option<BoundValue>,
}

#[derive(Debug)]
pub(crate) struct BoundValue {
    parts: Vec<BoundPart>,
    default: Option<String>,
}

#[derive(Debug)]
enum BoundPart {
    Text(String),
    Column { index: usize, rule: ColumnRule },
}

impl Bound {
    pub(crate) fn new(mapping: &Mapping, header: &StringRecord) -> Result<Self, MappingError> {
        let columns = Columns { mapping, header };
        if let Some(column) = mapping.columns.keys().find(|column| columns.index(column).is_none()) {
            return Err(columns.missing(&format!("columns.{column}"), column));
        }
        let invoice = &mapping.invoice;
        let line = &mapping.line;
        Ok(Self {
            number: columns.bind("invoice.number", &invoice.number)?,
            external_id: columns.bind_option("invoice.external_id", invoice.external_id.as_ref())?,
            date: columns.bind("invoice.date", &invoice.date)?,
            due_date: columns.bind_option("invoice.due_date", invoice.due_date.as_ref())?,
            terms: columns.bind_option("invoice.terms", invoice.terms.as_ref())?,
            customer: columns.bind("invoice.customer", &invoice.customer)?,
            customer_external_id: columns
                .bind_option("invoice.customer_external_id", invoice.customer_external_id.as_ref())?,
            customer_email: columns.bind_option("invoice.customer_email", invoice.customer_email.as_ref())?,
            customer_phone: columns.bind_option("invoice.customer_phone", invoice.customer_phone.as_ref())?,
            billing_address: columns.bind_address(&invoice.billing_address)?,
            sales_tax: match &invoice.sales_tax {
                None => None,
                Some(tax) => Some((
                    columns.bind("invoice.sales_tax.item", &tax.item)?,
                    columns.bind("invoice.sales_tax.amount", &tax.amount)?,
                )),
            },
            total: columns.bind_option("invoice.total", invoice.total.as_ref())?,
            po_number: columns.bind_option("invoice.po_number", invoice.po_number.as_ref())?,
            memo: columns.bind_option("invoice.memo", invoice.memo.as_ref())?,
            currency: columns.bind_option("invoice.currency", invoice.currency.as_ref())?,
            line: BoundLine {
                item: columns.bind_option("line.item", line.item.as_ref())?,
                description: columns.bind_option("line.description", line.description.as_ref())?,
                quantity: columns.bind_option("line.quantity", line.quantity.as_ref())?,
                rate: columns.bind_option("line.rate", line.rate.as_ref())?,
                amount: columns.bind_option("line.amount", line.amount.as_ref())?,
                taxable: columns.bind_option("line.taxable", line.taxable.as_ref())?,
                class: columns.bind_option("line.class", line.class.as_ref())?,
            },
        })
    }
}

impl BoundValue {
    /// The text for one row; empty where a column is empty and there is no default.
    pub(crate) fn of<'a>(&'a self, row: &'a StringRecord) -> Cow<'a, str> {
        if let [BoundPart::Column { index, rule }] = self.parts.as_slice() {
            let cell = rule.clean(row.get(*index).unwrap_or_default());
            return if cell.is_empty() { self.fallback() } else { cell };
        }
        let mut text = String::new();
        for part in &self.parts {
            match part {
                BoundPart::Text(constant) => text.push_str(constant),
                BoundPart::Column { index, rule } => {
                    let cell = rule.clean(row.get(*index).unwrap_or_default());
                    if cell.is_empty() {
                        return self.fallback();
                    }
                    text.push_str(&cell);
                }
            }
        }
        Cow::Owned(text)
    }

    fn fallback(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.default.as_deref().unwrap_or_default())
    }
}

impl ColumnRule {
    fn clean<'a>(&self, cell: &'a str) -> Cow<'a, str> {
        let mut cell = cell.trim();
        if self.empty.iter().any(|empty| empty == cell) {
            return Cow::Borrowed("");
        }
        if let Some(prefix) = &self.strip_prefix {
            cell = cell.strip_prefix(prefix.as_str()).unwrap_or(cell);
        }
        if let Some(suffix) = &self.strip_suffix {
            cell = cell.strip_suffix(suffix.as_str()).unwrap_or(cell);
        }
        match self.letters {
            None => Cow::Borrowed(cell.trim()),
            Some(Letters::Upper) => Cow::Owned(cell.trim().to_uppercase()),
            Some(Letters::Lower) => Cow::Owned(cell.trim().to_lowercase()),
        }
    }
}

struct Columns<'a> {
    mapping: &'a Mapping,
    header: &'a StringRecord,
}

impl Columns<'_> {
    fn bind(&self, key: &str, value: &Value) -> Result<BoundValue, MappingError> {
        let part = |part: &Part| match part {
            Part::Text(text) => Ok(BoundPart::Text(text.clone())),
            Part::Column(column) => {
                let index = self.index(column).ok_or_else(|| self.missing(key, column))?;
                if self.header.iter().filter(|name| name.trim() == column).count() > 1 {
                    return Err(MappingError::Ambiguous { key: key.to_owned(), column: column.clone() });
                }
                let rule = self.mapping.columns.get(column).cloned().unwrap_or_default();
                Ok(BoundPart::Column { index, rule })
            }
        };
        let parts = value.parts.iter().map(part).collect::<Result<_, _>>()?;
        Ok(BoundValue { parts, default: value.default.clone() })
    }

    fn bind_option(&self, key: &str, value: Option<&Value>) -> Result<Option<BoundValue>, MappingError> {
        value.map(|value| self.bind(key, value)).transpose()
    }

    fn bind_address(&self, address: &AddressValues) -> Result<BoundAddress, MappingError> {
        let bind = |key: &str, value: &Option<Value>| {
            self.bind_option(&format!("invoice.billing_address.{key}"), value.as_ref())
        };
        Ok(BoundAddress {
            line1: bind("line1", &address.line1)?,
            line2: bind("line2", &address.line2)?,
            line3: bind("line3", &address.line3)?,
            city: bind("city", &address.city)?,
            state: bind("state", &address.state)?,
            postal_code: bind("postal_code", &address.postal_code)?,
            country: bind("country", &address.country)?,
        })
    }

    fn index(&self, column: &str) -> Option<usize> {
        self.header.iter().position(|name| name.trim() == column)
    }

    fn missing(&self, key: &str, column: &str) -> MappingError {
        let known = self.header.iter().map(str::trim).collect::<Vec<_>>().join(", ");
        MappingError::Column { key: key.to_owned(), column: column.to_owned(), known }
    }
}
