//! A record as a row: the words beside it, and what they mean for the bookkeeper.

use std::collections::HashMap;

use bookferry_store::{Error as StoreError, RecordLine, Store};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::record::RecordKind;
use bookferry_sync::retry::ATTEMPTS_MAX;
use bookferry_sync::submission::{Attention, Errand, State, Status};
use jiff::Timestamp;

use super::moment::{Ago, Day, today};
use super::money;

#[derive(Debug)]
pub(super) struct Row {
    pub(super) id: RecordId,
    /// "invoice 1042", as in the names of the controls.
    pub(super) name: String,
    pub(super) number: String,
    pub(super) status: Mark,
    pub(super) customer: String,
    pub(super) day: Day,
    pub(super) amount: String,
    pub(super) amount_e5: i64,
    pub(super) note: String,
    pub(super) created: Ago,
    pub(super) changed: Ago,
}

/// A status as the page shows it: an icon, the word, and a colour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark(pub(super) Status);

impl Mark {
    pub(super) const fn label(self) -> &'static str {
        self.0.label()
    }

    pub(super) const fn word(self) -> &'static str {
        self.0.as_str()
    }
}

impl Row {
    pub(super) fn of(line: &RecordLine, awaited: Option<&String>, now: Timestamp) -> Self {
        Self {
            id: line.id,
            name: name(line),
            number: line.number.clone(),
            status: Mark(line.state.status()),
            customer: line.customer.clone(),
            day: Day { date: line.date, today: today(now) },
            amount: money::of(line),
            amount_e5: line.amount.e5(),
            note: note(line, awaited, now),
            created: Ago { at: line.created_at, now },
            changed: Ago { at: line.changed_at, now },
        }
    }
}

/// Rows of these records, with what the payments among them wait for.
pub(super) async fn rows(
    store: &Store,
    company: CompanyId,
    lines: &[RecordLine],
    now: Timestamp,
) -> Result<Vec<Row>, StoreError> {
    let waiting: Vec<RecordId> = lines.iter().filter(|line| line.blockers > 0).map(|line| line.id).collect();
    let mut awaited: HashMap<RecordId, String> = HashMap::new();
    if !waiting.is_empty() {
        for waits in store.waits_for(company, &waiting).await? {
            let invoice = match waits.invoice {
                Some((_, number)) => format!("invoice {number}"),
                None => format!("invoice {}, which was never handed over", waits.invoice_external_id),
            };
            awaited
                .entry(waits.payment_id)
                .and_modify(|text| text.push_str(&format!(", {invoice}")))
                .or_insert_with(|| format!("Waits for {invoice}"));
        }
    }
    Ok(lines.iter().map(|line| Row::of(line, awaited.get(&line.id), now)).collect())
}

/// "invoice 1042"; a record without a number is named by the application's id.
pub(super) fn name(line: &RecordLine) -> String {
    let number = if line.number.is_empty() { &line.external_id } else { &line.number };
    format!("{} {number}", line.kind.as_str())
}

pub(super) const fn plural(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Invoice => "Invoices",
        RecordKind::Payment => "Payments",
    }
}

fn note(line: &RecordLine, awaited: Option<&String>, now: Timestamp) -> String {
    let warning = || line.warning.clone().unwrap_or_default();
    match &line.state {
        State::Unsent => awaited.cloned().unwrap_or_default(),
        State::ReadyToSync(_) if awaited.is_some() => awaited.cloned().unwrap_or_default(),
        State::ReadyToSync(_) if line.postponed_because.is_some() => postponed(line, now),
        State::ReadyToSync(_) => "Goes across in the next visit".to_owned(),
        State::Sending { .. } => "In the visit that is running".to_owned(),
        State::Unconfirmed { errand, .. } => answer_lost(errand).to_owned(),
        State::Submitted(posted) if line.warning.is_none() => format!("TxnID {}", posted.txn_id),
        State::Submitted(_) => warning(),
        State::NeedsAttention(attention) => attention_note(attention),
        State::Excluded { voided: true, .. } => "Voided in your application".to_owned(),
        State::Excluded { voided: false, .. } => "Somebody decided not to send it".to_owned(),
        State::HeldBack => "Created before sync was enabled".to_owned(),
    }
}

const fn answer_lost(errand: &Errand) -> &'static str {
    match errand {
        Errand::Add => "The answer got lost; the next visit asks QuickBooks about it",
        Errand::Mod(_) => "The answer to the change got lost; the next visit looks up whether QuickBooks took it",
        Errand::Void(_) => "The answer to the void got lost; the next visit looks up whether QuickBooks did it",
    }
}

/// Why QuickBooks put it off, when it is tried again, and how often that was done.
fn postponed(line: &RecordLine, now: Timestamp) -> String {
    let because = line.postponed_because.as_deref().unwrap_or_default();
    let seconds = line.retry_at.duration_since(now).as_secs();
    let when = if seconds > 0 {
        format!("Tried again in {} min", (seconds + 59) / 60)
    } else {
        "Tried again in the next visit".to_owned()
    };
    format!("{because} {when} ({} of {ATTEMPTS_MAX} tries are used).", line.attempt_count)
}

fn attention_note(attention: &Attention) -> String {
    match attention {
        Attention::Error { cause, changed_since: true, .. } => format!("Changed since. {}", cause.text),
        Attention::Error { cause, .. } | Attention::Unconfirmed { cause, .. } | Attention::Gone { cause, .. } => {
            cause.text.clone()
        }
        Attention::Differs { cause, .. } => cause.detail.clone(),
        Attention::Updated { voided: false, .. } => "Changed in your application after it was sent".to_owned(),
        Attention::Updated { voided: true, .. } => "Voided in your application after it was sent".to_owned(),
    }
}

/// `invoice A-900` becomes `Invoice A-900`.
pub(super) fn at_the_start(name: &str) -> String {
    let mut characters = name.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::at_the_start;

    #[test]
    fn a_number_keeps_its_letters() {
        assert_eq!(at_the_start("invoice A-900"), "Invoice A-900");
        assert_eq!(at_the_start(""), "");
    }
}
