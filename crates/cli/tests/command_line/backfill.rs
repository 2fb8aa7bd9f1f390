use crate::bench::Bench;

#[test]
fn older_records_are_counted_and_added_once() {
    let bench = Bench::new();
    let company = bench.company();
    let lines = [("i-1", "1001", "2026-01-05"), ("i-2", "1002", "2026-02-05"), ("i-3", "1003", "2026-03-05")];
    let lines = lines.map(|(id, number, date)| {
        format!(
            r#"{{"kind":"invoice","external_id":"{id}","number":"{number}","date":"{date}","created_at":"{date}T10:00:00Z","customer":{{"name":"Acme"}},"lines":[{{"item":"A","amount":"2.50"}}],"total":"2.50"}}"#
        )
    });
    let file = bench.write("older.ndjson", lines.join("\n")).display().to_string();
    let imported = bench.run(&["import", &file, "--company", &company, "--json"]).json();
    assert_eq!(imported["statuses"]["held_back"], 3, "{imported}");

    let backfill = ["backfill", "--company", &company, "--from", "2026-01-01", "--to", "2026-02-28"];
    let counted = bench.run(&[&backfill[..], &["--dry-run", "--json"]].concat()).json();
    assert_eq!((&counted["added"], &counted["found"]["invoices"]), (&0.into(), &2.into()));
    assert_eq!(counted["found"]["invoices_sum"], "5.00");
    let first = bench.run(&backfill);
    assert_eq!(first.code, 0, "{}", first.stderr);
    insta::assert_snapshot!("backfill_first", first.stdout);
    let again = bench.run(&backfill);
    insta::assert_snapshot!("backfill_again", again.stdout);
    let rest = bench.run(&["backfill", "--company", &company, "--from", "2026-01-01", "--json"]).json();
    assert_eq!(rest["added"], 1);
}

#[test]
fn backfill_needs_a_company_that_is_there_and_dates_in_order() {
    let bench = Bench::new();
    let company = bench.company();
    let turned = bench.run(&["backfill", "--company", &company, "--from", "2026-02-01", "--to", "2026-01-01"]);
    assert_eq!(turned.code, 1);
    assert!(turned.stderr.contains("--from lies after --to"), "{}", turned.stderr);
    let unknown = bench.run(&["backfill", "--company", "01930000-0000-7000-8000-000000000000", "--from", "2026-02-01"]);
    assert!(unknown.stderr.contains("there is no company 01930000"), "{}", unknown.stderr);
    assert_eq!(bench.run(&["backfill", "--company", &company]).code, 2, "--from is required");
}
