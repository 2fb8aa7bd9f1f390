#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request shows no entries of ours")]

use std::collections::BTreeSet;

use bookferry_qbxml::message::customer::CustomerRet;
use bookferry_qbxml::message::item::ItemRet;
use bookferry_qbxml::message::terms::TermsRet;
use bookferry_qbxml::message_set::{Answer, Rs};
use bookferry_qbxml::status::{Class, explain};
use bookferry_qbxml::value::{DateTime, ListId, Ref};
use jiff::civil;

use super::Settlement;
use crate::facts::{EntryFacts, ItemKind};
use crate::list::{ListEntry, ListKind, NameKey};

/// Takes what a look-up found. Names it did not find are absent: 0, 1 and 500 say so (qbxml.md section 7).
///
/// A refusal says so too: a name that QuickBooks does not even take as a question cannot be that of an entry, and the attempt
/// to create it brings out the reason. Only a QuickBooks that is busy, or did not answer, tells nothing.
pub(super) fn looked_up(list: ListKind, full_names: &[String], rs: Option<&Rs>, settlement: &mut Settlement) {
    let Some(rs) = rs else {
        settlement.stalled = Some("a question was not answered".to_owned());
        return;
    };
    if explain(&rs.status).class == Class::Busy {
        settlement.stalled = Some(rs.status.message.clone());
        return;
    }
    let found = entries(list, &rs.answer);
    let known: BTreeSet<NameKey> = found.iter().map(|entry| NameKey::of(&entry.full_name)).collect();
    let absent = full_names.iter().map(|name| NameKey::of(name)).filter(|key| !known.contains(key));
    settlement.absent.extend(absent.map(|key| (list, key)));
    settlement.learned.extend(found);
}

/// Takes the entry that an Add made.
pub(super) fn created(list: ListKind, rs: &Rs, settlement: &mut Settlement) {
    settlement.learned.extend(entries(list, &rs.answer));
}

/// The entries that an answer shows, whether it looked them up or made them.
fn entries(list: ListKind, answer: &Answer) -> Vec<ListEntry> {
    shown(list, answer).into_iter().map(|(entry, _)| entry).collect()
}

/// The same with when each was changed last, by QuickBooks' own clock, where it told.
pub(crate) fn shown(list: ListKind, answer: &Answer) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    match answer {
        Answer::CustomerQuery(rs) => all_with(
            list,
            &rs.customer_ret,
            |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()),
            of_customer,
        ),
        Answer::CustomerAdd(rs) => all_with(
            list,
            &rs.customer_ret,
            |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()),
            of_customer,
        ),
        Answer::VendorQuery(rs) => {
            all(list, &rs.vendor_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::EmployeeQuery(rs) => {
            all(list, &rs.employee_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::OtherNameQuery(rs) => {
            all(list, &rs.other_name_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::ItemQuery(rs) => {
            all_with(list, rs.items.iter().filter(|item| belongs(list, item)), item_parts, of_item)
        }
        Answer::ItemServiceAdd(rs) => added(list, rs.item_service_ret.clone().map(ItemRet::Service)),
        Answer::ItemNonInventoryAdd(rs) => added(list, rs.item_non_inventory_ret.clone().map(ItemRet::NonInventory)),
        Answer::ItemOtherChargeAdd(rs) => added(list, rs.item_other_charge_ret.clone().map(ItemRet::OtherCharge)),
        Answer::ItemInventoryAdd(rs) => added(list, rs.item_inventory_ret.clone().map(ItemRet::Inventory)),
        Answer::ItemDiscountAdd(rs) => added(list, rs.item_discount_ret.clone().map(ItemRet::Discount)),
        Answer::AccountQuery(rs) => {
            all(list, &rs.account_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::AccountAdd(rs) => {
            all(list, &rs.account_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::TermsQuery(rs) => all(list, &rs.terms, |terms| match terms {
            TermsRet::Standard(it) => (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()),
            TermsRet::DateDriven(it) => (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()),
        }),
        Answer::StandardTermsAdd(rs) => {
            all(list, &rs.standard_terms_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::PaymentMethodQuery(rs) => {
            all(list, &rs.payment_method_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::PaymentMethodAdd(rs) => {
            all(list, &rs.payment_method_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::SalesTaxCodeQuery(rs) => all_with(
            list,
            &rs.sales_tax_code_ret,
            |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()),
            |it| EntryFacts { is_taxable: it.is_taxable, ..EntryFacts::default() },
        ),
        Answer::TemplateQuery(rs) => {
            all(list, &rs.template_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::ClassQuery(rs) => {
            all(list, &rs.class_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        _ => Vec::new(),
    }
}

/// The item that an Add made.
fn added(list: ListKind, item: Option<ItemRet>) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    all_with(list, item.as_ref(), item_parts, of_item)
}

fn item_parts(item: &ItemRet) -> (&str, &ListId, Option<bool>, Option<&DateTime>) {
    (item.full_name(), item.list_id(), Some(item.is_active()), item.time_modified())
}

/// QuickBooks leaves out that an entry is active in some lists.
fn all<'a, T: 'a, N: AsRef<str> + ?Sized + 'a>(
    list: ListKind,
    rets: impl IntoIterator<Item = &'a T>,
    parts: impl Fn(&'a T) -> (&'a N, &'a ListId, Option<bool>, Option<&'a DateTime>),
) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    all_with(list, rets, parts, |_| EntryFacts::default())
}

fn all_with<'a, T: 'a, N: AsRef<str> + ?Sized + 'a>(
    list: ListKind,
    rets: impl IntoIterator<Item = &'a T>,
    parts: impl Fn(&'a T) -> (&'a N, &'a ListId, Option<bool>, Option<&'a DateTime>),
    facts: impl Fn(&'a T) -> EntryFacts,
) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    let entry = |ret: &'a T| {
        let (full_name, list_id, is_active, changed) = parts(ret);
        let (full_name, list_id) = (full_name.as_ref().to_owned(), list_id.to_string());
        let entry = ListEntry { list, full_name, list_id, is_active: is_active.unwrap_or(true), facts: facts(ret) };
        (entry, changed.and_then(DateTime::clock))
    };
    rets.into_iter().map(entry).collect()
}

fn of_customer(customer: &CustomerRet) -> EntryFacts {
    let tax_code = customer.sales_tax_code_ref.as_ref().and_then(Ref::id).map(ToString::to_string);
    EntryFacts { tax_code, ..EntryFacts::default() }
}

fn of_item(item: &ItemRet) -> EntryFacts {
    let kind = match item {
        ItemRet::Service(_) => ItemKind::Service,
        ItemRet::NonInventory(_) => ItemKind::NonInventory,
        ItemRet::OtherCharge(_) => ItemKind::OtherCharge,
        ItemRet::Inventory(_) => ItemKind::Inventory,
        ItemRet::InventoryAssembly(_) => ItemKind::InventoryAssembly,
        ItemRet::FixedAsset(_) => ItemKind::FixedAsset,
        ItemRet::Subtotal(_) => ItemKind::Subtotal,
        ItemRet::Discount(_) => ItemKind::Discount,
        ItemRet::Payment(_) => ItemKind::Payment,
        ItemRet::SalesTax(_) => ItemKind::SalesTax,
        ItemRet::SalesTaxGroup(_) => ItemKind::SalesTaxGroup,
        ItemRet::Group(_) => ItemKind::Group,
    };
    let mut facts = EntryFacts { kind: Some(kind), ..EntryFacts::default() };
    if let ItemRet::SalesTax(item) = item {
        facts.tax_rate = item.tax_rate;
    }
    if let ItemRet::SalesTaxGroup(group) = item {
        facts.tax_items = group.item_sales_tax_ref.iter().filter_map(Ref::id).map(ToString::to_string).collect();
    }
    facts
}

/// Tax items stand in the item list too; on a line they cannot, and as a document's tax nothing else can.
fn belongs(list: ListKind, item: &ItemRet) -> bool {
    let is_tax = matches!(item, ItemRet::SalesTax(_) | ItemRet::SalesTaxGroup(_));
    is_tax == (list == ListKind::SalesTaxItem)
}
