use crate::bench::Bench;

fn url(bench: &Bench, arguments: &[&str]) -> String {
    let added = bench.run(&[&["company", "add", "Acme", "--json"], arguments].concat()).json();
    added["web_connector"]["url"].as_str().unwrap().to_owned()
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let bench = Bench::new();
    assert_eq!(url(&bench, &[]), "http://localhost:8080/qbwc");
    bench.write("bookferry.toml", "public-url = \"https://file.example.com\"");
    assert_eq!(url(&bench, &[]), "https://file.example.com/qbwc");
    let bench = bench.with_env("BOOKFERRY_PUBLIC_URL", "https://env.example.com");
    assert_eq!(url(&bench, &[]), "https://env.example.com/qbwc");
    assert_eq!(url(&bench, &["--public-url", "https://flag.example.com"]), "https://flag.example.com/qbwc");
}

#[test]
fn a_commands_own_table_wins_over_what_stands_above() {
    let bench = Bench::new();
    bench.write(
        "bookferry.toml",
        "public_url = \"https://all.example.com\"\n[company.add]\npublic-url = \"https://own.example.com\"\n",
    );
    assert_eq!(url(&bench, &[]), "https://own.example.com/qbwc");
}

#[test]
fn the_file_is_looked_for_in_the_data_directory_too() {
    let bench = Bench::new();
    bench.write("data/bookferry.toml", "public-url = \"https://data.example.com\"");
    assert_eq!(url(&bench, &["--data-dir", "data"]), "https://data.example.com/qbwc");
    bench.write("other.toml", "public-url = \"https://other.example.com\"");
    assert_eq!(url(&bench, &["--data-dir", "data", "--config", "other.toml"]), "https://other.example.com/qbwc");
}

#[test]
fn flags_may_stand_in_the_file_as_truths() {
    let bench = Bench::new();
    bench.write("bookferry.toml", "json = true");
    assert_eq!(bench.run(&["company", "add", "Acme"]).json()["company"]["name"], "Acme");
}

#[test]
fn a_wrong_file_says_where() {
    let bench = Bench::new();
    for (text, told) in [
        ("publik-url = \"https://x\"", "there is no option `publik-url`"),
        ("[companies]\njson = true", "tables are named after commands"),
        ("[company.add]\nlisten = \"127.0.0.1:1\"", "there is no option `company.add.listen`"),
        ("public-url = 1.5", "`public-url` must be text"),
        ("public-url = ", "bookferry.toml is not understood"),
        ("release = \"sometimes\"", "sometimes"),
    ] {
        bench.write("bookferry.toml", text);
        let run = bench.run(&["company", "add", "Acme"]);
        assert_eq!(run.code, 2, "{text}");
        assert!(run.stderr.contains(told), "{text}: {}", run.stderr);
    }
    let missing = bench.run(&["--config", "none.toml", "migrate"]);
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("none.toml cannot be read"), "{}", missing.stderr);
}

#[test]
fn a_database_url_that_is_none_is_refused_without_repeating_it() {
    let bench = Bench::new().with_env("BOOKFERRY_DATABASE_URL", "mysql://root:hunter2@db/books");
    let run = bench.run(&["migrate"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("must begin with postgres://"), "{}", run.stderr);
    assert!(!bench.run(&["migrate", "--help"]).stdout.contains("hunter2"));
}
