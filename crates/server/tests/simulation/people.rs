//! The application that hands records over, and the people who release and mend them.

use bookferry_store::{Actor, BulkMove, HandOver, Outcome, PAGE_LIMIT_MAX, RecordFilter, RecordLine, Selection, Sort};
use bookferry_sync::id::{CompanyId, RecordId};
use bookferry_sync::mark::Mark;
use bookferry_sync::record::{Content, RecordKind};
use bookferry_sync::submission::{Attention, Errand, Event, Posted, State, Status};

use crate::content::{invoice, payment};
use crate::ledger::Ledger;
use crate::world::World;

/// A record as those remember it who handed it over and released it.
#[derive(Debug)]
pub(crate) struct Handed {
    pub(crate) id: RecordId,
    pub(crate) kind: RecordKind,
    pub(crate) external_id: String,
    pub(crate) number: u32,
    /// By which a document in QuickBooks is known to have been written for it.
    pub(crate) mark: String,
    /// Each revision, from the first on.
    pub(crate) revisions: Vec<Given>,
    /// Each change that somebody was told had happened, the first hand-over not counted.
    pub(crate) deeds: usize,
    /// Somebody released it at least once.
    pub(crate) was_released: bool,
    /// Somebody said whether QuickBooks has it.
    pub(crate) was_decided: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) content: Content,
    pub(crate) voided: bool,
}

impl World<'_> {
    /// Hands over `count` invoices and a payment for each.
    pub(crate) fn hand_over(&mut self, count: u32) {
        let first = u32::try_from(self.handed.len() / 2).unwrap_or(0) + 1;
        let new = (first..first + count).flat_map(|number| RecordKind::ALL.map(|kind| (kind, number)));
        let new: Vec<Handed> =
            new.map(|(kind, number)| Handed::new(self.company, kind, number, self.record_id())).collect();
        let slice: Vec<HandOver<'_>> = new
            .iter()
            .map(|handed| HandOver {
                id_if_new: handed.id,
                external_id: &handed.external_id,
                content: &handed.revisions[0].content,
            })
            .collect();
        let shop = shop();
        let taken = self.store().hand_over(self.company, &slice, &shop, self.server_now());
        self.block_on(taken).expect("taken in");
        self.handed.extend(new);
    }

    /// Marks everything ready that can be.
    pub(crate) fn release(&mut self) {
        self.move_all(Status::HeldBack, BulkMove::AddOlder);
        self.move_all(Status::Unsent, BulkMove::MarkReady);
    }

    /// Marks the invoices ready, and leaves the payments.
    pub(crate) fn release_invoices(&mut self) {
        for index in 0..self.handed.len() {
            if self.handed[index].kind == RecordKind::Invoice {
                self.bulk(index, BulkMove::MarkReady);
            }
        }
    }

    fn move_all(&mut self, from: Status, bulk: BulkMove) {
        let lines = self.lines();
        let meant: Vec<usize> = (0..lines.len()).filter(|&index| lines[index].state.status() == from).collect();
        if meant.is_empty() {
            return;
        }
        let ids = meant.iter().map(|&index| self.handed[index].id).collect();
        assert_eq!(self.move_records(ids, bulk), meant.len() as u64);
        meant.into_iter().for_each(|index| self.moved(index, bulk));
    }

    /// Somebody does something to one of the records, whatever state it is in.
    pub(crate) fn act(&mut self) {
        let index = self.choose(self.handed.len());
        match self.choose(16) {
            0 | 1 => self.revise(index),
            2 => self.void(index),
            3 => self.bulk(index, BulkMove::MarkUnsent),
            4 => self.bulk(index, BulkMove::Exclude),
            5 => self.bulk(index, BulkMove::Include),
            6 | 7 => self.bulk(index, BulkMove::Retry),
            8 => self.bulk(index, BulkMove::KeepQuickBooks),
            9 => self.bulk(index, BulkMove::SendChange),
            10 | 11 => self.decide(index),
            12 => self.type_by_hand(index),
            _ => self.bulk(index, BulkMove::MarkReady),
        }
    }

    /// The application changes one of the records, and somebody sends it as it is now.
    pub(crate) fn change(&mut self) {
        let index = self.choose(self.handed.len());
        match self.choose(4) {
            0 => self.void(index),
            _ => self.revise(index),
        }
        self.bulk(index, BulkMove::SendChange);
    }

    /// Does what each record in Needs Attention asks for, and releases the rest.
    pub(crate) fn mend(&mut self) {
        for (index, line) in self.lines().into_iter().enumerate() {
            match line.state {
                State::NeedsAttention(Attention::Unconfirmed { .. }) => self.decide(index),
                State::NeedsAttention(Attention::Error { errand: Errand::Mod(_), .. }) => {
                    self.bulk(index, BulkMove::KeepQuickBooks);
                }
                State::NeedsAttention(Attention::Error { .. }) => self.bulk(index, BulkMove::Retry),
                State::NeedsAttention(Attention::Updated { voided: true, .. }) => {
                    self.bulk(index, BulkMove::SendChange);
                }
                State::NeedsAttention(
                    Attention::Updated { .. } | Attention::Differs { .. } | Attention::Gone { .. },
                ) => {
                    self.bulk(index, BulkMove::KeepQuickBooks);
                }
                State::HeldBack
                | State::Unsent
                | State::ReadyToSync(_)
                | State::Sending { .. }
                | State::Unconfirmed { .. }
                | State::Submitted(_)
                | State::Excluded { .. } => {}
            }
        }
        self.release();
    }

    /// The records as the grid shows them now, in the order in which they were handed over.
    pub(crate) fn lines(&self) -> Vec<RecordLine> {
        let everything = RecordFilter::default();
        let mut lines = Vec::with_capacity(self.handed.len());
        let mut cursor = None;
        loop {
            let page =
                self.store().records(self.company, &everything, Sort::default(), cursor.as_ref(), PAGE_LIMIT_MAX);
            let page = self.block_on(page).expect("a page");
            lines.extend(page.lines);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        lines.sort_by_key(|line| line.seq);
        let ids = |line: &RecordLine| line.id;
        assert!(lines.iter().map(ids).eq(self.handed.iter().map(|handed| handed.id)), "I1: a record is lost");
        lines
    }

    fn revise(&mut self, index: usize) {
        let handed = &self.handed[index];
        let revision = u32::try_from(handed.revisions.len()).unwrap_or(0) + 1;
        let content = content(handed.kind, handed.number, revision);
        let slice = [HandOver { id_if_new: handed.id, external_id: &handed.external_id, content: &content }];
        let shop = shop();
        let taken = self.store().hand_over(self.company, &slice, &shop, self.server_now());
        let taken = self.block_on(taken).expect("taken in");
        assert_eq!(taken[0].outcome, Outcome::Changed);
        self.done(index);
        self.handed[index].revisions.push(Given { content, voided: false });
    }

    fn void(&mut self, index: usize) {
        let handed = &self.handed[index];
        let shop = shop();
        let voided = self.store().void(self.company, handed.kind, &handed.external_id, &shop, self.server_now());
        let voided = self.block_on(voided).expect("voided").expect("it is there");
        if voided.outcome == Outcome::Changed {
            self.done(index);
            let content = self.handed[index].newest().content.clone();
            self.handed[index].revisions.push(Given { content, voided: true });
        }
    }

    fn bulk(&mut self, index: usize, bulk: BulkMove) {
        if self.move_records(vec![self.handed[index].id], bulk) == 1 {
            self.moved(index, bulk);
        }
    }

    fn move_records(&self, ids: Vec<RecordId>, bulk: BulkMove) -> u64 {
        let (selection, anna) = (Selection::Ids(ids), bookkeeper());
        let moved = self.store().move_records(self.company, &selection, bulk, &anna, self.server_now());
        self.block_on(moved).expect("moved, or left as it was")
    }

    fn moved(&mut self, index: usize, bulk: BulkMove) {
        self.done(index);
        self.handed[index].was_released |= bulk == BulkMove::MarkReady;
    }

    /// The bookkeeper looks whether QuickBooks has it, and says so.
    fn decide(&mut self, index: usize) {
        let handed = &self.handed[index];
        let found = self.store().record_by_external_id(self.company, handed.kind, &handed.external_id);
        let found = self.block_on(found).expect("a record").expect("what was handed over is there");
        let State::NeedsAttention(Attention::Unconfirmed { errand, .. }) = found.line.state else { return };
        let ledger = Ledger::read(&self.file, self.now());
        let handed = &self.handed[index];
        let document = match &errand {
            Errand::Add => ledger.marked(&handed.mark).next().or_else(|| ledger.alike(&handed.revisions[0].content)),
            // A void is done where nothing is left of the document.
            Errand::Mod(posted) | Errand::Void(posted) => ledger.document(&posted.txn_id),
        };
        let posted = |document: &crate::ledger::Document| Posted {
            txn_id: document.txn_id.clone(),
            edit_sequence: document.edit_sequence.clone(),
            revision: i64::try_from(handed.revisions.len()).unwrap_or(1),
        };
        let event = match (errand, document) {
            (Errand::Add, Some(document)) => Event::AlreadyInQuickBooks(posted(document)),
            (Errand::Mod(_) | Errand::Void(_), Some(document)) if document.total_e5 == 0 => {
                Event::AlreadyInQuickBooks(posted(document))
            }
            (Errand::Mod(it) | Errand::Void(it), None) => Event::AlreadyInQuickBooks(it),
            (Errand::Add, None) | (Errand::Mod(_) | Errand::Void(_), Some(_)) => Event::NotInQuickBooks,
        };
        let anna = bookkeeper();
        let applied = self.store().apply_event(self.company, handed.id, event, None, &anna, self.server_now());
        self.block_on(applied).expect("a person's word counts");
        self.done(index);
        self.handed[index].was_decided = true;
    }

    fn done(&mut self, index: usize) {
        self.handed[index].deeds += 1;
        self.counters.deeds += 1;
    }
}

impl Handed {
    fn new(company: CompanyId, kind: RecordKind, number: u32, id: RecordId) -> Self {
        let external_id = match kind {
            RecordKind::Invoice => format!("inv-{number}"),
            RecordKind::Payment => format!("pay-{number}"),
        };
        let mark = Mark::of(company, kind, &external_id).to_string();
        let revisions = vec![Given { content: content(kind, number, 1), voided: false }];
        Self { id, kind, external_id, number, mark, revisions, deeds: 0, was_released: false, was_decided: false }
    }

    pub(crate) fn newest(&self) -> &Given {
        self.revisions.last().expect("a first revision at least")
    }
}

fn content(kind: RecordKind, number: u32, revision: u32) -> Content {
    match kind {
        RecordKind::Invoice => invoice(number, revision),
        RecordKind::Payment => payment(number, revision),
    }
}

fn shop() -> Actor {
    Actor::new("shop", "api")
}

fn bookkeeper() -> Actor {
    Actor::new("anna@ridgeline.example", "sync_manager")
}
