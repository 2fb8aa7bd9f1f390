use super::CustomerRet;
use crate::message::address::{Address, ShipToAddress};
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{Amount, Date, EditSequence, Guid, Line, ListId, Name, Ref, Text, UNBOUNDED};
use crate::{aggregate, words};

aggregate! {
    struct CustomerAddRq {
        customer_add: CustomerAdd = "CustomerAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct CustomerAddRs {
        customer_ret: Option<CustomerRet> = "CustomerRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// `open_balance` would create an invoice of its own (qbxml.md section 9.3).
    struct CustomerAdd {
        name: Name<41> = "Name",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        company_name: Option<Line<41>> = "CompanyName",
        salutation: Option<Line<15>> = "Salutation",
        first_name: Option<Line<25>> = "FirstName",
        middle_name: Option<Line<5>> = "MiddleName",
        last_name: Option<Line<25>> = "LastName",
        job_title: Option<Line<41>> = "JobTitle",
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
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
        open_balance: Option<Amount> = "OpenBalance",
        open_balance_date: Option<Date> = "OpenBalanceDate",
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
        additional_notes: Vec<AdditionalNotes> = "AdditionalNotes",
        preferred_delivery_method: Option<PreferredDeliveryMethod> = "PreferredDeliveryMethod",
        price_level_ref: Option<Ref<31>> = "PriceLevelRef",
        external_guid: Option<Guid> = "ExternalGUID",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
    }
}

aggregate! {
    struct CustomerModRq {
        customer_mod: CustomerMod = "CustomerMod",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct CustomerModRs {
        customer_ret: Option<CustomerRet> = "CustomerRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// A field left out keeps its value; a text that is empty clears it (qbxml.md section 7).
    struct CustomerMod {
        list_id: ListId = "ListID",
        edit_sequence: EditSequence = "EditSequence",
        name: Option<Name<41>> = "Name",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        company_name: Option<Line<41>> = "CompanyName",
        salutation: Option<Line<15>> = "Salutation",
        first_name: Option<Line<25>> = "FirstName",
        middle_name: Option<Line<5>> = "MiddleName",
        last_name: Option<Line<25>> = "LastName",
        job_title: Option<Line<41>> = "JobTitle",
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
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
        additional_notes_mod: Vec<AdditionalNotesMod> = "AdditionalNotesMod",
        preferred_delivery_method: Option<PreferredDeliveryMethod> = "PreferredDeliveryMethod",
        price_level_ref: Option<Ref<31>> = "PriceLevelRef",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
    }
}

aggregate! {
    struct AdditionalContactRef {
        contact_name: Line<40> = "ContactName",
        contact_value: Line<255> = "ContactValue",
    }
}

aggregate! {
    struct AdditionalNotes {
        note: Line<4095> = "Note",
    }
}

aggregate! {
    struct AdditionalNotesMod {
        note_id: i64 = "NoteID",
        note: Line<4095> = "Note",
    }
}

words! {
    enum JobStatus {
        Awarded,
        Closed,
        InProgress,
        None,
        NotAwarded,
        Pending,
    }
}

words! {
    enum PreferredDeliveryMethod {
        None,
        Email,
        Fax,
    }
}
