use super::{BarCode, Sale};
use crate::aggregate;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{DateTime, EditSequence, Guid, Line, ListId, Name, Ref, UNBOUNDED};

aggregate! {
    struct ItemOtherChargeAddRq {
        item_other_charge_add: ItemOtherChargeAdd = "ItemOtherChargeAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ItemOtherChargeAddRs {
        item_other_charge_ret: Option<ItemOtherChargeRet> = "ItemOtherChargeRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ItemOtherChargeAdd {
        name: Name<31> = "Name",
        bar_code: Option<BarCode> = "BarCode",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        sale: Sale = part,
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

aggregate! {
    struct ItemOtherChargeRet {
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
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        sale: Option<Sale> = part,
        external_guid: Option<Guid> = "ExternalGUID",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
