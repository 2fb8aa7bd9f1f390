//! Slows down whoever guesses passwords, without locking anybody out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::SecretHash;

/// Failed sign-ins, by account and address. In this process only: each server slows down what reaches it.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
}

/// The account as a hash, so that an entry has the same size whatever was typed.
type Key = ([u8; 32], Option<IpAddr>);

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last_at: Timestamp,
}

/// Tries that cost nothing.
const FREE: u32 = 5;
const WAIT_DOUBLINGS_MAX: u32 = 8;
/// After this long without a try, earlier ones are forgotten.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_mins(15);
const ENTRIES_MAX: usize = 10_000;

impl Throttle {
    /// Counts a try before the password is looked at, so that many at the same time do not slip through. Otherwise says
    /// for how many seconds this account is not tried from this address.
    pub(super) fn begin(&self, email: &str, address: Option<IpAddr>, now: Timestamp) -> Result<(), i64> {
        let mut failures = self.lock();
        let key = key(email, address);
        let known = failures.get(&key).filter(|known| now.duration_since(known.last_at) < FORGOTTEN_AFTER);
        let count = known.map_or(0, |known| known.count);
        if let Some(known) = known {
            let waited = now.duration_since(known.last_at).as_secs();
            let wait = wait_after(known.count);
            if waited < wait {
                return Err(wait - waited);
            }
        }
        make_room(&mut failures, now);
        failures.insert(key, Failures { count: count.saturating_add(1), last_at: now });
        Ok(())
    }

    /// The password was right.
    pub(super) fn succeed(&self, email: &str, address: Option<IpAddr>) {
        self.lock().remove(&key(email, address));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(email: &str, address: Option<IpAddr>) -> Key {
    (SecretHash::of(&email.to_lowercase()).0, address)
}

/// Seconds: 1, 2, 4, … up to about four minutes.
fn wait_after(tries: u32) -> i64 {
    match tries.checked_sub(FREE) {
        None => 0,
        Some(over) => 2_i64.pow(over.min(WAIT_DOUBLINGS_MAX)),
    }
}

fn make_room(failures: &mut HashMap<Key, Failures>, now: Timestamp) {
    if failures.len() < ENTRIES_MAX {
        return;
    }
    failures.retain(|_, known| now.duration_since(known.last_at) < FORGOTTEN_AFTER);
    if failures.len() < ENTRIES_MAX {
        return;
    }
    let oldest = failures.iter().min_by_key(|(_, known)| known.last_at).map(|(key, _)| *key);
    if let Some(oldest) = oldest {
        failures.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::{ENTRIES_MAX, Throttle};
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn the_sixth_try_waits_and_each_one_after_waits_longer() {
        let throttle = Throttle::default();
        let mut now = Timestamp::UNIX_EPOCH;
        for _ in 0..5 {
            assert_eq!(throttle.begin("dana@ridgeline.example", None, now), Ok(()));
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 256] {
            assert_eq!(throttle.begin("Dana@ridgeline.example", None, now), Err(wait));
            now += SignedDuration::from_secs(wait);
            assert_eq!(throttle.begin("dana@ridgeline.example", None, now), Ok(()));
        }
        assert_eq!(throttle.begin("dana@ridgeline.example", Some([192, 0, 2, 7].into()), now), Ok(()));
        throttle.succeed("dana@ridgeline.example", None);
        assert_eq!(throttle.begin("dana@ridgeline.example", None, now), Ok(()));
    }

    #[test]
    fn a_flood_of_accounts_takes_a_bounded_memory() {
        let throttle = Throttle::default();
        for account in 0..ENTRIES_MAX + 10 {
            assert_eq!(throttle.begin(&account.to_string(), None, Timestamp::UNIX_EPOCH), Ok(()));
        }
        assert_eq!(throttle.lock().len(), ENTRIES_MAX);
    }
}
