//! What a person, or the application for one, decides about a record that waits.

use axum::Json;
use axum::extract::State;
use bookferry_qbxml::value::{EditSequence, TxnId};
use bookferry_store::RecordLine;
use bookferry_sync::submission::State as SubmissionState;
use bookferry_sync::submission::{Attention, Event, Posted};
use serde_json::{Map, Value};

use super::body::JsonBody;
use super::hand_over::whole;
use super::key::Writer;
use super::mend::{self, MendingAction};
use super::record::Id;
use super::record_json::RecordJson;
use super::selection::object;
use crate::App;
use crate::problem::{PointedFault, Problem, Slug};

const ACTIONS: [&str; 10] = [
    "retry",
    "send_change",
    "keep_quickbooks",
    "already_in_quickbooks",
    "not_in_quickbooks",
    "correct",
    "link",
    "look_up",
    "exclude",
    "include",
];

enum Decision {
    /// Of those that need nothing else.
    Event(Event),
    AlreadyInQuickBooks {
        txn_id: String,
        edit_sequence: String,
    },
    NotInQuickBooks,
}

pub(super) async fn resolve(
    State(app): State<App>,
    Writer(caller): Writer,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Json<RecordJson>, Problem> {
    if let Some(action) = MendingAction::named(&body) {
        return mend::carry_out(&app, &caller, id, action, &body).await;
    }
    let decision = read(&body)?;
    let view = app.store().record(caller.company, id).await?.ok_or_else(Problem::not_found)?;
    let line = &view.record.line;
    let event = event(decision, line)?;
    let now = app.clock().now();
    app.store().apply_event(caller.company, id, event, Some(line.version), &caller.actor(), now).await?;
    let moved = app.store().record(caller.company, id).await?.ok_or_else(Problem::not_found)?;
    whole(&app, &caller, moved.record).await.map(Json)
}

fn event(decision: Decision, line: &RecordLine) -> Result<Event, Problem> {
    match decision {
        Decision::Event(event) => Ok(event),
        Decision::AlreadyInQuickBooks { txn_id, edit_sequence } => {
            Ok(Event::AlreadyInQuickBooks(Posted { txn_id, edit_sequence, revision: line.revision }))
        }
        Decision::NotInQuickBooks if is_undecided(&line.state) => Ok(Event::NotInQuickBooks),
        Decision::NotInQuickBooks => {
            let detail = "QuickBooks' answer for this record is not in doubt, so there is nothing to decide.";
            Err(Problem::new(Slug::NotPossible, detail))
        }
    }
}

const fn is_undecided(state: &SubmissionState) -> bool {
    matches!(state, SubmissionState::NeedsAttention(Attention::Unconfirmed { .. } | Attention::Gone { .. }))
}

fn read(body: &Value) -> Result<Decision, Problem> {
    let mut faults = Vec::new();
    let decision = read_action(body, &mut faults);
    match decision {
        Some(decision) if faults.is_empty() => Ok(decision),
        Some(_) | None => Err(Problem::faulty(faults)),
    }
}

fn read_action(body: &Value, faults: &mut Vec<PointedFault>) -> Option<Decision> {
    let action = body.get("action").and_then(Value::as_str).unwrap_or("");
    let known: &[&str] =
        if action == "already_in_quickbooks" { &["action", "txn_id", "edit_sequence"] } else { &["action"] };
    let members = object(body, "", known, faults)?;
    match action {
        "retry" => Some(Decision::Event(Event::Retry)),
        "exclude" => Some(Decision::Event(Event::Exclude)),
        "include" => Some(Decision::Event(Event::Include)),
        "keep_quickbooks" => Some(Decision::Event(Event::KeepQuickBooks)),
        "not_in_quickbooks" => Some(Decision::NotInQuickBooks),
        "send_change" => Some(Decision::Event(Event::SendChange)),
        "already_in_quickbooks" => read_posted(members, faults),
        _ => {
            let message = format!("Send one of these actions: {}.", ACTIONS.join(", "));
            faults.push(PointedFault::at("/action", "bad_value", message));
            None
        }
    }
}

/// Without an edit sequence the record counts as submitted; a change to it would first ask QuickBooks for one.
fn read_posted(members: &Map<String, Value>, faults: &mut Vec<PointedFault>) -> Option<Decision> {
    let txn_id = txn_id(members.get("txn_id")).map_err(|fault| faults.push(fault)).ok();
    let edit_sequence = match members.get("edit_sequence") {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.as_str().and_then(|text| EditSequence::new(text).ok()).map(|text| text.to_string()),
    };
    if edit_sequence.is_none() {
        let message = "Send the EditSequence as QuickBooks wrote it, or leave it out.";
        faults.push(PointedFault::at("/edit_sequence", "bad_value", message));
    }
    Some(Decision::AlreadyInQuickBooks { txn_id: txn_id?, edit_sequence: edit_sequence? })
}

/// The member of this name.
pub(super) fn txn_id(given: Option<&Value>) -> Result<String, PointedFault> {
    let given = given.and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    given.and_then(|text| TxnId::new(text).ok()).map(|txn_id| txn_id.to_string()).ok_or_else(|| {
        let message = "Send the TxnID that QuickBooks gave the transaction, such as \"1A2B-1793631600\".";
        PointedFault::at("/txn_id", "bad_value", message)
    })
}
