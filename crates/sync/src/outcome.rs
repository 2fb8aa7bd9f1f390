//! What an answer of QuickBooks means: which events move which records, and what was learnt about the lists.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

mod learn;

pub(crate) use learn::shown;

use std::collections::BTreeMap;

use bookferry_qbxml::message::error_recovery::{ErrorRecovery, Recovered};
use bookferry_qbxml::message::invoice::InvoiceRet;
use bookferry_qbxml::message::receive_payment::ReceivePaymentRet;
use bookferry_qbxml::message_set::{Answer, MessageSetRs, Rs};
use bookferry_qbxml::status::Status;
use bookferry_qbxml::value::Amount;
use jiff::Timestamp;

use crate::cause::Cause;
use crate::id::RecordId;
use crate::list::{ListEntry, ListKind, NameKey};
use crate::plan::{Purpose, Sent};
use crate::record::RecordKind;
use crate::retry::{self, Decision};
use crate::submission::{Errand, Event, Posted};

/// What a whole message set came to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    pub records: Vec<SettledRecord>,
    /// Entries that are there, as QuickBooks names them.
    pub learned: Vec<ListEntry>,
    /// Names that were asked for and are not there.
    pub absent: Vec<(ListKind, NameKey)>,
    /// Why a look-up told nothing, in QuickBooks' words: the same question again would get the same answer for now.
    pub stalled: Option<String>,
}

/// What became of one record's attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct SettledRecord {
    pub record_id: RecordId,
    pub revision: i64,
    pub event: Event,
    /// When to try again, where it was postponed.
    pub retry_at: Option<Timestamp>,
    /// Why it was postponed, as a sentence for the bookkeeper.
    pub postponed_because: Option<String>,
    /// QuickBooks' words about a record that it took with a warning.
    pub warning: Option<String>,
    pub status_code: Option<i64>,
    pub status_message: String,
}

/// Reads the answer to a message set whose requests had these `purposes`.
///
/// `attempts` tells how often a record was sent, this time included. A request that the answer says nothing of is one whose
/// outcome is not known.
pub fn settle(
    purposes: &[Purpose],
    answer: &MessageSetRs,
    attempts: impl Fn(RecordId) -> i64,
    now: Timestamp,
) -> Settlement {
    let mut settlement = Settlement::default();
    let answers = answers(answer, purposes.len());
    for (purpose, rs) in purposes.iter().zip(&answers) {
        match purpose {
            Purpose::LookUp { list, full_names } => {
                learn::looked_up(*list, full_names, *rs, &mut settlement);
            }
            Purpose::Create { list, .. } => {
                if let Some(rs) = rs {
                    learn::created(*list, rs, &mut settlement);
                }
            }
            Purpose::Record { sent, creates } => {
                let failed_need = creates.iter().find_map(|&index| failed_need(purposes, &answers, index));
                settlement.records.push(sent.settle(*rs, failed_need, attempts(sent.record_id), now));
            }
        }
    }
    settlement
}

/// The answers to so many requests: each by its id, which ends in its place; where QuickBooks left the ids out, by order.
fn answers(answer: &MessageSetRs, requests: usize) -> Vec<Option<&Rs>> {
    let mut by_place = BTreeMap::new();
    for rs in &answer.responses {
        if let Some((_, place)) = rs.request_id.as_deref().and_then(|id| id.rsplit_once('.')) {
            by_place.entry(place).or_insert(rs);
        }
    }
    let in_order = |index: usize| answer.responses.get(index).filter(|rs| rs.request_id.is_none());
    (0..requests).map(|index| by_place.get(index.to_string().as_str()).copied().or_else(|| in_order(index))).collect()
}

/// An entry that a record needs and that could not be created in the same set.
struct FailedNeed<'a> {
    list: ListKind,
    full_name: &'a str,
    status: &'a Status,
}

fn failed_need<'a>(purposes: &'a [Purpose], answers: &[Option<&'a Rs>], index: usize) -> Option<FailedNeed<'a>> {
    let (Some(Purpose::Create { list, full_name }), Some(Some(rs))) = (purposes.get(index), answers.get(index)) else {
        return None;
    };
    let need = FailedNeed { list: *list, full_name, status: &rs.status };
    match retry::decide(need.status, i64::MAX, Timestamp::UNIX_EPOCH) {
        Decision::Accept { .. } => None,
        Decision::Refuse(_) | Decision::Postpone { .. } => Some(need),
    }
}

impl FailedNeed<'_> {
    /// What it means for the record: where QuickBooks was only busy with the entry, the record waits with it.
    fn decide(&self, attempts: i64, now: Timestamp) -> Decision {
        let tell =
            |why| format!("The {} \u{201c}{}\u{201d} could not be created. {why}", self.list.noun(), self.full_name);
        match retry::decide(self.status, attempts, now) {
            Decision::Refuse(cause) => Decision::Refuse(Cause { text: tell(cause.text), ..cause }),
            Decision::Postpone { at, because } => Decision::Postpone { at, because: tell(because) },
            accept @ Decision::Accept { .. } => accept,
        }
    }
}

impl Sent {
    fn settle(
        &self,
        rs: Option<&Rs>,
        failed_need: Option<FailedNeed<'_>>,
        attempts: i64,
        now: Timestamp,
    ) -> SettledRecord {
        let Some(rs) = rs else { return self.settled(Event::AnswerLost, None) };
        let decision = match (retry::decide(&rs.status, attempts, now), failed_need) {
            (Decision::Refuse(_), Some(need)) => need.decide(attempts, now),
            (decision, _) => decision,
        };
        let mut settled = match decision {
            Decision::Accept { warning } => {
                let Some((event, difference)) = self.accepted(rs) else { return self.settled(Event::AnswerLost, None) };
                SettledRecord { warning: warning.or(difference), ..self.settled(event, None) }
            }
            Decision::Refuse(cause) => self.settled(Event::Refused(cause), None),
            Decision::Postpone { at, because } => {
                SettledRecord { postponed_because: Some(because), ..self.settled(Event::Postponed, Some(at)) }
            }
        };
        settled.status_code = Some(rs.status.code);
        settled.status_message = rs.status.message.clone();
        settled
    }

    /// Without a word of QuickBooks: what recovery, or a set refused as a whole, makes of the record.
    pub fn settled(&self, event: Event, retry_at: Option<Timestamp>) -> SettledRecord {
        SettledRecord {
            record_id: self.record_id,
            revision: self.revision,
            event,
            retry_at,
            postponed_because: None,
            warning: None,
            status_code: None,
            status_message: String::new(),
        }
    }

    /// The ids under which QuickBooks holds it now. An acceptance without ids is no knowledge: it is looked up again.
    fn accepted(&self, rs: &Rs) -> Option<(Event, Option<String>)> {
        let held = Held::in_answer(&rs.answer, &self.errand)?;
        let posted = Posted { txn_id: held.txn_id, edit_sequence: held.edit_sequence, revision: self.revision };
        let (difference, accepted) = match (held.computed, &self.errand) {
            (Some(computed), Errand::Add | Errand::Mod(_)) => self.compare(computed),
            (Some(_) | None, _) => (None, None),
        };
        Some((Event::Accepted { posted, difference }, accepted))
    }

    /// Holds what QuickBooks computed against what was sent: the difference for a person to look at, or a sentence about one
    /// in the tax that the company accepts.
    pub(crate) fn compare(&self, computed: Computed) -> (Option<Cause>, Option<String>) {
        let Some(total) = computed.total() else { return (None, None) };
        let apart_e5 = total.e5().saturating_sub(self.total_e5);
        if apart_e5 == 0 {
            return (None, None);
        }
        let ours_e5 = self.total_e5.saturating_sub(self.sales_tax_e5);
        let is_in_the_tax = self.kind == RecordKind::Invoice && computed.net.e5() == ours_e5;
        if is_in_the_tax && apart_e5.abs() <= self.accepted_e5 {
            return (None, Some(accepted(self.sales_tax_e5, computed.tax)));
        }
        (Some(total_differs(self.kind, self.total_e5, total)), None)
    }
}

/// A transaction as an answer shows it.
struct Held {
    txn_id: String,
    edit_sequence: String,
    computed: Option<Computed>,
}

/// What QuickBooks says a document comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Computed {
    /// `Subtotal` of an invoice, `TotalAmount` of a payment.
    pub(crate) net: Amount,
    pub(crate) tax: Amount,
}

impl Held {
    fn in_answer(answer: &Answer, errand: &Errand) -> Option<Self> {
        match answer {
            Answer::InvoiceAdd(rs) => Self::invoice(rs.invoice_ret.as_ref(), rs.error_recovery.as_ref()),
            Answer::InvoiceMod(rs) => Self::invoice(rs.invoice_ret.as_ref(), rs.error_recovery.as_ref()),
            Answer::ReceivePaymentAdd(rs) => Self::payment(rs.receive_payment_ret.as_ref(), rs.error_recovery.as_ref()),
            Answer::ReceivePaymentMod(rs) => Self::payment(rs.receive_payment_ret.as_ref(), rs.error_recovery.as_ref()),
            // A void and a deletion tell no new EditSequence; nothing more is done to either.
            Answer::TxnVoid(_) | Answer::TxnDel(_) => {
                errand.posted().map(|posted| Self::new(&posted.txn_id, &posted.edit_sequence, None))
            }
            _ => None,
        }
    }

    fn invoice(ret: Option<&InvoiceRet>, recovery: Option<&ErrorRecovery>) -> Option<Self> {
        let held =
            |ret: &InvoiceRet| Self::new(ret.txn_id.as_str(), ret.edit_sequence.as_str(), Computed::invoice(ret));
        ret.map(held).or_else(|| Self::recovered(recovery?))
    }

    fn payment(ret: Option<&ReceivePaymentRet>, recovery: Option<&ErrorRecovery>) -> Option<Self> {
        let held = |ret: &ReceivePaymentRet| {
            Self::new(ret.txn_id.as_str(), ret.edit_sequence.as_str(), Computed::payment(ret))
        };
        ret.map(held).or_else(|| Self::recovered(recovery?))
    }

    /// What is left of an answer that QuickBooks could not store whole.
    fn recovered(recovery: &ErrorRecovery) -> Option<Self> {
        let Some(Recovered::Txn(txn_id)) = &recovery.object else { return None };
        let edit_sequence = recovery.edit_sequence.as_ref().map_or("", |sequence| sequence.as_str());
        Some(Self::new(txn_id.as_str(), edit_sequence, None))
    }

    fn new(txn_id: &str, edit_sequence: &str, computed: Option<Computed>) -> Self {
        Self { txn_id: txn_id.to_owned(), edit_sequence: edit_sequence.to_owned(), computed }
    }
}

impl Computed {
    /// `Subtotal` and `SalesTaxTotal`, both as QuickBooks computed them; nothing where it did not tell.
    pub(crate) fn invoice(ret: &InvoiceRet) -> Option<Self> {
        Some(Self { net: ret.subtotal?, tax: ret.sales_tax_total.unwrap_or(Amount::ZERO) })
    }

    pub(crate) fn payment(ret: &ReceivePaymentRet) -> Option<Self> {
        Some(Self { net: ret.total_amount?, tax: Amount::ZERO })
    }

    pub(crate) fn total(self) -> Option<Amount> {
        self.net.checked_add(self.tax)
    }
}

fn accepted(ours_e5: i64, theirs: Amount) -> String {
    let ours = Amount::from_e5(ours_e5).unwrap_or(Amount::ZERO);
    format!(
        "QuickBooks computed {theirs} of sales tax where your application has {ours}. The company accepts so small a \
         difference; the invoice stands in QuickBooks with {theirs}."
    )
}

pub(crate) fn total_differs(kind: RecordKind, ours_e5: i64, theirs: Amount) -> Cause {
    let ours = Amount::from_e5(ours_e5).unwrap_or(Amount::ZERO);
    let noun = kind.as_str();
    Cause::new(
        "total_differs",
        format!(
            "QuickBooks has this {noun} with a total of {theirs}; your application says {ours}. The {noun} stands in \
             QuickBooks. Correct it on the side that is wrong, or keep QuickBooks' version."
        ),
        format!("{ours} here, {theirs} in QuickBooks"),
    )
}
