//! As what missing items are created, on the command line.

use clap::{Args, ValueEnum};

use bookferry_sync::company::Settings;
use bookferry_sync::created_items::{CreatedDiscount, CreatedItems, CreatedKind, ItemNames};

/// As what missing items are created, and to which accounts they post.
#[derive(Debug, Args)]
pub(super) struct CreatingArgs {
    /// As what a missing item is created; what stands below another item is of that one's kind
    #[arg(long, env = "BOOKFERRY_COMPANY_ITEM_KIND", value_enum)]
    item_kind: Option<ItemKindWord>,
    /// Items that are always created as other charges, such as "Shipping; Handling"; or none
    #[arg(long, env = "BOOKFERRY_COMPANY_CHARGES", value_name = "NAMES", value_parser = charges)]
    charges: Option<ItemNames>,
    /// As what an item is created whose line takes off the invoice
    #[arg(long, env = "BOOKFERRY_COMPANY_DISCOUNTS", value_enum)]
    discounts: Option<DiscountWord>,
    /// The income account of created items, such as Sales or Income:Sales; it is created too where it is missing
    #[arg(long, env = "BOOKFERRY_COMPANY_INCOME_ACCOUNT", value_name = "NAME", value_parser = account)]
    income_account: Option<String>,
    /// The account of created discounts; or none, which is the income account
    #[arg(long, env = "BOOKFERRY_COMPANY_DISCOUNT_ACCOUNT", value_name = "NAME", value_parser = account)]
    discount_account: Option<String>,
    /// The account of what created inventory items cost
    #[arg(long, env = "BOOKFERRY_COMPANY_COST_ACCOUNT", value_name = "NAME", value_parser = account)]
    cost_account: Option<String>,
    /// The account of what created inventory items are worth
    #[arg(long, env = "BOOKFERRY_COMPANY_ASSET_ACCOUNT", value_name = "NAME", value_parser = account)]
    asset_account: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ItemKindWord {
    Service,
    NonInventory,
    Inventory,
    OtherCharge,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DiscountWord {
    OtherCharge,
    Discount,
}

impl CreatingArgs {
    /// The settings, with what is given in place of what they say.
    pub(super) fn over(&self, settings: Settings) -> Settings {
        let rules = settings.created_items;
        let account = |given: &Option<String>, before: String| given.clone().unwrap_or(before);
        let created_items = CreatedItems {
            kind: match self.item_kind {
                Some(ItemKindWord::Service) => CreatedKind::Service,
                Some(ItemKindWord::NonInventory) => CreatedKind::NonInventory,
                Some(ItemKindWord::Inventory) => CreatedKind::Inventory,
                Some(ItemKindWord::OtherCharge) => CreatedKind::OtherCharge,
                None => rules.kind,
            },
            charges: self.charges.clone().unwrap_or(rules.charges),
            discounts: match self.discounts {
                Some(DiscountWord::OtherCharge) => CreatedDiscount::OtherCharge,
                Some(DiscountWord::Discount) => CreatedDiscount::Discount,
                None => rules.discounts,
            },
            discount_account: match self.discount_account.as_deref() {
                Some("none") => String::new(),
                _ => account(&self.discount_account, rules.discount_account),
            },
            cost_account: account(&self.cost_account, rules.cost_account),
            asset_account: account(&self.asset_account, rules.asset_account),
        };
        Settings { income_account: account(&self.income_account, settings.income_account), created_items, ..settings }
    }
}

/// As `company set` prints them.
pub(super) fn told(settings: &Settings) -> String {
    let rules = &settings.created_items;
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let discounts = match rules.discounts {
        CreatedDiscount::OtherCharge => "other charges",
        CreatedDiscount::Discount => "discount items",
    };
    let of_discounts = Some(&rules.discount_account).filter(|account| !account.is_empty());
    format!(
        "Missing items are created as  {kind}\n  \
         Always as other charges       {charges}\n  \
         Discounts are created as      {discounts}\n  \
         Income account                {income}\n  \
         Account of discounts          {discount}\n  \
         Account of inventory's cost   {cost}\n  \
         Account of inventory's worth  {asset}",
        kind = rules.kind.nouns(),
        charges = or_none(rules.charges.to_string()),
        income = settings.income_account,
        discount = of_discounts.unwrap_or(&settings.income_account),
        cost = rules.cost_account,
        asset = rules.asset_account,
    )
}

fn charges(text: &str) -> Result<ItemNames, String> {
    let text = if text == "none" { "" } else { text };
    text.parse().map_err(|error: bookferry_sync::created_items::TooManyNames| error.to_string())
}

fn account(text: &str) -> Result<String, String> {
    let name = text.trim();
    if (1..=ItemNames::CHARACTERS_MAX).contains(&name.chars().count()) && !name.contains(char::is_control) {
        Ok(name.to_owned())
    } else {
        Err(format!("an account's name has from 1 to {} characters", ItemNames::CHARACTERS_MAX))
    }
}
