//! A company file that has not all that the records name.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::Clock;
use serde_json::Value;

use super::judge::escaped;
use crate::chaos::company::Company;

/// Of a thousand customers, so many are missing, and so many more inactive.
const CUSTOMERS: Gaps = Gaps { missing: 40, inactive: 30 };
/// An invoice names twenty items, and one that is missing is enough.
const ITEMS: Gaps = Gaps { missing: 4, inactive: 3 };
const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

struct Gaps {
    missing: u64,
    inactive: u64,
}

/// What QuickBooks has of a list.
#[derive(Default)]
struct Stock {
    active: usize,
    inactive: usize,
    missing: usize,
}

/// Fills the lists from the names in the records, with gaps, and closes the books up to the day in the middle. Tells what
/// was set up.
pub(super) fn set_up(company: &mut Company<'_>, records: &[Value], seed: u64) -> Result<String> {
    let mut customers = BTreeMap::new();
    let mut items = BTreeMap::new();
    for content in records.iter().map(|record| &record["content"]) {
        note(&mut customers, &content["customer"]["name"]);
        for line in content["lines"].as_array().into_iter().flatten() {
            note(&mut items, &line["item"]);
        }
    }
    let mut random = SplitMix64::new(seed);
    let customers = fill(company, "Customer", "", &customers, &CUSTOMERS, &mut random)?;
    let items = fill(company, "ItemService", SOLD, &items, &ITEMS, &mut random)?;
    let mut dates: Vec<&str> = records.iter().filter_map(|record| record["content"]["date"].as_str()).collect();
    dates.sort_unstable();
    let closing_date = dates.get(dates.len() / 2).context("there are no records")?;
    let date = closing_date.parse()?;
    company.file.change_company(|company| company.closing_date = Some(date))?;
    Ok(format!("customers={customers} items={items} closing_date={closing_date}"))
}

/// QuickBooks does not tell capitals from small letters.
fn note(names: &mut BTreeMap<String, String>, name: &Value) {
    if let Some(name) = name.as_str() {
        names.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
    }
}

fn fill(
    company: &mut Company<'_>,
    kind: &str,
    fields: &str,
    names: &BTreeMap<String, String>,
    gaps: &Gaps,
    random: &mut SplitMix64,
) -> Result<Stock> {
    let now = company.clock.now();
    let mut stock = Stock::default();
    for name in names.values() {
        let drawn = random.below(1_000);
        if drawn < gaps.missing {
            stock.missing += 1;
            continue;
        }
        let entry = format!("<Name>{}</Name>{fields}", escaped(name));
        company.file.add_entry(kind, &entry, now).with_context(|| format!("the {kind} {name}"))?;
        if drawn < gaps.missing + gaps.inactive {
            company.file.change_entry(kind, name, "<IsActive>false</IsActive>", now)?;
            stock.inactive += 1;
        } else {
            stock.active += 1;
        }
    }
    Ok(stock)
}

impl std::fmt::Display for Stock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} inactive, {} missing)", self.active + self.inactive, self.inactive, self.missing)
    }
}
