//! The whole server against the simulated QuickBooks, on both databases, in one thread and on virtual time.
//!
//! Each run is replayed by its seed: `SEED=17 cargo nextest run -p bookferry-server --test simulation`.

mod oracle;
mod rebound;
mod restored;
mod world;

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_sync::submission::Status;

use crate::world::{On, World};

#[test]
fn a_released_invoice_and_its_payment_cross_in_one_visit() {
    for on in [On::Sqlite, On::Postgres] {
        let mut world = World::new(1, on);
        world.hand_over(1);
        assert_eq!(world.visit(Faults::none()).problems, Vec::<String>::new());
        assert_eq!(world.count(Status::Unsent), 2, "nothing crosses that nobody released");
        world.release();
        let report = world.visit(Faults::none());
        assert_eq!(report.outcome.to_string(), "Completed: 2 sent.");
        assert_eq!(world.count(Status::Submitted), 2);
        world.check();
        assert_eq!(world.visit(Faults::none()).outcome.to_string(), "No data exchange required");
    }
}

#[test]
fn several_hundred_records_cross_in_one_visit() {
    for on in [On::Sqlite, On::Postgres] {
        let mut world = World::new(2, on);
        world.hand_over(250);
        world.release();
        world.visit(Faults::none());
        assert_eq!(world.count(Status::Submitted), 500);
        world.check();
    }
}

#[test]
fn faults_on_sqlite_lose_nothing_and_post_nothing_twice() {
    weather_faults(On::Sqlite, 3);
}

#[test]
fn faults_on_postgresql_lose_nothing_and_post_nothing_twice() {
    weather_faults(On::Postgres, 1);
}

const FAULTS: [Fault; 12] = [
    Fault::LostRequest,
    Fault::LostAnswer,
    Fault::LostResponse,
    Fault::LostAcknowledgement,
    Fault::RepeatedCall,
    Fault::CutVisit,
    Fault::Busy,
    Fault::Locked,
    Fault::ModalDialog,
    Fault::ProcessError,
    Fault::RestartAfterwards,
    Fault::LostState,
];

/// Faults that only together leave nothing but the look-up: QuickBooks did it, nobody heard, and it has forgotten.
const FORGOTTEN: [&[Fault]; 3] = [
    &[Fault::LostResponse, Fault::LostState],
    &[Fault::RestartAfterwards, Fault::LostState],
    &[Fault::CutVisit, Fault::LostState],
];

/// Each fault on its own, often; then those that make matters worse together; then all; so `rounds` times. Nothing is lost,
/// nothing posted twice, and once the faults stop, nothing is left behind.
fn weather_faults(on: On, rounds: u64) {
    let mut ways: Vec<Vec<Fault>> = FAULTS.iter().map(|&fault| vec![fault]).collect();
    ways.extend(FORGOTTEN.iter().map(|faults| faults.to_vec()));
    ways.push(FAULTS.to_vec());
    let mut struck = 0;
    for seed in seeds(rounds * ways.len() as u64) {
        let way = usize::try_from(seed).expect("a small number") % ways.len();
        let faults = ways[way].iter().fold(Faults::seeded(seed), |faults, &fault| faults.with(fault, PER_MILLE));
        let mut world = World::new(seed, on);
        world.hand_over(12);
        world.release();
        struck += world.visit_until_settled(faults);
        world.check();
        assert_eq!(world.unsettled(), 0, "seed {seed} leaves records behind");
    }
    println!("faults={struck} lost=0 duplicated=0");
    assert!(struck > 0);
}

/// How often a fault strikes where it can.
const PER_MILLE: u32 = 300;

fn seeds(count: u64) -> Vec<u64> {
    #[expect(clippy::disallowed_methods, reason = "a failing run is replayed by its seed")]
    match std::env::var("SEED") {
        Ok(seed) => vec![seed.parse().expect("SEED is a number")],
        Err(_) => (0..count).collect(),
    }
}
