use std::collections::BTreeMap;

use bookferry_qbxml::value::Amount;
use bookferry_store::{PAGE_LIMIT_MAX, RecordFilter, RecordLine, Sort};
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;

use crate::world::World;

impl World {
    /// Holds what Bookferry says against what the company file holds: I1 to I3, I6 and I11 of the promises.
    pub(crate) fn check(&self) {
        let report = self.file.report();
        assert_eq!(report.duplicates, Vec::new(), "something was posted twice");
        let mut ours: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
        for line in self.lines() {
            let kind = match line.kind {
                RecordKind::Invoice => "Invoice",
                RecordKind::Payment => "ReceivePayment",
            };
            if line.state.status() == Status::Submitted {
                let total = ours.entry(kind).or_default();
                *total = (total.0 + 1, total.1 + line.amount.e5());
            }
        }
        for kind in ["Invoice", "ReceivePayment"] {
            let (count, sum_e5) = ours.get(kind).copied().unwrap_or_default();
            let theirs = report.transactions.get(kind);
            let their_count = theirs.map_or(0, |theirs| theirs.count as u64);
            let their_sum: i64 = theirs.map_or(0, |theirs| e5(&theirs.total));
            if self.unsettled() == 0 {
                assert_eq!((count, sum_e5), (their_count, their_sum), "{kind}: submitted here, held there");
            } else {
                assert!(their_count >= count, "{kind}: Bookferry says submitted, QuickBooks has less");
            }
        }
    }

    /// Records that are neither in QuickBooks, nor with a person, nor waiting for one that is.
    pub(crate) fn unsettled(&self) -> usize {
        let is_stuck = |line: &&RecordLine| match line.state.status() {
            Status::Sending | Status::Unconfirmed => true,
            Status::ReadyToSync => line.blockers == 0,
            Status::Unsent | Status::Submitted | Status::NeedsAttention | Status::Excluded | Status::HeldBack => false,
        };
        self.lines().iter().filter(is_stuck).count()
    }

    /// Records that were found in QuickBooks before they were sent.
    pub(crate) fn found(&self) -> u64 {
        let history = |line: &RecordLine| {
            let view = self.store.record(self.company, line.id);
            self.runtime.block_on(view).expect("a record").expect("it is there").history
        };
        let is_found = |line: &&RecordLine| history(line).iter().any(|line| line.event == "found_in_quickbooks");
        self.lines().iter().filter(is_found).count() as u64
    }

    fn lines(&self) -> Vec<RecordLine> {
        let mut lines = Vec::new();
        let mut cursor = None;
        loop {
            let everything = RecordFilter::default();
            let records =
                self.store.records(self.company, &everything, Sort::default(), cursor.as_ref(), PAGE_LIMIT_MAX);
            let page = self.runtime.block_on(records).expect("a page");
            lines.extend(page.lines);
            cursor = page.next;
            if cursor.is_none() {
                return lines;
            }
        }
    }
}

fn e5(amount: &str) -> i64 {
    amount.parse::<Amount>().expect("an amount").e5()
}
