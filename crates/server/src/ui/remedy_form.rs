//! What a person filled in on the page of a button, and what is done with it.

use std::collections::{BTreeMap, BTreeSet};

use bookferry_store::{ChosenEntry, Mending, RecordContent, Teaching, Unmappable};
use bookferry_sync::cause::{Remedy, named};
use bookferry_sync::correction::{Correction, Field, Uncorrectable, corrected, fields};
use bookferry_sync::id::RecordId;
use bookferry_sync::list::ListKind;
use bookferry_sync::look::Place;
use bookferry_sync::record::Content;
use bookferry_sync::request::uncreatable;
use bookferry_sync::submission::{Attention, Event, State};
use jiff::civil::Date;

use super::care::Care;
use super::desk::Desk;
use super::form::Form;
use super::mappings::named_list;
use super::mend::{Picked, event, mend_each};
use super::page_error::PageError;
use crate::App;

/// What stands behind a customer's name if a person says nothing else.
pub(super) const SUFFIX: &str = "(customer)";

/// What the form says.
pub(super) enum Filled {
    Ready(Choice),
    /// Why nothing is done, in the order of the form.
    Faulty(Vec<String>),
}

/// What is to be done with every record that is picked.
pub(super) enum Choice {
    Move(Remedy, Event),
    /// The same to all of them.
    Correct(Remedy, Correction),
    /// What one record is to say, if it is still the one that was shown.
    Write {
        texts: Vec<(String, String)>,
        version: i64,
    },
    /// Names that are to stand for entries, and the records that go then.
    Link(Vec<bookferry_store::Choice>),
    /// Entries that are to be created, and the records that go then.
    Create(Vec<(ListKind, String)>),
    /// The next visit looks for the records by this TxnID or number, or each by its own number.
    Seek(Option<(Place, String)>),
    Care(Care),
    /// What is open of the invoices that payments go to, by the payment.
    Apply(BTreeMap<RecordId, BTreeMap<String, i64>>),
}

impl Filled {
    pub(super) async fn read(
        app: &App,
        desk: &Desk,
        form: &Form,
        remedy: Remedy,
        picked: &Picked,
    ) -> Result<Self, PageError> {
        let fault = |text: &str| Ok(Self::Faulty(vec![text.to_owned()]));
        Ok(Self::Ready(match remedy {
            Remedy::Shorten if form.get("texts").is_none() => Choice::Correct(remedy, Correction::Shorten),
            Remedy::Shorten | Remedy::Correct => return Self::written(app, desk, form, picked).await,
            Remedy::Rename => match form.get("suffix").map(str::trim) {
                Some("") => return fault("Say what is to stand behind the name."),
                suffix => Choice::Correct(remedy, Correction::Suffix(suffix.unwrap_or(SUFFIX).to_owned())),
            },
            Remedy::Redate => match form.get("date").unwrap_or_default().parse::<Date>() {
                Ok(date) => Choice::Correct(remedy, Correction::Redate(date)),
                Err(_) => return fault("Choose a date."),
            },
            Remedy::ApplyOpen => Choice::Apply(open_balances(app, desk, picked).await?),
            Remedy::Link | Remedy::Relink => match links(form) {
                links if links.is_empty() => return fault("Choose what a name stands for."),
                links => Choice::Link(links),
            },
            Remedy::Create => {
                let names: Vec<_> = names_picked(app, desk, picked).await?.into_iter().collect();
                let faults: Vec<String> = names.iter().filter_map(|(list, name)| uncreatable(*list, name)).collect();
                if !faults.is_empty() {
                    return Ok(Self::Faulty(faults));
                }
                Choice::Create(names)
            }
            Remedy::AlreadyInQuickBooks => Choice::Seek(place(form)),
            Remedy::Snooze | Remedy::Assign | Remedy::Comment => match Care::read(remedy, form, app.clock().now()) {
                Some(care) => Choice::Care(care),
                None => return fault("Fill it in first."),
            },
            Remedy::Retry
            | Remedy::Resend
            | Remedy::SendChange
            | Remedy::KeepQuickBooks
            | Remedy::NotInQuickBooks
            | Remedy::Exclude => Choice::Move(remedy, event(remedy).ok_or(PageError::Unreadable)?),
        }))
    }

    /// The texts of one record, held to what can be handed over.
    async fn written(app: &App, desk: &Desk, form: &Form, picked: &Picked) -> Result<Self, PageError> {
        let slice = picked.slice(app, desk, 0).await?;
        let [record] = slice.as_slice() else {
            return Ok(Self::Faulty(vec!["Records are corrected one at a time.".to_owned()]));
        };
        let version = form.get("version").and_then(|version| version.parse().ok()).ok_or(PageError::Unreadable)?;
        let known = fields(&record.content);
        let written = |field: &Field| Some((field.pointer.clone(), form.get(&field.pointer)?.to_owned()));
        let is_changed =
            |field: &&Field| form.get(&field.pointer).is_some_and(|text| words(text) != words(&field.text));
        let texts: Vec<(String, String)> = known.iter().filter(is_changed).filter_map(written).collect();
        match corrected(&record.content, &Correction::Fields(texts.clone())) {
            Ok(_) => Ok(Self::Ready(Choice::Write { texts, version })),
            Err(Uncorrectable::NothingToDo) => Ok(Self::Faulty(vec!["Nothing was changed.".to_owned()])),
            Err(Uncorrectable::Faulty(faults)) => {
                let label = |pointer: &str| {
                    let field = known.iter().find(|field| field.pointer == pointer);
                    field.map_or_else(|| pointer.to_owned(), |field| field.label.clone())
                };
                Ok(Self::Faulty(faults.iter().map(|it| format!("{}: {}", label(&it.pointer), it.message)).collect()))
            }
        }
    }
}

impl Choice {
    /// What becomes of a record's content; `None` where it stays, or where this cannot be done to it.
    pub(super) fn content(&self, record: &RecordContent) -> Option<Content> {
        let correction = match self {
            Self::Move(..) | Self::Link(_) | Self::Create(_) | Self::Seek(_) | Self::Care(_) => return None,
            Self::Correct(_, correction) => correction.clone(),
            Self::Write { texts, .. } => Correction::Fields(texts.clone()),
            Self::Apply(open) => Correction::UpToOpen(open.get(&record.line.id)?.clone()),
        };
        corrected(&record.content, &correction).ok()
    }

    /// Does it; returns to how many, and how many were left as they are.
    pub(super) async fn carry_out(
        &self,
        app: &App,
        desk: &Desk,
        picked: &Picked,
    ) -> Result<Result<(u64, u64), Vec<String>>, PageError> {
        let teaching = match self {
            Self::Seek(place) => return seek(app, desk, picked, place.as_ref()).await.map(Ok),
            Self::Care(care) => return care.carry_out(app, desk, picked).await.map(Ok),
            Self::Link(choices) => Some(Teaching::Mapped(choices)),
            Self::Create(names) => Some(Teaching::Wanted(names)),
            Self::Move(..) | Self::Correct(..) | Self::Write { .. } | Self::Apply(_) => None,
        };
        let mended = mend_each(app, desk, self.remedy(), picked, teaching, |record| self.mending(record)).await?;
        let choice = |place| if let Self::Link(choices) = self { choices.get(place) } else { None };
        Ok(mended.map_err(|refused| refused.into_iter().map(|(place, why)| unmappable(choice(place), why)).collect()))
    }

    fn remedy(&self) -> Remedy {
        match self {
            Self::Move(remedy, _) | Self::Correct(remedy, _) => *remedy,
            Self::Write { .. } => Remedy::Correct,
            Self::Apply(_) => Remedy::ApplyOpen,
            Self::Link(_) => Remedy::Link,
            Self::Create(_) => Remedy::Create,
            Self::Seek(_) => Remedy::AlreadyInQuickBooks,
            Self::Care(care) => care.remedy(),
        }
    }

    fn mending(&self, record: &RecordContent) -> Option<Mending> {
        let (id, newest) = (record.line.id, record.line.version);
        let event = match self {
            Self::Move(_, event) => Some(event.clone()),
            Self::Link(_) | Self::Create(_) => Some(Event::Retry),
            Self::Correct(..) | Self::Write { .. } | Self::Apply(_) | Self::Seek(_) | Self::Care(_) => None,
        };
        if let Some(event) = event {
            return Some(Mending { id, version: newest, event, content: None });
        }
        let version = if let Self::Write { version, .. } = self { *version } else { newest };
        let content = Some(self.content(record).filter(|_| !record.voided)?);
        Some(Mending { id, version, event: Event::Corrected, content })
    }
}

/// What the rows of the form say: the entry chosen, or its name in QuickBooks as a person wrote it.
fn links(form: &Form) -> Vec<bookferry_store::Choice> {
    let rows = form.all("list").zip(form.all("name")).zip(form.all("entry").zip(form.all("other")));
    let choice = |((list, name), (entry, other)): ((&str, &str), (&str, &str))| {
        let entry = match (other.trim(), entry) {
            ("", "") => return None,
            ("", list_id) => ChosenEntry::ListId(list_id.to_owned()),
            (full_name, _) => ChosenEntry::FullName(full_name.to_owned()),
        };
        Some(bookferry_store::Choice { list: named_list(list)?, name: name.to_owned(), entry })
    };
    rows.filter_map(choice).collect()
}

fn unmappable(choice: Option<&bookferry_store::Choice>, why: Unmappable) -> String {
    let name = choice.map(|choice| choice.name.as_str()).unwrap_or_default();
    let noun = choice.map_or("entry", |choice| choice.list.noun());
    match why {
        Unmappable::NotThere => {
            format!("QuickBooks has no {noun} by the name that you gave for \u{201c}{name}\u{201d}.")
        }
        Unmappable::Inactive => {
            format!("The {noun} that you chose for \u{201c}{name}\u{201d} is inactive in QuickBooks.")
        }
    }
}

/// The names that the causes of these records are about, each once.
pub(super) async fn names_picked(
    app: &App,
    desk: &Desk,
    picked: &Picked,
) -> Result<BTreeSet<(ListKind, String)>, PageError> {
    let mut names = BTreeSet::new();
    let mut after_seq = 0;
    loop {
        let slice = picked.slice(app, desk, after_seq).await?;
        let Some(last) = slice.last() else { return Ok(names) };
        after_seq = last.line.seq;
        for record in &slice {
            if let State::NeedsAttention(Attention::Error { cause, .. }) = &record.line.state {
                names.extend(named(cause, &record.content));
            }
        }
    }
}

/// A TxnID has a hyphen between what looks like two numbers; everything else is a document's number.
fn place(form: &Form) -> Option<(Place, String)> {
    let text = form.get("place").map(str::trim).filter(|text| !text.is_empty())?;
    let is_txn_id = text.split_once('-').is_some_and(|(before, after)| {
        let is_hexadecimal = |part: &str| !part.is_empty() && part.chars().all(|digit| digit.is_ascii_hexdigit());
        is_hexadecimal(before) && after.len() >= 9 && after.chars().all(|digit| digit.is_ascii_digit())
    });
    Some((if is_txn_id { Place::TxnId } else { Place::Number }, text.to_owned()))
}

/// Has the records looked for; without a place each by its own number.
async fn seek(
    app: &App,
    desk: &Desk,
    picked: &Picked,
    place: Option<&(Place, String)>,
) -> Result<(u64, u64), PageError> {
    let (mut sought, mut seen, mut after_seq) = (0, 0, 0);
    loop {
        let slice = picked.slice(app, desk, after_seq).await?;
        let Some(last) = slice.last() else { return Ok((sought, seen - sought)) };
        after_seq = last.line.seq;
        seen += u64::try_from(slice.len()).unwrap_or(u64::MAX);
        let (kind, text) = place.map_or((Place::Number, None), |(kind, text)| (*kind, Some(text)));
        let of = |record: &RecordContent| (record.line.id, text.cloned().unwrap_or_else(|| record.line.number.clone()));
        let records: Vec<(RecordId, String)> = slice.iter().map(of).collect();
        sought += app.store().seek(desk.company_id(), kind, &records, &desk.actor(), app.clock().now()).await?;
    }
}

/// A browser sends a text with its own line breaks.
fn words(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// What is open of the invoices that these payments go to, as far as it is known and less than what they bring.
async fn open_balances(
    app: &App,
    desk: &Desk,
    picked: &Picked,
) -> Result<BTreeMap<RecordId, BTreeMap<String, i64>>, PageError> {
    let mut open = BTreeMap::new();
    let mut after_seq = 0;
    loop {
        let slice = picked.slice(app, desk, after_seq).await?;
        let Some(last) = slice.last() else { return Ok(open) };
        after_seq = last.line.seq;
        let given: Vec<(&str, &Content)> =
            slice.iter().map(|record| (record.line.external_id.as_str(), &record.content)).collect();
        let surroundings = app.store().surroundings(desk.company(), &given).await?;
        for record in &slice {
            let told = app.store().open_balances(record.line.id, record.line.changed_at).await?;
            let of = |invoice: &str| {
                if let Some(balance_e5) = told.get(invoice) {
                    return Some(*balance_e5);
                }
                let invoice = surroundings.invoices.get(&(record.line.external_id.clone(), invoice.to_owned()))?;
                Some(invoice.total.e5().saturating_sub(invoice.paid_before_e5).max(0))
            };
            let parts = record.content.applied_to().iter();
            let parts = parts.filter_map(|part| Some((part.invoice.clone(), of(&part.invoice)?))).collect();
            open.insert(record.line.id, parts);
        }
    }
}
