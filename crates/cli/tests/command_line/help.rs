use crate::bench::Bench;

#[test]
fn help_reads_well() {
    let bench = Bench::new();
    let commands: [&[&str]; 18] = [
        &[],
        &["demo"],
        &["serve"],
        &["company", "add"],
        &["company", "set"],
        &["company", "rebind"],
        &["company", "webhook"],
        &["company", "webhook", "add"],
        &["user", "add"],
        &["key", "add"],
        &["import"],
        &["backfill"],
        &["reconcile"],
        &["simulate"],
        &["migrate"],
        &["backup"],
        &["restore"],
        &["doctor"],
    ];
    for command in commands {
        let run = bench.run(&[command, &["--help"]].concat());
        assert_eq!(run.code, 0);
        let name = if command.is_empty() { "bookferry".to_owned() } else { command.join("_") };
        insta::assert_snapshot!(format!("help_{name}"), run.stdout);
    }
}

#[test]
fn a_command_that_is_not_understood_ends_with_2_and_the_way_to_help() {
    let bench = Bench::new();
    for arguments in [&["inport"][..], &["serve", "--port", "80"], &["serve", "--listen", "here"]] {
        let run = bench.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stdout.is_empty() && run.stderr.contains("--help"), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn without_a_command_the_help_is_shown_as_an_error() {
    let run = Bench::new().run(&[]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("Usage: bookferry"), "{}", run.stderr);
}
