#![cfg(unix)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::bench::{Bench, example};

/// Ends the server even where a test fails before it does.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_file_crosses_to_the_simulated_quickbooks_to_the_cent() {
    let bench = Bench::new();
    let added = bench.run(&["company", "add", "Small Shop", "--enable", "--release", "automatic", "--json"]).json();
    let company = added["company"]["id"].as_str().unwrap();
    let connector = &added["web_connector"];
    bench.write("password.txt", connector["password"].as_str().unwrap());

    let mut command = bench.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = Server(command.stderr(Stdio::piped()).spawn().unwrap());
    let mut stderr = BufReader::new(server.0.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let address = line.strip_prefix("Bookferry listens on ").unwrap().split_whitespace().next().unwrap().to_owned();

    // The import runs while the server does.
    let (csv, mapping) = (example("small-shop.csv"), example("small-shop.toml"));
    let import = ["import", &csv, "--mapping", &mapping, "--company", company, "--derive-payments", "--json"];
    let refused = bench.path("refused.csv").display().to_string();
    let imported = bench.run(&[&import[..], &["--refused", &refused]].concat()).json();

    let url = format!("http://{address}/qbwc");
    let user = connector["user_name"].as_str().unwrap();
    let visit = ["simulate", &url, "--user", user, "--password-file", "password.txt", "--visits", "1", "--every", "0s"];
    let simulated = bench.run(&[&visit[..], &["--report", "--json"]].concat());
    assert_eq!(simulated.code, 0, "{}", simulated.stderr);
    let report: serde_json::Value = serde_json::from_str(simulated.stdout.lines().last().unwrap()).unwrap();
    let transactions = &report["report"]["transactions"];
    assert_eq!(transactions["Invoice"]["total"], imported["taken"]["sum"]);
    assert_eq!(transactions["ReceivePayment"]["total"], imported["derived_payments"]["taken"]["sum"]);
    assert_eq!(report["report"]["balance"], "0.00");

    let stopped = Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status().unwrap();
    assert!(stopped.success() && server.0.wait().unwrap().success());
}
