//! How fast the size of message sets finds the company's time for a set, and that nothing throws it off.

use bookferry_sync::company::RecordsPerMessageSet;
use bookferry_sync::pace::{Pace, TargetSeconds};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

/// Every set costs this much, whatever is in it.
const A_SET: SignedDuration = SignedDuration::from_millis(150);

#[test]
fn it_finds_the_size_for_a_fast_a_slow_and_an_erratic_quickbooks() {
    let mut table = String::from("      fast: 5 ms    slow: 2 s     erratic: 20 ms, every 4th set 1 s a request\n");
    let mut quickbooks = [Pace::default(), Pace::default(), Pace::default()];
    for set in 1..=14 {
        let a_request = [5, 2_000, if set % 4 == 0 { 1_000 } else { 20 }];
        table.push_str(&format!("{set:>3}. "));
        for (pace, a_request) in quickbooks.iter_mut().zip(a_request) {
            let requests = pace.requests(TargetSeconds::default());
            let took = took(requests, a_request);
            table.push_str(&format!("{:>5} {:<8}", requests, format!("{:.1} s", took.as_secs_f64())));
            pace.answered(requests, took, TargetSeconds::default(), at(set));
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_visit_goes_on_where_the_last_one_left_off() {
    let target = TargetSeconds::default();
    let fast = after_sets(20, 5);
    assert_eq!(fast.clone().resumed("QuickBooks 34.0", at(600)).requests(target), fast.requests(target));
    let month = 31 * 86_400;
    assert_eq!(fast.clone().resumed("QuickBooks 34.0", at(month)).requests(target), 10, "no more taken to be fast");
    let slow = after_sets(20, 2_000);
    assert_eq!(slow.clone().resumed("", at(month)).requests(target), slow.requests(target), "still taken to be slow");
    let measured = fast.resumed("QuickBooks 34.0", at(600));
    assert_eq!(measured.clone().resumed("QuickBooks 35.0", at(601)).requests(target), 10, "another QuickBooks");
    assert_eq!(measured.clone().resumed("", at(601)), measured, "one that does not say is taken to be the same");
    assert_eq!(measured.clone().resumed("QuickBooks 34.0", at(-9_999_999)), measured, "a clock that was set back");
}

#[test]
fn small_sets_say_nothing_against_the_speed_of_large_ones() {
    let target = TargetSeconds::default();
    let mut pace = after_sets(20, 5);
    let before = pace.requests(target);
    for set in 0..50 {
        pace.answered(1, took(1, 5), target, at(set));
    }
    assert!(pace.requests(target) >= before, "{} after {before}", pace.requests(target));
    pace.answered(1, SignedDuration::from_secs(20), target, at(51));
    assert!(pace.requests(target) < before, "but a small set that takes longer than a large one should does");
}

#[test]
fn a_refused_set_is_halved_and_grows_back_to_what_the_company_allows() {
    let max = RecordsPerMessageSet::try_from(12).expect("12 is allowed");
    let mut pace = after_sets(20, 5);
    let mut sizes = vec![pace.records(TargetSeconds::default(), max)];
    for records in [12, 6, 1] {
        pace.refused(records);
        sizes.push(pace.records(TargetSeconds::default(), max));
    }
    for set in 0..5 {
        pace.answered(1, took(1, 5), TargetSeconds::default(), at(set));
        sizes.push(pace.records(TargetSeconds::default(), max));
    }
    assert_eq!(sizes, [12, 6, 3, 1, 2, 4, 8, 12, 12]);
}

#[test]
fn the_time_for_a_set_is_from_1_to_120_seconds() {
    for (text, is_taken) in
        [("1", true), (" 120 ", true), ("0", false), ("121", false), ("5.5", false), ("fast", false)]
    {
        assert_eq!(text.parse::<TargetSeconds>().is_ok(), is_taken, "{text}");
    }
    assert!("0".parse::<TargetSeconds>().unwrap_err().to_string().contains("from 1 to 120"));
}

proptest! {
    /// Whatever is measured, clocks that jump included, a set holds from 1 to 200 requests, and from one to the next the
    /// size changes by no more than it may.
    #[test]
    fn the_size_moves_in_bounded_steps(
        target in 1_u32..=120,
        sets in prop::collection::vec((0_usize..300, any::<i64>(), -10_i64..10_000_000), 1..60),
    ) {
        let target = TargetSeconds::try_from(target).expect("within bounds");
        let mut pace = Pace::default();
        for (requests, took_us, now) in sets {
            let before = pace.requests(target);
            pace.answered(requests, SignedDuration::from_micros(took_us), target, at(now));
            let after = pace.requests(target);
            prop_assert!((1..=Pace::REQUESTS_MAX).contains(&after));
            prop_assert!(after as f64 <= (before + 1) as f64 * 1.61, "{before} grows to {after}");
            prop_assert!(after as f64 >= (before as f64 * 0.4).floor(), "{before} shrinks to {after}");
        }
    }

    /// A QuickBooks of any steady speed is met within 40 sets.
    #[test]
    fn any_steady_speed_is_met(a_request_us in 1_000_i64..5_000_000, target in 1_u32..=60) {
        let seconds = target;
        let target = TargetSeconds::try_from(target).expect("within bounds");
        let mut pace = Pace::default();
        let took = |requests: usize| SignedDuration::from_micros(a_request_us * requests as i64);
        for set in 0..40 {
            let requests = pace.requests(target);
            pace.answered(requests, took(requests), target, at(set));
        }
        let requests = pace.requests(target);
        let reached = took(requests).as_secs_f64() / f64::from(seconds);
        prop_assert!(reached <= 1.1 || requests == 1, "{requests} requests take {reached} of the time");
        let fits = |more: f64| took(requests).as_secs_f64() * more > f64::from(seconds);
        prop_assert!(requests == Pace::REQUESTS_MAX || fits(1.1 + 1.0 / requests as f64), "{requests} are too few");
    }

    /// One answer that took a day, or came before it was asked for, costs a few sets some of their size, and no more.
    #[test]
    fn one_jump_of_the_clock_is_soon_forgotten(jump in prop_oneof![Just(-86_400_i64), Just(86_400)], a_request in 1_i64..400) {
        let target = TargetSeconds::default();
        let mut pace = after_sets(25, a_request);
        let before = pace.requests(target);
        pace.answered(before, SignedDuration::from_secs(jump), target, at(100));
        for set in 0..8 {
            let requests = pace.requests(target);
            pace.answered(requests, took(requests, a_request), target, at(101 + set));
        }
        let after = pace.requests(target);
        prop_assert!(after * 5 >= before * 4, "{before} before, {after} eight sets later");
    }
}

fn after_sets(sets: i64, a_request_ms: i64) -> Pace {
    let mut pace = Pace::default();
    for set in 0..sets {
        let requests = pace.requests(TargetSeconds::default());
        pace.answered(requests, took(requests, a_request_ms), TargetSeconds::default(), at(set));
    }
    pace
}

fn took(requests: usize, a_request_ms: i64) -> SignedDuration {
    A_SET + SignedDuration::from_millis(a_request_ms * i64::try_from(requests).expect("a few hundred"))
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_793_631_600 + second).expect("a moment")
}
