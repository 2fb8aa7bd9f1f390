//! Settling message sets whose answer never came: first by QuickBooks' own memory of the set, then by looking the records
//! up in the company file. Nothing is sent again before one of the two has said that it is not there.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::invoice::{InvoiceQueryRq, InvoiceRet, InvoiceSelect};
use bookferry_qbxml::message::receive_payment::{ReceivePaymentQueryRq, ReceivePaymentRet};
use bookferry_qbxml::message::txn_select::TxnSelect;
use bookferry_qbxml::message_set::{Answer, MessageSetId, MessageSetRq, MessageSetRs, OnError, Request};
use bookferry_qbxml::value::{Amount, Guid, Line, Ref};

use crate::cause::Cause;
use crate::list::NameKey;
use crate::outcome::{SettledRecord, difference, invoice_total};
use crate::plan::{Sent, message_set};
use crate::record::RecordKind;
use crate::submission::{Errand, Event, Posted};

/// Asks QuickBooks for what became of the message set `id` (qbxml.md section 4).
pub fn ask(id: MessageSetId) -> MessageSetRq {
    MessageSetRq {
        on_error: OnError::Continue,
        new_message_set_id: Some(id.clone()),
        old_message_set_id: Some(id),
        requests: Vec::new(),
    }
}

/// Whether the answer to [`ask`] is the answer that was lost. Anything else than a stored answer is no knowledge: QuickBooks
/// may have forgotten the set, could not store it, or is another copy of the file.
pub fn is_stored_answer(answer: &MessageSetRs) -> bool {
    matches!(answer.message_set_status_code, None | Some(0)) && !answer.responses.is_empty()
}

/// Looks for the records in QuickBooks by their numbers. `None` where none of them can be looked for.
pub fn look_up(lost: &[Sent], id: MessageSetId) -> Option<MessageSetRq> {
    let numbers = |kind: RecordKind| {
        let sent = lost.iter().filter(|sent| sent.kind == kind && sent.errand == Errand::Add);
        OneOrMore::new(sent.filter_map(|sent| Line::new("RefNumber", sent.number.trim()).ok()).collect())
    };
    let mut requests = Vec::new();
    if let Some(numbers) = numbers(RecordKind::Invoice) {
        let select = Some(InvoiceSelect::RefNumbers(numbers));
        requests.push(Request::InvoiceQuery(Box::new(InvoiceQueryRq { select, ..InvoiceQueryRq::default() })));
    }
    if let Some(numbers) = numbers(RecordKind::Payment) {
        let select = Some(TxnSelect::RefNumbers(numbers));
        let query = ReceivePaymentQueryRq { select, ..ReceivePaymentQueryRq::default() };
        requests.push(Request::ReceivePaymentQuery(Box::new(query)));
    }
    (!requests.is_empty()).then(|| message_set(id, None, requests))
}

/// What the look-up tells of each lost record: it is there, by our own mark; it is not there; or something like it is there
/// that does not bear our mark, and a person has to say.
pub fn settle(lost: &[Sent], answer: &MessageSetRs) -> Vec<SettledRecord> {
    let found: Vec<Found> = answer.responses.iter().flat_map(|rs| Found::in_answer(&rs.answer)).collect();
    let is_complete = answer.responses.iter().all(|rs| matches!(rs.status.code, 0 | 1 | 500))
        && answer.responses.iter().all(|rs| !matches!(rs.answer, Answer::Unreadable { .. }));
    lost.iter().map(|sent| sent.settled(event(sent, &found, is_complete), None)).collect()
}

fn event(sent: &Sent, found: &[Found], is_complete: bool) -> Event {
    if sent.errand != Errand::Add {
        return Event::Undecidable(unknown(sent));
    }
    let mark = format!("{{{}}}", sent.record_id);
    let alike = |found: &&Found| found.kind == sent.kind && NameKey::of(&found.ref_number) == NameKey::of(&sent.number);
    if let Some(ours) =
        found.iter().find(|found| found.mark.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(&mark)))
    {
        return ours.accepted(sent);
    }
    if !is_complete {
        return Event::Undecidable(unknown(sent));
    }
    match found.iter().filter(alike).find(|found| found.mark.is_none() && found.is_like(sent)) {
        Some(stranger) => Event::Undecidable(like(sent, stranger)),
        None => Event::NotExecuted,
    }
}

/// A transaction that QuickBooks holds under one of the numbers.
struct Found {
    kind: RecordKind,
    txn_id: String,
    edit_sequence: String,
    ref_number: String,
    customer: String,
    date: Option<jiff::civil::Date>,
    total: Option<Amount>,
    mark: Option<String>,
}

impl Found {
    fn in_answer(answer: &Answer) -> Vec<Self> {
        match answer {
            Answer::InvoiceQuery(rs) => rs.invoice_ret.iter().map(Self::invoice).collect(),
            Answer::ReceivePaymentQuery(rs) => rs.receive_payment_ret.iter().map(Self::payment).collect(),
            _ => Vec::new(),
        }
    }

    fn invoice(ret: &InvoiceRet) -> Self {
        Self {
            kind: RecordKind::Invoice,
            txn_id: ret.txn_id.to_string(),
            edit_sequence: ret.edit_sequence.to_string(),
            ref_number: ret.ref_number.as_ref().map(Line::to_string).unwrap_or_default(),
            customer: name(ret.customer_ref.as_ref()),
            date: ret.txn_date.map(|date| date.0),
            total: invoice_total(ret),
            mark: ret.external_guid.as_ref().map(Guid::as_str).map(str::to_owned),
        }
    }

    fn payment(ret: &ReceivePaymentRet) -> Self {
        Self {
            kind: RecordKind::Payment,
            txn_id: ret.txn_id.to_string(),
            edit_sequence: ret.edit_sequence.to_string(),
            ref_number: ret.ref_number.as_ref().map(Line::to_string).unwrap_or_default(),
            customer: name(ret.customer_ref.as_ref()),
            date: ret.txn_date.map(|date| date.0),
            total: ret.total_amount,
            mark: ret.external_guid.as_ref().map(Guid::as_str).map(str::to_owned),
        }
    }

    fn accepted(&self, sent: &Sent) -> Event {
        let posted =
            Posted { txn_id: self.txn_id.clone(), edit_sequence: self.edit_sequence.clone(), revision: sent.revision };
        let differing = self.total.filter(|total| total.e5() != sent.total_e5);
        Event::Accepted { posted, difference: differing.map(|total| difference(sent.kind, sent.total_e5, total)) }
    }

    /// The same customer, day and amount; what QuickBooks did not tell does not speak against it.
    fn is_like(&self, sent: &Sent) -> bool {
        (self.customer.is_empty() || NameKey::of(&self.customer) == NameKey::of(&sent.customer))
            && self.date.is_none_or(|date| date == sent.date)
            && self.total.is_none_or(|total| total.e5() == sent.total_e5)
    }
}

fn name<const MAX: usize>(reference: Option<&Ref<MAX>>) -> String {
    reference.and_then(Ref::name).unwrap_or_default().to_owned()
}

fn like(sent: &Sent, found: &Found) -> Cause {
    let noun = sent.kind.as_str();
    Cause::new(
        "unconfirmed_alike",
        format!(
            "The answer of QuickBooks got lost. QuickBooks has a {noun} {} of {} with the same customer, date and amount, \
             but nothing shows that it is this one. If it is, choose \u{201c}It is in QuickBooks\u{201d}; if not, \
             \u{201c}It is not, send it\u{201d}.",
            sent.number, found.customer
        ),
        format!("TxnID {}", found.txn_id),
    )
}

fn unknown(sent: &Sent) -> Cause {
    let noun = sent.kind.as_str();
    Cause::new(
        "unconfirmed",
        format!(
            "The answer of QuickBooks got lost, and QuickBooks could not tell whether it has this {noun}. Look for {noun} {} \
             there. If it is there, choose \u{201c}It is in QuickBooks\u{201d}; if not, \u{201c}It is not, send it\u{201d}.",
            sent.number
        ),
        "",
    )
}
