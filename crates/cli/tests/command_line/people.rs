use crate::bench::Bench;

const ADD: [&str; 5] = ["user", "add", "Nora@Example.com", "--role", "bookkeeper"];

#[test]
fn a_person_is_added_with_the_password_from_standard_input() {
    let bench = Bench::new();
    bench.company();
    let added = bench.run_with_input(&ADD, "correct horse battery\n");
    assert_eq!((added.code, added.stdout.as_str()), (0, "nora@example.com can sign in now.\n"), "{}", added.stderr);
    let again = bench.run_with_input(&ADD, "correct horse battery\n");
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
}

#[test]
fn a_short_or_missing_password_is_refused() {
    let bench = Bench::new();
    bench.company();
    for (password, told) in [("elevenchars\n", "has 11 characters"), ("", "no password on standard input")] {
        let refused = bench.run_with_input(&ADD, password);
        assert_eq!(refused.code, 1);
        assert!(refused.stderr.contains(told), "{}", refused.stderr);
    }
}

#[test]
fn people_need_a_company_and_an_address() {
    let bench = Bench::new();
    let early = bench.run_with_input(&ADD, "correct horse battery\n");
    assert_eq!(early.code, 1);
    assert!(early.stderr.contains("`bookferry company add` first"), "{}", early.stderr);
    assert_eq!(bench.run(&["user", "add", "nora", "--role", "admin"]).code, 2);
    assert_eq!(bench.run(&["user", "add", "nora@example.com", "--role", "owner"]).code, 2);
}

#[test]
fn a_key_needs_a_company_that_is_there() {
    let bench = Bench::new();
    let unknown = bench.run(&["key", "add", "--company", "01930000-0000-7000-8000-000000000000"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.stderr.contains("there is no company 01930000"), "{}", unknown.stderr);
    assert_eq!(bench.run(&["key", "add", "--company", "acme"]).code, 2);
    let company = bench.company();
    let key = bench.run(&["key", "add", "--company", &company, "--read-only", "--json"]).json();
    assert_eq!(key["read_only"], true);
    assert!(key["api_key"].as_str().unwrap().starts_with("bf_live_"));
}

#[test]
fn the_first_administrator_comes_before_any_company() {
    let bench = Bench::new();
    let add = ["user", "add", "ops@example.com", "--role", "admin"];
    let added = bench.run_with_input(&add, "correct horse battery\n");
    assert_eq!(added.stdout, "ops@example.com can sign in now. The first page adds the company.\n", "{}", added.stderr);
    bench.company();
    let other = bench.run_with_input(&ADD, "correct horse battery\n");
    assert_eq!(other.code, 0, "the company is in the same organization: {}", other.stderr);
}
