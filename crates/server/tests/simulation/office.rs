use bookferry_qbwc::{Call, Operation, Reply};
use bookferry_simulator::fault::Faults;
use bookferry_simulator::web_connector::{HttpAnswer, Step, Transport, TransportError, Visit, VisitReport};

use crate::ledger::Ledger;
use crate::world::World;

/// A Web Connector at its desk, which goes one step at a time.
#[derive(Debug)]
pub(crate) struct Office {
    pub(crate) faults: Faults,
    visit: Option<Visit>,
    held_up: HeldUp,
    /// Whether the server has handed out a message set in this visit.
    has_asked: bool,
    /// Whether a change stands in what it handed out last.
    has_change: bool,
}

/// What the network holds up.
#[derive(Debug)]
enum HeldUp {
    Nothing,
    Call(Call),
    Reply(Call, Result<HttpAnswer, TransportError>),
}

/// Requests that change what is there.
const CHANGES: [&str; 4] = ["<InvoiceModRq", "<ReceivePaymentModRq", "<TxnVoidRq", "<TxnDelRq"];

/// Many times what any visit of these worlds takes.
const STEPS_MAX: u32 = 1_000;

/// A visit that is over.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) report: VisitReport,
    pub(crate) has_asked: bool,
}

impl Office {
    pub(crate) const fn new(faults: Faults) -> Self {
        Self { faults, visit: None, held_up: HeldUp::Nothing, has_asked: false, has_change: false }
    }

    pub(crate) const fn is_visiting(&self) -> bool {
        self.visit.is_some()
    }

    pub(crate) fn begin(&mut self, world: &World<'_>) {
        self.visit = Some(Visit::begin(world.connector.clone(), world.now()));
        self.has_asked = false;
    }

    /// One step of the visit: a call leaves, or arrives, or its reply does.
    pub(crate) fn step(&mut self, world: &mut World<'_>) -> Option<Finished> {
        let visit = self.visit.as_mut()?;
        match std::mem::replace(&mut self.held_up, HeldUp::Nothing) {
            HeldUp::Call(call) => {
                let reply = world.deliver(&call);
                self.receive(world, call, reply);
                return None;
            }
            HeldUp::Reply(call, reply) => {
                self.take(world, &call, reply);
                return None;
            }
            HeldUp::Nothing => {}
        }
        if visit.is_about_to_execute() && self.has_change {
            return self.execute_change(world);
        }
        let now = world.now();
        match visit.step(&mut world.file, &mut self.faults, now) {
            Step::Get { url } => visit.fetched(world.get(&url)),
            Step::Post(call) if world.happens("delayed", world.network.hazards.delayed) => {
                self.held_up = HeldUp::Call(call);
            }
            Step::Post(call) => {
                let reply = world.deliver(&call);
                self.receive(world, call, reply);
            }
            Step::Pause(span) => world.pass(span),
            Step::Over => return self.finish(),
        }
        None
    }

    /// QuickBooks gets a set with a change in it, unless the office's machine dies before, or just after.
    fn execute_change(&mut self, world: &mut World<'_>) -> Option<Finished> {
        self.has_change = false;
        if world.happens("lost-change-before", world.network.hazards.lost_change) {
            self.die(world);
            return None;
        }
        let before = Ledger::read(&world.file, world.now());
        let finished = self.step(world);
        world.check_changes(&before);
        if world.happens("lost-change-after", world.network.hazards.lost_change) {
            self.die(world);
            return None;
        }
        finished
    }

    fn die(&mut self, world: &mut World<'_>) {
        (self.visit, self.held_up) = (None, HeldUp::Nothing);
        world.forget_message_sets();
    }

    /// Goes on until the visit is about to sign in; nothing before changes anything.
    pub(crate) fn go_to_authenticate(&mut self, world: &mut World<'_>) {
        const STEPS_BEFORE: usize = 3;
        for _ in 0..STEPS_BEFORE {
            self.step(world);
        }
    }

    /// Goes on until the visit is over.
    pub(crate) fn finish_visit(&mut self, world: &mut World<'_>) -> Option<Finished> {
        for _ in 0..STEPS_MAX {
            if !self.is_visiting() {
                return None;
            }
            if let Some(finished) = self.step(world) {
                return Some(finished);
            }
        }
        // What is wrong in the books by now says more than that it goes on for ever.
        world.check();
        panic!("a visit does not end");
    }

    fn receive(&mut self, world: &mut World<'_>, call: Call, reply: Result<HttpAnswer, TransportError>) {
        if world.happens("delayed-reply", world.network.hazards.delayed) {
            self.held_up = HeldUp::Reply(call, reply);
        } else {
            self.take(world, &call, reply);
        }
    }

    fn take(&mut self, world: &mut World<'_>, call: &Call, reply: Result<HttpAnswer, TransportError>) {
        if let (Operation::SendRequestXml, Ok(answer)) = (call.operation(), &reply) {
            let text = String::from_utf8_lossy(&answer.body);
            if let Ok(Reply::SendRequestXml(qbxml)) = Reply::decode(Operation::SendRequestXml, &text) {
                self.has_asked |= !qbxml.is_empty();
                self.has_change = CHANGES.iter().any(|change| qbxml.contains(change));
            }
        }
        if let Some(visit) = &mut self.visit {
            let now = world.now();
            visit.answered(reply, &mut world.file, &mut self.faults, now);
        }
    }

    fn finish(&mut self) -> Option<Finished> {
        let report = self.visit.take()?.into_report();
        Some(Finished { report, has_asked: self.has_asked })
    }
}
