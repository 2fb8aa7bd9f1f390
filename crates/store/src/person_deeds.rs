//! What administrators changed about people: written with the change, and kept.

use bookferry_sync::id::{OrganizationId, PersonId};
use jiff::Timestamp;

use crate::database::{Transaction, values};
use crate::error::Result;
use crate::people::{Person, Role};
use crate::statement::statements;
use crate::store::Store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonDeedKind {
    Role,
    Disabled,
    Enabled,
}

/// One change. The roles are the same where the change was not about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDeed {
    pub at: Timestamp,
    /// The e-mail address of who did it.
    pub actor: String,
    pub person_id: PersonId,
    /// Of whom it was done to.
    pub email: String,
    pub kind: PersonDeedKind,
    pub from_role: Role,
    pub to_role: Role,
}

statements! {
    INSERT = both("person_deed.insert",
        "INSERT INTO person_deed (organization_id, person_id, email, at_us, actor, deed, from_role, to_role)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    NEWEST = both("person_deed.newest",
        "SELECT at_us, actor, person_id, email, deed, from_role, to_role FROM person_deed
         WHERE organization_id = $1 AND at_us >= $2 AND at_us < $3 ORDER BY at_us DESC, seq DESC LIMIT +$4");
}

impl Store {
    /// The newest changes in a span of time, newest first.
    pub async fn person_deeds(
        &self,
        organization: OrganizationId,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<PersonDeed>> {
        let (from, before) = (from.unwrap_or(Timestamp::MIN), before.unwrap_or(Timestamp::MAX));
        let rows = self.database.rows(&NEWEST, values![organization, from, before, i64::from(limit)]).await?;
        let deeds = rows.iter().map(|row| {
            Ok(PersonDeed {
                at: row.instant("at_us")?,
                actor: row.text("actor")?,
                person_id: row.parse("person_id")?,
                email: row.text("email")?,
                kind: row.parse("deed")?,
                from_role: row.parse("from_role")?,
                to_role: row.parse("to_role")?,
            })
        });
        deeds.collect()
    }
}

impl Transaction {
    pub(crate) async fn note_person_deed(
        &mut self,
        person: &Person,
        kind: PersonDeedKind,
        to_role: Role,
        actor: &str,
        now: Timestamp,
    ) -> Result<()> {
        let values = values![
            person.organization_id,
            person.id,
            &person.email,
            now,
            actor,
            kind.as_str(),
            person.role.as_str(),
            to_role.as_str(),
        ];
        self.execute_exactly(1, &INSERT, values).await
    }
}

impl PersonDeedKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
        }
    }
}

impl std::str::FromStr for PersonDeedKind {
    type Err = bookferry_sync::record::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let all = [Self::Role, Self::Disabled, Self::Enabled];
        all.into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| bookferry_sync::record::UnknownWord(word.to_owned()))
    }
}
