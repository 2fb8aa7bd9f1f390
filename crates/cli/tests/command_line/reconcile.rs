use crate::bench::Bench;

#[test]
fn a_comparison_is_asked_for_by_the_command_line() {
    let bench = Bench::new();
    let company = bench.company();
    let asked = bench.run(&["reconcile", "--company", &company, "--from", "2026-01-01"]);
    assert_eq!((asked.code, asked.stderr.as_str()), (0, ""));
    assert!(asked.stdout.starts_with("The next visit of the Web Connector begins to compare"), "{}", asked.stdout);
    let told = bench.run(&["reconcile", "--company", &company, "--json"]).json();
    assert_eq!(told["company"], company.as_str());
    let unknown = bench.run(&["reconcile", "--company", "01930000-0000-7000-8000-000000000000"]);
    assert_ne!(unknown.code, 0);
}
