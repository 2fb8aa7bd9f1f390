//! The life of a submission: its states, the events that move it, and nothing else.
//!
//! Each state carries exactly what it has. A transition consumes the state; what an event cannot do to a state is an
//! [`InvalidTransition`], never a silent no-op. The whole matrix is a snapshot (`tests/state_matrix.rs`), drawn in
//! `docs/state-machines.md`.
#![expect(clippy::wildcard_enum_match_arm, reason = "what an event cannot do is refused; the matrix lists every pair")]

use serde::{Deserialize, Serialize};

use crate::cause::Cause;
use crate::record::UnknownWord;

/// The word on the bookkeeper's screen, in the API and in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Handed over; waits for a person to release it.
    Unsent,
    /// Released; goes across in the next visit, unless it waits for another record.
    ReadyToSync,
    /// Part of a message set whose answer is awaited.
    Sending,
    /// The answer never came. Shown as "Checking with QuickBooks".
    Unconfirmed,
    /// QuickBooks holds it.
    Submitted,
    /// Waits for a person to decide.
    NeedsAttention,
    /// A person decided not to send it, or it was voided before it was sent.
    Excluded,
    /// Created before sync was enabled; outside the queue.
    HeldBack,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Unsent,
        Self::ReadyToSync,
        Self::Sending,
        Self::Unconfirmed,
        Self::Submitted,
        Self::NeedsAttention,
        Self::Excluded,
        Self::HeldBack,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unsent => "unsent",
            Self::ReadyToSync => "ready_to_sync",
            Self::Sending => "sending",
            Self::Unconfirmed => "unconfirmed",
            Self::Submitted => "submitted",
            Self::NeedsAttention => "needs_attention",
            Self::Excluded => "excluded",
            Self::HeldBack => "held_back",
        }
    }

    /// As the Sync Manager shows it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unsent => "Unsent",
            Self::ReadyToSync => "Ready To Sync",
            Self::Sending => "Sending",
            Self::Unconfirmed => "Checking with QuickBooks",
            Self::Submitted => "Submitted",
            Self::NeedsAttention => "Needs Attention",
            Self::Excluded => "Excluded",
            Self::HeldBack => "Held Back",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// What stands in QuickBooks, and which revision of ours it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posted {
    pub txn_id: String,
    pub edit_sequence: String,
    pub revision: i64,
}

/// What is to be done in QuickBooks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    Add,
    Mod(Posted),
    Void(Posted),
}

/// What the application did while the record was on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meanwhile {
    Nothing,
    Revised,
    Voided,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attention {
    /// QuickBooks refused, or would; nothing was written by this errand.
    Error { cause: Cause, errand: Errand, changed_since: bool },
    /// Neither recovery nor look-up could tell whether QuickBooks has it. It leaves this state by a person's word, or by an
    /// answer of QuickBooks that comes at last, as long as it is asked.
    Unconfirmed { cause: Cause, errand: Errand, meanwhile: Meanwhile },
    /// Changed, or voided, by the application after QuickBooks had it.
    Updated { posted: Posted, voided: bool },
    /// QuickBooks has it, but not as we sent it: another total, usually by a cent of tax, or somebody changed it there.
    Differs { posted: Posted, cause: Cause },
    /// QuickBooks had it, and somebody deleted it there.
    Gone { posted: Posted, cause: Cause },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    HeldBack,
    Unsent,
    ReadyToSync(Errand),
    Sending { errand: Errand, meanwhile: Meanwhile },
    Unconfirmed { errand: Errand, meanwhile: Meanwhile },
    Submitted(Posted),
    NeedsAttention(Attention),
    Excluded { voided: bool, posted: Option<Posted> },
}

/// What can happen to a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// "Add older records" takes in what was handed over before sync was enabled.
    AddOlder,
    /// "Add older records" is taken back.
    HoldBack,
    MarkReady,
    MarkUnsent,
    /// Put into a message set, which is about to leave.
    Enclosed,
    /// QuickBooks did it. `difference` says where its total is not ours.
    Accepted {
        posted: Posted,
        difference: Option<Cause>,
    },
    /// QuickBooks refused for good, or the planner knows that it would.
    Refused(Cause),
    /// Somebody changed it in QuickBooks too: the change is not sent, or not again after its answer got lost, before a person
    /// has decided, who then has seen it as it stands.
    ChangedThere {
        /// That state's.
        edit_sequence: String,
        cause: Cause,
    },
    /// Somebody deleted it in QuickBooks.
    GoneThere(Cause),
    /// Somebody changed in QuickBooks what was submitted.
    Drifted {
        /// That state's.
        edit_sequence: String,
        cause: Cause,
    },
    /// While it waits for a person, somebody changed it in QuickBooks again; what it waits for is the same.
    ChangedAgain,
    /// While it waits for a person, somebody had QuickBooks hold again what was sent, or nothing that a change of ours would
    /// write over.
    PutBack {
        /// That state's.
        edit_sequence: String,
        /// Whether the newest revision is another than the one that QuickBooks has.
        is_revised: bool,
    },
    /// QuickBooks was busy or the record was locked; later again.
    Postponed,
    AnswerLost,
    /// Recovery found that the message set was never executed.
    NotExecuted,
    Undecidable(Cause),
    /// The application handed over a new revision.
    Revised,
    /// The application voided it.
    Voided,
    Retry,
    /// A person corrected it here: its newest revision is theirs, and goes as it is.
    Corrected,
    /// A person takes their last mending back, before anything has crossed: it waits again as it did.
    TakenBack(Box<Attention>),
    SendChange,
    KeepQuickBooks,
    AlreadyInQuickBooks(Posted),
    /// A person has looked: what is unconfirmed is not in QuickBooks.
    NotInQuickBooks,
    Exclude,
    Include,
    /// A backup was restored, or the books were changed: what was released before is looked at once more.
    HeldForReview,
    /// Looked for before it was to be added: QuickBooks has it, sent by a time that the database has forgotten.
    FoundInQuickBooks {
        posted: Posted,
        difference: Option<Cause>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} is not possible while the record is {}", status.label())]
pub struct InvalidTransition {
    pub status: Status,
    pub event: &'static str,
}

impl State {
    /// The first state of a record that was just handed over.
    pub const fn handed_over(since_enabled: bool, release_automatically: bool) -> Self {
        match (since_enabled, release_automatically) {
            (false, _) => Self::HeldBack,
            (true, false) => Self::Unsent,
            (true, true) => Self::ReadyToSync(Errand::Add),
        }
    }

    pub const fn status(&self) -> Status {
        match self {
            Self::HeldBack => Status::HeldBack,
            Self::Unsent => Status::Unsent,
            Self::ReadyToSync(_) => Status::ReadyToSync,
            Self::Sending { .. } => Status::Sending,
            Self::Unconfirmed { .. } => Status::Unconfirmed,
            Self::Submitted(_) => Status::Submitted,
            Self::NeedsAttention(_) => Status::NeedsAttention,
            Self::Excluded { .. } => Status::Excluded,
        }
    }

    /// Whether the application changed it after QuickBooks had it, and nothing else keeps the change from being sent.
    pub const fn is_only_changed(&self) -> bool {
        matches!(self, Self::NeedsAttention(Attention::Updated { voided: false, .. }))
    }

    /// What of it stands in QuickBooks, as far as is known.
    pub const fn posted(&self) -> Option<&Posted> {
        match self {
            Self::HeldBack | Self::Unsent => None,
            Self::ReadyToSync(errand) | Self::Sending { errand, .. } | Self::Unconfirmed { errand, .. } => {
                errand.posted()
            }
            Self::Submitted(posted) => Some(posted),
            Self::NeedsAttention(attention) => attention.posted(),
            Self::Excluded { posted, .. } => posted.as_ref(),
        }
    }

    /// Moves the submission.
    pub fn apply(self, event: Event) -> Result<Self, InvalidTransition> {
        let refuse = InvalidTransition { status: self.status(), event: event.name() };
        if let Event::TakenBack(before) = event {
            return self.taken_back(*before).ok_or(refuse);
        }
        match self {
            Self::HeldBack => held_back(event),
            Self::Unsent => unsent(event),
            Self::ReadyToSync(errand) => ready_to_sync(errand, event),
            Self::Sending { errand, meanwhile } => sending(errand, meanwhile, event),
            Self::Unconfirmed { errand, meanwhile } => unconfirmed(errand, meanwhile, event),
            Self::Submitted(posted) => submitted(posted, event),
            Self::NeedsAttention(attention) => needs_attention(attention, event),
            Self::Excluded { voided, posted } => excluded(voided, posted, event),
        }
        .ok_or(refuse)
    }
}

impl State {
    /// What QuickBooks holds of it is the same before and after; what may be there unknown to us is not decided anew.
    fn taken_back(self, before: Attention) -> Option<Self> {
        let is_waiting = matches!(self, Self::ReadyToSync(_) | Self::Excluded { .. } | Self::Submitted(_));
        let is_undecided = matches!(before, Attention::Unconfirmed { .. });
        let is_same = self.posted() == before.posted();
        (is_waiting && is_same && !is_undecided).then_some(Self::NeedsAttention(before))
    }
}

fn held_back(event: Event) -> Option<State> {
    match event {
        Event::AddOlder => Some(State::Unsent),
        Event::Revised | Event::Corrected => Some(State::HeldBack),
        Event::Voided => Some(State::Excluded { voided: true, posted: None }),
        Event::Exclude => Some(State::Excluded { voided: false, posted: None }),
        Event::AlreadyInQuickBooks(posted) => Some(State::Submitted(posted)),
        _ => None,
    }
}

fn unsent(event: Event) -> Option<State> {
    match event {
        Event::HoldBack => Some(State::HeldBack),
        Event::MarkReady => Some(State::ReadyToSync(Errand::Add)),
        Event::Revised | Event::Corrected => Some(State::Unsent),
        Event::Voided => Some(State::Excluded { voided: true, posted: None }),
        Event::Exclude => Some(State::Excluded { voided: false, posted: None }),
        Event::AlreadyInQuickBooks(posted) => Some(State::Submitted(posted)),
        _ => None,
    }
}

fn ready_to_sync(errand: Errand, event: Event) -> Option<State> {
    match event {
        Event::MarkUnsent | Event::HeldForReview => Some(match errand {
            Errand::Add => State::Unsent,
            Errand::Mod(posted) => State::NeedsAttention(Attention::Updated { posted, voided: false }),
            Errand::Void(posted) => State::NeedsAttention(Attention::Updated { posted, voided: true }),
        }),
        Event::Enclosed => Some(State::Sending { errand, meanwhile: Meanwhile::Nothing }),
        Event::Refused(cause) => Some(State::NeedsAttention(Attention::Error { cause, errand, changed_since: false })),
        Event::ChangedThere { edit_sequence, cause } => {
            let errand = Some(errand).filter(|errand| matches!(errand, Errand::Mod(_)))?.of_sequence(edit_sequence)?;
            Some(State::NeedsAttention(Attention::Error { cause, errand, changed_since: false }))
        }
        Event::GoneThere(cause) => {
            errand.into_posted().map(|posted| State::NeedsAttention(Attention::Gone { posted, cause }))
        }
        Event::Revised => Some(match errand {
            Errand::Void(posted) => State::ReadyToSync(Errand::Mod(posted)),
            Errand::Add | Errand::Mod(_) => State::ReadyToSync(errand),
        }),
        Event::Corrected if !matches!(errand, Errand::Void(_)) => Some(State::ReadyToSync(errand)),
        Event::Voided => Some(match errand {
            Errand::Add => State::Excluded { voided: true, posted: None },
            Errand::Mod(posted) | Errand::Void(posted) => {
                State::NeedsAttention(Attention::Updated { posted, voided: true })
            }
        }),
        Event::Exclude => Some(State::Excluded { voided: false, posted: errand.into_posted() }),
        Event::FoundInQuickBooks { posted, difference } if errand == Errand::Add => {
            settled(errand, Meanwhile::Nothing, Event::Accepted { posted, difference })
        }
        Event::Undecidable(cause) if errand == Errand::Add => {
            Some(State::NeedsAttention(Attention::Unconfirmed { cause, errand, meanwhile: Meanwhile::Nothing }))
        }
        Event::AlreadyInQuickBooks(posted) => Some(State::Submitted(posted)),
        _ => None,
    }
}

fn sending(errand: Errand, meanwhile: Meanwhile, event: Event) -> Option<State> {
    match event {
        Event::AnswerLost => Some(State::Unconfirmed { errand, meanwhile }),
        Event::Revised => Some(State::Sending { errand, meanwhile: Meanwhile::Revised }),
        Event::Voided => Some(State::Sending { errand, meanwhile: Meanwhile::Voided }),
        other => settled(errand, meanwhile, other),
    }
}

fn unconfirmed(errand: Errand, meanwhile: Meanwhile, event: Event) -> Option<State> {
    match event {
        Event::NotExecuted => settled(errand, meanwhile, Event::Postponed),
        Event::ChangedThere { edit_sequence, cause } => {
            settled(errand.of_sequence(edit_sequence)?, meanwhile, Event::Refused(cause))
        }
        Event::GoneThere(cause) => gone(errand, meanwhile, cause),
        Event::Undecidable(cause) => Some(State::NeedsAttention(Attention::Unconfirmed { cause, errand, meanwhile })),
        Event::Revised => Some(State::Unconfirmed { errand, meanwhile: Meanwhile::Revised }),
        Event::Voided => Some(State::Unconfirmed { errand, meanwhile: Meanwhile::Voided }),
        other => settled(errand, meanwhile, other),
    }
}

/// A document that the application does not want any more is where it should be.
fn gone(errand: Errand, meanwhile: Meanwhile, cause: Cause) -> Option<State> {
    let is_unwanted = match meanwhile {
        Meanwhile::Nothing => matches!(errand, Errand::Void(_)),
        Meanwhile::Revised => false,
        Meanwhile::Voided => true,
    };
    let posted = errand.into_posted()?;
    Some(if is_unwanted {
        State::Excluded { voided: true, posted: Some(posted) }
    } else {
        State::NeedsAttention(Attention::Gone { posted, cause })
    })
}

/// What an answer of QuickBooks makes of a record that was on its way, whether it came in time or was recovered.
fn settled(errand: Errand, meanwhile: Meanwhile, event: Event) -> Option<State> {
    match event {
        Event::Accepted { posted, difference } => Some(match (meanwhile, difference) {
            (Meanwhile::Nothing, None) => State::Submitted(posted),
            (Meanwhile::Nothing, Some(cause)) => State::NeedsAttention(Attention::Differs { posted, cause }),
            (Meanwhile::Revised, _) => State::NeedsAttention(Attention::Updated { posted, voided: false }),
            (Meanwhile::Voided, _) => State::NeedsAttention(Attention::Updated { posted, voided: true }),
        }),
        Event::Refused(cause) => Some(match (meanwhile, errand) {
            (Meanwhile::Nothing, errand) => {
                State::NeedsAttention(Attention::Error { cause, errand, changed_since: false })
            }
            (Meanwhile::Voided, Errand::Add) => State::Excluded { voided: true, posted: None },
            (Meanwhile::Voided, Errand::Mod(posted)) => {
                State::NeedsAttention(Attention::Updated { posted, voided: true })
            }
            (Meanwhile::Revised, Errand::Void(posted)) => {
                State::NeedsAttention(Attention::Updated { posted, voided: false })
            }
            (Meanwhile::Revised | Meanwhile::Voided, errand) => {
                State::NeedsAttention(Attention::Error { cause, errand, changed_since: true })
            }
        }),
        Event::Postponed => Some(match (meanwhile, errand) {
            (Meanwhile::Voided, Errand::Add) => State::Excluded { voided: true, posted: None },
            (Meanwhile::Voided, Errand::Mod(posted)) => {
                State::NeedsAttention(Attention::Updated { posted, voided: true })
            }
            (Meanwhile::Revised, Errand::Void(posted)) => {
                State::NeedsAttention(Attention::Updated { posted, voided: false })
            }
            (Meanwhile::Nothing | Meanwhile::Revised | Meanwhile::Voided, errand) => State::ReadyToSync(errand),
        }),
        _ => None,
    }
}

fn submitted(posted: Posted, event: Event) -> Option<State> {
    match event {
        Event::Revised => Some(State::NeedsAttention(Attention::Updated { posted, voided: false })),
        Event::Voided => Some(State::NeedsAttention(Attention::Updated { posted, voided: true })),
        Event::Drifted { edit_sequence, cause } => {
            let posted = Posted { edit_sequence, ..posted };
            Some(State::NeedsAttention(Attention::Differs { posted, cause }))
        }
        Event::GoneThere(cause) => Some(State::NeedsAttention(Attention::Gone { posted, cause })),
        _ => None,
    }
}

fn needs_attention(attention: Attention, event: Event) -> Option<State> {
    match (attention, event) {
        // An unconfirmed record is not put aside, or it could come back and be sent a second time.
        (Attention::Unconfirmed { .. }, Event::Exclude) => None,
        (Attention::Updated { posted, voided }, Event::Exclude) => {
            Some(State::Excluded { voided, posted: Some(posted) })
        }
        (attention, Event::Exclude) => Some(State::Excluded { voided: false, posted: attention.into_posted() }),
        (Attention::Unconfirmed { errand, meanwhile, .. }, Event::AlreadyInQuickBooks(posted)) => {
            settled(errand, meanwhile, Event::Accepted { posted, difference: None })
        }
        (Attention::Unconfirmed { errand, meanwhile, .. }, Event::NotInQuickBooks) => {
            settled(errand, meanwhile, Event::Postponed)
        }
        (
            Attention::Error { .. } | Attention::Updated { .. } | Attention::Gone { .. },
            Event::AlreadyInQuickBooks(posted),
        ) => Some(State::Submitted(posted)),
        // A person has looked: it may be sent anew, and stays deleted otherwise.
        (Attention::Gone { .. }, Event::NotInQuickBooks) => Some(State::ReadyToSync(Errand::Add)),
        (Attention::Gone { posted, .. }, Event::KeepQuickBooks) => {
            Some(State::Excluded { voided: false, posted: Some(posted) })
        }
        (Attention::Gone { posted, .. }, Event::Voided) => Some(State::Excluded { voided: true, posted: Some(posted) }),
        (gone @ Attention::Gone { .. }, Event::Revised) => Some(State::NeedsAttention(gone)),
        (Attention::Error { errand, .. }, Event::Retry) => Some(State::ReadyToSync(errand)),
        (Attention::Error { errand: errand @ (Errand::Add | Errand::Mod(_)), .. }, Event::Corrected) => {
            Some(State::ReadyToSync(errand))
        }
        (Attention::Updated { posted, voided: false } | Attention::Differs { posted, .. }, Event::Corrected) => {
            Some(State::ReadyToSync(Errand::Mod(posted)))
        }
        (Attention::Error { errand: Errand::Void(posted), .. }, Event::Revised) => {
            Some(State::NeedsAttention(Attention::Updated { posted, voided: false }))
        }
        (Attention::Error { cause, errand, .. }, Event::Revised) => {
            Some(State::NeedsAttention(Attention::Error { cause, errand, changed_since: true }))
        }
        (Attention::Error { errand: Errand::Add, .. }, Event::Voided) => {
            Some(State::Excluded { voided: true, posted: None })
        }
        (Attention::Error { errand: Errand::Mod(posted) | Errand::Void(posted), .. }, Event::Voided) => {
            Some(State::NeedsAttention(Attention::Updated { posted, voided: true }))
        }
        (Attention::Error { errand: Errand::Mod(posted) | Errand::Void(posted), .. }, Event::KeepQuickBooks) => {
            Some(State::Submitted(posted))
        }
        (Attention::Unconfirmed { cause, errand, .. }, Event::Revised) => {
            let meanwhile = Meanwhile::Revised;
            Some(State::NeedsAttention(Attention::Unconfirmed { cause, errand, meanwhile }))
        }
        (Attention::Unconfirmed { cause, errand, .. }, Event::Voided) => {
            let meanwhile = Meanwhile::Voided;
            Some(State::NeedsAttention(Attention::Unconfirmed { cause, errand, meanwhile }))
        }
        (Attention::Unconfirmed { errand, meanwhile, .. }, told) => unconfirmed(errand, meanwhile, told),
        (Attention::Updated { posted, voided }, Event::SendChange) => {
            Some(State::ReadyToSync(if voided { Errand::Void(posted) } else { Errand::Mod(posted) }))
        }
        (Attention::Updated { posted, .. } | Attention::Differs { posted, .. }, Event::KeepQuickBooks) => {
            Some(State::Submitted(posted))
        }
        (Attention::Differs { posted, .. }, Event::SendChange) => Some(State::ReadyToSync(Errand::Mod(posted))),
        (Attention::Updated { posted, .. } | Attention::Differs { posted, .. }, Event::Revised) => {
            Some(State::NeedsAttention(Attention::Updated { posted, voided: false }))
        }
        (Attention::Updated { posted, .. } | Attention::Differs { posted, .. }, Event::Voided) => {
            Some(State::NeedsAttention(Attention::Updated { posted, voided: true }))
        }
        (attention, event) => touched_while_waiting(attention, event),
    }
}

/// What somebody did in QuickBooks while the record waited for a person, who has decided nothing yet.
fn touched_while_waiting(attention: Attention, event: Event) -> Option<State> {
    let state = match (attention, event) {
        (
            Attention::Differs { posted, .. } | Attention::Gone { posted, .. },
            Event::Drifted { edit_sequence, cause },
        ) => Attention::Differs { posted: Posted { edit_sequence, ..posted }, cause },
        (
            Attention::Differs { posted, .. }
            | Attention::Updated { posted, voided: false }
            | Attention::Error { errand: Errand::Mod(posted), .. },
            Event::GoneThere(cause),
        ) => Attention::Gone { posted, cause },
        // The application voided it, and it is gone: nobody has to decide any more.
        (
            Attention::Updated { posted, voided: true } | Attention::Error { errand: Errand::Void(posted), .. },
            Event::GoneThere(_),
        ) => return Some(State::Excluded { voided: true, posted: Some(posted) }),
        (
            Attention::Error { errand: Errand::Mod(posted), changed_since, .. },
            Event::ChangedThere { edit_sequence, cause },
        ) => {
            let errand = Errand::Mod(Posted { edit_sequence, ..posted });
            Attention::Error { cause, errand, changed_since }
        }
        (
            attention @ (Attention::Updated { .. } | Attention::Error { errand: Errand::Mod(_) | Errand::Void(_), .. }),
            Event::ChangedAgain,
        ) => attention,
        (Attention::Error { errand: Errand::Mod(posted), .. }, Event::PutBack { edit_sequence, .. }) => {
            Attention::Updated { posted: Posted { edit_sequence, ..posted }, voided: false }
        }
        (
            Attention::Differs { posted, .. } | Attention::Gone { posted, .. },
            Event::PutBack { edit_sequence, is_revised },
        ) => {
            let posted = Posted { edit_sequence, ..posted };
            if !is_revised {
                return Some(State::Submitted(posted));
            }
            Attention::Updated { posted, voided: false }
        }
        _ => return None,
    };
    Some(State::NeedsAttention(state))
}

fn excluded(voided: bool, posted: Option<Posted>, event: Event) -> Option<State> {
    match (event, posted) {
        (Event::Include, None) if !voided => Some(State::Unsent),
        (Event::Include, Some(posted)) => Some(State::NeedsAttention(Attention::Updated { posted, voided })),
        (Event::Revised, None) if voided => Some(State::Unsent),
        (Event::Revised, posted) => Some(State::Excluded { voided: false, posted }),
        (Event::Voided, posted) => Some(State::Excluded { voided: true, posted }),
        (Event::AlreadyInQuickBooks(posted), _) => Some(State::Submitted(posted)),
        _ => None,
    }
}

impl Errand {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Mod(_) => "mod",
            Self::Void(_) => "void",
        }
    }

    pub const fn posted(&self) -> Option<&Posted> {
        match self {
            Self::Add => None,
            Self::Mod(posted) | Self::Void(posted) => Some(posted),
        }
    }

    /// The same errand, about the document as it stands now.
    fn of_sequence(self, edit_sequence: String) -> Option<Self> {
        match self {
            Self::Add => None,
            Self::Mod(posted) => Some(Self::Mod(Posted { edit_sequence, ..posted })),
            Self::Void(posted) => Some(Self::Void(Posted { edit_sequence, ..posted })),
        }
    }

    fn into_posted(self) -> Option<Posted> {
        match self {
            Self::Add => None,
            Self::Mod(posted) | Self::Void(posted) => Some(posted),
        }
    }
}

impl Attention {
    pub const fn posted(&self) -> Option<&Posted> {
        match self {
            Self::Error { errand, .. } | Self::Unconfirmed { errand, .. } => errand.posted(),
            Self::Updated { posted, .. } | Self::Differs { posted, .. } | Self::Gone { posted, .. } => Some(posted),
        }
    }

    fn into_posted(self) -> Option<Posted> {
        match self {
            Self::Error { errand, .. } | Self::Unconfirmed { errand, .. } => errand.into_posted(),
            Self::Updated { posted, .. } | Self::Differs { posted, .. } | Self::Gone { posted, .. } => Some(posted),
        }
    }
}

impl Event {
    /// As in the history and in errors.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::AddOlder => "add_older",
            Self::HoldBack => "hold_back",
            Self::MarkReady => "mark_ready",
            Self::MarkUnsent => "mark_unsent",
            Self::Enclosed => "enclosed",
            Self::Accepted { .. } => "accepted",
            Self::Refused(_) => "refused",
            Self::ChangedThere { .. } => "changed_there",
            Self::GoneThere(_) => "gone_there",
            Self::Drifted { .. } => "drifted",
            Self::ChangedAgain => "changed_again",
            Self::PutBack { .. } => "put_back",
            Self::Postponed => "postponed",
            Self::AnswerLost => "answer_lost",
            Self::NotExecuted => "not_executed",
            Self::Undecidable(_) => "undecidable",
            Self::Revised => "revised",
            Self::Voided => "voided",
            Self::Retry => "retry",
            Self::Corrected => "corrected",
            Self::TakenBack(_) => "taken_back",
            Self::SendChange => "send_change",
            Self::KeepQuickBooks => "keep_quickbooks",
            Self::AlreadyInQuickBooks(_) => "already_in_quickbooks",
            Self::NotInQuickBooks => "not_in_quickbooks",
            Self::Exclude => "exclude",
            Self::Include => "include",
            Self::HeldForReview => "held_for_review",
            Self::FoundInQuickBooks { .. } => "found_in_quickbooks",
        }
    }
}
