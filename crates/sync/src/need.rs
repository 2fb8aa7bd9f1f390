//! What a record needs to find in QuickBooks before it can be written there.

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
    key: (ListKind, NameKey),
}

impl Need {
    pub fn new(list: ListKind, name: &str) -> Self {
        Self::held(list, quickbooks_name(name))
    }

    fn held(list: ListKind, full_name: String) -> Self {
        let key = (list, NameKey::of_single_blanked(&full_name));
        Self { list, full_name, key }
    }

    pub fn key(&self) -> (ListKind, NameKey) {
        self.key.clone()
    }

    /// By which it is looked up.
    pub const fn as_key(&self) -> &(ListKind, NameKey) {
        &self.key
    }

    /// The entry above it, for a job or a sub-item.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.full_name.rsplit_once(':')?;
        Some(Self::held(self.list, parent.to_owned()))
    }

    /// The last part of the full name.
    pub fn name(&self) -> &str {
        self.full_name.rsplit_once(':').map_or(self.full_name.as_str(), |(_, name)| name)
    }
}

/// A name as QuickBooks would store it: characters it can hold, no blanks around the parts, single blanks within.
pub fn quickbooks_name(name: &str) -> String {
    single_blanked(&transliterate(name).text).into_owned()
}

/// Everything `content` names, parents before children, each once.
pub fn needs(content: &Content, settings: &Settings, books: &Books) -> Vec<Need> {
    let mut needs = Needs::default();
    needs.add_all(content, settings, books);
    needs.in_order
}

/// What has to be known before the record is planned: what it names, and the item that may have to make up for a difference
/// in its sales tax.
pub fn needs_to_know(content: &Content, settings: &Settings, books: &Books) -> Vec<Need> {
    needs_to_know_of_all([content], settings, books)
}

/// The same of several records, each once.
pub fn needs_to_know_of_all<'a>(
    contents: impl IntoIterator<Item = &'a Content>,
    settings: &'a Settings,
    books: &Books,
) -> Vec<Need> {
    let mut needs = Needs::default();
    for content in contents {
        needs.add_all(content, settings, books);
        if let (Content::Invoice(Invoice { sales_tax: Some(_), .. }), Some((item, _))) =
            (content, settings.tax_difference.adjusting())
        {
            needs.add(ListKind::Item, item);
            if settings.may_create(ListKind::Item) {
                needs.add(ListKind::Account, &settings.income_account);
            }
        }
    }
    needs.in_order
}

#[derive(Default)]
struct Needs<'a> {
    in_order: Vec<Need>,
    keys: BTreeSet<(ListKind, NameKey)>,
    /// As the records write them. Most lines name what others name too, and what that is need not be worked out again.
    written: BTreeSet<(ListKind, &'a str)>,
}

impl<'a> Needs<'a> {
    fn add_all(&mut self, content: &'a Content, settings: &'a Settings, books: &Books) {
        match content {
            Content::Invoice(invoice) => self.add_invoice(invoice, settings, books),
            Content::Payment(payment) => self.add_payment(payment),
        }
    }

    fn add_invoice(&mut self, invoice: &'a Invoice, settings: &'a Settings, books: &Books) {
        self.add(ListKind::Customer, &invoice.customer.name);
        if let Some(terms) = &invoice.terms {
            self.add(ListKind::Terms, terms);
        }
        if let Some(tax) = invoice.sales_tax.as_ref().filter(|_| books.may_charge_sales_tax()) {
            self.add(ListKind::SalesTaxItem, &tax.item);
        }
        // The accounts that a created item posts to come before the items.
        let creates_items =
            settings.may_create(ListKind::Item) || settings.wanted.iter().any(|(list, _)| *list == ListKind::Item);
        if creates_items && invoice.lines.iter().any(|line| line.item.is_some()) {
            for account in created_items::accounts_of(&invoice.lines, settings) {
                self.add(ListKind::Account, account);
            }
        }
        for line in &invoice.lines {
            if let Some(item) = &line.item {
                self.add(ListKind::Item, item);
            }
            if let Some(class) = &line.class {
                self.add(ListKind::Class, class);
            }
        }
    }

    fn add_payment(&mut self, payment: &'a Payment) {
        self.add(ListKind::Customer, &payment.customer.name);
        if let Some(method) = &payment.method {
            self.add(ListKind::PaymentMethod, method);
        }
        if let Some(account) = &payment.deposit_to {
            self.add(ListKind::Account, account);
        }
    }

    fn add(&mut self, list: ListKind, name: &'a str) {
        if self.written.insert((list, name)) {
            self.add_need(Need::new(list, name));
        }
    }

    fn add_need(&mut self, need: Need) {
        if !self.keys.insert(need.key()) {
            return;
        }
        if let Some(parent) = need.parent() {
            self.add_need(parent);
        }
        self.in_order.push(need);
    }
}
