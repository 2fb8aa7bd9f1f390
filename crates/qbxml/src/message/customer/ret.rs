use super::{AdditionalContactRef, JobStatus, PreferredDeliveryMethod};
use crate::aggregate;
use crate::message::address::{Address, AddressBlock, ShipToAddress};
use crate::message::data_ext::DataExtRet;
use crate::value::{Amount, Date, DateTime, EditSequence, Guid, Line, ListId, Name, Ref, Text, UNBOUNDED};

aggregate! {
    /// `balance` is that of this customer or job alone, `total_balance` includes its jobs (qbxml.md section 9.3).
    struct CustomerRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<41> = "Name",
        full_name: Line<209> = "FullName",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        company_name: Option<Line<41>> = "CompanyName",
        salutation: Option<Line<15>> = "Salutation",
        first_name: Option<Line<25>> = "FirstName",
        middle_name: Option<Line<5>> = "MiddleName",
        last_name: Option<Line<25>> = "LastName",
        job_title: Option<Line<41>> = "JobTitle",
        bill_address: Option<Address> = "BillAddress",
        bill_address_block: Option<AddressBlock> = "BillAddressBlock",
        ship_address: Option<Address> = "ShipAddress",
        ship_address_block: Option<AddressBlock> = "ShipAddressBlock",
        ship_to_address: Vec<ShipToAddress> = "ShipToAddress",
        phone: Option<Line<21>> = "Phone",
        alt_phone: Option<Line<21>> = "AltPhone",
        fax: Option<Line<21>> = "Fax",
        email: Option<Line<1023>> = "Email",
        cc: Option<Line<1023>> = "Cc",
        contact: Option<Line<41>> = "Contact",
        alt_contact: Option<Line<41>> = "AltContact",
        additional_contact_ref: Vec<AdditionalContactRef> = "AdditionalContactRef",
        customer_type_ref: Option<Ref<159>> = "CustomerTypeRef",
        terms_ref: Option<Ref<31>> = "TermsRef",
        sales_rep_ref: Option<Ref<5>> = "SalesRepRef",
        balance: Option<Amount> = "Balance",
        total_balance: Option<Amount> = "TotalBalance",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        item_sales_tax_ref: Option<Ref<31>> = "ItemSalesTaxRef",
        resale_number: Option<Line<15>> = "ResaleNumber",
        account_number: Option<Line<99>> = "AccountNumber",
        credit_limit: Option<Amount> = "CreditLimit",
        preferred_payment_method_ref: Option<Ref<31>> = "PreferredPaymentMethodRef",
        job_status: Option<JobStatus> = "JobStatus",
        job_start_date: Option<Date> = "JobStartDate",
        job_projected_end_date: Option<Date> = "JobProjectedEndDate",
        job_end_date: Option<Date> = "JobEndDate",
        job_desc: Option<Text<99>> = "JobDesc",
        job_type_ref: Option<Ref<159>> = "JobTypeRef",
        notes: Option<Text<4095>> = "Notes",
        additional_notes_ret: Vec<AdditionalNotesRet> = "AdditionalNotesRet",
        preferred_delivery_method: Option<PreferredDeliveryMethod> = "PreferredDeliveryMethod",
        price_level_ref: Option<Ref<31>> = "PriceLevelRef",
        external_guid: Option<Guid> = "ExternalGUID",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

aggregate! {
    struct AdditionalNotesRet {
        note_id: i64 = "NoteID",
        date: Date = "Date",
        note: Line<4095> = "Note",
    }
}
