//! What a bulk action came to, told once on the page that follows.
//!
//! The figures travel in the address of that page, so that any server can tell them.

use form_urlencoded::Serializer;

use super::money::counted;
use super::view::View;

#[derive(Debug)]
pub(super) struct Notice {
    pub(super) text: String,
    /// Whether something is to be looked at.
    pub(super) is_warning: bool,
    /// The move that can be taken back.
    pub(super) undo: Option<Undo>,
}

#[derive(Debug)]
pub(super) struct Undo {
    pub(super) deed: &'static str,
    pub(super) count: u64,
    /// Microseconds: the instant that all records moved by it carry.
    pub(super) at: i64,
    /// Where the person was.
    pub(super) view: String,
}

/// More than this many are not taken back by one press.
pub(super) const UNDO_MAX: u64 = 10_000;

/// The deeds that can be told, with what follows "214 records".
const DEEDS: [(&str, &str); 12] = [
    ("ready", "marked ready to sync"),
    ("unsent", "marked unsent"),
    ("exclude", "will not be sent"),
    ("include", "put back into the queue as Unsent"),
    ("add_older", "added to the queue as Unsent"),
    ("retry", "marked ready to sync again"),
    ("not_in_quickbooks", "found not to be in QuickBooks"),
    ("keep_quickbooks", "kept as QuickBooks has them"),
    ("already_in_quickbooks", "marked as already in QuickBooks"),
    ("undo_ready", "taken back to Unsent"),
    ("undo_unsent", "taken back to Ready To Sync"),
    ("undo_exclude", "taken back to Unsent"),
];

const NOTHING_DONE: [(&str, &str); 4] = [
    ("nothing_selected", "Nothing was selected. Tick the records first."),
    ("stale", "Somebody changed this record while you looked at it. Nothing was done; this is how it stands now."),
    ("not_possible", "The record’s status does not allow that any more. Nothing was done."),
    ("no_txn_id", "That is not a TxnID. It looks like 1A2B-1793631600 and stands in the transaction’s details."),
];

/// The moves that [`Undo`] takes back.
const UNDOABLE: [&str; 3] = ["ready", "unsent", "exclude"];

impl Notice {
    pub(super) fn read(query: &str) -> Option<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        if let Some((_, why)) = NOTHING_DONE.into_iter().find(|(word, _)| get("done") == Some(word)) {
            return Some(Self { text: why.to_owned(), is_warning: true, undo: None });
        }
        let (deed, told) = DEEDS.into_iter().find(|(deed, _)| get("done") == Some(deed))?;
        let number = |name: &str| get(name).and_then(|number| number.parse::<u64>().ok());
        let (done, left) = (number("n")?, number("left").unwrap_or(0));
        let mut text = format!("{} {told}.", counted(done, "record", "records"));
        if left > 0 {
            let left = counted(left, "record was left as it was", "records were left as they were");
            text.push_str(&format!(" {left}: they changed since you looked, or their status does not allow it."));
        }
        let at = get("at").and_then(|at| at.parse().ok());
        let undo = at.filter(|_| UNDOABLE.contains(&deed) && (1..=UNDO_MAX).contains(&done));
        Some(Self {
            text,
            is_warning: left > 0,
            undo: undo.map(|at| Undo { deed, count: done, at, view: View::read(query).query_here() }),
        })
    }
}

/// The query of the page that tells it: `view` with the figures.
pub(super) fn told(view: &str, deed: &str, done: u64, left: u64, at: i64) -> String {
    let mut query = Serializer::new(view.to_owned());
    query.append_pair("done", deed).append_pair("n", &done.to_string());
    if left > 0 {
        query.append_pair("left", &left.to_string());
    }
    query.append_pair("at", &at.to_string()).finish()
}

/// The query of the page that says that nothing was ticked.
pub(super) fn nothing_selected(view: &str) -> String {
    Serializer::new(view.to_owned()).append_pair("done", "nothing_selected").finish()
}

/// The query of the page that says why nothing was done.
pub(super) fn nothing_done(why: &str) -> String {
    Serializer::new(String::new()).append_pair("done", why).finish()
}
