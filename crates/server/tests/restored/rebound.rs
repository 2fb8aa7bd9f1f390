//! Another company file shows up, and an administrator binds the company to it.

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_store::{Actor, Error};
use bookferry_sync::company::BooksIdentity;
use bookferry_sync::submission::Status;

use crate::world::{On, World};

#[test]
fn other_books_get_nothing_until_an_administrator_says_so_and_then_nothing_twice() {
    for on in [On::Sqlite, On::Postgres] {
        for carries_file_id in [false, true] {
            rebound(on, carries_file_id);
        }
    }
}

fn rebound(on: On, carries_file_id: bool) {
    let mut world = World::new(4, on);
    world.hand_over(7);
    world.release();
    world.visit(Faults::none());
    world.hand_over(12);
    world.release();
    world.visit(Faults::seeded(1).with(Fault::LostResponse, 1000));
    let old = world.open_other_file("Ridgeline Two", carries_file_id);
    let in_old = count(&old);
    assert_eq!(world.visit(Faults::none()).sets_executed, 0, "nothing is asked of other books");
    assert_eq!(count(&world.file), 0);
    let books = other_books(&world).expect("a notice");
    assert_eq!((books.company_name.as_str(), books.file_id.is_some()), ("Ridgeline Two", carries_file_id));

    let actor = Actor::new("admin@ridgeline.example", "sync_manager");
    let now = world.now();
    let unlike = BooksIdentity { company_name: "Ridgeline Three".to_owned(), ..books.clone() };
    let refused = world.runtime.block_on(world.store.rebind(world.company, &unlike, &actor, now));
    assert!(matches!(refused, Err(Error::Stale { .. })));
    let rebound = world.runtime.block_on(world.store.rebind(world.company, &books, &actor, now)).expect("rebound");
    assert!(rebound.unconfirmed > 0 && rebound.held > 0, "{rebound:?}");
    assert_eq!(other_books(&world), None);
    let stuck = [Status::Sending, Status::Unconfirmed, Status::ReadyToSync].map(|status| world.count(status));
    assert_eq!((stuck, world.count(Status::NeedsAttention)), ([0; 3], rebound.unconfirmed));

    let submitted = world.count(Status::Submitted);
    world.release();
    world.visit(Faults::none());
    // Payments of invoices that somebody has to look for still wait for them.
    let sent = world.count(Status::Submitted) - submitted;
    assert_eq!((sent, count(&world.file)), (rebound.held - world.count(Status::ReadyToSync), sent));
    assert_eq!((count(&old), world.count(Status::NeedsAttention)), (in_old, rebound.unconfirmed));
}

fn other_books(world: &World) -> Option<BooksIdentity> {
    let notices = world.runtime.block_on(world.store.notices(world.company)).expect("notices");
    notices.iter().find_map(|line| line.notice.other_books().cloned())
}

fn count(file: &bookferry_simulator::company_file::CompanyFile) -> u64 {
    file.report().transactions.values().map(|kind| kind.count as u64).sum()
}
