//! The company file and the QuickBooks that has it open (qbxml.md sections 8.1 and 8.2).

use crate::message::address::{Address, AddressBlock};
use crate::message::data_ext::DataExtRet;
use crate::value::{Guid, Line};
use crate::{aggregate, words};

aggregate! {
    struct HostQueryRq {
        include_list_meta_data: Option<IncludeListMetaData> = "IncludeListMetaData",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct IncludeListMetaData {
        include_max_capacity: bool = "IncludeMaxCapacity",
    }
}

aggregate! {
    struct HostQueryRs {
        host_ret: Option<HostRet> = "HostRet",
    }
}

aggregate! {
    struct HostRet {
        product_name: Option<Line<255>> = "ProductName",
        major_version: Option<Line<5>> = "MajorVersion",
        minor_version: Option<Line<5>> = "MinorVersion",
        country: Option<Line<2>> = "Country",
        supported_qbxml_version: Vec<Line<10>> = "SupportedQBXMLVersion",
        is_automatic_login: Option<bool> = "IsAutomaticLogin",
        qb_file_mode: Option<QbFileMode> = "QBFileMode",
    }
}

words! {
    enum QbFileMode {
        MultiUser,
        SingleUser,
    }
}

aggregate! {
    struct CompanyQueryRq {
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct CompanyQueryRs {
        company_ret: Option<CompanyRet> = "CompanyRet",
    }
}

aggregate! {
    struct CompanyRet {
        is_sample_company: Option<bool> = "IsSampleCompany",
        company_name: Option<Line<59>> = "CompanyName",
        legal_company_name: Option<Line<59>> = "LegalCompanyName",
        address: Option<Address> = "Address",
        address_block: Option<AddressBlock> = "AddressBlock",
        legal_address: Option<Address> = "LegalAddress",
        company_address_for_customer: Option<Address> = "CompanyAddressForCustomer",
        company_address_block_for_customer: Option<AddressBlock> = "CompanyAddressBlockForCustomer",
        phone: Option<Line<51>> = "Phone",
        fax: Option<Line<51>> = "Fax",
        email: Option<Line<1023>> = "Email",
        company_web_site: Option<Line<128>> = "CompanyWebSite",
        first_month_fiscal_year: Option<Month> = "FirstMonthFiscalYear",
        first_month_income_tax_year: Option<Month> = "FirstMonthIncomeTaxYear",
        company_type: Option<Line<255>> = "CompanyType",
        ein: Option<Line<20>> = "EIN",
        ssn: Option<Line<11>> = "SSN",
        tax_form: Option<TaxForm> = "TaxForm",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

words! {
    enum Month {
        January,
        February,
        March,
        April,
        May,
        June,
        July,
        August,
        September,
        October,
        November,
        December,
    }
}

words! {
    enum TaxForm {
        Form1040,
        Form1065,
        Form1120,
        Form1120S,
        Form990,
        Form990PF,
        Form990T,
        OtherOrNone,
    }
}
