#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request shows no entries of ours")]

use std::collections::BTreeSet;

use bookferry_qbxml::message::item::ItemRet;
use bookferry_qbxml::message::terms::TermsRet;
use bookferry_qbxml::message_set::{Answer, Rs};
use bookferry_qbxml::status::{Class, explain};
use bookferry_qbxml::value::{DateTime, ListId};
use jiff::civil;

use super::Settlement;
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
        Answer::CustomerQuery(rs) => {
            all(list, &rs.customer_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::CustomerAdd(rs) => {
            all(list, &rs.customer_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
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
            let items = rs.items.iter().filter(|item| belongs(list, item));
            all(list, items, |it| (it.full_name(), it.list_id(), Some(it.is_active()), it.time_modified()))
        }
        Answer::ItemServiceAdd(rs) => {
            all(list, &rs.item_service_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
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
        Answer::SalesTaxCodeQuery(rs) => {
            all(list, &rs.sales_tax_code_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::TemplateQuery(rs) => {
            all(list, &rs.template_ret, |it| (&it.name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        Answer::ClassQuery(rs) => {
            all(list, &rs.class_ret, |it| (&it.full_name, &it.list_id, it.is_active, it.time_modified.as_ref()))
        }
        _ => Vec::new(),
    }
}

/// QuickBooks leaves out that an entry is active in some lists.
fn all<'a, T: 'a, N: AsRef<str> + ?Sized + 'a>(
    list: ListKind,
    rets: impl IntoIterator<Item = &'a T>,
    parts: impl Fn(&'a T) -> (&'a N, &'a ListId, Option<bool>, Option<&'a DateTime>),
) -> Vec<(ListEntry, Option<civil::DateTime>)> {
    let entry = |(full_name, list_id, is_active, changed): (&N, &ListId, Option<bool>, Option<&DateTime>)| {
        let (full_name, list_id) = (full_name.as_ref().to_owned(), list_id.to_string());
        let entry = ListEntry { list, full_name, list_id, is_active: is_active.unwrap_or(true) };
        (entry, changed.and_then(DateTime::clock))
    };
    rets.into_iter().map(|ret| entry(parts(ret))).collect()
}

/// Tax items stand in the item list too; on a line they cannot, and as a document's tax nothing else can.
fn belongs(list: ListKind, item: &ItemRet) -> bool {
    let is_tax = matches!(item, ItemRet::SalesTax(_) | ItemRet::SalesTaxGroup(_));
    is_tax == (list == ListKind::SalesTaxItem)
}
