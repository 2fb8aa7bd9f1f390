//! What a bulk action came to, told once on the page that follows.
//!
//! The figures travel in the address of that page, so that any server can tell them.

use form_urlencoded::Serializer;
use jiff::Timestamp;

use super::desk::Desk;
use super::moment::Ago;
use super::money::counted;
use super::page_error::PageError;
use super::record_past::{spelled_out, told_actor};
use crate::App;

#[derive(Debug)]
pub(super) struct Notice {
    pub(super) text: String,
    /// Whether something is to be looked at.
    pub(super) is_warning: bool,
    /// Where the history stood when the person looked, where something had changed since.
    pub(super) since: Option<i64>,
    /// What others did meanwhile; see [`with_others`](Self::with_others).
    pub(super) others: Vec<String>,
}

/// Others' deeds that are told; more than these nobody reads.
const OTHERS_MAX: u32 = 5;

/// The deeds that can be told, with what follows "214 records".
const DEEDS: [(&str, &str); 29] = [
    ("ready", "marked ready to sync"),
    ("unsent", "marked unsent"),
    ("exclude", "will not be sent"),
    ("include", "put back into the queue as Unsent"),
    ("add_older", "added to the queue as Unsent"),
    ("retry", "marked ready to sync again"),
    ("not_in_quickbooks", "found not to be in QuickBooks"),
    ("send_change", "marked to send their change"),
    ("keep_quickbooks", "kept as QuickBooks has them"),
    ("already_in_quickbooks", "marked as already in QuickBooks"),
    ("sought", "will be looked for in QuickBooks in the next visit"),
    ("resend", "marked to be read again and sent"),
    ("shorten", "shortened, and marked ready to sync"),
    ("rename", "renamed, and marked ready to sync"),
    ("correct", "corrected here, and marked ready to sync"),
    ("redate", "given another date, and marked ready to sync"),
    ("apply_open", "changed to pay what is open, and marked ready to sync"),
    ("link", "marked ready to sync; their names stand for what you chose"),
    ("create", "marked ready to sync; what they name is created"),
    ("snooze", "put off"),
    ("assign", "assigned"),
    ("comment", "commented on"),
    ("undo_mend", "taken back to Needs Attention"),
    ("undo_mend_names", "taken back to Needs Attention, and what was said of their names with them"),
    (
        "undo_mend_alone",
        "taken back to Needs Attention. What was said of their names stays: other records go by it, one has crossed with it, or \
         it was changed since; see Lists, Mappings",
    ),
    ("undo_ready", "taken back to Unsent"),
    ("undo_unsent", "taken back to Ready To Sync"),
    ("undo_exclude", "taken back to Unsent"),
    ("undo_add_older", "taken back to Held Back"),
];

const NOTHING_DONE: [(&str, &str); 5] = [
    ("nothing_to_undo", "That cannot be taken back any more: something else was done since, or it has crossed."),
    ("nothing_selected", "Nothing was selected. Tick the records first."),
    ("stale", "Somebody changed this record while you looked at it. Nothing was done; this is how it stands now."),
    ("not_possible", "The record’s status does not allow that any more. Nothing was done."),
    ("no_txn_id", "That is not a TxnID. It looks like 1A2B-1793631600 and stands in the transaction’s details."),
];

/// What follows "214 records".
pub(super) fn told_deed(deed: &str) -> &'static str {
    DEEDS.into_iter().find(|(known, _)| *known == deed).map_or("moved", |(_, told)| told)
}

impl Notice {
    pub(super) fn read(query: &str) -> Option<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        if let Some((_, why)) = NOTHING_DONE.into_iter().find(|(word, _)| get("done") == Some(word)) {
            return Some(Self { text: why.to_owned(), is_warning: true, since: None, others: Vec::new() });
        }
        let (_, told) = DEEDS.into_iter().find(|(deed, _)| get("done") == Some(deed))?;
        let number = |name: &str| get(name).and_then(|number| number.parse::<u64>().ok());
        let (done, left) = (number("n")?, number("left").unwrap_or(0));
        let mut text = format!("{} {told}.", counted(done, "record", "records"));
        if left > 0 {
            let left = counted(left, "record was left as it was", "records were left as they were");
            text.push_str(&format!(" {left}: they changed since you looked, or their status does not allow it."));
        }
        let since = get("since").and_then(|since| since.parse().ok());
        Some(Self { text, is_warning: left > 0, since, others: Vec::new() })
    }

    /// Tells besides what others did since the person had looked.
    pub(super) async fn with_others(mut self, app: &App, desk: &Desk, now: Timestamp) -> Result<Self, PageError> {
        let Some(since) = self.since else { return Ok(self) };
        let own = desk.actor().who;
        let deeds = app.store().deeds_since(desk.company_id(), since, &own, OTHERS_MAX).await?;
        self.others = deeds
            .iter()
            .map(|deed| {
                let records = counted(deed.record_count, "record", "records");
                let when = Ago { at: deed.at, now }.told();
                format!("{}: {}, {records}, {when}.", told_actor(&deed.actor), spelled_out(&deed.event))
            })
            .collect();
        Ok(self)
    }
}

/// The query of the page that tells it: `view` with the figures.
pub(super) fn told(view: &str, deed: &str, done: u64, left: u64, since: Option<i64>) -> String {
    let mut query = Serializer::new(view.to_owned());
    query.append_pair("done", deed).append_pair("n", &done.to_string());
    if left > 0 {
        query.append_pair("left", &left.to_string());
    }
    if let Some(since) = since {
        query.append_pair("since", &since.to_string());
    }
    query.finish()
}

/// The query of the page that says that nothing was ticked.
pub(super) fn nothing_selected(view: &str) -> String {
    Serializer::new(view.to_owned()).append_pair("done", "nothing_selected").finish()
}

/// The query of the page that says that there was nothing left to take back.
pub(super) fn nothing_to_undo(view: &str) -> String {
    Serializer::new(view.to_owned()).append_pair("done", "nothing_to_undo").finish()
}

/// The query of the page that says why nothing was done.
pub(super) fn nothing_done(why: &str) -> String {
    Serializer::new(String::new()).append_pair("done", why).finish()
}
