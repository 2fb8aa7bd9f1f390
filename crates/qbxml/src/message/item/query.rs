use super::{
    ItemDiscountRet, ItemFixedAssetRet, ItemGroupRet, ItemInventoryAssemblyRet, ItemInventoryRet, ItemNonInventoryRet,
    ItemOtherChargeRet, ItemPaymentRet, ItemSalesTaxGroupRet, ItemSalesTaxRet, ItemServiceRet, ItemSubtotalRet,
};
use crate::message::select::ListSelect;
use crate::value::{DateTime, EditSequence, Guid, Line, ListId};
use crate::{aggregate, choice};

aggregate! {
    struct ItemQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct ItemQueryRs {
        items: Vec<ItemRet> = part,
    }
}

choice! {
    /// An item of any kind.
    enum ItemRet {
        Service(ItemServiceRet) = "ItemServiceRet",
        NonInventory(ItemNonInventoryRet) = "ItemNonInventoryRet",
        OtherCharge(ItemOtherChargeRet) = "ItemOtherChargeRet",
        Inventory(ItemInventoryRet) = "ItemInventoryRet",
        InventoryAssembly(ItemInventoryAssemblyRet) = "ItemInventoryAssemblyRet",
        FixedAsset(ItemFixedAssetRet) = "ItemFixedAssetRet",
        Subtotal(ItemSubtotalRet) = "ItemSubtotalRet",
        Discount(ItemDiscountRet) = "ItemDiscountRet",
        Payment(ItemPaymentRet) = "ItemPaymentRet",
        SalesTax(ItemSalesTaxRet) = "ItemSalesTaxRet",
        SalesTaxGroup(ItemSalesTaxGroupRet) = "ItemSalesTaxGroupRet",
        Group(ItemGroupRet) = "ItemGroupRet",
    }
}

impl ItemRet {
    pub fn list_id(&self) -> &ListId {
        match self {
            Self::Service(item) => &item.list_id,
            Self::NonInventory(item) => &item.list_id,
            Self::OtherCharge(item) => &item.list_id,
            Self::Inventory(item) => &item.list_id,
            Self::InventoryAssembly(item) => &item.list_id,
            Self::FixedAsset(item) => &item.list_id,
            Self::Subtotal(item) => &item.list_id,
            Self::Discount(item) => &item.list_id,
            Self::Payment(item) => &item.list_id,
            Self::SalesTax(item) => &item.list_id,
            Self::SalesTaxGroup(item) => &item.list_id,
            Self::Group(item) => &item.list_id,
        }
    }

    pub fn edit_sequence(&self) -> &EditSequence {
        match self {
            Self::Service(item) => &item.edit_sequence,
            Self::NonInventory(item) => &item.edit_sequence,
            Self::OtherCharge(item) => &item.edit_sequence,
            Self::Inventory(item) => &item.edit_sequence,
            Self::InventoryAssembly(item) => &item.edit_sequence,
            Self::FixedAsset(item) => &item.edit_sequence,
            Self::Subtotal(item) => &item.edit_sequence,
            Self::Discount(item) => &item.edit_sequence,
            Self::Payment(item) => &item.edit_sequence,
            Self::SalesTax(item) => &item.edit_sequence,
            Self::SalesTaxGroup(item) => &item.edit_sequence,
            Self::Group(item) => &item.edit_sequence,
        }
    }

    /// When it was changed last, by QuickBooks' own clock.
    pub fn time_modified(&self) -> Option<&DateTime> {
        match self {
            Self::Service(item) => item.time_modified.as_ref(),
            Self::NonInventory(item) => item.time_modified.as_ref(),
            Self::OtherCharge(item) => item.time_modified.as_ref(),
            Self::Inventory(item) => item.time_modified.as_ref(),
            Self::InventoryAssembly(item) => item.time_modified.as_ref(),
            Self::FixedAsset(item) => item.time_modified.as_ref(),
            Self::Subtotal(item) => item.time_modified.as_ref(),
            Self::Discount(item) => item.time_modified.as_ref(),
            Self::Payment(item) => item.time_modified.as_ref(),
            Self::SalesTax(item) => item.time_modified.as_ref(),
            Self::SalesTaxGroup(item) => item.time_modified.as_ref(),
            Self::Group(item) => item.time_modified.as_ref(),
        }
    }

    /// The name with its ancestors; items that cannot have any answer with their own name.
    pub fn full_name(&self) -> &str {
        match self {
            Self::Service(item) => item.full_name.as_str(),
            Self::NonInventory(item) => item.full_name.as_str(),
            Self::OtherCharge(item) => item.full_name.as_str(),
            Self::Inventory(item) => item.full_name.as_str(),
            Self::InventoryAssembly(item) => item.full_name.as_str(),
            Self::FixedAsset(item) => item.name.as_str(),
            Self::Subtotal(item) => item.name.as_str(),
            Self::Discount(item) => item.full_name.as_str(),
            Self::Payment(item) => item.name.as_str(),
            Self::SalesTax(item) => item.name.as_str(),
            Self::SalesTaxGroup(item) => item.name.as_str(),
            Self::Group(item) => item.name.as_str(),
        }
    }

    /// Whether it is active; QuickBooks leaves the element out of some answers, and then it is.
    pub fn is_active(&self) -> bool {
        let is_active = match self {
            Self::Service(item) => item.is_active,
            Self::NonInventory(item) => item.is_active,
            Self::OtherCharge(item) => item.is_active,
            Self::Inventory(item) => item.is_active,
            Self::InventoryAssembly(item) => item.is_active,
            Self::FixedAsset(item) => item.is_active,
            Self::Subtotal(item) => item.is_active,
            Self::Discount(item) => item.is_active,
            Self::Payment(item) => item.is_active,
            Self::SalesTax(item) => item.is_active,
            Self::SalesTaxGroup(item) => item.is_active,
            Self::Group(item) => item.is_active,
        };
        is_active.unwrap_or(true)
    }
}
