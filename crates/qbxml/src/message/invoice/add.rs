use super::InvoiceRet;
use crate::message::address::Address;
use crate::message::data_ext::DataExt;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::txn::{LinkToTxn, OptionForPriceRuleConflict, Rate, SerialOrLot, SetCredit};
use crate::value::{Amount, Date, Defined, ExchangeRate, Guid, Line, Quantity, Ref, Text, TxnId, UNBOUNDED};
use crate::{aggregate, choice};

aggregate! {
    struct InvoiceAddRq {
        invoice_add: Defined<InvoiceAdd> = "InvoiceAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct InvoiceAddRs {
        invoice_ret: Option<InvoiceRet> = "InvoiceRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// Without `txn_date` QuickBooks may take that of the last transaction saved; without `ref_number` it counts on, and an empty
    /// one stays blank (qbxml.md section 7).
    struct InvoiceAdd {
        customer_ref: Ref<209> = "CustomerRef",
        class_ref: Option<Ref<159>> = "ClassRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        template_ref: Option<Ref<31>> = "TemplateRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<11>> = "RefNumber",
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
        is_pending: Option<bool> = "IsPending",
        is_finance_charge: Option<bool> = "IsFinanceCharge",
        po_number: Option<Line<25>> = "PONumber",
        terms_ref: Option<Ref<31>> = "TermsRef",
        due_date: Option<Date> = "DueDate",
        sales_rep_ref: Option<Ref<5>> = "SalesRepRef",
        fob: Option<Line<13>> = "FOB",
        ship_date: Option<Date> = "ShipDate",
        ship_method_ref: Option<Ref<15>> = "ShipMethodRef",
        item_sales_tax_ref: Option<Ref<31>> = "ItemSalesTaxRef",
        memo: Option<Text<4095>> = "Memo",
        customer_msg_ref: Option<Ref<101>> = "CustomerMsgRef",
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        is_to_be_emailed: Option<bool> = "IsToBeEmailed",
        customer_sales_tax_code_ref: Option<Ref<3>> = "CustomerSalesTaxCodeRef",
        other: Option<Line<29>> = "Other",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
        external_guid: Option<Guid> = "ExternalGUID",
        link_to_txn_id: Vec<TxnId> = "LinkToTxnID",
        set_credit: Vec<SetCredit> = "SetCredit",
        lines: Vec<InvoiceLine> = part,
    }
}

choice! {
    enum InvoiceLine {
        Line(InvoiceLineAdd) = "InvoiceLineAdd",
        Group(InvoiceLineGroupAdd) = "InvoiceLineGroupAdd",
    }
}

aggregate! {
    /// Quantity and rate make the amount, quantity and amount the rate; of rate and amount QuickBooks ignores the rate. A line
    /// that has only `desc` is a line of text (qbxml.md section 10.1).
    struct InvoiceLineAdd {
        item_ref: Option<Ref<UNBOUNDED>> = "ItemRef",
        desc: Option<Text<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        rate: Option<Rate> = part,
        class_ref: Option<Ref<159>> = "ClassRef",
        amount: Option<Amount> = "Amount",
        option_for_price_rule_conflict: Option<OptionForPriceRuleConflict> = "OptionForPriceRuleConflict",
        inventory_site_ref: Option<Ref<31>> = "InventorySiteRef",
        inventory_site_location_ref: Option<Ref<31>> = "InventorySiteLocationRef",
        serial_or_lot: Option<SerialOrLot> = part,
        service_date: Option<Date> = "ServiceDate",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        override_item_account_ref: Option<Ref<159>> = "OverrideItemAccountRef",
        other1: Option<Line<29>> = "Other1",
        other2: Option<Line<29>> = "Other2",
        link_to_txn: Option<LinkToTxn> = "LinkToTxn",
        data_ext: Vec<DataExt> = "DataExt",
    }
}

aggregate! {
    struct InvoiceLineGroupAdd {
        item_group_ref: Ref<31> = "ItemGroupRef",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        inventory_site_ref: Option<Ref<31>> = "InventorySiteRef",
        inventory_site_location_ref: Option<Ref<31>> = "InventorySiteLocationRef",
        data_ext: Vec<DataExt> = "DataExt",
    }
}
