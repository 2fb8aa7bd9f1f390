use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use serde::Serialize;

use bookferry_server::Clock;
use bookferry_simulator::company_file::{ComError, CompanyFile, Edit, Report};
use bookferry_simulator::fault::Fault;
use bookferry_simulator::simulation::{self, Event, Options, Refused};
use bookferry_simulator::web_connector::{Settings, VisitReport};

use super::print_json;
use super::serve::stop_signal;

/// Drives a server with a simulated QuickBooks and Web Connector, and prints what it saw
///
/// The server can be Bookferry or any other that speaks to the Web Connector. Breaches of its protocol are printed, and
/// make the exit code 1.
#[derive(Debug, Args)]
#[command(after_help = examples_and_deeds())]
pub(crate) struct SimulateArgs {
    /// Where the SOAP calls go
    #[arg(value_name = "URL", required_unless_present_any = ["report", "edit"])]
    url: Option<String>,
    /// The user name of the .qwc file
    #[arg(long, env = "BOOKFERRY_SIMULATE_USER", value_name = "NAME", required_unless_present_any = ["report", "edit"])]
    user: Option<String>,
    /// The Web Connector's password; others on this machine can see it here, so prefer the environment or a file
    #[arg(long, env = "BOOKFERRY_SIMULATE_PASSWORD", value_name = "PASS")]
    // One in sixty-four of the passwords that are made here begins with a hyphen.
    #[arg(hide_env_values = true, hide_default_value = true, allow_hyphen_values = true)]
    password: Option<String>,
    /// A file whose first line is the password
    #[arg(long, env = "BOOKFERRY_SIMULATE_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Keeps the company file here; without it, it lives in memory
    #[arg(long, env = "BOOKFERRY_SIMULATE_COMPANY_FILE", value_name = "FILE")]
    company_file: Option<PathBuf>,
    /// The pause between visits, such as 30s, 10m or 1h
    #[arg(long, env = "BOOKFERRY_SIMULATE_EVERY", value_name = "TIME", default_value = "10m", value_parser = duration)]
    every: Duration,
    /// What goes wrong, by name; NAME=PERCENT says how often (otherwise 10)
    #[arg(long, env = "BOOKFERRY_SIMULATE_FAULT", value_name = "NAME", value_delimiter = ',', value_parser = fault)]
    fault: Vec<(Fault, u32)>,
    /// Has QuickBooks refuse the document with this number: once by a status code, 1042=3140, or always by an HRESULT
    #[arg(long, env = "BOOKFERRY_SIMULATE_REFUSE", value_name = "NUMBER=CODE", value_delimiter = ',', value_parser = refusal)]
    refuse: Vec<(String, Refused)>,
    /// Has QuickBooks let nobody in, with this HRESULT, such as 0x80040418
    #[arg(long, env = "BOOKFERRY_SIMULATE_SHUT", value_name = "HRESULT", value_parser = hresult)]
    shut: Option<ComError>,
    /// What somebody does in QuickBooks before the first visit, such as "deactivate item Windshield"; several are divided
    /// by semicolons. Without URL, does only that
    #[arg(long, env = "BOOKFERRY_SIMULATE_EDIT", value_name = "DEED", value_delimiter = ';', value_parser = edit)]
    edit: Vec<Edit>,
    /// Stops after so many visits
    #[arg(long, env = "BOOKFERRY_SIMULATE_VISITS", value_name = "N")]
    visits: Option<u64>,
    /// The seed by which faults strike
    #[arg(long, env = "BOOKFERRY_SIMULATE_SEED", value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Prints what the company file holds: counts, sums and open balances. Without URL, does only that
    #[arg(long, env = "BOOKFERRY_SIMULATE_REPORT", value_parser = clap::builder::BoolishValueParser::new())]
    report: bool,
    /// Print JSON, one value a line
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
}

fn examples_and_deeds() -> String {
    let examples = [
        "simulate http://localhost:8080/qbwc --user acme-1f2e3d4c5b --password-file wc.txt --every 30s",
        "simulate http://localhost:8080/qbwc --user acme-1f2e3d4c5b --visits 50 --every 0s \\\n    \
         --fault lost-answer=20 --fault repeated-call --company-file acme.qbsim",
        "simulate --company-file acme.qbsim --edit \"deactivate item Windshield\" --edit \"pay invoice 1042 25.00\"",
        "simulate --company-file acme.qbsim --report",
    ];
    format!(
        "Examples:\n  bookferry {}\n\nDeeds, where KIND is one of\n  {}:\n  {}",
        examples.join("\n  bookferry "),
        Edit::kinds().join(", "),
        Edit::FORMS.join("\n  ")
    )
}

pub(crate) async fn run(args: SimulateArgs) -> anyhow::Result<()> {
    let Some(url) = &args.url else { return tokio::task::spawn_blocking(move || edit_and_report(&args)).await? };
    let options = Options {
        company_file: args.company_file.clone(),
        edits: args.edit.clone(),
        every: args.every,
        visits_max: args.visits,
        faults: args.fault.clone(),
        refused: args.refuse.clone(),
        shut_by: args.shut.clone(),
        seed: args.seed,
        ..Options::new(Settings::new(url, args.user.clone().unwrap_or_default(), password(&args)?))
    };
    let stop = Arc::new(AtomicBool::new(false));
    let stopping = Arc::clone(&stop);
    let signal = tokio::spawn(async move {
        stop_signal().await;
        stopping.store(true, Ordering::Relaxed);
    });
    let json = args.json;
    let summary =
        tokio::task::spawn_blocking(move || simulation::run(&options, &stop, &mut |event| tell(&event, json)))
            .await??;
    signal.abort();
    if args.report {
        print_report(&summary.report, json)?;
    }
    ensure!(
        summary.problems == 0,
        "the server broke the Web Connector's protocol {} times in {} visits",
        summary.problems,
        summary.visits
    );
    Ok(())
}

/// Edits make the file where there is none.
fn edit_and_report(args: &SimulateArgs) -> anyhow::Result<()> {
    let Some(path) = &args.company_file else { bail!("--report and --edit without a URL need --company-file") };
    ensure!(!args.edit.is_empty() || path.is_file(), "there is no company file {}", path.display());
    let now = Clock::System.now();
    let mut file = CompanyFile::open(path, simulation::COMPANY_NAME, now)?;
    simulation::edit(&mut file, &args.edit, now)?;
    if args.report { print_report(&file.report(), args.json) } else { Ok(()) }
}

fn password(args: &SimulateArgs) -> anyhow::Result<String> {
    match (&args.password, &args.password_file) {
        (Some(password), _) => Ok(password.clone()),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Ok(text.lines().next().unwrap_or_default().to_owned())
        }
        (None, None) => bail!(
            "the password is missing; give it as BOOKFERRY_SIMULATE_PASSWORD, by --password-file or by --password"
        ),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ToldJson<'a> {
    Visit(&'a VisitReport),
    Report(&'a Report),
}

fn tell(event: &Event, json: bool) {
    match event {
        Event::Visited(report) if json => {
            if let Ok(line) = serde_json::to_string(&ToldJson::Visit(report)) {
                println!("{line}");
            }
        }
        Event::Visited(report) => println!("{}", visit_text(report)),
        Event::Imported(Err(reason)) => eprintln!("The application could not be added: {reason}"),
        Event::Imported(Ok(())) | Event::Waiting(_) => {}
    }
}

/// One line for a visit, and one more for each breach of the protocol.
pub(crate) fn visit_text(report: &VisitReport) -> String {
    let time = report.ended_at.strftime("%H:%M:%S");
    let mut text = format!("{time}  {}", report.outcome);
    if report.sets_executed + report.sets_replayed > 0 {
        let replayed = match report.sets_replayed {
            0 => String::new(),
            replayed => format!(", {replayed} asked about again"),
        };
        text.push_str(&format!("; {} message sets, {} requests{replayed}", report.sets_executed, report.requests));
        let statuses = report.statuses.iter().map(|(status, count)| format!("{status} × {count}"));
        text.push_str(&format!("; status {}", statuses.collect::<Vec<_>>().join(", ")));
    }
    if !report.faults.is_empty() {
        let faults = report.faults.iter().map(|fault| fault.name()).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("; faults: {faults}"));
    }
    for problem in &report.problems {
        text.push_str(&format!("\n          protocol broken: {problem}"));
    }
    text
}

fn print_report(report: &Report, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&ToldJson::Report(report));
    }
    println!("{}: {} customers, {} items, {} owed", report.company, report.customers, report.items, report.balance);
    for (kind, totals) in &report.transactions {
        println!("  {kind:<16}{:>8}{:>18} of it tax {}, open {}", totals.count, totals.total, totals.tax, totals.open);
    }
    for duplicate in &report.duplicates {
        println!(
            "  alike: {} {} of {} over {}: {}",
            duplicate.kind,
            duplicate.ref_number,
            duplicate.customer,
            duplicate.total,
            duplicate.txn_ids.join(", ")
        );
    }
    Ok(())
}

fn fault(text: &str) -> Result<(Fault, u32), String> {
    let (name, percent) = text.split_once('=').unwrap_or((text, "10"));
    let fault = name.parse::<Fault>().map_err(|error| error.to_string())?;
    match percent.parse::<u32>() {
        Ok(percent) if percent <= 100 => Ok((fault, percent * 10)),
        Ok(_) | Err(_) => Err(format!("`{percent}` is no percentage from 0 to 100")),
    }
}

fn edit(text: &str) -> Result<Edit, String> {
    text.parse::<Edit>().map_err(|error| error.to_string())
}

fn refusal(text: &str) -> Result<(String, Refused), String> {
    let (number, code) = text.rsplit_once('=').ok_or("say it as NUMBER=CODE, such as 1042=3140")?;
    let refused = match code.parse() {
        Ok(status) => Refused::Status(status),
        Err(_) => Refused::Failure(hresult(code)?),
    };
    Ok((number.to_owned(), refused))
}

fn hresult(text: &str) -> Result<ComError, String> {
    let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 8);
    match digits.map(|digits| u32::from_str_radix(digits, 16)) {
        Some(Ok(_)) => Ok(ComError::told(text)),
        Some(Err(_)) | None => {
            Err(format!("`{text}` is neither a status code such as 3140 nor an HRESULT such as 0x80040402"))
        }
    }
}

/// `30s`, `10m`, `1h`; at most a day, more than which the Web Connector does not know.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time such as 30s, 10m or 1h");
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => return Err(wrong()),
    };
    let count: u64 = text.get(..text.len() - 1).and_then(|count| count.parse().ok()).ok_or_else(wrong)?;
    match count.checked_mul(seconds) {
        Some(seconds) if seconds <= 86_400 => Ok(Duration::from_secs(seconds)),
        _ => Err("it is more than a day".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, duration, fault};

    #[test]
    fn times_and_faults_are_read_as_documented() {
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("10m"), Ok(Duration::from_secs(600)));
        assert!(
            ["", "10", "m", "-1s", "25h", "1µ", "99999999999999999999s"].iter().all(|text| duration(text).is_err())
        );
        assert_eq!(fault("lost-answer"), Ok((Fault::LostAnswer, 100)));
        assert_eq!(fault("busy=2"), Ok((Fault::Busy, 20)));
        assert!(fault("busy=101").is_err());
        assert!(fault("lost-luggage").unwrap_err().contains("lost-request"));
    }
}
