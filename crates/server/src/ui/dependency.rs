//! What a record waits for, down to the root, and what waits for it: mending the root sets all of it free.

use bookferry_store::RecordContent;
use bookferry_sync::cause::{NameTrouble, Remedy, explain, named};
use bookferry_sync::id::RecordId;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::{Attention, State, Status};

use super::desk::Desk;
use super::page_error::PageError;
use super::row::{Mark, name};
use crate::App;

/// Invoices of a payment that are followed.
const INVOICES_MAX: usize = 20;
/// Payments of an invoice that are told.
const PAYMENTS_MAX: usize = 20;

const GOES_BY_ITSELF: &str = "Goes by itself once the invoice has gone.";

/// The tree around a record.
pub(super) struct Dependencies {
    /// The invoices that a payment waits for.
    pub(super) invoices: Vec<Node>,
    /// What an invoice, or a payment for itself, waits for in QuickBooks' lists.
    pub(super) names: Vec<NameNode>,
    /// The payments that wait for an invoice.
    pub(super) payments: Vec<Node>,
}

pub(super) struct Node {
    pub(super) id: Option<RecordId>,
    pub(super) name: String,
    pub(super) status: Option<Mark>,
    /// Why it is not in QuickBooks.
    pub(super) why: String,
    pub(super) names: Vec<NameNode>,
}

/// A name that stands for nothing in QuickBooks.
pub(super) struct NameNode {
    pub(super) noun: &'static str,
    pub(super) name: String,
    /// The record by whose page it is mended, and the buttons.
    pub(super) record: RecordId,
    pub(super) remedies: Vec<Remedy>,
}

impl Dependencies {
    /// `None` where nothing waits.
    pub(super) async fn of(app: &App, desk: &Desk, record: &RecordContent) -> Result<Option<Self>, PageError> {
        let tree = Self {
            invoices: invoices(app, desk, record).await?,
            names: names(record),
            payments: payments(app, desk, record).await?,
        };
        let is_empty = tree.invoices.is_empty() && tree.names.is_empty() && tree.payments.is_empty();
        Ok((!is_empty).then_some(tree))
    }
}

async fn invoices(app: &App, desk: &Desk, record: &RecordContent) -> Result<Vec<Node>, PageError> {
    if record.line.blockers == 0 {
        return Ok(Vec::new());
    }
    let mut nodes = Vec::new();
    for awaited in app.store().waits_for(desk.company_id(), &[record.line.id]).await?.iter().take(INVOICES_MAX) {
        let found = app
            .store()
            .record_by_external_id(desk.company_id(), RecordKind::Invoice, &awaited.invoice_external_id)
            .await?;
        nodes.push(match found {
            Some(invoice) => Node {
                id: Some(invoice.line.id),
                name: name(&invoice.line),
                status: Some(Mark(invoice.line.state.status())),
                why: why(&invoice),
                names: names(&invoice),
            },
            None => Node {
                id: None,
                name: format!("invoice {}", awaited.invoice_external_id),
                status: None,
                why: "Your application has never handed it over.".to_owned(),
                names: Vec::new(),
            },
        });
    }
    Ok(nodes)
}

async fn payments(app: &App, desk: &Desk, record: &RecordContent) -> Result<Vec<Node>, PageError> {
    let is_stuck = matches!(record.line.state.status(), Status::NeedsAttention | Status::Excluded);
    if record.line.kind != RecordKind::Invoice || record.line.state.posted().is_some() || !is_stuck {
        return Ok(Vec::new());
    }
    let payments = app.store().payments_of(desk.company_id(), &record.line.external_id).await?;
    let node = |payment: &bookferry_store::PaymentPart| Node {
        id: Some(payment.id),
        name: format!("payment {}", payment.number),
        status: Some(Mark(payment.status)),
        why: if payment.status == Status::ReadyToSync { GOES_BY_ITSELF.to_owned() } else { String::new() },
        names: Vec::new(),
    };
    Ok(payments.iter().filter(|payment| payment.status != Status::Excluded).take(PAYMENTS_MAX).map(node).collect())
}

/// The entries that QuickBooks lacks for it.
fn names(record: &RecordContent) -> Vec<NameNode> {
    let State::NeedsAttention(Attention::Error { cause, .. }) = &record.line.state else { return Vec::new() };
    let Some(entry) = explain(&cause.code, &cause.detail) else { return Vec::new() };
    let remedies: Vec<Remedy> = entry
        .remedies
        .iter()
        .copied()
        .filter(|it| matches!(it, Remedy::Link | Remedy::Create | Remedy::Rename))
        .collect();
    let is_missing = matches!(NameTrouble::of_code(&entry.code), Some((_, NameTrouble::Missing)));
    if remedies.is_empty() || !is_missing && !matches!(entry.code.as_ref(), "qb_3140" | "qb_3100") {
        return Vec::new();
    }
    let node = |(list, name): (bookferry_sync::list::ListKind, String)| NameNode {
        noun: list.noun(),
        name,
        record: record.line.id,
        remedies: remedies.clone(),
    };
    named(cause, &record.content).into_iter().map(node).collect()
}

fn why(invoice: &RecordContent) -> String {
    match &invoice.line.state {
        State::Unsent => "Nobody has released it.".to_owned(),
        State::HeldBack => "It is held back, from before sync was enabled.".to_owned(),
        State::ReadyToSync(_) => "Goes across in the next visit.".to_owned(),
        State::Excluded { .. } => {
            "It is not to be sent: press Include on it, or Do not send on the payment.".to_owned()
        }
        State::NeedsAttention(Attention::Error { cause, .. } | Attention::Unconfirmed { cause, .. }) => {
            explain(&cause.code, &cause.detail).map_or_else(|| cause.text.clone(), |entry| entry.title.into_owned())
        }
        State::Sending { .. } | State::Unconfirmed { .. } | State::Submitted(_) | State::NeedsAttention(_) => {
            String::new()
        }
    }
}
