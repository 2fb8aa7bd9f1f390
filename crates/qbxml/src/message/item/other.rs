//! Kinds of items that are only read, and of those only what tells one from another.

use crate::aggregate;
use crate::value::{DateTime, EditSequence, Line, ListId, Name, Ref, Text, UNBOUNDED};

aggregate! {
    struct ItemInventoryAssemblyRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        full_name: Line<159> = "FullName",
        is_active: Option<bool> = "IsActive",
    }
}

aggregate! {
    struct ItemFixedAssetRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
    }
}

aggregate! {
    struct ItemSubtotalRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        item_desc: Option<Text<UNBOUNDED>> = "ItemDesc",
    }
}

aggregate! {
    struct ItemPaymentRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        item_desc: Option<Text<4095>> = "ItemDesc",
    }
}

aggregate! {
    struct ItemSalesTaxGroupRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        item_desc: Option<Text<4095>> = "ItemDesc",
        item_sales_tax_ref: Vec<Ref<31>> = "ItemSalesTaxRef",
    }
}

aggregate! {
    struct ItemGroupRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        item_desc: Option<Text<4095>> = "ItemDesc",
    }
}
