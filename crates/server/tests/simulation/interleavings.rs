//! Two Web Connectors with the same password, in every order in which their calls can reach the server.
//!
//! A run follows the choices of a path, to go on with the same office or with the other, and goes on with the same where the
//! path ends. The next path is the last one with its last choice that can be another changed, until there is none: no order
//! is left out, and none runs twice.

use std::time::Duration;

use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::Outcome;
use bookferry_sync::submission::Status;
use bookferry_sync::visit::Lease;
use jiff::SignedDuration;

use crate::installation::{Installation, On};
use crate::office::Office;
use crate::storm::visit;
use crate::world::World;

const RUNS_PER_DATABASE: u64 = 500;

#[test]
fn two_offices_in_every_order_lose_nothing_and_post_nothing_twice() {
    let orders = every_order(Lease::default(), usize::MAX);
    assert!(orders > 10, "{orders}");
}

/// Whoever signs in takes over at once, also from one that has a message set in hand. That makes visits long, so that the
/// turn goes from one to the other a few times at most.
#[test]
fn two_offices_that_take_over_from_each_other_at_any_moment_post_nothing_twice() {
    let none = SignedDuration::ZERO;
    let orders = every_order(Lease { silence: none, per_record: none }, 4);
    assert!(orders > 100, "{orders}");
}

fn every_order(lease: Lease, changes_max: usize) -> u64 {
    let mut installation = Installation::new(On::Memory);
    let mut path: Vec<usize> = Vec::new();
    let (mut orders, mut submitted) = (0, 0);
    loop {
        submitted += run(&installation, lease, &mut path, changes_max, orders);
        orders += 1;
        if orders % RUNS_PER_DATABASE == 0 {
            installation = Installation::new(On::Memory);
        }
        while path.last() == Some(&1) {
            path.pop();
        }
        match path.last_mut() {
            Some(choice) => *choice = 1,
            None => break,
        }
    }
    println!("orders={orders} submitted={submitted} lost=0 duplicated=0");
    orders
}

/// One order of two visits, and then quiet. `path` is made as long as there were choices.
fn run(installation: &Installation, lease: Lease, path: &mut Vec<usize>, changes_max: usize, seed: u64) -> u64 {
    let mut world = World::with_lease(installation, seed, 100, lease);
    let mut quiet = Office::new(Faults::none());
    // The lists are known beforehand, so that a visit is short: its first message set writes.
    world.hand_over(1);
    world.release_invoices();
    visit(&mut world, &mut quiet);
    world.hand_over(1);
    world.release_invoices();
    world.allow_take_overs(lease != Lease::default());
    let mut offices = [Office::new(Faults::none()), Office::new(Faults::none())];
    for office in &mut offices {
        office.begin(&world);
        office.go_to_authenticate(&mut world);
    }
    let (mut taken, mut changes, mut which) = (0, 0, 0);
    loop {
        match [offices[which].is_visiting(), offices[1 - which].is_visiting()] {
            [true, true] if changes < changes_max => {
                if path.len() == taken {
                    path.push(0);
                }
                changes += path[taken];
                which = (which + path[taken]) % 2;
                taken += 1;
            }
            [true, _] => {}
            [false, true] => which = 1 - which,
            [false, false] => break,
        }
        world.pass(Duration::from_millis(1));
        offices[which].step(&mut world);
    }
    world.check();
    while visit(&mut world, &mut quiet).report.outcome != Outcome::NothingToDo {}
    world.check();
    assert_eq!(world.count(Status::Submitted), 2, "order {path:?}");
    2
}
