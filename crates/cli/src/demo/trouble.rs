//! What goes wrong in real shops, one of each: the bookkeeper meets it under Needs Attention.

use bookferry_qbxml::value::Amount;
use bookferry_sync::record::{Content, Customer, Invoice, SalesTax};

use super::shop::{Shop, ShopError, customer, invoice, line, payment};

/// Up to when the demo's company file is closed, in days before today: before sync was enabled, so that only what is dated
/// back meets it.
pub(crate) const CLOSED_DAYS: i64 = 53;

/// A vendor of the demo's company file; QuickBooks refuses a customer of the same name (3100).
pub(crate) const VENDOR: &str = "Midwest Glass Supply";

pub(crate) fn add(shop: &mut Shop) -> Result<(), ShopError> {
    names(shop)?;
    numbers(shop)?;
    lists(shop)?;
    amounts(shop)?;
    payments(shop)
}

/// Customers that QuickBooks knows otherwise, or cannot write.
fn names(shop: &mut Shop) -> Result<(), ShopError> {
    let names = [
        ("vendor", VENDOR),
        ("capitals", "MÜLLER AUTO & GLASS"),
        ("no-accent", "Muller Auto & Glass"),
        ("long-name", "Northeast Regional Ambulance and Rescue Service Cooperative"),
        ("cyrillic", "Дмитро Ковальчук"),
        ("japanese", "山田ガラス株式会社"),
        ("dash", "Fletcher – Delivery"),
        ("job", "Hagen & Sons Plumbing:Van 7"),
    ];
    for (index, (id, name)) in names.into_iter().enumerate() {
        let invoice = windshield(shop, &format!("107{index:02}"), 6, customer(name, None, "Millbrook"))?;
        shop.add(format!("inv-{id}"), Content::Invoice(invoice));
    }
    Ok(())
}

/// A number that is too long, one that is there already, and a date before the books were closed.
fn numbers(shop: &mut Shop) -> Result<(), ShopError> {
    let mut long = windshield(shop, "WEB-2026-0000417", 5, customer("Wendy Abbott", None, "East Ferry"))?;
    long.memo = Some("Ordered on the web \u{2014} \u{201c}call before coming\u{201d}".to_owned());
    shop.add("inv-long-number", Content::Invoice(long));
    let again = windshield(shop, "10650", 4, customer("Omar Keller", None, "Pine Hollow"))?;
    shop.add("inv-number-again", Content::Invoice(again));
    let mut closed = windshield(shop, "10390", CLOSED_DAYS + 2, customer("Grace Lambert", None, "Cedar Falls"))?;
    closed.created_at = windshield(shop, "10390", 3, closed.customer.clone())?.created_at;
    shop.add("inv-closed", Content::Invoice(closed));
    Ok(())
}

/// Terms, a tax and an item that the company file does not have.
fn lists(shop: &mut Shop) -> Result<(), ShopError> {
    let mut terms = windshield(shop, "10720", 3, customer("Okafor Electric", None, "Cedar Falls"))?;
    terms.terms = Some("2% 10 Net 45".to_owned());
    shop.add("inv-terms", Content::Invoice(terms));
    let mut tax = windshield(shop, "10721", 3, customer("Imani Rossi", None, "Millbrook"))?;
    tax.sales_tax = tax.sales_tax.map(|tax| SalesTax { item: "Millbrook City Tax".to_owned(), ..tax });
    shop.add("inv-tax-item", Content::Invoice(tax));
    let mut item = windshield(shop, "10722", 3, customer("Liam Quinn", None, "Millbrook"))?;
    item.lines.push(line("Customer supplied glass, no warranty", "Fitting only", 100, 15_000, false)?);
    let item = invoice(item.number, item.date, item.customer, item.lines)?;
    shop.add("inv-long-item", Content::Invoice(item));
    Ok(())
}

/// Tax that was rounded line by line, and an invoice of nothing.
fn amounts(shop: &mut Shop) -> Result<(), ShopError> {
    let date = shop.day_ago(2)?;
    let lines = vec![
        line("Wiper blades", "Pair of wiper blades", 100, 3_319, true)?,
        line("Moulding", "Moulding and clips", 100, 4_469, true)?,
        line("Urethane kit", "Adhesive and primer", 100, 2_969, true)?,
    ];
    let mut cent_off = invoice("10730".to_owned(), date, customer("Priya Patel", None, "East Ferry"), lines)?;
    let one_cent = Amount::from_cents(1)?;
    if let Some(tax) = &mut cent_off.sales_tax
        && let (Some(amount), Some(total)) = (tax.amount.checked_add(one_cent), cent_off.total.checked_add(one_cent))
    {
        (tax.amount, cent_off.total) = (amount, total);
    }
    shop.add("inv-cent-off", Content::Invoice(cent_off));
    let free = vec![line("Chip repair", "Under warranty", 100, 0, false)?];
    let free = invoice("10731".to_owned(), date, customer("Nora Ortiz", None, "East Ferry"), free)?;
    shop.add("inv-warranty", Content::Invoice(free));
    Ok(())
}

/// Payments that are too large, go to an invoice that never came, or were made by a method QuickBooks does not list.
fn payments(shop: &mut Shop) -> Result<(), ShopError> {
    let date = shop.day_ago(1)?;
    let twice = windshield(shop, "10740", 4, customer("Tomás García", None, "Millbrook"))?;
    let double = Amount::from_cents(twice.total.cents() * 2)?;
    let paid_twice = payment("7701".to_owned(), date, &twice.customer, "Check", &[("inv-paid-twice", double)])?;
    shop.add("inv-paid-twice", Content::Invoice(twice));
    shop.add("pay-paid-twice", Content::Payment(paid_twice));

    let stranger = customer("Katrin Jensen", None, "Pine Hollow");
    let amount = Amount::from_cents(21_600)?;
    let lost = payment("7702".to_owned(), date, &stranger, "Visa", &[("inv-99999", amount)])?;
    shop.add("pay-no-invoice", Content::Payment(lost));

    let venmo = windshield(shop, "10741", 3, customer("Elena Bianchi", None, "Cedar Falls"))?;
    let by_venmo = payment("7703".to_owned(), date, &venmo.customer, "Venmo", &[("inv-venmo", venmo.total)])?;
    shop.add("inv-venmo", Content::Invoice(venmo));
    shop.add("pay-venmo", Content::Payment(by_venmo));
    Ok(())
}

fn windshield(shop: &Shop, number: &str, days_ago: i64, customer: Customer) -> Result<Invoice, ShopError> {
    let lines = vec![
        line("Windshield FW02717", "Windshield, solar tint, rain sensor", 100, 31_850, true)?,
        line("Labor", "Removal and installation", 200, 9_250, false)?,
    ];
    invoice(number.to_owned(), shop.day_ago(days_ago)?, customer, lines)
}
