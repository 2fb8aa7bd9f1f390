use bookferry_simulator::web_connector::Outcome;
use bookferry_sync::company::Settings;
use bookferry_sync::submission::Status;
use jiff::SignedDuration;

use crate::office::{BOTH, Office};

/// Looking for the records of a lost set under its own id keeps QuickBooks from executing it later (9001, qbxml.md section 4).
/// Under any other id, what was in hand would be posted a second time here.
#[test]
fn a_set_that_wakes_up_after_it_was_given_up_posts_nothing() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.visit();
        office.release(1..=5);
        let asleep = office.fall_asleep();
        office.pass(SignedDuration::from_mins(30));
        assert_ne!(office.visit().outcome, Outcome::Busy, "{on:?}: the visit before is dead");
        assert_eq!(office.count(Status::Submitted), 5, "{on:?}");
        assert_eq!(office.file.report().transactions["Invoice"].count, 5, "{on:?}");
        office.wake(asleep);
        assert_eq!(office.file.report().transactions["Invoice"].count, 5, "{on:?}: posted twice");
        office.visit();
        assert_eq!(office.count(Status::Submitted), 5, "{on:?}");
    }
}
