use std::process::Stdio;

use crate::bench::Bench;

/// With an invoice in it.
fn shop() -> (Bench, String) {
    let bench = Bench::new();
    let company = bench.company();
    let invoice = r#"{"kind":"invoice","external_id":"inv-1","number":"1","date":"2026-11-02","customer":{"name":"Acme"},"lines":[{"item":"Glass","amount":"5.00"}],"total":"5.00"}"#;
    bench.write("records.ndjson", format!("{invoice}\n"));
    assert_eq!(bench.run(&["import", "records.ndjson", "--company", &company]).code, 0);
    (bench, company)
}

#[test]
fn a_backup_is_written_once_checked_and_for_its_owner_alone() {
    let (bench, _) = shop();
    let written = bench.run(&["backup", "safe.backup", "--json"]).json();
    assert_eq!((&written["companies"], &written["records"]["unsent"]), (&1.into(), &1.into()), "{written}");
    let again = bench.run(&["backup", "safe.backup"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("safe.backup is there already; --force overwrites it"), "{}", again.stderr);
    let forced = bench.run(&["backup", "safe.backup", "--force"]);
    assert!(forced.stdout.starts_with("Wrote safe.backup and checked it: 1 company, 1 record, "), "{}", forced.stdout);
    let names: Vec<String> = std::fs::read_dir(bench.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("backup"))
        .collect();
    assert_eq!(names, ["safe.backup"], "nothing is left beside it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(bench.path("safe.backup")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_backup_makes_no_database_where_there_is_none() {
    let bench = Bench::new();
    let run = bench.run(&["backup", "safe.backup"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("there is no database"), "{}", run.stderr);
    assert!(!bench.path("bookferry-data").exists() && !bench.path("safe.backup").exists());
}

#[test]
fn a_backup_comes_back_and_replaces_only_what_it_may() {
    let (bench, company) = shop();
    assert_eq!(bench.run(&["backup", "safe.backup"]).code, 0);
    let refused = bench.run(&["restore", "safe.backup"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("holds 1 companies and 1 records; --replace"), "{}", refused.stderr);
    let elsewhere = bench.run(&["restore", "safe.backup", "--data-dir", "elsewhere", "--json"]).json();
    assert_eq!(elsewhere["kept"], serde_json::Value::Null);
    let replaced = bench.run(&["restore", "safe.backup", "--replace", "--json"]).json();
    assert!(std::path::Path::new(replaced["kept"].as_str().unwrap()).file_name().is_some());
    for directory in ["bookferry-data", "elsewhere"] {
        let known = bench.run(&["key", "add", "--company", &company, "--data-dir", directory]);
        assert_eq!(known.code, 0, "{directory}: {}", known.stderr);
    }
}

#[test]
fn what_is_no_backup_is_refused_and_changes_nothing() {
    let (bench, _) = shop();
    bench.write("text.backup", "not a database at all, but long enough to be looked at as if it were one");
    let database = bench.path("bookferry-data/bookferry.db").display().to_string();
    let broken = bench.path("broken.backup");
    assert_eq!(bench.run(&["backup", "broken.backup"]).code, 0);
    let mut bytes = std::fs::read(&broken).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xff);
    std::fs::write(&broken, bytes).unwrap();
    for (file, why) in [
        ("text.backup", "is no backup of Bookferry"),
        ("missing.backup", "cannot be read"),
        (&database, "is no backup of Bookferry"),
        ("broken.backup", "is damaged"),
    ] {
        let run = bench.run(&["restore", file, "--replace", "--data-dir", "elsewhere"]);
        assert_eq!(run.code, 1, "{file}");
        assert!(run.stderr.contains(why), "{file}: {}", run.stderr);
        assert!(!bench.path("elsewhere/bookferry.db").exists());
    }
}

#[test]
fn a_backup_that_was_cut_off_is_refused_and_what_is_there_stays() {
    let (bench, company) = shop();
    assert_eq!(bench.run(&["backup", "whole.backup"]).code, 0);
    let whole = std::fs::read(bench.path("whole.backup")).unwrap();
    for kept in [0, 15, 100, 4096, whole.len() / 2, whole.len() - 4096, whole.len() - 1] {
        bench.write("cut.backup", &whole[..kept]);
        let run = bench.run(&["restore", "cut.backup", "--replace"]);
        assert_eq!(run.code, 1, "{kept} bytes: {}", run.stdout);
        let says_so = ["is damaged", "is no backup of Bookferry"].iter().any(|why| run.stderr.contains(why));
        assert!(says_so && run.stderr.contains("cut.backup"), "{kept} bytes: {}", run.stderr);
    }
    let known = bench.run(&["key", "add", "--company", &company]);
    assert_eq!(known.code, 0, "{}", known.stderr);
    let names = std::fs::read_dir(bench.path("bookferry-data")).unwrap();
    let names: Vec<String> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    let left = names.iter().filter(|name| name.contains("restoring") || name.contains("before-")).count();
    assert_eq!(left, 0, "{names:?}");
}

#[test]
fn a_database_in_use_is_backed_up_but_not_replaced() {
    let (bench, _) = shop();
    let mut serve = bench.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(server.stderr.take().unwrap()), &mut line).unwrap();
    assert!(line.contains("Bookferry listens on"), "{line}");
    let written = bench.run(&["backup", "safe.backup"]);
    let restored = bench.run(&["restore", "safe.backup", "--replace"]);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert_eq!(restored.code, 1);
    assert!(restored.stderr.contains("is in use by another program; stop the server first"), "{}", restored.stderr);
    assert_eq!(bench.run(&["restore", "safe.backup", "--replace"]).code, 0);
}
