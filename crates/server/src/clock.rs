use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// Where the time comes from: the system, or a test that moves it by hand.
#[derive(Debug, Clone)]
pub enum Clock {
    System,
    /// Microseconds since 1970, shared with the test.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The present moment, in whole microseconds, as it is stored.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the server asks the system's clock")]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let now = Timestamp::now();
                Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
            }
            Self::Manual(micros) => {
                Timestamp::from_microsecond(micros.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }
}
