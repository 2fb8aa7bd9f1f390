use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::account::{AccountAdd, AccountAddRq, AccountQueryRq, AccountSelect};
use bookferry_qbxml::message::address::Address as QbAddress;
use bookferry_qbxml::message::customer::{CustomerAdd, CustomerAddRq, CustomerQueryRq, CustomerSelect};
use bookferry_qbxml::message::item::ItemQueryRq;
use bookferry_qbxml::message::other_names::{EmployeeQueryRq, OtherNameQueryRq, VendorQueryRq};
use bookferry_qbxml::message::payment_method::{
    PaymentMethodAdd, PaymentMethodAddRq, PaymentMethodQueryRq, PaymentMethodSelect, PaymentMethodType,
};
use bookferry_qbxml::message::select::ListSelect;
use bookferry_qbxml::message::small_list::{ClassQueryRq, SalesTaxCodeQueryRq, TemplateQueryRq};
use bookferry_qbxml::message::terms::{StandardTermsAdd, StandardTermsAddRq, TermsQueryRq};
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Line, Ref};

use super::{entry_told, item, name, optional_line, unfit};
use crate::cause::{Cause, NameTrouble};
use crate::company::Settings;
use crate::created_items;
use crate::facts::ItemKind;
use crate::list::ListKind;
use crate::need::{Need, quickbooks_name};
use crate::plan::Candidate;
use crate::record::Address;

/// Asks for entries by their full names. QuickBooks answers those it has, and says 500 where one is missing.
///
/// Names that QuickBooks could not even store are left out: it has none of them.
pub fn look_up(list: ListKind, full_names: &[String]) -> Request {
    let names = full_names.iter().filter_map(|name| Line::new("FullName", name.as_str()).ok()).collect();
    let names = OneOrMore::new(names);
    let include_ret_element = entry_told(list);
    match list {
        ListKind::Customer => Request::CustomerQuery(Box::new(CustomerQueryRq {
            select: names.map(CustomerSelect::FullNames),
            include_ret_element,
            ..CustomerQueryRq::default()
        })),
        ListKind::Vendor => Request::VendorQuery(Box::new(VendorQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
            ..VendorQueryRq::default()
        })),
        ListKind::Employee => Request::EmployeeQuery(Box::new(EmployeeQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
            ..EmployeeQueryRq::default()
        })),
        ListKind::OtherName => Request::OtherNameQuery(Box::new(OtherNameQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
            ..OtherNameQueryRq::default()
        })),
        ListKind::Item | ListKind::SalesTaxItem => Request::ItemQuery(Box::new(ItemQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
            ..ItemQueryRq::default()
        })),
        ListKind::Account => Request::AccountQuery(Box::new(AccountQueryRq {
            select: names.map(AccountSelect::FullNames),
            include_ret_element,
            ..AccountQueryRq::default()
        })),
        ListKind::Terms => Request::TermsQuery(Box::new(TermsQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
        })),
        ListKind::PaymentMethod => Request::PaymentMethodQuery(Box::new(PaymentMethodQueryRq {
            select: names.map(PaymentMethodSelect::FullNames),
            include_ret_element,
        })),
        ListKind::SalesTaxCode => Request::SalesTaxCodeQuery(Box::new(SalesTaxCodeQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
        })),
        ListKind::Class => Request::ClassQuery(Box::new(ClassQueryRq {
            select: names.map(ListSelect::FullNames),
            include_ret_element,
        })),
        // Templates cannot be asked for by name; all of them are few.
        ListKind::Template => Request::TemplateQuery(TemplateQueryRq { include_ret_element }),
    }
}

/// Creates an entry that is missing, with what the record tells about it; an item as one of this kind.
pub fn create(
    need: &Need,
    kind: Option<ItemKind>,
    candidate: &Candidate,
    settings: &Settings,
) -> Result<Request, Cause> {
    match need.list {
        ListKind::Customer => customer(need, candidate),
        ListKind::Item => item::create(need, kind.unwrap_or(ItemKind::Service), &candidate.content, settings),
        ListKind::Account => {
            let account_type = created_items::account_type(need, settings);
            let account =
                AccountAdd { parent_ref: parent(need)?, ..AccountAdd::new(name("Name", need.name())?, account_type) };
            Ok(Request::AccountAdd(Box::new(AccountAddRq::new(account))))
        }
        ListKind::Terms => terms(need),
        ListKind::PaymentMethod => {
            let method = PaymentMethodAdd {
                payment_method_type: Some(payment_method_type(need.name())),
                ..PaymentMethodAdd::new(name("Name", need.name())?)
            };
            Ok(Request::PaymentMethodAdd(Box::new(PaymentMethodAddRq::new(method))))
        }
        ListKind::Vendor
        | ListKind::Employee
        | ListKind::OtherName
        | ListKind::SalesTaxCode
        | ListKind::SalesTaxItem
        | ListKind::Class
        | ListKind::Template => Err(Cause::new(
            NameTrouble::Missing.code(need.list),
            format!(
                "QuickBooks has no {} named \u{201c}{}\u{201d}. Create it there, then press Retry.",
                need.list.noun(),
                need.full_name
            ),
            need.full_name.clone(),
        )),
    }
}

/// A job goes under its customer; only the entry that the record itself names gets its address and telephone number.
fn customer(need: &Need, candidate: &Candidate) -> Result<Request, Cause> {
    let content = candidate.content.customer();
    let mut add = CustomerAdd { parent_ref: parent(need)?, ..CustomerAdd::new(name("Name", need.name())?) };
    if Need::new(ListKind::Customer, &content.name).as_key() == need.as_key() {
        add.bill_address = content.billing_address.as_ref().map(|address| bill_address(address, None)).transpose()?;
        add.phone = optional_line("Phone", content.phone.as_deref())?;
        add.email = optional_line("Email", content.email.as_deref())?;
    }
    Ok(Request::CustomerAdd(Box::new(CustomerAddRq::new(add))))
}

pub(super) fn parent<const MAX: usize>(need: &Need) -> Result<Option<Ref<MAX>>, Cause> {
    need.parent().map(|parent| Line::new("ParentRef", parent.full_name).map(Ref::by_name).map_err(unfit)).transpose()
}

/// Why an entry of this name cannot be created, in the bookkeeper's words, where its name does not tell all that QuickBooks
/// wants to know.
pub fn uncreatable(list: ListKind, name: &str) -> Option<String> {
    let need = Need::new(list, name);
    (list == ListKind::Terms && days(&need).is_none()).then(|| terms_without_days(&need))
}

fn terms_without_days(need: &Need) -> String {
    format!(
        "QuickBooks has no terms named \u{201c}{}\u{201d}, and their name does not tell the days until payment, as \u{201c}Net \
         30\u{201d} does. Link them to terms that QuickBooks has, or create them there and press Retry.",
        need.full_name
    )
}

fn days(need: &Need) -> Option<i64> {
    need.name().rsplit(' ').next().and_then(|word| word.parse().ok()).filter(|days| (0..=999).contains(days))
}

fn terms(need: &Need) -> Result<Request, Cause> {
    let Some(days) = days(need) else {
        return Err(Cause::new(NameTrouble::Missing.code(need.list), terms_without_days(need), need.full_name.clone()));
    };
    let add = StandardTermsAdd { std_due_days: Some(days), ..StandardTermsAdd::new(name("Name", need.name())?) };
    Ok(Request::StandardTermsAdd(Box::new(StandardTermsAddRq::new(add))))
}

fn payment_method_type(name: &str) -> PaymentMethodType {
    match name.to_lowercase().as_str() {
        "cash" => PaymentMethodType::Cash,
        "check" | "cheque" => PaymentMethodType::Check,
        "visa" => PaymentMethodType::Visa,
        "mastercard" | "master card" => PaymentMethodType::MasterCard,
        "american express" | "amex" => PaymentMethodType::AmericanExpress,
        "discover" => PaymentMethodType::Discover,
        "debit card" => PaymentMethodType::DebitCard,
        "e-check" | "echeck" | "ach" => PaymentMethodType::ECheck,
        "gift card" => PaymentMethodType::GiftCard,
        _ => PaymentMethodType::Other,
    }
}

/// `addressee` goes on top where there is room: a printed address has five lines at most (qbxml.md section 6.3).
pub(super) fn bill_address(address: &Address, addressee: Option<&str>) -> Result<QbAddress, Cause> {
    let street = [&address.line1, &address.line2, &address.line3];
    let mut lines: Vec<&str> =
        street.into_iter().flatten().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
    let addressee = addressee.map(quickbooks_name).filter(|name| name.chars().count() <= Line::<41>::LENGTH_MAX);
    if let Some(addressee) = addressee.as_deref().filter(|_| lines.len() < 3) {
        lines.insert(0, addressee);
    }
    Ok(QbAddress {
        addr1: optional_line("Addr1", lines.first().copied())?,
        addr2: optional_line("Addr2", lines.get(1).copied())?,
        addr3: optional_line("Addr3", lines.get(2).copied())?,
        city: optional_line("City", address.city.as_deref())?,
        state: optional_line("State", address.state.as_deref())?,
        postal_code: optional_line("PostalCode", address.postal_code.as_deref())?,
        country: optional_line("Country", address.country.as_deref())?,
        ..QbAddress::default()
    })
}
