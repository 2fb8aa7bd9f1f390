//! A record as the API shows it: the same shape wherever a record stands.

use bookferry_store::{Awaited, RecordContent, RecordLine};
use bookferry_sync::cause::Cause;
use bookferry_sync::id::RecordId;
use bookferry_sync::preflight::Finding;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Attention, State};
use bookferry_sync::submission_row::StateRow;
use jiff::Timestamp;
use serde::{Serialize, Serializer};

#[derive(Serialize)]
pub(super) struct RecordJson {
    id: RecordId,
    kind: RecordKind,
    external_id: String,
    number: String,
    customer: String,
    date: String,
    amount: String,
    currency: String,
    status: &'static str,
    /// Why it needs attention: `error`, `unconfirmed`, `updated`, `voided`, `differs` or `gone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    attention: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    revision: i64,
    /// The invoices that a payment waits for, which QuickBooks does not have.
    waits_for: Vec<AwaitedJson>,
    /// What stands in QuickBooks, as far as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    txn_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    posted_revision: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
    /// Where QuickBooks was busy with it: until when it is put off, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    postponed: Option<Postponed>,
    attempt_count: i64,
    created_at: Timestamp,
    handed_over_at: Timestamp,
    changed_at: Timestamp,
    /// Only where one record is asked for.
    #[serde(flatten)]
    detail: Option<Detail>,
}

#[derive(Serialize)]
pub(super) struct Detail {
    voided: bool,
    /// Whether a person has corrected it in the Sync Manager since the application said something new.
    corrected_here: bool,
    preflight: Vec<Finding>,
    #[serde(serialize_with = "content")]
    content: Content,
}

#[derive(Serialize)]
struct Postponed {
    until: Timestamp,
    because: String,
}

#[derive(Serialize)]
struct AwaitedJson {
    /// The `external_id` of the invoice.
    invoice: String,
    /// Whether it was handed over at all.
    handed_over: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
}

impl RecordJson {
    /// `awaited` may hold what other payments wait for.
    pub(super) fn of(line: &RecordLine, awaited: &[Awaited]) -> Self {
        let columns = StateRow::from(&line.state);
        Self {
            id: line.id,
            kind: line.kind,
            external_id: line.external_id.clone(),
            number: line.number.clone(),
            customer: line.customer.clone(),
            date: line.date.to_string(),
            amount: line.amount.to_string(),
            currency: line.currency.clone(),
            status: line.state.status().as_str(),
            attention: columns.attention,
            cause: cause(&line.state),
            revision: line.revision,
            waits_for: awaited.iter().filter(|awaited| awaited.payment_id == line.id).map(AwaitedJson::of).collect(),
            txn_id: columns.txn_id,
            posted_revision: columns.posted_revision,
            warning: line.warning.clone(),
            postponed: line.postponed_because.clone().map(|because| Postponed { until: line.retry_at, because }),
            attempt_count: line.attempt_count,
            created_at: line.created_at,
            handed_over_at: line.handed_over_at,
            changed_at: line.changed_at,
            detail: None,
        }
    }

    pub(super) fn with_content(mut self, record: RecordContent, preflight: Vec<Finding>) -> Self {
        let RecordContent { content, voided, made_here, .. } = record;
        self.detail = Some(Detail { voided, corrected_here: made_here, preflight, content });
        self
    }
}

impl AwaitedJson {
    fn of(awaited: &Awaited) -> Self {
        Self {
            invoice: awaited.invoice_external_id.clone(),
            handed_over: awaited.invoice.is_some(),
            number: awaited.invoice.as_ref().map(|(_, number)| number.clone()),
        }
    }
}

fn cause(state: &State) -> Option<Cause> {
    let State::NeedsAttention(attention) = state else { return None };
    match attention {
        Attention::Error { cause, .. }
        | Attention::Unconfirmed { cause, .. }
        | Attention::Differs { cause, .. }
        | Attention::Gone { cause, .. } => Some(cause.clone()),
        Attention::Updated { .. } => None,
    }
}

pub(super) fn content<S: Serializer>(content: &Content, serializer: S) -> Result<S::Ok, S::Error> {
    match content {
        Content::Invoice(invoice) => invoice.serialize(serializer),
        Content::Payment(payment) => payment.serialize(serializer),
    }
}
