//! A database goes back to its backup, and QuickBooks does not; or another company file comes.

#[path = "../shared/added_company.rs"]
mod added_company;
#[path = "../shared/network.rs"]
mod network;
mod oracle;
#[path = "../shared/postgres_schema.rs"]
mod postgres_schema;
mod rebound;
#[path = "../shared/ridgeline.rs"]
mod ridgeline;
mod world;

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_sync::submission::Status;

use crate::world::{On, World};

#[test]
fn a_restored_backup_on_sqlite_sends_nothing_twice_and_loses_nothing() {
    let forgotten = (0..12).map(|seed| restored(seed, On::Sqlite, Look::First)).sum::<Figures>();
    forgotten.assert_kept();
}

#[test]
fn a_restored_backup_on_postgresql_sends_nothing_twice_and_loses_nothing() {
    let forgotten = (0..4).map(|seed| restored(seed, On::Postgres, Look::First)).sum::<Figures>();
    forgotten.assert_kept();
}

/// The control: without an epoch, records are sent that QuickBooks has. If this found nothing, the tests above could not
/// fail.
#[test]
fn without_the_look_up_a_restored_backup_sends_twice() {
    let figures = (0..4).map(|seed| restored(seed, On::Sqlite, Look::Never)).sum::<Figures>();
    println!("without a look-up: forgotten={} duplicated={}", figures.forgotten, figures.duplicated);
    assert!(figures.duplicated > 0, "{figures:?}");
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    First,
    Never,
}

#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    /// Records that were on their way when the backup was made.
    asked: u64,
    /// Documents in QuickBooks of which the restored database did not know.
    forgotten: u64,
    found: u64,
    duplicated: u64,
    lost: u64,
}

const BEFORE: u32 = 14;
const AFTER: u32 = 20;

/// Some records cross, a backup is made amid a visit, more cross; the backup is restored, and what it does not know is
/// handed over again.
fn restored(seed: u64, on: On, look: Look) -> Figures {
    let mut world = World::new(seed, on);
    world.hand_over(BEFORE / 2);
    world.release();
    world.visit(Faults::none());
    world.hand_over(BEFORE);
    world.release();
    // The visit breaks off somewhere, so that the backup has records on their way.
    world.visit(Faults::seeded(seed).with(Fault::CutVisit, 100).with(Fault::LostResponse, 800));
    let backup = world.back_up();
    world.hand_over(AFTER);
    world.release();
    for round in 0..4 {
        world.visit(faults(seed + 1000 * round, Fault::LostResponse));
    }
    let held = world.file.report().transactions.values().map(|kind| kind.count as u64).sum::<u64>();
    let restored = world.restore(&backup);
    assert_eq!(restored.begun.left_ready, 0, "what was released waits to be released again");
    assert_eq!(world.count(Status::ReadyToSync), 0);
    if look == Look::Never {
        world.tamper("UPDATE company SET epoch = 0, epoch_started_us = NULL");
    }
    let forgotten = held - world.count(Status::Submitted);
    world.hand_over(AFTER);
    world.release();
    // Seldom enough that no two visits in a row ask in vain, after which a person would be asked.
    world.visit_until_settled(Faults::seeded(seed).with(Fault::LostResponse, 60).with(Fault::LostState, 100));
    let report = world.file.report();
    if look == Look::First {
        world.check();
        assert_eq!((world.unsettled(), world.count(Status::NeedsAttention)), (0, 0), "seed {seed}");
    }
    Figures {
        asked: restored.begun.asked,
        forgotten,
        found: world.found(),
        duplicated: report.duplicates.len() as u64,
        lost: u64::from(2 * AFTER) - world.count(Status::Submitted),
    }
}

fn faults(seed: u64, fault: Fault) -> Faults {
    Faults::seeded(seed).with(fault, 250)
}

impl Figures {
    fn assert_kept(self) {
        let Self { asked, forgotten, found, duplicated, lost } = self;
        println!("asked={asked} forgotten={forgotten} found={found} lost={lost} duplicated={duplicated}");
        assert!(asked > 0 && forgotten > 20 && found > 20, "the backups were too fresh to prove anything: {self:?}");
        assert_eq!((self.lost, self.duplicated), (0, 0));
    }
}

impl std::iter::Sum for Figures {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::default(), |sum, next| Self {
            asked: sum.asked + next.asked,
            forgotten: sum.forgotten + next.forgotten,
            found: sum.found + next.found,
            duplicated: sum.duplicated + next.duplicated,
            lost: sum.lost + next.lost,
        })
    }
}
