//! What the company file holds, asked by queries as any application may ask them.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use bookferry_qbxml::message::invoice::InvoiceRet;
use bookferry_qbxml::message::receive_payment::ReceivePaymentRet;
use bookferry_qbxml::message_set::{Answer, MessageSetRs};
use bookferry_qbxml::value::{Amount, Ref};
use bookferry_simulator::clock::Clock;
use bookferry_simulator::company_file::CompanyFile;

use crate::chaos::shop::Kind;

/// All invoices and payments, by kind and number.
#[derive(Debug)]
pub(crate) struct Books(BTreeMap<(Kind, String), Vec<Document>>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) txn_id: String,
    pub(crate) customer: String,
    /// With tax; none where it is no number of whole cents.
    pub(crate) cents: Option<i64>,
    /// The TxnIDs of the invoices it is applied to.
    pub(crate) pays: Vec<String>,
}

/// With its number.
pub(crate) type Entry = (Kind, String, Document);

const E5_PER_CENT: i64 = 1_000;

impl Books {
    pub(crate) fn read(file: &mut CompanyFile, clock: &impl Clock) -> Result<Self> {
        let session = file.begin_session("")?;
        let mut documents = Vec::new();
        // Without its lines, a payment does not say what it is applied to.
        for (query, include) in [("InvoiceQueryRq", "false"), ("ReceivePaymentQueryRq", "true")] {
            let qbxml = format!(
                "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?>\
                 <QBXML><QBXMLMsgsRq onError=\"stopOnError\"><{query} requestID=\"1\">\
                 <IncludeLineItems>{include}</IncludeLineItems></{query}></QBXMLMsgsRq></QBXML>"
            );
            let answer = file.process_request(session, &qbxml, clock.now())?;
            for rs in MessageSetRs::from_xml(&answer.xml)?.responses {
                documents.extend(read(&rs.answer)?);
            }
        }
        file.end_session(session);
        Ok(Self::of(documents))
    }

    pub(crate) fn of(documents: Vec<Entry>) -> Self {
        let mut books: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (kind, number, document) in documents {
            books.entry((kind, number)).or_default().push(document);
        }
        Self(books)
    }

    pub(crate) fn documents(&self, kind: Kind, number: &str) -> &[Document] {
        self.0.get(&(kind, number.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// How many documents have a number that another of their kind has too.
    pub(crate) fn duplicated(&self) -> usize {
        self.0.values().map(|documents| documents.len().saturating_sub(1)).sum()
    }

    pub(crate) fn all(&self, kind: Kind) -> impl Iterator<Item = &Document> {
        self.0.iter().filter(move |((of, _), _)| *of == kind).flat_map(|(_, documents)| documents)
    }
}

fn read(answer: &Answer) -> Result<Vec<Entry>> {
    if let Answer::InvoiceQuery(found) = answer {
        found.invoice_ret.iter().map(invoice).collect()
    } else if let Answer::ReceivePaymentQuery(found) = answer {
        found.receive_payment_ret.iter().map(payment).collect()
    } else {
        bail!("the company file answers with {}", answer.name())
    }
}

fn invoice(ret: &InvoiceRet) -> Result<Entry> {
    let total = ret.subtotal.unwrap_or_default().checked_add(ret.sales_tax_total.unwrap_or_default());
    let document = Document {
        txn_id: ret.txn_id.as_str().to_owned(),
        customer: customer(ret.customer_ref.as_ref())?,
        cents: total.and_then(cents),
        pays: Vec::new(),
    };
    let number = ret.ref_number.as_ref().context("an invoice without a number")?;
    Ok((Kind::Invoice, number.as_str().to_owned(), document))
}

fn payment(ret: &ReceivePaymentRet) -> Result<Entry> {
    let document = Document {
        txn_id: ret.txn_id.as_str().to_owned(),
        customer: customer(ret.customer_ref.as_ref())?,
        cents: ret.total_amount.and_then(cents),
        pays: ret.applied_to_txn_ret.iter().map(|paid| paid.txn_id.as_str().to_owned()).collect(),
    };
    let number = ret.ref_number.as_ref().context("a payment without a number")?;
    Ok((Kind::Payment, number.as_str().to_owned(), document))
}

fn customer(customer: Option<&Ref<209>>) -> Result<String> {
    Ok(customer.and_then(Ref::name).context("a document without a customer")?.to_owned())
}

fn cents(amount: Amount) -> Option<i64> {
    (amount.e5() % E5_PER_CENT == 0).then_some(amount.e5() / E5_PER_CENT)
}
