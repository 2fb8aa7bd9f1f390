//! The moves of very many records that this server is busy with, so that pages show how far each of them is.
//!
//! Another server on the same database does not see them; its pages show the counts change instead.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bookferry_store::BulkMove;
use bookferry_sync::id::CompanyId;

use super::money::{count, counted};

#[derive(Debug, Default)]
pub(crate) struct Underway {
    moves: Mutex<Moves>,
}

#[derive(Debug, Default)]
struct Moves {
    begun: u64,
    by_number: BTreeMap<u64, Move>,
}

/// "ada@example.com is marking records ready to sync: 40,000 of 120,000".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Move {
    company: CompanyId,
    who: String,
    bulk: BulkMove,
    pub(super) moved: u64,
    pub(super) of: u64,
}

/// A move as long as it goes on.
pub(super) struct Going<'a> {
    underway: &'a Underway,
    number: u64,
}

impl Underway {
    pub(super) fn begin(&self, company: CompanyId, who: &str, bulk: BulkMove) -> Going<'_> {
        let mut moves = self.lock();
        moves.begun += 1;
        let number = moves.begun;
        moves.by_number.insert(number, Move { company, who: who.to_owned(), bulk, moved: 0, of: 0 });
        Going { underway: self, number }
    }

    /// Those of which a part is done and a part is left.
    pub(super) fn of(&self, company: CompanyId) -> Vec<Move> {
        let moves = self.lock();
        let of_company = moves.by_number.values().filter(|going| going.company == company);
        of_company.filter(|going| 0 < going.moved && going.moved < going.of).cloned().collect()
    }

    /// The map is whole again after every statement here, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, Moves> {
        self.moves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Going<'_> {
    pub(super) fn tell(&self, moved: u64, of: u64) {
        if let Some(going) = self.underway.lock().by_number.get_mut(&self.number) {
            (going.moved, going.of) = (moved, of);
        }
    }
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        self.underway.lock().by_number.remove(&self.number);
    }
}

impl Move {
    pub(super) fn is_of(&self, who: &str) -> bool {
        self.who == who
    }

    /// What they are doing, as whoever reads it is told.
    pub(super) fn doing(&self, reader: &str) -> String {
        let doing = match self.bulk {
            BulkMove::AddOlder => "adding older records to the queue",
            BulkMove::HoldBack => "taking older records out of the queue",
            BulkMove::MarkReady => "marking records ready to sync",
            BulkMove::MarkUnsent => "marking records unsent",
            BulkMove::Exclude => "putting records aside",
            BulkMove::Include => "putting records back into the queue",
            BulkMove::Retry => "marking records ready to sync again",
            BulkMove::SendChange => "marking records to send their change",
            BulkMove::KeepQuickBooks => "keeping records as QuickBooks has them",
            BulkMove::HoldForReview => "holding records for review",
        };
        if self.is_of(reader) { format!("You are {doing}") } else { format!("{} is {doing}", self.who) }
    }

    pub(super) fn told(&self) -> String {
        format!("{} of {}", count(self.moved), counted(self.of, "record", "records"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn a_move_is_told_to_its_company_between_its_first_portion_and_its_last() {
        let underway = Underway::default();
        let [mine, other] = [1, 2].map(|number| CompanyId::new(Timestamp::UNIX_EPOCH, &[number; 10]));
        let going = underway.begin(mine, "ada@example.com", BulkMove::MarkReady);
        assert_eq!(underway.of(mine), [], "nothing is done yet");
        going.tell(40_000, 120_000);
        let [told] = &underway.of(mine)[..] else { unreachable!("one move goes on") };
        assert_eq!(told.told(), "40,000 of 120,000 records");
        assert_eq!(told.doing("ada@example.com"), "You are marking records ready to sync");
        assert_eq!(told.doing("bob@example.com"), "ada@example.com is marking records ready to sync");
        assert_eq!(underway.of(other), []);
        going.tell(120_000, 120_000);
        assert_eq!(underway.of(mine), [], "nothing is left");
        going.tell(50_000, 120_000);
        drop(going);
        assert_eq!(underway.of(mine), [], "it broke off");
    }
}
