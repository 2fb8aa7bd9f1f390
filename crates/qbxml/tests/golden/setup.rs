//! The company file itself.

use bookferry_qbxml::message::company::{
    CompanyQueryRq, CompanyQueryRs, CompanyRet, HostQueryRq, HostQueryRs, HostRet, QbFileMode,
};
use bookferry_qbxml::message::data_ext::{DataExtRet, DataExtType};
use bookferry_qbxml::message::preferences::{
    AccountingPreferences, PaySalesTax, PreferencesQueryRq, PreferencesQueryRs, PreferencesRet,
    SalesAndCustomersPreferences, SalesTaxPreferences,
};
use bookferry_qbxml::message_set::{Answer, Request};
use bookferry_qbxml::value::Guid;

use crate::Pair;
use crate::pieces::{address, day, known, line, text};

pub(crate) fn pairs() -> Vec<Pair> {
    vec![
        (Request::HostQuery(HostQueryRq::default()), Answer::HostQuery(Box::new(host()))),
        (
            Request::CompanyQuery(CompanyQueryRq {
                owner_id: vec![Guid::custom_fields()],
                ..CompanyQueryRq::default()
            }),
            Answer::CompanyQuery(Box::new(company())),
        ),
        (
            Request::PreferencesQuery(PreferencesQueryRq::default()),
            Answer::PreferencesQuery(Box::new(PreferencesQueryRs { preferences_ret: Some(preferences()) })),
        ),
    ]
}

fn host() -> HostQueryRs {
    HostQueryRs {
        host_ret: Some(HostRet {
            product_name: Some(line("QuickBooks Enterprise Solutions 24.0")),
            major_version: Some(line("34")),
            minor_version: Some(line("0")),
            country: Some(line("US")),
            supported_qbxml_version: vec![line("12.0"), line("13.0"), line("16.0")],
            is_automatic_login: Some(false),
            qb_file_mode: Some(QbFileMode::MultiUser),
        }),
    }
}

fn company() -> CompanyQueryRs {
    let file_id = DataExtRet {
        owner_id: Guid::new("{90A44FB7-33D9-4815-AC85-AC86A7E7D1EB}"),
        data_ext_name: line("FileID"),
        data_ext_type: DataExtType::Str255Type,
        data_ext_value: text("{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}"),
    };
    let company_ret = CompanyRet {
        is_sample_company: Some(false),
        company_name: Some(line("Harbor Auto Glass")),
        address: Some(address()),
        data_ext_ret: vec![file_id],
        ..CompanyRet::default()
    };
    CompanyQueryRs { company_ret: Some(company_ret) }
}

fn preferences() -> PreferencesRet {
    let accounting = AccountingPreferences {
        closing_date: Some(day("2025-12-31")),
        ..AccountingPreferences::new(true, false, true, true, false)
    };
    let sales_tax = SalesTaxPreferences::new(known("State Tax"), PaySalesTax::Monthly, known("Tax"), known("Non"));
    PreferencesRet {
        accounting_preferences: Some(accounting),
        sales_and_customers_preferences: Some(SalesAndCustomersPreferences::new(false, true)),
        sales_tax_preferences: Some(sales_tax),
        ..PreferencesRet::default()
    }
}
