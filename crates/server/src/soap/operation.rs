//! What a step of a visit does, in a word: it names the commit in the list of crash points.

use bookferry_qbwc::{Answer, Step};
use bookferry_qbxml::hresult::Hresult;
use bookferry_sync::visit::{Inquiry, VisitState};

/// The name of a step's work, told by the call and what was asked before it.
pub(super) fn name(work: &Step<'_>, state: &VisitState) -> &'static str {
    match work {
        Step::FirstRequest { .. } => "first_request",
        Step::NextMessageSet { .. } => "next_message_set",
        Step::Replay { .. } => "replay",
        Step::TakeAnswer { answer: Answer::Failed { hresult, .. }, .. } => failure(hresult),
        Step::TakeAnswer { answer: Answer::Nothing, .. } => "take_failure",
        Step::TakeAnswer { answer: Answer::Response(_), .. } => match &state.inquiry {
            None => "take_answer",
            Some(Inquiry::Books { .. }) => "take_books",
            Some(Inquiry::Recovery { .. }) => "take_recovered_answer",
            Some(Inquiry::LookUp { .. }) => "take_look_up",
            Some(Inquiry::Search { .. }) => "take_search",
            Some(Inquiry::Reread { .. }) => "take_reread",
            Some(Inquiry::Look { .. }) => "take_look",
            Some(Inquiry::Older { .. }) => "take_older",
            Some(Inquiry::Lists { .. }) => "take_lists",
            Some(Inquiry::Reconciliation { .. }) => "take_reconciliation",
            Some(Inquiry::Nothing { .. }) => "take_nothing",
        },
        Step::ConnectionFailed { .. } => "connection_failed",
        Step::Close { .. } => "close",
        Step::Reply(_) | Step::NotOfASession => "step_without_work",
    }
}

/// The name of a request's work, once it is clear what is asked.
pub(super) fn name_once_planned(name: &'static str, state: &VisitState) -> &'static str {
    match (name, &state.inquiry) {
        ("first_request" | "next_message_set", Some(inquiry)) => match inquiry {
            Inquiry::Books { .. } => "ask_about_books",
            Inquiry::Recovery { .. } => "ask_about_message_set",
            Inquiry::LookUp { .. } => name,
            Inquiry::Search { .. } => "search",
            Inquiry::Reread { .. } => "reread",
            Inquiry::Look { .. } => "look",
            Inquiry::Older { .. } => "ask_about_older",
            Inquiry::Lists { .. } => "ask_for_lists",
            Inquiry::Reconciliation { .. } => "ask_to_reconcile",
            Inquiry::Nothing { .. } => "nothing_to_send",
        },
        (name, _) => name,
    }
}

/// Of some errors it is certain that nothing was executed.
fn failure(hresult: &str) -> &'static str {
    let is_certain = hresult.parse().is_ok_and(Hresult::nothing_was_executed);
    if is_certain { "take_refusal_of_the_whole_set" } else { "take_failure" }
}
