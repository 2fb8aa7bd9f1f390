use bookferry_sync::company::Settings;
use bookferry_sync::list::ListKind;
use bookferry_sync::submission::Status;

use crate::office::{BOTH, Office};

/// docs/characters.md tells what stands for what.
#[test]
fn quickbooks_holds_what_it_can_and_the_original_stays_here() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        let json = r#"{"number":"7","date":"2026-11-02","customer":{"name":"Česká – €"},
            "lines":[{"item":"Łódź","description":"“clear”","amount":"125.00"}],"total":"125.00"}"#;
        let id = office.take_in(7, json);
        office.release_all();
        office.visit();
        assert_eq!(office.line(7).state.status(), Status::Submitted, "{on:?}");
        assert_eq!(office.names(ListKind::Customer, "eur"), [("Ceská - EUR".to_owned(), true)]);
        assert_eq!(office.names(ListKind::Item, "lód"), [("Lódz".to_owned(), true)]);
        let record = office.record(id).record;
        assert_eq!(
            (record.content.customer().name.as_str(), record.line.customer.as_str()),
            ("Česká – €", "Česká – €")
        );
        let kept = record.content.to_json().expect("JSON");
        assert!(kept.contains("Łódź") && kept.contains("“clear”"), "{kept}");
    }
}
