//! What is wrong with a name that stands for an entry of a QuickBooks list.

use bookferry_qbxml::status::{Who, Written};

use super::{Entry, Place, Remedy};
use crate::list::ListKind;
use crate::mapping::LISTS_NAMED;

/// For every list whose entries records name: not there, mapped to what is not there any more, and inactive.
pub(super) fn entries() -> impl Iterator<Item = Entry> {
    LISTS_NAMED.into_iter().flat_map(|list| [missing(list), mapping_gone(list), inactive(list)])
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
            format!("{}_missing", list.as_str()),
            format!("QuickBooks does not have the {noun} that the record names."),
            format!("The {noun} is called otherwise in QuickBooks, or nobody has made it there."),
        )
    }
}

fn mapping_gone(list: ListKind) -> Entry {
    let noun = list.noun();
    entry(
        format!("{}_mapping_gone", list.as_str()),
        format!("The name stands for the wrong {noun}: QuickBooks does not have what was chosen any more."),
        format!("Somebody deleted the {noun} in QuickBooks, or merged it with another."),
    )
}

fn inactive(list: ListKind) -> Entry {
    let noun = list.noun();
    Entry {
        advice: format!("Make the {noun} active in QuickBooks and press Retry, or link the name to another.").into(),
        ..entry(
            format!("{}_inactive", list.as_str()),
            format!("The {noun} that the record names is inactive in QuickBooks."),
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
