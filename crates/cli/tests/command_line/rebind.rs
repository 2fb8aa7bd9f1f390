use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::bench::Bench;

/// A company that is bound to its file, and to which another one came.
fn with_other_books() -> (Bench, String) {
    let bench = Bench::new();
    let added = bench.run(&["company", "add", "Acme Glass", "--enable", "--release", "automatic", "--json"]).json();
    let company = added["company"]["id"].as_str().unwrap().to_owned();
    bench.write("password.txt", added["web_connector"]["password"].as_str().unwrap());
    let mut serve = bench.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut log = BufReader::new(server.stderr.take().unwrap());
    log.read_line(&mut line).unwrap();
    let address = line.strip_prefix("Bookferry listens on ").and_then(|rest| rest.split_whitespace().next());
    let url = format!("http://{}/qbwc", address.unwrap_or_default());
    let user = added["web_connector"]["user_name"].as_str().unwrap();
    let visit = ["simulate", &url, "--user", user, "--password-file", "password.txt", "--visits", "1", "--every", "0s"];
    let own = bench.run(&visit);
    let invoice = r#"{"kind":"invoice","external_id":"inv-1","number":"1","date":"2026-11-02","customer":{"name":"Acme"},"lines":[{"item":"Glass","amount":"5.00"}],"total":"5.00"}"#;
    bench.write("records.ndjson", format!("{invoice}\n"));
    let imported = bench.run(&["import", "records.ndjson", "--company", &company]);
    let others = bench.run(&[&visit[..], &["--fault", "wrong-company=100"]].concat());
    server.kill().unwrap();
    server.wait().unwrap();
    for run in [own, imported, others] {
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
    (bench, company)
}

#[test]
fn a_company_is_bound_to_other_books_once_the_operator_says_yes() {
    let (bench, company) = with_other_books();
    let refused = bench.run_with_input(&["company", "rebind", &company], "no\n");
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("Somebody Else Inc"), "{}", refused.stderr);
    assert!(refused.stderr.contains("What was submitted stays submitted, to the old books."), "{}", refused.stderr);
    assert!(refused.stderr.contains("nothing was changed"), "{}", refused.stderr);
    let bound = bench.run_with_input(&["company", "rebind", &company], "yes\n");
    assert_eq!(bound.code, 0, "{}", bound.stderr);
    assert!(bound.stdout.contains("is bound to Somebody Else Inc"), "{}", bound.stdout);
    let again = bench.run(&["company", "rebind", &company, "--yes"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("no other company file has come"), "{}", again.stderr);
}

#[test]
fn a_script_binds_a_company_without_being_asked() {
    let (bench, company) = with_other_books();
    let bound = bench.run(&["company", "rebind", &company, "--yes", "--json"]).json();
    assert_eq!(bound["to"]["company_name"], "Somebody Else Inc", "{bound}");
    assert_eq!((&bound["held"], &bound["unconfirmed"]), (&0.into(), &0.into()), "{bound}");
}
