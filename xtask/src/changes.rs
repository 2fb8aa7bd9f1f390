//! `cargo xtask changes`: half a year of a real shop has crossed; then some documents change at the source, and others in
//! QuickBooks.
//!
//! Of all documents, 5 % are changed by the application and 2 % by somebody in QuickBooks, who edits invoices and payments
//! and deletes payments; some are changed on both sides. The company lets changes cross by themselves. What has to come of it:
//! wherever nobody touched QuickBooks' document, QuickBooks has the source's newest revision; and wherever somebody did, what
//! they did still stands, and the record waits for a person. When the person has decided, nothing waits any more.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use bookferry_qbxml::message_set::{Answer, MessageSetRs};
use bookferry_qbxml::value::Date;
use bookferry_simulator::SplitMix64;
use bookferry_simulator::clock::Clock;
use clap::Args;
use serde_json::json;

use crate::chaos::api::text;
use crate::chaos::company::Company;
use crate::half_year::HalfYear;
use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct ChangesOptions {
    #[command(flatten)]
    half_year: HalfYear,
}

const CHANGED_PERCENT: u64 = 5;
const TOUCHED_PERCENT: u64 = 2;
const RECORDS_PER_BATCH: usize = 500;
/// Of what came out wrong, so much is shown.
const APART_SHOWN: usize = 20;
/// What somebody writes in QuickBooks, and what the application writes.
const THEIR_DATE: &str = "2011-08-01";
const OURS: &str = "Corrected by the shop";

/// A submitted record, and what happens to it.
struct Document {
    id: String,
    kind: String,
    external_id: String,
    txn_id: String,
    is_changed: bool,
    touched: Option<Touch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Touch {
    Edited,
    Deleted,
}

/// What QuickBooks shows of a document.
#[derive(Debug, PartialEq, Eq)]
struct Stands {
    edit_sequence: String,
    memo: String,
    date: String,
}

/// Prints the counts. Fails where a change got lost, on either side.
pub(crate) fn run(workspace: &Workspace, options: &ChangesOptions) -> Result<()> {
    let installation = options.half_year.install(workspace, "changes")?;
    let mut shop = options.half_year.open_shop(workspace, &installation, &["--changes", "send"])?;
    let company = &mut shop.company;
    company.api.release_all()?;
    company.visit_until_done()?;
    let mut documents = submitted(company)?;
    choose(&mut documents, &mut SplitMix64::new(options.half_year.seed));
    touch(company, &documents)?;
    change(company, &documents)?;
    company.visit_until_done()?;
    installation.reconcile(&company.id)?;
    company.visit_until_done()?;
    let waiting = judge(company, &documents)?;
    for id in &waiting {
        company.api.resolve(id, &json!({ "action": "keep_quickbooks" }))?;
    }
    company.visit_until_done()?;
    let summary = company.api.summary()?;
    ensure!(summary["needs_attention"] == 0, "a person has decided, and still something waits: {summary}");
    println!("decided={} summary={summary}", waiting.len());
    Ok(())
}

fn submitted(company: &Company<'_>) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    company.api.each_record(|record| {
        ensure!(record["status"] == "submitted", "a record did not cross: {record}");
        documents.push(Document {
            id: text(record, "id")?,
            kind: text(record, "kind")?,
            external_id: text(record, "external_id")?,
            txn_id: text(record, "txn_id")?,
            is_changed: false,
            touched: None,
        });
        Ok(())
    })?;
    documents.sort_by(|one, other| (&one.kind, &one.external_id).cmp(&(&other.kind, &other.external_id)));
    Ok(documents)
}

fn choose(documents: &mut [Document], random: &mut SplitMix64) {
    for document in documents {
        document.is_changed = random.below(100) < CHANGED_PERCENT;
        if random.below(100) < TOUCHED_PERCENT {
            let is_deleted = document.kind == "payment" && random.below(2) == 0;
            document.touched = Some(if is_deleted { Touch::Deleted } else { Touch::Edited });
        }
    }
}

/// Somebody works in QuickBooks.
fn touch(company: &mut Company<'_>, documents: &[Document]) -> Result<()> {
    let standing = standing(company)?;
    for document in documents {
        let Some(touched) = document.touched else { continue };
        let txn_id = &document.txn_id;
        let sequence = &standing.get(txn_id).context("a submitted document is not in QuickBooks")?.edit_sequence;
        let is_invoice = document.kind == "invoice";
        let fields = format!("<TxnID>{txn_id}</TxnID><EditSequence>{sequence}</EditSequence>");
        let request = match touched {
            Touch::Deleted => {
                format!("<TxnDelRq><TxnDelType>ReceivePayment</TxnDelType><TxnID>{txn_id}</TxnID></TxnDelRq>")
            }
            Touch::Edited if is_invoice => {
                format!("<InvoiceModRq><InvoiceMod>{fields}<TxnDate>{THEIR_DATE}</TxnDate></InvoiceMod></InvoiceModRq>")
            }
            Touch::Edited => format!(
                "<ReceivePaymentModRq><ReceivePaymentMod>{fields}<TxnDate>{THEIR_DATE}</TxnDate></ReceivePaymentMod></ReceivePaymentModRq>"
            ),
        };
        let answer = ask(company, &request)?;
        let status = answer.responses.first().map(|rs| rs.status.clone()).context("no answer")?;
        ensure!(status.code == 0, "QuickBooks refuses what somebody does: {} {}", status.code, status.message);
    }
    Ok(())
}

/// The application changes its mind.
fn change(company: &Company<'_>, documents: &[Document]) -> Result<()> {
    let changed: Vec<&Document> = documents.iter().filter(|document| document.is_changed).collect();
    for documents in changed.chunks(RECORDS_PER_BATCH) {
        let mut ndjson = String::new();
        for document in documents {
            let mut line = company.api.record(&document.kind, &document.external_id)?["content"].clone();
            line["kind"] = json!(document.kind);
            line["external_id"] = json!(document.external_id);
            line["memo"] = json!(OURS);
            ndjson.push_str(&format!("{line}\n"));
        }
        company.api.batch(&ndjson)?;
    }
    Ok(())
}

/// Holds QuickBooks, Bookferry and the source against each other; tells which records wait for a person.
fn judge(company: &mut Company<'_>, documents: &[Document]) -> Result<Vec<String>> {
    let mut told: BTreeMap<String, (String, String)> = BTreeMap::new();
    company.api.each_record(|record| {
        let cause = record["cause"]["code"].as_str().unwrap_or_default().to_owned();
        told.insert(text(record, "id")?, (text(record, "status")?, cause));
        Ok(())
    })?;
    let standing = standing(company)?;
    let (mut changed, mut touched, mut both, mut crossed, mut overwritten, mut apart) = (0, 0, 0, 0, 0, Vec::new());
    let mut by_cause: BTreeMap<&str, u64> = BTreeMap::new();
    let mut waiting = Vec::new();
    for document in documents {
        let (status, cause) = told.get(&document.id).context("a record is lost")?;
        let stands = standing.get(&document.txn_id);
        let has_ours = stands.is_some_and(|stands| stands.memo == OURS);
        let has_theirs = stands.is_some_and(|stands| stands.date == THEIR_DATE);
        let is_right = match document.touched {
            Some(Touch::Deleted) => status == "needs_attention" && stands.is_none(),
            Some(Touch::Edited) => status == "needs_attention" && has_theirs && !has_ours,
            None => status == "submitted" && !has_theirs && has_ours == document.is_changed,
        };
        changed += u64::from(document.is_changed);
        touched += u64::from(document.touched.is_some());
        both += u64::from(document.is_changed && document.touched.is_some());
        crossed += u64::from(document.is_changed && has_ours);
        overwritten += u64::from(document.touched == Some(Touch::Edited) && (!has_theirs || has_ours));
        if status == "needs_attention" {
            *by_cause.entry(cause).or_default() += 1;
            waiting.push(document.id.clone());
        }
        if !is_right {
            apart.push(format!(
                "{} {} ({:?}, changed {}): {status} {cause}, {stands:?} in QuickBooks",
                document.kind, document.external_id, document.touched, document.is_changed
            ));
        }
    }
    let causes: Vec<String> = by_cause.iter().map(|(cause, count)| format!("{cause}={count}")).collect();
    println!(
        "documents={} changed_at_the_source={changed} touched_in_quickbooks={touched} on_both_sides={both} \
         crossed_by_themselves={crossed} waiting={} {} overwritten={overwritten} apart={}",
        documents.len(),
        waiting.len(),
        causes.join(" "),
        apart.len()
    );
    apart.truncate(APART_SHOWN);
    ensure!(overwritten == 0 && apart.is_empty(), "{}", apart.join("\n"));
    Ok(waiting)
}

/// Every document of QuickBooks', by its TxnID.
fn standing(company: &mut Company<'_>) -> Result<BTreeMap<String, Stands>> {
    let mut standing = BTreeMap::new();
    for query in ["<InvoiceQueryRq></InvoiceQueryRq>", "<ReceivePaymentQueryRq></ReceivePaymentQueryRq>"] {
        for rs in ask(company, query)?.responses {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let day = |date: Option<Date>| date.map(|date| date.0.to_string()).unwrap_or_default();
            if let Answer::InvoiceQuery(found) = &rs.answer {
                standing.extend(found.invoice_ret.iter().map(|ret| {
                    let (memo, date) = (text(ret.memo.as_ref().map(AsRef::as_ref)), day(ret.txn_date));
                    (ret.txn_id.to_string(), Stands { edit_sequence: ret.edit_sequence.to_string(), memo, date })
                }));
            } else if let Answer::ReceivePaymentQuery(found) = &rs.answer {
                standing.extend(found.receive_payment_ret.iter().map(|ret| {
                    let (memo, date) = (text(ret.memo.as_ref().map(AsRef::as_ref)), day(ret.txn_date));
                    (ret.txn_id.to_string(), Stands { edit_sequence: ret.edit_sequence.to_string(), memo, date })
                }));
            }
        }
    }
    Ok(standing)
}

/// Somebody at QuickBooks itself.
fn ask(company: &mut Company<'_>, request: &str) -> Result<MessageSetRs> {
    let session = company.file.begin_session("")?;
    let qbxml = format!(
        "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?>\
         <QBXML><QBXMLMsgsRq onError=\"stopOnError\">{request}</QBXMLMsgsRq></QBXML>"
    );
    let answer = company.file.process_request(session, &qbxml, company.clock.now())?;
    company.file.end_session(session);
    Ok(MessageSetRs::from_xml(&answer.xml)?)
}
