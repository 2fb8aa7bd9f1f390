//! `cargo xtask preflight`: how many of the refusals that QuickBooks would make are found before anything is released.
//!
//! Half a year of a real shop meets strict lists: the company may create nothing, QuickBooks has only some of the customers
//! and items, some of them inactive, and its books are closed up to a day in the middle. One visit reads the lists, then the
//! API tells each record's preflight. The judge is a copy of the company file, to which every record is written as it
//! stands, by requests of this program's own; then everything is released and crosses by the server's own way, which must come to
//! the same.

mod judge;
mod strict;

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::Outcome;
use clap::Args;
use serde_json::{Value, json};

use crate::chaos::api::text;
use crate::chaos::company::Company;
use crate::half_year::HalfYear;
use crate::workspace::Workspace;
use judge::Verdict;

#[derive(Args)]
pub(crate) struct PreflightOptions {
    #[command(flatten)]
    half_year: HalfYear,
}

/// So many of a hundred refusals have to be foretold.
const FORETOLD_PERCENT_MIN: u64 = 95;
/// So many lines go into a batch.
const RECORDS_PER_BATCH: usize = 1_000;
/// One of so many records is handed over a second time under another name, with the same number.
const EVERY_USED_TWICE: usize = 200;

/// A record and what preflight says of it.
struct Foretold {
    record: Value,
    /// The codes of the findings that say it will be refused.
    refusals: Vec<String>,
    /// The codes of its warnings.
    warnings: Vec<String>,
}

/// Prints the counts. Fails where fewer than 95 % of the refusals were foretold, or the crossing came to something else.
pub(crate) fn run(workspace: &Workspace, options: &PreflightOptions) -> Result<()> {
    let installation = options.half_year.install(workspace, "preflight")?;
    let mut shop = options.half_year.open_shop(workspace, &installation, &["--create", "none"])?;
    let company = &mut shop.company;
    let mut records = contents(company)?;
    let again = use_numbers_twice(company, &records)?;
    let books = strict::set_up(company, &records, options.half_year.seed)?;
    records.extend(again);
    println!("records={} {books}", records.len());
    read_lists(company)?;
    let foretold = foretell(company, records)?;
    let verdicts = judge::judge(company, foretold.iter().map(|foretold| &foretold.record))?;
    let crossed = release_all(company)?;
    conclude(&foretold, &verdicts, &crossed)
}

/// Every record with its content, in the order in which they were handed over.
fn contents(company: &Company<'_>) -> Result<Vec<Value>> {
    let mut names = Vec::new();
    company.api.each_record(|record| {
        names.push((text(record, "id")?, text(record, "kind")?, text(record, "external_id")?));
        Ok(())
    })?;
    names.sort_unstable();
    names.iter().map(|(_, kind, external_id)| company.api.record(kind, external_id)).collect()
}

/// Hands some records over once more, as an application does that has lost its memory: invoices twice are taken twice, but
/// a payment twice is more than is open.
fn use_numbers_twice(company: &Company<'_>, records: &[Value]) -> Result<Vec<Value>> {
    let mut again: Vec<Value> = records.iter().step_by(EVERY_USED_TWICE).cloned().collect();
    for record in &mut again {
        record["external_id"] = json!(format!("again-{}", text(record, "external_id")?));
    }
    company.api.batch(&ndjson(&again))?;
    Ok(again)
}

/// The records as lines of a batch.
fn ndjson(records: &[Value]) -> String {
    let line = |record: &Value| {
        let mut line = record["content"].clone();
        line["kind"] = record["kind"].clone();
        line["external_id"] = record["external_id"].clone();
        format!("{line}\n")
    };
    records.iter().map(line).collect()
}

fn read_lists(company: &mut Company<'_>) -> Result<()> {
    let mut visit = || company.visit_amid(&mut Faults::none());
    visit()?;
    ensure!(visit()?.outcome == Outcome::NothingToDo, "one visit did not read all lists");
    Ok(())
}

/// The same content handed over again changes nothing, and is answered with its preflight.
fn foretell(company: &Company<'_>, records: Vec<Value>) -> Result<Vec<Foretold>> {
    let mut foretold = Vec::new();
    for records in records.chunks(RECORDS_PER_BATCH) {
        let answers = company.api.batch(&ndjson(records))?;
        let answers: Vec<Value> = answers.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        ensure!(answers.len() == records.len(), "{} lines, {} answers", records.len(), answers.len());
        for (record, answer) in records.iter().zip(answers) {
            ensure!(answer["outcome"] == "unchanged", "the same content again changed something: {answer}");
            let codes = |severity: &str| {
                let findings = answer["preflight"].as_array().into_iter().flatten();
                let findings = findings.filter(|finding| finding["severity"] == severity);
                findings.filter_map(|finding| finding["code"].as_str().map(str::to_owned)).collect()
            };
            let (refusals, warnings) = (codes("will_be_refused"), codes("warning"));
            foretold.push(Foretold { record: record.clone(), refusals, warnings });
        }
    }
    Ok(foretold)
}

/// Releases everything, whatever preflight says, and tells what status each record came to, by external_id.
fn release_all(company: &mut Company<'_>) -> Result<BTreeMap<String, String>> {
    company.api.release_all()?;
    company.visit_until_done()?;
    let mut statuses = BTreeMap::new();
    company.api.each_record(|record| {
        statuses.insert(text(record, "external_id")?, text(record, "status")?);
        Ok(())
    })?;
    Ok(statuses)
}

/// How many records were refused for a reason, and for how many of them preflight told it.
#[derive(Default)]
struct Count {
    refused: u64,
    foretold: u64,
}

fn conclude(
    foretold: &[Foretold],
    verdicts: &BTreeMap<String, Verdict>,
    crossed: &BTreeMap<String, String>,
) -> Result<()> {
    let mut by_status: BTreeMap<i64, Count> = BTreeMap::new();
    let mut by_code: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut total, mut taken, mut wrong, mut waits, mut warned) = (Count::default(), 0, 0, 0, 0);
    let mut apart = Vec::new();
    for told in foretold {
        let name = text(&told.record, "external_id")?;
        let verdict = *verdicts.get(&name).with_context(|| format!("{name} was not judged"))?;
        let is_foretold = !told.refusals.is_empty();
        warned += u64::from(!told.warnings.is_empty());
        told.refusals.iter().for_each(|code| *by_code.entry(code).or_default() += 1);
        let status = match verdict {
            Verdict::Refused(status) => {
                for count in [&mut total, by_status.entry(status).or_default()] {
                    count.refused += 1;
                    count.foretold += u64::from(is_foretold);
                }
                "needs_attention"
            }
            Verdict::Taken => {
                taken += 1;
                wrong += u64::from(is_foretold);
                "submitted"
            }
            Verdict::Waits => {
                waits += 1;
                "ready_to_sync"
            }
        };
        if crossed.get(&name).map(String::as_str) != Some(status) {
            apart.push(format!("{name}: {verdict:?}, but {:?}", crossed.get(&name)));
        }
    }
    let Count { refused, foretold } = total;
    for (status, count) in &by_status {
        println!("quickbooks_says={status} refused={} foretold={}", count.refused, count.foretold);
    }
    let codes: Vec<String> = by_code.iter().map(|(code, count)| format!("{code}={count}")).collect();
    println!("findings {} records_with_a_warning={warned}", codes.join(" "));
    let percent = hundredths(foretold, refused);
    println!(
        "refused={refused} foretold={foretold} not_foretold={} foretold_percent={}.{:02} taken={taken} \
         foretold_but_taken={wrong} waits_for_an_invoice={waits} crossed_otherwise={}",
        refused - foretold,
        percent / 100,
        percent % 100,
        apart.len()
    );
    ensure!(refused > 0, "QuickBooks refused nothing, so that there was nothing to foretell");
    ensure!(percent >= FORETOLD_PERCENT_MIN * 100, "fewer than {FORETOLD_PERCENT_MIN} % of the refusals were foretold");
    ensure!(apart.is_empty(), "the server's way came to something else: {}", apart.join("; "));
    Ok(())
}

fn hundredths(part: u64, of: u64) -> u64 {
    (part * 10_000).checked_div(of).unwrap_or(0)
}
