use super::BarCode;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::value::{DateTime, EditSequence, Guid, Line, ListId, Name, Percent, Price, Ref, Text, UNBOUNDED};
use crate::{aggregate, choice};

aggregate! {
    struct ItemDiscountAddRq {
        item_discount_add: ItemDiscountAdd = "ItemDiscountAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ItemDiscountAddRs {
        item_discount_ret: Option<ItemDiscountRet> = "ItemDiscountRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ItemDiscountAdd {
        name: Name<31> = "Name",
        bar_code: Option<BarCode> = "BarCode",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        item_desc: Option<Text<4095>> = "ItemDesc",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        discount_rate: Option<DiscountRate> = part,
        account_ref: Option<Ref<159>> = "AccountRef",
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

aggregate! {
    struct ItemDiscountRet {
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
        item_desc: Option<Text<4095>> = "ItemDesc",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        discount_rate: Option<DiscountRate> = part,
        account_ref: Option<Ref<159>> = "AccountRef",
        external_guid: Option<Guid> = "ExternalGUID",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}

choice! {
    enum DiscountRate {
        DiscountRate(Price) = "DiscountRate",
        DiscountRatePercent(Percent) = "DiscountRatePercent",
    }
}
