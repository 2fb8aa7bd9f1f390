//! The sales tax that QuickBooks will compute of an invoice (qbxml.md section 11), and the line that makes up for a cent.
//!
//! QuickBooks sums the lines whose code is taxable, takes the rate of the document's tax item or group, and rounds once; a
//! customer whose code is not taxable pays none.

use bookferry_qbxml::value::{Amount, Percent};

use crate::cause::Cause;
use crate::company::{Books, Settings};
use crate::facts::ItemKind;
use crate::list::{ListEntry, ListKind, NameKey};
use crate::need::Need;
use crate::plan::Knowledge;
use crate::record::{Invoice, Line, SalesTax};

/// What QuickBooks makes of an invoice's sales tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foretold {
    pub tax: Amount,
    pub rate: Percent,
    /// What the rate is taken of.
    pub taxable: Amount,
    /// Whether the customer pays no sales tax in QuickBooks, whatever the lines say.
    pub is_exempt: bool,
}

/// What is known of an entry by its [key](Need::as_key); `None` where nothing is.
pub trait Entries {
    fn knowledge(&self, key: &(ListKind, NameKey)) -> Option<&Knowledge>;
}

/// Works the tax out; `None` where something that it hangs on is not known.
pub fn foretell(invoice: &Invoice, entries: &impl Entries, books: &Books) -> Option<Foretold> {
    let tax = invoice.sales_tax.as_ref()?;
    books.taxable_code.as_ref()?;
    let item = present(entries, ListKind::SalesTaxItem, &tax.item)?;
    let is_exempt = match knowledge(entries, ListKind::Customer, &invoice.customer.name)?.entry() {
        Some(customer) => is_exempt(customer)?,
        // Who is created pays sales tax.
        None => false,
    };
    let mut taxable = Amount::ZERO;
    for line in invoice.lines.iter().filter(|line| line.taxable.unwrap_or(true)) {
        let Some(item) = &line.item else { continue };
        taxable = match kind_of(entries, item) {
            Some(ItemKind::Subtotal) => taxable,
            // Neither is taken as it is written.
            Some(ItemKind::Discount | ItemKind::Payment) if line.amount > Amount::ZERO => return None,
            Some(_) | None => taxable.checked_add(line.amount)?,
        };
    }
    let taxable = if is_exempt { Amount::ZERO } else { taxable };
    let rate = item.facts.tax_rate?;
    Some(Foretold { tax: taxable.percent(rate).ok()?, rate, taxable, is_exempt })
}

/// The kind of the item that a line names, where it is known.
pub(crate) fn kind_of(entries: &impl Entries, item: &str) -> Option<ItemKind> {
    present(entries, ListKind::Item, item)?.facts.kind
}

/// The invoice with a line to the company's adjusting item, so that with QuickBooks' tax it comes to the same total; `None`
/// where none is wanted, or the difference is more than the rule settles. Where the line cannot be written, why.
pub fn adjusted(
    invoice: &Invoice,
    foretold: &Foretold,
    entries: &impl Entries,
    settings: &Settings,
) -> Result<Option<Invoice>, Cause> {
    let (Some((item, limit_e5)), Some(ours)) = (settings.tax_difference.adjusting(), &invoice.sales_tax) else {
        return Ok(None);
    };
    let Some(amount) = ours.amount.checked_sub(foretold.tax).filter(|apart| *apart != Amount::ZERO) else {
        return Ok(None);
    };
    if amount.e5().abs() > limit_e5 {
        return Ok(None);
    }
    check_item(item, entries, settings)?;
    let mut adjusted = invoice.clone();
    adjusted.sales_tax = Some(SalesTax { item: ours.item.clone(), amount: foretold.tax });
    adjusted.lines.push(Line {
        item: Some(item.to_owned()),
        description: Some("Rounding of the sales tax".to_owned()),
        quantity: None,
        rate: None,
        amount,
        taxable: Some(false),
        class: None,
    });
    Ok(Some(adjusted))
}

/// Such a line may be above or below zero, which a discount's cannot, and must move no stock.
fn check_item(item: &str, entries: &impl Entries, settings: &Settings) -> Result<(), Cause> {
    let trouble = |what: &str| {
        let text = format!(
            "QuickBooks will compute another sales tax, and the company has the difference brought to the item \
             \u{201c}{item}\u{201d}, {what}. Nothing was written. Name another item under Setup, or mend it in QuickBooks; \
             then press Retry."
        );
        Err(Cause::new("adjusting_item", text, item))
    };
    match knowledge(entries, ListKind::Item, item) {
        None => Ok(()),
        Some(Knowledge::Absent) if settings.may_create(ListKind::Item) => Ok(()),
        Some(Knowledge::Absent | Knowledge::Gone { .. }) => trouble("which QuickBooks does not have"),
        Some(Knowledge::Present(entry)) if !entry.is_active => trouble("which is inactive"),
        Some(Knowledge::Present(entry)) => match entry.facts.kind {
            None | Some(ItemKind::Service | ItemKind::NonInventory | ItemKind::OtherCharge) => Ok(()),
            Some(kind) => trouble(&format!(
                "which is a {} there; it has to be a service, a non-inventory item or an other charge",
                kind.noun()
            )),
        },
    }
}

/// Nothing where the customer's code is not known.
fn is_exempt(customer: &ListEntry) -> Option<bool> {
    match &customer.facts.tax_code {
        None => Some(false),
        Some(_) => customer.facts.is_taxable.map(|is_taxable| !is_taxable),
    }
}

fn present<'a>(entries: &'a impl Entries, list: ListKind, name: &str) -> Option<&'a ListEntry> {
    knowledge(entries, list, name)?.entry()
}

fn knowledge<'a>(entries: &'a impl Entries, list: ListKind, name: &str) -> Option<&'a Knowledge> {
    entries.knowledge(Need::new(list, name).as_key())
}
