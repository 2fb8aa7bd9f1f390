use std::io::Write;

use crate::bench::{Bench, example};

fn import(bench: &Bench, company: &str, more: &[&str]) -> crate::bench::Run {
    let (csv, mapping) = (example("small-shop.csv"), example("small-shop.toml"));
    let refused = bench.path("refused.csv").display().to_string();
    let arguments = ["import", &csv, "--mapping", &mapping, "--company", company, "--refused", &refused];
    bench.run(&[&arguments, more].concat())
}

#[test]
fn the_small_shop_is_imported_and_counted() {
    let bench = Bench::new();
    let company = bench.company();
    let run = import(&bench, &company, &["--derive-payments"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let directory = bench.path("").display().to_string();
    insta::assert_snapshot!("small_shop_first", run.stdout.replace(&directory, "DIR/"));
    insta::assert_snapshot!("small_shop_refused", std::fs::read_to_string(bench.path("refused.csv")).unwrap());
    let again = import(&bench, &company, &["--derive-payments"]);
    insta::assert_snapshot!("small_shop_again", again.stdout.replace(&directory, "DIR/"));
}

#[test]
fn sums_agree_between_source_and_outcome() {
    let bench = Bench::new();
    let company = bench.company();
    let result = import(&bench, &company, &["--json"]).json();
    let cents = |key: &str| result[key]["sum"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    assert_eq!(cents("source"), cents("taken") + cents("changed") + cents("unchanged") + cents("refused"));
    assert_eq!(result["taken"]["documents"], 3);
    assert_eq!(result["statuses"]["unsent"], 3);
}

#[test]
fn what_was_corrected_in_the_file_is_a_new_revision() {
    let bench = Bench::new();
    let company = bench.company();
    let mapping = example("small-shop.toml");
    let text = std::fs::read_to_string(example("small-shop.csv")).unwrap();
    let file = bench.write("shop.csv", &text).display().to_string();
    let arguments = ["import", &file, "--mapping", &mapping, "--company", &company, "--json"];
    bench.run(&arguments).json();
    bench.write(
        "shop.csv",
        text.replace("Chip repair;;1;49,00;no;", "Chip repair;;1;59,00;no;").replace("31/11", "30/11"),
    );
    let corrected = bench.run(&arguments).json();
    assert_eq!(corrected["taken"]["documents"], 1);
    assert_eq!(corrected["unchanged"]["documents"], 3);
    bench.write("shop.csv", text.replace("84,15;yes;13,46", "84,25;yes;13,48"));
    let changed = bench.run(&arguments).json();
    assert_eq!(changed["changed"]["documents"], 1);
    assert_eq!(changed["changed"]["sum"], "181.98");
}

#[test]
fn compressed_ndjson_is_taken_line_by_line() {
    let bench = Bench::new();
    let company = bench.company();
    let good = r#"{"kind":"invoice","external_id":"i-1","number":"1","date":"2026-11-02","customer":{"name":"Acme"},"lines":[{"item":"A","quantity":"1","rate":"2.00","amount":"2.00"}],"total":"2.00"}"#;
    let wrong = good.replace("\"total\":\"2.00\"", "\"total\":\"3.00\",\"totl\":1");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(format!("{good}\n{wrong}\n=not json\n").as_bytes()).unwrap();
    let file = bench.write("records.ndjson.gz", gzip.finish().unwrap()).display().to_string();
    let result = bench.run(&["import", &file, "--company", &company, "--json"]).json();
    assert_eq!(result["taken"]["documents"], 1);
    assert_eq!(result["refused"]["documents"], 2);
    insta::assert_snapshot!(std::fs::read_to_string(format!("{file}.refused.csv")).unwrap());
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_made_inert() {
    let bench = Bench::new();
    let company = bench.company();
    let csv = bench.write("a.csv", "no,date,who,amount\n\"=cmd|' /C calc'!A0\",soon,Acme,1.00\n").display().to_string();
    let mapping =
        "[invoice]\nnumber = \"{no}\"\ndate = \"{date}\"\ncustomer = \"{who}\"\n[line]\namount = \"{amount}\"\n";
    let mapping = bench.write("map.toml", mapping).display().to_string();
    assert_eq!(bench.run(&["import", &csv, "--mapping", &mapping, "--company", &company]).code, 0);
    let refused = std::fs::read_to_string(format!("{csv}.refused.csv")).unwrap();
    assert!(refused.contains(",'=cmd|"), "{refused}");
}

#[test]
fn what_cannot_be_imported_at_all_says_why() {
    let bench = Bench::new();
    let company = bench.company();
    let (csv, mapping) = (example("small-shop.csv"), example("small-shop.toml"));
    let wrong = bench.write("wrong.toml", std::fs::read_to_string(&mapping).unwrap().replace("{Qty}", "{Quantity}"));
    let utf16 = bench.write("utf16.csv", b"\xff\xfeI\0n\0v\0\n\0");
    let (wrong, utf16) = (wrong.display().to_string(), utf16.display().to_string());
    let told = |arguments: &[&str]| {
        let run = bench.run(&[&["import"], arguments, &["--company", &company]].concat());
        assert_eq!(run.code, 1, "{arguments:?}");
        assert!(run.stdout.is_empty());
        run.stderr.replace(&bench.path("").display().to_string(), "DIR/").replace(&example(""), "EXAMPLES/")
    };
    insta::assert_snapshot!(
        [
            told(&[&csv]),
            told(&[&csv, "--mapping", "none.toml"]),
            told(&[&csv, "--mapping", &wrong]),
            told(&["none.csv", "--mapping", &mapping]),
            told(&[&utf16, "--mapping", &mapping]),
            told(&["records.xlsx", "--mapping", &mapping]),
        ]
        .concat()
    );
}
