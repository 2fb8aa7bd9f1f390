//! What the history says about a move, in the bookkeeper's words, where the event alone leaves a question open: above all
//! which revision crosses.

use crate::submission::{Attention, Errand, Event, State};

/// The sentence for a move from `from`; `revision` is the newest one once the event has happened.
pub fn reason(from: &State, event: &Event, revision: i64) -> Option<String> {
    let earlier = revision - 1;
    match (event, from) {
        (Event::MarkReady | Event::Retry | Event::SendChange | Event::NotInQuickBooks, _) => {
            Some(format!("Revision {revision} was released."))
        }
        (Event::Corrected, _) => Some(format!("Corrected here; revision {revision} is what will go.")),
        (Event::Revised, State::ReadyToSync(_)) => {
            Some(format!("Changed by the application after it was marked ready; revision {revision} is what will go."))
        }
        (Event::Revised, State::Sending { .. } | State::Unconfirmed { .. }) => Some(format!(
            "Changed by the application while revision {earlier} was on its way; revision {revision} is not with it."
        )),
        (Event::Revised, State::Submitted(posted)) => Some(after_submission(posted.revision, revision)),
        (
            Event::Revised,
            State::NeedsAttention(Attention::Updated { posted, .. } | Attention::Differs { posted, .. }),
        ) => Some(after_submission(posted.revision, revision)),
        (Event::Revised, State::NeedsAttention(Attention::Error { .. })) => {
            Some(format!("Changed by the application; revision {revision} is what Retry sends."))
        }
        (Event::Revised, State::NeedsAttention(Attention::Unconfirmed { .. })) => {
            Some(format!("Changed by the application while it is not known whether QuickBooks has revision {earlier}."))
        }
        (Event::Revised, State::Unsent | State::HeldBack | State::Excluded { .. }) => {
            Some(format!("Changed by the application; revision {revision} takes the place of revision {earlier}."))
        }
        (Event::Revised, State::NeedsAttention(Attention::Gone { .. })) => {
            Some(format!("Changed by the application; revision {revision} is what would be sent anew."))
        }
        (Event::Drifted { cause, .. } | Event::GoneThere(cause), _) => Some(cause.text.clone()),
        (Event::ChangedAgain, _) => Some("Somebody changed it in QuickBooks again while it waited.".to_owned()),
        (Event::PutBack { .. }, State::NeedsAttention(Attention::Error { .. })) => Some(
            "Somebody changed it in QuickBooks so that the change here would write nothing of theirs over.".to_owned(),
        ),
        (Event::PutBack { .. }, _) => Some("QuickBooks has again what was sent.".to_owned()),
        (Event::Voided, State::ReadyToSync(_)) => {
            Some("Voided by the application after it was marked ready; it does not go.".to_owned())
        }
        (Event::Voided, State::Sending { .. } | State::Unconfirmed { .. }) => {
            Some(format!("Voided by the application while revision {earlier} was on its way."))
        }
        (Event::Voided, _) => Some("Voided by the application.".to_owned()),
        (Event::AnswerLost, _) => Some("The answer of QuickBooks never came.".to_owned()),
        (
            Event::Accepted { posted, .. },
            State::Unconfirmed { errand, .. } | State::NeedsAttention(Attention::Unconfirmed { errand, .. }),
        ) => Some(match errand {
            Errand::Void(_) => "The answer had got lost; QuickBooks has voided it.".to_owned(),
            Errand::Add | Errand::Mod(_) => {
                format!("The answer had got lost; QuickBooks has revision {}.", posted.revision)
            }
        }),
        (Event::NotExecuted, _) => Some(format!("QuickBooks has never seen it; revision {revision} is what will go.")),
        _ => None,
    }
}

fn after_submission(held: i64, revision: i64) -> String {
    format!("Changed by the application; QuickBooks has revision {held}, and not revision {revision}.")
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::submission::{Errand, Event, Posted, State};

    #[test]
    fn whoever_reads_the_history_knows_which_revision_crosses() {
        let told = |from: State, event| reason(&from, &event, 3).unwrap_or_default();
        assert_eq!(told(State::Unsent, Event::MarkReady), "Revision 3 was released.");
        assert_eq!(
            told(State::ReadyToSync(Errand::Add), Event::Revised),
            "Changed by the application after it was marked ready; revision 3 is what will go."
        );
        let posted = Posted { txn_id: "1A-1".to_owned(), edit_sequence: "1".to_owned(), revision: 2 };
        assert_eq!(
            told(State::Submitted(posted), Event::Revised),
            "Changed by the application; QuickBooks has revision 2, and not revision 3."
        );
        assert_eq!(reason(&State::ReadyToSync(Errand::Add), &Event::Enclosed, 3), None);
    }
}
