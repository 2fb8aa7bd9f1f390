//! What an administrator chooses for a company: its name and clock when it is added, and at any time what may be created
//! in QuickBooks.

use askama::Template;
use bookferry_sync::company::Settings;
use bookferry_sync::created_items::{CreatedDiscount, CreatedItems, CreatedKind, TooManyNames};
use bookferry_sync::list::{ListKind, NameKey};
use bookferry_sync::time_zone::ZoneName;

use super::form::Form;

/// The fields as they stand in the form, whether they can be taken or not.
#[derive(Debug, Template)]
#[template(path = "choices.html")]
pub(super) struct Choices {
    /// Only where the company is added.
    naming: Option<Naming>,
    creates: Vec<CreateChoice>,
    kinds: Vec<KindChoice>,
    charges: String,
    are_discounts: bool,
    accounts: Accounts,
    faults: Vec<Fault>,
}

#[derive(Debug)]
struct KindChoice {
    word: &'static str,
    label: &'static str,
    help: &'static str,
    is_chosen: bool,
}

/// The accounts that created items post to, by their full names.
#[derive(Debug)]
struct Accounts {
    income: String,
    discount: String,
    cost: String,
    asset: String,
}

#[derive(Debug)]
struct Naming {
    name: String,
    time_zone: String,
    zones: Vec<String>,
}

#[derive(Debug)]
struct CreateChoice {
    word: &'static str,
    label: &'static str,
    help: &'static str,
    is_chosen: bool,
}

/// A field that cannot be taken, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    field: &'static str,
    label: &'static str,
    text: String,
}

/// What was chosen for a company that is to be added.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) settings: Settings,
}

const NAME_CHARACTERS_MAX: usize = 100;
/// The longest full name of an account: five levels of 31 characters, and the colons between them.
const ACCOUNT_CHARACTERS_MAX: usize = 159;

const INCOME: (&str, &str) = ("income_account", "Income account");
const DISCOUNTS: (&str, &str) = ("discount_account", "Account of discounts");
const COST: (&str, &str) = ("cost_account", "Account of the cost of inventory");
const ASSET: (&str, &str) = ("asset_account", "Account of the worth of inventory");
const DISCOUNT: &str = "discount";

/// What Bookferry can create, and by which rule it does.
const CREATABLE: [(ListKind, &str, &str); 4] = [
    (ListKind::Customer, "Customers", "with the name, the addresses, the phone and the e-mail that the record has"),
    (
        ListKind::Item,
        "Items",
        "of the kind and on the accounts chosen below, which are created too where they are missing",
    ),
    (ListKind::PaymentMethod, "Payment methods", "by the name that the payment has"),
    (ListKind::Terms, "Terms", "by the name that the invoice has, with the days that stand in it, such as Net 30"),
];

const KINDS: [(CreatedKind, &str, &str); 4] = [
    (CreatedKind::Service, "Service items", "They touch no stock, and every QuickBooks has them."),
    (CreatedKind::NonInventory, "Non-inventory items", "Goods that QuickBooks does not count."),
    (
        CreatedKind::Inventory,
        "Inventory items",
        "QuickBooks counts them, and needs the accounts of their cost and their worth. It has none of a new item until it \
         is told of a purchase.",
    ),
    (CreatedKind::OtherCharge, "Other charges", "Fees and the like."),
];

impl Choices {
    /// For a company that is to be added, as Bookferry proposes it.
    pub(super) fn of_new() -> Self {
        let settings = Settings::default();
        let zones = ZoneName::all();
        let naming = Naming { name: String::new(), time_zone: settings.time_zone.to_string(), zones };
        Self { naming: Some(naming), ..Self::of(&settings) }
    }

    /// For a company that is there.
    pub(super) fn of(settings: &Settings) -> Self {
        let creates = CREATABLE.map(|(list, label, help)| CreateChoice {
            word: list.as_str(),
            label,
            help,
            is_chosen: settings.create.contains(&list),
        });
        let rules = &settings.created_items;
        let kinds = KINDS.map(|(kind, label, help)| KindChoice {
            word: kind.as_str(),
            label,
            help,
            is_chosen: rules.kind == kind,
        });
        let accounts = Accounts {
            income: settings.income_account.clone(),
            discount: rules.discount_account.clone(),
            cost: rules.cost_account.clone(),
            asset: rules.asset_account.clone(),
        };
        Self {
            naming: None,
            creates: creates.into(),
            kinds: kinds.into(),
            charges: rules.charges.to_string(),
            are_discounts: rules.discounts == CreatedDiscount::Discount,
            accounts,
            faults: Vec::new(),
        }
    }

    /// As the person filled it in, with what cannot be taken.
    pub(super) fn refused(mut self, form: &Form, faults: Vec<Fault>) -> Self {
        let field = |name| form.get(name).unwrap_or("").to_owned();
        if let Some(naming) = &mut self.naming {
            (naming.name, naming.time_zone) = (field("name"), field("time_zone"));
        }
        for choice in &mut self.creates {
            choice.is_chosen = form.all("create").any(|word| word == choice.word);
        }
        for choice in &mut self.kinds {
            choice.is_chosen = form.get("item_kind") == Some(choice.word);
        }
        self.charges = field("charges");
        self.are_discounts = form.get("discounts") == Some(DISCOUNT);
        self.accounts = Accounts {
            income: field("income_account"),
            discount: field("discount_account"),
            cost: field("cost_account"),
            asset: field("asset_account"),
        };
        self.faults = faults;
        self
    }

    fn fault(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }
}

/// What the form chooses for a new company: all of it, or every fault at once.
pub(super) fn read_new(form: &Form) -> Result<Chosen, Vec<Fault>> {
    let mut faults = Vec::new();
    let name = form.get("name").unwrap_or("").trim();
    match name.chars().count() {
        0 => faults.push(Fault { field: "name", label: "Name", text: "a company needs a name".to_owned() }),
        length if length > NAME_CHARACTERS_MAX || name.contains(char::is_control) => faults.push(Fault {
            field: "name",
            label: "Name",
            text: format!("a name is one line of at most {NAME_CHARACTERS_MAX} characters; this one has {length}"),
        }),
        _ => {}
    }
    let time_zone = form.get("time_zone").unwrap_or("").trim().parse::<ZoneName>();
    let mut settings = Settings::default();
    match time_zone {
        Ok(zone) => settings.time_zone = zone,
        Err(error) => faults.push(Fault { field: "time_zone", label: "Time zone", text: error.to_string() }),
    }
    match read(form, &settings) {
        Ok(settings) if faults.is_empty() => Ok(Chosen { name: name.to_owned(), settings }),
        Ok(_) => Err(faults),
        Err(further) => Err(faults.into_iter().chain(further).collect()),
    }
}

/// The settings, with what the form says may be created.
pub(super) fn read(form: &Form, before: &Settings) -> Result<Settings, Vec<Fault>> {
    let create = CREATABLE.map(|(list, ..)| list).into_iter();
    let create: Vec<ListKind> = create.filter(|list| form.all("create").any(|word| word == list.as_str())).collect();
    let mut faults = Vec::new();
    let income_account = account(form, INCOME, &before.income_account, &mut faults);
    let created_items = created_items(form, &before.created_items, &mut faults);
    if income_account.is_empty() && create.contains(&ListKind::Item) {
        let text = "items are created on an income account; name one, such as Sales".to_owned();
        faults.push(Fault { field: INCOME.0, label: INCOME.1, text });
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let income_account = if income_account.is_empty() { before.income_account.clone() } else { income_account };
    Ok(Settings { create, income_account, created_items, ..before.clone() })
}

fn created_items(form: &Form, before: &CreatedItems, faults: &mut Vec<Fault>) -> CreatedItems {
    let kind = form.get("item_kind").and_then(|word| word.parse().ok()).unwrap_or(before.kind);
    let charges = form.get("charges").map_or(Ok(before.charges.clone()), str::parse);
    let charges = charges.unwrap_or_else(|error: TooManyNames| {
        faults.push(Fault { field: "charges", label: "Items that are always other charges", text: error.to_string() });
        before.charges.clone()
    });
    let rules = CreatedItems {
        kind,
        charges,
        discounts: match form.get("discounts") {
            Some(DISCOUNT) => CreatedDiscount::Discount,
            Some(_) => CreatedDiscount::OtherCharge,
            None => before.discounts,
        },
        discount_account: account(form, DISCOUNTS, &before.discount_account, faults),
        cost_account: account(form, COST, &before.cost_account, faults),
        asset_account: account(form, ASSET, &before.asset_account, faults),
    };
    for ((field, label), account) in [(COST, &rules.cost_account), (ASSET, &rules.asset_account)] {
        if account.is_empty() && kind == CreatedKind::Inventory {
            let text = "inventory items need one; name an account of your books".to_owned();
            faults.push(Fault { field, label, text });
        }
    }
    if kind == CreatedKind::Inventory && NameKey::of(&rules.cost_account) == NameKey::of(&rules.asset_account) {
        let text = "QuickBooks takes no account for both the cost and the worth of inventory; name two".to_owned();
        faults.push(Fault { field: ASSET.0, label: ASSET.1, text });
    }
    rules
}

/// The account that a field names, in one line; as it was where the form has no such field.
fn account(form: &Form, (field, label): (&'static str, &'static str), before: &str, faults: &mut Vec<Fault>) -> String {
    let Some(given) = form.get(field).map(str::trim) else { return before.to_owned() };
    let length = given.chars().count();
    if length > ACCOUNT_CHARACTERS_MAX || given.contains(char::is_control) {
        let text =
            format!("an account\u{2019}s name has at most {ACCOUNT_CHARACTERS_MAX} characters; this one has {length}");
        faults.push(Fault { field, label, text });
    }
    given.to_owned()
}
