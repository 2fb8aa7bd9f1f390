//! What crosses is the revision that was released, or the newest one, and the history says which.

use bookferry_sync::company::Settings;
use bookferry_sync::submission::Status;

use crate::office::{BOTH, Office};

#[test]
fn a_record_that_changes_after_its_release_says_which_revision_goes_and_that_one_crosses() {
    for on in BOTH {
        let mut office = Office::open(on, Settings::default());
        office.visit();
        let id = office.hand_over(1, "100.00");
        office.hand_over(1, "110.00");
        office.release(2..=2);
        office.hand_over(1, "130.00");
        assert_eq!(office.line(1).state.status(), Status::ReadyToSync, "{on:?}: still released");
        office.visit();
        let view = office.record(id);
        assert_eq!(view.attempts.iter().map(|attempt| attempt.revision).collect::<Vec<_>>(), [3]);
        let invoice = &office.file.report().transactions["Invoice"];
        assert_eq!((invoice.count, invoice.total.as_str()), (2, "255.00"), "130.00 and the other's 125.00");
        let told: Vec<String> = view
            .history
            .iter()
            .rev()
            .map(|line| format!("{}: {}", line.event, line.reason.as_deref().unwrap_or("–")))
            .collect();
        assert_eq!(
            told,
            [
                "handed_over: –",
                "revised: Changed by the application; revision 2 takes the place of revision 1.",
                "mark_ready: Revision 2 was released.",
                "revised: Changed by the application after it was marked ready; revision 3 is what will go.",
                "enclosed: –",
                "accepted: –",
            ]
        );
        office.hand_over(1, "140.00");
        let after = office.record(id).history.into_iter().next().and_then(|line| line.reason);
        let told = "Changed by the application; QuickBooks has revision 3, and not revision 4.";
        assert_eq!(after.as_deref(), Some(told));
        office.visit();
        assert_eq!(office.file.report().transactions["Invoice"].total, "255.00", "nothing of it crosses by itself");
    }
}
