//! Every state and every event, with sample values.

use bookferry_sync::cause::Cause;
use bookferry_sync::submission::{Attention, Errand, Event, Meanwhile, Posted, State};

pub(super) const MEANWHILE: [Meanwhile; 3] = [Meanwhile::Nothing, Meanwhile::Revised, Meanwhile::Voided];

/// States that differ in one thing, to stand side by side.
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) states: Vec<State>,
}

pub(super) fn groups() -> Vec<Group> {
    let group = |title, states| Group { title, states };
    let on_its_way = |title, errand: Errand, state: fn(Errand, Meanwhile) -> State| {
        group(title, MEANWHILE.map(|meanwhile| state(errand.clone(), meanwhile)).into())
    };
    let sending = |errand, meanwhile| State::Sending { errand, meanwhile };
    let checking = |errand, meanwhile| State::Unconfirmed { errand, meanwhile };
    let error = |changed_since| {
        let state = |errand| State::NeedsAttention(Attention::Error { cause: cause(), errand, changed_since });
        errands().map(state).into()
    };
    let unconfirmed =
        |errand, meanwhile| State::NeedsAttention(Attention::Unconfirmed { cause: cause(), errand, meanwhile });
    let excluded = [(false, None), (true, None), (false, Some(posted())), (true, Some(posted()))];
    vec![
        group("Held Back, Unsent, Submitted", vec![State::HeldBack, State::Unsent, State::Submitted(posted())]),
        group("Ready To Sync", errands().map(State::ReadyToSync).into()),
        on_its_way("Sending, to add", Errand::Add, sending),
        on_its_way("Sending, to change", Errand::Mod(posted()), sending),
        on_its_way("Sending, to void", Errand::Void(posted()), sending),
        on_its_way("Checking with QuickBooks, to add", Errand::Add, checking),
        on_its_way("Checking with QuickBooks, to change", Errand::Mod(posted()), checking),
        on_its_way("Checking with QuickBooks, to void", Errand::Void(posted()), checking),
        group("Needs Attention: error", error(false)),
        group("Needs Attention: error, changed since", error(true)),
        on_its_way("Needs Attention: unconfirmed, to add", Errand::Add, unconfirmed),
        on_its_way("Needs Attention: unconfirmed, to change", Errand::Mod(posted()), unconfirmed),
        on_its_way("Needs Attention: unconfirmed, to void", Errand::Void(posted()), unconfirmed),
        group(
            "Needs Attention: in QuickBooks, but not as it should be",
            vec![
                State::NeedsAttention(Attention::Updated { posted: posted(), voided: false }),
                State::NeedsAttention(Attention::Updated { posted: posted(), voided: true }),
                State::NeedsAttention(Attention::Differs { posted: posted(), cause: cause() }),
                State::NeedsAttention(Attention::Gone { posted: posted(), cause: cause() }),
            ],
        ),
        group("Excluded", excluded.map(|(voided, posted)| State::Excluded { voided, posted }).into()),
    ]
}

pub(super) fn states() -> Vec<State> {
    groups().into_iter().flat_map(|group| group.states).collect()
}

pub(super) fn events() -> Vec<Event> {
    vec![
        Event::AddOlder,
        Event::HoldBack,
        Event::MarkReady,
        Event::MarkUnsent,
        Event::Enclosed,
        Event::Accepted { posted: posted_next(), difference: None },
        Event::Accepted { posted: posted_next(), difference: Some(cause()) },
        Event::Refused(cause()),
        Event::ChangedThere { edit_sequence: posted_next().edit_sequence, cause: cause() },
        Event::GoneThere(cause()),
        Event::Drifted { edit_sequence: posted_next().edit_sequence, cause: cause() },
        Event::ChangedAgain,
        Event::PutBack { edit_sequence: posted_next().edit_sequence, is_revised: false },
        Event::PutBack { edit_sequence: posted_next().edit_sequence, is_revised: true },
        Event::Postponed,
        Event::AnswerLost,
        Event::NotExecuted,
        Event::Undecidable(cause()),
        Event::Revised,
        Event::Voided,
        Event::Retry,
        Event::Corrected,
        Event::TakenBack(Box::new(Attention::Error { cause: cause(), errand: Errand::Add, changed_since: false })),
        Event::TakenBack(Box::new(Attention::Updated { posted: posted(), voided: false })),
        Event::SendChange,
        Event::KeepQuickBooks,
        Event::AlreadyInQuickBooks(posted_next()),
        Event::Exclude,
        Event::NotInQuickBooks,
        Event::Include,
        Event::HeldForReview,
        Event::FoundInQuickBooks { posted: posted_next(), difference: None },
        Event::FoundInQuickBooks { posted: posted_next(), difference: Some(cause()) },
    ]
}

/// The event, as the tables name it. A new event does not compile here before it stands in [`events`].
pub(super) fn event_label(event: &Event) -> String {
    match event {
        Event::Accepted { difference: Some(_), .. } => "accepted, with a difference".to_owned(),
        Event::FoundInQuickBooks { difference: Some(_), .. } => "found in quickbooks, with a difference".to_owned(),
        Event::PutBack { is_revised: true, .. } => "put back, revised since".to_owned(),
        Event::TakenBack(before) => format!("taken back to {}", attention_label(before)),
        Event::AddOlder
        | Event::HoldBack
        | Event::MarkReady
        | Event::MarkUnsent
        | Event::Enclosed
        | Event::Accepted { difference: None, .. }
        | Event::Refused(_)
        | Event::ChangedThere { .. }
        | Event::GoneThere(_)
        | Event::Drifted { .. }
        | Event::ChangedAgain
        | Event::PutBack { is_revised: false, .. }
        | Event::Postponed
        | Event::AnswerLost
        | Event::NotExecuted
        | Event::Undecidable(_)
        | Event::Revised
        | Event::Voided
        | Event::Retry
        | Event::Corrected
        | Event::SendChange
        | Event::KeepQuickBooks
        | Event::AlreadyInQuickBooks(_)
        | Event::Exclude
        | Event::NotInQuickBooks
        | Event::Include
        | Event::HeldForReview
        | Event::FoundInQuickBooks { difference: None, .. } => event.name().replace('_', " "),
    }
}

/// The state, as the tables name it.
pub(super) fn state_label(state: &State) -> String {
    let status = state.status().label();
    let detail = match state {
        State::HeldBack | State::Unsent | State::Submitted(_) => return status.to_owned(),
        State::ReadyToSync(errand) => errand.as_str().to_owned(),
        State::Sending { errand, meanwhile } | State::Unconfirmed { errand, meanwhile } => {
            format!("{}{}", errand.as_str(), meanwhile_label(*meanwhile))
        }
        State::NeedsAttention(attention) => attention_label(attention),
        State::Excluded { voided, posted } => {
            let voided = if *voided { "voided" } else { "by a person" };
            let posted = if posted.is_some() { "TxnID known" } else { "no TxnID" };
            format!("{voided}, {posted}")
        }
    };
    format!("{status}: {detail}")
}

pub(super) fn cause() -> Cause {
    Cause::new("qb_3140", "QuickBooks lacks an entry that this names.", "There is an invalid reference.")
}

/// What stands in QuickBooks before the event.
pub(super) fn posted() -> Posted {
    Posted { txn_id: "1A-1".to_owned(), edit_sequence: "100".to_owned(), revision: 1 }
}

/// What stands there after it.
pub(super) fn posted_next() -> Posted {
    Posted { txn_id: "1A-1".to_owned(), edit_sequence: "101".to_owned(), revision: 2 }
}

fn errands() -> [Errand; 3] {
    [Errand::Add, Errand::Mod(posted()), Errand::Void(posted())]
}

const fn meanwhile_label(meanwhile: Meanwhile) -> &'static str {
    match meanwhile {
        Meanwhile::Nothing => "",
        Meanwhile::Revised => ", revised meanwhile",
        Meanwhile::Voided => ", voided meanwhile",
    }
}

fn attention_label(attention: &Attention) -> String {
    match attention {
        Attention::Error { errand, changed_since, .. } => {
            format!("error ({}){}", errand.as_str(), if *changed_since { ", changed since" } else { "" })
        }
        Attention::Unconfirmed { errand, meanwhile, .. } => {
            format!("unconfirmed ({}{})", errand.as_str(), meanwhile_label(*meanwhile))
        }
        Attention::Updated { voided: false, .. } => "updated".to_owned(),
        Attention::Updated { voided: true, .. } => "voided".to_owned(),
        Attention::Differs { .. } => "differs".to_owned(),
        Attention::Gone { .. } => "gone".to_owned(),
    }
}
