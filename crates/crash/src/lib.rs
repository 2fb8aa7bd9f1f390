//! Crash points: named places at which the real binary can be made to die, so that a test strikes each of them once.
//!
//! Every operation that commits has one before and one after its commit, every reply one before and one after it
//! ([`COMMITS`], [`REPLIES`]). Without the feature `armed`, which the shipped binary lacks, all of this compiles to nothing.
//! With it, `BOOKFERRY_CRASH_POINT=NAME` in the environment names the point at which the process aborts, and
//! `NAME:2` the second time it comes by. Then a test can also take out of the code what a promise rests on ([`mutation`]). Knows nothing of what it interrupts. Start with [`names`]; the test is
//! `cargo xtask crash-points`.

#[cfg(feature = "armed")]
mod armed;
#[cfg(not(feature = "armed"))]
mod disarmed;
pub mod mutation;

#[cfg(feature = "armed")]
pub use armed::{after_commit, before_commit, before_reply, is_unsynced, request_arrives};
#[cfg(not(feature = "armed"))]
pub use disarmed::{after_commit, before_commit, before_reply, is_unsynced, request_arrives};

/// Whether crash points do something in this binary.
pub const IS_ARMED: bool = cfg!(feature = "armed");

/// What is committed: each has the points `NAME.before_commit` and `NAME.after_commit`.
pub const COMMITS: &[&str] = &[
    // Setting up.
    "migrate",
    "organization.insert",
    "company.insert",
    "company.enable_sync",
    "api_key.insert",
    "import",
    // Whether or not anybody calls.
    "check_writable",
    "newest_history_line",
    "history_seal.insert",
    // The application's side.
    "api_key.touch",
    "hand_over",
    "void",
    "mark_ready",
    "mark_unsent",
    "exclude",
    "include",
    "retry",
    "resolve",
    "request_key.begin",
    "request_key.answer",
    // A visit: it begins, also where the one before is dead, and is stepped.
    "company.note_heard",
    "open_visit",
    "take_visit_over",
    "first_request",
    "next_message_set",
    "ask_about_books",
    "ask_about_message_set",
    "nothing_to_send",
    "replay",
    "take_books",
    "take_answer",
    "take_recovered_answer",
    "take_look_up",
    "search",
    "take_search",
    "take_nothing",
    "take_failure",
    "take_refusal_of_the_whole_set",
    "connection_failed",
    "step_without_work",
    "close",
    // The database goes back to an earlier time.
    "restore",
];

/// What is committed too, and where no process dies in a test: no record moves in it, or records move in the one transaction
/// that the other moves of many records have, or nothing that is shipped calls it. An armed process knows these names.
pub const NOT_STRUCK: &[&str] = &[
    // What people arrange for themselves and for one another.
    "create_web_session",
    "web_session.touch",
    "web_session.delete",
    "person.insert",
    "person.set_role",
    "person.set_disabled",
    "person.set_layout",
    "set_person_password",
    "saved_view.save",
    "saved_view.delete",
    "last_move.save",
    "last_move.delete",
    // A key that is free again, and those that are old.
    "request_key.forget",
    "request_key.delete_expired",
    // What people mend in the page: each slice in one transaction, as the other moves.
    "mend",
    "take_back",
    "care",
    "seek",
    "notice.close",
    "api_key.delete",
    "company.set_settings",
    "company.set_password",
    "company.note_refused",
    // What stands in QuickBooks of a record that changed; the next step decides.
    "reread",
    "take_reread",
    "look",
    "take_look",
    // What QuickBooks' lists hold, of which nothing that crosses depends.
    "ask_for_lists",
    "take_lists",
    // What QuickBooks has of older records, of which nothing is sent.
    "ask_about_older",
    "ask_about_older_again",
    "take_older",
    // What stands there of what was submitted; a portion that is asked for again does no harm.
    "reconcile",
    "ask_to_reconcile",
    "take_reconciliation",
    "read_lists_again",
    // What people say that names stand for; a record is planned with what is committed then.
    "map_names",
    "unmap_name",
    // How far each endpoint of a webhook has come: what is not noted is delivered again.
    "webhook.add",
    "webhook.remove",
    "webhook.try_again",
    "webhook.claim",
    "webhook.delivered",
    "webhook.release",
    "webhook.failed",
    // What people are told who do not look, before it is sent.
    "digest.make",
    "digest.claim",
    "digest.settle",
    "digest.give_up",
    "silence",
    "notice.heard_again",
    "person.set_mail_every",
    // A file that is not there yet.
    "backup",
    // Moves of many records, as `mark_ready` and `exclude` are.
    "add_older",
    "hold_back",
    "send_change",
    "keep_quickbooks",
    "held_for_review",
    "rebind",
    // The demonstration's, and the tests'.
    "company.set_books",
    "expire_visit",
];

/// What is answered: each has the points `NAME.before_reply` and `NAME.after_reply`. First the Web Connector's calls, then
/// the API's requests that change something.
pub const REPLIES: &[&str] = &[
    "serverVersion",
    "clientVersion",
    "authenticate",
    "sendRequestXML",
    "receiveResponseXML",
    "connectionError",
    "getLastError",
    "closeConnection",
    "put_invoices",
    "put_payments",
    "delete_invoices",
    "delete_payments",
    "post_records_batch",
    "post_records_ready",
    "post_records_unready",
    "post_records_exclude",
    "post_records_include",
    "post_records_retry",
    "post_records_resolve",
];

/// When, within an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    BeforeCommit,
    AfterCommit,
    BeforeReply,
    /// When the next request arrives, before anything is done for it: by then the caller has read the reply.
    AfterReply,
}

impl Moment {
    pub const fn name(self) -> &'static str {
        match self {
            Self::BeforeCommit => "before_commit",
            Self::AfterCommit => "after_commit",
            Self::BeforeReply => "before_reply",
            Self::AfterReply => "after_reply",
        }
    }
}

/// The names of all crash points.
pub fn names() -> impl Iterator<Item = String> {
    let of = |operations: &'static [&'static str], moments: [Moment; 2]| {
        let name = |operation: &str, moment: Moment| format!("{operation}.{}", moment.name());
        operations.iter().flat_map(move |operation| moments.map(|moment| name(operation, moment)))
    };
    of(COMMITS, [Moment::BeforeCommit, Moment::AfterCommit])
        .chain(of(REPLIES, [Moment::BeforeReply, Moment::AfterReply]))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_name_is_there_once() {
        let names: Vec<String> = super::names().collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(names.len() >= 40, "{}", names.len());
    }
}
