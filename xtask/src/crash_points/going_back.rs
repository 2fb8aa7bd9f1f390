//! The points that are passed when the database goes back to an earlier time, and in the visits after that.

use anyhow::Result;

use super::day;
use crate::chaos::company::Company;

/// Whether the point is one of these.
pub(super) fn is_about(point: &str) -> bool {
    ["restore", "search", "take_search"].contains(&operation(point))
}

/// Puts a backup of this moment back. Nothing is forgotten by that, and all the same everything is looked for in QuickBooks
/// before it is added there.
pub(super) fn strike(company: &mut Company<'_>, point: &str) -> Result<()> {
    let backup = company.installation.back_up()?;
    if operation(point) == "restore" {
        company.installation.die_at(point, &["restore", &backup, "--replace"])?;
        return company.installation.restore(&backup);
    }
    company.installation.restore(&backup)?;
    day::strike(company, point)
}

fn operation(point: &str) -> &str {
    point.rsplit_once('.').map_or(point, |(operation, _)| operation)
}
