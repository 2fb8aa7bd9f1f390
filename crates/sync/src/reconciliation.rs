//! Reconciliation: what Bookferry submitted, held against what QuickBooks has now.
//!
//! Whole, by the TxnIDs of what was submitted, when a person asks for it; and each night by what QuickBooks says was changed
//! or deleted since. A document that nobody touched has the EditSequence that was noted when it was sent, and is not looked
//! at any closer, so that what QuickBooks fills in by itself is never taken for a difference.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

mod counterpart;
mod payer;
mod waiting;

use std::borrow::Cow;
use std::collections::BTreeSet;

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::invoice::{InvoiceFilter, InvoiceQueryRq, InvoiceSelect};
use bookferry_qbxml::message::receive_payment::{AppliedToTxnRet, ReceivePaymentQueryRq};
use bookferry_qbxml::message::removal::{DeletedDateRangeFilter, TxnDeletedQueryRq};
use bookferry_qbxml::message::txn_select::{ModifiedDateRangeFilter, Period, TxnFilter, TxnSelect};
use bookferry_qbxml::message_set::{Answer, Iteration, MessageSetId, MessageSetRq, Request, Rs};
use bookferry_qbxml::status::{Class, explain};
use bookferry_qbxml::value::{Amount, DateTime, TxnId};
use jiff::{SignedDuration, Span, civil};
use serde::{Deserialize, Serialize};

pub use counterpart::{Counterpart, Difference, counterpart};
pub use payer::{Payer, read_again};
pub use waiting::Waiting;

use crate::cause::Cause;
use crate::change::{Field, Reread, Standing};
use crate::list::NameKey;
use crate::need::quickbooks_name;
use crate::plan::message_set;
use crate::record::{Content, Line, RecordKind};
use crate::submission::{Event, Posted};
use crate::tax_difference::TaxDifference;

/// How many documents are read at a time, with all their lines.
pub const PORTION: u32 = 100;
/// How many of those one visit asks for where nobody waits for the answer, so that whoever works in QuickBooks does not wait
/// for it either.
pub const PORTIONS_PER_VISIT: u32 = 50;
/// How long after the end of one the next begins by itself.
pub const AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// How many questions go into one message set at most, each of them for a portion.
pub const QUESTIONS_AT_ONCE: usize = 3;
/// When it goes on after a visit that has done its share.
pub const GO_ON_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// When it is tried again that QuickBooks did not answer.
pub const TRY_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// For how long QuickBooks remembers what was deleted (qbxml.md section 7).
const DELETED_REMEMBERED_DAYS: i64 = 90;
/// Well before it forgets what was deleted, everything is compared.
const WHOLE_AGAIN_AFTER_DAYS: i64 = 80;

/// What is asked, one request each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Documents of one kind, by their TxnIDs.
    ById { kind: RecordKind, txn_ids: Vec<String> },
    /// The first portion of what was changed, or entered, since.
    Changed { kind: RecordKind, since: civil::DateTime },
    /// What that iterator has left.
    More { kind: RecordKind, iterator_id: String },
    /// What was deleted since.
    Deleted { since: civil::DateTime },
}

/// What an answer showed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// By TxnID.
    pub found: Vec<(String, Reread)>,
    /// The TxnIDs of those that QuickBooks says were deleted.
    pub deleted: Vec<String>,
    /// What payments say is open of the invoices that they pay, by the invoices' TxnIDs, in hundred-thousandths.
    pub balances: Vec<(String, i64)>,
    /// What pays which invoice, by the invoices and by the payments.
    pub payers: Vec<Payer>,
    /// The newest change among them, by QuickBooks' own clock.
    pub newest_change: Option<civil::DateTime>,
    pub next: Option<Question>,
    /// QuickBooks did not answer, in its own words.
    pub trouble: Option<String>,
}

/// From when on a nightly reconciliation asks; `None` where everything has to be compared, since QuickBooks remembers no
/// longer. Two hours are taken off: documents may have changed while others were read, and its computer's clock goes back
/// an hour in autumn.
pub fn since(newest_change: Option<civil::DateTime>, days_since: i64) -> Option<civil::DateTime> {
    let newest_change = newest_change.filter(|_| days_since < WHOLE_AGAIN_AFTER_DAYS)?;
    newest_change.checked_sub(Span::new().hours(2)).ok()
}

/// What is asked first where everything is compared: QuickBooks tells for so long what was deleted, and of what it does not
/// have any more it is known then how that came.
pub fn deleted_before(now: civil::DateTime) -> Option<Question> {
    let since = now.checked_sub(Span::new().days(DELETED_REMEMBERED_DAYS)).ok()?;
    Some(Question::Deleted { since })
}

/// What is asked to learn of all that happened since.
pub fn begin(since: civil::DateTime) -> Vec<Question> {
    let changed = |kind| Question::Changed { kind, since };
    vec![changed(RecordKind::Invoice), changed(RecordKind::Payment), Question::Deleted { since }]
}

/// All questions in one message set, which QuickBooks need not remember.
pub fn ask(questions: &[Question], id: MessageSetId) -> MessageSetRq {
    let requests = questions.iter().filter_map(Question::request).collect();
    let mut set = MessageSetRq { new_message_set_id: None, ..message_set(id, None, requests) };
    for (rq, question) in set.requests.iter_mut().zip(questions) {
        rq.iteration = question.iteration();
    }
    set
}

/// Reads the answer to a question; `None` where there is none.
pub fn take(question: &Question, rs: Option<&Rs>) -> Shown {
    let trouble = |text: &str| Shown { trouble: Some(text.to_owned()), ..Shown::default() };
    let Some(rs) = rs else { return trouble("QuickBooks did not answer the question.") };
    // Nothing found is 1 for a filter and 500 for TxnIDs (qbxml.md section 7).
    if !matches!(rs.status.code, 0 | 1 | 500) && explain(&rs.status).class != Class::Warning {
        return trouble(&rs.status.message);
    }
    let payers: Vec<Payer>;
    let mut balances = Vec::new();
    let standing: Vec<(String, Standing, Option<civil::DateTime>)> = match &rs.answer {
        Answer::InvoiceQuery(answer) => {
            let rets = answer.invoice_ret.iter();
            payers = rets.clone().flat_map(Payer::of_invoice).collect();
            rets.map(|ret| (ret.txn_id.to_string(), Standing::of_invoice(ret), clock(ret.time_modified.as_ref())))
                .collect()
        }
        Answer::ReceivePaymentQuery(answer) => {
            let rets = answer.receive_payment_ret.iter();
            balances = rets.clone().flat_map(|ret| &ret.applied_to_txn_ret).filter_map(balance).collect();
            payers = rets.clone().flat_map(Payer::of_payment).collect();
            rets.map(|ret| (ret.txn_id.to_string(), Standing::of_payment(ret), clock(ret.time_modified.as_ref())))
                .collect()
        }
        Answer::TxnDeletedQuery(answer) => {
            let deleted: Vec<String> = answer.txn_deleted_ret.iter().map(|ret| ret.txn_id.to_string()).collect();
            let found = deleted.iter().map(|txn_id| (txn_id.clone(), Reread::Gone)).collect();
            return Shown { found, deleted, ..Shown::default() };
        }
        _ => return trouble("QuickBooks answered something else."),
    };
    let newest_change = standing.iter().filter_map(|(_, _, changed)| *changed).max();
    let shown: BTreeSet<&str> = standing.iter().map(|(txn_id, ..)| txn_id.as_str()).collect();
    let missing: Vec<String> = match question {
        Question::ById { txn_ids, .. } => txn_ids.iter().filter(|id| !shown.contains(id.as_str())).cloned().collect(),
        Question::Changed { .. } | Question::More { .. } | Question::Deleted { .. } => Vec::new(),
    };
    let stands = |(txn_id, standing, _)| (txn_id, Reread::Standing(Box::new(standing)));
    let gone = missing.into_iter().map(|txn_id| (txn_id, Reread::Gone));
    let next = question.next(rs);
    let found = standing.into_iter().map(stands).chain(gone).collect();
    Shown { found, balances, payers, newest_change, next, ..Shown::default() }
}

/// What became of a submitted record; `None` where QuickBooks has what was sent. `sent` names what QuickBooks names; by the
/// rule a line may have been sent besides, that made up for a difference in the tax.
pub fn drift(sent: &Content, posted: &Posted, found: &Reread, rule: &TaxDifference) -> Option<Event> {
    let noun = sent.kind().as_str();
    let standing = match found {
        Reread::Gone => {
            let text = format!(
                "Somebody deleted this {noun} in QuickBooks. Press \u{201c}Keep QuickBooks\u{2019} version\u{201d} if it is to stay \
                 deleted, or \u{201c}Not in QuickBooks: send again\u{201d}."
            );
            let detail = format!("TxnID {}", posted.txn_id);
            return Some(Event::GoneThere(Cause::new("deleted_in_quickbooks", text, detail)));
        }
        Reread::Standing(standing) => standing,
    };
    let (sent, differing) = differing(sent, posted, standing, rule);
    let sent = sent.as_ref();
    if differing.is_empty() {
        return None;
    }
    let named: Vec<&str> = differing.iter().map(|field| field.label()).collect();
    let detail: Vec<String> = differing
        .iter()
        .map(|field| {
            format!("{}: {} sent, {} in QuickBooks now", field.label(), field.told(sent), field.told_by(standing))
        })
        .collect();
    let (code, what) = if standing.is_void() && sent.amount().e5() != 0 {
        ("voided_in_quickbooks", format!("Somebody voided this {noun} in QuickBooks."))
    } else {
        ("changed_in_quickbooks", format!("Somebody changed this {noun} in QuickBooks: {}.", named.join(", ")))
    };
    let text = format!(
        "{what} Press \u{201c}Keep QuickBooks\u{2019} version\u{201d} if that is right, or \u{201c}Send the change\u{201d} to write \
         what was sent over it."
    );
    let cause = Cause::new(code, text, detail.join("; "));
    Some(Event::Drifted { edit_sequence: standing.edit_sequence.clone(), cause })
}

/// What was sent, with the line that made up for a difference in the tax; and in what the books differ from it, of a document
/// that somebody touched since. A person who said that it is there already did not say in which state.
pub(crate) fn differing<'a>(
    sent: &'a Content,
    posted: &Posted,
    standing: &Standing,
    rule: &TaxDifference,
) -> (Cow<'a, Content>, Vec<Field>) {
    if standing.edit_sequence == posted.edit_sequence || posted.edit_sequence.is_empty() {
        return (Cow::Borrowed(sent), Vec::new());
    }
    let sent = with_adjusting_line(sent, standing, rule).map_or(Cow::Borrowed(sent), Cow::Owned);
    let differing = Field::differing_in_the_books(&sent, standing);
    (sent, differing)
}

/// The invoice with the adjusting line that stands at its end in QuickBooks; `None` where there is none, or more than one line
/// that was not sent.
pub(crate) fn with_adjusting_line(sent: &Content, standing: &Standing, rule: &TaxDifference) -> Option<Content> {
    let (Content::Invoice(invoice), Some((item, limit_e5))) = (sent, rule.adjusting()) else { return None };
    let line = standing.lines.last().filter(|_| standing.lines.len() == invoice.lines.len() + 1)?;
    let amount_e5 = line.amount_e5.filter(|amount| amount.abs() <= limit_e5)?;
    if line.is_group || NameKey::of(&line.item) != NameKey::of(&quickbooks_name(item)) {
        return None;
    }
    let mut adjusted = invoice.clone();
    adjusted.lines.push(Line {
        item: Some(item.to_owned()),
        description: None,
        quantity: None,
        rate: None,
        amount: Amount::from_e5(amount_e5).ok()?,
        taxable: Some(false),
        class: None,
    });
    Some(Content::Invoice(adjusted))
}

impl Question {
    /// The documents that it names.
    pub fn txn_ids(&self) -> impl Iterator<Item = &str> {
        let txn_ids = match self {
            Self::ById { txn_ids, .. } => txn_ids.as_slice(),
            Self::Changed { .. } | Self::More { .. } | Self::Deleted { .. } => &[],
        };
        txn_ids.iter().map(String::as_str)
    }

    fn request(&self) -> Option<Request> {
        Some(match self {
            Self::ById { kind, txn_ids } => {
                let ids = txn_ids.iter().filter_map(|id| TxnId::new(id.as_str()).ok()).collect::<Vec<_>>();
                query(*kind, Select::TxnIds(OneOrMore::new(ids)?))
            }
            Self::Changed { kind, since } => {
                let from_modified_date = Some(DateTime::from(*since));
                query(*kind, Select::Changed(ModifiedDateRangeFilter { from_modified_date, to_modified_date: None }))
            }
            Self::More { kind, .. } => query(*kind, Select::More),
            Self::Deleted { since } => Request::TxnDeletedQuery(TxnDeletedQueryRq {
                txn_del_type: OneOrMore::new(payer::DELETED.to_vec())?,
                deleted_date_range_filter: Some(DeletedDateRangeFilter {
                    from_deleted_date: Some(DateTime::from(*since)),
                    to_deleted_date: None,
                }),
                include_ret_element: Vec::new(),
            }),
        })
    }

    fn iteration(&self) -> Option<Iteration> {
        match self {
            Self::Changed { .. } => Some(Iteration::Start),
            Self::More { iterator_id, .. } => Some(Iteration::Continue(iterator_id.clone())),
            Self::ById { .. } | Self::Deleted { .. } => None,
        }
    }

    fn next(&self, rs: &Rs) -> Option<Self> {
        let (Self::Changed { kind, .. } | Self::More { kind, .. }) = self else { return None };
        rs.iterator_remaining_count.filter(|&remaining| remaining > 0)?;
        Some(Self::More { kind: *kind, iterator_id: rs.iterator_id.clone()? })
    }
}

enum Select {
    TxnIds(OneOrMore<TxnId>),
    Changed(ModifiedDateRangeFilter),
    /// With the number of documents alone, as an iterator is continued.
    More,
}

fn query(kind: RecordKind, select: Select) -> Request {
    let max_returned = Some(i64::from(PORTION));
    let include_line_items = Some(true);
    match kind {
        RecordKind::Invoice => {
            let select = match select {
                Select::TxnIds(ids) => InvoiceSelect::TxnIds(ids),
                Select::Changed(range) => InvoiceSelect::Filter(InvoiceFilter {
                    max_returned,
                    period: Some(Period::Modified(range)),
                    ..InvoiceFilter::default()
                }),
                Select::More => InvoiceSelect::Filter(InvoiceFilter { max_returned, ..InvoiceFilter::default() }),
            };
            let select = Some(select);
            let include_linked_txns = Some(true);
            let query = InvoiceQueryRq { select, include_line_items, include_linked_txns, ..InvoiceQueryRq::default() };
            Request::InvoiceQuery(Box::new(query))
        }
        RecordKind::Payment => {
            let select = match select {
                Select::TxnIds(ids) => TxnSelect::TxnIds(ids),
                Select::Changed(range) => TxnSelect::Filter(TxnFilter {
                    max_returned,
                    period: Some(Period::Modified(range)),
                    ..TxnFilter::default()
                }),
                Select::More => TxnSelect::Filter(TxnFilter { max_returned, ..TxnFilter::default() }),
            };
            let select = Some(select);
            let query = ReceivePaymentQueryRq { select, include_line_items, ..ReceivePaymentQueryRq::default() };
            Request::ReceivePaymentQuery(Box::new(query))
        }
    }
}

fn balance(paid: &AppliedToTxnRet) -> Option<(String, i64)> {
    Some((paid.txn_id.to_string(), paid.balance_remaining?.e5()))
}

fn clock(time: Option<&DateTime>) -> Option<civil::DateTime> {
    time?.clock()
}
