//! Digests: what people are told who do not look, by e-mail and by webhook. Each is written down before it is sent, and sent
//! once, whichever server does it.

use bookferry_sync::digest::Digest;
use bookferry_sync::id::{CompanyId, PersonId};
use bookferry_sync::notice::Notice;
use bookferry_sync::record::UnknownWord;
use jiff::Timestamp;

use crate::database::{Row, Transaction, values};
use crate::error::{Error, Result};
use crate::statement::statements;
use crate::store::Store;

/// How often at most a person gets a letter about what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailEvery {
    Hour,
    Day,
}

/// Somebody who is to be told something of a company, and was not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    pub company_id: CompanyId,
    /// A person's id; `None` for the company's webhooks.
    pub recipient: Option<PersonId>,
    /// Up to which line of the history it is told, or which notice.
    pub until_seq: i64,
    /// How long after a digest of what waits the next may come, in microseconds.
    period_us: i64,
}

/// A digest as a webhook carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldDigest {
    pub seq: i64,
    pub digest: Digest,
    pub made_at: Timestamp,
}

/// A letter that one server sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedLetter {
    pub seq: i64,
    pub company_id: CompanyId,
    pub company_name: String,
    pub epoch: i64,
    pub email: String,
    pub digest: Digest,
    /// How often it was tried, this time included.
    pub tries: i64,
}

macro_rules! audience {
    () => {
        "audience AS (
             SELECT c.id AS company_id, p.id AS recipient,
                 CASE p.mail_every WHEN 'hour' THEN 3600000000 ELSE 86400000000 END AS period_us
             FROM person AS p JOIN company AS c
                 ON c.organization_id = p.organization_id AND (p.company_id IS NULL OR p.company_id = c.id)
             WHERE p.mail_every IS NOT NULL AND p.disabled_us IS NULL AND $1 = 1
             UNION ALL
             SELECT DISTINCT w.company_id, '', 3600000000 FROM webhook AS w WHERE w.off_us IS NULL)"
    };
}

statements! {
    WAITING = both("digest.waiting",
        concat!("WITH ", audience!(), ",
         newest AS (
             SELECT q.company_id, (SELECT MAX(h.seq) FROM history AS h WHERE h.company_id = q.company_id
                 AND h.to_status = 'needs_attention' AND h.from_status <> 'needs_attention') AS until_seq
             FROM queue_count AS q WHERE q.status = 'needs_attention' AND q.record_count > 0 GROUP BY q.company_id)
         SELECT a.company_id, a.recipient, a.period_us, n.until_seq
         FROM audience AS a JOIN newest AS n ON n.company_id = a.company_id
         WHERE n.until_seq IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM digest AS d WHERE d.company_id = a.company_id AND d.recipient = a.recipient
                 AND d.kind = 'records_wait' AND (d.until_seq >= n.until_seq OR d.made_us > $2 - a.period_us))"));
    NOTICED = both("digest.noticed",
        concat!("WITH ", audience!(), "
         SELECT a.company_id, a.recipient, a.period_us, n.seq AS until_seq, n.detail
         FROM audience AS a JOIN notice AS n ON n.company_id = a.company_id
         WHERE n.kind IN ('other_books', 'connector_silent') AND n.closed_us IS NULL AND NOT EXISTS (
             SELECT 1 FROM digest AS d WHERE d.company_id = a.company_id AND d.recipient = a.recipient
                 AND d.kind = n.kind AND d.until_seq = n.seq)"));
    FIND_LATER = both("digest.find_later",
        "SELECT seq FROM digest WHERE company_id = $1 AND recipient = $2 AND kind = 'records_wait'
             AND (until_seq >= $3 OR made_us > $4) LIMIT 1");
    INSERT = both("digest.insert",
        "INSERT INTO digest (company_id, recipient, kind, until_seq, detail, made_us, state, due_us)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $6) ON CONFLICT (company_id, recipient, kind, until_seq) DO NOTHING");
    OF_WEBHOOKS = both("digest.of_webhooks",
        "SELECT seq, detail, made_us FROM digest WHERE company_id = $1 AND recipient = '' AND seq > $2
         ORDER BY seq LIMIT +$3");
    DUE = both("digest.due",
        "SELECT seq FROM digest WHERE state = 'due' AND due_us <= $1 ORDER BY due_us, seq LIMIT +$2");
    CLAIM = both("digest.claim",
        "UPDATE digest SET state = 'sending', due_us = $2, tries = tries + 1
         WHERE seq = $1 AND state = 'due' AND due_us <= $3");
    FIND_CLAIMED = both("digest.find_claimed",
        "SELECT d.seq, d.company_id, c.name, c.epoch, d.detail, d.tries,
             CASE WHEN p.disabled_us IS NULL AND p.mail_every IS NOT NULL THEN p.email END AS email
         FROM digest AS d JOIN company AS c ON c.id = d.company_id LEFT JOIN person AS p ON p.id = d.recipient
         WHERE d.seq = $1");
    SETTLE = both("digest.settle",
        "UPDATE digest SET state = $2, due_us = $3, trouble = $4 WHERE seq = $1 AND state = 'sending'");
    ABANDONED = both("digest.abandoned",
        "SELECT d.seq, d.company_id, p.email FROM digest AS d JOIN person AS p ON p.id = d.recipient
         WHERE d.state = 'sending' AND d.due_us <= $1 ORDER BY d.seq LIMIT +$2");
}

/// How many abandoned letters are given up at once.
const ABANDONED_MAX: i64 = 100;

impl Store {
    /// Who is to be told that records came to wait. People only where letters can be sent.
    pub async fn waiting_audiences(&self, sends_mail: bool, now: Timestamp) -> Result<Vec<Audience>> {
        let rows = self.database.rows(&WAITING, values![sends_mail, now]).await?;
        rows.iter().map(Audience::read).collect()
    }

    /// Who is to be told of a notice of other books, or of silence, that is open.
    pub async fn noticed_audiences(&self, sends_mail: bool) -> Result<Vec<(Audience, Notice)>> {
        let rows = self.database.rows(&NOTICED, values![sends_mail]).await?;
        let read = |row: &Row| {
            let notice =
                serde_json::from_str(&row.text("detail")?).map_err(|error| row.inconsistent("detail", error))?;
            Ok((Audience::read(row)?, notice))
        };
        rows.iter().map(read).collect()
    }

    /// Writes down what is told; from then on it is sent once. `false` if another server was faster, or the recipient was told
    /// a moment ago.
    pub async fn make_digest(&self, audience: &Audience, digest: &Digest, now: Timestamp) -> Result<bool> {
        let Audience { company_id, recipient, until_seq, period_us } = audience;
        let (recipient, state) = match recipient {
            Some(person) => (person.to_string(), "due"),
            None => (String::new(), "sent"),
        };
        let mut transaction = self.database.begin().await?;
        transaction.lock_company(*company_id).await?;
        if matches!(digest, Digest::RecordsWait { .. }) {
            let not_since = now.as_microsecond().saturating_sub(*period_us);
            let values = values![*company_id, recipient.as_str(), *until_seq, not_since];
            if transaction.row(&FIND_LATER, values).await?.is_some() {
                return Ok(false);
            }
        }
        let detail = serde_json::to_string(digest)?;
        let values = values![*company_id, recipient, digest.kind(), *until_seq, detail, now, state];
        let made = transaction.execute(&INSERT, values).await?;
        transaction.commit("digest.make").await?;
        Ok(made > 0)
    }

    /// The digests for the company's webhooks after that one, oldest first.
    pub async fn digests_after(&self, company: CompanyId, after: i64, limit: u32) -> Result<Vec<ToldDigest>> {
        let rows = self.database.rows(&OF_WEBHOOKS, values![company, after, i64::from(limit)]).await?;
        let read = |row: &Row| {
            Ok(ToldDigest { seq: row.integer("seq")?, digest: read_digest(row)?, made_at: row.instant("made_us")? })
        };
        rows.iter().map(read).collect()
    }

    pub async fn due_letters(&self, now: Timestamp, limit: u32) -> Result<Vec<i64>> {
        let rows = self.database.rows(&DUE, values![now, i64::from(limit)]).await?;
        rows.iter().map(|row| row.integer("seq")).collect()
    }

    /// Takes the letter for one server, which has until then to send it. `None` if another was faster, or the person wants no
    /// letters any more.
    pub async fn claim_letter(&self, seq: i64, until: Timestamp, now: Timestamp) -> Result<Option<ClaimedLetter>> {
        let mut transaction = self.database.begin().await?;
        if transaction.execute(&CLAIM, values![seq, until, now]).await? == 0 {
            return Ok(None);
        }
        let row = transaction.row(&FIND_CLAIMED, values![seq]).await?;
        let row = row.ok_or_else(|| Error::Missing { table: "digest", row: seq.to_string() })?;
        let letter = ClaimedLetter::read(&row)?;
        if letter.is_none() {
            let unwanted = Some("the person wants no letters any more");
            transaction.execute_exactly(1, &SETTLE, values![seq, "lost", now, unwanted]).await?;
        }
        transaction.commit("digest.claim").await?;
        Ok(letter)
    }

    /// The mail server has it.
    pub async fn note_letter_sent(&self, letter: &ClaimedLetter, now: Timestamp) -> Result<()> {
        let trouble: Option<&str> = None;
        self.database.execute(&SETTLE, values![letter.seq, "sent", now, trouble]).await.map(drop)
    }

    /// The mail server certainly does not have it, and is asked again later.
    pub async fn put_letter_off(&self, letter: &ClaimedLetter, until: Timestamp, trouble: &str) -> Result<()> {
        self.database.execute(&SETTLE, values![letter.seq, "due", until, Some(trouble)]).await.map(drop)
    }

    /// It is not sent again, and everybody at the company's pages is told.
    pub async fn give_letter_up(&self, letter: &ClaimedLetter, trouble: &str, now: Timestamp) -> Result<()> {
        let mut transaction = self.database.begin().await?;
        transaction.lose_letter((letter.seq, letter.company_id), &letter.email, trouble, now).await?;
        transaction.commit("digest.give_up").await
    }

    /// Letters whose server fell silent while it sent them: nobody knows whether they arrived. Answers how many.
    pub async fn give_abandoned_letters_up(&self, trouble: &str, now: Timestamp) -> Result<usize> {
        if self.database.row(&ABANDONED, values![now, 1_i64]).await?.is_none() {
            return Ok(0);
        }
        let mut transaction = self.database.begin().await?;
        let rows = transaction.rows(&ABANDONED, values![now, ABANDONED_MAX]).await?;
        for row in &rows {
            let letter = (row.integer("seq")?, row.parse("company_id")?);
            transaction.lose_letter(letter, &row.text("email")?, trouble, now).await?;
        }
        transaction.commit("digest.give_up").await?;
        Ok(rows.len())
    }
}

impl Transaction {
    async fn lose_letter(
        &mut self,
        (seq, company): (i64, CompanyId),
        email: &str,
        trouble: &str,
        now: Timestamp,
    ) -> Result<()> {
        if self.execute(&SETTLE, values![seq, "lost", now, Some(trouble)]).await? > 0 {
            let notice = Notice::MailLost { email: email.to_owned(), trouble: trouble.to_owned() };
            self.open_notice(company, &notice, now).await?;
        }
        Ok(())
    }
}

impl MailEvery {
    pub const ALL: [Self; 2] = [Self::Hour, Self::Day];

    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

impl std::str::FromStr for MailEvery {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|every| every.as_str() == word).ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl Audience {
    fn read(row: &Row) -> Result<Self> {
        let recipient = row.text("recipient")?;
        Ok(Self {
            company_id: row.parse("company_id")?,
            recipient: if recipient.is_empty() { None } else { Some(row.parse("recipient")?) },
            until_seq: row.integer("until_seq")?,
            period_us: row.integer("period_us")?,
        })
    }
}

impl ClaimedLetter {
    /// `None` where the person wants no letters any more.
    fn read(row: &Row) -> Result<Option<Self>> {
        let Some(email) = row.optional_text("email")? else { return Ok(None) };
        Ok(Some(Self {
            seq: row.integer("seq")?,
            company_id: row.parse("company_id")?,
            company_name: row.text("name")?,
            epoch: row.integer("epoch")?,
            email,
            digest: read_digest(row)?,
            tries: row.integer("tries")?,
        }))
    }
}

fn read_digest(row: &Row) -> Result<Digest> {
    serde_json::from_str(&row.text("detail")?).map_err(|error| row.inconsistent("detail", error))
}
