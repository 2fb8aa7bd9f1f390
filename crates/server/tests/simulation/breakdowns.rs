//! QuickBooks itself in the way: a document that it cannot bear, and look-ups for which it is too busy.

use bookferry_simulator::fault::{Fault, Faults};
use bookferry_store::RecordView;
use bookferry_sync::submission::{Attention, State, Status};

use crate::installation::{Installation, On};
use crate::office::Office;
use crate::storm::visit;
use crate::world::World;

/// More than it takes to find the culprit among four, and to try it alone.
const VISITS_MAX: u32 = 12;

#[test]
fn a_record_that_breaks_quickbooks_even_alone_needs_attention_and_holds_nobody_up() {
    for on in [On::Memory, On::Postgres] {
        let installation = Installation::new(on);
        let mut world = World::new(&installation, 3, 100);
        let mut office = Office::new(Faults::none());
        visit(&mut world, &mut office);
        world.hand_over(4);
        world.release_invoices();
        let number = world.handed[0].newest().content.number().to_owned();
        world.file.break_over(format!("<RefNumber>{number}</RefNumber>"));
        let mut visits = 0;
        while world.count(Status::NeedsAttention) == 0 {
            visits += 1;
            assert!(visits <= VISITS_MAX, "it is sent again and again: {:?}", world.view(0).attempts);
            visit(&mut world, &mut office);
        }
        let view = world.view(0);
        let State::NeedsAttention(Attention::Error { cause, .. }) = &view.record.line.state else {
            panic!("{:?}", view.record.line.state)
        };
        assert_eq!(cause.code, "hresult_0x80040402");
        assert!(cause.text.contains("went wrong inside QuickBooks"), "{}", cause.text);
        assert_eq!(world.count(Status::Submitted), 3, "the others were held up for it");
        let in_vain = view.attempts.iter().filter(|attempt| attempt.outcome.as_deref() == Some("not_executed"));
        assert!(in_vain.count() >= 2, "{:?}", view.attempts);
        world.check();
    }
}

#[test]
fn a_look_up_for_which_quickbooks_is_too_busy_is_made_again_by_the_next_visit() {
    let installation = Installation::new(On::Memory);
    let mut world = World::new(&installation, 4, 100);
    let mut quiet = Office::new(Faults::none());
    visit(&mut world, &mut quiet);
    world.hand_over(1);
    world.release_invoices();
    // QuickBooks executes what writes, and nobody hears of it.
    let mut losing = Office::new(Faults::none());
    losing.begin(&world);
    while world.count(Status::Sending) == 0 {
        losing.step(&mut world);
    }
    losing.faults = Faults::seeded(1).with(Fault::LostResponse, 1_000);
    losing.finish_visit(&mut world);
    world.file.forget_stored_states();
    world.file.refuse_queries_in_use(1);
    visit(&mut world, &mut quiet);
    assert_eq!(world.count(Status::NeedsAttention), 0, "{:?}", world.view(0).record.line.state);
    assert_eq!(world.count(Status::Unconfirmed), 1, "{:?}", world.view(0).record.line.state);
    visit(&mut world, &mut quiet);
    assert_eq!(world.count(Status::Submitted), 1, "{:?}", world.view(0).record.line.state);
    world.check();
}

impl World<'_> {
    fn view(&self, index: usize) -> RecordView {
        let view = self.block_on(self.store().record(self.company, self.handed[index].id));
        view.expect("a record").expect("it is there")
    }
}
