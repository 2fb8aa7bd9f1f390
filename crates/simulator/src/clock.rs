use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Where a simulation takes its time from. Rehearsals run on a [`WallClock`], tests on a [`VirtualClock`].
pub trait Clock {
    fn now(&self) -> Timestamp;
    /// Lets `span` pass, or less if somebody wants the simulation to end.
    fn pause(&mut self, span: Duration) -> Pause;
}

/// How a pause ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    Over,
    /// Somebody wants the simulation to end.
    Interrupted,
}

/// The time of this machine. Pauses end soon after `stop` is set.
#[derive(Debug)]
pub struct WallClock {
    stop: Arc<AtomicBool>,
}

/// How long a pause goes without a look at `stop`: a flag set by a signal handler can wake nobody by itself.
const PAUSE_SLICE: Duration = Duration::from_millis(50);

impl WallClock {
    pub const fn new(stop: Arc<AtomicBool>) -> Self {
        Self { stop }
    }
}

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock at the edge")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock at the edge")]
    fn pause(&mut self, span: Duration) -> Pause {
        let end = Instant::now() + span;
        let (lock, bell) = (Mutex::new(()), Condvar::new());
        let mut held = lock.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Pause::Interrupted;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Pause::Over;
            }
            held = match bell.wait_timeout(held, left.min(PAUSE_SLICE)) {
                Ok((guard, _)) => guard,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}

/// A time that only moves when it is told to; a pause is over at once and moves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VirtualClock {
    now: Timestamp,
}

impl VirtualClock {
    pub const fn at(now: Timestamp) -> Self {
        Self { now }
    }

    pub fn advance(&mut self, span: Duration) {
        self.now = self.now.saturating_add(span).unwrap_or(Timestamp::MAX);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn pause(&mut self, span: Duration) -> Pause {
        self.advance(span);
        Pause::Over
    }
}
