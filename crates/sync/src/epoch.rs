//! After a restored backup QuickBooks may hold what the database has forgotten.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::record::Content;
use crate::submission::Errand;

/// The time since the database last went back: what was sent before it began may be unknown here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counts a company's epochs from 1; none has begun while nothing was ever restored.
    pub number: i64,
    pub started_at: Timestamp,
}

/// By how much the application's clock may differ from ours, and by how much longer a hand-over may have been on its way.
const CLOCKS_DIFFER_MAX: SignedDuration = SignedDuration::from_hours(24);

impl Epoch {
    /// Whether a record must be looked for in QuickBooks before it is added there: the application created it before the
    /// epoch began, or does not say when.
    pub fn may_have_forgotten(self, errand: &Errand, content: &Content) -> bool {
        let safe_from = self.started_at.checked_add(CLOCKS_DIFFER_MAX).unwrap_or(Timestamp::MAX);
        *errand == Errand::Add && content.created_at().is_none_or(|created_at| created_at < safe_from)
    }
}
