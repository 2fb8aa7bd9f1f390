//! The ledger oracle: holds what people remember and what Bookferry says against what the company file holds.

use bookferry_store::{HistoryLine, RecordView};
use bookferry_sync::submission::{Attention, Errand, Posted, State, Status};

use crate::ledger::{Document, Ledger};
use crate::people::Handed;
use crate::world::World;

impl World<'_> {
    /// Holds at any moment, whatever is on its way.
    ///
    /// I1: what was handed over is there, once. I2: nothing was written twice. I3 and I5: what Bookferry says stands in
    /// QuickBooks stands there, as it was in the revision that crossed. I4: nothing is there that nobody released. I6: no
    /// payment came before its invoice. I7: every change is in the history, once. I11: no cent is missing.
    pub(crate) fn check(&self) {
        let ledger = Ledger::read(&self.file, self.now());
        let mut sum_e5 = 0;
        for handed in &self.handed {
            let view = self.block_on(self.store().record(self.company, handed.id)).expect("a record");
            let view = view.unwrap_or_else(|| panic!("I1: {} is lost", handed.external_id));
            assert_eq!(view.record.content, handed.newest().content, "I1: {} is not the newest", handed.external_id);
            check_history(handed, &view);
            self.check_standing(handed, &view, &ledger);
            self.check_asked(handed, &view.record.line.state);
            sum_e5 += handed.newest().content.amount().e5();
        }
        self.check_consent(&ledger);
        self.check_order(&ledger);
        let summary = self.block_on(self.store().summary(self.company)).expect("a summary");
        let counted: i64 = Status::ALL.into_iter().map(|status| summary.of_status(status).sum_e5).sum();
        assert_eq!(counted, sum_e5, "I11: the sums of all statuses are not what was handed over");
    }

    /// I9: QuickBooks has just executed changes, and has done none of them before, unless somebody said that it had not.
    pub(crate) fn check_changes(&mut self, before: &Ledger) {
        let after = Ledger::read(&self.file, self.now());
        let is_changed = |document: &&Document| {
            let now = after.document(&document.txn_id);
            now.is_none_or(|now| now.edit_sequence != document.edit_sequence)
        };
        for document in before.documents.iter().filter(is_changed) {
            let is_its =
                |handed: &&Handed| document.mark.as_deref().is_some_and(|mark| mark.eq_ignore_ascii_case(&handed.mark));
            let Some(handed) = self.handed.iter().find(is_its) else { continue };
            let view = self.block_on(self.store().record(self.company, handed.id)).expect("a record");
            let attempts = view.map(|view| view.attempts).unwrap_or_default();
            let on_its_way = attempts.into_iter().filter(|it| it.settled_at.is_none() && it.errand != "add");
            let is_excused = handed.was_decided || self.gone_back.contains(&document.txn_id);
            let name = handed.external_id.clone();
            for attempt in on_its_way {
                let is_new = self.executed.insert((attempt.record_id, attempt.revision));
                let revision = attempt.revision;
                assert!(is_new || is_excused, "I9: the change of {name} to revision {revision} was posted twice");
            }
        }
    }

    /// I10: nobody is asked about a change whose answer got lost where the document tells what became of it.
    fn check_asked(&self, handed: &Handed, state: &State) {
        let name = &handed.external_id;
        match state {
            State::NeedsAttention(Attention::Unconfirmed {
                cause, errand: Errand::Mod(_) | Errand::Void(_), ..
            }) => {
                assert_eq!(cause.code, "unconfirmed_unanswered", "I10: somebody is asked about {name} in vain");
            }
            State::NeedsAttention(Attention::Error { cause, errand, .. }) if cause.code == "unconfirmed_change" => {
                let txn_id = errand.posted().map(|posted| &posted.txn_id);
                let is_touched = txn_id.is_some_and(|txn_id| {
                    self.noted.contains(txn_id) || self.gone_back.contains(txn_id) || self.typed.contains(txn_id)
                });
                assert!(is_touched || handed.was_decided, "I10: somebody is asked about {name}, and nobody touched it");
            }
            State::HeldBack
            | State::Unsent
            | State::ReadyToSync(_)
            | State::Sending { .. }
            | State::Unconfirmed { .. }
            | State::Submitted(_)
            | State::NeedsAttention(_)
            | State::Excluded { .. } => {}
        }
    }

    /// Besides, once nothing is on its way: no record waits for an answer, and none that could go is left.
    pub(crate) fn check_settled(&self) {
        for line in self.lines() {
            let is_stuck = match line.state.status() {
                Status::Sending | Status::Unconfirmed => true,
                Status::ReadyToSync => line.blockers == 0,
                Status::Unsent | Status::Submitted | Status::NeedsAttention | Status::Excluded | Status::HeldBack => {
                    false
                }
            };
            assert!(!is_stuck, "I8: {} is left {}", line.external_id, line.state.status().as_str());
        }
    }

    /// I2, I3 and I5 for one record.
    fn check_standing(&self, handed: &Handed, view: &RecordView, ledger: &Ledger) {
        let name = &handed.external_id;
        let state = &view.record.line.state;
        let marked: Vec<&Document> = ledger.marked(&handed.mark).collect();
        assert!(marked.len() <= 1, "I2: {name} is in QuickBooks {} times: {marked:?}", marked.len());
        let Some(posted) = state.posted() else {
            let may_be_there = is_in_doubt(state);
            assert!(may_be_there || marked.is_empty(), "I3: {name} is in QuickBooks and here it is {state:?}");
            return;
        };
        let Some(document) = ledger.document(&posted.txn_id) else {
            let is_deleted = handed.is_void_in(posted) || is_in_doubt(state) || handed.was_decided;
            let is_excused = self.gone.contains(&posted.txn_id) || is_deleted;
            assert!(is_excused, "I3: {name} is {state:?} here and not in QuickBooks");
            return;
        };
        let has_gone_back = !self.gone.is_empty() || self.gone_back.contains(&document.txn_id);
        if self.typed.contains(&document.txn_id) || has_gone_back {
            return;
        }
        assert_eq!(marked.first(), Some(&document), "I3: {name} stands there under another TxnID");
        let shows_revision = |given: &crate::people::Given| {
            if given.voided { document.total_e5 == 0 } else { document.shows(&given.content) }
        };
        let is_as_sent = handed.revision(posted).is_some_and(shows_revision);
        // A void or a change on its way may have been done.
        let is_voided = document.total_e5 == 0 && is_in_doubt(state);
        let is_changed = is_in_doubt(state) && handed.since(posted).any(shows_revision);
        let is_as_somebody_said = handed.was_decided && handed.revisions.iter().any(shows_revision);
        assert!(
            is_as_sent || is_voided || is_changed || is_as_somebody_said,
            "I5: {name} is {state:?} here and there {document:?}"
        );
    }

    fn check_consent(&self, ledger: &Ledger) {
        for document in &ledger.documents {
            let Some(mark) = &document.mark else {
                assert!(self.typed.contains(&document.txn_id), "I4: nobody typed {document:?}");
                continue;
            };
            let record = self.handed.iter().find(|handed| handed.mark.eq_ignore_ascii_case(mark));
            let was_released = record.is_some_and(|handed| handed.was_released);
            assert!(was_released, "I4: nobody released {document:?}");
        }
    }

    fn check_order(&self, ledger: &Ledger) {
        for payment in ledger.documents.iter().filter(|document| !document.pays.is_empty()) {
            for txn_id in &payment.pays {
                let invoice = ledger.document(txn_id).expect("I6: a payment of an invoice that is not there");
                assert!(invoice.txn_number < payment.txn_number, "I6: {payment:?} came before {invoice:?}");
                assert_eq!(payment.number, format!("P{}", invoice.number), "I6: another invoice was paid");
            }
        }
    }
}

impl Handed {
    fn revision(&self, posted: &Posted) -> Option<&crate::people::Given> {
        self.revisions.get(usize::try_from(posted.revision - 1).ok()?)
    }

    /// The revisions that came after what QuickBooks was known to have.
    fn since(&self, posted: &Posted) -> impl Iterator<Item = &crate::people::Given> {
        self.revisions.iter().skip(usize::try_from(posted.revision).unwrap_or(usize::MAX))
    }

    fn is_void_in(&self, posted: &Posted) -> bool {
        self.revision(posted).is_some_and(|given| given.voided)
    }
}

/// Whether QuickBooks may have done what nobody has heard of yet.
fn is_in_doubt(state: &State) -> bool {
    matches!(
        state,
        State::Sending { .. } | State::Unconfirmed { .. } | State::NeedsAttention(Attention::Unconfirmed { .. })
    )
}

/// I7: the history is an unbroken chain with a line for each change, and tells who released what was sent, and which
/// revision that was.
fn check_history(handed: &Handed, view: &RecordView) {
    let name = &handed.external_id;
    let history: Vec<&HistoryLine> = view.history.iter().rev().collect();
    let mut status = None;
    let mut revision = 1;
    let mut is_released = false;
    let mut sent = Vec::new();
    for line in &history {
        assert_eq!(line.from_status, status, "I7: the history of {name} has a gap: {history:#?}");
        status = Some(line.to_status.clone());
        match line.event.as_str() {
            "mark_ready" | "retry" | "send_change" | "not_in_quickbooks" => is_released = true,
            "mark_unsent" | "exclude" => is_released = false,
            "revised" | "voided" => revision += 1,
            "enclosed" => {
                assert!(is_released, "I4: {name} was sent without anybody's word: {history:#?}");
                sent.push(revision);
            }
            _ => {}
        }
    }
    assert_eq!(status.as_deref(), Some(view.record.line.state.status().as_str()), "I7: {name}");
    assert_eq!(revision, handed.revisions.len(), "I7: the history of {name} lacks a revision");
    let by_people = history.iter().filter(|line| line.actor != "web_connector").count();
    assert_eq!(by_people, handed.deeds + 1, "I7: the history of {name} is not what people did: {history:#?}");
    assert_eq!(history.len(), usize::try_from(view.record.line.version).unwrap_or(0), "I7: {name}");
    let mut attempts: Vec<usize> = view.attempts.iter().map(|it| usize::try_from(it.revision).unwrap_or(0)).collect();
    attempts.sort_unstable();
    sent.sort_unstable();
    assert_eq!(attempts, sent, "I5: the attempts of {name} are not of the revisions that were released");
    let is_open = match &view.record.line.state {
        State::Sending { .. } | State::Unconfirmed { .. } => true,
        State::NeedsAttention(Attention::Unconfirmed { cause, .. }) => cause.code == "unconfirmed_unanswered",
        State::HeldBack
        | State::Unsent
        | State::ReadyToSync(_)
        | State::Submitted(_)
        | State::NeedsAttention(_)
        | State::Excluded { .. } => false,
    };
    let open = view.attempts.iter().filter(|attempt| attempt.settled_at.is_none()).count();
    assert_eq!(open, usize::from(is_open), "I7: {name} has attempts that nobody waits for");
    let errand_is_void = |errand: &Errand| matches!(errand, Errand::Void(_));
    if let State::ReadyToSync(errand) = &view.record.line.state {
        assert_eq!(errand_is_void(errand), handed.newest().voided, "I5: {name} would be sent as what it is not");
    }
}
