//! Looks into QuickBooks for a person: what they say is there already, and how a document that they decide about stands now.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

use std::collections::BTreeMap;

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::invoice::{InvoiceQueryRq, InvoiceSelect};
use bookferry_qbxml::message::receive_payment::ReceivePaymentQueryRq;
use bookferry_qbxml::message::txn_select::TxnSelect;
use bookferry_qbxml::message_set::{Answer, MessageSetId, MessageSetRq, MessageSetRs, Request};
use bookferry_qbxml::value::{Line, TxnId, UNBOUNDED};
use serde::{Deserialize, Serialize};

use crate::change::{Reread, Standing};
use crate::id::RecordId;
use crate::list::NameKey;
use crate::plan::message_set;
use crate::record::RecordKind;

/// How many documents are looked at in one message set, with all their lines.
pub const LOOK_MAX: u32 = 50;

/// What a look is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Asked {
    /// Documents that stand in QuickBooks, by their TxnIDs.
    pub standing: Vec<(RecordId, RecordKind, String)>,
    pub sought: Vec<Sought>,
}

/// A record that a person says is in QuickBooks already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought {
    pub record_id: RecordId,
    pub kind: RecordKind,
    pub revision: i64,
    pub place: Place,
    /// The TxnID or the number.
    pub text: String,
    /// As QuickBooks would have it.
    pub customer: String,
}

/// By what a person names a transaction of QuickBooks'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    TxnId,
    Number,
}

/// What a look came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    pub standing: BTreeMap<RecordId, Reread>,
    /// The TxnID and EditSequence of what was sought and is there.
    pub found: Vec<(RecordId, String, String)>,
    /// Why something that was sought is not what it was said to be, as a sentence.
    pub missed: Vec<(RecordId, String)>,
}

/// Asks for all of it; `None` where there is nothing that a query can name.
pub fn ask(asked: &Asked, id: MessageSetId) -> Option<MessageSetRq> {
    let requests: Vec<Request> = RecordKind::ALL
        .into_iter()
        .flat_map(|kind| {
            [txn_ids(asked, kind).map(|ids| by_txn_id(kind, ids)), numbers(asked, kind).map(|it| by_number(kind, it))]
        })
        .flatten()
        .collect();
    (!requests.is_empty()).then(|| message_set(id, None, requests))
}

/// Reads the answer. Of what QuickBooks did not answer for, nothing is said.
pub fn read(asked: &Asked, answer: &MessageSetRs) -> Seen {
    let documents = documents(answer);
    let is_answered = |kind| documents.iter().any(|(known, _)| *known == kind) || says_none(answer, kind);
    let mut seen = Seen::default();
    for (record, kind, txn_id) in &asked.standing {
        let found = documents.iter().find(|(known, document)| known == kind && document.txn_id == *txn_id);
        match found {
            Some((_, document)) => {
                seen.standing.insert(*record, Reread::Standing(Box::new(document.standing.clone())));
            }
            None if is_answered(*kind) => {
                seen.standing.insert(*record, Reread::Gone);
            }
            None => {}
        }
    }
    for sought in asked.sought.iter().filter(|sought| is_answered(sought.kind)) {
        match sought.among(&documents) {
            Ok(document) => {
                let sequence = document.standing.edit_sequence.clone();
                seen.found.push((sought.record_id, document.txn_id.clone(), sequence));
            }
            Err(why) => seen.missed.push((sought.record_id, why)),
        }
    }
    seen
}

struct Document {
    txn_id: String,
    standing: Standing,
}

impl Sought {
    /// The one document that it can be. A number alone leads to several customers' documents, and may lead to two of one.
    fn among<'a>(&self, documents: &'a [(RecordKind, Document)]) -> Result<&'a Document, String> {
        let noun = self.kind.as_str();
        let named = |document: &Document| match self.place {
            Place::TxnId => document.txn_id == self.text,
            Place::Number => NameKey::of(&document.standing.number) == NameKey::of(&self.text),
        };
        let of_kind: Vec<&Document> = documents
            .iter()
            .filter(|(kind, document)| *kind == self.kind && named(document))
            .map(|(_, document)| document)
            .collect();
        let is_theirs = |document: &&&Document| NameKey::of(&document.standing.customer) == NameKey::of(&self.customer);
        let theirs: Vec<&&Document> = of_kind.iter().filter(is_theirs).collect();
        match (theirs.as_slice(), of_kind.as_slice()) {
            ([one], _) => Ok(one),
            ([], [other, ..]) => Err(format!(
                "The {noun} {} in QuickBooks is {}\u{2019}s, and this one is {}\u{2019}s.",
                self.text, other.standing.customer, self.customer
            )),
            ([], []) => Err(format!("QuickBooks has no {noun} {}.", self.text)),
            (several, _) => Err(format!(
                "QuickBooks has {} of this customer\u{2019}s with the number {}. Say the TxnID of the right one.",
                several.len(),
                self.text
            )),
        }
    }
}

fn txn_ids(asked: &Asked, kind: RecordKind) -> Option<OneOrMore<TxnId>> {
    let standing = asked.standing.iter().filter(|(_, of, _)| *of == kind).map(|(_, _, txn_id)| txn_id.as_str());
    let sought = asked.sought.iter().filter(|sought| sought.kind == kind && sought.place == Place::TxnId);
    let all = standing.chain(sought.map(|sought| sought.text.as_str()));
    OneOrMore::new(all.filter_map(|txn_id| TxnId::new(txn_id).ok()).collect())
}

fn numbers(asked: &Asked, kind: RecordKind) -> Option<OneOrMore<Line<UNBOUNDED>>> {
    let sought = asked.sought.iter().filter(|sought| sought.kind == kind && sought.place == Place::Number);
    OneOrMore::new(sought.filter_map(|sought| Line::new("RefNumber", sought.text.as_str()).ok()).collect())
}

fn by_txn_id(kind: RecordKind, ids: OneOrMore<TxnId>) -> Request {
    match kind {
        RecordKind::Invoice => invoices(InvoiceSelect::TxnIds(ids)),
        RecordKind::Payment => payments(TxnSelect::TxnIds(ids)),
    }
}

fn by_number(kind: RecordKind, numbers: OneOrMore<Line<UNBOUNDED>>) -> Request {
    match kind {
        RecordKind::Invoice => invoices(InvoiceSelect::RefNumbers(numbers)),
        RecordKind::Payment => payments(TxnSelect::RefNumbers(numbers)),
    }
}

fn invoices(select: InvoiceSelect) -> Request {
    let query = InvoiceQueryRq { select: Some(select), include_line_items: Some(true), ..InvoiceQueryRq::default() };
    Request::InvoiceQuery(Box::new(query))
}

fn payments(select: TxnSelect) -> Request {
    let query = ReceivePaymentQueryRq {
        select: Some(select),
        include_line_items: Some(true),
        ..ReceivePaymentQueryRq::default()
    };
    Request::ReceivePaymentQuery(Box::new(query))
}

fn documents(answer: &MessageSetRs) -> Vec<(RecordKind, Document)> {
    let mut documents = Vec::new();
    for rs in &answer.responses {
        match &rs.answer {
            Answer::InvoiceQuery(rs) => documents.extend(rs.invoice_ret.iter().map(|ret| {
                let standing = Standing::of_invoice(ret);
                (RecordKind::Invoice, Document { txn_id: ret.txn_id.to_string(), standing })
            })),
            Answer::ReceivePaymentQuery(rs) => documents.extend(rs.receive_payment_ret.iter().map(|ret| {
                let standing = Standing::of_payment(ret);
                (RecordKind::Payment, Document { txn_id: ret.txn_id.to_string(), standing })
            })),
            _ => {}
        }
    }
    documents
}

/// Whether QuickBooks looked for documents of this kind and has none of them.
fn says_none(answer: &MessageSetRs, kind: RecordKind) -> bool {
    answer.responses.iter().filter(|rs| matches!(rs.status.code, 0 | 1 | 500)).any(|rs| match &rs.answer {
        Answer::InvoiceQuery(_) => kind == RecordKind::Invoice,
        Answer::ReceivePaymentQuery(_) => kind == RecordKind::Payment,
        _ => false,
    })
}
