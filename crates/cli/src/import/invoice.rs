//! From the rows of a document to an invoice, or to the reason why it is none.

use csv::StringRecord;
use jiff::ToSpan;
use jiff::civil::Date;

use bookferry_qbxml::value::{Amount, DecimalError, Price, Quantity};
use bookferry_sync::record::{Address, Customer, Invoice, Line, SalesTax};

use super::bound::{Bound, BoundAddress, BoundValue};
use super::document::{Document, Row};
use super::mapping::{FileForm, Mapping};
use super::refusal::{Reason, Refusal};

/// An invoice and the name by which it is known when it comes again.
#[derive(Debug)]
pub(crate) struct NamedInvoice {
    pub(crate) external_id: String,
    pub(crate) invoice: Invoice,
}

/// Makes invoices by one mapping.
pub(crate) struct InvoiceMaker<'a> {
    pub(crate) mapping: &'a Mapping,
    pub(crate) bound: &'a Bound,
}

impl InvoiceMaker<'_> {
    /// The first fault found is the reason; a document is taken whole or not at all.
    pub(crate) fn make(&self, document: &Document) -> Result<NamedInvoice, Refusal> {
        self.refuse_early(document)?;
        let head = Head { rows: &document.rows };
        let bound = self.bound;
        let lines = self.lines(document)?;
        let sales_tax = self.sales_tax(&head)?;
        let total = self.total(&head, &lines, sales_tax.as_ref())?;
        let date = self.date(&head, "date", &bound.date)?;
        let date = date.ok_or_else(|| Refusal::new(Reason::Date, "the date is empty"))?;
        let external_id = head.text("external_id", bound.external_id.as_ref())?;
        let invoice = Invoice {
            number: document.number.clone(),
            created_at: None,
            date,
            due_date: self.due_date(&head, date)?,
            terms: head.text("terms", bound.terms.as_ref())?,
            customer: self.customer(&head)?,
            lines,
            sales_tax,
            total,
            po_number: head.text("po_number", bound.po_number.as_ref())?,
            memo: head.text("memo", bound.memo.as_ref())?,
            currency: head.text("currency", bound.currency.as_ref())?,
        };
        Ok(NamedInvoice { external_id: external_id.unwrap_or_else(|| document.number.clone()), invoice })
    }

    /// What the document is worth as far as its numbers can be read: for the sums of what was refused.
    pub(crate) fn cents_readable(&self, document: &Document) -> i128 {
        let line_cents = |row: &Row| self.line_amount(row).map_or(0, |amount| i128::from(amount.cents()));
        let tax = self.sales_tax(&Head { rows: &document.rows }).ok().flatten();
        document.rows.iter().map(line_cents).sum::<i128>() + tax.map_or(0, |tax| i128::from(tax.amount.cents()))
    }

    fn refuse_early(&self, document: &Document) -> Result<(), Refusal> {
        if let Some(row) = document.rows.iter().find(|row| row.is_damaged) {
            let detail = format!("line {} has {} cells, not as many as the header", row.line, row.cells.len());
            return Err(Refusal::new(Reason::Damaged, detail));
        }
        if document.number.is_empty() {
            return Err(Refusal::new(Reason::NoNumber, "the number is empty"));
        }
        for (prefix, reason) in &self.mapping.refuse.number_prefix {
            if document.number.starts_with(prefix.as_str()) {
                return Err(Refusal::new(Reason::NumberPrefix(reason.clone()), format!("begins with {prefix}")));
            }
        }
        Ok(())
    }

    fn lines(&self, document: &Document) -> Result<Vec<Line>, Refusal> {
        document.rows.iter().map(|row| self.line(row)).collect()
    }

    fn line(&self, row: &Row) -> Result<Line, Refusal> {
        let amount = self.line_amount(row)?;
        if amount < Amount::ZERO && self.mapping.refuse.negative_lines {
            return Err(Refusal::new(Reason::NegativeLine, format!("line {}: {amount}", row.line)));
        }
        let line = &self.bound.line;
        let quantity: Option<Quantity> = self.number(row, "quantity", line.quantity.as_ref())?;
        if quantity < Some(Quantity::ZERO) && quantity.is_some() && self.mapping.refuse.negative_lines {
            return Err(Refusal::new(Reason::NegativeLine, format!("line {}: a negative quantity", row.line)));
        }
        Ok(Line {
            item: optional(line.item.as_ref(), &row.cells),
            description: optional(line.description.as_ref(), &row.cells),
            quantity,
            rate: self.number(row, "rate", line.rate.as_ref())?,
            amount,
            taxable: truth(row, line.taxable.as_ref())?,
            class: optional(line.class.as_ref(), &row.cells),
        })
    }

    fn line_amount(&self, row: &Row) -> Result<Amount, Refusal> {
        let line = &self.bound.line;
        if line.amount.is_some() {
            let amount: Option<Amount> = self.number(row, "amount", line.amount.as_ref())?;
            return amount.ok_or_else(|| empty(row, "amount"));
        }
        let quantity: Option<Quantity> = self.number(row, "quantity", line.quantity.as_ref())?;
        let rate: Option<Price> = self.number(row, "rate", line.rate.as_ref())?;
        let quantity = quantity.ok_or_else(|| empty(row, "quantity"))?;
        let rate = rate.ok_or_else(|| empty(row, "rate"))?;
        Amount::of(quantity, rate)
            .map_err(|error| Refusal::new(Reason::TooLarge, format!("line {}: quantity × rate: {error}", row.line)))
    }

    fn number<N>(&self, row: &Row, key: &str, value: Option<&BoundValue>) -> Result<Option<N>, Refusal>
    where
        N: std::str::FromStr<Err = DecimalError>,
    {
        let Some(value) = value else { return Ok(None) };
        let text = value.of(&row.cells);
        if text.is_empty() {
            return Ok(None);
        }
        let plain = plain_number(&text, &self.mapping.file);
        plain.parse().map(Some).map_err(|error| {
            Refusal::new(Reason::Number, format!("line {}: {key} \"{}\": {error}", row.line, shortened(&text)))
        })
    }

    fn sales_tax(&self, head: &Head<'_>) -> Result<Option<SalesTax>, Refusal> {
        let Some((item, amount)) = &self.bound.sales_tax else { return Ok(None) };
        let Some(item) = head.text("sales_tax.item", Some(item))? else { return Ok(None) };
        head.text("sales_tax.amount", Some(amount))?;
        let Some(first) = head.rows.first() else { return Ok(None) };
        let amount: Option<Amount> = self.number(first, "sales_tax.amount", Some(amount))?;
        Ok(amount.map(|amount| SalesTax { item, amount }))
    }

    fn total(&self, head: &Head<'_>, lines: &[Line], sales_tax: Option<&SalesTax>) -> Result<Amount, Refusal> {
        let amounts = lines.iter().map(|line| line.amount).chain(sales_tax.map(|tax| tax.amount));
        let total = amounts
            .into_iter()
            .try_fold(Amount::ZERO, Amount::checked_add)
            .ok_or_else(|| Refusal::new(Reason::TooLarge, "the sum of the lines"))?;
        head.text("total", self.bound.total.as_ref())?;
        if let Some(first) = head.rows.first()
            && let Some(said) = self.number::<Amount>(first, "total", self.bound.total.as_ref())?
            && said != total
        {
            return Err(Refusal::new(Reason::Total, format!("the lines make {total}, the file says {said}")));
        }
        if total < Amount::ZERO {
            return Err(Refusal::new(Reason::NegativeTotal, format!("the total is {total}")));
        }
        if total == Amount::ZERO && self.mapping.refuse.zero_total {
            return Err(Refusal::new(Reason::ZeroTotal, "every line is free, or the lines cancel out"));
        }
        Ok(total)
    }

    fn due_date(&self, head: &Head<'_>, date: Date) -> Result<Option<Date>, Refusal> {
        match (&self.bound.due_date, self.mapping.invoice.due_days) {
            (Some(due_date), _) => self.date(head, "due_date", due_date),
            (None, Some(days)) => Ok(date.checked_add(i64::from(days).days()).ok()),
            (None, None) => Ok(None),
        }
    }

    /// Compares dates, not texts: the rows of a document may differ in the time of day.
    fn date(&self, head: &Head<'_>, key: &str, value: &BoundValue) -> Result<Option<Date>, Refusal> {
        let mut found: Option<Date> = None;
        for row in head.rows {
            let text = value.of(&row.cells);
            if text.is_empty() {
                continue;
            }
            let date = parse_date(&text, self.mapping.invoice.date_format.as_deref()).ok_or_else(|| {
                Refusal::new(Reason::Date, format!("line {}: {key} \"{}\"", row.line, shortened(&text)))
            })?;
            if let Some(earlier) = found.filter(|&earlier| earlier != date) {
                return Err(disagreement(key, row, &earlier.to_string(), &date.to_string()));
            }
            found = Some(date);
        }
        Ok(found)
    }

    fn customer(&self, head: &Head<'_>) -> Result<Customer, Refusal> {
        let bound = self.bound;
        Ok(Customer {
            name: head.text("customer", Some(&bound.customer))?.unwrap_or_default(),
            external_id: head.text("customer_external_id", bound.customer_external_id.as_ref())?,
            email: head.text("customer_email", bound.customer_email.as_ref())?,
            phone: head.text("customer_phone", bound.customer_phone.as_ref())?,
            billing_address: address(head, &bound.billing_address)?,
        })
    }
}

/// What all rows of a document must say alike; rows where it is empty do not contradict.
struct Head<'a> {
    rows: &'a [Row],
}

impl Head<'_> {
    fn text(&self, key: &str, value: Option<&BoundValue>) -> Result<Option<String>, Refusal> {
        let Some(value) = value else { return Ok(None) };
        let mut found: Option<std::borrow::Cow<'_, str>> = None;
        for row in self.rows {
            let text = value.of(&row.cells);
            if text.is_empty() {
                continue;
            }
            match &found {
                Some(earlier) if *earlier != text => return Err(disagreement(key, row, earlier, &text)),
                Some(_) => {}
                None => found = Some(text),
            }
        }
        Ok(found.map(std::borrow::Cow::into_owned))
    }
}

fn address(head: &Head<'_>, bound: &BoundAddress) -> Result<Option<Address>, Refusal> {
    let address = Address {
        line1: head.text("billing_address.line1", bound.line1.as_ref())?,
        line2: head.text("billing_address.line2", bound.line2.as_ref())?,
        line3: head.text("billing_address.line3", bound.line3.as_ref())?,
        city: head.text("billing_address.city", bound.city.as_ref())?,
        state: head.text("billing_address.state", bound.state.as_ref())?,
        postal_code: head.text("billing_address.postal_code", bound.postal_code.as_ref())?,
        country: head.text("billing_address.country", bound.country.as_ref())?,
    };
    Ok((address != Address::default()).then_some(address))
}

fn optional(value: Option<&BoundValue>, row: &StringRecord) -> Option<String> {
    value.map(|value| value.of(row)).filter(|text| !text.is_empty()).map(std::borrow::Cow::into_owned)
}

fn truth(row: &Row, value: Option<&BoundValue>) -> Result<Option<bool>, Refusal> {
    let Some(text) = optional(value, &row.cells) else { return Ok(None) };
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "tax" | "taxable" => Ok(Some(true)),
        "false" | "no" | "n" | "0" | "non" | "nontaxable" => Ok(Some(false)),
        _ => Err(Refusal::new(
            Reason::Damaged,
            format!("line {}: taxable \"{}\" is neither yes nor no", row.line, shortened(&text)),
        )),
    }
}

/// ISO 8601 with or without a time of day, where the mapping gives no format.
fn parse_date(text: &str, format: Option<&str>) -> Option<Date> {
    match format {
        Some(format) => jiff::fmt::strtime::parse(format, text).and_then(|time| time.to_date()).ok(),
        None => text.parse().ok(),
    }
}

fn plain_number<'a>(text: &'a str, form: &FileForm) -> std::borrow::Cow<'a, str> {
    if form.decimal_mark == '.' && form.thousands_mark.is_none() {
        return std::borrow::Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|&character| Some(character) != form.thousands_mark);
    std::borrow::Cow::Owned(
        kept.map(|character| match character {
            mark if mark == form.decimal_mark => '.',
            // A point that is not the decimal mark must not become one.
            '.' => '?',
            other => other,
        })
        .collect(),
    )
}

fn empty(row: &Row, key: &str) -> Refusal {
    Refusal::new(Reason::Number, format!("line {}: {key} is empty", row.line))
}

fn disagreement(key: &str, row: &Row, earlier: &str, later: &str) -> Refusal {
    let detail = format!("line {}: {key} \"{}\", before it \"{}\"", row.line, shortened(later), shortened(earlier));
    Refusal::new(Reason::Disagree, detail)
}

/// Enough of a cell to find it again.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}
