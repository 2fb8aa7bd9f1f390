//! The sales tax that QuickBooks will compute, and the line that makes up for a difference.

use std::collections::BTreeMap;

use bookferry_qbxml::value::{Amount, Percent};
use bookferry_sync::company::{Books, Settings};
use bookferry_sync::facts::{EntryFacts, ItemKind};
use bookferry_sync::list::{ListEntry, ListKind};
use bookferry_sync::need::Need;
use bookferry_sync::plan::{Knowledge, Known};
use bookferry_sync::record::{Content, Invoice, RecordKind};
use bookferry_sync::sales_tax::{Foretold, adjusted, foretell};
use proptest::prelude::*;

const ADJUSTING: &str = "Rounding";

proptest! {
    /// The arithmetic is written down once more, in whole numbers.
    #[test]
    fn the_tax_is_that_of_the_taxable_sum_rounded_once_and_the_line_brings_the_invoice_to_its_total(
        lines in prop::collection::vec((-500_000..500_000_000_i64, any::<bool>()), 1..8),
        rates in prop::collection::vec(0..2_000_000_i64, 1..4),
        apart in -100..=100_i64,
    ) {
        let taxable: i128 = lines.iter().filter(|(_, is_taxable)| *is_taxable).map(|(cents, _)| i128::from(*cents)).sum();
        let rate: i128 = rates.iter().copied().map(i128::from).sum();
        let doubled = taxable.abs() * rate * 2 / 10_000_000;
        let size = (doubled + 1) / 2;
        let tax = i64::try_from(if taxable < 0 { -size } else { size }).expect("cents");
        let invoice = invoice(&lines, tax + apart);
        let foretold = foretell(&invoice, &known(&rates, None), &books()).expect("everything is known");
        prop_assert_eq!(foretold.tax.cents(), tax);
        let total = |invoice: &Invoice| {
            let tax = invoice.sales_tax.as_ref().map_or(0, |tax| tax.amount.cents());
            invoice.lines.iter().map(|line| line.amount.cents()).sum::<i64>() + tax
        };
        match adjusted(&invoice, &foretold, &known(&rates, None), &adjusting("adjust 1.00 Rounding")).expect("it can be") {
            None => prop_assert_eq!(apart, 0),
            Some(adjusted) => {
                prop_assert_eq!((total(&adjusted), adjusted.total), (total(&invoice), invoice.total));
                prop_assert_eq!(adjusted.lines.len(), invoice.lines.len() + 1);
                let again = foretell(&adjusted, &known(&rates, None), &books()).expect("known");
                prop_assert_eq!(Some(again.tax), adjusted.sales_tax.map(|tax| tax.amount), "nothing is left to adjust");
            }
        }
    }
}

#[test]
fn what_the_tax_hangs_on_has_to_be_known() {
    let ours = invoice(&[(25_000, true)], 2_000);
    let of = |known: &Known, books: &Books| foretell(&ours, known, books).map(|told| told.tax.to_string());
    let all = known(&[800_000], None);
    assert_eq!(of(&all, &books()).as_deref(), Some("20.00"));
    assert_eq!(of(&all, &Books::default()), None, "whether QuickBooks charges sales tax is not known");
    for list in [ListKind::SalesTaxItem, ListKind::Customer] {
        let mut known = all.clone();
        known.retain(|(of, _), _| *of != list);
        assert_eq!(of(&known, &books()), None, "{list:?}");
    }
    assert_eq!(of(&known(&[800_000], Some(true)), &books()).as_deref(), Some("20.00"));
    let exempt = foretell(&ours, &known(&[800_000], Some(false)), &books());
    let nothing = Percent::from_e5(800_000).expect("a rate");
    assert_eq!(exempt, Some(Foretold { tax: Amount::ZERO, rate: nothing, taxable: Amount::ZERO, is_exempt: true }));
    let mut unresolved = known(&[800_000], Some(true));
    customer(&mut unresolved, EntryFacts { tax_code: Some("80-7".to_owned()), ..EntryFacts::default() });
    assert_eq!(of(&unresolved, &books()), None, "the customer's code was not read");
}

#[test]
fn a_group_has_the_rate_of_its_items_together_once_all_are_known() {
    let rate = |e5| EntryFacts { tax_rate: Percent::from_e5(e5).ok(), ..EntryFacts::default() };
    let group = || EntryFacts { tax_items: vec!["80-1".to_owned(), "80-2".to_owned()], ..EntryFacts::default() };
    let mut others: BTreeMap<String, EntryFacts> = [("80-1".to_owned(), rate(625_000))].into();
    let mut facts = group();
    assert_eq!(facts.refers_to().count(), 2);
    facts.resolve(&others);
    assert_eq!(facts.tax_rate, None);
    others.insert("80-2".to_owned(), rate(187_500));
    facts.resolve(&others);
    assert_eq!(facts.tax_rate.map(|rate| rate.to_string()).as_deref(), Some("8.125"));
}

#[test]
fn a_difference_is_only_adjusted_up_to_the_limit_and_on_an_item_that_takes_it() {
    let ours = invoice(&[(25_000, true)], 2_006);
    let mut known = known(&[800_000], None);
    let foretold = foretell(&ours, &known, &books()).expect("known");
    let rule = |rule: &str, known: &Known| {
        adjusted(&ours, &foretold, known, &adjusting(rule)).map(|it| it.map(|it| it.lines[1].amount.to_string()))
    };
    assert_eq!(rule("adjust Rounding", &known), Ok(None), "six cents are more than five");
    assert_eq!(rule("adjust 0.06 Rounding", &known), Ok(Some("0.06".to_owned())));
    assert_eq!(rule("accept 0.06", &known), Ok(None));
    for (kind, is_active, fits) in [
        (ItemKind::Service, true, true),
        (ItemKind::OtherCharge, true, true),
        (ItemKind::Service, false, false),
        (ItemKind::Discount, true, false),
        (ItemKind::Inventory, true, false),
        (ItemKind::Subtotal, true, false),
    ] {
        knows(&mut known, ListKind::Item, ADJUSTING, is_active, EntryFacts::of_kind(kind));
        let told = rule("adjust 0.06 Rounding", &known);
        assert_eq!(told.is_ok(), fits, "{kind:?}: {told:?}");
    }
    known.insert(Need::new(ListKind::Item, ADJUSTING).key(), Knowledge::Absent);
    let strict = Settings { create: Vec::new(), ..adjusting("adjust 0.06 Rounding") };
    let cause = adjusted(&ours, &foretold, &known, &strict).expect_err("it is not there, and must not be created");
    assert!(
        cause.text.contains("which QuickBooks does not have") && cause.text.contains("press Retry"),
        "{}",
        cause.text
    );
    assert!(rule("adjust 0.06 Rounding", &known).is_ok(), "it will be created");
}

fn adjusting(rule: &str) -> Settings {
    Settings { tax_difference: rule.parse().expect("a rule"), ..Settings::default() }
}

fn books() -> Books {
    let (taxable, non) = (Some("Tax".to_owned()), Some("Non".to_owned()));
    Books { taxable_code: taxable, non_taxable_code: non, preferences_known: true, ..Books::default() }
}

/// A tax group of these rates, and a customer who may have a code.
fn known(rates: &[i64], taxable: Option<bool>) -> Known {
    let mut known = Known::new();
    let ids: Vec<String> = (0..rates.len()).map(|index| format!("80-{index}")).collect();
    let one = |rate: &i64| EntryFacts { tax_rate: Percent::from_e5(*rate).ok(), ..EntryFacts::default() };
    let mut group = EntryFacts { tax_items: ids.clone(), ..EntryFacts::default() };
    group.resolve(&ids.into_iter().zip(rates.iter().map(one)).collect());
    knows(&mut known, ListKind::SalesTaxItem, "State Tax", true, group);
    let tax_code = taxable.map(|_| "80-9".to_owned());
    customer(&mut known, EntryFacts { tax_code, is_taxable: taxable, ..EntryFacts::default() });
    known
}

fn customer(known: &mut Known, facts: EntryFacts) {
    knows(known, ListKind::Customer, "Harbor Taxi", true, facts);
}

fn knows(known: &mut Known, list: ListKind, name: &str, is_active: bool, facts: EntryFacts) {
    let entry = ListEntry { list, full_name: name.to_owned(), list_id: "80-5".to_owned(), is_active, facts };
    known.insert(Need::new(list, name).key(), Knowledge::Present(entry));
}

fn invoice(lines: &[(i64, bool)], tax: i64) -> Invoice {
    let amount = |cents| Amount::from_cents(cents).expect("an amount");
    let line = |(cents, taxable): &(i64, bool)| {
        format!(r#"{{"item":"Windshield","amount":"{}","taxable":{taxable}}}"#, amount(*cents))
    };
    let total = amount(lines.iter().map(|(cents, _)| cents).sum::<i64>() + tax);
    let lines: Vec<String> = lines.iter().map(line).collect();
    let json = format!(
        r#"{{"number":"1","date":"2026-11-02","customer":{{"name":"Harbor Taxi"}},"lines":[{}],
            "sales_tax":{{"item":"State Tax","amount":"{}"}},"total":"{total}"}}"#,
        lines.join(","),
        amount(tax)
    );
    let Ok(Content::Invoice(invoice)) = Content::from_json(RecordKind::Invoice, &json) else { panic!("{json}") };
    invoice
}
