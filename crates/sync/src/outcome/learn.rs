use std::collections::BTreeSet;

use bookferry_qbxml::message::item::ItemRet;
use bookferry_qbxml::message::terms::TermsRet;
use bookferry_qbxml::message_set::{Answer, Rs};
use bookferry_qbxml::status::{Class, explain};

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

fn entries(list: ListKind, answer: &Answer) -> Vec<ListEntry> {
    let entry = |full_name: &str, list_id: &str, is_active: Option<bool>| ListEntry {
        list,
        full_name: full_name.to_owned(),
        list_id: list_id.to_owned(),
        is_active: is_active.unwrap_or(true),
    };
    let mut found = Vec::new();
    match answer {
        Answer::CustomerQuery(rs) => {
            found.extend(
                rs.customer_ret.iter().map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::CustomerAdd(rs) => {
            found.extend(
                rs.customer_ret.iter().map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::ItemQuery(rs) => found.extend(
            rs.items
                .iter()
                .filter(|item| belongs(list, item))
                .map(|item| entry(item.full_name(), item.list_id().as_str(), Some(item.is_active()))),
        ),
        Answer::ItemServiceAdd(rs) => {
            found.extend(
                rs.item_service_ret
                    .iter()
                    .map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::AccountQuery(rs) => {
            found.extend(
                rs.account_ret.iter().map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::AccountAdd(rs) => {
            found.extend(
                rs.account_ret.iter().map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::TermsQuery(rs) => found.extend(rs.terms.iter().map(|terms| match terms {
            TermsRet::Standard(ret) => entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active),
            TermsRet::DateDriven(ret) => entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active),
        })),
        Answer::StandardTermsAdd(rs) => {
            found.extend(
                rs.standard_terms_ret.iter().map(|ret| entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::PaymentMethodQuery(rs) => {
            found.extend(
                rs.payment_method_ret.iter().map(|ret| entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::PaymentMethodAdd(rs) => {
            found.extend(
                rs.payment_method_ret.iter().map(|ret| entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::SalesTaxCodeQuery(rs) => {
            found.extend(
                rs.sales_tax_code_ret.iter().map(|ret| entry(ret.name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        Answer::ClassQuery(rs) => {
            found.extend(
                rs.class_ret.iter().map(|ret| entry(ret.full_name.as_str(), ret.list_id.as_str(), ret.is_active)),
            );
        }
        _ => {}
    }
    found
}

/// Tax items stand in the item list too; on a line they cannot, and as a document's tax nothing else can.
fn belongs(list: ListKind, item: &ItemRet) -> bool {
    let is_tax = matches!(item, ItemRet::SalesTax(_) | ItemRet::SalesTaxGroup(_));
    is_tax == (list == ListKind::SalesTaxItem)
}
