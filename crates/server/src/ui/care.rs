//! What people do about records without moving them: put off, assign, comment on.

use bookferry_store::Care as Cared;
use bookferry_sync::cause::Remedy;
use bookferry_sync::id::RecordId;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::desk::Desk;
use super::form::Form;
use super::mend::Picked;
use super::page_error::PageError;
use crate::App;

/// The most characters of a comment.
pub(super) const COMMENT_LENGTH_MAX: usize = 2_000;

pub(super) struct Care(Cared);

impl Care {
    /// `None` where the form does not say what is to be done.
    pub(super) fn read(remedy: Remedy, form: &Form, now: Timestamp) -> Option<Self> {
        if remedy == Remedy::Snooze {
            if form.get("bring_back").is_some() {
                return Some(Self(Cared::Snooze(None)));
            }
            let until: Date = form.get("until")?.parse().ok()?;
            let until = until.to_zoned(TimeZone::UTC).ok()?.timestamp();
            return (until > now).then_some(Self(Cared::Snooze(Some(until))));
        }
        if remedy == Remedy::Assign {
            let person = form.get("person")?.trim().to_owned();
            return Some(Self(Cared::Assign(Some(person).filter(|person| !person.is_empty()))));
        }
        let text = form.get("comment")?.trim();
        let text: String = text.chars().filter(|character| *character != '\0').take(COMMENT_LENGTH_MAX).collect();
        (!text.is_empty()).then_some(Self(Cared::Comment(text)))
    }

    pub(super) const fn remedy(&self) -> Remedy {
        match self.0 {
            Cared::Snooze(_) => Remedy::Snooze,
            Cared::Assign(_) => Remedy::Assign,
            Cared::Comment(_) => Remedy::Comment,
        }
    }

    pub(super) async fn carry_out(&self, app: &App, desk: &Desk, picked: &Picked) -> Result<(u64, u64), PageError> {
        let (mut done, mut seen, mut after_seq) = (0, 0, 0);
        let now = app.clock().now();
        loop {
            let slice = picked.slice(app, desk, after_seq).await?;
            let Some(last) = slice.last() else { return Ok((done, seen - done)) };
            after_seq = last.line.seq;
            seen += u64::try_from(slice.len()).unwrap_or(u64::MAX);
            let ids: Vec<RecordId> = slice.iter().map(|record| record.line.id).collect();
            done += app.store().care(desk.company_id(), &self.0, &ids, &desk.actor(), now).await?;
        }
    }
}

/// Those to whom something can be given.
pub(super) async fn people(app: &App, desk: &Desk) -> Result<Vec<String>, PageError> {
    let company = desk.company();
    let people = app.store().people(company.organization_id).await?;
    let sees = |person: &bookferry_store::Person| {
        person.disabled_at.is_none() && person.company_id.is_none_or(|only| only == company.id)
    };
    Ok(people.into_iter().filter(sees).map(|person| person.email).collect())
}
