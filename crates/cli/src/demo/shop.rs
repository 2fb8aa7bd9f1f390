//! An auto-glass shop's invoices and payments, invented by a seed.
//!
//! The same seed and day give the same records. Ordinary business is made here; what goes wrong in real shops is in
//! [`trouble`].

use jiff::civil::Date;
use jiff::{ToSpan, tz::TimeZone};

use bookferry_qbxml::value::{Amount, Percent, Price, Quantity};
use bookferry_sync::record::{Address, AppliedTo, Content, Customer, Invoice, Line, Payment, SalesTax};

use super::catalog::{CITIES, FIRST_NAMES, FLEETS, GLASS, LABOR, LABOR_RATE_CENTS, LAST_NAMES, MATERIALS, SERVICES};
use super::random::Random;
use super::trouble;

/// A record as the shop's application would hand it over.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ShopRecord {
    pub(crate) external_id: String,
    pub(crate) content: Content,
}

const INVOICES: i64 = 260;
const FIRST_NUMBER: i64 = 10_412;
/// How many days of business there are; those before the last [`ENABLED_DAYS`] are held back.
const DAYS: i64 = 60;
pub(crate) const ENABLED_DAYS: i64 = 52;

/// All of the shop's records up to `today`, invoices before the payments that go to them.
pub(crate) fn records(seed: u64, today: Date) -> Result<Vec<ShopRecord>, ShopError> {
    let mut shop = Shop { random: Random::seeded(seed), today, records: Vec::new() };
    for index in 0..INVOICES {
        let day = shop.day_ago(DAYS - index * DAYS / INVOICES)?;
        let customer = shop.customer();
        let invoice = shop.job(FIRST_NUMBER + index, day, customer)?;
        let external_id = format!("inv-{}", invoice.number);
        shop.records.push(ShopRecord { external_id: external_id.clone(), content: Content::Invoice(invoice.clone()) });
        shop.pay(&external_id, &invoice)?;
    }
    trouble::add(&mut shop)?;
    Ok(shop.records)
}

/// A number or date that no shop would have; only a wrong constant leads to it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShopError {
    #[error("the shop's date")]
    Date(#[from] jiff::Error),
    #[error("the shop's amount")]
    Amount(#[from] bookferry_qbxml::value::DecimalError),
}

pub(crate) struct Shop {
    pub(crate) random: Random,
    today: Date,
    pub(crate) records: Vec<ShopRecord>,
}

impl Shop {
    pub(crate) fn day_ago(&self, days: i64) -> Result<Date, ShopError> {
        Ok(self.today.checked_sub(days.days())?)
    }

    fn customer(&mut self) -> Customer {
        if self.random.percent(45)
            && let Some(&(name, email, city)) = self.random.pick(&FLEETS)
        {
            return customer(name, Some(email), city);
        }
        let first = self.random.pick(&FIRST_NAMES).copied().unwrap_or_default();
        let last = self.random.pick(&LAST_NAMES).copied().unwrap_or_default();
        let city = self.random.pick(&CITIES).copied().unwrap_or_default();
        let mut customer = customer(&format!("{first} {last}"), None, city);
        customer.phone = Some(format!("555-{:04}", self.random.between(100, 9_999)));
        customer
    }

    /// A visit to the shop: new glass with labor and materials, or a small service.
    pub(crate) fn job(&mut self, number: i64, date: Date, customer: Customer) -> Result<Invoice, ShopError> {
        let mut lines = Vec::new();
        if self.random.percent(72)
            && let Some(glass) = self.random.pick(&GLASS)
        {
            lines.push(line(glass.item, glass.description, 100, glass.price_cents, true)?);
            lines.push(line(LABOR, "Removal and installation", glass.labor_hours_e2, LABOR_RATE_CENTS, false)?);
            for (item, description, price_cents) in MATERIALS {
                if self.random.percent(55) {
                    lines.push(line(item, description, 100, price_cents, true)?);
                }
            }
        }
        while lines.is_empty() || self.random.percent(25) {
            let Some(&(item, description, price_cents)) = self.random.pick(&SERVICES) else { break };
            lines.push(line(item, description, 100, price_cents, false)?);
        }
        let is_account = FLEETS.iter().any(|fleet| fleet.0 == customer.name);
        let mut invoice = invoice(number.to_string(), date, customer, lines)?;
        if is_account {
            invoice.terms = Some("Net 30".to_owned());
            invoice.due_date = Some(date.checked_add(30.days())?);
            invoice.po_number = self.random.percent(40).then(|| format!("PO-{}", self.random.between(2_000, 9_999)));
        } else {
            invoice.terms = Some("Due on receipt".to_owned());
        }
        invoice.memo = self.random.percent(30).then(|| format!("Plate {}", self.plate()));
        Ok(invoice)
    }

    fn plate(&mut self) -> String {
        let letters: String =
            (0..3).map(|_| char::from_u32(u32::from(b'A') + self.random.below(26)).unwrap_or('A')).collect();
        format!("{letters} {}", self.random.between(1_000, 9_999))
    }

    /// Most private customers pay at once, most accounts after weeks, some in part, some not yet.
    fn pay(&mut self, external_id: &str, invoice: &Invoice) -> Result<(), ShopError> {
        let is_account = invoice.terms.as_deref() == Some("Net 30");
        let after = if is_account { self.random.between(12, 34) } else { self.random.below(2) };
        let date = invoice.date.checked_add(i64::from(after).days())?;
        if date > self.today || self.random.percent(if is_account { 20 } else { 8 }) {
            return Ok(());
        }
        let amount =
            if self.random.percent(6) { Amount::from_cents(invoice.total.cents() / 2)? } else { invoice.total };
        let method = if is_account { "Check" } else { self.random.pick(&METHODS).copied().unwrap_or("Cash") };
        let number = match method {
            "Check" => self.random.between(1_001, 9_999).to_string(),
            "Cash" => format!("C{}", invoice.number),
            _ => format!("{:06}", self.random.below(1_000_000)),
        };
        let payment = payment(number, date, &invoice.customer, method, &[(external_id, amount)])?;
        self.add(format!("pay-{}", invoice.number), Content::Payment(payment));
        Ok(())
    }

    pub(crate) fn add(&mut self, external_id: impl Into<String>, content: Content) {
        self.records.push(ShopRecord { external_id: external_id.into(), content });
    }
}

const METHODS: [&str; 4] = ["Visa", "MasterCard", "Cash", "Check"];

pub(crate) fn customer(name: &str, email: Option<&str>, city: &str) -> Customer {
    let address = Address {
        city: Some(city.to_owned()),
        state: Some("CA".to_owned()),
        country: Some("USA".to_owned()),
        ..Address::default()
    };
    Customer {
        name: name.to_owned(),
        external_id: None,
        email: email.map(str::to_owned),
        phone: None,
        billing_address: Some(address),
    }
}

/// `quantity_e2` is in hundredths.
pub(crate) fn line(
    item: &str,
    description: &str,
    quantity_e2: i64,
    rate_cents: i64,
    taxable: bool,
) -> Result<Line, ShopError> {
    let (quantity, rate) = (Quantity::from_e5(quantity_e2 * 1_000)?, Price::from_e5(rate_cents * 1_000)?);
    Ok(Line {
        item: Some(item.to_owned()),
        description: Some(description.to_owned()),
        quantity: Some(quantity),
        rate: Some(rate),
        amount: Amount::of(quantity, rate)?,
        taxable: Some(taxable),
        class: None,
    })
}

/// With a state tax of 8 % on the taxable lines.
pub(crate) fn invoice(number: String, date: Date, customer: Customer, lines: Vec<Line>) -> Result<Invoice, ShopError> {
    let sum = |lines: &mut dyn Iterator<Item = &Line>| Amount::from_cents(lines.map(|line| line.amount.cents()).sum());
    let taxable = sum(&mut lines.iter().filter(|line| line.taxable == Some(true)))?;
    let tax = taxable.percent("8".parse::<Percent>()?)?;
    let total = Amount::from_cents(sum(&mut lines.iter())?.cents() + tax.cents())?;
    Ok(Invoice {
        number,
        created_at: Some(date.at(17, 0, 0, 0).to_zoned(TimeZone::UTC)?.timestamp()),
        date,
        due_date: None,
        terms: None,
        customer,
        lines,
        sales_tax: Some(SalesTax { item: "State Tax".to_owned(), amount: tax }),
        total,
        po_number: None,
        memo: None,
        currency: None,
    })
}

/// Applied to these invoices with these amounts, and no more than that.
pub(crate) fn payment(
    number: String,
    date: Date,
    customer: &Customer,
    method: &str,
    applied_to: &[(&str, Amount)],
) -> Result<Payment, ShopError> {
    let applied_to: Vec<AppliedTo> =
        applied_to.iter().map(|&(invoice, amount)| AppliedTo { invoice: invoice.to_owned(), amount }).collect();
    Ok(Payment {
        number,
        created_at: Some(date.at(18, 0, 0, 0).to_zoned(TimeZone::UTC)?.timestamp()),
        date,
        customer: customer.clone(),
        method: Some(method.to_owned()),
        amount: Amount::from_cents(applied_to.iter().map(|applied| applied.amount.cents()).sum())?,
        applied_to,
        deposit_to: Some("Undeposited Funds".to_owned()),
        memo: None,
        currency: None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use bookferry_sync::intake;

    use super::{Content, records};

    #[test]
    fn one_seed_and_day_give_one_shop() {
        let today = date(2026, 11, 23);
        assert_eq!(records(1, today).unwrap(), records(1, today).unwrap());
        assert_ne!(records(1, today).unwrap(), records(2, today).unwrap());
    }

    #[test]
    fn every_record_would_be_taken_by_the_api() {
        let records = records(1, date(2026, 11, 23)).unwrap();
        for record in &records {
            let json = serde_json::from_str(&record.content.to_json().unwrap()).unwrap();
            let taken = intake::content(record.content.kind(), &json, "USD");
            assert_eq!(taken.as_ref(), Ok(&record.content), "{}", record.external_id);
        }
        let ids: BTreeSet<_> = records.iter().map(|record| (record.content.kind(), &record.external_id)).collect();
        assert_eq!(ids.len(), records.len());
    }

    #[test]
    fn the_shop_looks_like_one() {
        let records = records(1, date(2026, 11, 23)).unwrap();
        let invoices = records.iter().filter(|record| matches!(record.content, Content::Invoice(_))).count();
        let one = &records[0];
        insta::assert_snapshot!(format!(
            "{invoices} invoices, {} payments\n{}: {}",
            records.len() - invoices,
            one.external_id,
            one.content.to_json().unwrap()
        ));
    }
}
