//! Changes to what QuickBooks already has: what the application changed since, what somebody changed in QuickBooks since, and
//! whether the one may be sent without touching the other.
//!
//! A document is read in the visit that changes it ([`ask`], [`Standing`]). Fields that only the application changed are sent,
//! and nothing else; a field that was changed on both sides, and not to the same, is a person's to decide.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

mod columns;
mod field;
mod lines;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::invoice::{InvoiceQueryRq, InvoiceSelect};
use bookferry_qbxml::message::receive_payment::ReceivePaymentQueryRq;
use bookferry_qbxml::message::txn_select::TxnSelect;
use bookferry_qbxml::message_set::{Answer, MessageSetId, MessageSetRq, MessageSetRs, Request};
use bookferry_qbxml::value::TxnId;
use serde::{Deserialize, Serialize};

pub use columns::{Compared, compared};
pub use field::Field;
pub(crate) use lines::{Pairing, pair};
pub use standing::Standing;
pub(crate) use standing::StandingLine;

use crate::cause::Cause;
use crate::company::Changes;
use crate::id::RecordId;
use crate::plan::{Candidate, message_set};
use crate::record::{Content, RecordKind};
use crate::submission::{Errand, Event, Posted};

/// How many documents are read at a time, with all their lines.
pub const READ_MAX: usize = 50;

/// What a change is worked out from, beside the newest revision.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// The revision that QuickBooks has.
    pub sent: Content,
    /// The document as it stands in QuickBooks.
    pub standing: Standing,
}

/// What a visit has read of a document: as it stands, or that it is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reread {
    Standing(Box<Standing>),
    Gone,
}

/// Asks for documents as they stand, with their lines.
pub fn ask(candidates: &[&Candidate], id: MessageSetId) -> Option<MessageSetRq> {
    let ids = |kind| {
        let of_kind = candidates.iter().filter(move |candidate| candidate.content.kind() == kind);
        let ids = of_kind.filter_map(|candidate| TxnId::new(candidate.errand.posted()?.txn_id.as_str()).ok());
        OneOrMore::new(ids.collect::<Vec<_>>())
    };
    let mut requests = Vec::new();
    if let Some(ids) = ids(RecordKind::Invoice) {
        let select = Some(InvoiceSelect::TxnIds(ids));
        let query = InvoiceQueryRq { select, include_line_items: Some(true), ..InvoiceQueryRq::default() };
        requests.push(Request::InvoiceQuery(Box::new(query)));
    }
    if let Some(ids) = ids(RecordKind::Payment) {
        let select = Some(TxnSelect::TxnIds(ids));
        let query =
            ReceivePaymentQueryRq { select, include_line_items: Some(true), ..ReceivePaymentQueryRq::default() };
        requests.push(Request::ReceivePaymentQuery(Box::new(query)));
    }
    (!requests.is_empty()).then(|| message_set(id, None, requests))
}

/// Reads the answer to [`ask`]: what became of each of the `asked`, by their TxnIDs. Of a kind that QuickBooks did not answer
/// for, nothing is said.
pub fn reread(asked: &[(RecordId, RecordKind, String)], answer: &MessageSetRs) -> BTreeMap<RecordId, Reread> {
    let mut standing: BTreeMap<String, Standing> = BTreeMap::new();
    let mut answered = BTreeSet::new();
    for rs in answer.responses.iter().filter(|rs| matches!(rs.status.code, 0 | 1 | 500)) {
        match &rs.answer {
            Answer::InvoiceQuery(answer) => {
                answered.insert(RecordKind::Invoice);
                standing
                    .extend(answer.invoice_ret.iter().map(|ret| (ret.txn_id.to_string(), Standing::of_invoice(ret))));
            }
            Answer::ReceivePaymentQuery(answer) => {
                answered.insert(RecordKind::Payment);
                let rets = answer.receive_payment_ret.iter();
                standing.extend(rets.map(|ret| (ret.txn_id.to_string(), Standing::of_payment(ret))));
            }
            _ => {}
        }
    }
    let read = |(record, kind, txn_id): &(RecordId, RecordKind, String)| match standing.get(txn_id) {
        Some(standing) => Some((*record, Reread::Standing(Box::new(standing.clone())))),
        None => answered.contains(kind).then_some((*record, Reread::Gone)),
    };
    asked.iter().filter_map(read).collect()
}

/// What happens to the record instead of its change being sent, by what was read of it: somebody changed the same in
/// QuickBooks since, or deleted it. `None` where the change may go.
pub fn hindrance(candidate: &Candidate, sent: &Content, reread: &Reread, changes: Changes) -> Option<Event> {
    let Errand::Mod(posted) = &candidate.errand else { return None };
    let standing = match reread {
        Reread::Standing(standing) => standing,
        Reread::Gone => {
            return Some(Event::GoneThere(deleted_and_changed(candidate.content.kind(), candidate.errand.posted())));
        }
    };
    if standing.edit_sequence == posted.edit_sequence {
        return None;
    }
    let cause = touched_on_both_sides(sent, &candidate.content, standing, changes)?;
    Some(Event::ChangedThere { edit_sequence: standing.edit_sequence.clone(), cause })
}

/// Why a change cannot go without a person's word, of a document that somebody touched in QuickBooks; `None` where it can.
pub(crate) fn touched_on_both_sides(
    sent: &Content,
    ours: &Content,
    standing: &Standing,
    changes: Changes,
) -> Option<Cause> {
    let both: Vec<Field> = if sent == ours {
        Field::differing_in_the_books(sent, standing)
    } else if changes == Changes::Send {
        // Nobody has looked at the change: whatever somebody did in QuickBooks is a person's to weigh against it.
        Field::differing(sent, standing)
    } else {
        let changed = Field::changed(sent, ours).into_iter();
        let is_both = |field: &Field| {
            let is_the_same = *field != Field::BillAddress && !field.differs(ours, standing);
            field.may_be_touched(sent, standing) && !is_the_same
        };
        changed.filter(is_both).collect()
    };
    (!both.is_empty()).then(|| changed_on_both_sides(sent, ours, standing, &both))
}

/// What a change is worked out from: the revision that QuickBooks has. Where the application changed nothing, but somebody did
/// in QuickBooks, and a person wants it as it was, that is the document as it stands.
pub fn basis(sent: &Content, now: &Content, standing: &Standing) -> Basis {
    let sent = if sent == now { as_it_stands(now, standing) } else { sent.clone() };
    Basis { sent, standing: standing.clone() }
}

/// The revision, with what QuickBooks has where that differs in the books.
fn as_it_stands(now: &Content, standing: &Standing) -> Content {
    let mut stands = now.clone();
    for field in Field::differing_in_the_books(now, standing) {
        match &mut stands {
            Content::Invoice(invoice) => match field {
                Field::Customer => standing.customer.clone_into(&mut invoice.customer.name),
                Field::Date => invoice.date = standing.date.unwrap_or(invoice.date),
                Field::Number => standing.number.clone_into(&mut invoice.number),
                Field::TaxItem => {
                    if let Some(tax) = &mut invoice.sales_tax {
                        standing.tax_item.clone_into(&mut tax.item);
                    }
                }
                // None of those is ours, and so all of ours are written anew.
                Field::Lines => invoice.lines.clear(),
                _ => {}
            },
            Content::Payment(payment) => match field {
                Field::Customer => standing.customer.clone_into(&mut payment.customer.name),
                Field::Date => payment.date = standing.date.unwrap_or(payment.date),
                Field::Number => standing.number.clone_into(&mut payment.number),
                Field::Amount => payment.applied_to.clear(),
                _ => {}
            },
        }
    }
    stands
}

/// What waited with a change, or was to go with it, and is not in QuickBooks any more.
pub(crate) fn deleted_and_changed(kind: RecordKind, posted: Option<&Posted>) -> Cause {
    let noun = kind.as_str();
    Cause::new(
        "deleted_in_quickbooks",
        format!(
            "This {noun} was changed by your application, but somebody has deleted it in QuickBooks since. Nothing was sent. \
             Press \u{201c}Keep QuickBooks\u{2019} version\u{201d} if it is to stay deleted, or \u{201c}Not in QuickBooks: send \
             again\u{201d}."
        ),
        posted.map(|posted| format!("TxnID {}", posted.txn_id)).unwrap_or_default(),
    )
}

fn changed_on_both_sides(sent: &Content, ours: &Content, standing: &Standing, both: &[Field]) -> Cause {
    let noun = ours.kind().as_str();
    Cause::new(
        "changed_on_both_sides",
        format!(
            "Somebody changed this {noun} in QuickBooks, and your application changed it too: {}. Nothing was sent. Press \
             \u{201c}Read again and send\u{201d} to write your application\u{2019}s over it, or \u{201c}Keep QuickBooks\u{2019} version\u{201d}.",
            named(both)
        ),
        told_three_ways(both, sent, ours, standing),
    )
}

/// As in a sentence.
pub(crate) fn named(fields: &[Field]) -> String {
    fields.iter().map(|field| field.label()).collect::<Vec<_>>().join(", ")
}

/// Each field as it was sent, as it is here, and as it is in QuickBooks.
pub(crate) fn told_three_ways(fields: &[Field], sent: &Content, ours: &Content, standing: &Standing) -> String {
    let told = |field: &Field| {
        let (was, ours, theirs) = (field.told(sent), field.told(ours), field.told_by(standing));
        format!("{}: {was} when it was sent, {ours} here now, {theirs} in QuickBooks now", field.label())
    };
    fields.iter().map(told).collect::<Vec<_>>().join("; ")
}
