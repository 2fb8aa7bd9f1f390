//! What the promises rest on is taken out of the server, one piece at a time; the oracle must find each.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use bookferry_crash::mutation::{Mutation, plant};

use crate::installation::{Installation, On};
use crate::storm::run;

/// A mutation that so many seeds do not show is one that the simulation cannot see.
const SEEDS_MAX: u64 = 400;
/// What the findings of the ledger oracle begin with: see [`World::check`](crate::world::World::check).
const INVARIANTS: [&str; 11] = ["I1:", "I2:", "I3:", "I4:", "I5:", "I6:", "I7:", "I8:", "I9:", "I10:", "I11:"];
/// What the network finds, for two of the mutations that do no harm in the books by themselves.
const ONE_VISIT: &str = "two visits to one company at the same time";
const ANSWERED_AS_BEFORE: &str = "was answered otherwise when it was repeated";
const FINDING_CHARS_SHOWN: usize = 100;

#[test]
fn every_mutation_is_found_by_the_oracle_and_nothing_else_is() {
    // Only what is found is to be shown, not each way there.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let mut survivors = Vec::new();
    let mut seeds_max = 1;
    for mutation in Mutation::ALL {
        plant(Some(mutation));
        let mut unclear = None;
        match first_finding(mutation, &mut unclear) {
            Some((seed, finding)) => {
                seeds_max = seeds_max.max(seed + 1);
                println!("mutant={} seeds={} found=\"{}\"", mutation.name(), seed + 1, shown(&finding));
            }
            None => {
                println!("mutant={} seeds={SEEDS_MAX} survives", mutation.name());
                survivors.push((mutation.name(), unclear));
            }
        }
    }
    plant(None);
    let found_without = (0..seeds_max).find_map(|seed| finding(&Installation::new(On::Memory), seed));
    println!("mutant=none seeds={seeds_max} found={found_without:?}");
    set_hook(hook);
    assert_eq!(survivors, [], "these mutations survive; beside them what ended a seed otherwise");
    assert_eq!(found_without, None, "something is found where nothing was taken out");
}

/// The first seed that ends with a finding of the oracle's; `unclear` is how another seed ended.
fn first_finding(mutation: Mutation, unclear: &mut Option<String>) -> Option<(u64, String)> {
    let mut installation = Installation::new(On::Memory);
    for seed in 0..SEEDS_MAX {
        let Some(finding) = finding(&installation, seed) else { continue };
        if is_found(mutation, &finding) {
            return Some((seed, finding));
        }
        *unclear = Some(finding);
        installation = Installation::new(On::Memory);
    }
    None
}

fn is_found(mutation: Mutation, finding: &str) -> bool {
    match mutation {
        Mutation::NoCommitBeforeReply | Mutation::NoRecovery | Mutation::NoLookUp | Mutation::NoChangeRule => {
            INVARIANTS.iter().any(|invariant| finding.starts_with(invariant))
        }
        Mutation::NoBusy => finding.contains(ONE_VISIT),
        Mutation::NoReplay => finding.contains(ANSWERED_AS_BEFORE),
    }
}

/// With what a seed ends, where it does not end well.
fn finding(installation: &Installation, seed: u64) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(|| run(installation, seed))).err()?;
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).or_else(|| Some(String::new()))
}

/// Its beginning, or the words by which it counts.
fn shown(finding: &str) -> String {
    let known = [ONE_VISIT, ANSWERED_AS_BEFORE].into_iter().find(|words| finding.contains(words));
    known.map_or_else(|| finding.chars().take(FINDING_CHARS_SHOWN).collect(), str::to_owned)
}
