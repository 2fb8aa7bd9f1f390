//! Reading lists whole, or what changed in them, as opposed to looking names up.

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::account::{AccountFilter, AccountQueryRq, AccountSelect};
use bookferry_qbxml::message::customer::{CustomerFilter, CustomerQueryRq, CustomerSelect};
use bookferry_qbxml::message::item::ItemQueryRq;
use bookferry_qbxml::message::other_names::{EmployeeQueryRq, OtherNameQueryRq, VendorQueryRq};
use bookferry_qbxml::message::payment_method::{PaymentMethodFilter, PaymentMethodQueryRq, PaymentMethodSelect};
use bookferry_qbxml::message::removal::{DeletedDateRangeFilter, ListDelType, ListDeletedQueryRq};
use bookferry_qbxml::message::select::{ActiveStatus, ByName, ListFilter, ListSelect};
use bookferry_qbxml::message::small_list::{ClassQueryRq, SalesTaxCodeQueryRq, TemplateQueryRq};
use bookferry_qbxml::message::terms::TermsQueryRq;
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::DateTime;

use super::{tax_told, told};
use crate::list::ListKind;

/// What of an entry is read.
const ENTRY_READ: [&str; 6] = ["ListID", "TimeModified", "EditSequence", "Name", "FullName", "IsActive"];

/// Which entries of a list are read; inactive ones always are, since their names block new ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Portion {
    /// Only with an iterator.
    pub(crate) max_returned: Option<i64>,
    /// Changed then or later, by QuickBooks' own clock.
    pub(crate) changed_since: Option<DateTime>,
    pub(crate) name: Option<ByName>,
}

/// Asks for a portion of a list.
pub(crate) fn read(list: ListKind, portion: Portion) -> Request {
    // Tax items come with the other items.
    let tax = tax_told(if list == ListKind::Item { ListKind::SalesTaxItem } else { list });
    let include_ret_element = told(&[ENTRY_READ.as_slice(), tax].concat());
    match list {
        ListKind::Customer => Request::CustomerQuery(Box::new(CustomerQueryRq {
            select: Some(customers(portion)),
            include_ret_element,
            ..CustomerQueryRq::default()
        })),
        ListKind::Vendor => Request::VendorQuery(Box::new(VendorQueryRq {
            select: Some(entries(portion)),
            include_ret_element,
            ..VendorQueryRq::default()
        })),
        ListKind::Employee => Request::EmployeeQuery(Box::new(EmployeeQueryRq {
            select: Some(entries(portion)),
            include_ret_element,
            ..EmployeeQueryRq::default()
        })),
        ListKind::OtherName => Request::OtherNameQuery(Box::new(OtherNameQueryRq {
            select: Some(entries(portion)),
            include_ret_element,
            ..OtherNameQueryRq::default()
        })),
        ListKind::Item | ListKind::SalesTaxItem => Request::ItemQuery(Box::new(ItemQueryRq {
            select: Some(entries(portion)),
            include_ret_element,
            ..ItemQueryRq::default()
        })),
        ListKind::Account => Request::AccountQuery(Box::new(AccountQueryRq {
            select: Some(accounts(portion)),
            include_ret_element,
            ..AccountQueryRq::default()
        })),
        ListKind::Terms => {
            Request::TermsQuery(Box::new(TermsQueryRq { select: Some(entries(portion)), include_ret_element }))
        }
        ListKind::PaymentMethod => Request::PaymentMethodQuery(Box::new(PaymentMethodQueryRq {
            select: Some(payment_methods(portion)),
            include_ret_element,
        })),
        ListKind::SalesTaxCode => Request::SalesTaxCodeQuery(Box::new(SalesTaxCodeQueryRq {
            select: Some(entries(portion)),
            include_ret_element,
        })),
        ListKind::Class => {
            Request::ClassQuery(Box::new(ClassQueryRq { select: Some(entries(portion)), include_ret_element }))
        }
        ListKind::Template => Request::TemplateQuery(TemplateQueryRq { include_ret_element }),
    }
}

fn customers(portion: Portion) -> CustomerSelect {
    CustomerSelect::Filter(CustomerFilter {
        max_returned: portion.max_returned,
        active_status: Some(ActiveStatus::All),
        from_modified_date: portion.changed_since,
        name: portion.name,
        ..CustomerFilter::default()
    })
}

fn accounts(portion: Portion) -> AccountSelect {
    AccountSelect::Filter(AccountFilter {
        max_returned: portion.max_returned,
        active_status: Some(ActiveStatus::All),
        from_modified_date: portion.changed_since,
        name: portion.name,
        ..AccountFilter::default()
    })
}

fn payment_methods(portion: Portion) -> PaymentMethodSelect {
    PaymentMethodSelect::Filter(PaymentMethodFilter {
        max_returned: portion.max_returned,
        active_status: Some(ActiveStatus::All),
        from_modified_date: portion.changed_since,
        name: portion.name,
        ..PaymentMethodFilter::default()
    })
}

fn entries(portion: Portion) -> ListSelect {
    ListSelect::Filter(ListFilter {
        max_returned: portion.max_returned,
        active_status: Some(ActiveStatus::All),
        from_modified_date: portion.changed_since,
        name: portion.name,
        ..ListFilter::default()
    })
}

/// Asks which entries of a list were deleted; `None` for a list whose deletions QuickBooks does not tell.
pub(crate) fn deleted(list: ListKind, since: DateTime) -> Option<Request> {
    let list_del_type = OneOrMore::new(deletion_types(list).to_vec())?;
    let range = DeletedDateRangeFilter { from_deleted_date: Some(since), to_deleted_date: None };
    let deleted_date_range_filter = Some(range);
    let include_ret_element = told(&["ListDelType", "ListID", "TimeDeleted"]);
    let query = ListDeletedQueryRq { list_del_type, deleted_date_range_filter, include_ret_element };
    Some(Request::ListDeletedQuery(query))
}

const fn deletion_types(list: ListKind) -> &'static [ListDelType] {
    match list {
        ListKind::Customer => &[ListDelType::Customer],
        ListKind::Vendor => &[ListDelType::Vendor],
        ListKind::Employee => &[ListDelType::Employee],
        ListKind::OtherName => &[ListDelType::OtherName],
        ListKind::Item | ListKind::SalesTaxItem => &[
            ListDelType::ItemDiscount,
            ListDelType::ItemFixedAsset,
            ListDelType::ItemGroup,
            ListDelType::ItemInventory,
            ListDelType::ItemInventoryAssembly,
            ListDelType::ItemNonInventory,
            ListDelType::ItemOtherCharge,
            ListDelType::ItemPayment,
            ListDelType::ItemSalesTax,
            ListDelType::ItemSalesTaxGroup,
            ListDelType::ItemService,
            ListDelType::ItemSubtotal,
        ],
        ListKind::Account => &[ListDelType::Account],
        ListKind::Terms => &[ListDelType::StandardTerms, ListDelType::DateDrivenTerms],
        ListKind::PaymentMethod => &[ListDelType::PaymentMethod],
        ListKind::SalesTaxCode => &[ListDelType::SalesTaxCode],
        ListKind::Class => &[ListDelType::Class],
        ListKind::Template => &[],
    }
}
