//! What QuickBooks says to the records themselves, written into a copy of the company file without the server.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use bookferry_qbxml::message_set::{Answer, MessageSetRs, Rs};
use bookferry_simulator::clock::Clock;
use serde_json::Value;

use crate::chaos::company::Company;

/// What becomes of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Taken,
    /// With this status code.
    Refused(i64),
    /// An invoice that it pays is not in QuickBooks, so that there is nothing to write.
    Waits,
}

const RECORDS_PER_SET: usize = 200;

/// Invoices first, then payments, each in the order in which they were handed over. The verdicts are by external_id.
pub(super) fn judge<'a>(
    company: &mut Company<'_>,
    records: impl Iterator<Item = &'a Value>,
) -> Result<BTreeMap<String, Verdict>> {
    let (invoices, payments): (Vec<&Value>, Vec<&Value>) = records.partition(|record| record["kind"] == "invoice");
    let mut verdicts = BTreeMap::new();
    let mut txn_ids = BTreeMap::new();
    let mut copy = company.file.snapshot();
    let session = copy.begin_session("")?;
    for records in invoices.chunks(RECORDS_PER_SET).chain(payments.chunks(RECORDS_PER_SET)) {
        let mut requests = String::new();
        let mut written = Vec::new();
        for record in records {
            match request(record, &txn_ids)? {
                Some(request) => {
                    requests.push_str(&request);
                    written.push(name(record)?);
                }
                None => drop(verdicts.insert(name(record)?, Verdict::Waits)),
            }
        }
        if written.is_empty() {
            continue;
        }
        let qbxml = format!(
            "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?>\
             <QBXML><QBXMLMsgsRq onError=\"continueOnError\">{requests}</QBXMLMsgsRq></QBXML>"
        );
        let answer = copy.process_request(session, &qbxml, company.clock.now())?;
        let answers = MessageSetRs::from_xml(&answer.xml)?.responses;
        ensure!(answers.len() == written.len(), "{} requests, {} answers", written.len(), answers.len());
        for (name, rs) in written.into_iter().zip(answers) {
            if let Some(txn_id) = txn_id(&rs) {
                txn_ids.insert(name.clone(), txn_id);
            }
            let is_taken = rs.status.code < 1_000;
            verdicts.insert(name, if is_taken { Verdict::Taken } else { Verdict::Refused(rs.status.code) });
        }
    }
    Ok(verdicts)
}

fn name(record: &Value) -> Result<String> {
    Ok(record["external_id"].as_str().context("a record without external_id")?.to_owned())
}

fn txn_id(rs: &Rs) -> Option<String> {
    let Answer::InvoiceAdd(add) = &rs.answer else { return None };
    add.invoice_ret.as_ref().map(|ret| ret.txn_id.as_str().to_owned())
}

fn request(record: &Value, txn_ids: &BTreeMap<String, String>) -> Result<Option<String>> {
    let content = &record["content"];
    let text = |value: &Value| value.as_str().map(escaped).with_context(|| format!("{value} in {record}"));
    let head = format!(
        "<CustomerRef><FullName>{}</FullName></CustomerRef><TxnDate>{}</TxnDate><RefNumber>{}</RefNumber>",
        text(&content["customer"]["name"])?,
        text(&content["date"])?,
        text(&content["number"])?
    );
    if record["kind"] == "invoice" {
        let lines = content["lines"].as_array().context("an invoice without lines")?;
        let lines = lines.iter().map(line).collect::<Result<String>>()?;
        return Ok(Some(format!("<InvoiceAddRq><InvoiceAdd>{head}{lines}</InvoiceAdd></InvoiceAddRq>")));
    }
    let mut body = format!("{head}<TotalAmount>{}</TotalAmount>", text(&content["amount"])?);
    for (field, element) in [("method", "PaymentMethodRef"), ("deposit_to", "DepositToAccountRef")] {
        if let Some(name) = content[field].as_str() {
            write!(body, "<{element}><FullName>{}</FullName></{element}>", escaped(name))?;
        }
    }
    for part in content["applied_to"].as_array().into_iter().flatten() {
        let Some(txn_id) = part["invoice"].as_str().and_then(|invoice| txn_ids.get(invoice)) else { return Ok(None) };
        let amount = text(&part["amount"])?;
        write!(
            body,
            "<AppliedToTxnAdd><TxnID>{txn_id}</TxnID><PaymentAmount>{amount}</PaymentAmount></AppliedToTxnAdd>"
        )?;
    }
    Ok(Some(format!("<ReceivePaymentAddRq><ReceivePaymentAdd>{body}</ReceivePaymentAdd></ReceivePaymentAddRq>")))
}

/// By its amount; nothing is taxed.
fn line(line: &Value) -> Result<String> {
    let item = line["item"].as_str().context("a line without an item")?;
    let quantity = line["quantity"].as_str().map(|quantity| format!("<Quantity>{quantity}</Quantity>"));
    Ok(format!(
        "<InvoiceLineAdd><ItemRef><FullName>{}</FullName></ItemRef>{}<Amount>{}</Amount>\
         <SalesTaxCodeRef><FullName>Non</FullName></SalesTaxCodeRef></InvoiceLineAdd>",
        escaped(item),
        quantity.unwrap_or_default(),
        line["amount"].as_str().context("a line without an amount")?
    ))
}

pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
