//! Actions that mend a record, as the buttons of the Sync Manager do: correct it, say what a name stands for, have it looked for.

use axum::Json;
use bookferry_store::{Choice, ChosenEntry, Mending, RecordContent, Teaching, Unmappable};
use bookferry_sync::id::RecordId;
use bookferry_sync::intake::{self, Fault};
use bookferry_sync::list::ListKind;
use bookferry_sync::look::Place;
use bookferry_sync::record::{Content, DEFAULT_CURRENCY};
use bookferry_sync::submission::Event;
use serde_json::{Map, Value};

use super::hand_over::whole;
use super::key::Caller;
use super::record_json::RecordJson;
use super::resolve::txn_id;
use super::selection::object;
use crate::App;
use crate::problem::{PointedFault, Problem, Slug};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MendingAction {
    Correct,
    Link,
    LookUp,
}

impl MendingAction {
    pub(super) fn named(body: &Value) -> Option<Self> {
        match body.get("action").and_then(Value::as_str)? {
            "correct" => Some(Self::Correct),
            "link" => Some(Self::Link),
            "look_up" => Some(Self::LookUp),
            _ => None,
        }
    }

    const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Correct => &["action", "content"],
            Self::Link => &["action", "list", "name", "entry"],
            Self::LookUp => &["action", "txn_id", "number"],
        }
    }
}

pub(super) async fn carry_out(
    app: &App,
    caller: &Caller,
    id: RecordId,
    action: MendingAction,
    body: &Value,
) -> Result<Json<RecordJson>, Problem> {
    let mut faults = Vec::new();
    let members = object(body, "", action.members(), &mut faults);
    let record = app.store().record(caller.company, id).await?.ok_or_else(Problem::not_found)?.record;
    let members = members.filter(|_| faults.is_empty()).ok_or_else(|| Problem::faulty(faults))?;
    match action {
        MendingAction::Correct => {
            let content = content(&record, members)?;
            let event = Event::Corrected;
            mend(app, caller, "correct", Mending { event, content: Some(content), ..as_seen(&record) }).await?;
        }
        MendingAction::Link => {
            link(app, caller, choice(members)?, as_seen(&record)).await?;
        }
        MendingAction::LookUp => look_up(app, caller, &record, members).await?,
    }
    let mended = app.store().record(caller.company, id).await?.ok_or_else(Problem::not_found)?;
    whole(app, caller, mended.record).await.map(Json)
}

fn as_seen(record: &RecordContent) -> Mending {
    Mending { id: record.line.id, version: record.line.version, event: Event::Retry, content: None }
}

async fn mend(app: &App, caller: &Caller, deed: &str, mending: Mending) -> Result<(), Problem> {
    let mended = app.store().mend(caller.company, deed, &[mending], &caller.actor(), app.clock().now()).await?;
    if mended == 0 { Err(not_possible()) } else { Ok(()) }
}

fn not_possible() -> Problem {
    Problem::new(Slug::NotPossible, "The record's status does not allow this, or it changed meanwhile.")
}

fn content(record: &RecordContent, members: &Map<String, Value>) -> Result<Content, Problem> {
    if record.voided {
        return Err(not_possible());
    }
    let given = members.get("content").unwrap_or(&Value::Null);
    intake::content(record.line.kind, given, DEFAULT_CURRENCY).map_err(|faults| {
        let below = |fault: Fault| PointedFault::at(format!("/content{}", fault.pointer), fault.code, fault.message);
        Problem::faulty(faults.into_vec().into_iter().map(below).collect())
    })
}

fn choice(members: &Map<String, Value>) -> Result<Choice, Problem> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let list = text("list").and_then(|list| list.parse::<ListKind>().ok());
    let (Some(list), Some(name), Some(entry)) = (list, text("name"), text("entry")) else {
        let mut faults = Vec::new();
        if list.is_none() {
            faults.push(PointedFault::at(
                "/list",
                "bad_value",
                "Send the list's name, such as \"customers\" or \"items\".",
            ));
        }
        for (member, message) in [
            ("name", "Send the name as the record has it."),
            ("entry", "Send the entry's full name in QuickBooks, such as \"Customer:Job\"."),
        ] {
            if text(member).is_none() {
                faults.push(PointedFault::at(format!("/{member}"), "missing", message));
            }
        }
        return Err(Problem::faulty(faults));
    };
    Ok(Choice { list, name: name.to_owned(), entry: ChosenEntry::FullName(entry.to_owned()) })
}

/// Both, or neither: a record that cannot go leaves the name as it is.
async fn link(app: &App, caller: &Caller, choice: Choice, mending: Mending) -> Result<(), Problem> {
    let (choices, now) = ([choice], app.clock().now());
    let teaching = Teaching::Mapped(&choices);
    let linked = app.store().mend_and_teach(caller.company, "link", teaching, &[mending], &caller.actor(), now).await?;
    match linked {
        Ok(0) => Err(not_possible()),
        Ok(_) => Ok(()),
        Err(refused) => {
            let message = match refused.first() {
                Some((_, Unmappable::Inactive)) => "The entry is inactive in QuickBooks.",
                Some((_, Unmappable::NotThere)) | None => {
                    "QuickBooks' list, as it was last read, has no entry by this name."
                }
            };
            Err(Problem::faulty(vec![PointedFault::at("/entry", "bad_value", message)]))
        }
    }
}

async fn look_up(
    app: &App,
    caller: &Caller,
    record: &RecordContent,
    members: &Map<String, Value>,
) -> Result<(), Problem> {
    let text = |name: &str| members.get(name).filter(|value| !value.is_null());
    let (place, text) = match (text("txn_id"), text("number")) {
        (None, None) => (Place::Number, record.line.number.clone()),
        (given @ Some(_), None) => (Place::TxnId, txn_id(given).map_err(|fault| Problem::faulty(vec![fault]))?),
        (None, Some(number)) => {
            let number = number.as_str().map(str::trim).filter(|number| !number.is_empty());
            let fault =
                || Problem::faulty(vec![PointedFault::at("/number", "bad_value", "Send the document's number.")]);
            (Place::Number, number.ok_or_else(fault)?.to_owned())
        }
        (Some(_), Some(_)) => {
            let message = "Send either the TxnID or the number.";
            return Err(Problem::faulty(vec![PointedFault::at("/number", "bad_value", message)]));
        }
    };
    let sought = [(record.line.id, text)];
    let sought = app.store().seek(caller.company, place, &sought, &caller.actor(), app.clock().now()).await?;
    if sought == 0 { Err(not_possible()) } else { Ok(()) }
}
