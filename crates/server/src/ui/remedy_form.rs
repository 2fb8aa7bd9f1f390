//! What a person filled in on the page of a button, and what is done with it.

use std::collections::BTreeMap;

use bookferry_store::{Mending, RecordContent};
use bookferry_sync::cause::Remedy;
use bookferry_sync::correction::{Correction, Field, Uncorrectable, corrected, fields};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::Content;
use bookferry_sync::submission::Event;
use jiff::civil::Date;

use super::desk::Desk;
use super::form::Form;
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
            Remedy::Link
            | Remedy::Create
            | Remedy::Retry
            | Remedy::Resend
            | Remedy::SendChange
            | Remedy::KeepQuickBooks
            | Remedy::AlreadyInQuickBooks
            | Remedy::NotInQuickBooks
            | Remedy::Exclude
            | Remedy::Snooze
            | Remedy::Assign
            | Remedy::Comment => Choice::Move(remedy, event(remedy).ok_or(PageError::Unreadable)?),
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
            Self::Move(..) => return None,
            Self::Correct(_, correction) => correction.clone(),
            Self::Write { texts, .. } => Correction::Fields(texts.clone()),
            Self::Apply(open) => Correction::UpToOpen(open.get(&record.line.id)?.clone()),
        };
        corrected(&record.content, &correction).ok()
    }

    /// Does it; returns to how many, and how many were left as they are.
    pub(super) async fn carry_out(&self, app: &App, desk: &Desk, picked: &Picked) -> Result<(u64, u64), PageError> {
        mend_each(app, desk, self.remedy(), picked, |record| self.mending(record)).await
    }

    fn remedy(&self) -> Remedy {
        match self {
            Self::Move(remedy, _) | Self::Correct(remedy, _) => *remedy,
            Self::Write { .. } => Remedy::Correct,
            Self::Apply(_) => Remedy::ApplyOpen,
        }
    }

    fn mending(&self, record: &RecordContent) -> Option<Mending> {
        let (id, newest) = (record.line.id, record.line.version);
        if let Self::Move(_, event) = self {
            return Some(Mending { id, version: newest, event: event.clone(), content: None });
        }
        let version = if let Self::Write { version, .. } = self { *version } else { newest };
        let content = Some(self.content(record).filter(|_| !record.voided)?);
        Some(Mending { id, version, event: Event::Corrected, content })
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
            let of = |invoice: &str| {
                let invoice = surroundings.invoices.get(&(record.line.external_id.clone(), invoice.to_owned()))?;
                Some(invoice.total.e5().saturating_sub(invoice.paid_before_e5).max(0))
            };
            let parts = record.content.applied_to().iter();
            let parts = parts.filter_map(|part| Some((part.invoice.clone(), of(&part.invoice)?))).collect();
            open.insert(record.line.id, parts);
        }
    }
}
