//! A seed's run: troubles in the order that the seed draws, then quiet, in which everything must settle.

use std::collections::BTreeMap;
use std::time::Duration;

use bookferry_simulator::company_file::CompanyFile;
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::Outcome;
use bookferry_sync::id::{MessageSetKey, RecordId};
use bookferry_sync::submission::{State, Status};
use jiff::SignedDuration;

use crate::counters::Counters;
use crate::draw::Draw;
use crate::installation::Installation;
use crate::network::Hazards;
use crate::office::{Finished, Office};
use crate::world::World;

/// Between two visits of an office.
const BETWEEN_VISITS: Duration = Duration::from_secs(600);
/// A record that QuickBooks was too busy for waits no longer than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(128 * 60);
const QUIET_VISITS_MAX: u32 = 20;
/// A record that is on its way for longer shows in Needs Attention.
const VISITS_IN_DOUBT_MAX: u32 = 2;

/// Runs one seed to its end, and panics where a promise is broken.
pub(crate) fn run(installation: &Installation, seed: u64) -> Counters {
    let told = ToldWhenItFails(seed);
    let draw = Draw::of(seed);
    let mut world = World::new(installation, seed, draw.records_per_message_set);
    let mut quiet = Office::new(Faults::none());
    // The first visit binds the company to its file.
    visit(&mut world, &mut quiet);
    world.hand_over(draw.invoices);
    world.release();
    let mut storm = Storm { offices: draw.offices.iter().cloned().map(Office::new).collect(), ..Storm::default() };
    world.network.hazards = draw.hazards;
    for _ in 0..draw.turns {
        storm.turn(&mut world, &draw);
    }
    storm.calm_down(&mut world);
    world.check();
    quieten(&mut world, &mut quiet);
    world.check();
    world.check_settled();
    world.mend();
    quieten(&mut world, &mut quiet);
    world.check();
    world.check_settled();
    world.counters.seeds = 1;
    world.counters.records = world.handed.len() as u64;
    world.counters.submitted = world.count(Status::Submitted);
    drop(told);
    world.counters
}

#[derive(Default)]
struct Storm {
    offices: Vec<Office>,
    /// What was on its way when the visit of this office began.
    on_its_way_before: BTreeMap<usize, Vec<(RecordId, MessageSetKey)>>,
    backup: Option<CompanyFile>,
    /// How many visits have asked in vain about a record's part in a message set.
    in_doubt: BTreeMap<(RecordId, MessageSetKey), u32>,
}

impl Storm {
    fn turn(&mut self, world: &mut World<'_>, draw: &Draw) {
        world.pass(Duration::from_millis(200));
        if world.random.happens(draw.people) {
            return world.act();
        }
        if world.random.happens(draw.late) {
            return world.deliver_late();
        }
        if world.happens("clock-jump", draw.clock) {
            return jump(world);
        }
        if world.happens("asleep", draw.asleep) {
            let seconds = 30 + world.random.below(1200);
            return world.pass(Duration::from_secs(seconds));
        }
        if world.random.happens(draw.restart) {
            return world.restart_quickbooks();
        }
        if world.random.happens(draw.backup) {
            return self.back_up_or_restore(world);
        }
        if world.happens("changed", draw.changes) {
            return world.change();
        }
        if world.happens("memo-by-hand", draw.memos) {
            return world.write_memo_by_hand();
        }
        let which = world.choose(self.offices.len());
        let office = &mut self.offices[which];
        if office.is_visiting() {
            if let Some(finished) = office.step(world) {
                self.finished(world, which, &finished);
            }
            return;
        }
        let others_visit = self.offices.iter().any(Office::is_visiting);
        if !others_visit || world.random.happens(300) {
            world.pass(BETWEEN_VISITS);
        }
        self.on_its_way_before.insert(which, world.on_its_way());
        self.offices[which].begin(world);
    }

    /// The company file is restored at most once, so that what is gone stays gone.
    fn back_up_or_restore(&mut self, world: &mut World<'_>) {
        match self.backup.take() {
            Some(backup) if world.gone.is_empty() && world.gone_back.is_empty() => world.restore_company_file(&backup),
            Some(_) | None => self.backup = Some(world.file.snapshot()),
        }
    }

    /// The troubles end where they are: clocks are put right, calls that are on their way arrive.
    fn calm_down(&mut self, world: &mut World<'_>) {
        world.jump(SignedDuration::ZERO);
        world.network.hazards = Hazards::default();
        for index in 0..self.offices.len() {
            self.offices[index].faults.stop();
            if let Some(finished) = self.offices[index].finish_visit(world) {
                self.finished(world, index, &finished);
            }
        }
    }

    /// I8: nothing is on its way for long without showing in Needs Attention.
    fn finished(&mut self, world: &mut World<'_>, which: usize, finished: &Finished) {
        world.note(finished);
        let before = self.on_its_way_before.remove(&which).unwrap_or_default();
        if !finished.has_asked {
            return;
        }
        let on_its_way = world.on_its_way();
        self.in_doubt.retain(|part, _| on_its_way.contains(part));
        // Whoever was there before it was sent, as the one who sent it, has not asked about it.
        for part in on_its_way.into_iter().filter(|part| before.contains(part)) {
            let visits = self.in_doubt.entry(part).or_insert(0);
            *visits += 1;
            assert!(*visits <= VISITS_IN_DOUBT_MAX, "I8: a record was in doubt for {visits} visits");
        }
    }
}

/// Visits without troubles until there is nothing to do, and will be nothing once the longest pause is over.
pub(crate) fn quieten(world: &mut World<'_>, office: &mut Office) {
    for _ in 0..QUIET_VISITS_MAX {
        let has_nothing = |finished: Finished| finished.report.outcome == Outcome::NothingToDo;
        if has_nothing(visit(world, office)) {
            world.pass(LONGEST_PAUSE);
            if has_nothing(visit(world, office)) {
                return;
            }
        }
    }
    panic!("there is still something to do after {QUIET_VISITS_MAX} visits");
}

/// One whole visit, after the usual pause.
pub(crate) fn visit(world: &mut World<'_>, office: &mut Office) -> Finished {
    world.pass(BETWEEN_VISITS);
    office.begin(world);
    let finished = office.finish_visit(world).expect("a visit ends");
    world.note(&finished);
    finished
}

/// Somewhere between two hours back and more than a year ahead, or right again.
fn jump(world: &mut World<'_>) {
    let seconds = [0, 0, -7200, -3600, -61, 1, 90, 3600, 7200, 86_400 * 400];
    let which = world.choose(seconds.len());
    world.jump(SignedDuration::from_secs(seconds[which]));
}

impl World<'_> {
    fn note(&mut self, finished: &Finished) {
        assert_eq!(finished.report.problems, Vec::<String>::new(), "the server broke the protocol");
        self.counters.visit(&finished.report);
    }

    /// The records whose answer is awaited, with the message set that it is about.
    fn on_its_way(&self) -> Vec<(RecordId, MessageSetKey)> {
        let summary = self.block_on(self.store().summary(self.company)).expect("a summary");
        let count = |status| summary.of_status(status).count;
        if count(Status::Sending) + count(Status::Unconfirmed) == 0 {
            return Vec::new();
        }
        let views = self.handed.iter().map(|handed| {
            self.block_on(self.store().record(self.company, handed.id)).expect("a record").expect("it is there")
        });
        let hidden =
            views.filter(|view| matches!(view.record.line.state, State::Sending { .. } | State::Unconfirmed { .. }));
        let open = hidden.filter_map(|view| view.attempts.into_iter().find(|attempt| attempt.settled_at.is_none()));
        open.map(|attempt| (attempt.record_id, attempt.message_set)).collect()
    }

    pub(crate) fn count(&self, status: Status) -> u64 {
        self.block_on(self.store().summary(self.company)).expect("a summary").of_status(status).count
    }
}

/// Says how to see it again.
struct ToldWhenItFails(u64);

impl Drop for ToldWhenItFails {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let seed = self.0;
            eprintln!("seed {seed} fails: SEED={seed} cargo nextest run -p bookferry-server --test simulation seeds_");
        }
    }
}
