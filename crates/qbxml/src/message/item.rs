//! Items of all kinds (qbxml.md section 9.4).

mod discount;
mod inventory;
mod non_inventory;
mod other;
mod other_charge;
mod query;
mod sale;
mod sales_tax;
mod service;

pub use discount::{DiscountRate, ItemDiscountAdd, ItemDiscountAddRq, ItemDiscountAddRs, ItemDiscountRet};
pub use inventory::{ItemInventoryAdd, ItemInventoryAddRq, ItemInventoryAddRs, ItemInventoryRet};
pub use non_inventory::{ItemNonInventoryAdd, ItemNonInventoryAddRq, ItemNonInventoryAddRs, ItemNonInventoryRet};
pub use other::{
    ItemFixedAssetRet, ItemGroupRet, ItemInventoryAssemblyRet, ItemPaymentRet, ItemSalesTaxGroupRet, ItemSubtotalRet,
};
pub use other_charge::{ItemOtherChargeAdd, ItemOtherChargeAddRq, ItemOtherChargeAddRs, ItemOtherChargeRet};
pub use query::{ItemQueryRq, ItemQueryRs, ItemRet};
pub use sale::{BarCode, Sale, SalePrice, SalesAndPurchase, SalesOrPurchase};
pub use sales_tax::{
    ItemSalesTaxAdd, ItemSalesTaxAddRq, ItemSalesTaxAddRs, ItemSalesTaxFilter, ItemSalesTaxQueryRq,
    ItemSalesTaxQueryRs, ItemSalesTaxRet, ItemSalesTaxSelect,
};
pub use service::{ItemServiceAdd, ItemServiceAddRq, ItemServiceAddRs, ItemServiceRet};
