//! What is kept of an entry beside its name: the kind of an item, and what of sales tax hangs on it.

use std::collections::BTreeMap;

use bookferry_qbxml::value::Percent;
use serde::{Deserialize, Serialize};

use crate::list::ListKind;

/// What is known of an entry, as far as QuickBooks told it. Stored as JSON; what is not known is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EntryFacts {
    /// Of an item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ItemKind>,
    /// Of a sales tax item; of a group that of all its items together, once they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<Percent>,
    /// The ListIDs of the sales tax items of a group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_items: Vec<String>,
    /// The ListID of a customer's sales tax code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code: Option<String>,
    /// Of a sales tax code; of a customer what their code says, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_taxable: Option<bool>,
}

/// The kinds of items that QuickBooks tells apart (qbxml.md section 9.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Service,
    NonInventory,
    OtherCharge,
    Inventory,
    InventoryAssembly,
    FixedAsset,
    Subtotal,
    Discount,
    Payment,
    SalesTax,
    SalesTaxGroup,
    Group,
}

impl EntryFacts {
    /// Of an item of this kind.
    pub fn of_kind(kind: ItemKind) -> Self {
        Self { kind: Some(kind), ..Self::default() }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The other entries that have to be known for all of it to be known, each by its list and ListID.
    pub fn refers_to(&self) -> impl Iterator<Item = (ListKind, &str)> {
        let items = self.tax_items.iter().map(|id| (ListKind::SalesTaxItem, id.as_str()));
        items.chain(self.tax_code.iter().map(|id| (ListKind::SalesTaxCode, id.as_str())))
    }

    /// Takes over what those others say, by their ListIDs.
    pub fn resolve(&mut self, others: &BTreeMap<String, Self>) {
        if !self.tax_items.is_empty() {
            let rates = self.tax_items.iter().map(|id| Some(others.get(id)?.tax_rate?.e5()));
            let sum: Option<i64> = rates.sum();
            self.tax_rate = sum.and_then(|sum| Percent::from_e5(sum).ok());
        }
        if let Some(code) = &self.tax_code {
            self.is_taxable = others.get(code).and_then(|code| code.is_taxable);
        }
    }
}

impl ItemKind {
    /// One item, in a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Service => "service item",
            Self::NonInventory => "non-inventory item",
            Self::OtherCharge => "other charge",
            Self::Inventory => "inventory item",
            Self::InventoryAssembly => "inventory assembly",
            Self::FixedAsset => "fixed asset",
            Self::Subtotal => "subtotal",
            Self::Discount => "discount",
            Self::Payment => "payment item",
            Self::SalesTax => "sales tax item",
            Self::SalesTaxGroup => "sales tax group",
            Self::Group => "group of items",
        }
    }
}
