//! What a test is built with: one point at which the process aborts.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::{Moment, NOT_STRUCK, names};

/// The point to die at, and how often it may be passed before.
struct Armed {
    name: String,
    passes_left: AtomicU32,
}

static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
static IS_REPLY_UNDER_WAY: AtomicBool = AtomicBool::new(false);

const POINT: &str = "BOOKFERRY_CRASH_POINT";
const UNSYNCED: &str = "BOOKFERRY_CRASH_UNSYNCED";

/// Dies here if this is the armed point.
pub fn before_commit(operation: &str) {
    if is_here(operation, Moment::BeforeCommit) {
        die();
    }
}

/// Dies here if this is the armed point.
pub fn after_commit(operation: &str) {
    if is_here(operation, Moment::AfterCommit) {
        die();
    }
}

/// Dies here if this is the armed point, and when the next request arrives if the point is after this reply.
pub fn before_reply(operation: &str) {
    if is_here(operation, Moment::BeforeReply) {
        die();
    }
    if is_here(operation, Moment::AfterReply) {
        IS_REPLY_UNDER_WAY.store(true, Ordering::SeqCst);
    }
}

/// Dies if the process was to die after the reply before this request.
pub fn request_arrives() {
    if IS_REPLY_UNDER_WAY.load(Ordering::SeqCst) {
        die();
    }
}

/// Whether SQLite commits without waiting for the disk: the negative control of the power cuts.
pub fn is_unsynced() -> bool {
    environment(UNSYNCED).is_some()
}

fn is_here(operation: &str, moment: Moment) -> bool {
    let Some(armed) = ARMED.get_or_init(read) else { return false };
    let name = format!("{operation}.{}", moment.name());
    if NOT_STRUCK.contains(&operation) {
        return false;
    }
    assert_listed(&name);
    name == armed.name && armed.passes_left.fetch_sub(1, Ordering::SeqCst) == 0
}

/// A point that is not listed would never be struck, and nobody would notice.
fn assert_listed(name: &str) {
    if !names().any(|listed| listed == name) {
        eprintln!("{name} is not in the list of crash points");
        std::process::abort();
    }
}

fn die() -> ! {
    eprintln!("{DIES_HERE}");
    std::process::abort();
}

/// What is printed at the armed point, so that no other end is mistaken for it.
const DIES_HERE: &str = "The crash point is reached.";

fn read() -> Option<Armed> {
    let value = environment(POINT)?;
    let (name, nth) = match value.split_once(':') {
        Some((name, nth)) => (name, nth.parse().unwrap_or(1)),
        None => (value.as_str(), 1),
    };
    assert_listed(name);
    Some(Armed { name: name.to_owned(), passes_left: AtomicU32::new(u32::saturating_sub(nth, 1)) })
}

#[expect(clippy::disallowed_methods, reason = "a test arms the real binary, whose command line must not know of it")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
