//! The seeds, in shares that run side by side.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::counters::Counters;
use crate::installation::{Installation, On};
use crate::storm::run;

/// How many seeds run in memory where nobody asks for more; `./test` asks for 20,000.
const SEEDS: u64 = 800;
const SEEDS_ON_FILE: u64 = 60;
const SEEDS_ON_POSTGRES: u64 = 16;
const SHARES: u64 = 8;
const FAILURES_MAX: usize = 20;
/// A database grows by its companies, and is left behind after so many.
const SEEDS_PER_DATABASE: usize = 250;

macro_rules! shares {
    ($($name:ident = $share:literal;)+) => {
        $(
            #[test]
            fn $name() {
                weather(On::Memory, share(variable("SEEDS").unwrap_or(SEEDS), $share));
            }
        )+
    };
}

shares! {
    seeds_1_of_8_lose_nothing_and_post_nothing_twice = 0;
    seeds_2_of_8_lose_nothing_and_post_nothing_twice = 1;
    seeds_3_of_8_lose_nothing_and_post_nothing_twice = 2;
    seeds_4_of_8_lose_nothing_and_post_nothing_twice = 3;
    seeds_5_of_8_lose_nothing_and_post_nothing_twice = 4;
    seeds_6_of_8_lose_nothing_and_post_nothing_twice = 5;
    seeds_7_of_8_lose_nothing_and_post_nothing_twice = 6;
    seeds_8_of_8_lose_nothing_and_post_nothing_twice = 7;
}

#[test]
fn seeds_on_a_file_lose_nothing_and_post_nothing_twice() {
    weather(On::File, only_or(0..SEEDS_ON_FILE));
}

#[test]
fn seeds_on_postgresql_lose_nothing_and_post_nothing_twice() {
    weather(On::Postgres, only_or(0..SEEDS_ON_POSTGRES));
}

/// Runs them all, also after one that fails, up to a number that is enough to begin with.
fn weather(on: On, seeds: Vec<u64>) {
    let mut counters = Counters::default();
    let mut failed = Vec::new();
    for seeds in seeds.chunks(SEEDS_PER_DATABASE) {
        let installation = Installation::new(on);
        for &seed in seeds {
            if failed.len() == FAILURES_MAX {
                break;
            }
            match catch_unwind(AssertUnwindSafe(|| run(&installation, seed))) {
                Ok(counted) => counters.add(&counted),
                Err(_) => failed.push(seed),
            }
        }
    }
    println!("{counters}");
    assert!(failed.is_empty(), "failed seeds: {failed:?}");
}

fn share(seeds: u64, share: u64) -> Vec<u64> {
    match variable("SEED") {
        Some(seed) if seed % SHARES == share => vec![seed],
        Some(_) => Vec::new(),
        None => (0..seeds).filter(|seed| seed % SHARES == share).collect(),
    }
}

fn only_or(seeds: std::ops::Range<u64>) -> Vec<u64> {
    variable("SEED").map_or_else(|| seeds.collect(), |seed| vec![seed])
}

/// A number from the environment.
#[expect(clippy::disallowed_methods, reason = "a failing run is replayed by its seed, and a long one is asked for")]
fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().expect("a number"))
}
