//! The planner: what to ask of QuickBooks next.
//!
//! From the records that are ready and what is known of the lists comes one message set: [`look_up`], as long as a name is
//! unknown; else [`write()`]: the entries that are missing and may be created, followed by the records that need them, each in
//! one request, `continueOnError`, so that one bad record holds nobody up. A set never depends on its own answers: a
//! payment leaves when its invoices have their TxnIDs.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_qbxml::message_set::{MessageSetId, MessageSetRq, OnError, Request, RequestId, Rq};
use bookferry_qbxml::value::{Amount, transliterate};
use serde::{Deserialize, Serialize};

use crate::cause::{Cause, NameTrouble};
use crate::change::Basis;
use crate::company::{Books, Settings};
use crate::created_items;
use crate::facts::ItemKind;
use crate::id::RecordId;
use crate::line_item;
use crate::list::{ListEntry, ListKind, NameKey};
use crate::mapping::MappedNames;
use crate::mark::Mark;
use crate::need::{Need, needs, needs_to_know_of_all, quickbooks_name};
use crate::preflight::{Finding, PreflightContext, Severity, preflight};
use crate::record::{Content, DEFAULT_CURRENCY, Invoice, RecordKind};
use crate::request::{self, Names};
use crate::sales_tax::{self, Entries};
use crate::submission::Errand;

/// How many names one look-up asks for. QuickBooks answers each with a whole entry.
pub const NAMES_PER_LOOK_UP_MAX: usize = 200;
/// How many names one message set looks up.
pub const NAMES_PER_SET_MAX: usize = 1000;

/// A record that is released and waits for nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub record_id: RecordId,
    pub mark: Mark,
    pub revision: i64,
    pub errand: Errand,
    /// With its mappings applied: it names what QuickBooks names.
    pub content: Content,
    pub mapped: MappedNames,
    /// The TxnIDs of the invoices a payment goes to, in the order of its `applied_to`.
    pub applied_txn_ids: Vec<String>,
    /// For a change: what it is worked out from, once this visit has read it.
    pub basis: Option<Basis>,
}

/// What is known of a name in this visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knowledge {
    Present(ListEntry),
    /// It was looked for in this visit and was not there. What an earlier visit did not find counts for nothing, since a
    /// person may have made it since.
    Absent,
    /// Absent as well, but QuickBooks had it once: somebody renamed, merged or deleted it there. Nobody has said since that it
    /// be created anew.
    Gone {
        /// Where it was only renamed.
        now_called: Option<String>,
    },
}

impl Knowledge {
    pub const fn entry(&self) -> Option<&ListEntry> {
        match self {
            Self::Present(entry) => Some(entry),
            Self::Absent | Self::Gone { .. } => None,
        }
    }

    pub const fn entry_mut(&mut self) -> Option<&mut ListEntry> {
        match self {
            Self::Present(entry) => Some(entry),
            Self::Absent | Self::Gone { .. } => None,
        }
    }
}

pub type Known = BTreeMap<(ListKind, NameKey), Knowledge>;

impl Entries for Known {
    fn knowledge(&self, key: &(ListKind, NameKey)) -> Option<&Knowledge> {
        self.get(key)
    }
}

/// Why a request stands in a message set: how its answer is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    LookUp { list: ListKind, full_names: Vec<String> },
    Create { list: ListKind, full_name: String },
    Record { sent: Sent, creates: Vec<usize> },
}

impl Purpose {
    /// The record that it sends, if it does.
    pub const fn sent(&self) -> Option<&Sent> {
        match self {
            Self::Record { sent, .. } => Some(sent),
            Self::LookUp { .. } | Self::Create { .. } => None,
        }
    }
}

/// A record as it was sent: enough to know it again in an answer, or in QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    pub record_id: RecordId,
    pub mark: Mark,
    pub kind: RecordKind,
    pub revision: i64,
    pub errand: Errand,
    /// Of what was not to be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Box<SentChange>>,
    /// As QuickBooks has it, like the customer's name.
    pub number: String,
    pub customer: String,
    pub date: jiff::civil::Date,
    pub total_e5: i64,
    /// How much of the total is sales tax, which QuickBooks computes itself.
    #[serde(default)]
    pub sales_tax_e5: i64,
    /// By how much its tax may be another for the record to count as submitted, by the company's rule when it was sent.
    #[serde(default)]
    pub accepted_e5: i64,
}

/// What tells later whether QuickBooks took a change, a void or a deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentChange {
    /// Of the document that it was worked out from.
    pub edit_sequence: String,
    /// Whether the document was to be voided by being deleted.
    pub is_deletion: bool,
    /// What a payment is to pay, by the TxnIDs of invoices, in hundred-thousandths.
    pub pays: Vec<(String, i64)>,
}

/// A message set ready to be written down and sent. `purposes` go with its requests, one to one.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedSet {
    /// Under which we keep it, and QuickBooks too if it writes.
    pub id: MessageSetId,
    pub message_set: MessageSetRq,
    pub purposes: Vec<Purpose>,
}

/// What the planner made of the records it was given.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Planning {
    /// `None` when there is nothing to send: every record was refused, or there was none.
    pub set: Option<PlannedSet>,
    /// Records that QuickBooks would refuse, found before they are sent.
    pub refused: Vec<(RecordId, Cause)>,
}

/// The names to look up before `candidates` can be planned, in the order they occur.
pub fn unknown_needs(candidates: &[Candidate], known: &Known, settings: &Settings, books: &Books) -> Vec<Need> {
    let mut needs = needs_to_know_of_all(candidates.iter().map(|candidate| &candidate.content), settings, books);
    needs.retain(|need| !known.contains_key(need.as_key()));
    needs
}

/// Plans the look-up of `unknown`, of which one set takes the first [`NAMES_PER_SET_MAX`].
pub fn look_up(unknown: &[Need], id: MessageSetId) -> PlannedSet {
    let unknown = unknown.get(..NAMES_PER_SET_MAX).unwrap_or(unknown);
    let mut requests = Vec::new();
    let mut purposes = Vec::new();
    for list in ListKind::ALL {
        let names: Vec<&Need> = unknown.iter().filter(|need| need.list == list).collect();
        for chunk in names.chunks(NAMES_PER_LOOK_UP_MAX) {
            let full_names: Vec<String> = chunk.iter().map(|need| need.full_name.clone()).collect();
            requests.push(request::look_up(list, &full_names));
            purposes.push(Purpose::LookUp { list, full_names });
        }
    }
    let message_set = MessageSetRq { new_message_set_id: None, ..message_set(id.clone(), None, requests) };
    PlannedSet { id, message_set, purposes }
}

/// Plans the set that writes `candidates`, which stand in the order they are to cross and need nothing unknown.
///
/// It ends with the candidate at which it would hold more than `requests_max` requests, or after the first: what is left
/// over goes into a later set. `settled` is a set whose answer is safely kept: QuickBooks may forget it.
pub fn write(
    candidates: &[Candidate],
    requests_max: usize,
    known: &Known,
    settings: &Settings,
    books: &Books,
    id: MessageSetId,
    settled: Option<MessageSetId>,
) -> Planning {
    let mut draft =
        Draft { known, settings, books, requests: Vec::new(), purposes: Vec::new(), created: BTreeMap::new() };
    let mut refused = Vec::new();
    for candidate in candidates {
        let before = draft.requests.len();
        if let Err(cause) = draft.add(candidate) {
            refused.push((candidate.record_id, cause));
        } else if before > 0 && draft.requests.len() > requests_max {
            draft.cut_back(before);
            break;
        }
    }
    Planning { set: draft.finish(id, settled), refused }
}

/// A write set in the making.
struct Draft<'a> {
    known: &'a Known,
    settings: &'a Settings,
    books: &'a Books,
    requests: Vec<Request>,
    purposes: Vec<Purpose>,
    created: Created,
}

/// The entries that a set creates.
pub type Created = BTreeMap<(ListKind, NameKey), Creation>;

/// An entry that a set creates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Creation {
    /// The place of the request that does it.
    pub request: usize,
    /// Of an item.
    pub kind: Option<ItemKind>,
}

impl Draft<'_> {
    /// Adds what the record needs and the record itself; on refusal nothing of it stays.
    fn add(&mut self, candidate: &Candidate) -> Result<(), Cause> {
        let length_before = self.requests.len();
        let result = self.try_add(candidate);
        if result.is_err() {
            self.cut_back(length_before);
        }
        result
    }

    fn cut_back(&mut self, length: usize) {
        self.requests.truncate(length);
        self.purposes.truncate(length);
        self.created.retain(|_, creation| creation.request < length);
    }

    fn try_add(&mut self, candidate: &Candidate) -> Result<(), Cause> {
        self.check(candidate)?;
        let adjusted = self.adjusted(candidate)?;
        let candidate = adjusted.as_ref().unwrap_or(candidate);
        let mut creates = Vec::new();
        let needs = self.needs_of(candidate);
        let accounts = self.accounts_of_missing_items(&needs, &candidate.content);
        for need in &needs {
            // The accounts that items post to are only wanted where an item has to be created.
            let is_of_items = need.list == ListKind::Account && candidate.content.kind() == RecordKind::Invoice;
            if is_of_items && !accounts.contains(need.as_key()) {
                continue;
            }
            creates.extend(self.provide(need, candidate)?);
        }
        let names = Names { known: self.known, created: &self.created };
        if candidate.errand == Errand::Add {
            check_lines(&candidate.content, &names)?;
        }
        let request = request::record(candidate, &names, self.books, self.settings.voids)?;
        self.requests.push(request);
        self.purposes.push(Purpose::Record { sent: Sent::of(candidate, self.settings), creates });
        Ok(())
    }

    /// What the candidate names and QuickBooks has to have. A void names nothing, and a change leaves alone what both revisions
    /// name, whatever became of it there; without a change of the application's, all of it is written once more.
    fn needs_of(&self, candidate: &Candidate) -> Vec<Need> {
        let needs = |content| needs(content, self.settings, self.books);
        match (&candidate.errand, &candidate.basis) {
            (Errand::Void(_), _) => Vec::new(),
            (Errand::Mod(_), Some(basis)) if basis.sent != candidate.content => {
                let before = needs(&basis.sent);
                let before: BTreeSet<&(ListKind, NameKey)> = before.iter().map(Need::as_key).collect();
                needs(&candidate.content).into_iter().filter(|need| !before.contains(need.as_key())).collect()
            }
            (Errand::Mod(_) | Errand::Add, _) => needs(&candidate.content),
        }
    }

    /// What preflight knows QuickBooks would refuse is not sent. A customer's telephone number and address only go across
    /// where the customer is created, and that request checks them itself.
    fn check(&self, candidate: &Candidate) -> Result<(), Cause> {
        let context = PreflightContext {
            settings: self.settings,
            books: Some(self.books),
            home_currency: DEFAULT_CURRENCY,
            mapped: None,
            around: None,
        };
        let is_sent = |finding: &Finding| !["/customer/phone", "/customer/email"].contains(&finding.field.as_str());
        let refused = |finding: &Finding| finding.severity == Severity::WillBeRefused;
        match preflight(&candidate.content, &context).into_iter().find(|it| refused(it) && is_sent(it)) {
            Some(finding) if candidate.errand == Errand::Add => Err(finding.cause()),
            Some(_) | None => Ok(()),
        }
    }

    /// The candidate with a line that makes up for the difference in the sales tax, where the company has it so.
    fn adjusted(&self, candidate: &Candidate) -> Result<Option<Candidate>, Cause> {
        let (Content::Invoice(now), Errand::Add | Errand::Mod(_)) = (&candidate.content, &candidate.errand) else {
            return Ok(None);
        };
        let content = self.adjusted_invoice(now)?.map(Content::Invoice);
        // What QuickBooks has was adjusted when it was sent.
        let sent = match &candidate.basis {
            Some(Basis { sent: Content::Invoice(before), .. }) => self.adjusted_invoice(before).ok().flatten(),
            Some(_) | None => None,
        };
        if content.is_none() && sent.is_none() {
            return Ok(None);
        }
        let mut adjusted = candidate.clone();
        if let Some(content) = content {
            adjusted.content = content;
        }
        if let (Some(basis), Some(sent)) = (&mut adjusted.basis, sent) {
            basis.sent = Content::Invoice(sent);
        }
        Ok(Some(adjusted))
    }

    fn adjusted_invoice(&self, invoice: &Invoice) -> Result<Option<Invoice>, Cause> {
        match sales_tax::foretell(invoice, self.known, self.books) {
            Some(foretold) => sales_tax::adjusted(invoice, &foretold, self.known, self.settings),
            None => Ok(None),
        }
    }

    /// Sees to it that what is needed is there when the record's turn comes; the request that creates it, if one does.
    fn provide(&mut self, need: &Need, candidate: &Candidate) -> Result<Option<usize>, Cause> {
        let key = need.as_key();
        if let Some(creation) = self.created.get(key) {
            return Ok(Some(creation.request));
        }
        let known = self.known.get(key);
        match known.and_then(Knowledge::entry) {
            Some(entry) if entry.is_active => return Ok(None),
            Some(entry) => return Err(inactive(need, entry, &candidate.mapped)),
            None => {}
        }
        // Nothing is created for a name that stands for an entry which a person chose.
        if let Some(name) = candidate.mapped.applications_name(need) {
            return Err(mapping_gone(need, name));
        }
        if let Some(Knowledge::Gone { now_called }) = known {
            return Err(gone(need, now_called.as_deref()));
        }
        // What the payment goes to has a customer in QuickBooks, and no payment of another pays it.
        let is_payer = need.list == ListKind::Customer && !candidate.applied_txn_ids.is_empty();
        if is_payer && !self.settings.wanted.contains(key) {
            return Err(missing_payer(need));
        }
        let is_deposited_to = need.list == ListKind::Account && candidate.content.kind() == RecordKind::Payment;
        if is_deposited_to || !self.settings.may_create_entry(key) {
            return Err(missing(need));
        }
        let kind = (need.list == ListKind::Item).then(|| self.kind_of_missing(need, &candidate.content));
        let request = self.requests.len();
        self.requests.push(request::create(need, kind, candidate, self.settings)?);
        self.purposes.push(Purpose::Create { list: need.list, full_name: need.full_name.clone() });
        self.created.insert(need.key(), Creation { request, kind });
        Ok(Some(request))
    }

    /// The accounts that have to be there before the record's missing items are created, and what they stand below.
    fn accounts_of_missing_items(&self, needs: &[Need], content: &Content) -> BTreeSet<(ListKind, NameKey)> {
        let is_missing = |need: &&Need| {
            need.list == ListKind::Item
                && self.known.get(need.as_key()).is_some_and(|known| known.entry().is_none())
                && !self.created.contains_key(need.as_key())
        };
        let accounts = needs.iter().filter(is_missing).flat_map(|item| {
            created_items::accounts(item, self.kind_of_missing(item, content), content.lines(), self.settings)
        });
        accounts
            .flat_map(|account| std::iter::successors(Some(Need::new(ListKind::Account, account)), Need::parent))
            .map(|account| account.key())
            .collect()
    }

    /// What stands below another item is of that one's kind; else the company's rules say.
    fn kind_of_missing(&self, item: &Need, content: &Content) -> ItemKind {
        let parent = item.parent().and_then(|parent| {
            let key = parent.as_key();
            match (self.created.get(key), self.known.get(key).and_then(Knowledge::entry)) {
                (Some(creation), _) => creation.kind,
                (None, Some(entry)) => entry.facts.kind.and_then(created_items::below),
                (None, None) => Some(self.kind_of_missing(&parent, content)),
            }
        });
        parent.unwrap_or_else(|| created_items::kind_by_rule(item, content.lines(), self.settings))
    }

    fn finish(self, id: MessageSetId, settled: Option<MessageSetId>) -> Option<PlannedSet> {
        if self.requests.is_empty() {
            return None;
        }
        let message_set = message_set(id.clone(), settled, self.requests);
        Some(PlannedSet { id, message_set, purposes: self.purposes })
    }
}

impl Sent {
    pub fn of(candidate: &Candidate, settings: &Settings) -> Self {
        let content = &candidate.content;
        let sales_tax = match content {
            Content::Invoice(invoice) => invoice.sales_tax.as_ref().map_or(Amount::ZERO, |tax| tax.amount),
            Content::Payment(_) => Amount::ZERO,
        };
        Self {
            record_id: candidate.record_id,
            mark: candidate.mark,
            kind: content.kind(),
            revision: candidate.revision,
            errand: candidate.errand.clone(),
            change: SentChange::of(candidate, settings).map(Box::new),
            number: transliterate(content.number()).text.trim().to_owned(),
            customer: quickbooks_name(&content.customer().name),
            date: content.date(),
            total_e5: content.amount().e5(),
            sales_tax_e5: sales_tax.e5(),
            accepted_e5: settings.tax_difference.accepted_e5(),
        }
    }
}

impl SentChange {
    fn of(candidate: &Candidate, settings: &Settings) -> Option<Self> {
        let known = &candidate.errand.posted()?.edit_sequence;
        let content = &candidate.content;
        let amounts = content.applied_to().iter().map(|part| part.amount.e5());
        Some(Self {
            edit_sequence: candidate.basis.as_ref().map_or(known, |basis| &basis.standing.edit_sequence).clone(),
            is_deletion: request::is_deletion(&candidate.errand, content.kind(), settings.voids),
            pays: candidate.applied_txn_ids.iter().cloned().zip(amounts).collect(),
        })
    }
}

/// A message set whose requests are numbered, each tried whatever became of those before it.
pub fn message_set(id: MessageSetId, settled: Option<MessageSetId>, requests: Vec<Request>) -> MessageSetRq {
    let requests =
        requests.into_iter().enumerate().map(|(index, request)| Rq::new(request_id(&id, index), request)).collect();
    MessageSetRq { on_error: OnError::Continue, new_message_set_id: Some(id), old_message_set_id: settled, requests }
}

/// Unique over all message sets, so that an answer that comes late is never taken for another's.
pub fn request_id(id: &MessageSetId, index: usize) -> RequestId {
    RequestId::new(format!("{id}.{index}")).unwrap_or_else(|_| RequestId::none())
}

/// What the kinds of the items make of the lines: those of them that this set creates are known only now.
fn check_lines(content: &Content, names: &Names<'_>) -> Result<(), Cause> {
    let Content::Invoice(invoice) = content else { return Ok(()) };
    for line in &invoice.lines {
        let kind = line.item.as_deref().and_then(|item| names.item_kind(item));
        if let Some(Err(unfit)) = kind.map(|kind| line_item::check(line, kind)) {
            return Err(Cause::new(unfit.code, unfit.text, line.item.clone().unwrap_or_default()));
        }
    }
    Ok(())
}

fn missing(need: &Need) -> Cause {
    let noun = need.list.noun();
    Cause::new(
        NameTrouble::Missing.code(need.list),
        format!(
            "QuickBooks has no {noun} named \u{201c}{}\u{201d}, and this company does not let Bookferry create one. \
             Nothing was written. Create the {noun} in QuickBooks, or say under Lists, Mappings which one it \
             stands for; then press Retry.",
            need.full_name
        ),
        need.full_name.clone(),
    )
}

fn gone(need: &Need, now_called: Option<&str>) -> Cause {
    Cause::new(
        NameTrouble::Missing.code(need.list),
        gone_words(need.list, &need.full_name, now_called),
        need.full_name.clone(),
    )
}

/// Says that QuickBooks had a name and has it no more, and what to do.
pub(crate) fn gone_words(list: ListKind, name: &str, now_called: Option<&str>) -> String {
    let noun = list.noun();
    match now_called {
        Some(now_called) => format!(
            "What QuickBooks had as the {noun} \u{201c}{name}\u{201d} is called \u{201c}{now_called}\u{201d} there now. Nothing was \
             written, and nothing was created under the old name. Say under Lists, Mappings that \u{201c}{name}\u{201d} stands for \
             it, or have it created anew; then press Retry."
        ),
        None => format!(
            "QuickBooks had the {noun} \u{201c}{name}\u{201d} and has it no more: somebody merged it with another, deleted it, or \
             went back to an older company file. Nothing was written, and nothing was created anew. Say under Lists, Mappings \
             which {noun} it is now, or have it created; then press Retry."
        ),
    }
}

fn missing_payer(need: &Need) -> Cause {
    Cause::new(
        NameTrouble::Missing.code(need.list),
        format!(
            "QuickBooks has no customer named \u{201c}{}\u{201d}, though it has the invoice that this payment goes to: somebody \
             renamed the customer there, merged it with another, or deleted it. Nothing was written. Say under Lists, \
             Mappings which customer it is now; then press Retry.",
            need.full_name
        ),
        need.full_name.clone(),
    )
}

fn mapping_gone(need: &Need, applications_name: &str) -> Cause {
    let noun = need.list.noun();
    Cause::new(
        NameTrouble::MappingGone.code(need.list),
        format!(
            "\u{201c}{applications_name}\u{201d} is mapped to the {noun} \u{201c}{}\u{201d}, which QuickBooks does not have any \
             more. Nothing was written. Choose another one under Lists, Mappings, then press Retry.",
            need.full_name
        ),
        need.full_name.clone(),
    )
}

/// Says that a name of the application's leads to an entry that cannot be used, and what to do.
pub(crate) fn mapping_inactive(name: &str, entry: &ListEntry) -> String {
    let (noun, is, another) = (entry.list.noun(), entry.list.is(), entry.list.another());
    format!(
        "A mapping says that \u{201c}{name}\u{201d} stands for the {noun} \u{201c}{entry}\u{201d}, which {is} inactive in QuickBooks, \
         so nothing can be written for it. Choose {another} for \u{201c}{name}\u{201d}, or make \u{201c}{entry}\u{201d} active in \
         QuickBooks and press Retry.",
        entry = entry.full_name
    )
}

fn inactive(need: &Need, entry: &ListEntry, mapped: &MappedNames) -> Cause {
    let (noun, is) = (need.list.noun(), need.list.is());
    if let Some(name) = mapped.applications_name(need) {
        return Cause::new(NameTrouble::MappingInactive.code(need.list), mapping_inactive(name, entry), name);
    }
    Cause::new(
        NameTrouble::Inactive.code(need.list),
        format!(
            "The {noun} \u{201c}{}\u{201d} {is} inactive in QuickBooks, so nothing can be written for it. Make the {noun} \
             active there, then press Retry.",
            entry.full_name
        ),
        need.full_name.clone(),
    )
}
