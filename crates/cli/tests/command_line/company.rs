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
