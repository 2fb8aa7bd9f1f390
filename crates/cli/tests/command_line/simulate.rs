use crate::bench::Bench;

#[test]
fn simulate_needs_a_password_but_not_on_the_command_line() {
    let bench = Bench::new();
    let run = bench.run(&["simulate", "http://127.0.0.1:9/qbwc", "--user", "acme", "--visits", "1"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("BOOKFERRY_SIMULATE_PASSWORD"), "{}", run.stderr);
    let bench = bench.with_env("BOOKFERRY_SIMULATE_PASSWORD", "hunter2hunter2");
    let run = bench.run(&["simulate", "http://127.0.0.1:9/qbwc", "--user", "acme", "--visits", "1", "--json"]);
    let line = run.stdout.lines().next().unwrap();
    let visit: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(visit["visit"]["outcome"]["kind"], "failed");
    assert!(!run.stdout.contains("hunter2") && !run.stderr.contains("hunter2"));
    assert!(!bench.run(&["simulate", "--help"]).stdout.contains("hunter2"));
}

#[test]
fn a_company_file_can_be_asked_without_a_visit() {
    let bench = Bench::new().with_env("BOOKFERRY_SIMULATE_PASSWORD", "hunter2hunter2");
    let missing = bench.run(&["simulate", "--report", "--company-file", "acme.qbsim"]);
    assert_eq!(missing.code, 1);
    assert!(missing.stderr.contains("there is no company file acme.qbsim"), "{}", missing.stderr);
    let visit = ["simulate", "http://127.0.0.1:9/qbwc", "--user", "acme", "--visits", "1"];
    bench.run(&[&visit[..], &["--company-file", "acme.qbsim"]].concat());
    let report = bench.run(&["simulate", "--report", "--company-file", "acme.qbsim", "--json"]).json();
    assert_eq!(report["report"]["balance"], "0.00");
}

#[test]
fn an_unknown_fault_is_told_with_those_there_are() {
    let bench = Bench::new();
    let run = bench.run(&["simulate", "http://localhost/qbwc", "--user", "a", "--fault", "lost-luggage"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("lost-request, lost-answer"), "{}", run.stderr);
}

#[test]
fn a_password_may_begin_with_a_hyphen() {
    let bench = Bench::new();
    let visit = ["simulate", "http://127.0.0.1:9/qbwc", "--user", "acme", "--visits", "1", "--password", "-w"];
    let run = bench.run(&visit);
    assert!(!run.stderr.contains("unexpected argument"), "{}", run.stderr);
}

#[test]
fn somebody_works_in_quickbooks_without_a_visit() {
    let bench = Bench::new();
    let edit = |deeds: &str| bench.run(&["simulate", "--company-file", "acme.qbsim", "--edit", deeds]);
    let done = edit("add customer Anna; add item Glass; add invoice 1042 for Anna of 125.00");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let refused = edit("delete item Glass");
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("`delete item Glass` cannot be done: QuickBooks refuses it with 3160"),
        "{}",
        refused.stderr
    );
    let unknown = edit("polish item Glass");
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("say one of: add KIND NAME"), "{}", unknown.stderr);
    let report = bench.run(&["simulate", "--report", "--company-file", "acme.qbsim", "--json"]).json();
    assert_eq!(report["report"]["balance"], "125.00");
    let nowhere = bench.run(&["simulate", "--edit", "add item Glass"]);
    assert!(nowhere.stderr.contains("need --company-file"), "{}", nowhere.stderr);
}
