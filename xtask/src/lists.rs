//! `cargo xtask lists`: QuickBooks' long lists are read by the real server, which is killed amid them, and its memory is
//! measured.
//!
//! Two companies are served one after the other, the second with twice the entries, both with more than fill the caches of the database. The server is killed each time a
//! third of its reading is done. What it has to show: every entry is there once all the same, a kill costs no more than
//! the part by name that was being read, and the longer list takes no more memory.

use anyhow::{Context, Result, ensure};
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::Clock;
use bookferry_simulator::web_connector::{HttpAnswer, HttpTransport, Outcome, Transport, TransportError};
use clap::Args;

use crate::chaos::company::Company;
use crate::chaos::installation::Installation;
use crate::chaos::server::Server;
use crate::test_run;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct ListsOptions {
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    customers: u64,
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    items: u64,
    /// How often the server is killed amid the reading of the longer lists.
    #[arg(long, value_name = "N", default_value_t = 2)]
    kills: u64,
}

/// The first company has so many times fewer entries.
const FEWER: u64 = 2;
/// The longer lists may take so many hundredths of the memory that the shorter ones take.
const MEMORY_PERCENT_MAX: u64 = 115;
/// A portion of an iterator, as the server asks for it.
const PORTION: u64 = 500;
const VISITS_MAX: u32 = 100;
const SOLD: &str = "<SalesOrPurchase><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";

/// What a reading came to.
struct Read {
    visits: u32,
    kills: u64,
    calls: u64,
    peak_kb: u64,
}

/// Prints a line for each of the two. Fails when an entry is missing, a kill made everything start over, or memory grew.
pub(crate) fn run(workspace: &Workspace, options: &ListsOptions) -> Result<()> {
    let fewer = read(workspace, options.customers / FEWER, options.items / FEWER, 0)?;
    let all = read(workspace, options.customers, options.items, options.kills)?;
    let percent = all.peak_kb * 100 / fewer.peak_kb.max(1);
    println!("memory_percent={percent} of what half the entries take");
    ensure!(all.kills == options.kills, "the server was killed {} times only", all.kills);
    ensure!(percent <= MEMORY_PERCENT_MAX, "the server's memory grew with the lists");
    Ok(())
}

fn read(workspace: &Workspace, customers: u64, items: u64, kills: u64) -> Result<Read> {
    let log = workspace.target().join("lists-server.log");
    let installation = Installation::new(test_run::built_binary(workspace)?, None, log)?;
    let added = installation.add_company()?;
    let mut company = Company::new(&installation, &added, SplitMix64::new(1));
    enter(&mut company, customers, items)?;
    let portions = customers.div_ceil(PORTION).max(items.div_ceil(PORTION));
    let mut read = Read { visits: 0, kills: 0, calls: 0, peak_kb: 0 };
    loop {
        ensure!(read.visits < VISITS_MAX, "there is no end of visits");
        let server = company.start_server()?;
        let calls_left = (read.kills < kills).then_some(2 * portions / (kills + 1));
        let inner = HttpTransport::new(format!("{}/qbwc", installation.address()));
        let mut transport = Counting { inner, server, calls_left, calls: 0, peak_kb: 0 };
        let report = company.visit_through(&mut transport);
        read.visits += 1;
        read.calls += transport.calls;
        read.peak_kb = read.peak_kb.max(transport.peak_kb);
        if transport.calls_left == Some(0) {
            read.kills += 1;
            continue;
        }
        ensure!(report.problems.is_empty(), "the server broke the protocol: {}", report.problems.join("; "));
        if report.outcome == Outcome::NothingToDo {
            break;
        }
    }
    ensure_whole(&installation.logged()?, &[("customers", customers), ("items", items)])?;
    let Read { visits, kills, calls, peak_kb } = read;
    println!(
        "customers={customers} items={items} visits={visits} kills={kills} calls={calls} server_peak_kb={peak_kb}"
    );
    Ok(read)
}

/// Names that begin with every letter, as names do.
fn enter(company: &mut Company<'_>, customers: u64, items: u64) -> Result<()> {
    let now = company.clock.now();
    let mut letters = ('A'..='Z').cycle();
    for at in 0..customers {
        let letter = letters.next().context("a cycle without end")?;
        company.file.add_entry("Customer", &format!("<Name>{letter} Customer {at}</Name>"), now)?;
    }
    for at in 0..items {
        let letter = letters.next().context("a cycle without end")?;
        company.file.add_entry("ItemService", &format!("<Name>{letter} Part {at}</Name>{SOLD}"), now)?;
    }
    Ok(())
}

/// The server logs how many entries a list has when it is read. Those of the sample shop are there besides.
fn ensure_whole(log: &str, lists: &[(&str, u64)]) -> Result<()> {
    for (list, entries) in lists {
        let told = log.lines().rev().find_map(|line| {
            let told = line.split_once("a list is read visit.id=").map(|(_, told)| told)?;
            told.contains(&format!("list=\"{list}\""))
                .then(|| told.rsplit_once("entries=")?.1.trim().parse::<u64>().ok())
        });
        let told = told.flatten().with_context(|| format!("the {list} were never read to their end"))?;
        ensure!(told >= *entries && told < entries + PORTION, "QuickBooks has {entries} {list}, {told} were read");
    }
    Ok(())
}

/// Counts the calls, looks at the server's memory, and kills the server when its time has come.
struct Counting {
    inner: HttpTransport,
    server: Server,
    calls_left: Option<u64>,
    calls: u64,
    peak_kb: u64,
}

impl Transport for Counting {
    fn get(&mut self, url: &str) -> Result<HttpAnswer, TransportError> {
        self.inner.get(url)
    }

    fn post(&mut self, soap_action: &str, body: &str) -> Result<HttpAnswer, TransportError> {
        self.calls += 1;
        self.peak_kb = self.peak_kb.max(self.server.peak_memory().unwrap_or(0));
        if let Some(left) = &mut self.calls_left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.server.kill().map_err(|error| TransportError::Broken { reason: error.to_string() })?;
            }
        }
        self.inner.post(soap_action, body)
    }
}
