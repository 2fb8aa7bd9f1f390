//! Lists.

use bookferry_qbxml::message::account::*;
use bookferry_qbxml::message::customer::*;
use bookferry_qbxml::message::item::*;
use bookferry_qbxml::message::other_names::*;
use bookferry_qbxml::message::payment_method::*;
use bookferry_qbxml::message::removal::{
    DeletedDateRangeFilter, ListDelType, ListDeletedQueryRq, ListDeletedQueryRs, ListDeletedRet,
};
use bookferry_qbxml::message::select::{ActiveStatus, ByName, ListFilter, ListSelect, MatchCriterion, NameFilter};
use bookferry_qbxml::message::small_list::*;
use bookferry_qbxml::message::terms::*;
use bookferry_qbxml::message_set::{Answer, Request};

use crate::Pair;
use crate::pieces::{
    address, address_block, amount, edit_sequence, entry, known, line, list_id, name, one, percent, price, quantity,
    text, time,
};

pub(crate) fn pairs() -> Vec<Pair> {
    [customers(), other_names(), items(), more_items(), accounts_and_terms(), methods_and_codes()].concat()
}

fn customer_ret() -> CustomerRet {
    CustomerRet {
        time_created: time(),
        time_modified: time(),
        is_active: Some(true),
        sublevel: Some(0),
        company_name: Some(line("M\u{fc}ller Auto & Glass")),
        bill_address: Some(address()),
        bill_address_block: Some(address_block()),
        terms_ref: Some(known("Net 30")),
        balance: Some(amount("270.00")),
        total_balance: Some(amount("270.00")),
        ..CustomerRet::new(
            list_id(),
            edit_sequence(),
            name("M\u{fc}ller Auto & Glass"),
            line("M\u{fc}ller Auto & Glass"),
        )
    }
}

fn customers() -> Vec<Pair> {
    let filter = CustomerFilter {
        max_returned: Some(100),
        active_status: Some(ActiveStatus::All),
        name: Some(ByName::Filter(NameFilter::new(MatchCriterion::StartsWith, line("M\u{fc}ller")))),
        total_balance_filter: Some(TotalBalanceFilter::new(Operator::GreaterThan, amount("0.00"))),
        ..CustomerFilter::default()
    };
    let query = CustomerQueryRq {
        select: Some(CustomerSelect::Filter(filter)),
        include_ret_element: vec![line("ListID")],
        owner_id: Vec::new(),
    };
    let add = CustomerAdd {
        company_name: Some(line("M\u{fc}ller Auto & Glass")),
        first_name: Some(line("Eva")),
        bill_address: Some(address()),
        phone: Some(line("503 555 0117")),
        email: Some(line("eva@example.com")),
        terms_ref: Some(entry("Net 30")),
        notes: Some(text("Rings before nine.\nKnows Karl.")),
        job_status: Some(JobStatus::None),
        ..CustomerAdd::new(name("M\u{fc}ller Auto & Glass"))
    };
    let change = CustomerMod { fax: Some(line("")), ..CustomerMod::new(list_id(), edit_sequence()) };
    let added = CustomerAddRs { customer_ret: Some(customer_ret()), error_recovery: None };
    let changed = CustomerModRs { customer_ret: Some(customer_ret()), error_recovery: None };
    vec![
        (
            Request::CustomerQuery(Box::new(query)),
            Answer::CustomerQuery(CustomerQueryRs { customer_ret: vec![customer_ret(), customer_ret()] }),
        ),
        (Request::CustomerAdd(Box::new(CustomerAddRq::new(add))), Answer::CustomerAdd(Box::new(added))),
        (Request::CustomerMod(Box::new(CustomerModRq::new(change))), Answer::CustomerMod(Box::new(changed))),
    ]
}

fn sale() -> Sale {
    Sale::SalesOrPurchase(SalesOrPurchase {
        desc: Some(text("Windshield, tinted \"green\"")),
        price: Some(SalePrice::Price(price("250.125"))),
        account_ref: Some(entry("Sales")),
    })
}

fn service_ret() -> ItemServiceRet {
    let ret = ItemServiceRet::new(list_id(), edit_sequence(), name("Fitting"), line("Labor:Fitting"));
    ItemServiceRet { time_created: time(), parent_ref: Some(known("Labor")), sale: Some(sale()), ..ret }
}

fn inventory_ret() -> ItemInventoryRet {
    let ret = ItemInventoryRet::new(list_id(), edit_sequence(), name("FW02717"), line("FW02717"));
    ItemInventoryRet { quantity_on_hand: Some(quantity("3")), average_cost: Some(price("81.5")), ..ret }
}

fn other_names() -> Vec<Pair> {
    let inactive = ListFilter { active_status: Some(ActiveStatus::All), ..ListFilter::default() };
    let vendors = VendorQueryRq {
        select: Some(ListSelect::Filter(inactive)),
        include_ret_element: vec![line("ListID"), line("Name")],
        owner_id: Vec::new(),
    };
    let vendor = VendorRet { time_modified: time(), ..VendorRet::new(list_id(), edit_sequence(), name("Glass Works")) };
    let employee =
        EmployeeRet { is_active: Some(false), ..EmployeeRet::new(list_id(), edit_sequence(), name("Eva Lind")) };
    let other_name = OtherNameRet::new(list_id(), edit_sequence(), name("Owner"));
    vec![
        (Request::VendorQuery(Box::new(vendors)), Answer::VendorQuery(VendorQueryRs { vendor_ret: vec![vendor] })),
        (
            Request::EmployeeQuery(Box::default()),
            Answer::EmployeeQuery(EmployeeQueryRs { employee_ret: vec![employee] }),
        ),
        (
            Request::OtherNameQuery(Box::default()),
            Answer::OtherNameQuery(OtherNameQueryRs { other_name_ret: vec![other_name] }),
        ),
    ]
}

fn items() -> Vec<Pair> {
    let names = ListSelect::FullNames(one(line("Labor:Fitting")));
    let all = vec![ItemRet::Service(service_ret()), ItemRet::Inventory(inventory_ret())];
    let both = SalesAndPurchase {
        sales_price: Some(price("12")),
        income_account_ref: Some(entry("Sales")),
        purchase_cost: Some(price("7.99999")),
        expense_account_ref: Some(entry("Cost of Goods Sold")),
        ..SalesAndPurchase::default()
    };
    let part = ItemNonInventoryAdd::new(name("Clip"), Sale::SalesAndPurchase(both));
    let stocked = ItemInventoryAdd {
        income_account_ref: Some(entry("Sales")),
        cogs_account_ref: Some(entry("Cost of Goods Sold")),
        asset_account_ref: Some(entry("Inventory Asset")),
        max: Some(quantity("10")),
        ..ItemInventoryAdd::new(name("FW02717"))
    };
    let clip = ItemNonInventoryRet::new(list_id(), edit_sequence(), name("Clip"), line("Clip"));
    let added = ItemNonInventoryAddRs { item_non_inventory_ret: Some(clip), error_recovery: None };
    let service_added = ItemServiceAddRs { item_service_ret: Some(service_ret()), error_recovery: None };
    let stocked_added = ItemInventoryAddRs { item_inventory_ret: Some(inventory_ret()), error_recovery: None };
    let service = ItemServiceAdd { parent_ref: Some(entry("Labor")), ..ItemServiceAdd::new(name("Fitting"), sale()) };
    vec![
        (
            Request::ItemQuery(Box::new(ItemQueryRq { select: Some(names), ..ItemQueryRq::default() })),
            Answer::ItemQuery(ItemQueryRs { items: all }),
        ),
        (
            Request::ItemServiceAdd(Box::new(ItemServiceAddRq::new(service))),
            Answer::ItemServiceAdd(Box::new(service_added)),
        ),
        (
            Request::ItemNonInventoryAdd(Box::new(ItemNonInventoryAddRq::new(part))),
            Answer::ItemNonInventoryAdd(Box::new(added)),
        ),
        (
            Request::ItemInventoryAdd(Box::new(ItemInventoryAddRq::new(stocked))),
            Answer::ItemInventoryAdd(Box::new(stocked_added)),
        ),
    ]
}

fn more_items() -> Vec<Pair> {
    let charge = ItemOtherChargeRet::new(list_id(), edit_sequence(), name("Delivery"), line("Delivery"));
    let rate = Some(DiscountRate::DiscountRatePercent(percent("10")));
    let discount = ItemDiscountAdd { discount_rate: rate.clone(), ..ItemDiscountAdd::new(name("Trade")) };
    let discount_ret = ItemDiscountRet {
        discount_rate: rate,
        ..ItemDiscountRet::new(list_id(), edit_sequence(), name("Trade"), line("Trade"))
    };
    let tax = ItemSalesTaxAdd {
        tax_rate: Some(percent("8.25")),
        tax_vendor_ref: Some(entry("State Board")),
        ..ItemSalesTaxAdd::new(name("State Tax"))
    };
    let tax_ret = ItemSalesTaxRet {
        tax_rate: Some(percent("8.25")),
        ..ItemSalesTaxRet::new(list_id(), edit_sequence(), name("State Tax"))
    };
    let taxes = ItemSalesTaxSelect::ListIds(one(list_id()));
    vec![
        (
            Request::ItemOtherChargeAdd(Box::new(ItemOtherChargeAddRq::new(ItemOtherChargeAdd::new(
                name("Delivery"),
                sale(),
            )))),
            Answer::ItemOtherChargeAdd(Box::new(ItemOtherChargeAddRs {
                item_other_charge_ret: Some(charge),
                error_recovery: None,
            })),
        ),
        (
            Request::ItemDiscountAdd(Box::new(ItemDiscountAddRq::new(discount))),
            Answer::ItemDiscountAdd(Box::new(ItemDiscountAddRs {
                item_discount_ret: Some(discount_ret),
                error_recovery: None,
            })),
        ),
        (
            Request::ItemSalesTaxAdd(Box::new(ItemSalesTaxAddRq::new(tax))),
            Answer::ItemSalesTaxAdd(Box::new(ItemSalesTaxAddRs {
                item_sales_tax_ret: Some(tax_ret.clone()),
                error_recovery: None,
            })),
        ),
        (
            Request::ItemSalesTaxQuery(Box::new(ItemSalesTaxQueryRq {
                select: Some(taxes),
                ..ItemSalesTaxQueryRq::default()
            })),
            Answer::ItemSalesTaxQuery(ItemSalesTaxQueryRs { item_sales_tax_ret: vec![tax_ret] }),
        ),
    ]
}

fn accounts_and_terms() -> Vec<Pair> {
    let account_ret = AccountRet {
        account_type: Some(AccountType::Income),
        balance: Some(amount("-12.30")),
        ..AccountRet::new(list_id(), edit_sequence(), name("Sales"), line("Sales"))
    };
    let filter =
        AccountFilter { account_type: vec![AccountType::Income, AccountType::OtherIncome], ..AccountFilter::default() };
    let accounts = AccountQueryRq { select: Some(AccountSelect::Filter(filter)), ..AccountQueryRq::default() };
    let standard = StandardTermsRet {
        std_due_days: Some(30),
        discount_pct: Some(percent("2")),
        ..StandardTermsRet::new(list_id(), edit_sequence(), name("2% 10 Net 30"))
    };
    let driven = DateDrivenTermsRet {
        day_of_month_due: Some(15),
        ..DateDrivenTermsRet::new(list_id(), edit_sequence(), name("The 15th"))
    };
    let both = vec![TermsRet::Standard(standard.clone()), TermsRet::DateDriven(driven)];
    let all = ListFilter { active_status: Some(ActiveStatus::All), ..ListFilter::default() };
    let net = StandardTermsAdd { std_due_days: Some(30), ..StandardTermsAdd::new(name("Net 30")) };
    vec![
        (
            Request::AccountQuery(Box::new(accounts)),
            Answer::AccountQuery(AccountQueryRs { account_ret: vec![account_ret.clone()] }),
        ),
        (
            Request::AccountAdd(Box::new(AccountAddRq::new(AccountAdd::new(name("Sales"), AccountType::Income)))),
            Answer::AccountAdd(Box::new(AccountAddRs { account_ret: Some(account_ret), error_recovery: None })),
        ),
        (
            Request::TermsQuery(Box::new(TermsQueryRq {
                select: Some(ListSelect::Filter(all)),
                ..TermsQueryRq::default()
            })),
            Answer::TermsQuery(TermsQueryRs { terms: both }),
        ),
        (
            Request::StandardTermsQuery(Box::default()),
            Answer::StandardTermsQuery(StandardTermsQueryRs { standard_terms_ret: vec![standard.clone()] }),
        ),
        (
            Request::StandardTermsAdd(Box::new(StandardTermsAddRq::new(net))),
            Answer::StandardTermsAdd(Box::new(StandardTermsAddRs {
                standard_terms_ret: Some(standard),
                error_recovery: None,
            })),
        ),
    ]
}

fn methods_and_codes() -> Vec<Pair> {
    let check = PaymentMethodRet {
        payment_method_type: Some(PaymentMethodType::Check),
        ..PaymentMethodRet::new(list_id(), edit_sequence(), name("Check"))
    };
    let method = PaymentMethodAdd {
        payment_method_type: Some(PaymentMethodType::Check),
        ..PaymentMethodAdd::new(name("Check"))
    };
    let code = SalesTaxCodeRet {
        is_taxable: Some(true),
        desc: Some(text("Taxable Sales")),
        ..SalesTaxCodeRet::new(list_id(), edit_sequence(), name("Tax"))
    };
    let class = ClassRet::new(list_id(), edit_sequence(), name("North"), line("Shops:North"));
    let template = TemplateRet {
        template_type: Some(TemplateType::Invoice),
        ..TemplateRet::new(list_id(), edit_sequence(), name("Intuit Service Invoice"))
    };
    let deleted = ListDeletedRet { time_deleted: time(), ..ListDeletedRet::new(ListDelType::Customer, list_id()) };
    let deletions = ListDeletedQueryRq {
        deleted_date_range_filter: Some(DeletedDateRangeFilter { from_deleted_date: time(), to_deleted_date: None }),
        ..ListDeletedQueryRq::new(one(ListDelType::Customer))
    };
    vec![
        (
            Request::PaymentMethodQuery(Box::default()),
            Answer::PaymentMethodQuery(PaymentMethodQueryRs { payment_method_ret: vec![check.clone()] }),
        ),
        (
            Request::PaymentMethodAdd(Box::new(PaymentMethodAddRq::new(method))),
            Answer::PaymentMethodAdd(Box::new(PaymentMethodAddRs {
                payment_method_ret: Some(check),
                error_recovery: None,
            })),
        ),
        (
            Request::SalesTaxCodeQuery(Box::default()),
            Answer::SalesTaxCodeQuery(SalesTaxCodeQueryRs { sales_tax_code_ret: vec![code] }),
        ),
        (Request::ClassQuery(Box::default()), Answer::ClassQuery(ClassQueryRs { class_ret: vec![class] })),
        (
            Request::TemplateQuery(TemplateQueryRq::default()),
            Answer::TemplateQuery(TemplateQueryRs { template_ret: vec![template] }),
        ),
        (
            Request::ListDeletedQuery(deletions),
            Answer::ListDeletedQuery(ListDeletedQueryRs { list_deleted_ret: vec![deleted] }),
        ),
    ]
}
