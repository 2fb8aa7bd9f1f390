//! As what an item is created that a record names and QuickBooks lacks, and to which accounts it posts.
//!
//! The company chooses one kind for its items; what it lists by name, what takes off an invoice and what stands below another
//! item may be of another (qbxml.md section 9.4).

use bookferry_qbxml::message::account::AccountType;
use bookferry_qbxml::value::Amount;
use serde::{Deserialize, Serialize};

use crate::company::Settings;
use crate::facts::ItemKind;
use crate::list::ListKind;
use crate::need::Need;
use crate::record::{Line, UnknownWord};

/// What a company has chosen for the items that Bookferry creates. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatedItems {
    pub kind: CreatedKind,
    /// Items that are other charges whatever the others are, and all that stands below them.
    pub charges: ItemNames,
    /// As what an item is created whose line takes off the invoice.
    pub discounts: CreatedDiscount,
    /// To which such an item posts; empty for the income account.
    pub discount_account: String,
    /// The cost of goods sold of created inventory items.
    pub cost_account: String,
    /// What created inventory items are worth.
    pub asset_account: String,
}

impl Default for CreatedItems {
    fn default() -> Self {
        Self {
            kind: CreatedKind::default(),
            charges: ItemNames::default(),
            discounts: CreatedDiscount::default(),
            discount_account: String::new(),
            cost_account: "Cost of Goods Sold".to_owned(),
            asset_account: "Inventory Asset".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreatedKind {
    /// The kind that every QuickBooks edition has and that touches no stock.
    #[default]
    Service,
    NonInventory,
    Inventory,
    OtherCharge,
}

/// An other charge takes either sign and a quantity; a discount of QuickBooks' takes neither a quantity nor anything but off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreatedDiscount {
    #[default]
    OtherCharge,
    Discount,
}

/// Full names of items, written with semicolons between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ItemNames(Vec<String>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the names of items are up to {names}, with semicolons between them and at most {characters} characters each",
    names = ItemNames::MAX,
    characters = ItemNames::CHARACTERS_MAX
)]
pub struct TooManyNames;

/// Whether the line takes off the invoice without giving anything back, which a quantity below zero would say.
pub(crate) fn is_discount(line: &Line) -> bool {
    line.amount < Amount::ZERO && line.quantity.is_none_or(|quantity| quantity.e5() >= 0)
}

/// As what the item would be created by the company's rules, whatever it stands below.
pub(crate) fn kind_by_rule(item: &Need, lines: &[Line], settings: &Settings) -> ItemKind {
    let rules = &settings.created_items;
    let is_adjusting = settings.tax_difference.adjusting().is_some_and(|(name, _)| is_at_or_below(name, item));
    if is_adjusting || rules.charges.0.iter().any(|name| is_at_or_below(&item.full_name, &Need::new(item.list, name))) {
        return ItemKind::OtherCharge;
    }
    match (line_of(item, lines), rules.discounts) {
        (Some(line), CreatedDiscount::Discount) if is_discount(line) => ItemKind::Discount,
        (Some(line), CreatedDiscount::OtherCharge) if is_discount(line) => ItemKind::OtherCharge,
        (Some(_) | None, _) => match rules.kind {
            CreatedKind::Service => ItemKind::Service,
            CreatedKind::NonInventory => ItemKind::NonInventory,
            CreatedKind::Inventory => ItemKind::Inventory,
            CreatedKind::OtherCharge => ItemKind::OtherCharge,
        },
    }
}

/// The kind of what is created below an item of this kind, which has to be the same; nothing where that has nothing below it.
pub const fn below(parent: ItemKind) -> Option<ItemKind> {
    match parent {
        ItemKind::Service
        | ItemKind::NonInventory
        | ItemKind::OtherCharge
        | ItemKind::Inventory
        | ItemKind::Discount => Some(parent),
        ItemKind::InventoryAssembly
        | ItemKind::FixedAsset
        | ItemKind::Subtotal
        | ItemKind::Payment
        | ItemKind::SalesTax
        | ItemKind::SalesTaxGroup
        | ItemKind::Group => None,
    }
}

/// To which account the sales of a created item post.
pub fn income_account<'a>(item: &Need, lines: &[Line], settings: &'a Settings) -> &'a str {
    let discounts = settings.created_items.discount_account.as_str();
    let takes_off = || line_of(item, lines).is_some_and(is_discount);
    if !discounts.trim().is_empty() && takes_off() { discounts } else { &settings.income_account }
}

/// All accounts that an item of this kind posts to.
pub fn accounts<'a>(item: &Need, kind: ItemKind, lines: &[Line], settings: &'a Settings) -> Vec<&'a str> {
    let rules = &settings.created_items;
    let income = income_account(item, lines, settings);
    if kind == ItemKind::Inventory { vec![income, &rules.cost_account, &rules.asset_account] } else { vec![income] }
}

/// All accounts that the items of an invoice may post to, should they have to be created.
pub(crate) fn accounts_of<'a>(lines: &[Line], settings: &'a Settings) -> Vec<&'a str> {
    let rules = &settings.created_items;
    let mut accounts = vec![settings.income_account.as_str()];
    if rules.kind == CreatedKind::Inventory {
        accounts.extend([rules.cost_account.as_str(), &rules.asset_account]);
    }
    if !rules.discount_account.trim().is_empty() && lines.iter().any(is_discount) {
        accounts.push(&rules.discount_account);
    }
    accounts
}

/// As what an account is created that items post to, or that stands above one.
pub fn account_type(account: &Need, settings: &Settings) -> AccountType {
    let rules = &settings.created_items;
    if is_at_or_below(&rules.asset_account, account) {
        AccountType::OtherCurrentAsset
    } else if is_at_or_below(&rules.cost_account, account) {
        AccountType::CostOfGoodsSold
    } else {
        AccountType::Income
    }
}

/// The first line of the item, or of one that stands below it.
fn line_of<'a>(item: &Need, lines: &'a [Line]) -> Option<&'a Line> {
    lines.iter().find(|line| line.item.as_deref().is_some_and(|name| is_at_or_below(name, item)))
}

fn is_at_or_below(name: &str, entry: &Need) -> bool {
    std::iter::successors(Some(Need::new(entry.list, name)), Need::parent).any(|name| name.as_key() == entry.as_key())
}

impl CreatedKind {
    pub const ALL: [Self; 4] = [Self::Service, Self::NonInventory, Self::Inventory, Self::OtherCharge];

    /// As stored, and in the forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::NonInventory => "non_inventory",
            Self::Inventory => "inventory",
            Self::OtherCharge => "other_charge",
        }
    }

    /// Several, in a sentence.
    pub const fn nouns(self) -> &'static str {
        match self {
            Self::Service => "service items",
            Self::NonInventory => "non-inventory items",
            Self::Inventory => "inventory items",
            Self::OtherCharge => "other charges",
        }
    }
}

impl std::str::FromStr for CreatedKind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl ItemNames {
    pub const MAX: usize = 50;
    /// The longest full name of an item: five levels of 31 characters, and the colons between them.
    pub const CHARACTERS_MAX: usize = 159;
}

impl std::str::FromStr for ItemNames {
    type Err = TooManyNames;

    fn from_str(text: &str) -> Result<Self, TooManyNames> {
        let names = text.split(';').map(|name| Need::new(ListKind::Item, name).full_name);
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        let is_name = |name: &String| name.chars().count() <= Self::CHARACTERS_MAX;
        if names.len() <= Self::MAX && names.iter().all(is_name) { Ok(Self(names)) } else { Err(TooManyNames) }
    }
}

impl std::fmt::Display for ItemNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("; "))
    }
}

impl TryFrom<String> for ItemNames {
    type Error = TooManyNames;

    fn try_from(text: String) -> Result<Self, TooManyNames> {
        text.parse()
    }
}

impl From<ItemNames> for String {
    fn from(names: ItemNames) -> Self {
        names.to_string()
    }
}
