use super::InvoiceRet;
use crate::message::address::Address;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::txn::{OptionForPriceRuleConflict, Rate, SerialOrLot, SetCredit};
use crate::value::{Amount, Date, EditSequence, ExchangeRate, Line, Quantity, Ref, Text, TxnId, TxnLineId, UNBOUNDED};
use crate::{aggregate, choice};

aggregate! {
    struct InvoiceModRq {
        invoice_mod: InvoiceMod = "InvoiceMod",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct InvoiceModRs {
        invoice_ret: Option<InvoiceRet> = "InvoiceRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    /// The lines given replace those that are there: each line to keep stands by its `TxnLineID`, in the stored order, and a new
    /// one has `-1` (qbxml.md section 7).
    struct InvoiceMod {
        txn_id: TxnId = "TxnID",
        edit_sequence: EditSequence = "EditSequence",
        customer_ref: Option<Ref<209>> = "CustomerRef",
        class_ref: Option<Ref<159>> = "ClassRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        template_ref: Option<Ref<31>> = "TemplateRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<11>> = "RefNumber",
        bill_address: Option<Address> = "BillAddress",
        ship_address: Option<Address> = "ShipAddress",
        is_pending: Option<bool> = "IsPending",
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
        set_credit: Vec<SetCredit> = "SetCredit",
        lines: Vec<InvoiceModLine> = part,
    }
}

choice! {
    enum InvoiceModLine {
        Line(InvoiceLineMod) = "InvoiceLineMod",
        Group(InvoiceLineGroupMod) = "InvoiceLineGroupMod",
    }
}

aggregate! {
    struct InvoiceLineMod {
        txn_line_id: TxnLineId = "TxnLineID",
        item_ref: Option<Ref<UNBOUNDED>> = "ItemRef",
        desc: Option<Text<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        override_uom_set_ref: Option<Ref<31>> = "OverrideUOMSetRef",
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
    }
}

aggregate! {
    struct InvoiceLineGroupMod {
        txn_line_id: TxnLineId = "TxnLineID",
        item_group_ref: Option<Ref<31>> = "ItemGroupRef",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        override_uom_set_ref: Option<Ref<31>> = "OverrideUOMSetRef",
        invoice_line_mod: Vec<InvoiceLineMod> = "InvoiceLineMod",
    }
}
