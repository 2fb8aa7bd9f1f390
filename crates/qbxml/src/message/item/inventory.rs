use super::BarCode;
use crate::aggregate;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{
    Amount, Date, DateTime, EditSequence, Guid, Line, ListId, Name, Price, Quantity, Ref, Text, UNBOUNDED,
};

aggregate! {
    struct ItemInventoryAddRq {
        item_inventory_add: ItemInventoryAdd = "ItemInventoryAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ItemInventoryAddRs {
        item_inventory_ret: Option<ItemInventoryRet> = "ItemInventoryRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ItemInventoryAdd {
        name: Name<31> = "Name",
        bar_code: Option<BarCode> = "BarCode",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        manufacturer_part_number: Option<Line<31>> = "ManufacturerPartNumber",
        unit_of_measure_set_ref: Option<Ref<31>> = "UnitOfMeasureSetRef",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        sales_desc: Option<Text<4095>> = "SalesDesc",
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<Ref<159>> = "IncomeAccountRef",
        purchase_desc: Option<Text<4095>> = "PurchaseDesc",
        purchase_cost: Option<Price> = "PurchaseCost",
        cogs_account_ref: Option<Ref<159>> = "COGSAccountRef",
        pref_vendor_ref: Option<Ref<41>> = "PrefVendorRef",
        asset_account_ref: Option<Ref<159>> = "AssetAccountRef",
        reorder_point: Option<Quantity> = "ReorderPoint",
        max: Option<Quantity> = "Max",
        quantity_on_hand: Option<Quantity> = "QuantityOnHand",
        total_value: Option<Amount> = "TotalValue",
        inventory_date: Option<Date> = "InventoryDate",
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

aggregate! {
    struct ItemInventoryRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        full_name: Line<159> = "FullName",
        bar_code_value: Option<Line<50>> = "BarCodeValue",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
        manufacturer_part_number: Option<Line<31>> = "ManufacturerPartNumber",
        unit_of_measure_set_ref: Option<Ref<31>> = "UnitOfMeasureSetRef",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        sales_desc: Option<Text<4095>> = "SalesDesc",
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<Ref<159>> = "IncomeAccountRef",
        purchase_desc: Option<Text<4095>> = "PurchaseDesc",
        purchase_cost: Option<Price> = "PurchaseCost",
        cogs_account_ref: Option<Ref<159>> = "COGSAccountRef",
        pref_vendor_ref: Option<Ref<41>> = "PrefVendorRef",
        asset_account_ref: Option<Ref<159>> = "AssetAccountRef",
        reorder_point: Option<Quantity> = "ReorderPoint",
        max: Option<Quantity> = "Max",
        quantity_on_hand: Option<Quantity> = "QuantityOnHand",
        average_cost: Option<Price> = "AverageCost",
        quantity_on_order: Option<Quantity> = "QuantityOnOrder",
        quantity_on_sales_order: Option<Quantity> = "QuantityOnSalesOrder",
        external_guid: Option<Guid> = "ExternalGUID",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
