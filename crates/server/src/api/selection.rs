//! Which records a bulk action means: `{"ids":[…]}` or `{"filter":{…}}`, with `"seen_until"` only as far as they are as
//! the caller saw them.

use std::str::FromStr;

use bookferry_store::{RecordFilter, Selection};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::filter::{self, Day};
use crate::problem::{PointedFault, Problem};

/// The most ids of one request; a filter names any number.
const IDS_MAX: usize = 1_000;

/// Reads the body of a bulk action, or tells everything that is wrong with it.
pub(super) fn read(body: &Value) -> Result<Selection, Problem> {
    let mut faults = Vec::new();
    match read_either(body, &mut faults) {
        Some(selection) if faults.is_empty() => Ok(selection),
        Some(_) | None => Err(Problem::faulty(faults)),
    }
}

fn read_either(body: &Value, faults: &mut Vec<PointedFault>) -> Option<Selection> {
    let members = object(body, "", &["ids", "filter", "seen_until"], faults)?;
    let seen_until = read_instant(members.get("seen_until"), faults);
    match (members.get("ids"), members.get("filter")) {
        (Some(ids), None) => read_ids(ids, seen_until, faults),
        (None, Some(filter)) => read_filter(filter, seen_until, faults),
        (Some(_), Some(_)) | (None, None) => {
            let message = "Send either \"ids\" or \"filter\"; an empty filter, {}, means every record.";
            faults.push(PointedFault::at("", "ids_or_filter", message));
            None
        }
    }
}

fn read_ids(ids: &Value, seen_until: Option<Timestamp>, faults: &mut Vec<PointedFault>) -> Option<Selection> {
    let Value::Array(ids) = ids else {
        faults.push(PointedFault::at("/ids", "wrong_type", "This must be an array of record ids."));
        return None;
    };
    if ids.len() > IDS_MAX {
        let message = format!("These are {} ids. Send at most {IDS_MAX}, or a filter.", ids.len());
        faults.push(PointedFault::at("/ids", "too_many", message));
        return None;
    }
    let mut read = Vec::with_capacity(ids.len());
    for (at, id) in ids.iter().enumerate() {
        match id.as_str().and_then(|id| id.parse().ok()) {
            Some(id) => read.push(id),
            None => {
                let message = "This is no record id. Send the \"id\" of a record, not its external_id.";
                faults.push(PointedFault::at(format!("/ids/{at}"), "bad_value", message));
            }
        }
    }
    Some(match seen_until {
        Some(until) => Selection::Shown { ids: read, until },
        None => Selection::Ids(read),
    })
}

/// The same names as the parameters of the list, with the same meaning.
fn read_filter(given: &Value, seen_until: Option<Timestamp>, faults: &mut Vec<PointedFault>) -> Option<Selection> {
    let members = object(given, "/filter", &filter::NAMES, faults)?;
    let kind = member(members, "kind", filter::KIND, faults);
    let filter = RecordFilter {
        kinds: kind.into_iter().collect(),
        statuses: filter::each_once(read_statuses(members.get("status"), faults)),
        text: member(members, "q", "a text", faults).filter(|text: &String| !text.is_empty()),
        customer: member(members, "customer", "a text", faults).filter(|name: &String| !name.is_empty()),
        from: member(members, "from", filter::DAY, faults).map(|Day(date)| date),
        to: member(members, "to", filter::DAY, faults).map(|Day(date)| date),
        ..RecordFilter::default()
    };
    Some(Selection::Matching { filter, except: Vec::new(), seen_until })
}

fn read_instant(value: Option<&Value>, faults: &mut Vec<PointedFault>) -> Option<Timestamp> {
    let value = value.filter(|value| !value.is_null())?;
    let read = value.as_str().and_then(|text| text.parse().ok());
    if read.is_none() {
        let message = "This is no instant. Send the latest \"changed_at\" that you have seen, as it was.";
        faults.push(PointedFault::at("/seen_until", "bad_value", message));
    }
    read
}

fn read_statuses<T: FromStr>(value: Option<&Value>, faults: &mut Vec<PointedFault>) -> Vec<T> {
    let mut read = Vec::new();
    let mut add = |value: &Value, pointer: String| match value.as_str().and_then(|word| word.parse().ok()) {
        Some(status) => read.push(status),
        None => faults.push(PointedFault::at(pointer, "bad_value", format!("This is not {}.", filter::STATUS))),
    };
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Array(words)) => {
            for (at, word) in words.iter().enumerate() {
                add(word, format!("/filter/status/{at}"));
            }
        }
        Some(word) => add(word, "/filter/status".to_owned()),
    }
    read
}

fn member<T: FromStr>(
    members: &Map<String, Value>,
    name: &str,
    what: &str,
    faults: &mut Vec<PointedFault>,
) -> Option<T> {
    let value = members.get(name).filter(|value| !value.is_null())?;
    let read = value.as_str().and_then(|text| text.parse().ok());
    if read.is_none() {
        faults.push(PointedFault::at(format!("/filter/{name}"), "bad_value", format!("This is not {what}.")));
    }
    read
}

/// An object of known members only.
pub(super) fn object<'v>(
    value: &'v Value,
    pointer: &str,
    known: &[&str],
    faults: &mut Vec<PointedFault>,
) -> Option<&'v Map<String, Value>> {
    let Value::Object(members) = value else {
        faults.push(PointedFault::at(pointer, "wrong_type", "This must be an object."));
        return None;
    };
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        let message = format!("There is no such field here, but: {}.", known.join(", "));
        faults.push(PointedFault::at(format!("{pointer}/{escaped}"), "unknown_field", message));
    }
    Some(members)
}
