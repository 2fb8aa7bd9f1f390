//! Settling message sets whose answer never came: first by QuickBooks' own memory of the set, then by looking the records
//! up in the company file. Nothing is sent again before one of the two has said that it is not there. After a restored
//! backup the same look-up comes before a record is added at all ([`search`]).
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

mod change;
mod older;

use std::collections::BTreeMap;

pub use change::{Between, Changes, Fate, fate};
pub use older::{OLDER_PER_SET, OLDER_PER_VISIT_MAX, OlderAnswer, Seen, older, older_unasked};

use bookferry_qbxml::element::OneOrMore;
use bookferry_qbxml::message::company::HostQueryRq;
use bookferry_qbxml::message::invoice::{InvoiceQueryRq, InvoiceRet, InvoiceSelect};
use bookferry_qbxml::message::receive_payment::{ReceivePaymentQueryRq, ReceivePaymentRet};
use bookferry_qbxml::message::txn_select::TxnSelect;
use bookferry_qbxml::message_set::{Answer, MessageSetId, MessageSetRq, MessageSetRs, OnError, Request, Rs};
use bookferry_qbxml::value::{Amount, Guid, Line, Ref, TxnId, UNBOUNDED};
use jiff::{SignedDuration, Timestamp};

use crate::cause::Cause;
use crate::change::{READ_MAX, Reread, reread};
use crate::id::RecordId;
use crate::list::NameKey;
use crate::outcome::{Computed, SettledRecord};
use crate::plan::{NAMES_PER_LOOK_UP_MAX, Sent, message_set};
use crate::record::RecordKind;
use crate::request::told;
use crate::submission::{Errand, Event, Posted};
use crate::visit::Refusal;

/// Asks QuickBooks for what became of the message set `id` (qbxml.md section 4).
pub fn ask(id: MessageSetId) -> MessageSetRq {
    MessageSetRq {
        on_error: OnError::Continue,
        new_message_set_id: Some(id.clone()),
        old_message_set_id: Some(id),
        requests: Vec::new(),
    }
}

/// What QuickBooks remembers of a message set, by its answer to [`ask`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remembered {
    /// The answer that was lost.
    Answer,
    /// Not the set, but a look-up for its records that was made under its id: see [`look_up`].
    LookUp,
    /// That there was such a set, and no more (9001 to 9005).
    Id,
    /// Nothing: it was never executed, or is forgotten, or this is another copy of the company file.
    Nothing,
}

/// Reads the answer to [`ask`].
pub fn remembered(answer: &MessageSetRs) -> Remembered {
    let is_look_up =
        |rs: &Rs| matches!(rs.answer, Answer::InvoiceQuery(_) | Answer::ReceivePaymentQuery(_) | Answer::HostQuery(_));
    match answer.message_set_status_code {
        None | Some(0) if answer.responses.is_empty() => Remembered::Nothing,
        None | Some(0) if answer.responses.iter().all(is_look_up) => Remembered::LookUp,
        None | Some(0) => Remembered::Answer,
        Some(NO_SUCH_SET) => Remembered::Nothing,
        Some(_) => Remembered::Id,
    }
}

/// The ids match nothing that QuickBooks has stored (qbxml.md section 4).
const NO_SUCH_SET: i64 = 600;

/// Looks for the records in QuickBooks: for what was to be added by its number, for what was to be changed by its TxnID, with
/// its lines. `None` where none of them can be looked for.
pub fn look_up(sought: &[Sent], id: MessageSetId) -> Option<MessageSetRq> {
    let mut requests = Vec::new();
    for numbers in numbers(sought, RecordKind::Invoice) {
        let select = Some(InvoiceSelect::RefNumbers(numbers));
        let include_ret_element = told(&FOUND_TOLD);
        let query = InvoiceQueryRq { select, include_ret_element, ..InvoiceQueryRq::default() };
        requests.push(Request::InvoiceQuery(Box::new(query)));
    }
    for numbers in numbers(sought, RecordKind::Payment) {
        let select = Some(TxnSelect::RefNumbers(numbers));
        let include_ret_element = told(&FOUND_TOLD);
        let query = ReceivePaymentQueryRq { select, include_ret_element, ..ReceivePaymentQueryRq::default() };
        requests.push(Request::ReceivePaymentQuery(Box::new(query)));
    }
    for ids in txn_ids(sought, RecordKind::Invoice) {
        let select = Some(InvoiceSelect::TxnIds(ids));
        let query = InvoiceQueryRq { select, include_line_items: Some(true), ..InvoiceQueryRq::default() };
        requests.push(Request::InvoiceQuery(Box::new(query)));
    }
    for ids in txn_ids(sought, RecordKind::Payment) {
        let select = Some(TxnSelect::TxnIds(ids));
        let query =
            ReceivePaymentQueryRq { select, include_line_items: Some(true), ..ReceivePaymentQueryRq::default() };
        requests.push(Request::ReceivePaymentQuery(Box::new(query)));
    }
    (!requests.is_empty()).then(|| message_set(id, None, requests))
}

/// Looks for the records of a lost set under its own `id`, and so keeps QuickBooks from executing the set from now on.
///
/// A Web Connector that fell asleep with the set in hand may wake up long after another visit has taken over. QuickBooks has
/// seen the id then, with another content, and refuses to execute it (9001, qbxml.md section 4): what the look-up did not
/// find, will not come to be there.
pub fn fence(lost: &[Sent], id: MessageSetId) -> MessageSetRq {
    let nothing = |id| message_set(id, None, vec![Request::HostQuery(HostQueryRq::default())]);
    look_up(lost, id.clone()).unwrap_or_else(|| nothing(id))
}

/// Whether QuickBooks executed the look-up, and not refused it for its id.
pub fn was_looked_up(answer: &MessageSetRs) -> bool {
    matches!(answer.message_set_status_code, None | Some(0))
}

/// What the look-up tells of the lost records: it is there, by our own mark; it is not there; or something like it is there
/// that does not bear our mark, and a person has to say. What was to be changed tells by how it stands ([`fate`]). Those that
/// QuickBooks left unanswered, as it does while it is busy, are left out: it has to be asked again.
pub fn settle(lost: &[Sent], changes: &Changes, answer: &MessageSetRs) -> Vec<SettledRecord> {
    let evidence = Evidence::of(lost, answer);
    let settled = |sent: &Sent| match evidence.about(sent) {
        Finding::Ours(found) => Some(found.accepted(sent)),
        Finding::Alike(stranger) => Some(sent.settled(Event::Undecidable(like(sent, stranger)), None)),
        Finding::Nothing => Some(sent.settled(Event::NotExecuted, None)),
        Finding::Stands(stands) => Some(evidence.change(sent, changes, stands)),
        Finding::Untold if can_be_looked_for(sent) => None,
        Finding::Untold => Some(sent.settled(Event::Undecidable(unknown(sent)), None)),
    };
    lost.iter().filter_map(settled).collect()
}

/// So many message sets may break QuickBooks down with a record alone in them; then the record is what breaks it.
pub const BREAKDOWNS_MAX: u64 = 3;
/// A record over which QuickBooks broke down more than once lets the others go first, each time for longer. Once may be
/// that somebody closed QuickBooks.
const BREAKDOWN_PAUSE: SignedDuration = SignedDuration::from_mins(10);

/// What becomes of a record that was alone in so many message sets over which QuickBooks broke down, and is not there.
pub fn broken_down(record: SettledRecord, breakdowns: u64, with: &Refusal, now: Timestamp) -> SettledRecord {
    if breakdowns >= BREAKDOWNS_MAX {
        let code = format!("hresult_{}", with.hresult);
        return SettledRecord { event: Event::Refused(Cause::new(code, &with.text, &with.hresult)), ..record };
    }
    let pause = BREAKDOWN_PAUSE.saturating_mul(i32::try_from(breakdowns.saturating_sub(1)).unwrap_or(i32::MAX));
    SettledRecord {
        retry_at: Some(now.saturating_add(pause).unwrap_or(now)),
        postponed_because: Some(with.text.clone()),
        ..record
    }
}

/// So many visits may find a record in doubt before a person is asked as well.
pub const VISITS_IN_DOUBT_MAX: i64 = 2;

/// So often QuickBooks is asked about a set after a person was, and no more: the question itself may be what breaks it.
pub const LATE_ASKS_MAX: i64 = 20;

/// What a person is told of records about whose set QuickBooks was asked in vain. It goes on being asked, after everything
/// else that a visit has to do, until it answers or the person decides.
pub fn in_doubt(sent: &Sent) -> Event {
    Event::Undecidable(unanswered(sent))
}

/// What becomes of the records of a set about which QuickBooks is not asked any more.
pub fn give_up(lost: &[Sent]) -> Vec<SettledRecord> {
    lost.iter().map(|sent| sent.settled(Event::Undecidable(unknown(sent)), None)).collect()
}

/// What the look-up tells of records that are about to be added, of which the database may have forgotten that they were.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Search {
    /// What QuickBooks has, and what a person has to say, with the events that follow.
    pub found: Vec<(RecordId, Event)>,
    /// What is not there: it may be added.
    pub absent: Vec<RecordId>,
    /// Whether QuickBooks left some of it unanswered.
    pub is_partial: bool,
}

/// Reads the answer to a [`look_up`] of records that are about to be added. Nothing is added of which it does not say that
/// it is not there.
pub fn search(sought: &[Sent], answer: &MessageSetRs) -> Search {
    let evidence = Evidence::of(sought, answer);
    let mut search = Search::default();
    for sent in sought {
        match evidence.about(sent) {
            Finding::Ours(found) => search.found.push((sent.record_id, found.found_before_sending(sent))),
            Finding::Alike(stranger) => {
                search.found.push((sent.record_id, Event::Undecidable(like_before_sending(sent, stranger))));
            }
            Finding::Nothing => search.absent.push(sent.record_id),
            // Only what is to be added is looked for before it is sent.
            Finding::Stands(_) => search.absent.push(sent.record_id),
            // What no query can name was never sent either, since the same field would have refused it.
            Finding::Untold if number(sent).is_none() => search.absent.push(sent.record_id),
            Finding::Untold => search.is_partial = true,
        }
    }
    search
}

/// The numbers to ask for, in as many requests as QuickBooks answers well.
fn numbers(sought: &[Sent], kind: RecordKind) -> impl Iterator<Item = OneOrMore<Line<UNBOUNDED>>> {
    let numbers: Vec<Line<UNBOUNDED>> =
        sought.iter().filter(|sent| sent.kind == kind && sent.errand == Errand::Add).filter_map(number).collect();
    let chunks: Vec<_> = numbers.chunks(NAMES_PER_LOOK_UP_MAX).map(<[_]>::to_vec).collect();
    chunks.into_iter().filter_map(OneOrMore::new)
}

/// The documents to ask for.
fn txn_ids(sought: &[Sent], kind: RecordKind) -> impl Iterator<Item = OneOrMore<TxnId>> {
    let txn_ids: Vec<TxnId> = sought.iter().filter(|sent| sent.kind == kind).filter_map(txn_id).collect();
    let chunks: Vec<_> = txn_ids.chunks(READ_MAX).map(<[_]>::to_vec).collect();
    chunks.into_iter().filter_map(OneOrMore::new)
}

/// Whether QuickBooks has an answer to whether it is there.
fn can_be_looked_for(sent: &Sent) -> bool {
    txn_id(sent).is_some() || sent.errand == Errand::Add && number(sent).is_some()
}

/// Of what was to be changed.
fn txn_id(sent: &Sent) -> Option<TxnId> {
    TxnId::new(sent.errand.posted()?.txn_id.as_str()).ok()
}

fn number(sent: &Sent) -> Option<Line<UNBOUNDED>> {
    Line::new("RefNumber", sent.number.as_str()).ok()
}

/// What of a document tells whether it is the one that is looked for.
const FOUND_TOLD: [&str; 9] = [
    "TxnID",
    "EditSequence",
    "CustomerRef",
    "TxnDate",
    "RefNumber",
    "Subtotal",
    "SalesTaxTotal",
    "TotalAmount",
    "ExternalGUID",
];

/// All that QuickBooks told.
struct Evidence {
    found: Vec<Found>,
    /// The documents that were to be changed, as they stand, or that they are gone.
    stands: BTreeMap<RecordId, Reread>,
    /// The kinds of which everything that was asked was answered.
    told: Vec<RecordKind>,
}

/// What the evidence says of one record.
enum Finding<'a> {
    /// There, by our mark.
    Ours(&'a Found),
    /// Something like it is there, without our mark.
    Alike(&'a Found),
    Nothing,
    /// What was to be changed stands so.
    Stands(&'a Reread),
    /// QuickBooks did not say.
    Untold,
}

impl Evidence {
    fn of(sought: &[Sent], answer: &MessageSetRs) -> Self {
        let answered = |kind| {
            let is_answer = |rs: &&Rs| matches!(rs.status.code, 0 | 1 | 500) && kind_of(&rs.answer) == Some(kind);
            answer.responses.iter().filter(is_answer).count()
        };
        let asked = |kind| numbers(sought, kind).count() + txn_ids(sought, kind).count();
        let told: Vec<RecordKind> =
            RecordKind::ALL.into_iter().filter(|&kind| asked(kind) > 0 && answered(kind) == asked(kind)).collect();
        let changed = sought.iter().filter_map(|sent| {
            txn_id(sent)?;
            Some((sent.record_id, sent.kind, sent.errand.posted()?.txn_id.clone()))
        });
        let mut stands = reread(&changed.collect::<Vec<_>>(), answer);
        // That one is gone is known where everything that was asked of its kind was answered.
        let is_told = |record: &RecordId| sought.iter().any(|it| it.record_id == *record && told.contains(&it.kind));
        stands.retain(|record, stands| matches!(stands, Reread::Standing(_)) || is_told(record));
        Self { found: answer.responses.iter().flat_map(|rs| Found::in_answer(&rs.answer)).collect(), stands, told }
    }

    fn about(&self, sent: &Sent) -> Finding<'_> {
        if sent.errand != Errand::Add {
            return self.stands.get(&sent.record_id).map_or(Finding::Untold, Finding::Stands);
        }
        let bears_our_mark = |found: &&Found| found.mark.as_deref().is_some_and(|mark| sent.mark.is(mark));
        if let Some(ours) = self.found.iter().find(bears_our_mark) {
            return Finding::Ours(ours);
        }
        if !self.told.contains(&sent.kind) || number(sent).is_none() {
            return Finding::Untold;
        }
        let is_alike = |found: &&Found| found.mark.is_none() && found.has_number_of(sent) && found.is_like(sent);
        self.found.iter().find(is_alike).map_or(Finding::Nothing, Finding::Alike)
    }
}

impl Evidence {
    /// What becomes of a change, by how its document stands.
    fn change(&self, sent: &Sent, changes: &Changes, stands: &Reread) -> SettledRecord {
        let between = changes.between.get(&sent.record_id);
        match fate(sent, between, stands, &changes.tax_difference) {
            Fate::Taken => self.taken(sent, stands),
            Fate::NotTaken => sent.settled(Event::NotExecuted, None),
            Fate::Gone(cause) => sent.settled(Event::GoneThere(cause), None),
            Fate::Untold { edit_sequence, cause } => sent.settled(Event::ChangedThere { edit_sequence, cause }, None),
        }
    }

    fn taken(&self, sent: &Sent, stands: &Reread) -> SettledRecord {
        let Some(posted) = change::posted(sent, stands) else {
            return sent.settled(Event::Undecidable(unknown(sent)), None);
        };
        let is_it = |found: &&Found| found.kind == sent.kind && found.txn_id == posted.txn_id;
        match self.found.iter().find(is_it) {
            Some(found) if matches!(sent.errand, Errand::Mod(_)) => found.accepted(sent),
            Some(_) | None => sent.settled(Event::Accepted { posted, difference: None }, None),
        }
    }
}

/// The kind that a query asked for; `None` for an answer that cannot be read.
fn kind_of(answer: &Answer) -> Option<RecordKind> {
    match answer {
        Answer::InvoiceQuery(_) => Some(RecordKind::Invoice),
        Answer::ReceivePaymentQuery(_) => Some(RecordKind::Payment),
        _ => None,
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
    computed: Option<Computed>,
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
            computed: Computed::invoice(ret),
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
            computed: Computed::payment(ret),
            mark: ret.external_guid.as_ref().map(Guid::as_str).map(str::to_owned),
        }
    }

    fn accepted(&self, sent: &Sent) -> SettledRecord {
        let posted =
            Posted { txn_id: self.txn_id.clone(), edit_sequence: self.edit_sequence.clone(), revision: sent.revision };
        let (difference, warning) = self.computed.map_or((None, None), |computed| sent.compare(computed));
        SettledRecord { warning, ..sent.settled(Event::Accepted { posted, difference }, None) }
    }

    /// It may have been sent from a revision that nobody here remembers, so more than the total is compared.
    fn found_before_sending(&self, sent: &Sent) -> Event {
        let posted =
            Posted { txn_id: self.txn_id.clone(), edit_sequence: self.edit_sequence.clone(), revision: sent.revision };
        let is_same = self.has_number_of(sent) && self.is_like(sent);
        Event::FoundInQuickBooks { posted, difference: (!is_same).then(|| found_otherwise(sent, self)) }
    }

    fn has_number_of(&self, sent: &Sent) -> bool {
        self.kind == sent.kind && NameKey::of(&self.ref_number) == NameKey::of(&sent.number)
    }

    /// The same customer, day and amount; what QuickBooks did not tell does not speak against it.
    fn is_like(&self, sent: &Sent) -> bool {
        (self.customer.is_empty() || NameKey::of(&self.customer) == NameKey::of(&sent.customer))
            && self.date.is_none_or(|date| date == sent.date)
            && self.total().is_none_or(|total| total.e5() == sent.total_e5)
    }

    fn total(&self) -> Option<Amount> {
        self.computed?.total()
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
             but nothing shows that it is this one. If it is, choose \u{201c}Already in QuickBooks\u{2026}\u{201d}; if not, \
             \u{201c}Not in QuickBooks: send again\u{201d}.",
            sent.number, found.customer
        ),
        format!("TxnID {}", found.txn_id),
    )
}

fn like_before_sending(sent: &Sent, found: &Found) -> Cause {
    let noun = sent.kind.as_str();
    Cause::new(
        "unconfirmed_restored",
        format!(
            "A backup was restored, so this {noun} was looked for before it is sent. QuickBooks has a {noun} {} of {} with \
             the same customer, date and amount, but nothing shows that it is this one. If it is, choose \u{201c}Already in \
             QuickBooks\u{2026}\u{201d}; if not, \u{201c}Not in QuickBooks: send again\u{201d}.",
            sent.number, found.customer
        ),
        format!("TxnID {}", found.txn_id),
    )
}

fn found_otherwise(sent: &Sent, found: &Found) -> Cause {
    let noun = sent.kind.as_str();
    let of = |number: &str, customer: &str, date: String, total: Option<Amount>| {
        let total = total.map_or_else(|| "an unknown amount".to_owned(), |total| total.to_string());
        format!("{number} of {date} for {customer}, {total}")
    };
    let theirs_date = found.date.map_or_else(|| "an unknown day".to_owned(), |date| date.to_string());
    let theirs = of(&found.ref_number, &found.customer, theirs_date, found.total());
    let ours = of(&sent.number, &sent.customer, sent.date.to_string(), Amount::from_e5(sent.total_e5).ok());
    Cause::new(
        "found_otherwise",
        format!(
            "A backup was restored, and QuickBooks already has this {noun}, sent in the time that was lost, but not as your \
             application says now. Nothing was sent again. Correct it on the side that is wrong, or keep QuickBooks\u{2019} \
             version."
        ),
        format!("{ours} here; {theirs} in QuickBooks"),
    )
}

/// For records that were on their way to books which the company is not bound to any more.
pub fn books_changed(old_name: &str) -> Cause {
    Cause::new(
        "unconfirmed_in_old_books",
        format!(
            "This was on its way to the books of {old_name} when the company was bound to other books, which cannot tell \
             whether it arrived. Look in the old books. If it is there, choose \u{201c}Already in QuickBooks\u{2026}\u{201d}; if not, \
             \u{201c}Not in QuickBooks: send again\u{201d}, and it goes into the new ones."
        ),
        "",
    )
}

fn unanswered(sent: &Sent) -> Cause {
    let asked =
        format!("The answer of QuickBooks got lost, and {VISITS_IN_DOUBT_MAX} visits have asked for it in vain");
    let text = format!("{asked}. The next ones ask again. If you do not want to wait, {}", look_yourself(sent));
    Cause::new("unconfirmed_unanswered", text, "")
}

fn unknown(sent: &Sent) -> Cause {
    let noun = sent.kind.as_str();
    let what = match &sent.errand {
        Errand::Add => format!("has this {noun}"),
        Errand::Mod(_) => format!("took the change of this {noun}"),
        Errand::Void(_) => format!("voided this {noun}"),
    };
    let text = format!(
        "The answer of QuickBooks got lost, and QuickBooks could not tell whether it {what}. Please {}",
        look_yourself(sent)
    );
    Cause::new("unconfirmed", text, "")
}

/// What a person does whom QuickBooks could not answer for.
fn look_yourself(sent: &Sent) -> String {
    let (noun, number) = (sent.kind.as_str(), &sent.number);
    let (what, is_there) = match &sent.errand {
        Errand::Add => (format!("look for {noun} {number} in QuickBooks"), "it is there"),
        Errand::Mod(_) => (format!("look at {noun} {number} in QuickBooks"), "it shows the change"),
        Errand::Void(_) => (format!("look at {noun} {number} in QuickBooks"), "it is voided or gone"),
    };
    format!(
        "{what}. If {is_there}, choose \u{201c}Already in QuickBooks\u{2026}\u{201d}; if not, \u{201c}Not in QuickBooks: \
         send again\u{201d}."
    )
}
