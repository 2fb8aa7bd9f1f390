//! `cargo xtask retail`: half a year of a real shop crosses twice, with faults in the messages and without, and the sums
//! must be the same to the cent.
//!
//! The documents are imported and released; a simulated Web Connector visits over HTTP until there is nothing to do any more.
//! Then counts and sums of three accounts are compared: what the importer took, what the API calls Submitted, and what
//! queries of the company file find. A fault loses a call or a reply, repeats a call, or ends the visit.

use anyhow::{Context, Result, ensure};
use bookferry_simulator::fault::{Fault, Faults};
use clap::Args;
use serde_json::Value;

use crate::chaos::books::Books;
use crate::chaos::company::Company;
use crate::chaos::shop::Kind;
use crate::half_year::{HalfYear, Shop};
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct RetailOptions {
    /// How many of a hundred messages, calls and replies together, are struck.
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=50))]
    faults: u32,
    /// Let each kind of fault strike so often, and not all of them together.
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    half_year: HalfYear,
}

/// What may strike a call: one of them for each call.
const AT_CALLS: [Fault; 3] = [Fault::LostRequest, Fault::RepeatedCall, Fault::CutVisit];
/// What may strike a reply: one of them for each reply.
const AT_REPLIES: [Fault; 3] = [Fault::LostAnswer, Fault::LostAcknowledgement, Fault::LostReply];

/// How many documents of a kind, worth how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    documents: u64,
    cents: i64,
}

/// The same in three accounts, and what happened on the way.
struct Crossed {
    taken: [Count; 2],
    submitted: [Count; 2],
    in_quickbooks: [Count; 2],
    duplicated: usize,
    summary: Value,
    visits: u32,
    messages: u64,
    faults: usize,
    recovered: u32,
}

/// Prints a line for each of the two runs. Fails when an account differs, or a record is left.
pub(crate) fn run(workspace: &Workspace, options: &RetailOptions) -> Result<()> {
    let mut without = None;
    for faults in [Faults::none(), faults(options)] {
        let installation = options.half_year.install(workspace, "retail")?;
        let crossed = cross(options.half_year.open_shop(workspace, &installation, &[])?, faults)?;
        println!("{crossed}");
        crossed.ensure_complete()?;
        let sums = crossed.in_quickbooks;
        ensure!(*without.get_or_insert(sums) == sums, "with faults, QuickBooks holds something else than without");
    }
    Ok(())
}

fn faults(options: &RetailOptions) -> Faults {
    let per_mille = options.faults * 10;
    let share = if options.each { per_mille } else { per_mille.div_ceil(u32::try_from(AT_CALLS.len()).unwrap_or(1)) };
    let at_calls =
        AT_CALLS.into_iter().fold(Faults::seeded(options.half_year.seed), |faults, fault| faults.with(fault, share));
    // The call that carries QuickBooks' answer has one more.
    let at_calls = at_calls.with(Fault::LostResponse, share);
    AT_REPLIES.into_iter().fold(at_calls, |faults, fault| faults.with(fault, per_mille))
}

fn cross(mut shop: Shop<'_>, mut faults: Faults) -> Result<Crossed> {
    let (company, imported) = (&mut shop.company, &shop.imported);
    let taken = [Count::read(&imported["taken"])?, Count::read(&imported["derived_payments"]["taken"])?];
    company.api.release_all()?;
    let (mut visits, mut messages, mut struck, mut recovered) = (0, 0, 0, 0);
    company.visit_until_done_amid(&mut faults, |report| {
        visits += 1;
        messages += 2 * report.calls.values().map(|calls| u64::from(*calls)).sum::<u64>();
        struck += report.faults.len();
        recovered += report.sets_replayed;
    })?;
    let submitted = submitted(company)?;
    let summary = company.api.summary()?;
    let books = Books::read(&mut company.file, &company.clock)?;
    let in_quickbooks = [Kind::Invoice, Kind::Payment].map(|kind| Count::of(&books, kind));
    let duplicated = books.duplicated();
    Ok(Crossed { taken, submitted, in_quickbooks, duplicated, summary, visits, messages, faults: struck, recovered })
}

/// By kind, what the API says is Submitted.
fn submitted(company: &Company<'_>) -> Result<[Count; 2]> {
    let mut counts = [Count::default(); 2];
    company.api.each_record(|record| {
        if record["status"] == "submitted" {
            let [invoices, payments] = &mut counts;
            let count = if record["kind"] == "invoice" { invoices } else { payments };
            count.documents += 1;
            count.cents += cents(&record["amount"])?;
        }
        Ok(())
    })?;
    Ok(counts)
}

impl Count {
    fn read(told: &Value) -> Result<Self> {
        Ok(Self { documents: told["documents"].as_u64().context("a count")?, cents: cents(&told["sum"])? })
    }

    /// Without what has no whole cents, which is then missing.
    fn of(books: &Books, kind: Kind) -> Self {
        let cents = books.all(kind).filter_map(|document| document.cents);
        cents.fold(Self::default(), |count, cents| Self { documents: count.documents + 1, cents: count.cents + cents })
    }
}

/// Of a decimal with up to two places.
fn cents(decimal: &Value) -> Result<i64> {
    let text = decimal.as_str().with_context(|| format!("{decimal} is no amount"))?;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    ensure!(part.len() <= 2, "{text} is no number of whole cents");
    Ok(format!("{whole}{part:0<2}").parse()?)
}

impl Crossed {
    /// Records that are in no company file, or that the API does not call Submitted.
    fn lost(&self) -> u64 {
        let documents = |counts: &[Count; 2]| counts.iter().map(|count| count.documents).sum::<u64>();
        let arrived = documents(&self.in_quickbooks).saturating_sub(self.duplicated as u64);
        documents(&self.taken).saturating_sub(arrived.min(documents(&self.submitted)))
    }

    fn ensure_complete(&self) -> Result<()> {
        ensure!(self.duplicated == 0, "{} documents are in QuickBooks twice", self.duplicated);
        ensure!(
            self.submitted == self.taken,
            "taken {:?}, submitted {:?}: {}",
            self.taken,
            self.submitted,
            self.summary
        );
        ensure!(self.in_quickbooks == self.taken, "taken {:?}, in QuickBooks {:?}", self.taken, self.in_quickbooks);
        Ok(())
    }
}

impl std::fmt::Display for Crossed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { visits, messages, faults, recovered, duplicated, .. } = self;
        write!(f, "faults={faults} messages={messages} visits={visits} recovered={recovered}")?;
        for (account, counts) in
            [("taken", self.taken), ("submitted", self.submitted), ("in_quickbooks", self.in_quickbooks)]
        {
            let [invoices, payments] = counts;
            write!(f, " {account}_invoices={} {account}_payments={}", invoices.documents, payments.documents)?;
            write!(f, " {account}_cents={}", invoices.cents + payments.cents)?;
        }
        write!(f, " lost={} duplicated={duplicated}", self.lost())
    }
}
