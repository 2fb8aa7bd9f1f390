//! People, their sessions in the browser, and the application's keys.

use bookferry_sync::id::{ApiKeyId, CompanyId, OrganizationId, PersonId};
use bookferry_sync::record::UnknownWord;
use jiff::Timestamp;

use crate::database::{Row, Transaction, values};
use crate::digest::MailEvery;
use crate::error::{Error, Result};
use crate::person_deeds::PersonDeedKind;
use crate::statement::statements;
use crate::store::Store;
use crate::submission::Actor;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Admin,
    Bookkeeper,
    Viewer,
}

#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    pub id: PersonId,
    pub organization_id: OrganizationId,
    /// `None` for somebody who sees all companies of the organization.
    pub company_id: Option<CompanyId>,
    /// Compared without regard to case.
    pub email: &'a str,
    pub role: Role,
    /// An Argon2 hash in its usual text form.
    pub password_hash: &'a str,
}

#[derive(Debug, Clone)]
pub struct Person {
    pub id: PersonId,
    pub organization_id: OrganizationId,
    pub company_id: Option<CompanyId>,
    pub email: String,
    pub role: Role,
    pub password_hash: String,
    /// How the person wants the pages to look, as JSON; not read here.
    pub layout: Option<String>,
    /// How often at most the person is told by e-mail what waits; `None` is never.
    pub mail_every: Option<MailEvery>,
    /// `None` for somebody who never has.
    pub last_sign_in_at: Option<Timestamp>,
    /// Whoever is disabled cannot sign in, and stays in the history under their name.
    pub disabled_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct WebSession {
    pub person: Person,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone)]
pub struct NewApiKey<'a> {
    pub id: ApiKeyId,
    pub company_id: CompanyId,
    /// SHA-256 of the generated key.
    pub hash: &'a [u8; 32],
    /// For people to tell keys apart; may be empty.
    pub name: &'a str,
    pub read_only: bool,
}

/// An API key as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyLine {
    pub id: ApiKeyId,
    pub name: String,
    pub read_only: bool,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub company_id: CompanyId,
    pub read_only: bool,
}

/// When a session or key was last used is written down at most this often.
const USED_INTERVAL_US: i64 = 600_000_000;

macro_rules! person_columns {
    () => {
        "person.id, person.organization_id, person.company_id, person.email, person.role, person.password_hash, \
         person.layout, person.mail_every, person.disabled_us, person.last_sign_in_us"
    };
}

statements! {
    INSERT_PERSON = both("person.insert",
        "INSERT INTO person (id, organization_id, company_id, email, role, password_hash, created_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7)");
    FIND_PERSON = both("person.find_by_email",
        concat!("SELECT ", person_columns!(), " FROM person WHERE email = $1"));
    COUNT_PEOPLE = both("person.count", "SELECT COUNT(*) AS people FROM person");
    SET_PERSON_PASSWORD = both("person.set_password", "UPDATE person SET password_hash = $2 WHERE id = $1");
    PEOPLE = both("person.of_organization",
        concat!("SELECT ", person_columns!(), " FROM person WHERE organization_id = $1 ORDER BY email"));
    SET_ROLE = both("person.set_role", "UPDATE person SET role = $3 WHERE id = $2 AND organization_id = $1");
    SET_DISABLED = both("person.set_disabled",
        "UPDATE person SET disabled_us = $3 WHERE id = $2 AND organization_id = $1");
    OTHER_ADMINS = both("person.other_admins",
        "SELECT COUNT(*) AS people FROM person
         WHERE organization_id = $1 AND id <> $2 AND role = 'admin' AND disabled_us IS NULL");
    /// Makes this transaction the only one that decides who administers the organization. The people are read by a
    /// statement of its own after it: PostgreSQL reads a row that it waited for anew, but not what else the statement reads.
    LOCK_ORGANIZATION = each("organization.lock",
        "SELECT id FROM organization WHERE id = $1",
        "SELECT id FROM organization WHERE id = $1 FOR NO KEY UPDATE");
    FIND_MEMBER = both("person.find_member",
        concat!("SELECT ", person_columns!(), " FROM person WHERE organization_id = $1 AND id = $2"));
    SET_LAST_SIGN_IN = both("person.set_last_sign_in", "UPDATE person SET last_sign_in_us = $2 WHERE id = $1");
    SET_MAIL_EVERY = both("person.set_mail_every", "UPDATE person SET mail_every = $2 WHERE id = $1");
    SET_LAYOUT = both("person.set_layout", "UPDATE person SET layout = $2 WHERE id = $1");
    INSERT_SESSION = both("web_session.insert",
        "INSERT INTO web_session (id_hash, person_id, created_us, last_used_us, expires_us)
         VALUES ($1, $2, $3, $3, $4)");
    FIND_SESSION = both("web_session.find",
        concat!("SELECT ", person_columns!(), ", web_session.created_us, last_used_us, expires_us
         FROM web_session JOIN person ON person.id = web_session.person_id
         WHERE id_hash = $1 AND expires_us > $2 AND person.disabled_us IS NULL"));
    TOUCH_SESSION = both("web_session.touch", "UPDATE web_session SET last_used_us = $2 WHERE id_hash = $1");
    DELETE_SESSION = both("web_session.delete", "DELETE FROM web_session WHERE id_hash = $1");
    DELETE_SESSIONS_OF = both("web_session.delete_of_person", "DELETE FROM web_session WHERE person_id = $1");
    DELETE_EXPIRED_SESSIONS = both("web_session.delete_expired", "DELETE FROM web_session WHERE expires_us <= $1");
    INSERT_KEY = both("api_key.insert",
        "INSERT INTO api_key (id, company_id, hash, name, read_only, created_us) VALUES ($1, $2, $3, $4, $5, $6)");
    KEYS = both("api_key.of_company",
        "SELECT id, name, read_only, created_us, last_used_us FROM api_key WHERE company_id = $1 ORDER BY created_us, id");
    FIND_KEY = both("api_key.find",
        "SELECT id, company_id, read_only, last_used_us FROM api_key WHERE hash = $1");
    TOUCH_KEY = both("api_key.touch", "UPDATE api_key SET last_used_us = $2 WHERE id = $1");
    DELETE_KEY = both("api_key.delete", "DELETE FROM api_key WHERE id = $1 AND company_id = $2");
}

impl Store {
    /// [`Error::Exists`] if the e-mail address is taken.
    pub async fn create_person(&self, new: &NewPerson<'_>, now: Timestamp) -> Result<()> {
        let values = values![
            new.id,
            new.organization_id,
            new.company_id,
            new.email.to_lowercase(),
            new.role.as_str(),
            new.password_hash,
            now,
        ];
        self.database.execute_one(&INSERT_PERSON, values).await
    }

    pub async fn person_by_email(&self, email: &str) -> Result<Option<Person>> {
        if email.contains('\0') {
            return Ok(None);
        }
        let row = self.database.row(&FIND_PERSON, values![email.to_lowercase()]).await?;
        row.map(|row| read_person(&row)).transpose()
    }

    pub async fn has_people(&self) -> Result<bool> {
        let row = self.database.row(&COUNT_PEOPLE, values![]).await?;
        Ok(row.map(|row| row.count("people")).transpose()?.unwrap_or(0) > 0)
    }

    /// Sets the password and ends all the person's sessions.
    pub async fn set_person_password(&self, person: PersonId, password_hash: &str) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.execute_exactly(1, &SET_PERSON_PASSWORD, values![person, password_hash]).await?;
        transaction.execute(&DELETE_SESSIONS_OF, values![person]).await?;
        transaction.commit("set_person_password").await
    }

    /// Everybody of the organization, those who are disabled too.
    pub async fn people(&self, organization: OrganizationId) -> Result<Vec<Person>> {
        self.database.rows(&PEOPLE, values![organization]).await?.iter().map(read_person).collect()
    }

    /// `false` if the organization would be left without an administrator; nothing is changed then.
    pub async fn set_role(
        &self,
        organization: OrganizationId,
        person: PersonId,
        role: Role,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        let before = transaction.lock_member(organization, person).await?;
        if role != Role::Admin && !transaction.has_other_admin(organization, person).await? {
            return Ok(false);
        }
        if role == before.role {
            return Ok(true);
        }
        transaction.execute_exactly(1, &SET_ROLE, values![organization, person, role.as_str()]).await?;
        transaction.note_person_deed(&before, PersonDeedKind::Role, role, &actor.who, now).await?;
        transaction.commit("person.set_role").await?;
        Ok(true)
    }

    /// Lets nobody sign in as this person any more and ends their sessions, or lets them in again. `false` if the
    /// organization would be left without an administrator; nothing is changed then.
    pub async fn set_disabled(
        &self,
        organization: OrganizationId,
        person: PersonId,
        is_disabled: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool> {
        let mut transaction = self.database.begin().await?;
        let before = transaction.lock_member(organization, person).await?;
        if is_disabled && !transaction.has_other_admin(organization, person).await? {
            return Ok(false);
        }
        if is_disabled == before.disabled_at.is_some() {
            return Ok(true);
        }
        let since = Some(now).filter(|_| is_disabled);
        transaction.execute_exactly(1, &SET_DISABLED, values![organization, person, since]).await?;
        if is_disabled {
            transaction.execute(&DELETE_SESSIONS_OF, values![person]).await?;
        }
        let kind = if is_disabled { PersonDeedKind::Disabled } else { PersonDeedKind::Enabled };
        transaction.note_person_deed(&before, kind, before.role, &actor.who, now).await?;
        transaction.commit("person.set_disabled").await?;
        Ok(true)
    }

    /// How often at most the person is told by e-mail what waits; `None` is never.
    pub async fn set_mail_every(&self, person: PersonId, every: Option<MailEvery>) -> Result<()> {
        self.database.execute_one(&SET_MAIL_EVERY, values![person, every.map(MailEvery::as_str)]).await
    }

    pub async fn set_layout(&self, person: PersonId, layout: &str) -> Result<()> {
        self.database.execute_one(&SET_LAYOUT, values![person, layout]).await
    }

    /// `id_hash` is SHA-256 of the cookie's 256-bit id. Expired sessions are swept out on the way.
    pub async fn create_web_session(
        &self,
        id_hash: &[u8; 32],
        person: PersonId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.execute(&DELETE_EXPIRED_SESSIONS, values![now]).await?;
        transaction.execute_exactly(1, &INSERT_SESSION, values![id_hash, person, now, expires_at]).await?;
        transaction.execute_exactly(1, &SET_LAST_SIGN_IN, values![person, now]).await?;
        transaction.commit("create_web_session").await
    }

    /// The session, unless it has expired.
    pub async fn web_session(&self, id_hash: &[u8; 32], now: Timestamp) -> Result<Option<WebSession>> {
        let Some(row) = self.database.row(&FIND_SESSION, values![id_hash, now]).await? else { return Ok(None) };
        Ok(Some(WebSession {
            person: read_person(&row)?,
            created_at: row.instant("created_us")?,
            last_used_at: row.instant("last_used_us")?,
            expires_at: row.instant("expires_us")?,
        }))
    }

    /// Notes every ten minutes that a person uses the session. What a page does by itself is no use.
    pub async fn note_session_used(&self, id_hash: &[u8; 32], last_used_at: Timestamp, now: Timestamp) -> Result<()> {
        if now.as_microsecond() - last_used_at.as_microsecond() > USED_INTERVAL_US {
            self.database.execute(&TOUCH_SESSION, values![id_hash, now]).await?;
        }
        Ok(())
    }

    /// Ends a session; one that is not there is ended already.
    pub async fn delete_web_session(&self, id_hash: &[u8; 32]) -> Result<()> {
        self.database.execute(&DELETE_SESSION, values![id_hash]).await.map(drop)
    }

    /// Stores the key together with its name: after a crash, a key that nobody saw can be told from the others and revoked.
    pub async fn create_api_key(&self, new: &NewApiKey<'_>, now: Timestamp) -> Result<()> {
        let NewApiKey { id, company_id, hash, name, read_only } = *new;
        self.database.execute_one(&INSERT_KEY, values![id, company_id, hash, name, read_only, now]).await
    }

    /// The key with its company; its use is noted every ten minutes.
    pub async fn api_key_by_hash(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<ApiKey>> {
        let Some(row) = self.database.row(&FIND_KEY, values![hash]).await? else { return Ok(None) };
        let key =
            ApiKey { id: row.parse("id")?, company_id: row.parse("company_id")?, read_only: row.flag("read_only")? };
        let last_used = row.optional_integer("last_used_us")?;
        if last_used.is_none_or(|last_used| now.as_microsecond() - last_used > USED_INTERVAL_US) {
            self.database.execute(&TOUCH_KEY, values![key.id, now]).await?;
        }
        Ok(Some(key))
    }

    /// The company's keys, oldest first.
    pub async fn api_keys(&self, company: CompanyId) -> Result<Vec<ApiKeyLine>> {
        let rows = self.database.rows(&KEYS, values![company]).await?;
        let lines = rows.iter().map(|row| {
            Ok(ApiKeyLine {
                id: row.parse("id")?,
                name: row.text("name")?,
                read_only: row.flag("read_only")?,
                created_at: row.instant("created_us")?,
                last_used_at: row.optional_instant("last_used_us")?,
            })
        });
        lines.collect()
    }

    /// Whether there was such a key.
    pub async fn delete_api_key(&self, company: CompanyId, key: ApiKeyId) -> Result<bool> {
        Ok(self.database.execute(&DELETE_KEY, values![key, company]).await? > 0)
    }
}

impl Transaction {
    async fn lock_member(&mut self, organization: OrganizationId, person: PersonId) -> Result<Person> {
        self.row(&LOCK_ORGANIZATION, values![organization]).await?;
        let row = self.row(&FIND_MEMBER, values![organization, person]).await?;
        let row = row.ok_or_else(|| Error::Missing { table: "person", row: person.to_string() })?;
        read_person(&row)
    }

    async fn has_other_admin(&mut self, organization: OrganizationId, but: PersonId) -> Result<bool> {
        let row = self.row(&OTHER_ADMINS, values![organization, but]).await?;
        Ok(row.map(|row| row.count("people")).transpose()?.unwrap_or(0) > 0)
    }
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Admin, Self::Bookkeeper, Self::Viewer];

    /// As stored and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Bookkeeper => "bookkeeper",
            Self::Viewer => "viewer",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|role| role.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

fn read_person(row: &Row) -> Result<Person> {
    let company: Option<String> = row.optional_text("company_id")?;
    Ok(Person {
        id: row.parse("id")?,
        organization_id: row.parse("organization_id")?,
        company_id: company
            .map(|id| id.parse())
            .transpose()
            .map_err(|error: uuid::Error| row.inconsistent("company_id", error))?,
        email: row.text("email")?,
        role: row.parse("role")?,
        password_hash: row.text("password_hash")?,
        layout: row.optional_text("layout")?,
        mail_every: row
            .optional_text("mail_every")?
            .map(|word| word.parse())
            .transpose()
            .map_err(|error: UnknownWord| row.inconsistent("mail_every", error))?,
        last_sign_in_at: row.optional_instant("last_sign_in_us")?,
        disabled_at: row.optional_instant("disabled_us")?,
    })
}
