//! What people changed about a company itself: written with the change, and kept.

use bookferry_sync::id::CompanyId;
use jiff::Timestamp;

use crate::database::{Transaction, values};
use crate::error::Result;
use crate::statement::statements;
use crate::store::Store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompanyDeedKind {
    Added,
    SyncEnabled,
    Settings,
    /// A new password for the Web Connector.
    Password,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyDeed {
    pub at: Timestamp,
    /// The e-mail address of who did it, or from where the command was given.
    pub actor: String,
    pub kind: CompanyDeedKind,
    /// Of the settings, what they were and became; else empty.
    pub detail: String,
}

statements! {
    INSERT = both("company_deed.insert",
        "INSERT INTO company_deed (company_id, at_us, actor, deed, detail) VALUES ($1, $2, $3, $4, $5)");
    NEWEST = both("company_deed.newest",
        "SELECT at_us, actor, deed, detail FROM company_deed
         WHERE company_id = $1 AND at_us >= $2 AND at_us < $3 ORDER BY at_us DESC, seq DESC LIMIT +$4");
}

impl Store {
    /// The newest changes in a span of time, newest first.
    pub async fn company_deeds(
        &self,
        company: CompanyId,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<CompanyDeed>> {
        let (from, before) = (from.unwrap_or(Timestamp::MIN), before.unwrap_or(Timestamp::MAX));
        let rows = self.database.rows(&NEWEST, values![company, from, before, i64::from(limit)]).await?;
        let deeds = rows.iter().map(|row| {
            Ok(CompanyDeed {
                at: row.instant("at_us")?,
                actor: row.text("actor")?,
                kind: row.parse("deed")?,
                detail: row.text("detail")?,
            })
        });
        deeds.collect()
    }
}

impl Transaction {
    pub(crate) async fn note_company_deed(
        &mut self,
        company: CompanyId,
        kind: CompanyDeedKind,
        detail: &str,
        actor: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.execute_exactly(1, &INSERT, values![company, now, actor, kind.as_str(), detail]).await
    }
}

impl CompanyDeedKind {
    const ALL: [Self; 4] = [Self::Added, Self::SyncEnabled, Self::Settings, Self::Password];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::SyncEnabled => "sync_enabled",
            Self::Settings => "settings",
            Self::Password => "password",
        }
    }
}

impl std::str::FromStr for CompanyDeedKind {
    type Err = bookferry_sync::record::UnknownWord;

    fn from_str(word: &str) -> std::result::Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.ok_or_else(|| bookferry_sync::record::UnknownWord(word.to_owned()))
    }
}
