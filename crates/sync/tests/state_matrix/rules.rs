use std::collections::HashSet;

use bookferry_sync::cause::Cause;
use bookferry_sync::submission::{Attention, Errand, Event, Meanwhile, Posted, State};
use bookferry_sync::submission_row::StateRow;
use proptest::collection::vec;
use proptest::prelude::*;

use super::every::{MEANWHILE, event_label, events, state_label, states};

#[test]
fn the_tables_hold_every_state_and_event_once() {
    let labels: HashSet<String> = states().iter().map(state_label).collect();
    assert_eq!(labels.len(), states().len());
    let labels: HashSet<String> = events().iter().map(event_label).collect();
    assert_eq!(labels.len(), events().len());
}

/// Starting from what can be handed over, every state can be reached; the tables tell of none that cannot.
#[test]
fn every_state_can_be_reached() {
    let mut reached: HashSet<String> = HashSet::new();
    let mut open =
        vec![State::handed_over(true, false), State::handed_over(true, true), State::handed_over(false, false)];
    while let Some(state) = open.pop() {
        if reached.insert(state_label(&state)) {
            open.extend(events().into_iter().filter_map(|event| state.clone().apply(event).ok()));
        }
    }
    let all: HashSet<String> = states().iter().map(state_label).collect();
    assert_eq!(all.difference(&reached).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(reached.difference(&all).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn what_is_not_possible_says_so() {
    let refused = State::Submitted(super::every::posted()).apply(Event::MarkReady).expect_err("it is there already");
    assert_eq!(refused.to_string(), "mark_ready is not possible while the record is Submitted");
}

proptest! {
    #[test]
    fn a_state_comes_back_from_its_columns(state in state()) {
        prop_assert_eq!(State::try_from(&StateRow::from(&state)), Ok(state));
    }

    /// What QuickBooks holds is known from then on, and only QuickBooks or a person who looked there can say otherwise.
    /// A record that it holds is never added again, unless it was deleted there and a person wants it anew: at most it is
    /// changed or voided.
    #[test]
    fn what_quickbooks_holds_is_never_forgotten_nor_added_again(first in state(), following in vec(event(), 0..40)) {
        let mut state = first;
        for event in following {
            let before = state.posted().cloned();
            let told = if let Event::Accepted { posted, .. }
            | Event::FoundInQuickBooks { posted, .. }
            | Event::AlreadyInQuickBooks(posted) = &event
            {
                Some(posted.clone())
            } else if let Event::ChangedThere { edit_sequence, .. }
            | Event::Drifted { edit_sequence, .. }
            | Event::PutBack { edit_sequence, .. } = &event
            {
                before.clone().map(|before| Posted { edit_sequence: edit_sequence.clone(), ..before })
            } else {
                None
            };
            let Ok(next) = state.clone().apply(event.clone()) else { continue };
            // Somebody deleted it there, and a person has it sent anew.
            let is_deleted = matches!(state, State::NeedsAttention(Attention::Gone { .. }));
            if is_deleted && event == Event::NotInQuickBooks {
                prop_assert_eq!(&next, &State::ReadyToSync(Errand::Add));
                state = next;
                continue;
            }
            prop_assert_eq!(next.posted().cloned(), told.or(before.clone()), "{:?} --{:?}--> {:?}", state, event, next);
            prop_assert!(before.is_none() || !is_to_be_added(&next), "{:?} --{:?}--> {:?}", state, event, next);
            state = next;
        }
    }

    /// Only one event makes a record leave: it was put into a message set that is about to be sent.
    #[test]
    fn nothing_leaves_but_what_was_released_and_enclosed(state in state(), event in event()) {
        let was_on_its_way = matches!(state, State::Sending { .. } | State::Unconfirmed { .. });
        let is_ready = matches!(state, State::ReadyToSync(_));
        let is_enclosed = event == Event::Enclosed;
        if let Ok(State::Sending { .. }) = state.apply(event) {
            prop_assert!(was_on_its_way || (is_ready && is_enclosed));
        }
    }
}

/// Whether the next thing to happen in QuickBooks could be a new transaction.
fn is_to_be_added(state: &State) -> bool {
    match state {
        State::HeldBack | State::Unsent => true,
        State::ReadyToSync(errand) | State::Sending { errand, .. } | State::Unconfirmed { errand, .. } => {
            *errand == Errand::Add
        }
        State::NeedsAttention(Attention::Error { errand, .. } | Attention::Unconfirmed { errand, .. }) => {
            *errand == Errand::Add
        }
        State::Submitted(_)
        | State::NeedsAttention(Attention::Updated { .. } | Attention::Differs { .. } | Attention::Gone { .. }) => {
            false
        }
        State::Excluded { posted, .. } => posted.is_none(),
    }
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        Just(State::HeldBack),
        Just(State::Unsent),
        errand().prop_map(State::ReadyToSync),
        on_its_way().prop_map(|(errand, meanwhile)| State::Sending { errand, meanwhile }),
        on_its_way().prop_map(|(errand, meanwhile)| State::Unconfirmed { errand, meanwhile }),
        posted().prop_map(State::Submitted),
        attention().prop_map(State::NeedsAttention),
        (any::<bool>(), prop::option::of(posted())).prop_map(|(voided, posted)| State::Excluded { voided, posted }),
    ]
}

fn on_its_way() -> impl Strategy<Value = (Errand, Meanwhile)> {
    (errand(), prop::sample::select(MEANWHILE.to_vec()))
}

fn attention() -> impl Strategy<Value = Attention> {
    prop_oneof![
        (cause(), errand(), any::<bool>()).prop_map(|(cause, errand, changed_since)| Attention::Error {
            cause,
            errand,
            changed_since
        }),
        (cause(), on_its_way()).prop_map(|(cause, (errand, meanwhile))| Attention::Unconfirmed {
            cause,
            errand,
            meanwhile
        }),
        (posted(), any::<bool>()).prop_map(|(posted, voided)| Attention::Updated { posted, voided }),
        (posted(), cause()).prop_map(|(posted, cause)| Attention::Differs { posted, cause }),
        (posted(), cause()).prop_map(|(posted, cause)| Attention::Gone { posted, cause }),
    ]
}

/// Any event; those that carry something carry something new each time.
fn event() -> impl Strategy<Value = Event> {
    let accepted = (posted(), prop::option::of(cause()));
    prop_oneof![
        8 => prop::sample::select(events()),
        1 => accepted.prop_map(|(posted, difference)| Event::Accepted { posted, difference }),
        1 => posted().prop_map(Event::AlreadyInQuickBooks),
        1 => (posted(), prop::option::of(cause()))
            .prop_map(|(posted, difference)| Event::FoundInQuickBooks { posted, difference }),
        1 => attention().prop_map(|before| Event::TakenBack(Box::new(before))),
        1 => cause().prop_map(Event::Refused),
        1 => cause().prop_map(Event::Undecidable),
    ]
}

fn errand() -> impl Strategy<Value = Errand> {
    prop_oneof![Just(Errand::Add), posted().prop_map(Errand::Mod), posted().prop_map(Errand::Void)]
}

fn posted() -> impl Strategy<Value = Posted> {
    ("[0-9A-F]{1,8}-[0-9]{10}", "[0-9]{1,16}", any::<i64>()).prop_map(|(txn_id, edit_sequence, revision)| Posted {
        txn_id,
        edit_sequence,
        revision,
    })
}

fn cause() -> impl Strategy<Value = Cause> {
    ("[a-z_0-9]{1,12}", any::<String>(), any::<String>())
        .prop_map(|(code, text, detail)| Cause::new(code, text, detail))
}
