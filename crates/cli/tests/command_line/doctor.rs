use crate::bench::Bench;

/// What needs doing, by the check that found it.
fn to_do(findings: &serde_json::Value) -> Vec<(&str, &str)> {
    let findings = findings["findings"].as_array().unwrap();
    let of = |finding: &'_ serde_json::Value| finding["to_do"].is_string();
    findings
        .iter()
        .filter(|finding| of(finding))
        .map(|finding| (finding["check"].as_str().unwrap(), finding["found"].as_str().unwrap()))
        .collect()
}

#[test]
fn the_doctor_finds_what_is_missing_and_changes_nothing() {
    let bench = Bench::new();
    let run = bench.run(&["doctor", "--json", "--public-url", "https://books.example.com"]);
    assert_eq!((run.code, run.stderr.trim()), (1, "error: 1 thing needs doing"));
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(findings["ok"], false);
    let checks: Vec<&str> = to_do(&findings).iter().map(|(check, _)| *check).collect();
    assert_eq!(checks, ["database"]);
    assert!(!bench.path("bookferry-data").exists());
}

#[test]
fn the_doctor_names_the_company_whose_connector_never_called() {
    let bench = Bench::new();
    bench.company();
    let run = bench.run(&["doctor", "--json", "--public-url", "http://books.example.com"]);
    assert_eq!(run.code, 1);
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let found = to_do(&findings);
    assert_eq!(
        found,
        [
            ("public URL", "http://books.example.com is not https"),
            ("connector", "Acme Glass: the Web Connector has never called"),
        ]
    );
    let text = bench.run(&["doctor", "--public-url", "https://books.example.com"]).stdout;
    assert!(text.contains("ok  integrity"), "{text}");
    assert!(text.contains("!!  connector       Acme Glass: the Web Connector has never called"), "{text}");
}

#[cfg(unix)]
#[test]
fn the_doctor_sees_who_else_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.company();
    for (path, mode) in [("bookferry-data", 0o755), ("bookferry-data/bookferry.db", 0o644)] {
        std::fs::set_permissions(bench.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let text = bench.run(&["doctor"]).stdout;
    assert!(text.contains("Run: chmod 700 bookferry-data"), "{text}");
}

#[test]
fn the_doctor_sees_a_damaged_database() {
    let bench = Bench::new();
    bench.company();
    let path = bench.path("bookferry-data/bookferry.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len() - 4096;
    bytes[last..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    let run = bench.run(&["doctor"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("!!  integrity") || run.stdout.contains("!!  database"), "{}", run.stdout);
}
