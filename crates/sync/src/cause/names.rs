//! What is wrong with a name that stands for an entry of a QuickBooks list.

use bookferry_qbxml::status::{Who, Written};

use super::{Cause, Entry, Place, Remedy};
use crate::list::ListKind;
use crate::mapping::{self, LISTS_NAMED};
use crate::need::quickbooks_name;
use crate::record::Content;

const RELINK: &[Remedy] = &[Remedy::Relink, Remedy::Correct, Remedy::Retry, Remedy::Exclude];

/// Why a name cannot stand for an entry of a list: the second half of a cause's code, whose first half is the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameTrouble {
    Missing,
    MappingGone,
    Inactive,
    MappingInactive,
}

impl NameTrouble {
    const ALL: [Self; 4] = [Self::Missing, Self::MappingGone, Self::Inactive, Self::MappingInactive];

    /// The cause's code, such as `items_mapping_gone`.
    pub fn code(self, list: ListKind) -> String {
        format!("{}_{}", list.as_str(), self.as_str())
    }

    /// What a cause's code says of a name; `None` where it is about something else.
    pub fn of_code(code: &str) -> Option<(ListKind, Self)> {
        let of_list = |list: ListKind| {
            let word = code.strip_prefix(list.as_str())?.strip_prefix('_')?;
            Self::ALL.into_iter().find(|trouble| trouble.as_str() == word).map(|trouble| (list, trouble))
        };
        LISTS_NAMED.into_iter().find_map(of_list)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::MappingGone => "mapping_gone",
            Self::Inactive => "inactive",
            Self::MappingInactive => "mapping_inactive",
        }
    }
}

/// For every list whose entries records name: not there, inactive, and mapped to what is one of both.
pub(super) fn entries() -> impl Iterator<Item = Entry> {
    let entry = |trouble: NameTrouble, list| match trouble {
        NameTrouble::Missing => missing(list),
        NameTrouble::MappingGone => mapping_gone(list),
        NameTrouble::Inactive => inactive(list),
        NameTrouble::MappingInactive => mapping_inactive(list),
    };
    LISTS_NAMED.into_iter().flat_map(move |list| NameTrouble::ALL.map(|trouble| entry(trouble, list)))
}

/// The names of a record that a cause is about, as the application writes them, each once: those that it quotes; where it
/// quotes none, all of the list that it is about, or all.
pub fn named(cause: &Cause, content: &Content) -> Vec<(ListKind, String)> {
    let only = match cause.code.as_str() {
        "qb_3100" => Some(ListKind::Customer),
        code => NameTrouble::of_code(code).map(|(list, _)| list),
    };
    let mut all: Vec<(ListKind, String)> = Vec::new();
    for (list, name) in mapping::names(content) {
        let name = (list, name.to_owned());
        if only.is_none_or(|only| only == list) && !all.contains(&name) {
            all.push(name);
        }
    }
    let is_quoted = |(_, name): &&(ListKind, String)| {
        let held = quickbooks_name(name);
        [name.as_str(), held.as_str()].into_iter().any(|name| {
            let quoted = [format!("\u{201c}{name}\u{201d}"), format!("\"{name}\"")];
            cause.detail == name || quoted.iter().any(|name| cause.text.contains(name) || cause.detail.contains(name))
        })
    };
    let quoted: Vec<(ListKind, String)> = all.iter().filter(is_quoted).cloned().collect();
    if quoted.is_empty() { all } else { quoted }
}

fn missing(list: ListKind) -> Entry {
    let noun = list.noun();
    // The kinds of entries that a request exists for, and that need no more than a name.
    let can_be_created =
        matches!(list, ListKind::Customer | ListKind::Item | ListKind::Terms | ListKind::PaymentMethod);
    let mut remedies = vec![Remedy::Link];
    remedies.extend(can_be_created.then_some(Remedy::Create));
    remedies.extend([Remedy::Correct, Remedy::Retry, Remedy::Exclude]);
    Entry {
        remedies: remedies.into(),
        ..entry(
            NameTrouble::Missing.code(list),
            format!("QuickBooks does not have the {noun} that the record names."),
            format!("The {noun} is called otherwise in QuickBooks, or nobody has made it there."),
        )
    }
}

fn mapping_gone(list: ListKind) -> Entry {
    let noun = list.noun();
    Entry {
        remedies: RELINK.into(),
        ..entry(
            NameTrouble::MappingGone.code(list),
            format!("The name stands for the wrong {noun}: QuickBooks does not have what was chosen any more."),
            format!("Somebody deleted the {noun} in QuickBooks, or merged it with another."),
        )
    }
}

fn mapping_inactive(list: ListKind) -> Entry {
    let (noun, another) = (list.noun(), list.another());
    let inactive = if list == ListKind::Terms { "inactive terms".to_owned() } else { format!("an inactive {noun}") };
    Entry {
        advice: format!(
            "Choose {another} for the name, or make what it stands for active in QuickBooks and press Retry."
        )
        .into(),
        remedies: RELINK.into(),
        ..entry(
            NameTrouble::MappingInactive.code(list),
            format!("The name stands for {inactive}."),
            format!("A mapping leads to the {noun}, which somebody put out of use in QuickBooks."),
        )
    }
}

fn inactive(list: ListKind) -> Entry {
    let (noun, is) = (list.noun(), list.is());
    Entry {
        advice: format!(
            "Make the {noun} active in QuickBooks and press Retry, or link the name to {}.",
            list.another()
        )
        .into(),
        ..entry(
            NameTrouble::Inactive.code(list),
            format!("The {noun} that the record names {is} inactive in QuickBooks."),
            format!("Somebody put the {noun} out of use in QuickBooks."),
        )
    }
}

fn entry(code: String, title: String, why: String) -> Entry {
    Entry {
        code: code.into(),
        place: Place::Record,
        title: title.into(),
        why: why.into(),
        advice: "".into(),
        who: Who::Bookkeeper,
        written: Written::No,
        remedies: super::catalogue::LINK.into(),
    }
}
