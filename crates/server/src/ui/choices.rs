//! What an administrator chooses for a company: its name and clock when it is added, and at any time what may be created
//! in QuickBooks.

use askama::Template;
use bookferry_sync::company::Settings;
use bookferry_sync::list::ListKind;
use bookferry_sync::time_zone::ZoneName;

use super::form::Form;

/// The fields as they stand in the form, whether they can be taken or not.
#[derive(Debug, Template)]
#[template(path = "choices.html")]
pub(super) struct Choices {
    /// Only where the company is added.
    naming: Option<Naming>,
    creates: Vec<CreateChoice>,
    income_account: String,
    faults: Vec<Fault>,
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

/// What Bookferry can create, and by which rule it does.
const CREATABLE: [(ListKind, &str, &str); 4] = [
    (ListKind::Customer, "Customers", "with the name, the addresses, the phone and the e-mail that the record has"),
    (ListKind::Item, "Items", "as service items on the income account below, which is created too where it is missing"),
    (ListKind::PaymentMethod, "Payment methods", "by the name that the payment has"),
    (ListKind::Terms, "Terms", "by the name that the invoice has, with the days that stand in it, such as Net 30"),
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
        Self {
            naming: None,
            creates: creates.into(),
            income_account: settings.income_account.clone(),
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
        self.income_account = field("income_account");
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
    let income_account = form.get("income_account").unwrap_or("").trim();
    let length = income_account.chars().count();
    let text = if length == 0 && create.contains(&ListKind::Item) {
        "items are created on an income account; name one, such as Sales".to_owned()
    } else if length > ACCOUNT_CHARACTERS_MAX || income_account.contains(char::is_control) {
        format!("an account's name has at most {ACCOUNT_CHARACTERS_MAX} characters; this one has {length}")
    } else {
        let kept = if length == 0 { before.income_account.clone() } else { income_account.to_owned() };
        return Ok(Settings { create, income_account: kept, ..before.clone() });
    };
    Err(vec![Fault { field: "income_account", label: "Income account", text }])
}
