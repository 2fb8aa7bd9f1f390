//! Mappings: all or none of them are made, and they follow an entry by its ListID, or by its name in other books.

use bookferry_store::{Choice, ChosenEntry, Store, Unmappable};
use bookferry_sync::company::{BooksIdentity, Release};
use bookferry_sync::facts::EntryFacts;
use bookferry_sync::id::CompanyId;
use bookferry_sync::likeness::Suggester;
use bookferry_sync::list::{ListEntry, ListKind, NameKey};
use bookferry_sync::mapping::names;

use crate::example::{actor, at, company, hand_over, invoice, open_visit, payment, step};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    what_records_name_is_known_until_it_is_mapped_or_there,
    mappings_are_made_all_or_none_and_changed_in_place,
    a_mapping_follows_the_list_id_and_in_other_books_the_name,
    of_a_long_list_those_entries_are_found_that_are_like_a_name,
);

async fn what_records_name_is_known_until_it_is_mapped_or_there(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    hand_over(store, company, &[("inv-1", invoice("1", "250.00")), ("pay-1", payment("2", "250.00", &["inv-1"]))])
        .await;
    assert_eq!(unmapped(store, company, ListKind::Item).await, ["Windshield"], "ten lines, one name");
    assert_eq!(unmapped(store, company, ListKind::Customer).await, ["Müller Auto & Glass"]);
    assert_eq!(unmapped(store, company, ListKind::PaymentMethod).await, ["Check"]);
    take(store, company, &[entry(ListKind::Customer, "müller auto &  GLASS", "80-1", true)], 100).await;
    assert_eq!(unmapped(store, company, ListKind::Customer).await, [""; 0], "as QuickBooks compares names");
    take(store, company, &[entry(ListKind::Item, "Glass", "80-2", true)], 200).await;
    map(store, company, &[choice("windshield", "80-2")]).await.expect("mapped");
    assert_eq!(unmapped(store, company, ListKind::Item).await, [""; 0]);
    assert!(store.unmap_name(company, ListKind::Item, " WINDSHIELD").await.expect("removed"));
    assert!(!store.unmap_name(company, ListKind::Item, "Windshield").await.expect("there is none"));
    assert_eq!(unmapped(store, company, ListKind::Item).await, ["Windshield"]);
    let after = NameKey::of("windshield");
    let page = store.unmapped_names(company, ListKind::Item, "", Some(&after), 10).await.expect("names");
    assert_eq!(page, [""; 0]);
    let found = store.unmapped_names(company, ListKind::Item, "SHIE", None, 10).await.expect("names");
    assert_eq!(found, ["Windshield"]);
}

async fn mappings_are_made_all_or_none_and_changed_in_place(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let glass = entry(ListKind::Item, "Glass", "80-1", true);
    let old = entry(ListKind::Item, "Old glass", "80-2", false);
    take(store, company, &[glass.clone(), old], 100).await;
    let by_name = |name: &str, to: &str| Choice { entry: ChosenEntry::FullName(to.to_owned()), ..choice(name, "") };
    let refused = map(store, company, &[choice("A", "80-1"), choice("B", "80-9"), by_name("C", "old  GLASS")]).await;
    assert_eq!(refused, Err(vec![(1, Unmappable::NotThere), (2, Unmappable::Inactive)]));
    assert_eq!(store.mappings(company, ListKind::Item, "", None, 10).await.expect("mappings"), []);
    map(store, company, &[by_name("A", " glass "), choice("a", "80-1"), choice("B", "80-1")]).await.expect("mapped");
    map(store, company, &[choice("B ", "80-1")]).await.expect("mapped again");
    let lines = store.mappings(company, ListKind::Item, "", None, 10).await.expect("mappings");
    let told: Vec<_> = lines.iter().map(|line| (line.name.as_str(), line.entry.as_ref())).collect();
    assert_eq!(told, [("a", Some(&glass)), ("B ", Some(&glass))]);
    assert_eq!((lines[0].chosen_by.as_str(), lines[0].chosen_at), ("ada@example.com", at(50)));
    let page = store.mappings(company, ListKind::Item, "", Some(&NameKey::of("a")), 10).await.expect("mappings");
    assert_eq!(page.len(), 1);
}

async fn a_mapping_follows_the_list_id_and_in_other_books_the_name(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let windshield = invoice("1", "250.00");
    take(store, company, &[entry(ListKind::Item, "Glass", "80-1", true)], 100).await;
    map(store, company, &[choice("Windshield", "80-1")]).await.expect("mapped");
    // Found under another name by a look-up; what it was called before is forgotten by the next reading of the list.
    take(store, company, &[entry(ListKind::Item, "Panes", "80-1", true)], 200).await;
    assert_eq!(items_of(store, company, &windshield, 201).await, ["Panes"]);
    let line = store.mappings(company, ListKind::Item, "", None, 10).await.expect("mappings").remove(0);
    assert_eq!((line.chosen_name.as_str(), line.entry.expect("there").full_name.as_str()), ("Glass", "Panes"));

    let books = BooksIdentity { company_name: "Other".to_owned(), ..BooksIdentity::default() };
    let ticket = open_visit(store, company, at(300)).await;
    let mut visit = step(store, &ticket).await;
    visit.note_other_books(&books, "other books", at(300)).await.expect("noted");
    visit.commit().await.expect("committed");
    store.rebind(company, &books, &actor(), at(301)).await.expect("bound");
    assert_eq!(items_of(store, company, &windshield, 302).await, ["Glass"], "as it was chosen");
    let there = [entry(ListKind::Item, "Panes", "80-1", true), entry(ListKind::Item, "GLASS", "90-7", true)];
    take(store, company, &there, 400).await;
    let line = store.mappings(company, ListKind::Item, "", None, 10).await.expect("mappings").remove(0);
    assert_eq!(line.entry.expect("there").list_id, "90-7", "80-1 is something else in these books");
    take(store, company, &[entry(ListKind::Item, "Sheets", "90-7", true)], 500).await;
    assert_eq!(items_of(store, company, &windshield, 501).await, ["Sheets"], "and that one is followed from then on");
}

async fn unmapped(store: &Store, company: CompanyId, list: ListKind) -> Vec<String> {
    store.unmapped_names(company, list, "", None, 10).await.expect("names")
}

async fn map(store: &Store, company: CompanyId, choices: &[Choice]) -> Result<(), Vec<(usize, Unmappable)>> {
    store.map_names(company, choices, &actor(), at(50)).await.expect("an answer")
}

fn choice(name: &str, list_id: &str) -> Choice {
    Choice { list: ListKind::Item, name: name.to_owned(), entry: ChosenEntry::ListId(list_id.to_owned()) }
}

fn entry(list: ListKind, full_name: &str, list_id: &str, is_active: bool) -> ListEntry {
    ListEntry {
        list,
        full_name: full_name.to_owned(),
        list_id: list_id.to_owned(),
        is_active,
        facts: EntryFacts::default(),
    }
}

/// A visit reads the item list, which shows these.
async fn take(store: &Store, company: CompanyId, entries: &[ListEntry], seconds: i64) {
    let ticket = open_visit(store, company, at(seconds)).await;
    let mut visit = step(store, &ticket).await;
    visit.take_list(entries, &[], at(seconds)).await.expect("taken");
    visit.finish_list(ListKind::Item, None, false, at(seconds)).await.expect("read");
    visit.close("done", at(seconds)).await.expect("closed");
    visit.commit().await.expect("committed");
}

/// What a visit would call the record's items.
async fn items_of(
    store: &Store,
    company: CompanyId,
    record: &bookferry_sync::record::Content,
    seconds: i64,
) -> Vec<String> {
    let ticket = open_visit(store, company, at(seconds)).await;
    let mut visit = step(store, &ticket).await;
    let mappings = visit.mappings(std::iter::once(record)).await.expect("mappings");
    visit.close("done", at(seconds)).await.expect("closed");
    visit.commit().await.expect("committed");
    let (content, _) = mappings.apply(record.clone());
    let mut items: Vec<String> = names(&content)
        .into_iter()
        .filter(|(list, _)| *list == ListKind::Item)
        .map(|(_, name)| name.to_owned())
        .collect();
    items.dedup();
    items
}

/// Two words that half of the list has, a number that few have, and every fiftieth is inactive.
async fn of_a_long_list_those_entries_are_found_that_are_like_a_name(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let name = |number: u32| format!("{} Glass {number:04} Co", ["Harbor", "Lawn"][number as usize % 2]);
    let all: Vec<ListEntry> = (0..1_500)
        .map(|number| entry(ListKind::Item, &name(number), &format!("80{number:04}-1"), number % 50 != 0))
        .collect();
    take(store, company, &all[..900], 100).await;
    let short = store.entries_like(company, ListKind::Item, &["anything"]).await.expect("entries");
    assert_eq!(short.len(), 900, "a short list is looked at wholly");
    take(store, company, &all[900..], 200).await;
    for number in [17, 701, 1_402] {
        let wanted = format!("CO GLASS-{number:04} {}", ["HARBOR", "LAWN"][number as usize % 2]);
        let found = store.entries_like(company, ListKind::Item, &[&wanted]).await.expect("entries");
        assert!(found.iter().any(|entry| entry.full_name == name(number)), "{wanted}");
        assert!(found.len() < 600 && found.iter().all(|entry| entry.is_active), "{}", found.len());
        let suggestions = Suggester::new(&found).suggest(&wanted, 5);
        assert_eq!(suggestions[0].entry.full_name, name(number));
    }
    let all_at_once: Vec<String> = (1..26).map(name).collect();
    let all_at_once: Vec<&str> = all_at_once.iter().map(String::as_str).collect();
    let found = store.entries_like(company, ListKind::Item, &all_at_once).await.expect("entries");
    assert!(all_at_once.iter().all(|name| found.iter().any(|entry| entry.full_name == *name)));

    // An entry that is called otherwise is found by its new name; by the old one it leads to nothing that is not there.
    let renamed = ListEntry { full_name: "Windshield".to_owned(), ..all[17].clone() };
    take(store, company, std::slice::from_ref(&renamed), 300).await;
    let found = store.entries_like(company, ListKind::Item, &["windsheild"]).await.expect("entries");
    assert_eq!(found, [renamed]);
    let found = store.entries_like(company, ListKind::Customer, &["windsheild"]).await.expect("entries");
    assert_eq!(found, [], "another list has none");
}
