use crate::bench::Bench;

#[test]
fn company_add_prints_the_contracts_json() {
    let bench = Bench::new();
    let run = bench.run(&["company", "add", "Müller Auto & Glass", "--json", "--public-url", "https://b.example.com/"]);
    let added = run.json();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&added), ["company", "api_key", "web_connector"]);
    assert_eq!(keys(&added["company"]), ["id", "name"]);
    assert_eq!(keys(&added["web_connector"]), ["url", "user_name", "password", "qwc_url"]);
    assert_eq!(added["company"]["name"], "Müller Auto & Glass");
    assert_eq!(added["web_connector"]["url"], "https://b.example.com/qbwc");
    let api_key = added["api_key"].as_str().unwrap();
    assert!(api_key.starts_with("bf_live_") && api_key.len() == "bf_live_".len() + 43, "{api_key}");
    assert_eq!(added["web_connector"]["password"].as_str().unwrap().len(), 43);
}

#[test]
fn secrets_are_shown_once_and_kept_nowhere() {
    let bench = Bench::new();
    let added = bench.run(&["company", "add", "Acme", "--json"]).json();
    let key = bench.run(&["key", "add", "--company", added["company"]["id"].as_str().unwrap(), "--json"]).json();
    let secrets = [&added["api_key"], &added["web_connector"]["password"], &key["api_key"]];
    for file in std::fs::read_dir(bench.path("bookferry-data")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in secrets {
            assert!(!text.contains(secret.as_str().unwrap()));
        }
    }
}

#[cfg(unix)]
#[test]
fn the_data_directory_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.company();
    let mode = std::fs::metadata(bench.path("bookferry-data")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_second_company_joins_the_organization_unless_told_otherwise() {
    let bench = Bench::new();
    bench.company();
    assert_eq!(bench.run(&["company", "add", "Second"]).code, 0);
    assert_eq!(bench.run(&["company", "add", "Stranger", "--organization", "new"]).code, 0);
    let unclear = bench.run(&["company", "add", "Third"]);
    assert_eq!(unclear.code, 1);
    assert!(unclear.stderr.contains("--organization"), "{}", unclear.stderr);
}

#[test]
fn what_may_be_created_is_checked_before_anything_is_added() {
    let bench = Bench::new();
    let refused = bench.run(&["company", "add", "Acme", "--create", "customers,accounts"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("`accounts` is none of customers, items, terms"), "{}", refused.stderr);
    assert!(!bench.path("bookferry-data").exists());
    assert_eq!(bench.run(&["company", "add", "Acme", "--create", "none"]).code, 0);
}

#[test]
fn when_and_how_fast_records_go_is_set_and_what_is_not_given_stays() {
    let bench = Bench::new();
    let id = bench.company();
    let set = bench.run(&[
        "company",
        "set",
        &id,
        "--target-seconds",
        "3",
        "--quiet-hours",
        "mon-fri 9:00-12:00; Sat 22:00-06:00",
        "--time-zone",
        "america/new_york",
    ]);
    assert_eq!(set.code, 0, "{}", set.stderr);
    let again = bench.run(&["company", "set", &id, "--visit-limit", "500 records, 30 minutes"]);
    for shown in [
        "Seconds for a message set     3",
        "Records in a message set      100",
        "Time zone                     America/New_York",
        "Quiet hours                   Mon-Fri 09:00-12:00; Sat 22:00-06:00",
        "A visit ends after            500 records, 30 minutes",
    ] {
        assert!(again.stdout.contains(shown), "{shown}\n{}", again.stdout);
    }
    let none = bench.run(&["company", "set", &id, "--quiet-hours", "none", "--visit-limit", "none"]);
    assert!(none.stdout.contains("Quiet hours                   none"), "{}", none.stdout);
    let unknown = bench.run(&["company", "set", "01a19cc6-3d80-7ade-9abe-a069bb41a797"]);
    assert!(unknown.code == 1 && unknown.stderr.contains("there is no company"), "{}", unknown.stderr);
}

#[test]
fn a_setting_that_cannot_be_taken_says_what_to_write() {
    let bench = Bench::new();
    for (option, value, told) in [
        ("--target-seconds", "0", "from 1 to 120"),
        ("--records-per-message-set", "201", "from 1 to 200"),
        ("--time-zone", "New York", "such as America/New_York"),
        ("--quiet-hours", "Mon-Fri 9-12", "is no time; write hours and minutes"),
        ("--quiet-hours", "00:00-24:00", "leave no time for a visit"),
        ("--visit-limit", "a few", "500 records, 30 minutes"),
    ] {
        let refused = bench.run(&["company", "add", "Acme", option, value]);
        assert_eq!(refused.code, 2, "{option} {value}");
        assert!(refused.stderr.contains(told) && refused.stderr.contains(option), "{}", refused.stderr);
    }
    let added = bench.run(&["company", "add", "Acme", "--json", "--quiet-hours", "Mon-Fri 09:00-12:00"]).json();
    let shown = bench.run(&["company", "set", added["company"]["id"].as_str().unwrap()]);
    assert!(shown.stdout.contains("Mon-Fri 09:00-12:00"), "{}", shown.stdout);
}

#[test]
fn as_what_missing_items_are_created_is_set_and_what_is_not_given_stays() {
    let bench = Bench::new();
    let id = bench.company();
    let set = ["--item-kind", "inventory", "--charges", "Shipping;Freight: Air", "--discounts", "discount"];
    assert_eq!(bench.run(&[&["company", "set", &id], set.as_slice()].concat()).code, 0);
    let set = ["--income-account", "Income:Sales", "--asset-account", "Stock", "--discount-account", "Discounts given"];
    let again = bench.run(&[&["company", "set", &id], set.as_slice()].concat());
    for shown in [
        "Missing items are created as  inventory items",
        "Always as other charges       Shipping; Freight:Air",
        "Discounts are created as      discount items",
        "Income account                Income:Sales",
        "Account of discounts          Discounts given",
        "Account of inventory's cost   Cost of Goods Sold",
        "Account of inventory's worth  Stock",
    ] {
        assert!(again.stdout.contains(shown), "{shown}\n{}", again.stdout);
    }
    let none = bench.run(&["company", "set", &id, "--charges", "none", "--discount-account", "none"]);
    assert!(none.stdout.contains("charges       none") && none.stdout.contains("discounts          Income:Sales"));
    let added = bench.run(&["company", "add", "Acme", "--json", "--item-kind", "other-charge"]).json();
    let shown = bench.run(&["company", "set", added["company"]["id"].as_str().unwrap()]);
    assert!(shown.stdout.contains("created as  other charges"), "{}", shown.stdout);
    let refused = bench.run(&["company", "set", &id, "--asset-account", " "]);
    assert!(refused.code == 2 && refused.stderr.contains("from 1 to 159 characters"), "{}", refused.stderr);
}
