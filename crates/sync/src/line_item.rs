//! What QuickBooks makes of a line by the kind of its item (qbxml.md sections 9.4 and 10.1).

use bookferry_qbxml::value::Amount;

use crate::facts::ItemKind;
use crate::record::Line;

/// Why a line cannot name an item of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// Stable and machine-readable.
    pub code: &'static str,
    /// What is so and what to do, in the bookkeeper's words.
    pub text: String,
}

/// Whether a line may say how many; it says an amount in any case.
pub(crate) const fn takes_quantity(kind: ItemKind) -> bool {
    !matches!(kind, ItemKind::Discount | ItemKind::Payment | ItemKind::Subtotal)
}

/// Whether QuickBooks takes the line's amount; a subtotal's it works out itself.
pub(crate) const fn takes_amount(kind: ItemKind) -> bool {
    !matches!(kind, ItemKind::Subtotal)
}

/// Why a line to an item of this kind would be refused, or come to something else than it says.
pub fn check(line: &Line, kind: ItemKind) -> Result<(), Unfit> {
    let item = line.item.as_deref().unwrap_or_default();
    match kind {
        ItemKind::Group => Err(Unfit {
            code: "group_of_items",
            text: format!(
                "The item \u{201c}{item}\u{201d} is a group of items in QuickBooks, which puts its own items and prices in \
                 place of this line\u{2019}s amount. Name an item that is no group here, or say under Lists, Mappings which \
                 item is meant."
            ),
        }),
        ItemKind::Subtotal if line.amount != Amount::ZERO => Err(Unfit {
            code: "subtotal_with_amount",
            text: format!(
                "The item \u{201c}{item}\u{201d} is a subtotal in QuickBooks, which sums up what stands above it and does not \
                 charge for it again, and this line has an amount of {}. Name another item here, or say under Lists, \
                 Mappings which item is meant.",
                line.amount
            ),
        }),
        ItemKind::Discount | ItemKind::Payment if line.amount > Amount::ZERO => Err(Unfit {
            code: "discount_above_zero",
            text: format!(
                "The item \u{201c}{item}\u{201d} is a {} in QuickBooks, which always takes off the invoice, and this line \
                 adds {}. Write the amount below zero here, or say under Lists, Mappings which item is meant.",
                kind.noun(),
                line.amount
            ),
        }),
        ItemKind::Discount
        | ItemKind::Payment
        | ItemKind::Subtotal
        | ItemKind::Service
        | ItemKind::NonInventory
        | ItemKind::OtherCharge
        | ItemKind::Inventory
        | ItemKind::InventoryAssembly
        | ItemKind::FixedAsset
        | ItemKind::SalesTax
        | ItemKind::SalesTaxGroup => Ok(()),
    }
}
