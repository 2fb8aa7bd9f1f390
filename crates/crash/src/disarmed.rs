//! What is shipped: nothing.

/// Does nothing here; armed, the process may die before this commit.
#[inline]
pub const fn before_commit(_: &str) {}

/// Does nothing here; armed, the process may die after this commit.
#[inline]
pub const fn after_commit(_: &str) {}

/// Does nothing here; armed, the process may die before this reply, or after it.
#[inline]
pub const fn before_reply(_: &str) {}

/// Does nothing here; armed, this is the end of a process that was to die after its last reply.
#[inline]
pub const fn request_arrives() {}

/// Always false here; armed, SQLite can be told to commit without waiting for the disk.
#[inline]
pub const fn is_unsynced() -> bool {
    false
}
