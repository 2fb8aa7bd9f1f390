use bookferry_qbxml::message::item::{
    ItemDiscountAdd, ItemDiscountAddRq, ItemInventoryAdd, ItemInventoryAddRq, ItemNonInventoryAdd,
    ItemNonInventoryAddRq, ItemOtherChargeAdd, ItemOtherChargeAddRq, ItemServiceAdd, ItemServiceAddRq, Sale,
    SalesOrPurchase,
};
use bookferry_qbxml::message_set::Request;
use bookferry_qbxml::value::{Ref, Text};

use super::list::parent;
use super::{line, name, optional_text};
use crate::cause::Cause;
use crate::company::Settings;
use crate::created_items;
use crate::facts::ItemKind;
use crate::list::ListKind;
use crate::need::{Need, quickbooks_name};
use crate::record::Content;

/// Creates an item of this kind (qbxml.md section 9.4), described as its first line is. Of inventory QuickBooks counts none
/// until it is told of a purchase.
pub(super) fn create(need: &Need, kind: ItemKind, content: &Content, settings: &Settings) -> Result<Request, Cause> {
    let (name, described) = (name("Name", need.name())?, description(need, content));
    let account = account(created_items::income_account(need, content.lines(), settings))?;
    Ok(match kind {
        ItemKind::NonInventory => {
            let add = ItemNonInventoryAdd {
                parent_ref: parent(need)?,
                ..ItemNonInventoryAdd::new(name, sale(described, account)?)
            };
            Request::ItemNonInventoryAdd(Box::new(ItemNonInventoryAddRq::new(add)))
        }
        ItemKind::OtherCharge => {
            let add = ItemOtherChargeAdd {
                parent_ref: parent(need)?,
                ..ItemOtherChargeAdd::new(name, sale(described, account)?)
            };
            Request::ItemOtherChargeAdd(Box::new(ItemOtherChargeAddRq::new(add)))
        }
        ItemKind::Discount => {
            let add = ItemDiscountAdd {
                parent_ref: parent(need)?,
                item_desc: optional_text("ItemDesc", described)?,
                account_ref: Some(account),
                ..ItemDiscountAdd::new(name)
            };
            Request::ItemDiscountAdd(Box::new(ItemDiscountAddRq::new(add)))
        }
        ItemKind::Inventory => {
            let rules = &settings.created_items;
            let add = ItemInventoryAdd {
                parent_ref: parent(need)?,
                sales_desc: optional_text("SalesDesc", described)?,
                income_account_ref: Some(account),
                cogs_account_ref: Some(self::account(&rules.cost_account)?),
                asset_account_ref: Some(self::account(&rules.asset_account)?),
                ..ItemInventoryAdd::new(name)
            };
            Request::ItemInventoryAdd(Box::new(ItemInventoryAddRq::new(add)))
        }
        ItemKind::Service
        | ItemKind::InventoryAssembly
        | ItemKind::FixedAsset
        | ItemKind::Subtotal
        | ItemKind::Payment
        | ItemKind::SalesTax
        | ItemKind::SalesTaxGroup
        | ItemKind::Group => {
            let add =
                ItemServiceAdd { parent_ref: parent(need)?, ..ItemServiceAdd::new(name, sale(described, account)?) };
            Request::ItemServiceAdd(Box::new(ItemServiceAddRq::new(add)))
        }
    })
}

fn sale(described: Option<&str>, account: Ref<159>) -> Result<Sale, Cause> {
    let desc: Option<Text<4095>> = optional_text("Desc", described)?;
    Ok(Sale::SalesOrPurchase(SalesOrPurchase { desc, price: None, account_ref: Some(account) }))
}

fn account(full_name: &str) -> Result<Ref<159>, Cause> {
    line("AccountRef", &quickbooks_name(full_name)).map(Ref::by_name)
}

fn description<'a>(need: &Need, content: &'a Content) -> Option<&'a str> {
    let names_it = |item: &Option<String>| {
        item.as_deref().is_some_and(|item| Need::new(ListKind::Item, item).as_key() == need.as_key())
    };
    content.lines().iter().find(|line| names_it(&line.item)).and_then(|line| line.description.as_deref())
}
