//! What a person does in QuickBooks between visits, written as one would say it: `deactivate item Windshield`.

mod amount;
mod deed;
mod doing;
mod merging;

use std::str::FromStr;

use deed::Deed;

/// Something that a person does in QuickBooks itself, as read from its words. [`Edit::FORMS`] lists what can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit(Deed);

/// Why words say nothing that can be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownEdit {
    #[error("{0:?} is nothing that is done in QuickBooks here; say one of: {forms}", forms = Edit::FORMS.join("; "))]
    Verb(String),
    #[error("{0:?} is no kind of entry; the kinds are {kinds}", kinds = Edit::kinds().join(", "))]
    Kind(String),
    #[error("{0:?} is incomplete or not of its form; say {forms}", forms = Edit::forms_of(.0).join(", or "))]
    Form(String),
}

impl Edit {
    /// All that can be said. Words in capitals stand for what is chosen; names are as QuickBooks has them, with a colon before
    /// what stands below another.
    pub const FORMS: [&str; 15] = [
        "add KIND NAME",
        "rename KIND NAME to NAME",
        "merge KIND NAME into NAME",
        "deactivate KIND NAME",
        "activate KIND NAME",
        "delete KIND NAME",
        "add invoice|payment NUMBER for CUSTOMER of AMOUNT [on DATE]",
        "change invoice|payment NUMBER date|number|memo|customer VALUE",
        "change invoice|payment NUMBER amount AMOUNT",
        "void invoice NUMBER",
        "delete invoice|payment NUMBER",
        "pay invoice NUMBER AMOUNT",
        "close books DATE",
        "open books",
        "switch on|off classes|sales-tax",
    ];

    /// The words for KIND. `item` is any item; one that is added so is a service.
    pub fn kinds() -> Vec<&'static str> {
        deed::kinds()
    }

    fn forms_of(text: &str) -> Vec<String> {
        let verb = text.split_whitespace().next().unwrap_or_default();
        let forms = Self::FORMS.iter().filter(|form| form.split(' ').next() == Some(verb));
        forms.map(|form| format!("`{form}`")).collect()
    }
}

impl FromStr for Edit {
    type Err = UnknownEdit;

    fn from_str(text: &str) -> Result<Self, UnknownEdit> {
        deed::read(text.trim()).map(Self)
    }
}

impl std::fmt::Display for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
