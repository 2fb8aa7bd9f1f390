use super::BarCode;
use crate::element::OneOrMore;
use crate::message::data_ext::DataExtRet;
use crate::message::error_recovery::ErrorRecovery;
use crate::message::select::{ActiveStatus, ByName, EntryFilter};
use crate::value::{DateTime, EditSequence, Guid, Line, ListId, Name, Percent, Ref, Text, UNBOUNDED};
use crate::{aggregate, choice};

aggregate! {
    struct ItemSalesTaxQueryRq {
        select: Option<ItemSalesTaxSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct ItemSalesTaxQueryRs {
        item_sales_tax_ret: Vec<ItemSalesTaxRet> = "ItemSalesTaxRet",
    }
}

choice! {
    /// Which sales tax items.
    enum ItemSalesTaxSelect {
        ListIds(OneOrMore<ListId>) = "ListID",
        FullNames(OneOrMore<Line<UNBOUNDED>>) = "FullName",
        Filter(ItemSalesTaxFilter) = part,
    }
}

aggregate! {
    part struct ItemSalesTaxFilter {
        max_returned: Option<i64> = "MaxReturned",
        active_status: Option<ActiveStatus> = "ActiveStatus",
        from_modified_date: Option<DateTime> = "FromModifiedDate",
        to_modified_date: Option<DateTime> = "ToModifiedDate",
        name: Option<ByName> = part,
        class_filter: Option<EntryFilter> = "ClassFilter",
    }
}

aggregate! {
    struct ItemSalesTaxAddRq {
        item_sales_tax_add: ItemSalesTaxAdd = "ItemSalesTaxAdd",
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ItemSalesTaxAddRs {
        item_sales_tax_ret: Option<ItemSalesTaxRet> = "ItemSalesTaxRet",
        error_recovery: Option<ErrorRecovery> = "ErrorRecovery",
    }
}

aggregate! {
    struct ItemSalesTaxAdd {
        name: Name<31> = "Name",
        bar_code: Option<BarCode> = "BarCode",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        item_desc: Option<Text<4095>> = "ItemDesc",
        tax_rate: Option<Percent> = "TaxRate",
        tax_vendor_ref: Option<Ref<41>> = "TaxVendorRef",
        external_guid: Option<Guid> = "ExternalGUID",
    }
}

aggregate! {
    struct ItemSalesTaxRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        bar_code_value: Option<Line<50>> = "BarCodeValue",
        is_active: Option<bool> = "IsActive",
        class_ref: Option<Ref<159>> = "ClassRef",
        item_desc: Option<Text<4095>> = "ItemDesc",
        tax_rate: Option<Percent> = "TaxRate",
        tax_vendor_ref: Option<Ref<41>> = "TaxVendorRef",
        external_guid: Option<Guid> = "ExternalGUID",
        data_ext_ret: Vec<DataExtRet> = "DataExtRet",
    }
}
