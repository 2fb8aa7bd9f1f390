use super::{BarCode, Sale};
use crate::aggregate;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{DateTime, EditSequence, Guid, Line, ListId, Name, Ref, UNBOUNDED};

aggregate! {
    struct ItemNonInventoryAddRq {
        item_non_inventory_add: ItemNonInventoryAdd = "ItemNonInventoryAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ItemNonInventoryAddRs {
        item_non_inventory_ret: Option<ItemNonInventoryRet> = "ItemNonInventoryRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ItemNonInventoryAdd {
        name: Name<31> = "Name",
        bar_code: Option<BarCode> = "BarCode",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        class_ref: Option<Ref<159>> = "ClassRef",
        manufacturer_part_number: Option<Line<31>> = "ManufacturerPartNumber",
        unit_of_measure_set_ref: Option<Ref<31>> = "UnitOfMeasureSetRef",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        sale: Sale = part,
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

aggregate! {
    struct ItemNonInventoryRet {
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
        sale: Option<Sale> = part,
        external_guid: Option<Guid> = "ExternalGUID",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
