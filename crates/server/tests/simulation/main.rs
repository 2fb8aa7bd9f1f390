//! The whole server against the simulated QuickBooks, step by step, in one thread and on virtual time.
//!
//! Each seed draws its own troubles and replays to the letter: `SEED=17 cargo nextest run -p bookferry-server --test
//! simulation seeds_`. `SEEDS=1000000` runs more of them; `docs/exactly-once.md` tells what is drawn and what must hold.

#[path = "../shared/added_company.rs"]
mod added_company;
mod breakdowns;
mod content;
mod counters;
mod draw;
mod installation;
mod interleavings;
mod ledger;
#[cfg(feature = "armed")]
mod mutants;
mod network;
mod office;
mod oracle;
mod people;
#[path = "../shared/postgres_schema.rs"]
mod postgres_schema;
mod quickbooks;
mod seeds;
mod storm;
mod world;

use bookferry_simulator::fault::Faults;
use bookferry_sync::submission::Status;

use crate::installation::{Installation, On};
use crate::office::Office;
use crate::storm::visit;
use crate::world::World;

#[test]
fn a_released_invoice_and_its_payment_cross_in_one_visit() {
    for on in [On::Memory, On::File, On::Postgres] {
        let installation = Installation::new(on);
        let mut world = World::new(&installation, 1, 100);
        let mut office = Office::new(Faults::none());
        world.hand_over(1);
        assert_eq!(visit(&mut world, &mut office).report.outcome.to_string(), "Completed: Nothing was sent.");
        assert_eq!(world.count(Status::Unsent), 2, "nothing crosses that nobody released");
        world.release();
        assert_eq!(visit(&mut world, &mut office).report.outcome.to_string(), "Completed: 2 sent.");
        assert_eq!(world.count(Status::Submitted), 2);
        world.check();
        assert_eq!(visit(&mut world, &mut office).report.outcome.to_string(), "No data exchange required");
    }
}

#[test]
fn several_hundred_records_cross_in_one_visit() {
    for on in [On::File, On::Postgres] {
        let installation = Installation::new(on);
        let mut world = World::new(&installation, 2, 100);
        world.hand_over(250);
        world.release();
        visit(&mut world, &mut Office::new(Faults::none()));
        assert_eq!(world.count(Status::Submitted), 500);
        world.check();
    }
}
