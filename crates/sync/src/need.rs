//! What a record needs to find in QuickBooks before it can be written there.

use std::borrow::Cow;
use std::collections::BTreeSet;

use bookferry_qbxml::value::transliterate;

use crate::company::{Books, Settings};
use crate::created_items;
use crate::list::{ListKind, NameKey, single_blanked};
use crate::record::{Content, Invoice, Payment};

/// An entry of a QuickBooks list that a record names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need {
    pub list: ListKind,
    /// The full name as QuickBooks would hold it.
    pub full_name: String,
}

impl Need {
    pub fn new(list: ListKind, name: &str) -> Self {
        Self { list, full_name: quickbooks_name(name) }
    }

    pub fn key(&self) -> (ListKind, NameKey) {
        (self.list, NameKey::of(&self.full_name))
    }

    /// The entry above it, for a job or a sub-item.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.full_name.rsplit_once(':')?;
        Some(Self { list: self.list, full_name: parent.to_owned() })
    }

    /// The last part of the full name.
    pub fn name(&self) -> &str {
        self.full_name.rsplit_once(':').map_or(self.full_name.as_str(), |(_, name)| name)
    }
}

/// A name as QuickBooks would store it: characters it can hold, no blanks around the parts, single blanks within.
pub fn quickbooks_name(name: &str) -> String {
    held_name(name).into_owned()
}

/// The same, borrowed where the name is written so already; most names are.
pub(crate) fn held_name(name: &str) -> Cow<'_, str> {
    match transliterate(name).text {
        Cow::Borrowed(text) => single_blanked(text),
        Cow::Owned(text) => Cow::Owned(single_blanked(&text).into_owned()),
    }
}

/// Everything `content` names, parents before children, each once.
pub fn needs(content: &Content, settings: &Settings, books: &Books) -> Vec<Need> {
    let mut needs = Needs::default();
    match content {
        Content::Invoice(invoice) => invoice_needs(invoice, settings, books, &mut needs),
        Content::Payment(payment) => payment_needs(payment, &mut needs),
    }
    needs.in_order
}

/// What has to be known before the record is planned: what it names, and the item that may have to make up for a difference
/// in its sales tax.
pub fn needs_to_know(content: &Content, settings: &Settings, books: &Books) -> Vec<Need> {
    let mut all = needs(content, settings, books);
    if let (Content::Invoice(Invoice { sales_tax: Some(_), .. }), Some((item, _))) =
        (content, settings.tax_difference.adjusting())
    {
        let mut further = Needs::default();
        further.add(Need::new(ListKind::Item, item));
        if settings.may_create(ListKind::Item) {
            further.add(Need::new(ListKind::Account, &settings.income_account));
        }
        let known: BTreeSet<(ListKind, NameKey)> = all.iter().map(Need::key).collect();
        all.extend(further.in_order.into_iter().filter(|need| !known.contains(&need.key())));
    }
    all
}

fn invoice_needs(invoice: &Invoice, settings: &Settings, books: &Books, needs: &mut Needs) {
    needs.add(Need::new(ListKind::Customer, &invoice.customer.name));
    if let Some(terms) = &invoice.terms {
        needs.add(Need::new(ListKind::Terms, terms));
    }
    if let Some(tax) = invoice.sales_tax.as_ref().filter(|_| books.may_charge_sales_tax()) {
        needs.add(Need::new(ListKind::SalesTaxItem, &tax.item));
    }
    // The accounts that a created item posts to come before the items.
    let creates_items =
        settings.may_create(ListKind::Item) || settings.wanted.iter().any(|(list, _)| *list == ListKind::Item);
    if creates_items && invoice.lines.iter().any(|line| line.item.is_some()) {
        for account in created_items::accounts_of(&invoice.lines, settings) {
            needs.add(Need::new(ListKind::Account, account));
        }
    }
    for line in &invoice.lines {
        if let Some(item) = &line.item {
            needs.add(Need::new(ListKind::Item, item));
        }
        if let Some(class) = &line.class {
            needs.add(Need::new(ListKind::Class, class));
        }
    }
}

fn payment_needs(payment: &Payment, needs: &mut Needs) {
    needs.add(Need::new(ListKind::Customer, &payment.customer.name));
    if let Some(method) = &payment.method {
        needs.add(Need::new(ListKind::PaymentMethod, method));
    }
    if let Some(account) = &payment.deposit_to {
        needs.add(Need::new(ListKind::Account, account));
    }
}

#[derive(Default)]
struct Needs {
    in_order: Vec<Need>,
    seen: BTreeSet<(ListKind, NameKey)>,
}

impl Needs {
    fn add(&mut self, need: Need) {
        if !self.seen.insert(need.key()) {
            return;
        }
        if let Some(parent) = need.parent() {
            self.add(parent);
        }
        self.in_order.push(need);
    }
}
