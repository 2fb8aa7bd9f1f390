use bookferry_simulator::SplitMix64;
use bookferry_simulator::fault::{Fault, Faults};

use crate::network::Hazards;

/// What a seed decides before anything happens: the mix of its troubles. What strikes when, is drawn on the way.
#[derive(Debug)]
pub(crate) struct Draw {
    /// Invoices, each with a payment.
    pub(crate) invoices: u32,
    pub(crate) records_per_message_set: usize,
    /// The faults of each Web Connector; there are one or two of them, with the same password.
    pub(crate) offices: Vec<Faults>,
    pub(crate) hazards: Hazards,
    /// In a thousand turns: somebody does something to a record, an earlier call arrives again, the server's clock jumps,
    /// the office falls asleep, QuickBooks is restarted, the company file is backed up or restored.
    pub(crate) people: u32,
    pub(crate) late: u32,
    pub(crate) clock: u32,
    pub(crate) asleep: u32,
    pub(crate) restart: u32,
    pub(crate) backup: u32,
    /// The same: the application changes what QuickBooks has, and somebody sends that; somebody writes a memo there.
    pub(crate) changes: u32,
    pub(crate) memos: u32,
    /// How many turns the troubles last.
    pub(crate) turns: u32,
}

/// Those that befall a visit. Another company's file needs a first visit that bound the right one.
const FAULTS: [Fault; 22] = Fault::ALL;
const OFTEN: [u32; 4] = [20, 60, 150, 350];

impl Draw {
    pub(crate) fn of(seed: u64) -> Self {
        // Another sequence than the one by which the troubles strike.
        let mut random = SplitMix64::new(seed ^ 0x5bd1_e995_0000_0000);
        let random = &mut random;
        let offices = 1 + usize::from(random.happens(350));
        let hazards = Hazards {
            cut_call: sometimes(random, 200),
            cut_reply: sometimes(random, 200),
            repeated: sometimes(random, 300),
            copied: sometimes(random, 400),
            delayed: sometimes(random, 300),
            lost_change: 0,
        };
        let mut draw = Self {
            invoices: 1 + u32::try_from(random.below(4)).unwrap_or(0),
            records_per_message_set: 1 + usize::try_from(random.below(5)).unwrap_or(0),
            offices: (0..offices).map(|_| faults(random)).collect(),
            hazards,
            people: sometimes(random, 500),
            late: if hazards.copied > 0 { 60 } else { 0 },
            clock: sometimes(random, 150) / 4,
            asleep: sometimes(random, 300) / 4,
            restart: sometimes(random, 150) / 4,
            backup: sometimes(random, 100) / 4,
            changes: 0,
            memos: 0,
            turns: 40 + u32::try_from(random.below(60)).unwrap_or(0),
        };
        if random.happens(250) {
            draw.hazards.lost_change = 150 + often(random);
            draw.changes = 150;
            draw.memos = sometimes(random, 300) / 4;
            draw.turns += 60;
        }
        draw
    }
}

/// How often something strikes, in most seeds never.
fn sometimes(random: &mut SplitMix64, seeds_per_mille: u32) -> u32 {
    if random.happens(seeds_per_mille) { often(random) } else { 0 }
}

fn often(random: &mut SplitMix64) -> u32 {
    usize::try_from(random.below(OFTEN.len() as u64)).ok().and_then(|which| OFTEN.get(which)).copied().unwrap_or(0)
}

/// None, one, a few, or all of them.
fn faults(random: &mut SplitMix64) -> Faults {
    let mut faults = Faults::seeded(random.next_u64());
    let kinds = match random.below(8) {
        0 => 0,
        1..4 => 1,
        4..7 => 3,
        _ => FAULTS.len(),
    };
    let per_mille = if kinds == FAULTS.len() { 30 } else { often(random) };
    for kind in 0..kinds {
        let drawn = usize::try_from(random.below(FAULTS.len() as u64)).unwrap_or(0);
        let which = if kinds == FAULTS.len() { kind } else { drawn };
        faults = faults.with(FAULTS[which], per_mille);
    }
    faults
}
