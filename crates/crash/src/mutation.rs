//! Faults that a test plants in the code, one at a time, to see that the simulation finds each of them.
//!
//! A mutation takes out what a promise rests on. Without the feature `armed` none can be planted, and the questions for them
//! compile to nothing. The test is `cargo xtask mutants`.

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutation {
    /// A message set leaves, and is not committed before.
    NoCommitBeforeReply,
    /// Nobody asks about a message set whose answer never came: its records are ready again.
    NoRecovery,
    /// What QuickBooks does not remember was not executed, without a look into the company file.
    NoLookUp,
    /// A change whose answer got lost was never taken, whatever its document shows.
    NoChangeRule,
    /// Whoever signs in gets work, though another visit is in progress.
    NoBusy,
    /// A call that comes again is not answered as the first time, but with what comes next.
    NoReplay,
}

impl Mutation {
    pub const ALL: [Self; 6] =
        [Self::NoCommitBeforeReply, Self::NoRecovery, Self::NoLookUp, Self::NoChangeRule, Self::NoBusy, Self::NoReplay];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NoCommitBeforeReply => "no-commit-before-reply",
            Self::NoRecovery => "no-recovery",
            Self::NoLookUp => "no-look-up",
            Self::NoChangeRule => "no-change-rule",
            Self::NoBusy => "no-busy",
            Self::NoReplay => "no-replay",
        }
    }
}

#[cfg(feature = "armed")]
pub use planted::{is_planted, plant};

#[cfg(feature = "armed")]
mod planted {
    use std::cell::Cell;

    use super::Mutation;

    thread_local! {
        static PLANTED: Cell<Option<Mutation>> = const { Cell::new(None) };
    }

    /// Plants this mutation, and no other, in everything that this thread does from now on.
    pub fn plant(mutation: Option<Mutation>) {
        PLANTED.set(mutation);
    }

    /// Whether this mutation is planted in this thread.
    pub fn is_planted(mutation: Mutation) -> bool {
        PLANTED.get() == Some(mutation)
    }
}

/// Always false here; armed, a test may have planted it.
#[cfg(not(feature = "armed"))]
#[inline]
pub const fn is_planted(_: Mutation) -> bool {
    false
}
