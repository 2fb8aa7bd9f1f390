//! Mappings: which entry of a QuickBooks list a name of the application's stands for.
//!
//! They are applied to a record before anything is planned for it: from there on it says what QuickBooks says. What the
//! application wrote stays in its revisions.

use std::collections::BTreeMap;

use crate::list::{ListKind, NameKey};
use crate::need::Need;
use crate::record::{Content, Invoice, Payment};

/// The lists whose entries records name.
pub const LISTS_NAMED: [ListKind; 7] = [
    ListKind::Customer,
    ListKind::Item,
    ListKind::Account,
    ListKind::Terms,
    ListKind::PaymentMethod,
    ListKind::SalesTaxItem,
    ListKind::Class,
];

/// By which a name of the application's is told from others: names that QuickBooks would take for one are one.
pub fn mapping_key(list: ListKind, name: &str) -> NameKey {
    Need::new(list, name).key().1
}

/// Everything that a record names in QuickBooks' lists, as the application writes it; the same name may occur again.
pub fn names(content: &Content) -> Vec<(ListKind, &str)> {
    let mut names = vec![(ListKind::Customer, content.customer().name.as_str())];
    match content {
        Content::Invoice(invoice) => {
            names.extend(invoice.terms.iter().map(|name| (ListKind::Terms, name.as_str())));
            names.extend(invoice.sales_tax.iter().map(|tax| (ListKind::SalesTaxItem, tax.item.as_str())));
            for line in &invoice.lines {
                names.extend(line.item.iter().map(|name| (ListKind::Item, name.as_str())));
                names.extend(line.class.iter().map(|name| (ListKind::Class, name.as_str())));
            }
        }
        Content::Payment(payment) => {
            names.extend(payment.method.iter().map(|name| (ListKind::PaymentMethod, name.as_str())));
            names.extend(payment.deposit_to.iter().map(|name| (ListKind::Account, name.as_str())));
        }
    }
    names
}

/// Mappings of one company: the full name that the entry has in QuickBooks, by list and [`mapping_key`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mappings(BTreeMap<(ListKind, NameKey), String>);

/// Which of a record's names were mapped: what the application wrote, by the entry it stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MappedNames(BTreeMap<(ListKind, NameKey), String>);

impl Mappings {
    pub const fn new(entries: BTreeMap<(ListKind, NameKey), String>) -> Self {
        Self(entries)
    }

    /// The full name of the entry that the name stands for, if it is mapped.
    pub fn entry(&self, list: ListKind, name: &str) -> Option<&str> {
        self.0.get(Need::new(list, name).as_key()).map(String::as_str)
    }

    /// The record as it names QuickBooks' entries, and which of its names were others before.
    pub fn apply(&self, mut content: Content) -> (Content, MappedNames) {
        let mut mapped = MappedNames::default();
        if self.0.is_empty() {
            return (content, mapped);
        }
        let mut replace = |list: ListKind, name: &mut String| {
            if let Some(full_name) = self.0.get(Need::new(list, name).as_key()) {
                let applications = std::mem::replace(name, full_name.clone());
                mapped.0.insert(Need::new(list, full_name).key(), applications);
            }
        };
        match &mut content {
            Content::Invoice(invoice) => replace_in_invoice(invoice, &mut replace),
            Content::Payment(payment) => replace_in_payment(payment, &mut replace),
        }
        (content, mapped)
    }
}

impl MappedNames {
    /// What the application calls the entry, if a mapping led to it.
    pub(crate) fn applications_name(&self, need: &Need) -> Option<&str> {
        self.0.get(need.as_key()).map(String::as_str)
    }
}

fn replace_in_invoice(invoice: &mut Invoice, replace: &mut impl FnMut(ListKind, &mut String)) {
    replace(ListKind::Customer, &mut invoice.customer.name);
    if let Some(terms) = &mut invoice.terms {
        replace(ListKind::Terms, terms);
    }
    if let Some(tax) = &mut invoice.sales_tax {
        replace(ListKind::SalesTaxItem, &mut tax.item);
    }
    for line in &mut invoice.lines {
        if let Some(item) = &mut line.item {
            replace(ListKind::Item, item);
        }
        if let Some(class) = &mut line.class {
            replace(ListKind::Class, class);
        }
    }
}

fn replace_in_payment(payment: &mut Payment, replace: &mut impl FnMut(ListKind, &mut String)) {
    replace(ListKind::Customer, &mut payment.customer.name);
    if let Some(method) = &mut payment.method {
        replace(ListKind::PaymentMethod, method);
    }
    if let Some(account) = &mut payment.deposit_to {
        replace(ListKind::Account, account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordKind;

    const INVOICE: &str = r#"{"number":"1","date":"2026-11-02","terms":"30 days","customer":{"name":"Müller"},
        "lines":[{"item":"FW02717","amount":"1.00","class":"North"},{"item":"Labor","amount":"2.00"},
        {"description":"Thanks","amount":"0.00"}],"sales_tax":{"item":"VAT","amount":"0.10"},"total":"3.10"}"#;
    const PAYMENT: &str = r#"{"number":"2","date":"2026-11-02","customer":{"name":"Müller"},"method":"Card","amount":"1.00",
        "deposit_to":"Bank"}"#;

    /// A name that is told of but never replaced, or the other way round, would be mapped in vain.
    #[test]
    fn every_name_that_a_record_has_can_be_mapped_and_no_other() {
        let mut lists = Vec::new();
        for (kind, json) in [(RecordKind::Invoice, INVOICE), (RecordKind::Payment, PAYMENT)] {
            let content = Content::from_json(kind, json).expect("a record");
            let of_it: Vec<(ListKind, String)> =
                names(&content).into_iter().map(|(list, name)| (list, name.to_owned())).collect();
            let all = of_it.iter().map(|(list, name)| ((*list, mapping_key(*list, name)), format!("To:{name}")));
            let (mapped, told) = Mappings::new(all.collect()).apply(content);
            for ((list, now), (_, before)) in names(&mapped).into_iter().zip(&of_it) {
                assert_eq!(now, format!("To:{before}"));
                assert_eq!(told.applications_name(&Need::new(list, now)), Some(before.as_str()));
                lists.push(list);
            }
        }
        assert!(LISTS_NAMED.iter().all(|list| lists.contains(list)) && lists.iter().all(|it| LISTS_NAMED.contains(it)));
    }

    #[test]
    fn names_are_compared_as_quickbooks_does_and_others_stay_as_they_are() {
        let content = Content::from_json(RecordKind::Invoice, INVOICE).expect("a record");
        let mapping = ((ListKind::Item, mapping_key(ListKind::Item, " fw02717 ")), "Glass:Windshields".to_owned());
        let (mapped, told) = Mappings::new([mapping].into()).apply(content.clone());
        let items: Vec<&str> =
            names(&mapped).into_iter().filter(|(list, _)| *list == ListKind::Item).map(|(_, name)| name).collect();
        assert_eq!(items, ["Glass:Windshields", "Labor"]);
        assert_eq!(told.applications_name(&Need::new(ListKind::Item, "glass:WINDSHIELDS")), Some("FW02717"));
        assert_eq!(told.applications_name(&Need::new(ListKind::Item, "Labor")), None);
        assert_eq!(Mappings::default().apply(content.clone()), (content, MappedNames::default()));
    }
}
