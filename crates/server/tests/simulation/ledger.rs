//! What the company file holds, asked by queries as any application may ask them.

use std::collections::BTreeSet;

use bookferry_qbxml::message::invoice::{InvoiceRet, InvoiceRetLine};
use bookferry_qbxml::message::receive_payment::ReceivePaymentRet;
use bookferry_qbxml::message_set::{Answer, MessageSetRs};
use bookferry_qbxml::value::Ref;
use bookferry_simulator::company_file::CompanyFile;
use bookferry_sync::record::{Content, RecordKind};
use jiff::Timestamp;

/// All invoices and payments, in the order of their creation.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) documents: Vec<Document>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) kind: RecordKind,
    pub(crate) txn_id: String,
    pub(crate) edit_sequence: String,
    /// Counts up with each document that is created.
    pub(crate) txn_number: i64,
    pub(crate) number: String,
    pub(crate) customer: String,
    /// With tax.
    pub(crate) total_e5: i64,
    /// The amounts of an invoice's lines.
    pub(crate) lines_e5: Vec<i64>,
    /// The TxnIDs of the invoices it pays.
    pub(crate) pays: Vec<String>,
    /// Which record it was written for.
    pub(crate) mark: Option<String>,
}

impl Ledger {
    pub(crate) fn read(file: &CompanyFile, now: Timestamp) -> Self {
        let mut copy = file.snapshot();
        let session = copy.begin_session("").expect("a session");
        let qbxml = "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"stopOnError\">\
             <InvoiceQueryRq requestID=\"1\"><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>\
             <ReceivePaymentQueryRq requestID=\"2\"><IncludeLineItems>true</IncludeLineItems></ReceivePaymentQueryRq>\
             </QBXMLMsgsRq></QBXML>";
        let answer = copy.process_request(session, qbxml, now).expect("an answer");
        let answer = MessageSetRs::from_xml(&answer.xml).expect("a readable answer");
        let mut documents: Vec<Document> = answer.responses.iter().flat_map(|rs| read(&rs.answer)).collect();
        documents.sort_by_key(|document| document.txn_number);
        Self { documents }
    }

    pub(crate) fn document(&self, txn_id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.txn_id == txn_id)
    }

    /// What was written for the record with that mark.
    pub(crate) fn marked(&self, mark: &str) -> impl Iterator<Item = &Document> {
        self.documents
            .iter()
            .filter(move |document| document.mark.as_deref().is_some_and(|found| found.eq_ignore_ascii_case(mark)))
    }

    /// A document like that without a mark, as somebody may have typed it.
    pub(crate) fn alike(&self, content: &Content) -> Option<&Document> {
        let mut unmarked = self.documents.iter().filter(|document| document.mark.is_none());
        unmarked.find(|document| document.kind == content.kind() && document.shows(content))
    }

    pub(crate) fn txn_ids(&self) -> BTreeSet<String> {
        self.documents.iter().map(|document| document.txn_id.clone()).collect()
    }
}

impl Document {
    /// Whether it shows what the content says: number, customer, total and lines.
    pub(crate) fn shows(&self, content: &Content) -> bool {
        let lines_e5: Vec<i64> = match content {
            Content::Invoice(invoice) => invoice.lines.iter().map(|line| line.amount.e5()).collect(),
            Content::Payment(_) => Vec::new(),
        };
        (self.number.as_str(), self.customer.as_str(), self.total_e5, &self.lines_e5)
            == (content.number(), content.customer().name.as_str(), content.amount().e5(), &lines_e5)
    }
}

fn read(answer: &Answer) -> Vec<Document> {
    if let Answer::InvoiceQuery(found) = answer {
        return found.invoice_ret.iter().map(invoice).collect();
    }
    if let Answer::ReceivePaymentQuery(found) = answer {
        return found.receive_payment_ret.iter().map(payment).collect();
    }
    unreachable!("nothing else was asked")
}

fn invoice(ret: &InvoiceRet) -> Document {
    let total = ret.subtotal.unwrap_or_default().checked_add(ret.sales_tax_total.unwrap_or_default());
    let amounts = ret.lines.iter().filter_map(|line| match line {
        InvoiceRetLine::Line(line) => line.amount.map(|amount| amount.e5()),
        InvoiceRetLine::Group(_) => None,
    });
    Document {
        kind: RecordKind::Invoice,
        txn_id: ret.txn_id.as_str().to_owned(),
        edit_sequence: ret.edit_sequence.as_str().to_owned(),
        txn_number: ret.txn_number.expect("a TxnNumber"),
        number: ret.ref_number.as_ref().map(|number| number.as_str().to_owned()).unwrap_or_default(),
        customer: customer(ret.customer_ref.as_ref()),
        total_e5: total.expect("a total").e5(),
        lines_e5: amounts.collect(),
        pays: Vec::new(),
        mark: ret.external_guid.as_ref().map(|guid| guid.as_str().to_owned()),
    }
}

fn payment(ret: &ReceivePaymentRet) -> Document {
    Document {
        kind: RecordKind::Payment,
        txn_id: ret.txn_id.as_str().to_owned(),
        edit_sequence: ret.edit_sequence.as_str().to_owned(),
        txn_number: ret.txn_number.expect("a TxnNumber"),
        number: ret.ref_number.as_ref().map(|number| number.as_str().to_owned()).unwrap_or_default(),
        customer: customer(ret.customer_ref.as_ref()),
        total_e5: ret.total_amount.expect("an amount").e5(),
        lines_e5: Vec::new(),
        pays: ret.applied_to_txn_ret.iter().map(|paid| paid.txn_id.as_str().to_owned()).collect(),
        mark: ret.external_guid.as_ref().map(|guid| guid.as_str().to_owned()),
    }
}

fn customer(customer: Option<&Ref<209>>) -> String {
    customer.and_then(Ref::name).unwrap_or_default().to_owned()
}
