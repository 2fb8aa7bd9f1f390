use crate::message::address::{Address, AddressBlock};
use crate::message::data_ext::DataExtRet;
use crate::message::txn::{LinkedTxn, RateRet, SerialOrLot};
use crate::value::{
    Amount, Date, DateTime, EditSequence, ExchangeRate, Guid, Line, Percent, Quantity, Ref, Text, TxnId, TxnLineId,
    UNBOUNDED,
};
use crate::{aggregate, choice};

aggregate! {
    struct InvoiceRet {
        txn_id: TxnId = "TxnID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        txn_number: Option<i64> = "TxnNumber",
        customer_ref: Option<Ref<209>> = "CustomerRef",
        class_ref: Option<Ref<159>> = "ClassRef",
        ar_account_ref: Option<Ref<159>> = "ARAccountRef",
        template_ref: Option<Ref<31>> = "TemplateRef",
        txn_date: Option<Date> = "TxnDate",
        ref_number: Option<Line<11>> = "RefNumber",
        bill_address: Option<Address> = "BillAddress",
        bill_address_block: Option<AddressBlock> = "BillAddressBlock",
        ship_address: Option<Address> = "ShipAddress",
        ship_address_block: Option<AddressBlock> = "ShipAddressBlock",
        is_pending: Option<bool> = "IsPending",
        is_finance_charge: Option<bool> = "IsFinanceCharge",
        po_number: Option<Line<25>> = "PONumber",
        terms_ref: Option<Ref<31>> = "TermsRef",
        due_date: Option<Date> = "DueDate",
        sales_rep_ref: Option<Ref<5>> = "SalesRepRef",
        fob: Option<Line<13>> = "FOB",
        ship_date: Option<Date> = "ShipDate",
        ship_method_ref: Option<Ref<15>> = "ShipMethodRef",
        subtotal: Option<Amount> = "Subtotal",
        item_sales_tax_ref: Option<Ref<31>> = "ItemSalesTaxRef",
        sales_tax_percentage: Option<Percent> = "SalesTaxPercentage",
        sales_tax_total: Option<Amount> = "SalesTaxTotal",
        applied_amount: Option<Amount> = "AppliedAmount",
        balance_remaining: Option<Amount> = "BalanceRemaining",
        currency_ref: Option<Ref<64>> = "CurrencyRef",
        exchange_rate: Option<ExchangeRate> = "ExchangeRate",
        balance_remaining_in_home_currency: Option<Amount> = "BalanceRemainingInHomeCurrency",
        memo: Option<Text<4095>> = "Memo",
        is_paid: Option<bool> = "IsPaid",
        customer_msg_ref: Option<Ref<101>> = "CustomerMsgRef",
        is_to_be_printed: Option<bool> = "IsToBePrinted",
        is_to_be_emailed: Option<bool> = "IsToBeEmailed",
        customer_sales_tax_code_ref: Option<Ref<3>> = "CustomerSalesTaxCodeRef",
        suggested_discount_amount: Option<Amount> = "SuggestedDiscountAmount",
        suggested_discount_date: Option<Date> = "SuggestedDiscountDate",
        other: Option<Line<29>> = "Other",
        external_guid: Option<Guid> = "ExternalGUID",
        linked_txn: Vec<LinkedTxn> = "LinkedTxn",
        lines: Vec<InvoiceRetLine> = part,
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

choice! {
    enum InvoiceRetLine {
        Line(InvoiceLineRet) = "InvoiceLineRet",
        Group(InvoiceLineGroupRet) = "InvoiceLineGroupRet",
    }
}

aggregate! {
    struct InvoiceLineRet {
        txn_line_id: TxnLineId = "TxnLineID",
        item_ref: Option<Ref<UNBOUNDED>> = "ItemRef",
        desc: Option<Text<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        override_uom_set_ref: Option<Ref<31>> = "OverrideUOMSetRef",
        rate: Option<RateRet> = part,
        class_ref: Option<Ref<159>> = "ClassRef",
        amount: Option<Amount> = "Amount",
        inventory_site_ref: Option<Ref<31>> = "InventorySiteRef",
        inventory_site_location_ref: Option<Ref<31>> = "InventorySiteLocationRef",
        serial_or_lot: Option<SerialOrLot> = part,
        service_date: Option<Date> = "ServiceDate",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        other1: Option<Line<29>> = "Other1",
        other2: Option<Line<29>> = "Other2",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

aggregate! {
    struct InvoiceLineGroupRet {
        txn_line_id: TxnLineId = "TxnLineID",
        item_group_ref: Ref<31> = "ItemGroupRef",
        desc: Option<Text<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        unit_of_measure: Option<Line<31>> = "UnitOfMeasure",
        override_uom_set_ref: Option<Ref<31>> = "OverrideUOMSetRef",
        is_print_items_in_group: bool = "IsPrintItemsInGroup",
        total_amount: Amount = "TotalAmount",
        invoice_line_ret: Vec<InvoiceLineRet> = "InvoiceLineRet",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
