//! Which entries are suggested for a name of the application's, and in which order.

use bookferry_sync::facts::EntryFacts;
use bookferry_sync::likeness::{Likeness, Suggester, likely, likeness, marks};
use bookferry_sync::list::{ListEntry, ListKind};
use proptest::prelude::*;

fn entries(names: &[&str]) -> Vec<ListEntry> {
    let entry = |(index, name): (usize, &&str)| ListEntry {
        list: ListKind::Item,
        full_name: (*name).to_owned(),
        list_id: format!("80-{index}"),
        is_active: !name.starts_with('('),
        facts: EntryFacts::default(),
    };
    names.iter().enumerate().map(entry).collect()
}

fn suggested(entries: &[ListEntry], name: &str) -> Vec<(String, u8)> {
    let suggester = Suggester::new(entries);
    let told = |it: bookferry_sync::likeness::Suggestion<'_>| (it.entry.full_name.clone(), it.likeness.percent());
    suggester.suggest(name, 3).into_iter().map(told).collect()
}

#[test]
fn what_differs_only_in_writing_comes_first_and_inactive_entries_never() {
    let entries = entries(&[
        "Glass:Windshields",
        "Glass:Windshield FW-02717",
        "Windshield wiper",
        "(old) Windshield",
        "Labor",
        "Mueller Auto and Glass",
        "Café Rosé",
        "Deluxe Wash",
    ]);
    let mut told = String::new();
    for name in
        ["Windshield FW02717", "Windshield", "labour", "Müller Auto & Glass", "CAFE ROSE", "Wash, deluxe", "Tires", "?"]
    {
        told += &format!("{name}: {:?}\n", suggested(&entries, name));
    }
    insta::assert_snapshot!(told);
}

#[test]
fn names_of_real_customers_and_items_are_ranked_as_a_person_would() {
    for (name, right, wrong) in [
        ("Intl. Business Machines", "International Business Machines", "Internal Audit"),
        ("Smith, John", "John Smith", "Johnson Smithers"),
        ("NET30", "Net 30", "Net 10"),
        ("Mastercard", "Master Card", "Gift Card"),
        ("Chk", "Check", "Cash"),
        ("State Sales Tax", "State Tax", "Out of State"),
        ("Harbor Taxi LLC", "Harbor Taxi", "Harbor Cab Co"),
        ("Windsheild", "Windshield", "Window regulator"),
    ] {
        assert!(
            likeness(name, right) > likeness(name, wrong),
            "{name}: {:?}, {:?}",
            likeness(name, right),
            likeness(name, wrong)
        );
        assert!(likeness(name, right) >= Likeness::LEAST, "{name}: {:?}", likeness(name, right));
    }
    for (name, other) in [("Labor", "Glass"), ("Net 30", "Due on receipt"), ("Visa", "Cash")] {
        assert!(likeness(name, other) < Likeness::LIKELY, "{name}, {other}: {:?}", likeness(name, other));
    }
}

#[test]
fn what_only_looks_alike_is_never_confirmed_with_others() {
    let is_likely = |name: &str, names: &[&str]| {
        let entries = entries(names);
        likely(&Suggester::new(&entries).suggest(name, 3)).map(|it| it.entry.full_name.clone())
    };
    assert_eq!(is_likely("Part 17 left", &["Part 18 left", "Part 17 right"]), None);
    assert_eq!(is_likely("Windshield", &["Windshield wiper"]), None);
    assert_eq!(is_likely("Jon Johnson", &["Jon Johnston"]), None);
    assert_eq!(is_likely("Job 1", &["Harbor:Job 1", "Lawn Depot:Job 1"]), None, "either may be meant");
    assert_eq!(is_likely("Job 1", &["Harbor:Job 1", "Lawn Depot:Job 2"]).as_deref(), Some("Harbor:Job 1"));
    assert_eq!(is_likely("Johnson, Jon", &["Jon Johnson"]).as_deref(), Some("Jon Johnson"));
    assert_eq!(is_likely("FW-02717", &["FW 02717", "FW 02718"]).as_deref(), Some("FW 02717"));
}

#[test]
fn of_fifty_thousand_entries_the_right_one_is_found() {
    let names: Vec<String> =
        (0..50_000).map(|number| format!("Part {:05} {}", number, ["left", "right"][number % 2])).collect();
    let entries = entries(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let suggester = Suggester::new(&entries);
    for number in [0, 17, 49_999] {
        let wanted = format!("PART-{number:05}-{}", ["LEFT", "RIGHT"][number % 2]);
        let best = suggester.suggest(&wanted, 1);
        assert_eq!((best[0].entry.full_name.as_str(), best[0].likeness), (names[number].as_str(), Likeness::SAME));
    }
}

proptest! {
    #[test]
    fn likeness_is_the_same_both_ways_within_bounds_and_total_for_itself(a in "\\PC{0,24}", b in "[A-Za-z0-9 :&.,'-]{0,24}") {
        prop_assert_eq!(likeness(&b, &b) == Likeness::SAME, b.chars().any(|letter| letter.is_alphanumeric() || letter == '&'));
        prop_assert!(likeness(&a, &b) <= Likeness::SAME);
        prop_assert_eq!(likeness(&a, &b), likeness(&b, &a));
    }
}

/// What a look at the whole list would suggest first is among those that have a mark in common, but for a few.
#[test]
fn names_that_are_alike_have_a_mark_in_common() {
    for (name, other) in [
        ("Windshield FW02717", "Glass:Windshield FW-02717"),
        ("Müller Auto & Glass", "Mueller Auto and Glass"),
        ("Smith, John", "John Smith"),
        ("Windsheild", "Windshield"),
        ("Mastercard", "Master Card"),
        ("Intl. Business Machines", "International Business Machines"),
        ("Harbour Taxi", "HARBOR TAXIS"),
        ("Jon Johnson", "Jon Johnston"),
    ] {
        let (of_name, of_other) = (marks(name), marks(other));
        assert!(of_name.intersection(&of_other).next().is_some(), "{name}, {other}: {of_name:?} {of_other:?}");
    }
    assert!(marks("Labor").is_disjoint(&marks("Glass")));
    assert_eq!(marks(" - ").len(), 0);
    assert!(marks("one two three four five six seven eight nine ten").len() < 50);
}
