use super::field::Field;
use super::{Standing, StandingLine};
use crate::need::quickbooks_name;
use crate::record::{Content, Line};
use bookferry_qbxml::value::{Amount, Quantity};

/// One field of a document that somebody has to decide about: what was sent, what it is here now, and in QuickBooks now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// As on a page: "Date", "Line 2".
    pub label: String,
    pub sent: String,
    pub ours: String,
    pub theirs: String,
    /// Whether the application changed it, or a person here.
    pub is_ours: bool,
    /// Whether somebody changed it in QuickBooks.
    pub is_theirs: bool,
}

/// Everything that differs in at least one of the three, the lines each by itself. All three name what QuickBooks names.
pub fn compared(sent: &Content, ours: &Content, theirs: &Standing) -> Vec<Compared> {
    let changed = Field::changed(sent, ours);
    let mut all = Vec::new();
    for field in Field::ALL {
        let (is_ours, is_theirs) = (changed.contains(&field), field.differs(sent, theirs));
        if !is_ours && !is_theirs {
            continue;
        }
        match (field, sent, ours) {
            (Field::Lines, Content::Invoice(sent), Content::Invoice(ours)) => {
                all.extend(lines(&sent.lines, &ours.lines, &theirs.lines));
            }
            (field, sent, ours) => all.push(Compared {
                label: capitalized(field.label()),
                sent: field.told(sent),
                ours: field.told(ours),
                theirs: field.told_by(theirs),
                is_ours,
                is_theirs,
            }),
        }
    }
    all
}

/// Lines are told side by side as they stand; one that was put in between shows in all that follow.
fn lines(sent: &[Line], ours: &[Line], theirs: &[StandingLine]) -> Vec<Compared> {
    let count = sent.len().max(ours.len()).max(theirs.len());
    let compared = |place: usize| {
        let of = |lines: &[Line]| lines.get(place).map(told).unwrap_or_default();
        let theirs = theirs.get(place).map(told_there).unwrap_or_default();
        let (sent, ours) = (of(sent), of(ours));
        let (is_ours, is_theirs) = (sent != ours, sent != theirs);
        Compared { label: format!("Line {}", place + 1), sent, ours, theirs, is_ours, is_theirs }
    };
    (0..count).map(compared).filter(|line| line.is_ours || line.is_theirs).collect()
}

fn told(line: &Line) -> String {
    let item = line.item.as_deref().map(quickbooks_name).unwrap_or_default();
    let quantity = line.quantity.as_ref().map(Quantity::to_string).unwrap_or_default();
    words([&item, &quantity, &line.amount.to_string()])
}

fn told_there(line: &StandingLine) -> String {
    let amount = line.amount_e5.and_then(|e5| Amount::from_e5(e5).ok()).map(|amount| amount.to_string());
    words([&line.item, &line.quantity, &amount.unwrap_or_default()])
}

fn words(parts: [&str; 3]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" \u{b7} ")
}

fn capitalized(label: &str) -> String {
    let mut characters = label.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
