//! The time zone a company lives in, by its name in the IANA database, which comes with the program: the same on every
//! machine.

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// Such as `America/New_York`; `UTC` unless the company chooses otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ZoneName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no time zone \u{201c}{given}\u{201d}; give a name of the IANA database, such as America/New_York, \
     Europe/London or UTC"
)]
pub struct UnknownZone {
    given: String,
}

impl ZoneName {
    /// Every name there is, in alphabetical order.
    pub fn all() -> Vec<String> {
        let mut names: Vec<String> =
            TimeZoneDatabase::bundled().available().map(|name| name.as_str().to_owned()).collect();
        names.sort_unstable();
        names
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its rules. A name that this version of the database has lost counts as UTC.
    pub fn rules(&self) -> TimeZone {
        TimeZoneDatabase::bundled().get(&self.0).unwrap_or(TimeZone::UTC)
    }

    /// What the clock on the wall shows at that instant: `18:00`, or `Mon 18:00` where that is not today.
    pub fn wall_clock(&self, at: Timestamp, now: Timestamp) -> String {
        let rules = self.rules();
        let local = rules.to_datetime(at);
        let is_today = local.date() == rules.to_datetime(now).date();
        local.strftime(if is_today { "%H:%M" } else { "%a %H:%M" }).to_string()
    }
}

impl Default for ZoneName {
    fn default() -> Self {
        Self("UTC".to_owned())
    }
}

impl std::fmt::Display for ZoneName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Takes a name in any case, and keeps it as the database writes it.
impl std::str::FromStr for ZoneName {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        let unknown = || UnknownZone { given: text.trim().to_owned() };
        let zone = TimeZoneDatabase::bundled().get(text.trim()).map_err(|_| unknown())?;
        zone.iana_name().map(|name| Self(name.to_owned())).ok_or_else(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::ZoneName;

    #[test]
    fn names_are_taken_in_any_case_and_kept_as_the_database_writes_them() {
        for (given, kept) in [("america/new_york", "America/New_York"), (" utc ", "UTC"), ("US/Eastern", "US/Eastern")]
        {
            assert_eq!(given.parse::<ZoneName>().map(|zone| zone.to_string()).as_deref(), Ok(kept));
        }
        let error = "New York".parse::<ZoneName>().expect_err("no name of the database");
        assert!(error.to_string().contains("“New York”") && error.to_string().contains("America/New_York"), "{error}");
        assert!(ZoneName::all().len() > 300);
    }
}
